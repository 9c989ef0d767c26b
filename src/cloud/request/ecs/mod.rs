//! Requests of Amazon ECS.

mod clusters;
mod services;
mod task_definitions;

use super::members::{Members, whole};
use super::unknown;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::RequestId;
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
        "TagResource" => tag_resource(client, input).await,
        _ => Err(unknown("ecs", operation)),
    }
}

async fn tag_resource(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "TagResource", |m| {
        Ok(client.tag_resource().set_resource_arn(m.text("resourceArn")?).set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn tags(m: &Members<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    m.list("tags", |m| Ok(Tag::builder().set_key(m.text("key")?).set_value(m.text("value")?).build()))
}
