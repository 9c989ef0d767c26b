//! Why an alarm is in its state, as CloudWatch words it.

use super::alarm::{Alarm, Change, Comparison, Config, Missing, State};
use super::evaluate::{Seen, value};
use crate::moment::Moment;
use serde_json::{Value, json};

/// StateReason and StateReasonData of an evaluation.
pub fn evaluated(config: &Config, state: State, seen: &[Seen], now: Moment) -> (String, String) {
    let mut newest: Vec<(Moment, f64, f64)> = seen
        .iter()
        .rev()
        .filter_map(|seen| Some((seen.0, value(config, seen)?, seen.1.as_ref()?.count)))
        .take(config.evaluation_periods)
        .collect();
    newest.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let data = json!({
        "version": "1.0",
        "queryDate": stamp(now),
        "startDate": newest.last().map(|(at, ..)| stamp(*at)),
        "statistic": config.statistic.to_string(),
        "period": config.period_s,
        "recentDatapoints": newest.iter().rev().map(|(_, value, _)| *value).collect::<Vec<f64>>(),
        "threshold": config.threshold,
        "evaluatedDatapoints": newest
            .iter()
            .map(|(at, value, count)| json!({"timestamp": stamp(*at), "sampleCount": count, "value": value}))
            .collect::<Vec<Value>>(),
    });
    (sentence(config, state, &newest), data.to_string())
}

fn sentence(config: &Config, state: State, newest: &[(Moment, f64, f64)]) -> String {
    let periods = config.evaluation_periods;
    if state == State::Insufficient {
        let datapoints = if periods == 1 { "datapoint was" } else { "datapoints were" };
        return format!("Insufficient Data: {periods} {datapoints} unknown.");
    }
    let breach = state == State::Alarm;
    let told: Vec<&(Moment, f64, f64)> =
        newest.iter().filter(|(_, value, _)| config.comparison.breached(*value, config.threshold) == breach).collect();
    if told.is_empty() {
        let missing = periods - newest.len();
        let treated = if config.missing == Some(Missing::Breaching) { "Breaching" } else { "NonBreaching" };
        let (ends, were) = if missing == 1 { ("", "was") } else { ("s", "were") };
        return format!(
            "Threshold Crossed: no datapoints were received for {missing} period{ends} and {missing} missing \
             datapoint{ends} {were} treated as [{treated}]."
        );
    }
    let points: Vec<String> =
        told.iter().map(|(at, value, _)| format!("{} ({})", number(*value), short(*at))).collect();
    let needed = if breach { config.needed() } else { periods - config.needed() + 1 };
    format!(
        "Threshold Crossed: {} out of the last {periods} datapoints [{}] {} {}{} the threshold ({}) (minimum {needed} \
         datapoint{} for {} transition).",
        told.len(),
        points.join(", "),
        if told.len() == 1 { "was" } else { "were" },
        if breach { "" } else { "not " },
        words(config.comparison),
        number(config.threshold),
        if needed == 1 { "" } else { "s" },
        if breach { "OK -> ALARM" } else { "ALARM -> OK" },
    )
}

fn words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::GreaterThanOrEqualToThreshold => "greater than or equal to",
        Comparison::GreaterThanThreshold => "greater than",
        Comparison::LessThanThreshold => "less than",
        Comparison::LessThanOrEqualToThreshold => "less than or equal to",
    }
}

/// HistoryData of a change of state.
pub fn moved(alarm: &Alarm, change: &Change) -> String {
    let side = |state: State, reason: &str, data: Option<&String>| {
        let mut side = json!({"stateValue": state.word(), "stateReason": reason});
        if let Some(data) = data.and_then(|data| serde_json::from_str::<Value>(data).ok()) {
            side["stateReasonData"] = data;
        }
        side
    };
    json!({
        "version": "1.0",
        "oldState": side(alarm.state, &alarm.reason, alarm.reason_data.as_ref()),
        "newState": side(change.state, &change.reason, change.data.as_ref()),
    })
    .to_string()
}

/// HistoryData of a change of configuration.
pub fn configured(verb: &str, alarm: &Alarm) -> String {
    let (kind, member) = match verb {
        "created" => ("Create", "createdAlarm"),
        "deleted" => ("Delete", "deletedAlarm"),
        _ => ("Update", "updatedAlarm"),
    };
    let config = &alarm.config;
    let told = json!({
        "alarmName": alarm.name,
        "alarmArn": alarm.arn,
        "actionsEnabled": config.actions_enabled,
        "stateValue": alarm.state.word(),
        "namespace": config.series.namespace,
        "metricName": config.series.name,
        "dimensions": config.series.dimensions.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<Value>>(),
        "statistic": config.statistic.to_string(),
        "period": config.period_s,
        "evaluationPeriods": config.evaluation_periods,
        "datapointsToAlarm": config.datapoints_to_alarm,
        "threshold": config.threshold,
        "comparisonOperator": config.comparison.word(),
        "treatMissingData": config.missing.map(Missing::word),
    });
    let mut data = json!({"version": "1.0", "type": kind});
    data[member] = told;
    data.to_string()
}

/// `5.0`, `0.25`: as Java writes a double.
fn number(value: f64) -> String {
    format!("{value:?}")
}

/// `05/01/26 14:03:00`
fn short(at: Moment) -> String {
    let iso = at.iso();
    format!("{}/{}/{} {}", &iso[8..10], &iso[5..7], &iso[2..4], &iso[11..19])
}

/// `2026-01-05T14:03:00.000+0000`
fn stamp(at: Moment) -> String {
    at.iso().replace('Z', "+0000")
}
