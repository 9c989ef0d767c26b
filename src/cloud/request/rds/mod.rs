//! Amazon RDS: the global cluster, its members and their instances, parameter groups.

mod cluster;
mod global;
mod instance;
mod parameters;

use super::members::{Members, whole};
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::operation::RequestId;
use aws_sdk_rds::types::Tag;
use serde_json::Value;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    match operation {
        "CreateDBClusterParameterGroup" => parameters::create(aws, region, input).await,
        "DeleteDBClusterParameterGroup" => parameters::delete(aws, region, input).await,
        "CreateGlobalCluster" => global::create(aws, region, input).await,
        "ModifyGlobalCluster" => global::modify(aws, region, input).await,
        "RemoveFromGlobalCluster" => global::remove_from(aws, region, input).await,
        "DeleteGlobalCluster" => global::delete(aws, region, input).await,
        "CreateDBCluster" => cluster::create(aws, region, input).await,
        "ModifyDBCluster" => cluster::modify(aws, region, input).await,
        "EnableHttpEndpoint" => cluster::enable_http_endpoint(aws, region, input).await,
        "DeleteDBCluster" => cluster::delete(aws, region, input).await,
        "CreateDBInstance" => instance::create(aws, region, input).await,
        "ModifyDBInstance" => instance::modify(aws, region, input).await,
        "DeleteDBInstance" => instance::delete(aws, region, input).await,
        "AddTagsToResource" => add_tags(aws, region, input).await,
        _ => Err(super::unknown("rds", operation)),
    }
}

async fn add_tags(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.add_tags_to_resource();
    let call = whole(input, "AddTagsToResource", |m| {
        Ok(call.set_resource_name(m.text("ResourceName")?).set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn tag(m: &Members<'_>) -> Result<Tag, CallError> {
    Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build())
}
