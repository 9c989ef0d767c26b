//! RegisterScalableTarget, DescribeScalableTargets, DeregisterScalableTarget.

use super::check::{self, DIMENSION, INVALID_TOKEN, NAMESPACE};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty};
use crate::paging::page;
use crate::world::scaling::ecs_link;
use crate::world::scaling::target::{self, Suspended, Target, Wish};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Register {
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
    MinCapacity: Option<i64>,
    MaxCapacity: Option<i64>,
    RoleARN: Option<String>,
    SuspendedState: Option<SuspendedState>,
    Tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize, Deserialize)]
struct SuspendedState {
    DynamicScalingInSuspended: Option<bool>,
    DynamicScalingOutSuspended: Option<bool>,
    ScheduledScalingSuspended: Option<bool>,
}

#[derive(Serialize)]
pub struct Registered {
    ScalableTargetARN: String,
}

pub fn register_scalable_target(world: &mut World, caller: &Caller, ask: Register) -> Answer<Registered> {
    let resource = check::resource(ask.ServiceNamespace, ask.ResourceId, ask.ScalableDimension)?;
    let (minimum, maximum) = (capacity(ask.MinCapacity, "minimum")?, capacity(ask.MaxCapacity, "maximum")?);
    let known = world.scaling_in(&caller.region).targets.get(&resource).cloned();
    let bounds = (
        minimum.or(known.as_ref().map(|target| target.minimum)),
        maximum.or(known.as_ref().map(|target| target.maximum)),
    );
    let (Some(low), Some(high)) = bounds else {
        return Err(check::validation(
            "Both minimum capacity and maximum capacity must be specified when registering a new scalable target",
        ));
    };
    if high < low {
        return Err(check::validation("Maximum capacity cannot be less than minimum capacity"));
    }
    if ecs_link::desired(world, &caller.region, &resource).is_none() {
        return Err(check::validation(format!("ECS service doesn't exist: {resource}")));
    }
    let tags = ask.Tags.unwrap_or_default();
    if known.is_some() && !tags.is_empty() {
        return Err(check::validation(
            "Tags can only be specified when registering a new scalable target. Use TagResource instead.",
        ));
    }
    let suspended = ask.SuspendedState.map(|asked| {
        let before = known.as_ref().map(|target| target.suspended).unwrap_or_default();
        Suspended {
            scale_in: asked.DynamicScalingInSuspended.unwrap_or(before.scale_in),
            scale_out: asked.DynamicScalingOutSuspended.unwrap_or(before.scale_out),
            scheduled: asked.ScheduledScalingSuspended.unwrap_or(before.scheduled),
        }
    });
    let wish = Wish { minimum, maximum, role: ask.RoleARN, suspended, tags };
    Ok(Registered { ScalableTargetARN: target::register(world, &caller.region, &resource, wish) })
}

fn capacity(asked: Option<i64>, which: &str) -> Answer<Option<u32>> {
    match asked {
        None => Ok(None),
        Some(n) => match u32::try_from(n) {
            Ok(n) if n <= i32::MAX as u32 => Ok(Some(n)),
            _ => Err(check::validation(format!("The {which} capacity must be greater than or equal to 0"))),
        },
    }
}

#[derive(Deserialize)]
pub struct Describe {
    ServiceNamespace: Option<String>,
    ResourceIds: Option<Vec<String>>,
    ScalableDimension: Option<String>,
    MaxResults: Option<i64>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    ScalableTargets: Vec<ScalableTarget>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct ScalableTarget {
    ServiceNamespace: &'static str,
    ResourceId: String,
    ScalableDimension: &'static str,
    MinCapacity: u32,
    MaxCapacity: u32,
    RoleARN: String,
    CreationTime: Moment,
    SuspendedState: SuspendedState,
    ScalableTargetARN: String,
}

pub fn describe_scalable_targets(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let ecs = check::of_ecs(ask.ServiceNamespace)?;
    check::dimension(ask.ScalableDimension.as_ref(), ask.ResourceIds.is_some())?;
    if ask.ResourceIds.as_ref().is_some_and(|ids| ids.len() > 50) {
        return Err(check::validation("ResourceIds must have at most 50 members"));
    }
    let most = check::results(ask.MaxResults)?;
    let fits = |(id, _): &(&String, &Target)| ecs && ask.ResourceIds.as_ref().is_none_or(|ids| ids.contains(id));
    let all = world.scaling.get(&caller.region).into_iter().flat_map(|scaling| scaling.targets.iter());
    let (found, token) =
        page(all.filter(fits), |(id, _)| id.to_string(), ask.NextToken.as_deref(), most, INVALID_TOKEN)?;
    Ok(Described {
        ScalableTargets: found.into_iter().map(|(id, target)| told(id, target)).collect(),
        NextToken: token,
    })
}

fn told(id: &str, target: &Target) -> ScalableTarget {
    let service_linked = format!(
        "arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/\
         AWSServiceRoleForApplicationAutoScaling_ECSService"
    );
    ScalableTarget {
        ServiceNamespace: NAMESPACE,
        ResourceId: id.to_string(),
        ScalableDimension: DIMENSION,
        MinCapacity: target.minimum,
        MaxCapacity: target.maximum,
        RoleARN: target.role.clone().unwrap_or(service_linked),
        CreationTime: target.created,
        SuspendedState: SuspendedState {
            DynamicScalingInSuspended: Some(target.suspended.scale_in),
            DynamicScalingOutSuspended: Some(target.suspended.scale_out),
            ScheduledScalingSuspended: Some(target.suspended.scheduled),
        },
        ScalableTargetARN: target.arn.clone(),
    }
}

#[derive(Deserialize)]
pub struct Deregister {
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
}

pub fn deregister_scalable_target(world: &mut World, caller: &Caller, ask: Deregister) -> Answer<Empty> {
    let resource = check::resource(ask.ServiceNamespace, ask.ResourceId, ask.ScalableDimension)?;
    match target::deregister(world, &caller.region, &resource) {
        true => Ok(Empty {}),
        false => Err(check::not_found(format!("No scalable target found for {}", check::named(&resource)))),
    }
}
