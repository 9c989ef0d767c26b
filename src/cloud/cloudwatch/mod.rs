//! Amazon CloudWatch: what belongs to one picture is read in one batch.

mod armed;
mod lag;
mod replication;
mod traffic;

pub use armed::{ARMED, DIMENSIONS, NAMESPACE, put_armed};
pub use lag::lag;
pub use replication::replication;
pub use traffic::{TrafficOf, traffic};

use super::Aws;
use super::edge::moment;
use super::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The resolution of these metrics, seconds (CloudWatch metrics for your Application Load Balancer, for
/// Aurora, for DynamoDB).
const PERIOD_S: i32 = 60;
/// Pages that are read before a batch is taken to be endless.
const MOST_PAGES: usize = 20;

/// Every value of the batch between two moments: the query's id, the minute and the value. A page may hold a
/// part of a series, and the next one the rest.
async fn batch(
    aws: &Aws,
    region: &str,
    queries: &[MetricDataQuery],
    (from, to): (Timestamp, Timestamp),
    mut put: impl FnMut(&str, Timestamp, f64),
) -> Result<(), CallError> {
    let client = &aws.regional(region)?.cloudwatch.reads;
    let mut token = None;
    for _ in 0..MOST_PAGES {
        let answer = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.to_vec()))
            .start_time(DateTime::from_secs(from.as_second()))
            .end_time(DateTime::from_secs(to.as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token)
            .send()
            .await
            .map_err(call_error)?;
        answer.metric_data_results().iter().for_each(|result| values(result, &mut put));
        token = answer.next_token().filter(|token| !token.is_empty()).map(String::from);
        if token.is_none() {
            break;
        }
    }
    Ok(())
}

/// What is no number, or of no moment, is left out.
fn values(result: &MetricDataResult, put: &mut impl FnMut(&str, Timestamp, f64)) {
    let Some(id) = result.id() else { return };
    for (at, value) in result.timestamps().iter().zip(result.values()) {
        if let Some(at) = moment(Some(at)).filter(|_| value.is_finite()) {
            put(id, at, *value);
        }
    }
}

fn query(id: &str, namespace: &str, name: &str, dimensions: &[(&str, &str)], stat: &str) -> MetricDataQuery {
    let dimensions = dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(*value).build());
    let metric =
        Metric::builder().namespace(namespace).metric_name(name).set_dimensions(Some(dimensions.collect())).build();
    let stat = MetricStat::builder().metric(metric).period(PERIOD_S).stat(stat).build();
    MetricDataQuery::builder().id(id).metric_stat(stat).return_data(true).build()
}

#[cfg(test)]
fn result(id: &str, points: &[(i64, f64)]) -> MetricDataResult {
    let (times, values): (Vec<DateTime>, Vec<f64>) =
        points.iter().map(|(second, value)| (DateTime::from_secs(*second), *value)).unzip();
    MetricDataResult::builder().id(id).set_timestamps(Some(times)).set_values(Some(values)).build()
}
