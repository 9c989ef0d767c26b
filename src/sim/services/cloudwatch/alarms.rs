//! DescribeAlarms, DescribeAlarmsForMetric, DeleteAlarms.

use super::refuse::{self, INVALID_TOKEN};
use super::shapes::{self, Dimension};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::paging::page;
use crate::world::World;
use crate::world::metrics::alarm::{Alarm, Missing, State};
use crate::world::metrics::{Series, Statistic};
use serde::{Deserialize, Serialize};

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
