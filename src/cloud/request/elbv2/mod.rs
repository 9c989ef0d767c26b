//! Requests of Elastic Load Balancing.

mod listeners;
mod load_balancers;
mod target_groups;
mod words;

use super::unknown;
use crate::cloud::Aws;
use crate::model::outcome::CallError;
use serde_json::Value;

/// The id of the request, when it went well.
type Sent = Result<Option<String>, CallError>;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Sent {
    let client = &aws.regional(region)?.elbv2.writes;
    match operation {
        "CreateLoadBalancer" => load_balancers::create(client, input).await,
        "ModifyLoadBalancerAttributes" => load_balancers::modify_attributes(client, input).await,
        "SetSecurityGroups" => load_balancers::set_security_groups(client, input).await,
        "SetSubnets" => load_balancers::set_subnets(client, input).await,
        "DeleteLoadBalancer" => load_balancers::delete(client, input).await,
        "CreateTargetGroup" => target_groups::create(client, input).await,
        "ModifyTargetGroup" => target_groups::modify(client, input).await,
        "ModifyTargetGroupAttributes" => target_groups::modify_attributes(client, input).await,
        "DeleteTargetGroup" => target_groups::delete(client, input).await,
        "CreateListener" => listeners::create(client, input).await,
        "ModifyListener" => listeners::modify(client, input).await,
        "DeleteListener" => listeners::delete(client, input).await,
        "CreateRule" => listeners::create_rule(client, input).await,
        "ModifyRule" => listeners::modify_rule(client, input).await,
        "DeleteRule" => listeners::delete_rule(client, input).await,
        _ => Err(unknown("elbv2", operation)),
    }
}
