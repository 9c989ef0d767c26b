//! PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy: target tracking.

use super::check::{self, DIMENSION, INVALID_TOKEN, NAMESPACE};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty};
use crate::paging::page;
use crate::world::scaling::policy::{self, Policy, Tracked, Tracking};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Put {
    PolicyName: Option<String>,
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
    PolicyType: Option<String>,
    TargetTrackingScalingPolicyConfiguration: Option<Configuration>,
}

#[derive(Serialize, Deserialize)]
struct Configuration {
    TargetValue: Option<f64>,
    PredefinedMetricSpecification: Option<Predefined>,
    #[serde(skip_serializing)]
    CustomizedMetricSpecification: Option<serde::de::IgnoredAny>,
    ScaleOutCooldown: Option<i64>,
    ScaleInCooldown: Option<i64>,
    DisableScaleIn: Option<bool>,
}

#[derive(Serialize, Deserialize)]
struct Predefined {
    PredefinedMetricType: String,
    ResourceLabel: Option<String>,
}

#[derive(Serialize)]
struct Alarm {
    AlarmName: String,
    AlarmARN: String,
}

#[derive(Serialize)]
pub struct Made {
    PolicyARN: String,
    Alarms: Vec<Alarm>,
}

pub fn put_scaling_policy(world: &mut World, caller: &Caller, ask: Put) -> Answer<Made> {
    let resource = check::resource(ask.ServiceNamespace, ask.ResourceId, ask.ScalableDimension)?;
    let name = check::required(ask.PolicyName, "policyName")?;
    if name.is_empty() || name.chars().count() > 256 || name.chars().any(char::is_control) {
        return Err(check::validation(format!(
            "1 validation error detected: Value '{name}' at 'policyName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: \\p{{Print}}+"
        )));
    }
    if ask.PolicyType.as_deref() != Some("TargetTrackingScaling") {
        return Err(check::validation("Only policies of type TargetTrackingScaling are supported here."));
    }
    let tracking = tracking(check::required(
        ask.TargetTrackingScalingPolicyConfiguration,
        "targetTrackingScalingPolicyConfiguration",
    )?)?;
    let scaling = world.scaling_in(&caller.region);
    if !scaling.targets.contains_key(&resource) {
        return Err(check::not_found(format!("No scalable target registered for {}", check::named(&resource))));
    }
    let twin = scaling
        .policies
        .iter()
        .any(|((of, other), policy)| *of == resource && *other != name && policy.tracking.metric == tracking.metric);
    if twin {
        return Err(check::validation(
            "Only one TargetTrackingScaling policy for a given metric specification is allowed.",
        ));
    }
    let made = policy::put(world, &caller.region, &resource, &name, tracking);
    let made = check::required(made, "resourceId")?;
    Ok(Made { Alarms: alarms(&made, &caller.region), PolicyARN: made.arn })
}

fn tracking(asked: Configuration) -> Answer<Tracking> {
    let target = check::required(asked.TargetValue, "targetTrackingScalingPolicyConfiguration.targetValue")?;
    if !target.is_finite() || target <= 0.0 {
        return Err(check::validation("TargetValue must be greater than 0."));
    }
    if asked.CustomizedMetricSpecification.is_some() {
        return Err(check::validation("Customized metric specifications are not supported here."));
    }
    let predefined = check::required(
        asked.PredefinedMetricSpecification,
        "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification",
    )?;
    let kind = predefined.PredefinedMetricType;
    if !Tracked::ALL.contains(&kind.as_str()) {
        return Err(check::validation(format!(
            "The PredefinedMetricType {kind} is not supported for {NAMESPACE} {DIMENSION}"
        )));
    }
    let metric = Tracked::parse(&kind, predefined.ResourceLabel.as_deref()).ok_or_else(|| {
        check::validation(
            "The ResourceLabel must have the format app/<load-balancer-name>/<load-balancer-id>/targetgroup/\
             <target-group-name>/<target-group-id>",
        )
    })?;
    let seconds = |cooldown: Option<i64>| match cooldown.map(u64::try_from) {
        None => Ok(None),
        Some(Ok(seconds)) => Ok(Some(seconds)),
        Some(Err(_)) => Err(check::validation("Cooldown must be greater than or equal to 0.")),
    };
    Ok(Tracking {
        target,
        metric,
        out_cooldown_s: seconds(asked.ScaleOutCooldown)?,
        in_cooldown_s: seconds(asked.ScaleInCooldown)?,
        disable_in: asked.DisableScaleIn,
    })
}

fn alarms(policy: &Policy, region: &str) -> Vec<Alarm> {
    let named = |name: &String| Alarm {
        AlarmName: name.clone(),
        AlarmARN: format!("arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}"),
    };
    std::iter::once(&policy.high).chain(&policy.low).map(named).collect()
}

#[derive(Deserialize)]
pub struct Describe {
    PolicyNames: Option<Vec<String>>,
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
    MaxResults: Option<i64>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    ScalingPolicies: Vec<ScalingPolicy>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct ScalingPolicy {
    PolicyARN: String,
    PolicyName: String,
    ServiceNamespace: &'static str,
    ResourceId: String,
    ScalableDimension: &'static str,
    PolicyType: &'static str,
    TargetTrackingScalingPolicyConfiguration: Configuration,
    Alarms: Vec<Alarm>,
    CreationTime: Moment,
}

pub fn describe_scaling_policies(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let ecs = check::of_ecs(ask.ServiceNamespace)?;
    check::dimension(ask.ScalableDimension.as_ref(), ask.ResourceId.is_some())?;
    let most = check::results(ask.MaxResults)?;
    let all = world.scaling.get(&caller.region).into_iter().flat_map(|scaling| scaling.policies.iter());
    let found = all.filter(|((resource, name), _)| {
        ecs && ask.ResourceId.as_ref().is_none_or(|wanted| wanted == resource)
            && ask.PolicyNames.as_ref().is_none_or(|names| names.is_empty() || names.contains(name))
    });
    let key = |((resource, name), _): &(&(String, String), &Policy)| format!("{resource}\0{name}");
    let (found, token) = page(found, key, ask.NextToken.as_deref(), most, INVALID_TOKEN)?;
    let told = found.into_iter().map(|((resource, name), policy)| ScalingPolicy {
        PolicyARN: policy.arn.clone(),
        PolicyName: name.clone(),
        ServiceNamespace: NAMESPACE,
        ResourceId: resource.clone(),
        ScalableDimension: DIMENSION,
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: configuration(&policy.tracking),
        Alarms: alarms(policy, &caller.region),
        CreationTime: policy.created,
    });
    Ok(Described { ScalingPolicies: told.collect(), NextToken: token })
}

fn configuration(tracking: &Tracking) -> Configuration {
    let given = |seconds: Option<u64>| seconds.and_then(|seconds| i64::try_from(seconds).ok());
    Configuration {
        TargetValue: Some(tracking.target),
        PredefinedMetricSpecification: Some(Predefined {
            PredefinedMetricType: tracking.metric.word().into(),
            ResourceLabel: tracking.metric.label(),
        }),
        CustomizedMetricSpecification: None,
        ScaleOutCooldown: given(tracking.out_cooldown_s),
        ScaleInCooldown: given(tracking.in_cooldown_s),
        DisableScaleIn: tracking.disable_in,
    }
}

#[derive(Deserialize)]
pub struct Delete {
    PolicyName: Option<String>,
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
}

pub fn delete_scaling_policy(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    let resource = check::resource(ask.ServiceNamespace, ask.ResourceId, ask.ScalableDimension)?;
    let name = check::required(ask.PolicyName, "policyName")?;
    match policy::delete(world, &caller.region, &resource, &name) {
        true => Ok(Empty {}),
        false => Err(check::not_found(format!(
            "No scaling policy found for {}, policy name: {name}",
            check::named(&resource)
        ))),
    }
}
