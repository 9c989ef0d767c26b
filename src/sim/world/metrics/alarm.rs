//! Alarms: what they watch, the state they are in, and what became of them.

use super::{Series, Statistic, reason};
use crate::moment::Moment;
use crate::truth::Truth;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// Items of history that are kept in a Region (assumed bound; AWS keeps 30 days).
const HISTORY: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ok,
    Alarm,
    Insufficient,
}

impl State {
    pub const ALL: [&str; 3] = ["OK", "ALARM", "INSUFFICIENT_DATA"];

    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::Insufficient => "INSUFFICIENT_DATA",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Ok, Self::Alarm, Self::Insufficient].into_iter().find(|state| state.word() == word)
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Ok => "alarm.ok",
            Self::Alarm => "alarm.alarm",
            Self::Insufficient => "alarm.insufficient",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    GreaterThanOrEqualToThreshold,
    GreaterThanThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold,
}

impl Comparison {
    pub const ALL: [&str; 4] =
        ["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"];

    pub fn parse(word: &str) -> Option<Self> {
        use Comparison::{
            GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanOrEqualToThreshold, LessThanThreshold,
        };
        [GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold]
            .into_iter()
            .find(|comparison| comparison.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            Self::GreaterThanThreshold => "GreaterThanThreshold",
            Self::LessThanThreshold => "LessThanThreshold",
            Self::LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
        }
    }

    pub fn breached(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::GreaterThanOrEqualToThreshold => value >= threshold,
            Self::GreaterThanThreshold => value > threshold,
            Self::LessThanThreshold => value < threshold,
            Self::LessThanOrEqualToThreshold => value <= threshold,
        }
    }
}

/// TreatMissingData.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Missing,
    Ignore,
    Breaching,
    NotBreaching,
}

impl Missing {
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "missing" => Self::Missing,
            "ignore" => Self::Ignore,
            "breaching" => Self::Breaching,
            "notBreaching" => Self::NotBreaching,
            _ => return None,
        })
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }
}

/// What a customer asks of an alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub description: Option<String>,
    pub actions_enabled: bool,
    pub ok_actions: Vec<String>,
    pub alarm_actions: Vec<String>,
    pub insufficient_actions: Vec<String>,
    pub series: Series,
    pub statistic: Statistic,
    pub unit: Option<String>,
    pub period_s: u64,
    /// N of "M out of N".
    pub evaluation_periods: usize,
    /// M, where it was given; N else.
    pub datapoints_to_alarm: Option<usize>,
    pub threshold: f64,
    pub comparison: Comparison,
    /// `Missing` unless it was given.
    pub missing: Option<Missing>,
    pub low_samples: Option<String>,
}

impl Config {
    /// M of "M out of N".
    pub fn needed(&self) -> usize {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }
}

#[derive(Debug, Clone)]
pub struct Alarm {
    pub name: String,
    pub arn: String,
    pub config: Config,
    pub state: State,
    pub reason: String,
    /// JSON.
    pub reason_data: Option<String>,
    pub state_updated: Moment,
    pub configured: Moment,
    /// What its data alone say: SetAlarmState does not touch it.
    pub stream: State,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Rises by one an item; tells items of one moment apart.
    pub number: u64,
    pub alarm: String,
    pub at: Moment,
    /// `ConfigurationUpdate` or `StateUpdate`.
    pub kind: &'static str,
    pub summary: String,
    /// JSON.
    pub data: String,
}

/// The alarms of a Region; the history outlives them.
#[derive(Debug, Clone, Default)]
pub struct Alarms {
    all: BTreeMap<String, Alarm>,
    history: VecDeque<Item>,
    noted: u64,
}

impl Alarms {
    pub fn get(&self, name: &str) -> Option<&Alarm> {
        self.all.get(name)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Alarm> {
        self.all.get_mut(name)
    }

    /// In order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Alarm> {
        self.all.values()
    }

    /// Oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.history.iter()
    }

    /// Makes an alarm, or changes one and leaves its state alone.
    pub fn put(&mut self, name: &str, arn: String, config: Config, tags: BTreeMap<String, String>, now: Moment) {
        let verb = match self.all.get_mut(name) {
            Some(alarm) => {
                (alarm.config, alarm.configured) = (config, now);
                "updated"
            }
            None => {
                let alarm = Alarm {
                    name: name.to_string(),
                    arn,
                    config,
                    state: State::Insufficient,
                    reason: "Unchecked: Initial alarm creation".into(),
                    reason_data: None,
                    state_updated: now,
                    configured: now,
                    stream: State::Insufficient,
                    tags,
                };
                self.all.insert(name.to_string(), alarm);
                "created"
            }
        };
        let data = match self.all.get(name) {
            Some(alarm) => reason::configured(verb, alarm),
            None => return,
        };
        self.note(name, now, "ConfigurationUpdate", format!("Alarm \"{name}\" {verb}"), data);
    }

    pub fn remove(&mut self, name: &str, now: Moment) -> bool {
        let Some(alarm) = self.all.remove(name) else { return false };
        let data = reason::configured("deleted", &alarm);
        self.note(name, now, "ConfigurationUpdate", format!("Alarm \"{name}\" deleted"), data);
        true
    }

    /// Brings an alarm into a state, whoever says so. Where it is in it already, nothing happens.
    pub fn enter(&mut self, truth: &mut Truth, region: &str, name: &str, change: Change) {
        let Some(alarm) = self.all.get_mut(name) else { return };
        if alarm.state == change.state {
            return;
        }
        let data = reason::moved(alarm, &change);
        let summary = format!("Alarm updated from {} to {}", alarm.state.word(), change.state.word());
        truth.note(change.at, change.state.kind(), region, name);
        alarm.state = change.state;
        alarm.reason = change.reason;
        alarm.reason_data = change.data;
        alarm.state_updated = change.at;
        self.note(name, change.at, "StateUpdate", summary, data);
    }

    fn note(&mut self, alarm: &str, at: Moment, kind: &'static str, summary: String, data: String) {
        self.noted += 1;
        self.history.push_back(Item { number: self.noted, alarm: alarm.to_string(), at, kind, summary, data });
        if self.history.len() > HISTORY {
            self.history.pop_front();
        }
    }
}

/// A state and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub at: Moment,
    pub state: State,
    pub reason: String,
    /// JSON.
    pub data: Option<String>,
}
