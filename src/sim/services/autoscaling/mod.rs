//! Application Auto Scaling over awsJson1_1, for the desired count of ECS services.
//!
//! `targets` registers, `policies` tracks, `activities` tells what was done; `check` words refusals.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod activities;
mod check;
mod policies;
mod tags;
mod targets;
#[cfg(test)]
mod tests;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const AUTOSCALING: Service = Service {
    scope: "application-autoscaling",
    speaks: &[Protocol::Json { target: "AnyScaleFrontendService", version: "1.1" }],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![
        RegisterScalableTarget => targets::register_scalable_target;
        DescribeScalableTargets => targets::describe_scalable_targets, reads;
        DeregisterScalableTarget => targets::deregister_scalable_target;
        PutScalingPolicy => policies::put_scaling_policy;
        DescribeScalingPolicies => policies::describe_scaling_policies, reads;
        DeleteScalingPolicy => policies::delete_scaling_policy;
        DescribeScalingActivities => activities::describe_scaling_activities, reads;
        TagResource => tags::tag_resource;
        UntagResource => tags::untag_resource;
        ListTagsForResource => tags::list_tags_for_resource, reads;
    ],
};
