//! The newest revision of a family.

use super::super::sorted;
use super::tags;
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::{Seen, or_none};
use crate::model::outcome::CallError;
use crate::model::text::brief;
use aws_sdk_ecs::types::{
    ContainerDefinition, ContainerDependency, HealthCheck, LogConfiguration, SortOrder, TaskDefinition,
    TaskDefinitionField, TaskDefinitionStatus,
};
use serde_json::{Map, Value, json};

/// The newest ACTIVE revision of the family. It gives `arn`, which names the revision. Values of the environment that are
/// long or have several lines are told in [`brief`].
///
/// # Errors
/// As the calls end.
pub async fn task_definition(aws: &Aws, region: &str, family: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.ecs.reads;
    let call = client.list_task_definitions().family_prefix(family).status(TaskDefinitionStatus::Active);
    let answer = call.sort(SortOrder::Desc).send().await.map_err(call_error)?;
    let Some(arn) = answer.task_definition_arns().iter().find(|arn| family_of(arn) == Some(family)) else {
        return Ok(Seen::absent());
    };
    let call = client.describe_task_definition().task_definition(arn).include(TaskDefinitionField::Tags);
    let answer = call.send().await.map_err(call_error)?;
    Ok(answer.task_definition().map_or_else(Seen::absent, seen).tagged(tags(answer.tags())))
}

/// The family of `arn:aws:ecs:eu-west-1:1:task-definition/shop-web:7`.
fn family_of(arn: &str) -> Option<&str> {
    Some(arn.rsplit_once('/')?.1.rsplit_once(':')?.0)
}

fn seen(found: &TaskDefinition) -> Seen {
    let compatibilities = found.requires_compatibilities().iter().map(|one| one.as_str());
    let is = json!({
        "family": text(found.family()),
        "networkMode": text(found.network_mode().map(|mode| mode.as_str())),
        "requiresCompatibilities": sorted(compatibilities),
        "cpu": text(found.cpu()),
        "memory": text(found.memory()),
        "executionRoleArn": text(found.execution_role_arn()),
        "taskRoleArn": text(found.task_role_arn()),
        "containerDefinitions": found.container_definitions().iter().map(container).collect::<Value>(),
    });
    Seen::there(text(found.status().map(|status| status.as_str())), is).giving("arn", text(found.task_definition_arn()))
}

fn container(found: &ContainerDefinition) -> Value {
    let mut environment: Vec<(String, String)> =
        found.environment().iter().map(|pair| (text(pair.name()), brief(pair.value().unwrap_or_default()))).collect();
    environment.sort();
    let mut secrets: Vec<(String, String)> =
        found.secrets().iter().map(|one| (text(Some(one.name())), text(Some(one.value_from())))).collect();
    secrets.sort();
    let port = |mapping: &aws_sdk_ecs::types::PortMapping| {
        json!({
            "containerPort": mapping.container_port(),
            "protocol": text(mapping.protocol().map(|protocol| protocol.as_str())),
        })
    };
    let told = json!({
        "name": text(found.name()),
        "image": text(found.image()),
        "essential": found.essential(),
        "environment": pairs(environment, "value"),
        "secrets": pairs(secrets, "valueFrom"),
        "portMappings": found.port_mappings().iter().map(port).collect::<Value>(),
        "stopTimeout": found.stop_timeout(),
        "startTimeout": found.start_timeout(),
        "command": words(found.command()),
        "entryPoint": words(found.entry_point()),
        "workingDirectory": found.working_directory().map(|folder| text(Some(folder))),
        "user": found.user().map(|user| text(Some(user))),
        "cpu": found.cpu(),
        "memory": found.memory(),
        "dockerLabels": found.docker_labels().map(|labels| texts(labels.iter())),
        "dependsOn": found.depends_on().iter().map(dependency).collect::<Value>(),
        "healthCheck": found.health_check().map(check),
        "memoryReservation": found.memory_reservation(),
        "readonlyRootFilesystem": found.readonly_root_filesystem(),
        "logConfiguration": found.log_configuration().map(log),
    });
    let members = told.as_object().cloned().unwrap_or_default();
    Value::Object(members.into_iter().map(|(name, value)| (name, or_none(value))).collect())
}

fn dependency(found: &ContainerDependency) -> Value {
    json!({ "containerName": text(Some(found.container_name())), "condition": text(Some(found.condition().as_str())) })
}

fn check(found: &HealthCheck) -> Value {
    json!({
        "command": words(found.command()),
        "interval": found.interval(),
        "timeout": found.timeout(),
        "retries": found.retries(),
        "startPeriod": found.start_period(),
    })
}

fn pairs(pairs: Vec<(String, String)>, second: &str) -> Value {
    pairs.into_iter().map(|(name, value)| json!({ "name": name, second: value })).collect()
}

fn log(found: &LogConfiguration) -> Value {
    let options = texts(found.options().into_iter().flatten());
    json!({ "logDriver": text(Some(found.log_driver().as_str())), "options": options })
}

fn words(words: &[String]) -> Value {
    words.iter().map(|word| text(Some(word))).collect()
}

fn texts<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> Map<String, Value> {
    pairs.map(|(name, value)| (text(Some(name)), json!(text(Some(value))))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{ContainerCondition, KeyValuePair, LogDriver};

    #[test]
    fn the_order_of_the_environment_means_nothing() {
        let pair = |name: &str| KeyValuePair::builder().name(name).value("v").build();
        let log = LogConfiguration::builder().log_driver(LogDriver::Awslogs).options("awslogs-group", "g");
        let found = ContainerDefinition::builder().environment(pair("B")).environment(pair("A"));
        let is = container(&found.log_configuration(log.build().unwrap()).build());
        assert_eq!(is["environment"], json!([{ "name": "A", "value": "v" }, { "name": "B", "value": "v" }]));
        assert_eq!(is["logConfiguration"], json!({ "logDriver": "awslogs", "options": { "awslogs-group": "g" } }));
    }

    #[test]
    fn what_a_container_waits_for_and_how_it_is_asked_is_told() {
        let check = HealthCheck::builder().command("CMD").command("/tandem").interval(10).retries(3).timeout(5);
        let waits = ContainerDependency::builder().container_name("guard").condition(ContainerCondition::Healthy);
        let found = ContainerDefinition::builder()
            .command("guard")
            .health_check(check.start_period(10).build().unwrap())
            .depends_on(waits.build().unwrap());
        let is = container(&found.memory_reservation(32).readonly_root_filesystem(true).build());
        assert_eq!(is["command"], json!(["guard"]));
        assert_eq!(is["dependsOn"], json!([{ "containerName": "guard", "condition": "HEALTHY" }]));
        let check =
            json!({ "command": ["CMD", "/tandem"], "interval": 10, "timeout": 5, "retries": 3, "startPeriod": 10 });
        assert_eq!(is["healthCheck"], check);
        assert_eq!((&is["memoryReservation"], &is["readonlyRootFilesystem"]), (&json!(32), &json!(true)));
    }

    #[test]
    fn a_family_that_begins_alike_is_another() {
        assert_eq!(family_of("arn:aws:ecs:eu-west-1:1:task-definition/shop-web-2:7"), Some("shop-web-2"));
        assert_eq!(family_of("shop-web"), None);
    }
}
