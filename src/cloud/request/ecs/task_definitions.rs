//! Requests that register task definitions and take them back.

use super::super::members::{Members, whole};
use super::{Sent, tags};
use crate::cloud::edge::some_text;
use crate::cloud::error::{call_error, unbuildable};
use crate::model::outcome::CallError;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::RequestId;
use aws_sdk_ecs::types::{
    Compatibility, ContainerCondition, ContainerDefinition, ContainerDependency, HealthCheck, KeyValuePair,
    LogConfiguration, LogDriver, NetworkMode, PortMapping, Secret, TransportProtocol,
};
use serde_json::Value;

pub async fn register(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "RegisterTaskDefinition", |m| {
        let compatibilities = m
            .texts("requiresCompatibilities")?
            .map(|all| all.iter().map(|one| Compatibility::from(one.as_str())).collect::<Vec<_>>());
        Ok(client
            .register_task_definition()
            .set_family(m.text("family")?)
            .set_network_mode(m.text("networkMode")?.as_deref().map(NetworkMode::from))
            .set_requires_compatibilities(compatibilities)
            .set_cpu(m.text("cpu")?)
            .set_memory(m.text("memory")?)
            .set_execution_role_arn(m.text("executionRoleArn")?)
            .set_task_role_arn(m.text("taskRoleArn")?)
            .set_container_definitions(m.list("containerDefinitions", container)?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn container(m: &Members<'_>) -> Result<ContainerDefinition, CallError> {
    let environment = m.list("environment", |m| {
        Ok(KeyValuePair::builder().set_name(m.text("name")?).set_value(m.text("value")?).build())
    })?;
    let secrets = m.list("secrets", |m| {
        let secret = Secret::builder().set_name(m.text("name")?).set_value_from(m.text("valueFrom")?);
        secret.build().map_err(|error| unbuildable(&error))
    })?;
    let ports = m.list("portMappings", |m| {
        let protocol = m.text("protocol")?.as_deref().map(TransportProtocol::from);
        Ok(PortMapping::builder().set_container_port(m.int("containerPort")?).set_protocol(protocol).build())
    })?;
    let depends_on = m.list("dependsOn", |m| {
        let condition = m.text("condition")?.as_deref().map(ContainerCondition::from);
        let dependency = ContainerDependency::builder().set_container_name(m.text("containerName")?);
        dependency.set_condition(condition).build().map_err(|error| unbuildable(&error))
    })?;
    Ok(ContainerDefinition::builder()
        .set_name(m.text("name")?)
        .set_image(m.text("image")?)
        .set_essential(m.flag("essential")?)
        .set_environment(environment)
        .set_secrets(secrets)
        .set_port_mappings(ports)
        .set_stop_timeout(m.int("stopTimeout")?)
        .set_start_timeout(m.int("startTimeout")?)
        .set_command(m.texts("command")?)
        .set_entry_point(m.texts("entryPoint")?)
        .set_working_directory(m.text("workingDirectory")?)
        .set_user(m.text("user")?)
        .set_cpu(m.int("cpu")?)
        .set_memory(m.int("memory")?)
        .set_docker_labels(m.pairs("dockerLabels")?.map(|all| all.into_iter().collect()))
        .set_depends_on(depends_on)
        .set_health_check(m.object("healthCheck", health_check)?)
        .set_memory_reservation(m.int("memoryReservation")?)
        .set_readonly_root_filesystem(m.flag("readonlyRootFilesystem")?)
        .set_log_configuration(m.object("logConfiguration", log)?)
        .build())
}

fn health_check(m: &Members<'_>) -> Result<HealthCheck, CallError> {
    HealthCheck::builder()
        .set_command(m.texts("command")?)
        .set_interval(m.int("interval")?)
        .set_timeout(m.int("timeout")?)
        .set_retries(m.int("retries")?)
        .set_start_period(m.int("startPeriod")?)
        .build()
        .map_err(|error| unbuildable(&error))
}

fn log(m: &Members<'_>) -> Result<LogConfiguration, CallError> {
    let log = LogConfiguration::builder().set_log_driver(m.text("logDriver")?.as_deref().map(LogDriver::from));
    log.set_options(m.pairs("options")?.map(|all| all.into_iter().collect()))
        .build()
        .map_err(|error| unbuildable(&error))
}

pub async fn deregister(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeregisterTaskDefinition", |m| {
        Ok(client.deregister_task_definition().set_task_definition(m.text("taskDefinition")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_container_keeps_every_member() {
        let input = json!({
            "name": "web", "image": "web:1", "essential": true, "stopTimeout": 20,
            "environment": [{ "name": "A", "value": "1" }], "secrets": [{ "name": "S", "valueFrom": "arn:s" }],
            "portMappings": [{ "containerPort": 8080, "protocol": "tcp" }],
            "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/shop" } },
            "command": ["guard", "--probe"], "memoryReservation": 32, "readonlyRootFilesystem": true,
            "dependsOn": [{ "containerName": "guard", "condition": "HEALTHY" }],
            "healthCheck": { "command": ["CMD", "/x"], "interval": 10, "timeout": 5, "retries": 3, "startPeriod": 10 },
        });
        let built = whole(&input, "container", container).unwrap();
        assert_eq!((built.image(), built.stop_timeout(), built.essential()), (Some("web:1"), Some(20), Some(true)));
        assert_eq!((built.environment().len(), built.secrets()[0].value_from()), (1, "arn:s"));
        assert_eq!(built.port_mappings()[0].container_port(), Some(8080));
        assert_eq!((built.command().len(), built.memory_reservation()), (2, Some(32)));
        assert_eq!(built.readonly_root_filesystem(), Some(true));
        assert_eq!(built.depends_on()[0].condition(), &ContainerCondition::Healthy);
        let check = built.health_check().unwrap();
        assert_eq!((check.command().len(), check.interval(), check.start_period()), (2, Some(10), Some(10)));
        let log = built.log_configuration().unwrap();
        assert_eq!(log.options().and_then(|options| options.get("awslogs-group")).map(String::as_str), Some("/shop"));
    }

    #[test]
    fn a_container_is_what_an_operator_says() {
        let input = json!({
            "name": "web", "entryPoint": ["/init"], "workingDirectory": "/srv", "user": "app", "cpu": 64, "memory": 128,
            "startTimeout": 60, "dockerLabels": { "a": "b" },
            "logConfiguration": { "logDriver": "awslogs", "options": { "mode": "non-blocking" } },
        });
        let built = whole(&input, "container", container).unwrap();
        assert_eq!(
            (built.working_directory(), built.user(), built.entry_point().len()),
            (Some("/srv"), Some("app"), 1)
        );
        assert_eq!((built.cpu(), built.memory(), built.start_timeout()), (64, Some(128), Some(60)));
        assert_eq!(built.docker_labels().unwrap()["a"], "b");
        assert_eq!(built.log_configuration().unwrap().options().unwrap()["mode"], "non-blocking");
        let input = json!({ "name": "web", "mountPoints": [{ "sourceVolume": "v" }] });
        assert!(
            whole(&input, "container", container).unwrap_err().message.starts_with("container.mountPoints is a member")
        );
    }
}
