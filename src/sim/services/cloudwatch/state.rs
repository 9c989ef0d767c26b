//! SetAlarmState, DescribeAlarmHistory, EnableAlarmActions, DisableAlarmActions.

use super::alarms::{not_found, records};
use super::refuse::{self, INVALID_TOKEN};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::paging::page;
use crate::world::World;
use crate::world::metrics::alarm::{Change, Item, State};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct SetState {
    AlarmName: Option<String>,
    StateValue: Option<String>,
    StateReason: Option<String>,
    StateReasonData: Option<String>,
}

/// Holds until the alarm is evaluated next; a Route 53 health check does not see it.
pub fn set_alarm_state(world: &mut World, caller: &Caller, ask: SetState) -> Answer<Empty> {
    let name = refuse::required(ask.AlarmName, "AlarmName")?;
    let word = refuse::required(ask.StateValue, "StateValue")?;
    let reason = refuse::required(ask.StateReason, "StateReason")?;
    let state = State::parse(&word).ok_or_else(|| refuse::outside("stateValue", &word, &State::ALL))?;
    if reason.chars().count() > 1023 {
        return Err(refuse::validation("StateReason must have at most 1023 characters."));
    }
    if ask.StateReasonData.as_ref().is_some_and(|data| serde_json::from_str::<serde_json::Value>(data).is_err()) {
        return Err(Refusal::new(400, "InvalidFormat", "StateReasonData is not valid JSON."));
    }
    if world.metrics_in(&caller.region).alarms.get(&name).is_none() {
        return Err(not_found(format!("Alarm {name} does not exist.")));
    }
    let change = Change { at: caller.now, state, reason, data: ask.StateReasonData };
    if let Some(metrics) = world.metrics.get_mut(&caller.region) {
        metrics.alarms.enter(&mut world.truth, &caller.region, &name, change);
    }
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Describe {
    AlarmName: Option<String>,
    AlarmTypes: Option<Vec<String>>,
    HistoryItemType: Option<String>,
    StartDate: Option<Moment>,
    EndDate: Option<Moment>,
    MaxRecords: Option<i64>,
    NextToken: Option<String>,
    ScanBy: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    AlarmHistoryItems: Vec<HistoryItem>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct HistoryItem {
    AlarmName: String,
    AlarmType: &'static str,
    Timestamp: Moment,
    HistoryItemType: &'static str,
    HistorySummary: String,
    HistoryData: String,
}

const KINDS: [&str; 5] =
    ["ConfigurationUpdate", "StateUpdate", "Action", "AlarmContributorStateUpdate", "AlarmContributorAction"];

pub fn describe_alarm_history(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    if let Some(word) = ask.HistoryItemType.as_ref().filter(|word| !KINDS.contains(&word.as_str())) {
        return Err(refuse::outside("historyItemType", word, &KINDS));
    }
    let ascending = match ask.ScanBy.as_deref() {
        None | Some("TimestampDescending") => false,
        Some("TimestampAscending") => true,
        Some(word) => return Err(refuse::outside("scanBy", word, &["TimestampDescending", "TimestampAscending"])),
    };
    let most = records(ask.MaxRecords)?.unwrap_or(100);
    let metric_alarms = ask.AlarmTypes.as_ref().is_none_or(|types| types.iter().any(|word| word == "MetricAlarm"));
    let fits = |item: &&Item| {
        metric_alarms
            && ask.AlarmName.as_ref().is_none_or(|name| *name == item.alarm)
            && ask.HistoryItemType.as_ref().is_none_or(|kind| kind == item.kind)
            && ask.StartDate.is_none_or(|start| item.at >= start)
            && ask.EndDate.is_none_or(|end| item.at <= end)
    };
    let metrics = world.metrics.get(&caller.region);
    let mut items: Vec<&Item> = metrics.into_iter().flat_map(|metrics| metrics.alarms.history()).filter(fits).collect();
    if !ascending {
        items.reverse();
    }
    let key = |item: &&Item| format!("{:020}", if ascending { item.number } else { u64::MAX - item.number });
    let (items, token) = page(items, key, ask.NextToken.as_deref(), most, INVALID_TOKEN)?;
    let told = |item: &Item| HistoryItem {
        AlarmName: item.alarm.clone(),
        AlarmType: "MetricAlarm",
        Timestamp: item.at,
        HistoryItemType: item.kind,
        HistorySummary: item.summary.clone(),
        HistoryData: item.data.clone(),
    };
    Ok(Described { AlarmHistoryItems: items.into_iter().map(told).collect(), NextToken: token })
}

#[derive(Deserialize)]
pub struct Actions {
    AlarmNames: Option<Vec<String>>,
}

pub fn enable_alarm_actions(world: &mut World, caller: &Caller, ask: Actions) -> Answer<Empty> {
    switch(world, caller, ask, true)
}

pub fn disable_alarm_actions(world: &mut World, caller: &Caller, ask: Actions) -> Answer<Empty> {
    switch(world, caller, ask, false)
}

/// Names that are not there are passed over: neither operation documents an error.
fn switch(world: &mut World, caller: &Caller, ask: Actions, enabled: bool) -> Answer<Empty> {
    let names = refuse::required(ask.AlarmNames, "AlarmNames")?;
    let alarms = &mut world.metrics_in(&caller.region).alarms;
    for name in &names {
        if let Some(alarm) = alarms.get_mut(name) {
            (alarm.config.actions_enabled, alarm.configured) = (enabled, caller.now);
        }
    }
    Ok(Empty {})
}
