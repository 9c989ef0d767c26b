//! Requests of Elastic Load Balancing.

mod listeners;
mod load_balancers;
mod target_groups;
mod words;

use super::members::whole;
use super::unknown;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::RequestId;
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
        "AddTags" => add_tags(client, input).await,
        _ => Err(unknown("elbv2", operation)),
    }
}

async fn add_tags(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "AddTags", |m| {
        Ok(client.add_tags().set_resource_arns(m.texts("ResourceArns")?).set_tags(words::tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
