//! A service and its deployments.

use super::super::{known, sorted};
use super::tags;
use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_ecs::types::{Deployment, DesiredStatus, Service, ServiceField, Task};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// AWS's word for a deployment that came to nothing.
const FAILED: &str = "FAILED";

/// The service of the cluster; one that is INACTIVE is none, and a cluster that is not there has none. Beside
/// what it is made with, `is` has the counts of tasks and `deployments`, the newest first. It gives `arn`.
///
/// # Errors
/// As the call ends.
pub async fn service(aws: &Aws, region: &str, cluster: &str, service: &str) -> Result<Seen, CallError> {
    let call = aws.regional(region)?.ecs.reads.describe_services().cluster(cluster).services(service);
    let answer = known(call.include(ServiceField::Tags).send().await.map_err(call_error))?;
    let services = answer.and_then(|answer| answer.services).unwrap_or_default();
    let found = services.iter().find(|service| service.status() != Some("INACTIVE"));
    let Some(mut seen) = found.map(seen) else { return Ok(Seen::absent()) };
    let failed = |one: &Value| one["rolloutState"] == FAILED;
    if seen.is["deployments"].as_array().is_some_and(|all| all.iter().any(failed)) {
        let stopped = stopped(aws, region, cluster, service).await.unwrap_or_default();
        for one in seen.is["deployments"].as_array_mut().into_iter().flatten().filter(|one| failed(one)) {
            let why = stopped.get(one["taskDefinition"].as_str().unwrap_or_default());
            one["stoppedReason"] = json!(why);
        }
    }
    Ok(seen)
}

/// Why tasks that never ran were stopped, by their task definition: the newest reason of each. ECS remembers for an
/// hour (API Reference, DescribeTasks); what is forgotten or not told is left out.
async fn stopped(aws: &Aws, region: &str, cluster: &str, service: &str) -> Result<BTreeMap<String, String>, CallError> {
    let client = &aws.regional(region)?.ecs.reads;
    let call = client.list_tasks().cluster(cluster).service_name(service).desired_status(DesiredStatus::Stopped);
    let arns = call.send().await.map_err(call_error)?.task_arns.unwrap_or_default();
    if arns.is_empty() {
        return Ok(BTreeMap::new());
    }
    let answer = client.describe_tasks().cluster(cluster).set_tasks(Some(arns)).send().await.map_err(call_error)?;
    let mut tasks: Vec<_> = answer.tasks().iter().filter(|task| task.started_at().is_none()).collect();
    tasks.sort_by_key(|task| task.created_at().map(|at| at.secs()));
    let reason = |task: &&Task| Some((text(task.task_definition_arn()), some_text(task.stopped_reason())?));
    Ok(tasks.iter().filter_map(reason).collect())
}

fn seen(found: &Service) -> Seen {
    let balancer = |one: &aws_sdk_ecs::types::LoadBalancer| {
        json!({
            "targetGroupArn": text(one.target_group_arn()),
            "containerName": text(one.container_name()),
            "containerPort": one.container_port(),
        })
    };
    let is = json!({
        "cluster": text(found.cluster_arn().and_then(|arn| arn.rsplit('/').next())),
        "serviceName": text(found.service_name()),
        "taskDefinition": text(found.task_definition()),
        "desiredCount": found.desired_count(),
        "launchType": text(found.launch_type().map(|kind| kind.as_str())),
        "loadBalancers": found.load_balancers().iter().map(balancer).collect::<Value>(),
        "networkConfiguration": network(found),
        "healthCheckGracePeriodSeconds": found.health_check_grace_period_seconds(),
        "deploymentConfiguration": rules(found),
        "propagateTags": text(found.propagate_tags().map(|from| from.as_str())),
        "enableECSManagedTags": found.enable_ecs_managed_tags(),
        "availabilityZoneRebalancing": text(found.availability_zone_rebalancing().map(|choice| choice.as_str())),
        "runningCount": found.running_count(),
        "pendingCount": found.pending_count(),
        "deployments": found.deployments().iter().map(deployment).collect::<Value>(),
    });
    Seen::there(text(found.status()), is).giving("arn", text(found.service_arn())).tagged(tags(found.tags()))
}

fn network(found: &Service) -> Value {
    let vpc = found.network_configuration().and_then(|network| network.awsvpc_configuration());
    vpc.map_or(Value::Null, |vpc| {
        json!({ "awsvpcConfiguration": {
            "subnets": sorted(vpc.subnets()),
            "securityGroups": sorted(vpc.security_groups()),
            "assignPublicIp": text(vpc.assign_public_ip().map(|choice| choice.as_str())),
        } })
    })
}

fn rules(found: &Service) -> Value {
    let Some(rules) = found.deployment_configuration() else { return Value::Null };
    let breaker = rules.deployment_circuit_breaker();
    json!({
        "deploymentCircuitBreaker": breaker.map(|one| json!({ "enable": one.enable(), "rollback": one.rollback() })),
        "maximumPercent": rules.maximum_percent(),
        "minimumHealthyPercent": rules.minimum_healthy_percent(),
    })
}

fn deployment(one: &Deployment) -> Value {
    json!({
        "status": text(one.status()),
        "taskDefinition": text(one.task_definition()),
        "rolloutState": text(one.rollout_state().map(|state| state.as_str())),
        "rolloutStateReason": text(one.rollout_state_reason()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{AwsVpcConfiguration, DeploymentRolloutState, NetworkConfiguration};

    #[test]
    fn subnets_have_one_order_and_deployments_tell_how_they_go() {
        let vpc = AwsVpcConfiguration::builder().subnets("subnet-b").subnets("subnet-a").build().unwrap();
        let deployment = Deployment::builder().status("PRIMARY").rollout_state(DeploymentRolloutState::Failed);
        let found = Service::builder()
            .cluster_arn("arn:aws:ecs:eu-west-1:1:cluster/shop")
            .status("ACTIVE")
            .network_configuration(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
            .deployments(deployment.rollout_state_reason("tasks failed to start").build())
            .build();
        let seen = seen(&found);
        assert_eq!(seen.is["cluster"], "shop");
        assert_eq!(seen.is["networkConfiguration"]["awsvpcConfiguration"]["subnets"], json!(["subnet-a", "subnet-b"]));
        assert_eq!(seen.is["deployments"][0]["rolloutState"], "FAILED");
        assert_eq!(seen.is["deploymentConfiguration"], Value::Null);
    }
}
