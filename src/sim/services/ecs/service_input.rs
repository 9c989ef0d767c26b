//! What CreateService and UpdateService take, and when AWS refuses it.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::definitions;
use super::names::{self, client, invalid};
use crate::operation::{Answer, Caller, Refusal};
use crate::world::ecs::{Binding, Cluster, Ecs, Network, Propagate, Rules, TaskDefinition};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What `LATEST` is on Linux (ECS Developer Guide, Fargate platform versions).
pub const LATEST_PLATFORM: &str = "1.4.0";
/// Most tasks of a service (ECS service quotas, Tasks per service).
const TASKS: i64 = 5000;

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct NetworkConfiguration {
    pub awsvpcConfiguration: Option<AwsVpcConfiguration>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct AwsVpcConfiguration {
    pub subnets: Vec<String>,
    #[serde(default)]
    pub securityGroups: Vec<String>,
    pub assignPublicIp: Option<String>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct LoadBalancer {
    pub targetGroupArn: Option<String>,
    pub containerName: Option<String>,
    pub containerPort: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DeploymentConfiguration {
    deploymentCircuitBreaker: Option<CircuitBreaker>,
    maximumPercent: Option<i64>,
    minimumHealthyPercent: Option<i64>,
    strategy: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct CircuitBreaker {
    enable: bool,
    rollback: bool,
}

#[derive(Debug, Deserialize)]
pub struct Provider {
    pub capacityProvider: String,
}

/// The ACTIVE task definition that was asked for, if it can run on Fargate.
pub fn definition(ecs: &Ecs, caller: &Caller, name: &str) -> Answer<Arc<TaskDefinition>> {
    let found = definitions::find(ecs, caller, name).ok_or_else(|| client("TaskDefinition not found."))?;
    if found.deregistered_at.is_some() {
        return Err(client("TaskDefinition is inactive"));
    }
    if !found.fargate {
        return Err(invalid("Task definition does not support launch_type FARGATE."));
    }
    Ok(Arc::clone(found))
}

pub fn count(desired: i64) -> Answer<u32> {
    match u32::try_from(desired) {
        Err(_) => Err(invalid("Invalid desired count.")),
        Ok(_) if desired > TASKS => Err(invalid(format!("The desired count exceeds the limit of {TASKS} tasks."))),
        Ok(count) => Ok(count),
    }
}

pub fn network(given: Option<NetworkConfiguration>) -> Answer<Network> {
    let Some(vpc) = given.and_then(|network| network.awsvpcConfiguration) else {
        return Err(invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified."));
    };
    if vpc.subnets.is_empty() {
        return Err(invalid("subnets can not be empty."));
    }
    if vpc.subnets.len() > 16 {
        return Err(invalid("subnets can have at most 16 items."));
    }
    if vpc.securityGroups.len() > 5 {
        return Err(invalid("securityGroups can have at most 5 items."));
    }
    Ok(Network {
        subnets: vpc.subnets,
        security_groups: vpc.securityGroups,
        public_ip: vpc.assignPublicIp.as_deref() == Some("ENABLED"),
    })
}

pub fn bindings(given: Vec<LoadBalancer>, definition: &TaskDefinition) -> Answer<Vec<Binding>> {
    given.into_iter().map(|one| binding(one, definition)).collect()
}

fn binding(given: LoadBalancer, definition: &TaskDefinition) -> Answer<Binding> {
    let target_group = given.targetGroupArn.ok_or_else(|| invalid("targetGroupArn can not be blank."))?;
    let container = given.containerName.ok_or_else(|| invalid("Container name can not be blank."))?;
    let port = given.containerPort.ok_or_else(|| invalid("Container port can not be blank."))?;
    let Some(found) = definition.containers.iter().find(|one| one.name == container) else {
        return Err(invalid(format!("The container {container} does not exist in the task definition.")));
    };
    let mapped = u16::try_from(port).ok().filter(|port| found.ports.contains(port));
    let port = mapped
        .ok_or_else(|| invalid(format!("The container {container} did not have a container port {port} defined.")))?;
    Ok(Binding { target_group, container, port })
}

/// The rules, with what is not given left as it was.
pub fn rules(given: Option<DeploymentConfiguration>, before: Rules) -> Answer<Rules> {
    let Some(given) = given else { return Ok(before) };
    if given.strategy.as_deref().is_some_and(|strategy| strategy != "ROLLING") {
        return Err(unsupported("Only the ROLLING deployment strategy is supported here."));
    }
    let percent = |value: Option<i64>, before: u32| match value {
        None => Ok(before),
        Some(value) => u32::try_from(value).map_err(|_| invalid("Deployment percentages must not be negative.")),
    };
    let maximum_percent = percent(given.maximumPercent, before.maximum_percent)?;
    let minimum_healthy_percent = percent(given.minimumHealthyPercent, before.minimum_healthy_percent)?;
    if maximum_percent < 100 {
        return Err(invalid("maximumPercent must be at least 100."));
    }
    if minimum_healthy_percent > 100 {
        return Err(invalid("minimumHealthyPercent must be at most 100."));
    }
    let (breaker, rollback) = match given.deploymentCircuitBreaker {
        Some(breaker) => (breaker.enable, breaker.rollback),
        None => (before.breaker, before.rollback),
    };
    Ok(Rules { maximum_percent, minimum_healthy_percent, breaker, rollback })
}

/// The grace period: only behind a load balancer.
pub fn grace(seconds: Option<i64>, balanced: bool) -> Answer<Option<u32>> {
    let Some(seconds) = seconds else { return Ok(None) };
    if !balanced {
        return Err(invalid("Health check grace period is only valid for services configured to use load balancers"));
    }
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds <= i32::MAX as u32)
        .map(Some)
        .ok_or_else(|| invalid("Health check grace period must be between 0 and 2147483647."))
}

/// The version that a deployment runs on.
pub fn platform(given: Option<&str>) -> Answer<String> {
    match given {
        None | Some("" | "LATEST") => Ok(LATEST_PLATFORM.into()),
        Some(version @ ("1.4.0" | "1.3.0")) => Ok(version.into()),
        Some(_) => Err(Refusal::new(400, "PlatformUnknownException", "The specified platform version does not exist.")),
    }
}

pub fn propagate(given: Option<&str>) -> Answer<Propagate> {
    match given {
        None | Some("NONE") => Ok(Propagate::None),
        Some("SERVICE") => Ok(Propagate::Service),
        Some("TASK_DEFINITION") => Ok(Propagate::TaskDefinition),
        Some(_) => Err(invalid("propagateTags must be TASK_DEFINITION, SERVICE or NONE.")),
    }
}

/// Only Fargate is here: by launch type, by capacity provider, or by the cluster's default strategy.
pub fn on_fargate(cluster: &Cluster, launch_type: Option<&str>, providers: Option<&[Provider]>) -> Answer<()> {
    let fargate = |name: &str| matches!(name, "FARGATE" | "FARGATE_SPOT");
    if launch_type.is_some() && providers.is_some_and(|providers| !providers.is_empty()) {
        return Err(invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        ));
    }
    let by_default = || {
        let strategy = cluster.given.get("defaultCapacityProviderStrategy").and_then(|strategy| strategy.as_array());
        let names = strategy.into_iter().flatten().filter_map(|item| item.get("capacityProvider")?.as_str());
        names.map(fargate).reduce(|all, one| all && one).unwrap_or(false)
    };
    let fits = match (launch_type, providers) {
        (Some(kind), _) => kind == "FARGATE",
        (None, Some(providers)) if !providers.is_empty() => providers.iter().all(|one| fargate(&one.capacityProvider)),
        _ => by_default(),
    };
    if fits { Ok(()) } else { Err(unsupported("Only the FARGATE launch type is supported here.")) }
}

/// What AWS can do and this world cannot; the message is ours.
pub fn unsupported(message: &str) -> Refusal {
    Refusal::new(400, "UnsupportedFeatureException", message)
}

/// The name of a service that is to be made.
pub fn service_name(name: &str) -> Answer<()> {
    match names::is_name(name) {
        true => Ok(()),
        false => Err(invalid("Service names can contain only letters, numbers, hyphens and underscores.")),
    }
}
