//! Requests of Amazon CloudWatch.

use super::members::{Members, whole};
use super::unknown;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::RequestId;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic, Tag};
use serde_json::Value;

/// The id of the request, when it went well.
type Sent = Result<Option<String>, CallError>;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Sent {
    let client = &aws.regional(region)?.cloudwatch.writes;
    match operation {
        "PutMetricAlarm" => put_alarm(client, input).await,
        "DeleteAlarms" => delete_alarms(client, input).await,
        "PutDashboard" => put_dashboard(client, input).await,
        "DeleteDashboards" => delete_dashboards(client, input).await,
        _ => Err(unknown("cloudwatch", operation)),
    }
}

fn tags(m: &Members<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    m.list("Tags", |m| Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build()))
}

async fn put_alarm(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "PutMetricAlarm", |m| {
        let dimensions = m.list("Dimensions", |m| {
            Ok(Dimension::builder().set_name(m.text("Name")?).set_value(m.text("Value")?).build())
        })?;
        Ok(client
            .put_metric_alarm()
            .set_alarm_name(m.text("AlarmName")?)
            .set_alarm_description(m.text("AlarmDescription")?)
            .set_namespace(m.text("Namespace")?)
            .set_metric_name(m.text("MetricName")?)
            .set_dimensions(dimensions)
            .set_statistic(m.text("Statistic")?.as_deref().map(Statistic::from))
            .set_period(m.int("Period")?)
            .set_evaluation_periods(m.int("EvaluationPeriods")?)
            .set_datapoints_to_alarm(m.int("DatapointsToAlarm")?)
            .set_threshold(m.number("Threshold")?)
            .set_comparison_operator(m.text("ComparisonOperator")?.as_deref().map(ComparisonOperator::from))
            .set_treat_missing_data(m.text("TreatMissingData")?)
            .set_alarm_actions(m.texts("AlarmActions")?)
            .set_ok_actions(m.texts("OKActions")?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn delete_alarms(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteAlarms", |m| Ok(client.delete_alarms().set_alarm_names(m.texts("AlarmNames")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn put_dashboard(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "PutDashboard", |m| {
        let call = client.put_dashboard().set_dashboard_name(m.text("DashboardName")?);
        Ok(call.set_dashboard_body(m.text("DashboardBody")?).set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

async fn delete_dashboards(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteDashboards", |m| {
        Ok(client.delete_dashboards().set_dashboard_names(m.texts("DashboardNames")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
