//! The global cluster.

use super::super::members::whole;
use super::tag;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::operation::RequestId;
use serde_json::Value;

pub async fn create(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.create_global_cluster();
    let call = whole(input, "CreateGlobalCluster", |m| {
        Ok(call
            .set_global_cluster_identifier(m.text("GlobalClusterIdentifier")?)
            .set_engine(m.text("Engine")?)
            .set_engine_version(m.text("EngineVersion")?)
            .set_database_name(m.text("DatabaseName")?)
            .set_storage_encrypted(m.flag("StorageEncrypted")?)
            .set_deletion_protection(m.flag("DeletionProtection")?)
            .set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.modify_global_cluster();
    let call = whole(input, "ModifyGlobalCluster", |m| {
        Ok(call
            .set_global_cluster_identifier(m.text("GlobalClusterIdentifier")?)
            .set_deletion_protection(m.flag("DeletionProtection")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn remove_from(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.remove_from_global_cluster();
    let call = whole(input, "RemoveFromGlobalCluster", |m| {
        Ok(call
            .set_global_cluster_identifier(m.text("GlobalClusterIdentifier")?)
            .set_db_cluster_identifier(m.text("DbClusterIdentifier")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.delete_global_cluster();
    let call = whole(input, "DeleteGlobalCluster", |m| {
        Ok(call.set_global_cluster_identifier(m.text("GlobalClusterIdentifier")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
