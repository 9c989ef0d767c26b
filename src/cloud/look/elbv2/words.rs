//! Actions and conditions by the names that the calls have for them.

use super::super::sorted;
use crate::cloud::edge::text;
use aws_sdk_elasticloadbalancingv2::types::{Action, Rule, RuleCondition};
use serde_json::{Value, json};

pub fn actions(actions: &[Action]) -> Value {
    actions.iter().map(action).collect()
}

fn action(action: &Action) -> Value {
    let mut is = json!({ "Type": text(action.r#type().map(|kind| kind.as_str())) });
    if let Some(arn) = target(action) {
        is["TargetGroupArn"] = json!(text(Some(arn)));
    }
    if let Some(config) = action.redirect_config() {
        is["RedirectConfig"] = json!({
            "Protocol": text(config.protocol()),
            "Port": text(config.port()),
            "Host": text(config.host()),
            "Path": text(config.path()),
            "Query": text(config.query()),
            "StatusCode": text(config.status_code().map(|code| code.as_str())),
        });
    }
    if let Some(config) = action.fixed_response_config() {
        is["FixedResponseConfig"] = json!({
            "StatusCode": text(config.status_code()),
            "ContentType": text(config.content_type()),
            "MessageBody": text(config.message_body()),
        });
    }
    is
}

/// The one group that all requests go to, however it was written.
fn target(action: &Action) -> Option<&str> {
    let only = || match action.forward_config()?.target_groups() {
        [one] => one.target_group_arn(),
        _ => None,
    };
    action.target_group_arn().or_else(only)
}

pub fn conditions(conditions: &[RuleCondition]) -> Value {
    conditions.iter().map(condition).collect()
}

fn condition(condition: &RuleCondition) -> Value {
    let mut is = json!({ "Field": text(condition.field()) });
    let values = sorted(path_values(condition));
    if !values.is_empty() {
        is["PathPatternConfig"] = json!({ "Values": values });
    }
    is
}

/// The paths that a rule is for.
pub fn paths(rule: &Rule) -> impl Iterator<Item = &str> {
    rule.conditions().iter().flat_map(path_values)
}

/// AWS tells paths in the old member, in the new one or in both.
fn path_values(condition: &RuleCondition) -> Vec<&str> {
    if condition.field() != Some("path-pattern") {
        return vec![];
    }
    let told = condition.path_pattern_config().map(|config| config.values()).filter(|values| !values.is_empty());
    told.unwrap_or(condition.values()).iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{ActionTypeEnum, ForwardActionConfig, TargetGroupTuple};

    fn forward(groups: &[&str]) -> Action {
        let tuple = |arn: &&str| TargetGroupTuple::builder().target_group_arn(*arn).build();
        let config = ForwardActionConfig::builder().set_target_groups(Some(groups.iter().map(tuple).collect())).build();
        Action::builder().r#type(ActionTypeEnum::Forward).forward_config(config).build()
    }

    #[test]
    fn a_forward_to_one_group_is_the_same_however_it_is_told() {
        assert_eq!(actions(&[forward(&["arn:a"])]), json!([{ "Type": "forward", "TargetGroupArn": "arn:a" }]));
        assert_eq!(actions(&[forward(&["arn:a", "arn:b"])]), json!([{ "Type": "forward" }]));
    }

    #[test]
    fn a_condition_that_is_not_on_a_path_still_counts() {
        let host = RuleCondition::builder().field("host-header").values("example.com").build();
        assert_eq!(conditions(&[host]), json!([{ "Field": "host-header" }]));
    }
}
