//! PutMetricAlarm, DescribeAlarms, DescribeAlarmsForMetric, DeleteAlarms.

use super::refuse::{self, INVALID_TOKEN};
use super::shapes::{self, Dimension, Tag};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::paging::page;
use crate::world::metrics::alarm::{Alarm, Comparison, Config, Missing, State};
use crate::world::metrics::{Series, Statistic};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};

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

#[derive(Serialize)]
struct MetricAlarm {
    AlarmName: String,
    AlarmArn: String,
    AlarmDescription: Option<String>,
    AlarmConfigurationUpdatedTimestamp: Moment,
    ActionsEnabled: bool,
    OKActions: Vec<String>,
    AlarmActions: Vec<String>,
    InsufficientDataActions: Vec<String>,
    StateValue: &'static str,
    StateReason: String,
    StateReasonData: Option<String>,
    StateUpdatedTimestamp: Moment,
    StateTransitionedTimestamp: Moment,
    MetricName: String,
    Namespace: String,
    Statistic: Option<String>,
    ExtendedStatistic: Option<String>,
    Dimensions: Vec<Dimension>,
    Period: u64,
    Unit: Option<String>,
    EvaluationPeriods: usize,
    DatapointsToAlarm: Option<usize>,
    Threshold: f64,
    ComparisonOperator: &'static str,
    TreatMissingData: Option<&'static str>,
    EvaluateLowSampleCountPercentile: Option<String>,
}

fn told(alarm: &Alarm) -> MetricAlarm {
    let config = &alarm.config;
    let word = config.statistic.to_string();
    let extended = matches!(config.statistic, Statistic::Percentile(_));
    MetricAlarm {
        AlarmName: alarm.name.clone(),
        AlarmArn: alarm.arn.clone(),
        AlarmDescription: config.description.clone(),
        AlarmConfigurationUpdatedTimestamp: alarm.configured,
        ActionsEnabled: config.actions_enabled,
        OKActions: config.ok_actions.clone(),
        AlarmActions: config.alarm_actions.clone(),
        InsufficientDataActions: config.insufficient_actions.clone(),
        StateValue: alarm.state.word(),
        StateReason: alarm.reason.clone(),
        StateReasonData: alarm.reason_data.clone(),
        StateUpdatedTimestamp: alarm.state_updated,
        StateTransitionedTimestamp: alarm.state_updated,
        MetricName: config.series.name.clone(),
        Namespace: config.series.namespace.clone(),
        Statistic: (!extended).then(|| word.clone()),
        ExtendedStatistic: extended.then_some(word),
        Dimensions: shapes::told(&config.series),
        Period: config.period_s,
        Unit: config.unit.clone(),
        EvaluationPeriods: config.evaluation_periods,
        DatapointsToAlarm: config.datapoints_to_alarm,
        Threshold: config.threshold,
        ComparisonOperator: config.comparison.word(),
        TreatMissingData: config.missing.map(Missing::word),
        EvaluateLowSampleCountPercentile: config.low_samples.clone(),
    }
}

#[derive(Deserialize)]
pub struct Describe {
    AlarmNames: Option<Vec<String>>,
    AlarmNamePrefix: Option<String>,
    AlarmTypes: Option<Vec<String>>,
    StateValue: Option<String>,
    ActionPrefix: Option<String>,
    MaxRecords: Option<i64>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    MetricAlarms: Vec<MetricAlarm>,
    CompositeAlarms: Vec<Empty>,
    NextToken: Option<String>,
}

pub fn describe_alarms(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    if ask.AlarmNames.as_ref().is_some_and(|names| names.len() > 100) {
        return Err(refuse::validation("The collection AlarmNames must not have a size greater than 100."));
    }
    if ask.AlarmNames.is_some() && ask.AlarmNamePrefix.is_some() {
        return Err(refuse::validation("AlarmNames and AlarmNamePrefix are mutually exclusive."));
    }
    let state = match &ask.StateValue {
        None => None,
        Some(word) => Some(State::parse(word).ok_or_else(|| refuse::outside("stateValue", word, &State::ALL))?),
    };
    let types = ask.AlarmTypes.unwrap_or_default();
    if let Some(word) = types.iter().find(|word| !["MetricAlarm", "CompositeAlarm"].contains(&word.as_str())) {
        return Err(refuse::outside("alarmTypes", word, &["CompositeAlarm", "MetricAlarm"]));
    }
    let most = records(ask.MaxRecords)?.unwrap_or(50);
    let prefixed = |actions: &[String], prefix: &str| actions.iter().any(|action| action.starts_with(prefix));
    let fits = |alarm: &&Alarm| {
        ask.AlarmNames.as_ref().is_none_or(|names| names.contains(&alarm.name))
            && ask.AlarmNamePrefix.as_ref().is_none_or(|prefix| alarm.name.starts_with(prefix))
            && state.is_none_or(|state| state == alarm.state)
            && ask.ActionPrefix.as_ref().is_none_or(|prefix| {
                let config = &alarm.config;
                [&config.ok_actions, &config.alarm_actions, &config.insufficient_actions]
                    .iter()
                    .any(|actions| prefixed(actions, prefix))
            })
            && (types.is_empty() || types.iter().any(|word| word == "MetricAlarm"))
    };
    let found = world.metrics.get(&caller.region).into_iter().flat_map(|metrics| metrics.alarms.iter()).filter(fits);
    let (found, token) = page(found, |alarm| alarm.name.clone(), ask.NextToken.as_deref(), most, INVALID_TOKEN)?;
    Ok(Described { MetricAlarms: found.into_iter().map(told).collect(), CompositeAlarms: vec![], NextToken: token })
}

/// MaxRecords, 1 to 100.
pub fn records(asked: Option<i64>) -> Answer<Option<usize>> {
    match asked {
        None => Ok(None),
        Some(n @ 1..=100) => Ok(Some(n as usize)),
        Some(n) => Err(refuse::validation(format!(
            "1 validation error detected: Value '{n}' at 'maxRecords' failed to satisfy constraint: Member must have \
             value between 1 and 100"
        ))),
    }
}

#[derive(Deserialize)]
pub struct ForMetric {
    MetricName: Option<String>,
    Namespace: Option<String>,
    Statistic: Option<String>,
    ExtendedStatistic: Option<String>,
    Dimensions: Option<Vec<Dimension>>,
    Period: Option<u64>,
    Unit: Option<String>,
}

#[derive(Serialize)]
pub struct OfMetric {
    MetricAlarms: Vec<MetricAlarm>,
}

pub fn describe_alarms_for_metric(world: &mut World, caller: &Caller, ask: ForMetric) -> Answer<OfMetric> {
    let series = Series {
        namespace: refuse::required(ask.Namespace, "Namespace")?,
        name: refuse::required(ask.MetricName, "MetricName")?,
        dimensions: shapes::dimensions("Dimensions", ask.Dimensions)?,
    };
    let statistic = ask.Statistic.or(ask.ExtendedStatistic);
    let fits = |alarm: &&Alarm| {
        alarm.config.series == series
            && statistic.as_ref().is_none_or(|word| *word == alarm.config.statistic.to_string())
            && ask.Period.is_none_or(|period| period == alarm.config.period_s)
            && (ask.Unit.is_none() || ask.Unit == alarm.config.unit)
    };
    let found = world.metrics.get(&caller.region).into_iter().flat_map(|metrics| metrics.alarms.iter());
    Ok(OfMetric { MetricAlarms: found.filter(fits).map(told).collect() })
}

#[derive(Deserialize)]
pub struct Delete {
    AlarmNames: Option<Vec<String>>,
}

/// All or none: a name that is not there spares the others.
pub fn delete_alarms(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    let names = refuse::required(ask.AlarmNames, "AlarmNames")?;
    if names.len() > 100 {
        return Err(refuse::validation("The collection AlarmNames must not have a size greater than 100."));
    }
    let alarms = &mut world.metrics_in(&caller.region).alarms;
    let missing: Vec<&str> = names.iter().map(String::as_str).filter(|name| alarms.get(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(not_found(format!("Alarm(s) [{}] not found.", missing.join(", "))));
    }
    for name in &names {
        alarms.remove(name, caller.now);
    }
    Ok(Empty {})
}

pub fn not_found(message: String) -> Refusal {
    Refusal::new(404, "ResourceNotFound", message)
}
