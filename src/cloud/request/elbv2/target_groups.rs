//! Requests that make and change target groups.

use super::super::members::{Members, whole};
use super::Sent;
use super::words::{protocol, tags};
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::RequestId;
use aws_sdk_elasticloadbalancingv2::types::{Matcher, TargetGroupAttribute, TargetTypeEnum};
use serde_json::Value;

pub async fn create(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateTargetGroup", |m| {
        Ok(client
            .create_target_group()
            .set_name(m.text("Name")?)
            .set_protocol(protocol(m, "Protocol")?)
            .set_port(m.int("Port")?)
            .set_vpc_id(m.text("VpcId")?)
            .set_target_type(m.text("TargetType")?.as_deref().map(TargetTypeEnum::from))
            .set_health_check_protocol(protocol(m, "HealthCheckProtocol")?)
            .set_health_check_path(m.text("HealthCheckPath")?)
            .set_health_check_interval_seconds(m.int("HealthCheckIntervalSeconds")?)
            .set_health_check_timeout_seconds(m.int("HealthCheckTimeoutSeconds")?)
            .set_healthy_threshold_count(m.int("HealthyThresholdCount")?)
            .set_unhealthy_threshold_count(m.int("UnhealthyThresholdCount")?)
            .set_matcher(matcher(m)?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "ModifyTargetGroup", |m| {
        Ok(client
            .modify_target_group()
            .set_target_group_arn(m.text("TargetGroupArn")?)
            .set_health_check_protocol(protocol(m, "HealthCheckProtocol")?)
            .set_health_check_path(m.text("HealthCheckPath")?)
            .set_health_check_interval_seconds(m.int("HealthCheckIntervalSeconds")?)
            .set_health_check_timeout_seconds(m.int("HealthCheckTimeoutSeconds")?)
            .set_healthy_threshold_count(m.int("HealthyThresholdCount")?)
            .set_unhealthy_threshold_count(m.int("UnhealthyThresholdCount")?)
            .set_matcher(matcher(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn matcher(m: &Members<'_>) -> Result<Option<Matcher>, CallError> {
    m.object("Matcher", |m| Ok(Matcher::builder().set_http_code(m.text("HttpCode")?).build()))
}

pub async fn modify_attributes(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "ModifyTargetGroupAttributes", |m| {
        let attributes = m.list("Attributes", |m| {
            Ok(TargetGroupAttribute::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build())
        })?;
        let call = client.modify_target_group_attributes().set_target_group_arn(m.text("TargetGroupArn")?);
        Ok(call.set_attributes(attributes))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteTargetGroup", |m| {
        Ok(client.delete_target_group().set_target_group_arn(m.text("TargetGroupArn")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
