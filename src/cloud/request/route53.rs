//! Amazon Route 53: health checks and their tags. Records are changed by [`crate::cloud::route53`].

use super::members::{Members, whole};
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::{call_error, unbuildable};
use crate::cloud::look::route53::checks;
use crate::model::outcome::CallError;
use aws_sdk_route53::operation::RequestId;
use aws_sdk_route53::types::{HealthCheckConfig, HealthCheckType, Tag, TagResourceType};
use serde_json::Value;

/// How often a reference is tried that deleted checks may still have: each time with another number.
const REFERENCES: u32 = 9;

pub(super) async fn send(aws: &Aws, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    aws.0.route53_pace.turn().await;
    match operation {
        "CreateHealthCheck" => create_health_check(aws, input).await,
        "UpdateHealthCheck" => update_health_check(aws, input).await,
        "DeleteHealthCheck" => delete_health_check(aws, input).await,
        "ChangeTagsForResource" => change_tags_for_resource(aws, input).await,
        _ => Err(super::unknown("route53", operation)),
    }
}

/// A reference that a deleted check had is taken for some days more (API Reference, CreateHealthCheck). Where
/// no check has it that still is, a number is added to it.
async fn create_health_check(aws: &Aws, input: &Value) -> Result<Option<String>, CallError> {
    let (reference, config) = whole(input, "CreateHealthCheck", |m| {
        let config = m.object("HealthCheckConfig", config)?;
        Ok((m.text("CallerReference")?.unwrap_or_default(), config))
    })?;
    let mut name = reference.clone();
    for number in 2..=REFERENCES {
        let call = aws.0.route53.writes.create_health_check().caller_reference(&name);
        let error = match call.set_health_check_config(config.clone()).send().await.map_err(call_error) {
            Ok(answer) => return Ok(some_text(answer.request_id())),
            Err(error) => error,
        };
        let taken = error.code.as_deref() == Some("HealthCheckAlreadyExists");
        if !taken || checks(aws).await?.iter().any(|check| check.reference == name) {
            return Err(error);
        }
        name = format!("{reference}-{number}");
        aws.0.route53_pace.turn().await;
    }
    let call = aws.0.route53.writes.create_health_check().caller_reference(&name).set_health_check_config(config);
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn config(m: &Members<'_>) -> Result<HealthCheckConfig, CallError> {
    HealthCheckConfig::builder()
        .set_type(m.text("Type")?.map(|kind| HealthCheckType::from(kind.as_str())))
        .set_fully_qualified_domain_name(m.text("FullyQualifiedDomainName")?)
        .set_port(m.int("Port")?)
        .set_resource_path(m.text("ResourcePath")?)
        .set_search_string(m.text("SearchString")?)
        .set_request_interval(m.int("RequestInterval")?)
        .set_failure_threshold(m.int("FailureThreshold")?)
        .set_measure_latency(m.flag("MeasureLatency")?)
        .set_inverted(m.flag("Inverted")?)
        .set_disabled(m.flag("Disabled")?)
        .set_enable_sni(m.flag("EnableSNI")?)
        .set_health_threshold(m.int("HealthThreshold")?)
        .set_child_health_checks(m.texts("ChildHealthChecks")?)
        .build()
        .map_err(|e| unbuildable(&e))
}

async fn update_health_check(aws: &Aws, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.0.route53.writes.update_health_check();
    let call = whole(input, "UpdateHealthCheck", |m| {
        Ok(call
            .set_health_check_id(m.text("HealthCheckId")?)
            .set_health_check_version(m.int("HealthCheckVersion")?.map(i64::from))
            .set_fully_qualified_domain_name(m.text("FullyQualifiedDomainName")?)
            .set_port(m.int("Port")?)
            .set_resource_path(m.text("ResourcePath")?)
            .set_search_string(m.text("SearchString")?)
            .set_failure_threshold(m.int("FailureThreshold")?)
            .set_inverted(m.flag("Inverted")?)
            .set_disabled(m.flag("Disabled")?)
            .set_enable_sni(m.flag("EnableSNI")?)
            .set_health_threshold(m.int("HealthThreshold")?)
            .set_child_health_checks(m.texts("ChildHealthChecks")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn delete_health_check(aws: &Aws, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.0.route53.writes.delete_health_check();
    let call = whole(input, "DeleteHealthCheck", |m| Ok(call.set_health_check_id(m.text("HealthCheckId")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn change_tags_for_resource(aws: &Aws, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.0.route53.writes.change_tags_for_resource();
    let call = whole(input, "ChangeTagsForResource", |m| {
        let kind = m.text("ResourceType")?.map(|kind| TagResourceType::from(kind.as_str()));
        let tags =
            m.list("AddTags", |m| Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build()))?;
        Ok(call.set_resource_type(kind).set_resource_id(m.text("ResourceId")?).set_add_tags(tags))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
