//! A service as DescribeServices shows it.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Tag};
use super::service_input::{AwsVpcConfiguration, LoadBalancer, NetworkConfiguration};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::Caller;
use crate::world::ACCOUNT;
use crate::world::ecs::{Deployment, Network, Pool, Propagate, Service};
use serde::Serialize;
use serde_json::{Map, json};

#[derive(Serialize)]
pub struct ServiceOut {
    serviceArn: String,
    serviceName: String,
    clusterArn: String,
    loadBalancers: Vec<LoadBalancer>,
    serviceRegistries: Doc,
    status: &'static str,
    desiredCount: u32,
    runningCount: u32,
    pendingCount: u32,
    launchType: Option<&'static str>,
    platformFamily: &'static str,
    taskDefinition: Option<String>,
    deploymentConfiguration: Doc,
    deployments: Vec<DeploymentOut>,
    roleArn: Option<String>,
    events: Vec<EventOut>,
    createdAt: Moment,
    createdBy: String,
    placementConstraints: Doc,
    placementStrategy: Doc,
    networkConfiguration: Option<NetworkConfiguration>,
    healthCheckGracePeriodSeconds: Option<u32>,
    schedulingStrategy: &'static str,
    tags: Option<Vec<Tag>>,
    enableECSManagedTags: bool,
    propagateTags: &'static str,
    enableExecuteCommand: bool,
    availabilityZoneRebalancing: &'static str,
    /// Platform version, capacity providers and the like, as they were given.
    #[serde(flatten)]
    given: Map<String, Doc>,
}

#[derive(Serialize)]
pub struct DeploymentOut {
    id: String,
    status: &'static str,
    taskDefinition: String,
    desiredCount: u32,
    pendingCount: u32,
    runningCount: u32,
    failedTasks: u32,
    createdAt: Moment,
    updatedAt: Moment,
    launchType: Option<&'static str>,
    capacityProviderStrategy: Option<Doc>,
    platformVersion: String,
    platformFamily: &'static str,
    networkConfiguration: NetworkConfiguration,
    rolloutState: &'static str,
    rolloutStateReason: String,
}

#[derive(Serialize)]
pub struct EventOut {
    id: String,
    createdAt: Moment,
    message: String,
}

pub fn shown(service: &Service, pool: &Pool, caller: &Caller, tags: bool) -> ServiceOut {
    let counts = service.counts(pool, None);
    let primary = service.primary().or(service.completed.as_ref());
    let balanced = !service.bindings.is_empty();
    let mut given = service.given.clone();
    let mut list = |member: &str| given.remove(member).unwrap_or_else(|| json!([]));
    ServiceOut {
        serviceArn: service.arn(),
        serviceName: service.name.clone(),
        clusterArn: names::arn(caller, "cluster", &service.cluster),
        loadBalancers: service
            .bindings
            .iter()
            .map(|binding| LoadBalancer {
                targetGroupArn: Some(binding.target_group.clone()),
                containerName: Some(binding.container.clone()),
                containerPort: Some(i64::from(binding.port)),
            })
            .collect(),
        serviceRegistries: list("serviceRegistries"),
        status: service.status.name(),
        desiredCount: service.desired,
        runningCount: counts.running,
        pendingCount: counts.pending,
        launchType: launch_type(service),
        platformFamily: "Linux",
        taskDefinition: primary.map(|deployment| deployment.definition.arn(&caller.region)),
        deploymentConfiguration: json!({
            "deploymentCircuitBreaker": {"enable": service.rules.breaker, "rollback": service.rules.rollback},
            "maximumPercent": service.rules.maximum_percent,
            "minimumHealthyPercent": service.rules.minimum_healthy_percent,
            "strategy": "ROLLING",
            "bakeTimeInMinutes": 0,
        }),
        deployments: service
            .deployments
            .iter()
            .enumerate()
            .map(|(place, one)| deployment(service, pool, caller, one, place == 0))
            .collect(),
        roleArn: balanced
            .then(|| format!("arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")),
        events: service
            .events
            .iter()
            .map(|e| EventOut { id: e.id.clone(), createdAt: e.created_at, message: e.message.clone() })
            .collect(),
        createdAt: service.created_at,
        createdBy: service.created_by.clone(),
        placementConstraints: list("placementConstraints"),
        placementStrategy: list("placementStrategy"),
        networkConfiguration: primary.map(|deployment| network(&deployment.network)),
        healthCheckGracePeriodSeconds: service.grace_s.or(balanced.then_some(0)),
        schedulingStrategy: "REPLICA",
        tags: tags.then(|| names::tags_out(&service.tags)),
        enableECSManagedTags: service.managed_tags,
        propagateTags: match service.propagate {
            Propagate::None => "NONE",
            Propagate::Service => "SERVICE",
            Propagate::TaskDefinition => "TASK_DEFINITION",
        },
        enableExecuteCommand: service.execute_command,
        availabilityZoneRebalancing: if service.rebalancing { "ENABLED" } else { "DISABLED" },
        given,
    }
}

/// Absent where capacity providers were given.
fn launch_type(service: &Service) -> Option<&'static str> {
    (!service.given.contains_key("capacityProviderStrategy")).then_some("FARGATE")
}

fn deployment(service: &Service, pool: &Pool, caller: &Caller, one: &Deployment, primary: bool) -> DeploymentOut {
    let counts = service.counts(pool, Some(one.number));
    DeploymentOut {
        id: one.id.clone(),
        status: if primary { "PRIMARY" } else { "ACTIVE" },
        taskDefinition: one.definition.arn(&caller.region),
        desiredCount: counts.desired,
        pendingCount: counts.pending,
        runningCount: counts.running,
        failedTasks: one.failed_tasks,
        createdAt: one.created_at,
        updatedAt: one.updated_at,
        launchType: launch_type(service),
        capacityProviderStrategy: service.given.get("capacityProviderStrategy").cloned(),
        platformVersion: one.platform_version.clone(),
        platformFamily: "Linux",
        networkConfiguration: network(&one.network),
        rolloutState: one.rollout.name(),
        rolloutStateReason: one.reason.clone(),
    }
}

fn network(network: &Network) -> NetworkConfiguration {
    let assigned = if network.public_ip { "ENABLED" } else { "DISABLED" };
    NetworkConfiguration {
        awsvpcConfiguration: Some(AwsVpcConfiguration {
            subnets: network.subnets.clone(),
            securityGroups: network.security_groups.clone(),
            assignPublicIp: Some(assigned.into()),
        }),
    }
}
