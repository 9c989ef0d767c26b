//! Application Auto Scaling: the scalable target of a service, and its policy.

use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_applicationautoscaling::types::{ScalableDimension, ScalableTarget, ScalingPolicy, ServiceNamespace};
use serde_json::{Value, json};

/// The scalable target of the service; `resource` is `service/<cluster>/<service>`. It gives `arn`
/// and `suspended`: what of it is, with commas between.
///
/// # Errors
/// As the calls end.
pub async fn scalable_target(aws: &Aws, region: &str, resource: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.scaling.reads;
    let call = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs).resource_ids(resource);
    let call = call.scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
    let answer = call.send().await.map_err(call_error)?;
    let Some(found) = answer.scalable_targets().iter().find(|target| target.resource_id() == resource) else {
        return Ok(Seen::absent());
    };
    let seen = target(found);
    // targets that were registered before they had ARNs have no tags either
    let Some(arn) = found.scalable_target_arn() else { return Ok(seen) };
    let answer = client.list_tags_for_resource().resource_arn(arn).send().await.map_err(call_error)?;
    let tags = answer.tags().into_iter().flatten();
    Ok(seen.tagged(tags.map(|(key, value)| (text(Some(key)), text(Some(value)))).collect()))
}

fn target(found: &ScalableTarget) -> Seen {
    let is = json!({
        "ServiceNamespace": text(Some(found.service_namespace().as_str())),
        "ResourceId": text(Some(found.resource_id())),
        "ScalableDimension": text(Some(found.scalable_dimension().as_str())),
        "MinCapacity": found.min_capacity(),
        "MaxCapacity": found.max_capacity(),
    });
    Seen::there("", is).giving("arn", text(found.scalable_target_arn())).giving("suspended", suspended(found))
}

/// What of it is suspended, with commas between.
fn suspended(found: &ScalableTarget) -> String {
    let Some(state) = found.suspended_state() else { return String::new() };
    let kinds = [
        ("DynamicScalingIn", state.dynamic_scaling_in_suspended()),
        ("DynamicScalingOut", state.dynamic_scaling_out_suspended()),
        ("ScheduledScaling", state.scheduled_scaling_suspended()),
    ];
    let names: Vec<&str> = kinds.into_iter().filter(|(_, off)| *off == Some(true)).map(|(name, _)| name).collect();
    names.join(", ")
}

/// The policy called `name` of the service's scalable target. It gives `arn`.
///
/// # Errors
/// As the call ends.
pub async fn scaling_policy(aws: &Aws, region: &str, resource: &str, name: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.scaling.reads;
    let call = client.describe_scaling_policies().service_namespace(ServiceNamespace::Ecs).resource_id(resource);
    let call = call.scalable_dimension(ScalableDimension::EcsServiceDesiredCount).policy_names(name);
    let answer = call.send().await.map_err(call_error)?;
    let found = answer.scaling_policies().iter().find(|policy| policy.policy_name() == name);
    Ok(found.map_or_else(Seen::absent, policy))
}

fn policy(found: &ScalingPolicy) -> Seen {
    let tracking = found.target_tracking_scaling_policy_configuration().map(|config| {
        let metric = config.predefined_metric_specification().map(|metric| metric.predefined_metric_type().as_str());
        json!({
            "TargetValue": config.target_value(),
            "PredefinedMetricSpecification": { "PredefinedMetricType": some_text(metric) },
            "ScaleOutCooldown": config.scale_out_cooldown(),
            "ScaleInCooldown": config.scale_in_cooldown(),
        })
    });
    let is = json!({
        "PolicyName": text(Some(found.policy_name())),
        "ServiceNamespace": text(Some(found.service_namespace().as_str())),
        "ResourceId": text(Some(found.resource_id())),
        "ScalableDimension": text(Some(found.scalable_dimension().as_str())),
        "PolicyType": text(Some(found.policy_type().as_str())),
        "TargetTrackingScalingPolicyConfiguration": tracking.unwrap_or(Value::Null),
    });
    Seen::there("", is).giving("arn", text(Some(found.policy_arn())))
}
