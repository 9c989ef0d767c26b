//! A rule, by its path.

use super::words::{actions, conditions, paths};
use super::{listeners, on_port, tags};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::elbv2::rules;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::types::Rule;
use serde_json::json;

/// The rule for `path` on the listener at `port` of the load balancer called `balancer`; where there are two,
/// the one that counts. It gives `arn`.
///
/// # Errors
/// As the calls end.
pub async fn rule(aws: &Aws, region: &str, balancer: &str, port: u16, path: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let listeners = listeners(client, balancer).await?;
    let Some(listener) = on_port(&listeners, port) else { return Ok(Seen::absent()) };
    let rules = rules(client, listener.listener_arn().unwrap_or_default()).await?;
    let Some(found) = first(&rules, path) else { return Ok(Seen::absent()) };
    let tags = tags(client, found.rule_arn().unwrap_or_default()).await?;
    Ok(seen(found).tagged(tags))
}

fn first<'a>(rules: &'a [Rule], path: &str) -> Option<&'a Rule> {
    let place = |rule: &&Rule| rule.priority().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
    rules.iter().filter(|rule| paths(rule).any(|one| one == path)).min_by_key(place)
}

fn seen(found: &Rule) -> Seen {
    let is = json!({
        "Priority": found.priority().and_then(|text| text.parse::<u32>().ok()),
        "Conditions": conditions(found.conditions()),
        "Actions": actions(found.actions()),
    });
    Seen::there("", is).giving("arn", text(found.rule_arn()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{PathPatternConditionConfig, RuleCondition};

    fn rule(priority: &str, path: &str) -> Rule {
        let config = PathPatternConditionConfig::builder().values(path).build();
        let condition = RuleCondition::builder().field("path-pattern").path_pattern_config(config).build();
        Rule::builder().rule_arn(format!("arn:{priority}")).priority(priority).conditions(condition).build()
    }

    #[test]
    fn the_rule_that_counts_is_the_one_that_is_tried_first() {
        let rules = [rule("30", "/a"), rule("4", "/a"), rule("1", "/b"), Rule::builder().priority("default").build()];
        assert_eq!(first(&rules, "/a").and_then(|rule| rule.rule_arn()), Some("arn:4"));
        assert_eq!(first(&rules, "/c"), None);
        let is = seen(&rules[1]).is;
        assert_eq!(is["Conditions"], json!([{ "Field": "path-pattern", "PathPatternConfig": { "Values": ["/a"] } }]));
        assert_eq!(is["Priority"], 4);
    }
}
