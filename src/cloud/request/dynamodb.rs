//! Amazon DynamoDB: tables, their replicas and their settings.

use super::members::{Members, whole};
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::{call_error, unbuildable};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateReplicationGroupMemberAction, DeleteReplicationGroupMemberAction,
    KeySchemaElement, KeyType, MultiRegionConsistency, PointInTimeRecoverySpecification, ReplicationGroupUpdate,
    ScalarAttributeType, StreamSpecification, StreamViewType, Tag, TimeToLiveSpecification,
};
use serde_json::Value;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    match operation {
        "CreateTable" => create_table(aws, region, input).await,
        "UpdateTable" => update_table(aws, region, input).await,
        "DeleteTable" => delete_table(aws, region, input).await,
        "UpdateTimeToLive" => update_time_to_live(aws, region, input).await,
        "UpdateContinuousBackups" => update_continuous_backups(aws, region, input).await,
        "TagResource" => tag_resource(aws, region, input).await,
        _ => Err(super::unknown("dynamodb", operation)),
    }
}

async fn create_table(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.create_table();
    let call = whole(input, "CreateTable", |m| {
        Ok(call
            .set_table_name(m.text("TableName")?)
            .set_attribute_definitions(m.list("AttributeDefinitions", attribute)?)
            .set_key_schema(m.list("KeySchema", key)?)
            .set_billing_mode(m.text("BillingMode")?.map(|mode| BillingMode::from(mode.as_str())))
            .set_stream_specification(m.object("StreamSpecification", stream)?)
            .set_deletion_protection_enabled(m.flag("DeletionProtectionEnabled")?)
            .set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn update_table(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.update_table();
    let call = whole(input, "UpdateTable", |m| {
        let consistency = m.text("MultiRegionConsistency")?;
        Ok(call
            .set_table_name(m.text("TableName")?)
            .set_billing_mode(m.text("BillingMode")?.map(|mode| BillingMode::from(mode.as_str())))
            .set_stream_specification(m.object("StreamSpecification", stream)?)
            .set_deletion_protection_enabled(m.flag("DeletionProtectionEnabled")?)
            .set_multi_region_consistency(consistency.map(|mode| MultiRegionConsistency::from(mode.as_str())))
            .set_replica_updates(m.list("ReplicaUpdates", replica)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn delete_table(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.delete_table();
    let call = whole(input, "DeleteTable", |m| Ok(call.set_table_name(m.text("TableName")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn update_time_to_live(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.update_time_to_live();
    let call = whole(input, "UpdateTimeToLive", |m| {
        let ttl = m.object("TimeToLiveSpecification", |m| {
            let ttl = TimeToLiveSpecification::builder().set_enabled(m.flag("Enabled")?);
            ttl.set_attribute_name(m.text("AttributeName")?).build().map_err(|e| unbuildable(&e))
        })?;
        Ok(call.set_table_name(m.text("TableName")?).set_time_to_live_specification(ttl))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn update_continuous_backups(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.update_continuous_backups();
    let call = whole(input, "UpdateContinuousBackups", |m| {
        let recovery = m.object("PointInTimeRecoverySpecification", |m| {
            let recovery = PointInTimeRecoverySpecification::builder();
            let recovery = recovery.set_point_in_time_recovery_enabled(m.flag("PointInTimeRecoveryEnabled")?);
            recovery.build().map_err(|e| unbuildable(&e))
        })?;
        Ok(call.set_table_name(m.text("TableName")?).set_point_in_time_recovery_specification(recovery))
    })?;
    let answer = call.send().await.map_err(|error| not_yet(call_error(error)))?;
    Ok(some_text(answer.request_id()))
}

/// For some time a new table has no backups that could be changed: that is its state, not our mistake (API
/// Reference, ContinuousBackupsUnavailableException).
fn not_yet(error: CallError) -> CallError {
    match error.code.as_deref() {
        Some("ContinuousBackupsUnavailableException") => CallError { class: ErrorClass::Conflict, ..error },
        _ => error,
    }
}

async fn tag_resource(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.dynamodb.writes.tag_resource();
    let call = whole(input, "TagResource", |m| {
        Ok(call.set_resource_arn(m.text("ResourceArn")?).set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn attribute(m: &Members<'_>) -> Result<AttributeDefinition, CallError> {
    let kind = m.text("AttributeType")?.map(|kind| ScalarAttributeType::from(kind.as_str()));
    let attribute = AttributeDefinition::builder().set_attribute_name(m.text("AttributeName")?);
    attribute.set_attribute_type(kind).build().map_err(|e| unbuildable(&e))
}

fn key(m: &Members<'_>) -> Result<KeySchemaElement, CallError> {
    let kind = m.text("KeyType")?.map(|kind| KeyType::from(kind.as_str()));
    let key = KeySchemaElement::builder().set_attribute_name(m.text("AttributeName")?);
    key.set_key_type(kind).build().map_err(|e| unbuildable(&e))
}

fn stream(m: &Members<'_>) -> Result<StreamSpecification, CallError> {
    let view = m.text("StreamViewType")?.map(|view| StreamViewType::from(view.as_str()));
    let stream = StreamSpecification::builder().set_stream_enabled(m.flag("StreamEnabled")?);
    stream.set_stream_view_type(view).build().map_err(|e| unbuildable(&e))
}

fn replica(m: &Members<'_>) -> Result<ReplicationGroupUpdate, CallError> {
    let create = m.object("Create", |m| {
        let create = CreateReplicationGroupMemberAction::builder().set_region_name(m.text("RegionName")?);
        create.build().map_err(|e| unbuildable(&e))
    })?;
    let delete = m.object("Delete", |m| {
        let delete = DeleteReplicationGroupMemberAction::builder().set_region_name(m.text("RegionName")?);
        delete.build().map_err(|e| unbuildable(&e))
    })?;
    Ok(ReplicationGroupUpdate::builder().set_create(create).set_delete(delete).build())
}

fn tag(m: &Members<'_>) -> Result<Tag, CallError> {
    let tag = Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?);
    tag.build().map_err(|e| unbuildable(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_replica_is_made_or_dropped() {
        let read = |input: Value| whole(&input, "UpdateTable", |m| m.list("ReplicaUpdates", replica));
        let made = read(json!({ "ReplicaUpdates": [{ "Create": { "RegionName": "eu-west-1" } }] })).unwrap().unwrap();
        assert_eq!(made[0].create().map(|one| one.region_name()), Some("eu-west-1"));
        let dropped =
            read(json!({ "ReplicaUpdates": [{ "Delete": { "RegionName": "eu-west-1" } }] })).unwrap().unwrap();
        assert_eq!(dropped[0].delete().map(|one| one.region_name()), Some("eu-west-1"));
        let unknown = read(json!({ "ReplicaUpdates": [{ "Create": { "RegionName": "x", "KMSMasterKeyId": "k" } }] }));
        assert!(unknown.unwrap_err().message.contains("KMSMasterKeyId is a member that cannot be sent"));
    }

    #[test]
    fn backups_of_a_new_table_are_waited_for() {
        let error = |code: &str| CallError {
            code: Some(code.into()),
            ..CallError::new(ErrorClass::Invalid, "Backups are being enabled for the table: shop-sessions")
        };
        assert_eq!(not_yet(error("ContinuousBackupsUnavailableException")).class, ErrorClass::Conflict);
        assert_eq!(not_yet(error("ValidationException")).class, ErrorClass::Invalid);
    }
}
