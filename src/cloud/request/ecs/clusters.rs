//! Requests that make and change clusters.

use super::super::members::{Members, whole};
use super::{Sent, tags};
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::RequestId;
use aws_sdk_ecs::types::{ClusterSetting, ClusterSettingName};
use serde_json::Value;

pub async fn create(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateCluster", |m| {
        Ok(client
            .create_cluster()
            .set_cluster_name(m.text("clusterName")?)
            .set_capacity_providers(m.texts("capacityProviders")?)
            .set_settings(settings(m)?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn update_settings(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "UpdateClusterSettings", |m| {
        Ok(client.update_cluster_settings().set_cluster(m.text("cluster")?).set_settings(settings(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn settings(m: &Members<'_>) -> Result<Option<Vec<ClusterSetting>>, CallError> {
    m.list("settings", |m| {
        let name = m.text("name")?.as_deref().map(ClusterSettingName::from);
        Ok(ClusterSetting::builder().set_name(name).set_value(m.text("value")?).build())
    })
}

pub async fn delete(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteCluster", |m| Ok(client.delete_cluster().set_cluster(m.text("cluster")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
