//! AWS Secrets Manager: secrets with generated passwords, and their replicas.

use super::members::{Members, whole};
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::cloud::secretsmanager::{Generated, generated};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_secretsmanager::operation::RequestId;
use aws_sdk_secretsmanager::types::{ReplicaRegionType, Tag};
use serde_json::Value;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    let sent = match operation {
        "CreateSecret" => create_secret(aws, region, input).await,
        "ReplicateSecretToRegions" => replicate_secret_to_regions(aws, region, input).await,
        "RemoveRegionsFromReplication" => remove_regions_from_replication(aws, region, input).await,
        "RestoreSecret" => restore_secret(aws, region, input).await,
        "DeleteSecret" => delete_secret(aws, region, input).await,
        "TagResource" => tag_resource(aws, region, input).await,
        _ => Err(super::unknown("secretsmanager", operation)),
    };
    sent.map_err(|mut error| {
        // A name is free only some seconds after a deletion by force: a state, not a mistake.
        if error.message.contains("scheduled for deletion") {
            error.class = ErrorClass::Conflict;
        }
        error
    })
}

/// The value is made here and goes nowhere else: only a rule for it stands in the input.
async fn create_secret(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.create_secret();
    let (call, rule) = whole(input, "CreateSecret", |m| {
        let call = call
            .set_name(m.text("Name")?)
            .set_description(m.text("Description")?)
            .set_kms_key_id(m.text("KmsKeyId")?)
            .set_add_replica_regions(m.list("AddReplicaRegions", replica)?)
            .set_tags(m.list("Tags", tag)?);
        Ok((call, m.object("GenerateSecretString", rule)?))
    })?;
    let rule = rule.ok_or_else(|| {
        CallError::new(ErrorClass::Invalid, "CreateSecret.GenerateSecretString is missing: nothing was sent")
    })?;
    let value = generated(aws, region, &rule).await?;
    let answer = call.secret_string(value).send().await.map_err(call_error)?;
    Ok(some_text(answer.request_id()))
}

/// As CloudFormation has it (`AWS::SecretsManager::Secret`, GenerateSecretString).
fn rule(m: &Members<'_>) -> Result<Generated, CallError> {
    Ok(Generated {
        template: m.text("SecretStringTemplate")?.unwrap_or_default(),
        key: m.text("GenerateStringKey")?.unwrap_or_default(),
        length: m.int("PasswordLength")?,
        exclude_characters: m.text("ExcludeCharacters")?,
        exclude_punctuation: m.flag("ExcludePunctuation")?,
    })
}

fn replica(m: &Members<'_>) -> Result<ReplicaRegionType, CallError> {
    Ok(ReplicaRegionType::builder().set_region(m.text("Region")?).set_kms_key_id(m.text("KmsKeyId")?).build())
}

fn tag(m: &Members<'_>) -> Result<Tag, CallError> {
    Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build())
}

async fn tag_resource(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.tag_resource();
    let call =
        whole(input, "TagResource", |m| Ok(call.set_secret_id(m.text("SecretId")?).set_tags(m.list("Tags", tag)?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn replicate_secret_to_regions(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.replicate_secret_to_regions();
    let call = whole(input, "ReplicateSecretToRegions", |m| {
        Ok(call.set_secret_id(m.text("SecretId")?).set_add_replica_regions(m.list("AddReplicaRegions", replica)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn remove_regions_from_replication(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.remove_regions_from_replication();
    let call = whole(input, "RemoveRegionsFromReplication", |m| {
        Ok(call.set_secret_id(m.text("SecretId")?).set_remove_replica_regions(m.texts("RemoveReplicaRegions")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn restore_secret(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.restore_secret();
    let call = whole(input, "RestoreSecret", |m| Ok(call.set_secret_id(m.text("SecretId")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn delete_secret(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.secretsmanager.writes.delete_secret();
    let call = whole(input, "DeleteSecret", |m| {
        Ok(call
            .set_secret_id(m.text("SecretId")?)
            .set_force_delete_without_recovery(m.flag("ForceDeleteWithoutRecovery")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
