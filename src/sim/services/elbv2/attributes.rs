//! Attributes of load balancers and of target groups.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{arn as check_arn, no_load_balancer, no_target_group, refuse};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::elb::attributes::{self, LOAD_BALANCER, TARGET_GROUP};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize, Serialize)]
pub struct Attribute {
    Key: String,
    #[serde(default)]
    Value: String,
}

#[derive(Serialize)]
pub struct Attributes {
    Attributes: Vec<Attribute>,
}

type Values = BTreeMap<String, String>;

fn all(values: &Values) -> Attributes {
    let one = |(key, value): (&String, &String)| Attribute { Key: key.clone(), Value: value.clone() };
    Attributes { Attributes: values.iter().map(one).collect() }
}

/// What `asked` makes of `values`, if all of it is possible.
fn merged(table: &[attributes::Attribute], what: &str, values: &Values, asked: Vec<Attribute>) -> Answer<Values> {
    let mut values = values.clone();
    for Attribute { Key, Value } in asked {
        let Some((_, _, takes)) = table.iter().find(|(name, ..)| *name == Key) else {
            return refuse("InvalidConfigurationRequest", format!("{what} attribute key '{Key}' is not recognized"));
        };
        if !takes.accepts(&Value) {
            return refuse(
                "InvalidConfigurationRequest",
                format!("{what} attribute '{Key}' cannot have the value '{Value}'"),
            );
        }
        values.insert(Key, Value);
    }
    for log in ["access_logs", "connection_logs", "health_check_logs"] {
        let set = |part: &str| values.get(&format!("{log}.s3.{part}")).map_or("", String::as_str);
        if set("enabled") == "true" && set("bucket").is_empty() {
            return refuse(
                "InvalidConfigurationRequest",
                format!("The value of '{log}.s3.bucket' cannot be empty when '{log}.s3.enabled' is true"),
            );
        }
    }
    Ok(values)
}

#[derive(Deserialize)]
pub struct OfLoadBalancer {
    LoadBalancerArn: String,
    #[serde(default)]
    Attributes: Vec<Attribute>,
}

pub fn describe_load_balancer(world: &mut World, caller: &Caller, ask: OfLoadBalancer) -> Answer<Attributes> {
    modify_load_balancer(world, caller, OfLoadBalancer { Attributes: vec![], ..ask })
}

pub fn modify_load_balancer(world: &mut World, caller: &Caller, ask: OfLoadBalancer) -> Answer<Attributes> {
    check_arn(&ask.LoadBalancerArn, "loadbalancer", "load balancer")?;
    let elb = world.elb_in(&caller.region);
    let found = elb.load_balancer_mut(&ask.LoadBalancerArn).ok_or_else(|| no_load_balancer(&ask.LoadBalancerArn))?;
    found.attributes = merged(LOAD_BALANCER, "Load balancer", &found.attributes, ask.Attributes)?;
    Ok(all(&found.attributes))
}

#[derive(Deserialize)]
pub struct OfTargetGroup {
    TargetGroupArn: String,
    #[serde(default)]
    Attributes: Vec<Attribute>,
}

pub fn describe_target_group(world: &mut World, caller: &Caller, ask: OfTargetGroup) -> Answer<Attributes> {
    modify_target_group(world, caller, OfTargetGroup { Attributes: vec![], ..ask })
}

pub fn modify_target_group(world: &mut World, caller: &Caller, ask: OfTargetGroup) -> Answer<Attributes> {
    check_arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let elb = world.elb_in(&caller.region);
    let found = elb.group_mut(&ask.TargetGroupArn).ok_or_else(|| no_target_group(&ask.TargetGroupArn))?;
    if !ask.Attributes.is_empty() {
        found.attributes = merged(TARGET_GROUP, "Target group", &found.attributes, ask.Attributes)?;
        found.regroup();
    }
    Ok(all(&found.attributes))
}
