//! GetMetricStatistics.

use super::data::period;
use super::refuse;
use super::shapes::{self, Dimension};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::metrics::{Series, Statistic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Datapoints of one call (GetMetricStatistics).
const MOST: u64 = 1_440;

#[derive(Deserialize)]
pub struct Get {
    Namespace: Option<String>,
    MetricName: Option<String>,
    Dimensions: Option<Vec<Dimension>>,
    StartTime: Option<Moment>,
    EndTime: Option<Moment>,
    Period: Option<i64>,
    Statistics: Option<Vec<String>>,
    ExtendedStatistics: Option<Vec<String>>,
    Unit: Option<String>,
}

#[derive(Serialize)]
pub struct Got {
    Label: String,
    Datapoints: Vec<Datapoint>,
}

#[derive(Serialize)]
struct Datapoint {
    Timestamp: Moment,
    SampleCount: Option<f64>,
    Average: Option<f64>,
    Sum: Option<f64>,
    Minimum: Option<f64>,
    Maximum: Option<f64>,
    Unit: &'static str,
    ExtendedStatistics: Option<BTreeMap<String, f64>>,
}

pub fn get_metric_statistics(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    let namespace = refuse::required(ask.Namespace, "Namespace")?;
    let name = refuse::required(ask.MetricName, "MetricName")?;
    let from = refuse::required(ask.StartTime, "StartTime")?.floor(60);
    let to = refuse::required(ask.EndTime, "EndTime")?;
    let period_s = period("Period", refuse::required(ask.Period, "Period")?).map_err(refuse::value)?;
    if from >= to {
        return Err(refuse::combination("The parameter StartTime must be less than the parameter EndTime."));
    }
    let wanted = to.since(from).as_secs().div_ceil(period_s);
    if wanted > MOST {
        return Err(refuse::combination(format!(
            "You have requested up to {} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints \
             requested by increasing Period, or decreasing the time range.",
            grouped(wanted)
        )));
    }
    let words = ask.Statistics.unwrap_or_default();
    let extended = ask.ExtendedStatistics.unwrap_or_default();
    match (words.is_empty(), extended.is_empty()) {
        (true, true) => {
            return Err(refuse::combination(
                "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
            ));
        }
        (false, false) => {
            return Err(refuse::combination(
                "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.",
            ));
        }
        _ => {}
    }
    let statistics = words.iter().map(|word| shapes::plain("statistics", word)).collect::<Answer<Vec<Statistic>>>()?;
    let percentiles = extended
        .into_iter()
        .map(|word| Ok((shapes::percentile("ExtendedStatistics", &word)?, word)))
        .collect::<Answer<Vec<(Statistic, String)>>>()?;
    if let Some(word) = &ask.Unit {
        shapes::unit("unit", word)?;
    }
    let series = Series { namespace, name, dimensions: shapes::dimensions("Dimensions", ask.Dimensions)? };
    let mut datapoints = vec![];
    if let Some(metrics) = world.metrics.get(&caller.region) {
        let unit = metrics.unit(&series).unwrap_or("None");
        let points = match ask.Unit.is_some_and(|asked| asked != unit) {
            true => vec![],
            false => metrics.points(&series, period_s, from, to, caller.now),
        };
        for (at, point) in points {
            let plain =
                |statistic: Statistic| statistics.contains(&statistic).then(|| point.statistic(statistic)).flatten();
            let extended: BTreeMap<String, f64> = percentiles
                .iter()
                .filter_map(|(statistic, word)| Some((word.clone(), point.statistic(*statistic)?)))
                .collect();
            if !percentiles.is_empty() && extended.is_empty() {
                continue;
            }
            datapoints.push(Datapoint {
                Timestamp: at,
                SampleCount: plain(Statistic::SampleCount),
                Average: plain(Statistic::Average),
                Sum: plain(Statistic::Sum),
                Minimum: plain(Statistic::Minimum),
                Maximum: plain(Statistic::Maximum),
                Unit: unit,
                ExtendedStatistics: (!extended.is_empty()).then_some(extended),
            });
        }
    }
    Ok(Got { Label: series.name, Datapoints: datapoints })
}

/// `1441` as `1,441`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
