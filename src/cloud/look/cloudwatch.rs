//! Amazon CloudWatch: alarms and dashboards by name.

use super::known;
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{Dimension, MetricAlarm, StateValue};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Those of the alarms that are there, by their names. The tags are those that all of them have.
///
/// # Errors
/// As the calls end.
pub async fn alarms(aws: &Aws, region: &str, names: &[String]) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.cloudwatch.reads;
    let answer = client.describe_alarms().set_alarm_names(Some(names.to_vec())).send().await.map_err(call_error)?;
    if answer.metric_alarms().is_empty() {
        return Ok(Seen::absent());
    }
    let mut shared: Option<BTreeMap<String, String>> = None;
    for alarm in answer.metric_alarms() {
        let tags = tags(client, alarm.alarm_arn().unwrap_or_default()).await?;
        shared = Some(match shared {
            None => tags,
            Some(before) => before.into_iter().filter(|(key, value)| tags.get(key) == Some(value)).collect(),
        });
    }
    let is: Map<String, Value> =
        answer.metric_alarms().iter().map(|alarm| (text(alarm.alarm_name()), members(alarm))).collect();
    Ok(Seen::there("", Value::Object(is)).tagged(shared.unwrap_or_default()))
}

/// Those of the alarms that ring now; one that is not there does not.
///
/// # Errors
/// As the call ends.
pub async fn ringing(aws: &Aws, region: &str, names: &[String]) -> Result<Vec<String>, CallError> {
    let client = &aws.regional(region)?.cloudwatch.reads;
    let call = client.describe_alarms().set_alarm_names(Some(names.to_vec()));
    let answer = call.state_value(StateValue::Alarm).send().await.map_err(call_error)?;
    Ok(answer.metric_alarms().iter().map(|alarm| text(alarm.alarm_name())).collect())
}

fn members(found: &MetricAlarm) -> Value {
    let mut dimensions: Vec<&Dimension> = found.dimensions().iter().collect();
    dimensions.sort_by_key(|dimension| dimension.name());
    let dimension = |one: &Dimension| json!({ "Name": text(one.name()), "Value": text(one.value()) });
    json!({
        "AlarmDescription": text(found.alarm_description()),
        "Namespace": text(found.namespace()),
        "MetricName": text(found.metric_name()),
        "Dimensions": dimensions.into_iter().map(dimension).collect::<Value>(),
        "Statistic": text(found.statistic().map(|statistic| statistic.as_str())),
        "Period": found.period(),
        "EvaluationPeriods": found.evaluation_periods(),
        "DatapointsToAlarm": found.datapoints_to_alarm(),
        "Threshold": found.threshold(),
        "ComparisonOperator": text(found.comparison_operator().map(|operator| operator.as_str())),
        "TreatMissingData": text(found.treat_missing_data()),
        "AlarmActions": super::sorted(found.alarm_actions()),
        "OKActions": super::sorted(found.ok_actions()),
    })
}

pub(super) async fn tags(client: &Client, arn: &str) -> Result<BTreeMap<String, String>, CallError> {
    let answer = client.list_tags_for_resource().resource_arn(arn).send().await.map_err(call_error)?;
    Ok(answer.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
}

/// The dashboard called `name`, its body as JSON. Where dashboards have no tags it has those of `unless_told`.
///
/// # Errors
/// As the calls end, and `Service` when its body is no JSON.
pub async fn dashboard(
    aws: &Aws,
    region: &str,
    name: &str,
    unless_told: BTreeMap<String, String>,
) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.cloudwatch.reads;
    let answer = client.get_dashboard().dashboard_name(name).send().await.map_err(call_error);
    let Some(found) = known(answer)? else { return Ok(Seen::absent()) };
    let body = serde_json::from_str(found.dashboard_body().unwrap_or_default());
    let body: Value = body.map_err(|error| {
        CallError::new(ErrorClass::Service, format!("the body of the dashboard {name} cannot be read: {error}"))
    })?;
    let is = json!({ "DashboardName": text(found.dashboard_name()), "DashboardBody": cleaned(body) });
    let tags = match tags(client, found.dashboard_arn().unwrap_or_default()).await {
        Err(error) if error.class == ErrorClass::NotFound => unless_told,
        told => told?,
    };
    Ok(Seen::there("", is).tagged(tags))
}

/// The same with every text in it made harmless.
fn cleaned(value: Value) -> Value {
    match value {
        Value::String(remote) => Value::String(text(Some(&remote))),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (text(Some(&name)), cleaned(value))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_dimensions_means_nothing() {
        let dimension = |name: &str| Dimension::builder().name(name).value("v").build();
        let alarm = MetricAlarm::builder().dimensions(dimension("TargetGroup")).dimensions(dimension("LoadBalancer"));
        let is = members(&alarm.threshold(100.0).build());
        assert_eq!(is["Dimensions"][0]["Name"], "LoadBalancer");
        assert_eq!((&is["Threshold"], &is["AlarmActions"]), (&json!(100.0), &json!([])));
    }

    #[test]
    fn a_title_that_a_terminal_would_obey_is_harmless() {
        let body = json!({ "widgets": [{ "title": "a\u{1b}[2J", "width": 6 }] });
        assert_eq!(cleaned(body), json!({ "widgets": [{ "title": "a␛[2J", "width": 6 }] }));
    }
}
