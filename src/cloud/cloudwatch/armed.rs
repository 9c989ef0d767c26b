//! The sign of life of watchers: a metric of Tandem's own, in the Region of whoever watches.

use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// What the metric is called, and where it stands.
pub const NAMESPACE: &str = "Tandem";
pub const ARMED: &str = "Armed";
/// Its dimensions: the stack, and the Region of the watcher.
pub const DIMENSIONS: [&str; 2] = ["Stack", "Vantage"];

/// Tells 1 while the watcher of `region` is armed, else 0. To tell it twice does no harm.
///
/// # Errors
/// As the call ends.
pub async fn put_armed(aws: &Aws, region: &str, stack: &str, armed: bool, at: Timestamp) -> Result<(), CallError> {
    let values = [stack, region];
    let dimensions =
        DIMENSIONS.iter().zip(values).map(|(name, value)| Dimension::builder().name(*name).value(value).build());
    let datum = MetricDatum::builder()
        .metric_name(ARMED)
        .set_dimensions(Some(dimensions.collect()))
        .timestamp(DateTime::from_secs(at.as_second()))
        .value(f64::from(u8::from(armed)))
        .unit(StandardUnit::None)
        .build();
    let call = aws.regional(region)?.cloudwatch.writes.put_metric_data().namespace(NAMESPACE).metric_data(datum);
    call.send().await.map_err(call_error)?;
    Ok(())
}
