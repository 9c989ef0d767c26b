//! Elastic Load Balancing: targets, and the switches on a listener.

use super::Aws;
use super::edge::{some_text, text};
use super::error::call_error;
use crate::model::outcome::CallError;
use crate::model::snapshot::{SwitchPosition, SwitchView, TargetView};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Rule, TargetHealthDescription};
use std::collections::BTreeMap;

/// What the paths of switches begin with.
const SWITCH_PATH: &str = "/.tandem/switch/";
/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;

/// Every target of the group, in order of address and port.
pub async fn targets(aws: &Aws, region: &str, target_group_arn: &str) -> Result<Vec<TargetView>, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let answer = client.describe_target_health().target_group_arn(target_group_arn).send().await.map_err(call_error)?;
    let mut targets: Vec<TargetView> = answer.target_health_descriptions().iter().map(target_view).collect();
    targets.sort_by(|one, other| (&one.id, one.port).cmp(&(&other.id, other.port)));
    Ok(targets)
}

fn target_view(description: &TargetHealthDescription) -> TargetView {
    let (target, health) = (description.target(), description.target_health());
    TargetView {
        id: text(target.and_then(|target| target.id())),
        port: target.and_then(|target| target.port()).and_then(|port| u16::try_from(port).ok()),
        zone: some_text(target.and_then(|target| target.availability_zone())),
        state: text(health.and_then(|health| health.state()).map(|state| state.as_str())),
        reason: some_text(health.and_then(|health| health.reason()).map(|reason| reason.as_str())),
        description: some_text(health.and_then(|health| health.description())),
    }
}

/// The switches that stand on the listener, by the Region they can evacuate.
pub async fn switches(aws: &Aws, region: &str, listener_arn: &str) -> Result<BTreeMap<String, SwitchView>, CallError> {
    Ok(switches_of(&rules(&aws.regional(region)?.elbv2.reads, listener_arn).await?))
}

/// Every rule of the listener, the default one too.
pub(super) async fn rules(client: &Client, listener_arn: &str) -> Result<Vec<Rule>, CallError> {
    let (mut rules, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = client.describe_rules().listener_arn(listener_arn).set_marker(marker);
        let answer = call.send().await.map_err(call_error)?;
        rules.extend_from_slice(answer.rules());
        marker = answer.next_marker().filter(|marker| !marker.is_empty()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    Ok(rules)
}

/// Where two rules have the same path, the one that the load balancer tries first counts.
fn switches_of(rules: &[Rule]) -> BTreeMap<String, SwitchView> {
    let mut rules: Vec<&Rule> = rules.iter().collect();
    rules.sort_by_key(|rule| rule.priority().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX));
    let mut switches = BTreeMap::new();
    for rule in rules {
        let Some(region) = switched_region(rule) else { continue };
        let body = text(
            rule.actions()
                .iter()
                .find_map(|action| action.fixed_response_config())
                .and_then(|response| response.message_body()),
        );
        let (position, epoch) = read_body(&body, &region);
        let view = SwitchView { rule_arn: text(rule.rule_arn()), position, epoch, body };
        switches.entry(region).or_insert(view);
    }
    switches
}

fn switched_region(rule: &Rule) -> Option<String> {
    let conditions = rule.conditions().iter().filter(|condition| condition.field() == Some("path-pattern"));
    conditions
        .flat_map(|condition| {
            let inner = condition.path_pattern_config().map(|config| config.values()).unwrap_or_default();
            condition.values().iter().chain(inner)
        })
        .find_map(|path| path.strip_prefix(SWITCH_PATH))
        .map(|region| text(Some(region)))
}

/// `SERVE <Region> <epoch>` or `EVACUATE <Region> <epoch>`. Whatever holds the string that checkers
/// look for evacuates, however it is written.
fn read_body(body: &str, region: &str) -> (SwitchPosition, u64) {
    let epoch = body.split_whitespace().last().and_then(|word| word.parse().ok());
    if body.contains(&format!("EVACUATE {region}")) {
        return (SwitchPosition::Evacuate, epoch.unwrap_or(0));
    }
    match (body.strip_prefix(&format!("SERVE {region} ")), epoch) {
        (Some(rest), Some(epoch)) if rest.trim().parse() == Ok(epoch) => (SwitchPosition::Serve, epoch),
        _ => (SwitchPosition::Unreadable, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{Action, FixedResponseActionConfig, RuleCondition};
    use proptest::prelude::*;

    fn rule(priority: &str, path: &str, body: &str) -> Rule {
        let response = FixedResponseActionConfig::builder().message_body(body).status_code("200").build();
        Rule::builder()
            .rule_arn(format!("arn:rule/{priority}"))
            .priority(priority)
            .conditions(RuleCondition::builder().field("path-pattern").values(path).build())
            .actions(Action::builder().fixed_response_config(response).build())
            .build()
    }

    #[test]
    fn switches_are_found_by_their_path_and_the_first_rule_counts() {
        let rules = [
            rule("20", "/.tandem/switch/eu-west-1", "EVACUATE eu-west-1 9"),
            rule("3", "/.tandem/switch/eu-west-1", "SERVE eu-west-1 7"),
            rule("4", "/health", "fine"),
            Rule::builder().priority("default").build(),
        ];
        let switches = switches_of(&rules);
        assert_eq!(switches.len(), 1);
        let switch = &switches["eu-west-1"];
        assert_eq!((switch.position, switch.epoch, switch.rule_arn.as_str()), (SwitchPosition::Serve, 7, "arn:rule/3"));
    }

    #[test]
    fn a_body_that_checkers_would_match_evacuates() {
        let read = |body| read_body(body, "eu-west-1");
        assert_eq!(read("EVACUATE eu-west-1 12"), (SwitchPosition::Evacuate, 12));
        assert_eq!(read("please EVACUATE eu-west-1"), (SwitchPosition::Evacuate, 0));
        assert_eq!(read("SERVE eu-west-1 3"), (SwitchPosition::Serve, 3));
        assert_eq!(read("SERVE eu-west-2 3"), (SwitchPosition::Unreadable, 0));
        assert_eq!(read("SERVE eu-west-1"), (SwitchPosition::Unreadable, 0));
        assert_eq!(read(""), (SwitchPosition::Unreadable, 0));
    }

    proptest! {
        #[test]
        fn any_body_is_read(body in any::<String>()) {
            let _ = read_body(&body, "eu-west-1");
        }
    }
}
