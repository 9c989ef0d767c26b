//! A target group with its attributes.

use super::super::known;
use super::tags;
use crate::cloud::Aws;
use crate::cloud::discover::is_arn;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetGroup, TargetGroupAttribute};
use serde_json::{Map, Value, json};

/// The target group called `name`, or with this ARN. It gives `arn`.
///
/// # Errors
/// As the calls end.
pub async fn target_group(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let call = match is_arn(name) {
        true => client.describe_target_groups().target_group_arns(name),
        false => client.describe_target_groups().names(name),
    };
    let answer = known(call.send().await.map_err(call_error))?;
    let Some(found) = answer.and_then(|answer| answer.target_groups.unwrap_or_default().into_iter().next()) else {
        return Ok(Seen::absent());
    };
    let arn = found.target_group_arn().unwrap_or_default();
    let (attributes, tags) =
        tokio::join!(client.describe_target_group_attributes().target_group_arn(arn).send(), tags(client, arn));
    let attributes = attributes.map_err(call_error)?;
    Ok(seen(&found, attributes.attributes()).tagged(tags?))
}

fn seen(found: &TargetGroup, attributes: &[TargetGroupAttribute]) -> Seen {
    let attributes: Map<String, Value> =
        attributes.iter().map(|one| (text(one.key()), json!(text(one.value())))).collect();
    let word = |protocol: Option<&ProtocolEnum>| text(protocol.map(ProtocolEnum::as_str));
    let is = json!({
        "Name": text(found.target_group_name()),
        "Protocol": word(found.protocol()),
        "VpcId": text(found.vpc_id()),
        "TargetType": text(found.target_type().map(|kind| kind.as_str())),
        "HealthCheckProtocol": word(found.health_check_protocol()),
        "HealthCheckPath": text(found.health_check_path()),
        "HealthCheckIntervalSeconds": found.health_check_interval_seconds(),
        "HealthCheckTimeoutSeconds": found.health_check_timeout_seconds(),
        "HealthyThresholdCount": found.healthy_threshold_count(),
        "UnhealthyThresholdCount": found.unhealthy_threshold_count(),
        "Matcher": { "HttpCode": text(found.matcher().and_then(|matcher| matcher.http_code())) },
        "Attributes": attributes,
    });
    Seen::there("", is).giving("arn", text(found.target_group_arn()))
}
