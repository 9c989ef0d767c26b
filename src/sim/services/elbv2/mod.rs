//! Elastic Load Balancing v2 over awsQuery: Application Load Balancers only.
//!
//! One file a resource; `actions` and `conditions` are what listeners and rules are made of,
//! `refusals` words what several of them refuse, `tags` is for all.

mod actions;
mod attributes;
mod conditions;
mod listeners;
mod load_balancers;
mod placement;
mod refusals;
mod rules;
mod tags;
mod target_groups;
mod targets;
#[cfg(test)]
mod tests;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const ELBV2: Service = Service {
    scope: "elasticloadbalancing",
    speaks: &[Protocol::Query { xmlns: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/" }],
    items: &[],
    misshapen: "ValidationError",
    global: false,
    operations: operations![
        CreateLoadBalancer => load_balancers::create;
        DescribeLoadBalancers => load_balancers::describe, reads;
        DeleteLoadBalancer => load_balancers::delete;
        DescribeLoadBalancerAttributes => attributes::describe_load_balancer, reads;
        ModifyLoadBalancerAttributes => attributes::modify_load_balancer;
        SetSubnets => placement::set_subnets;
        SetSecurityGroups => placement::set_security_groups;
        CreateTargetGroup => target_groups::create;
        DescribeTargetGroups => target_groups::describe, reads;
        ModifyTargetGroup => target_groups::modify;
        DeleteTargetGroup => target_groups::delete;
        DescribeTargetGroupAttributes => attributes::describe_target_group, reads;
        ModifyTargetGroupAttributes => attributes::modify_target_group;
        CreateListener => listeners::create;
        DescribeListeners => listeners::describe, reads;
        ModifyListener => listeners::modify;
        DeleteListener => listeners::delete;
        CreateRule => rules::create;
        DescribeRules => rules::describe, reads;
        ModifyRule => rules::modify;
        DeleteRule => rules::delete;
        RegisterTargets => targets::register;
        DeregisterTargets => targets::deregister;
        DescribeTargetHealth => targets::health, reads;
        AddTags => tags::add;
        RemoveTags => tags::remove;
        DescribeTags => tags::describe, reads;
    ],
};
