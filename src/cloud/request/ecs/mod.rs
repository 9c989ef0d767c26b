//! Requests of Amazon ECS.

mod clusters;
mod services;
mod task_definitions;

use super::members::Members;
use super::unknown;
use crate::cloud::Aws;
use crate::model::outcome::CallError;
use aws_sdk_ecs::types::Tag;
use serde_json::Value;

/// The id of the request, when it went well.
type Sent = Result<Option<String>, CallError>;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Sent {
    let client = &aws.regional(region)?.ecs.writes;
    match operation {
        "CreateCluster" => clusters::create(client, input).await,
        "UpdateClusterSettings" => clusters::update_settings(client, input).await,
        "DeleteCluster" => clusters::delete(client, input).await,
        "RegisterTaskDefinition" => task_definitions::register(client, input).await,
        "DeregisterTaskDefinition" => task_definitions::deregister(client, input).await,
        "CreateService" => services::create(client, input).await,
        "UpdateService" => services::update(client, input).await,
        "DeleteService" => services::delete(client, input).await,
        _ => Err(unknown("ecs", operation)),
    }
}

fn tags(m: &Members<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    m.list("tags", |m| Ok(Tag::builder().set_key(m.text("key")?).set_value(m.text("value")?).build()))
}
