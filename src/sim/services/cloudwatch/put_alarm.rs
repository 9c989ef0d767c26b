//! PutMetricAlarm.

use super::refuse;
use super::shapes::{self, Dimension, Tag};
use crate::operation::{Answer, Caller, Empty};
use crate::world::metrics::Series;
use crate::world::metrics::alarm::{Comparison, Config, Missing};
use crate::world::{ACCOUNT, World};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Put {
    AlarmName: Option<String>,
    AlarmDescription: Option<String>,
    ActionsEnabled: Option<bool>,
    OKActions: Option<Vec<String>>,
    AlarmActions: Option<Vec<String>>,
    InsufficientDataActions: Option<Vec<String>>,
    MetricName: Option<String>,
    Namespace: Option<String>,
    Statistic: Option<String>,
    ExtendedStatistic: Option<String>,
    Dimensions: Option<Vec<Dimension>>,
    Period: Option<i64>,
    Unit: Option<String>,
    EvaluationPeriods: Option<i64>,
    DatapointsToAlarm: Option<i64>,
    Threshold: Option<f64>,
    ComparisonOperator: Option<String>,
    TreatMissingData: Option<String>,
    EvaluateLowSampleCountPercentile: Option<String>,
    Metrics: Option<Vec<serde::de::IgnoredAny>>,
    ThresholdMetricId: Option<String>,
    Tags: Option<Vec<Tag>>,
}

pub fn put_metric_alarm(world: &mut World, caller: &Caller, ask: Put) -> Answer<Empty> {
    let name = refuse::required(ask.AlarmName.clone(), "AlarmName")?;
    refuse::length("AlarmName", &name, 255)?;
    let tags = ask.Tags.iter().flatten().map(|tag| (tag.Key.clone(), tag.Value.clone())).collect();
    let config = checked(ask)?;
    let arn = format!("arn:aws:cloudwatch:{}:{ACCOUNT}:alarm:{name}", caller.region);
    world.metrics_in(&caller.region).alarms.put(&name, arn, config, tags, caller.now);
    Ok(Empty {})
}

fn checked(ask: Put) -> Answer<Config> {
    if ask.Metrics.is_some_and(|metrics| !metrics.is_empty()) || ask.ThresholdMetricId.is_some() {
        return Err(refuse::validation(
            "Alarms on metric math and on anomaly detection are not supported here: give MetricName and Namespace.",
        ));
    }
    let name = refuse::required(ask.MetricName, "MetricName")?;
    let namespace = refuse::required(ask.Namespace, "Namespace")?;
    let statistic = match (ask.Statistic, ask.ExtendedStatistic) {
        (Some(word), None) => shapes::plain("statistic", &word)?,
        (None, Some(word)) => shapes::percentile("ExtendedStatistic", &word)?,
        _ => {
            return Err(refuse::validation("Exactly one of Statistic and ExtendedStatistic must be specified."));
        }
    };
    let period_s = match ask.Period {
        None => return Err(refuse::validation("Period must not be null")),
        Some(10 | 20 | 30) => {
            return Err(refuse::validation(
                "High-resolution alarms are not supported here: Period must be 60 or more.",
            ));
        }
        Some(s) => match u64::try_from(s) {
            Ok(s) if s > 0 && s % 60 == 0 => s,
            _ => return Err(refuse::validation("Period must be 10, 20, 30 or a multiple of 60")),
        },
    };
    let periods = refuse::required(ask.EvaluationPeriods, "EvaluationPeriods")?;
    if periods < 1 {
        return Err(refuse::validation("EvaluationPeriods must be greater than or equal to 1"));
    }
    let longest = if period_s >= 3600 { 7 * 86_400 } else { 86_400 };
    if (periods as u64).saturating_mul(period_s) > longest {
        let days = if longest > 86_400 { "a week" } else { "a day" };
        return Err(refuse::validation(format!(
            "Metrics cannot be checked across more than {days} (EvaluationPeriods * Period must be <= {longest})."
        )));
    }
    if let Some(needed) = ask.DatapointsToAlarm
        && !(1..=periods).contains(&needed)
    {
        return Err(refuse::validation(
            "DatapointsToAlarm must be greater than or equal to 1 and less than or equal to EvaluationPeriods",
        ));
    }
    let threshold = ask.Threshold.filter(|threshold| threshold.is_finite());
    let word = refuse::required(ask.ComparisonOperator, "ComparisonOperator")?;
    let comparison =
        Comparison::parse(&word).ok_or_else(|| refuse::outside("comparisonOperator", &word, &Comparison::ALL))?;
    let missing = match ask.TreatMissingData {
        None => None,
        Some(word) => Some(Missing::parse(&word).ok_or_else(|| {
            refuse::validation(format!(
                "Option '{word}' for parameter 'TreatMissingData' is not valid. Valid options: missing, ignore, \
                 breaching, notBreaching."
            ))
        })?),
    };
    if ask.EvaluateLowSampleCountPercentile.as_deref().is_some_and(|word| word != "evaluate" && word != "ignore") {
        return Err(refuse::validation(
            "Option for parameter 'EvaluateLowSampleCountPercentile' is not valid. Valid options: evaluate, ignore.",
        ));
    }
    if let Some(word) = &ask.Unit {
        shapes::unit("unit", word)?;
    }
    for (member, actions) in [
        ("oKActions", &ask.OKActions),
        ("alarmActions", &ask.AlarmActions),
        ("insufficientDataActions", &ask.InsufficientDataActions),
    ] {
        if let Some(bad) = actions.iter().flatten().find(|action| !action.starts_with("arn:")) {
            return Err(refuse::validation(format!("Invalid arn syntax: {bad}")));
        }
        if actions.as_ref().is_some_and(|actions| actions.len() > 5) {
            return Err(refuse::validation(format!(
                "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have \
                 length less than or equal to 5"
            )));
        }
    }
    Ok(Config {
        description: ask.AlarmDescription,
        actions_enabled: ask.ActionsEnabled.unwrap_or(true),
        ok_actions: ask.OKActions.unwrap_or_default(),
        alarm_actions: ask.AlarmActions.unwrap_or_default(),
        insufficient_actions: ask.InsufficientDataActions.unwrap_or_default(),
        series: Series { namespace, name, dimensions: shapes::dimensions("Dimensions", ask.Dimensions)? },
        statistic,
        unit: ask.Unit,
        period_s,
        evaluation_periods: periods as usize,
        datapoints_to_alarm: ask.DatapointsToAlarm.map(|needed| needed as usize),
        threshold: refuse::required(threshold, "Threshold")?,
        comparison,
        missing,
        low_samples: ask.EvaluateLowSampleCountPercentile,
    })
}
