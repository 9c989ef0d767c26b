//! Elastic Load Balancing: switch rules, load balancers, target groups.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::Rule;
use serde_json::json;
use std::collections::BTreeMap;

/// Resources whose tags one call tells (Elastic Load Balancing API Reference, DescribeTags).
const TAGGED: usize = 20;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.elbv2.reads;
    let pages = client.describe_load_balancers().into_paginator().items().send();
    let balancers: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let own = tagged(client, stack, balancers.iter().filter_map(|one| one.load_balancer_arn())).await?;
    let (mut found, mut after) = (vec![], vec![]);
    for (arn, tags) in &own {
        found.extend(rules(client, region, arn, stack).await?);
        let named = balancers.iter().find(|one| one.load_balancer_arn() == Some(arn));
        let call = ("DeleteLoadBalancer", json!({ "LoadBalancerArn": arn }));
        let name = text(named.and_then(|one| one.load_balancer_name()));
        after.push(stray(region, "elbv2", name, tags).removed_by([call]));
    }
    let pages = client.describe_target_groups().into_paginator().items().send();
    let groups: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    for (arn, tags) in tagged(client, stack, groups.iter().filter_map(|one| one.target_group_arn())).await? {
        let named = groups.iter().find(|one| one.target_group_arn() == Some(&arn));
        let call = ("DeleteTargetGroup", json!({ "TargetGroupArn": arn }));
        let name = text(named.and_then(|one| one.target_group_name()));
        after.push(stray(region, "elbv2", name, &tags).removed_by([call]));
    }
    found.extend(after);
    Ok(found)
}

/// The rules of a load balancer that are tagged, by the path that they answer.
async fn rules(client: &Client, region: &str, balancer: &str, stack: &str) -> Found {
    let pages = client.describe_listeners().load_balancer_arn(balancer).into_paginator().items().send();
    let listeners: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let mut found = vec![];
    for listener in listeners.iter().filter_map(|listener| listener.listener_arn()) {
        let pages = client.describe_rules().listener_arn(listener).into_paginator().items().send();
        let rules: Vec<Rule> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
        let own = rules.iter().filter(|rule| rule.is_default() != Some(true));
        for (arn, tags) in tagged(client, stack, own.filter_map(|rule| rule.rule_arn())).await? {
            let rule = rules.iter().find(|rule| rule.rule_arn() == Some(&arn));
            let conditions = rule.map_or(&[][..], |rule| rule.conditions()).iter();
            let paths = conditions.filter_map(|one| one.path_pattern_config()).flat_map(|paths| paths.values());
            let path = text(paths.map(String::as_str).next());
            found.push(stray(region, "elbv2", path, &tags).removed_by([("DeleteRule", json!({ "RuleArn": arn }))]));
        }
    }
    Ok(found)
}

/// Those of the resources that are the stack's, with their tags.
async fn tagged<'a>(
    client: &Client,
    stack: &str,
    arns: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, CallError> {
    let arns: Vec<String> = arns.map(String::from).collect();
    let mut found = BTreeMap::new();
    for some in arns.chunks(TAGGED) {
        let answer = client.describe_tags().set_resource_arns(Some(some.to_vec())).send().await.map_err(call_error)?;
        for one in answer.tag_descriptions() {
            let tags = one.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect();
            if ours(&tags, stack) {
                found.insert(one.resource_arn().unwrap_or_default().to_string(), tags);
            }
        }
    }
    Ok(found)
}
