//! How many API calls an account may make: token buckets, refilled as time passes.

use super::words;
use crate::moment::Moment;
use crate::operation::{Refusal, Service};
use crate::world::World;
use std::collections::BTreeMap;

/// A group of operations that draw from one bucket.
#[derive(Debug)]
struct Group {
    service: &'static str,
    name: &'static str,
    /// Calls at once.
    burst: f64,
    /// Calls a second that last.
    per_s: f64,
    /// Empty: every operation of the service.
    operations: &'static [&'static str],
}

const fn ecs(name: &'static str, burst: f64, per_s: f64, operations: &'static [&'static str]) -> Group {
    Group { service: "ecs", name, burst, per_s, operations }
}

/// ECS: Amazon ECS API Reference, Request throttling. Route 53: Developer Guide, Quotas (five requests
/// a second an account). RDS: User Guide, Request throttling for the Amazon RDS API (300 in a burst, 12 a
/// second, an account and Region). The Data API has no limit for what is not Serverless v1 (Aurora User
/// Guide, Limitations for the Data API). What is not listed here is not limited in this world.
const GROUPS: &[Group] = &[
    ecs("service modify", 50.0, 5.0, &["CreateService", "UpdateService", "DeleteService"]),
    ecs("service read", 100.0, 20.0, &["DescribeServices", "ListServices"]),
    ecs("cluster resource read", 100.0, 20.0, &["DescribeTasks", "ListTasks"]),
    ecs("cluster resource modify", 100.0, 40.0, &["RunTask", "StartTask", "StopTask"]),
    ecs("cluster read", 50.0, 20.0, &["DescribeClusters", "ListClusters"]),
    ecs("task definition modify", 20.0, 1.0, &["RegisterTaskDefinition", "DeregisterTaskDefinition"]),
    ecs(
        "service deployments",
        50.0,
        20.0,
        &["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"],
    ),
    Group { service: "route53", name: "all", burst: 5.0, per_s: 5.0, operations: &[] },
    Group { service: "rds", name: "all", burst: 300.0, per_s: 12.0, operations: &[] },
];

/// The buckets of the account, by Region and group.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Off while a history is being replayed faster than it was made.
    pub enforced: bool,
    buckets: BTreeMap<(&'static str, &'static str, &'static str), Bucket>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { enforced: true, buckets: BTreeMap::new() }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Moment,
}

/// Takes one call out of its bucket, or refuses it as the service does.
pub fn take(world: &mut World, region: &'static str, service: &Service, operation: &str) -> Result<(), Refusal> {
    let group = GROUPS.iter().find(|group| {
        group.service == service.scope && (group.operations.is_empty() || group.operations.contains(&operation))
    });
    let (Some(group), true) = (group, world.limits.enforced) else { return Ok(()) };
    let full = Bucket { tokens: group.burst, at: world.now };
    let bucket = world.limits.buckets.entry((region, group.service, group.name)).or_insert(full);
    let refilled = bucket.tokens + world.now.since(bucket.at).as_secs_f64() * group.per_s;
    *bucket = Bucket { tokens: refilled.min(group.burst), at: world.now };
    if bucket.tokens < 1.0 {
        return Err(words::throttled(service, operation));
    }
    bucket.tokens -= 1.0;
    Ok(())
}
