//! PutMetricData.

use super::refuse;
use super::shapes::{self, Dimension};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::metrics::{Sample, Series};
use serde::Deserialize;
use std::time::Duration;

/// How far back and ahead a timestamp may lie (PutMetricData).
const PAST: Duration = Duration::from_secs(14 * 24 * 3600);
const FUTURE: Duration = Duration::from_secs(2 * 3600);

/// The range of values (MetricDatum: 2^-360 to 2^360 in size).
const LARGEST: f64 = 1.174_271e108;
const SMALLEST: f64 = 8.515_920e-109;

#[derive(Deserialize)]
pub struct Put {
    Namespace: Option<String>,
    MetricData: Option<Vec<Datum>>,
}

#[derive(Deserialize)]
struct Datum {
    MetricName: Option<String>,
    Dimensions: Option<Vec<Dimension>>,
    Timestamp: Option<Moment>,
    Value: Option<f64>,
    StatisticValues: Option<StatisticSet>,
    Values: Option<Vec<f64>>,
    Counts: Option<Vec<f64>>,
    Unit: Option<String>,
    StorageResolution: Option<i64>,
}

#[derive(Deserialize)]
struct StatisticSet {
    SampleCount: f64,
    Sum: f64,
    Minimum: f64,
    Maximum: f64,
}

/// All or nothing: one bad datum refuses the call.
pub fn put_metric_data(world: &mut World, caller: &Caller, ask: Put) -> Answer<Empty> {
    let namespace = refuse::required(ask.Namespace, "Namespace")?;
    refuse::length("Namespace", &namespace, 255)?;
    if namespace.starts_with(':') || namespace.starts_with("AWS/") {
        return Err(refuse::value(format!("The value {namespace} for parameter Namespace is invalid.")));
    }
    let data = refuse::required(ask.MetricData, "MetricData")?;
    if data.len() > 1000 {
        return Err(refuse::value("The collection MetricData must not have a size greater than 1000."));
    }
    let now = caller.now;
    let mut read = vec![];
    for (place, datum) in data.into_iter().enumerate() {
        read.push(checked(&namespace, &format!("MetricData.member.{}", place + 1), datum, now)?);
    }
    let metrics = world.metrics_in(&caller.region);
    for (series, unit, at, sample) in read {
        metrics.put_custom(series, unit, at, &sample, now);
    }
    Ok(Empty {})
}

type Read = (Series, &'static str, Moment, Sample);

fn checked(namespace: &str, member: &str, datum: Datum, now: Moment) -> Answer<Read> {
    let name = refuse::required(datum.MetricName, &format!("{member}.MetricName"))?;
    refuse::length(&format!("{member}.MetricName"), &name, 255)?;
    let at = datum.Timestamp.unwrap_or(now);
    if at < now - PAST {
        let message = format!("The parameter {member}.Timestamp must specify a time within the past two weeks.");
        return Err(refuse::value(message));
    }
    if at > now + FUTURE {
        return Err(refuse::value(format!(
            "The parameter {member}.Timestamp must specify a time no more than two hours in the future."
        )));
    }
    if !matches!(datum.StorageResolution, None | Some(1 | 60)) {
        let message = format!("The parameter {member}.StorageResolution must be either 1 or 60.");
        return Err(refuse::value(message));
    }
    let unit = match &datum.Unit {
        Some(word) => shapes::unit(&format!("{member}.Unit"), word)?,
        None => "None",
    };
    let sample = match (datum.Value, datum.StatisticValues, datum.Values) {
        (Some(value), None, None) => Sample::Values(vec![(in_range(&format!("{member}.Value"), value)?, 1.0)]),
        (None, Some(set), None) => statistic_set(&format!("{member}.StatisticValues"), &set)?,
        (None, None, Some(values)) => Sample::Values(counted(member, &values, datum.Counts)?),
        (None, None, None) => {
            return Err(refuse::combination(format!(
                "At least one of the parameters {member}.Value, {member}.Values or {member}.StatisticValues must be \
                 specified."
            )));
        }
        (value, set, _) => {
            let first = if value.is_some() { "Value" } else { "StatisticValues" };
            let second = if value.is_some() && set.is_some() { "StatisticValues" } else { "Values" };
            return Err(refuse::combination(format!(
                "The parameters {member}.{first} and {member}.{second} are mutually exclusive and you have specified \
                 both."
            )));
        }
    };
    let dimensions = shapes::dimensions(&format!("{member}.Dimensions"), datum.Dimensions)?;
    Ok((Series { namespace: namespace.to_string(), name, dimensions }, unit, at, sample))
}

fn statistic_set(member: &str, set: &StatisticSet) -> Answer<Sample> {
    for (name, value) in [("Sum", set.Sum), ("Minimum", set.Minimum), ("Maximum", set.Maximum)] {
        in_range(&format!("{member}.{name}"), value)?;
    }
    if set.SampleCount <= 0.0 || !set.SampleCount.is_finite() {
        return Err(refuse::value(format!("The parameter {member}.SampleCount must be greater than 0.")));
    }
    if set.Minimum > set.Maximum {
        return Err(refuse::combination(format!(
            "The parameter {member}.Maximum must be greater than or equal to {member}.Minimum."
        )));
    }
    Ok(Sample::Set { count: set.SampleCount, sum: set.Sum, minimum: set.Minimum, maximum: set.Maximum })
}

fn counted(member: &str, values: &[f64], counts: Option<Vec<f64>>) -> Answer<Vec<(f64, f64)>> {
    if values.is_empty() {
        return Err(refuse::missing(&format!("{member}.Values")));
    }
    if values.len() > 150 {
        return Err(refuse::value(format!("The collection {member}.Values must not have a size greater than 150.")));
    }
    let counts = counts.unwrap_or_else(|| vec![1.0; values.len()]);
    if counts.len() != values.len() {
        return Err(refuse::value(format!(
            "The parameters {member}.Values and {member}.Counts must be of the same size."
        )));
    }
    if counts.iter().any(|count| *count <= 0.0 || !count.is_finite()) {
        return Err(refuse::value(format!("The values of {member}.Counts must be greater than 0.")));
    }
    let pairs = values.iter().zip(counts);
    pairs.map(|(value, count)| Ok((in_range(&format!("{member}.Values"), *value)?, count))).collect()
}

fn in_range(member: &str, value: f64) -> Answer<f64> {
    match value == 0.0 || (SMALLEST..=LARGEST).contains(&value.abs()) {
        true => Ok(value),
        false => Err(refuse::value(format!("The value {value} for parameter {member} is invalid."))),
    }
}
