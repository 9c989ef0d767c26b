//! Requests that make and change services.

use super::super::members::{Members, whole};
use super::{Sent, tags};
use crate::cloud::edge::some_text;
use crate::cloud::error::{call_error, unbuildable};
use crate::model::outcome::CallError;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::RequestId;
use aws_sdk_ecs::types::{
    AssignPublicIp, AvailabilityZoneRebalancing, AwsVpcConfiguration, DeploymentCircuitBreaker,
    DeploymentConfiguration, LaunchType, LoadBalancer, NetworkConfiguration, PropagateTags,
};
use serde_json::Value;

pub async fn create(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateService", |m| {
        Ok(client
            .create_service()
            .set_cluster(m.text("cluster")?)
            .set_service_name(m.text("serviceName")?)
            .set_task_definition(m.text("taskDefinition")?)
            .set_desired_count(m.int("desiredCount")?)
            .set_launch_type(m.text("launchType")?.as_deref().map(LaunchType::from))
            .set_load_balancers(load_balancers(m)?)
            .set_network_configuration(network(m)?)
            .set_health_check_grace_period_seconds(m.int("healthCheckGracePeriodSeconds")?)
            .set_deployment_configuration(rules(m)?)
            .set_propagate_tags(propagate(m)?)
            .set_enable_ecs_managed_tags(m.flag("enableECSManagedTags")?)
            .set_availability_zone_rebalancing(rebalancing(m)?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn update(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "UpdateService", |m| {
        Ok(client
            .update_service()
            .set_cluster(m.text("cluster")?)
            .set_service(m.text("service")?)
            .set_task_definition(m.text("taskDefinition")?)
            .set_desired_count(m.int("desiredCount")?)
            .set_load_balancers(load_balancers(m)?)
            .set_network_configuration(network(m)?)
            .set_health_check_grace_period_seconds(m.int("healthCheckGracePeriodSeconds")?)
            .set_deployment_configuration(rules(m)?)
            .set_propagate_tags(propagate(m)?)
            .set_enable_ecs_managed_tags(m.flag("enableECSManagedTags")?)
            .set_availability_zone_rebalancing(rebalancing(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteService", |m| {
        let call = client.delete_service().set_cluster(m.text("cluster")?).set_service(m.text("service")?);
        Ok(call.set_force(m.flag("force")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn load_balancers(m: &Members<'_>) -> Result<Option<Vec<LoadBalancer>>, CallError> {
    m.list("loadBalancers", |m| {
        Ok(LoadBalancer::builder()
            .set_target_group_arn(m.text("targetGroupArn")?)
            .set_container_name(m.text("containerName")?)
            .set_container_port(m.int("containerPort")?)
            .build())
    })
}

fn network(m: &Members<'_>) -> Result<Option<NetworkConfiguration>, CallError> {
    m.object("networkConfiguration", |m| {
        let vpc = m.object("awsvpcConfiguration", |m| {
            AwsVpcConfiguration::builder()
                .set_subnets(m.texts("subnets")?)
                .set_security_groups(m.texts("securityGroups")?)
                .set_assign_public_ip(m.text("assignPublicIp")?.as_deref().map(AssignPublicIp::from))
                .build()
                .map_err(|error| unbuildable(&error))
        })?;
        Ok(NetworkConfiguration::builder().set_awsvpc_configuration(vpc).build())
    })
}

fn rules(m: &Members<'_>) -> Result<Option<DeploymentConfiguration>, CallError> {
    m.object("deploymentConfiguration", |m| {
        let breaker = m.object("deploymentCircuitBreaker", |m| {
            let breaker = DeploymentCircuitBreaker::builder().set_enable(m.flag("enable")?);
            Ok(breaker.set_rollback(m.flag("rollback")?).build())
        })?;
        Ok(DeploymentConfiguration::builder()
            .set_deployment_circuit_breaker(breaker)
            .set_maximum_percent(m.int("maximumPercent")?)
            .set_minimum_healthy_percent(m.int("minimumHealthyPercent")?)
            .build())
    })
}

fn propagate(m: &Members<'_>) -> Result<Option<PropagateTags>, CallError> {
    Ok(m.text("propagateTags")?.as_deref().map(PropagateTags::from))
}

fn rebalancing(m: &Members<'_>) -> Result<Option<AvailabilityZoneRebalancing>, CallError> {
    Ok(m.text("availabilityZoneRebalancing")?.as_deref().map(AvailabilityZoneRebalancing::from))
}
