//! Requests of Application Auto Scaling.

use super::members::{Members, whole};
use super::unknown;
use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::{call_error, unbuildable};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_applicationautoscaling::Client;
use aws_sdk_applicationautoscaling::operation::RequestId;
use aws_sdk_applicationautoscaling::types::{
    MetricType, PolicyType, PredefinedMetricSpecification, ScalableDimension, ServiceNamespace,
    TargetTrackingScalingPolicyConfiguration,
};
use serde_json::Value;

/// The id of the request, when it went well.
type Sent = Result<Option<String>, CallError>;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Sent {
    let client = &aws.regional(region)?.scaling.writes;
    match operation {
        "RegisterScalableTarget" => register_target(client, input).await,
        "DeregisterScalableTarget" => deregister_target(client, input).await,
        "PutScalingPolicy" => put_policy(client, input).await,
        "DeleteScalingPolicy" => delete_policy(client, input).await,
        _ => Err(unknown("application-autoscaling", operation)),
    }
}

fn namespace(m: &Members<'_>) -> Result<Option<ServiceNamespace>, CallError> {
    Ok(m.text("ServiceNamespace")?.as_deref().map(ServiceNamespace::from))
}

fn dimension(m: &Members<'_>) -> Result<Option<ScalableDimension>, CallError> {
    Ok(m.text("ScalableDimension")?.as_deref().map(ScalableDimension::from))
}

async fn register_target(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "RegisterScalableTarget", |m| {
        let call = client
            .register_scalable_target()
            .set_service_namespace(namespace(m)?)
            .set_resource_id(m.text("ResourceId")?)
            .set_scalable_dimension(dimension(m)?)
            .set_min_capacity(m.int("MinCapacity")?)
            .set_max_capacity(m.int("MaxCapacity")?);
        let tags = m.value("Tags").map_or(Ok(vec![]), tags)?;
        Ok(tags.into_iter().fold(call, |call, (key, value)| call.tags(key, value)))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

/// Tags are members of an object here, with keys of anybody's choice.
fn tags(value: &Value) -> Result<Vec<(&str, &str)>, CallError> {
    let wrong = |what: &str| {
        let message = format!("RegisterScalableTarget.Tags{} must be text: nothing was sent", text(Some(what)));
        CallError::new(ErrorClass::Invalid, message)
    };
    let tags = value.as_object().ok_or_else(|| wrong(" of every key"))?;
    let pair = |(key, value): (&'_ String, &'_ Value)| value.as_str().is_some() && !key.is_empty();
    match tags.iter().find(|tag| !pair(*tag)) {
        Some((key, _)) => Err(wrong(&format!(".{key}"))),
        None => Ok(tags.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()),
    }
}

async fn deregister_target(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeregisterScalableTarget", |m| {
        let call = client.deregister_scalable_target().set_service_namespace(namespace(m)?);
        Ok(call.set_resource_id(m.text("ResourceId")?).set_scalable_dimension(dimension(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn put_policy(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "PutScalingPolicy", |m| {
        Ok(client
            .put_scaling_policy()
            .set_policy_name(m.text("PolicyName")?)
            .set_service_namespace(namespace(m)?)
            .set_resource_id(m.text("ResourceId")?)
            .set_scalable_dimension(dimension(m)?)
            .set_policy_type(m.text("PolicyType")?.as_deref().map(PolicyType::from))
            .set_target_tracking_scaling_policy_configuration(
                m.object("TargetTrackingScalingPolicyConfiguration", tracking)?,
            ))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn tracking(m: &Members<'_>) -> Result<TargetTrackingScalingPolicyConfiguration, CallError> {
    let metric = m.object("PredefinedMetricSpecification", |m| {
        let kind = m.text("PredefinedMetricType")?.as_deref().map(MetricType::from);
        let metric = PredefinedMetricSpecification::builder().set_predefined_metric_type(kind);
        metric.build().map_err(|error| unbuildable(&error))
    })?;
    TargetTrackingScalingPolicyConfiguration::builder()
        .set_target_value(m.number("TargetValue")?)
        .set_predefined_metric_specification(metric)
        .set_scale_out_cooldown(m.int("ScaleOutCooldown")?)
        .set_scale_in_cooldown(m.int("ScaleInCooldown")?)
        .build()
        .map_err(|error| unbuildable(&error))
}

async fn delete_policy(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteScalingPolicy", |m| {
        Ok(client
            .delete_scaling_policy()
            .set_policy_name(m.text("PolicyName")?)
            .set_service_namespace(namespace(m)?)
            .set_resource_id(m.text("ResourceId")?)
            .set_scalable_dimension(dimension(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_are_texts_under_any_key() {
        assert_eq!(tags(&json!({ "tandem:stack": "shop" })).unwrap(), [("tandem:stack", "shop")]);
        assert!(tags(&json!({ "team": 1 })).unwrap_err().message.contains("Tags.team"));
        assert!(tags(&json!([])).is_err());
    }
}
