//! Health checks: what they are told, what they have seen, and what follows from it.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::checkers::{self, Observer};
use crate::moment::Moment;
use crate::world::metrics::{Series, Statistic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Healthy when more than this share of the checkers says so (Developer Guide, "How Route 53
/// determines whether a health check is healthy"; AWS: "might change").
pub const QUORUM: f64 = 0.18;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HealthCheckConfig {
    pub IPAddress: Option<String>,
    pub Port: Option<u16>,
    pub Type: String,
    pub ResourcePath: Option<String>,
    pub FullyQualifiedDomainName: Option<String>,
    pub SearchString: Option<String>,
    pub RequestInterval: Option<u64>,
    pub FailureThreshold: Option<u32>,
    pub MeasureLatency: Option<bool>,
    pub Inverted: Option<bool>,
    pub Disabled: Option<bool>,
    pub HealthThreshold: Option<u32>,
    pub ChildHealthChecks: Option<Vec<String>>,
    pub EnableSNI: Option<bool>,
    pub Regions: Option<Vec<String>>,
    pub AlarmIdentifier: Option<AlarmIdentifier>,
    pub InsufficientDataHealthStatus: Option<String>,
    pub RoutingControlArn: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmIdentifier {
    pub Region: String,
    pub Name: String,
}

/// How an alarm judges its metric. Route 53 copies it when a check is made or updated: the check
/// follows the data, not the alarm's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub series: Series,
    pub statistic: Statistic,
    pub period_s: u64,
    pub periods: u64,
    pub threshold: f64,
    /// As CloudWatch spells it: `GreaterThanThreshold`, ...
    pub comparison: String,
}

impl Alarm {
    fn breaches(&self, value: f64) -> bool {
        match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => value >= self.threshold,
            "GreaterThanThreshold" => value > self.threshold,
            "LessThanOrEqualToThreshold" => value <= self.threshold,
            _ => value < self.threshold,
        }
    }

    /// `None` when there are too few datapoints to tell.
    pub fn healthy(&self, points: &[f64]) -> Option<bool> {
        let needed = self.periods.max(1) as usize;
        let newest = &points[points.len().saturating_sub(needed)..];
        match newest.iter().all(|value| self.breaches(*value)) {
            true if newest.len() < needed => None,
            breaching => Some(!breaching),
        }
    }
}

/// A health check.
#[derive(Debug, Clone)]
pub struct Check {
    pub id: String,
    pub caller_reference: String,
    pub config: HealthCheckConfig,
    pub version: u64,
    pub tags: BTreeMap<String, String>,
    pub observers: Vec<Observer>,
    pub alarm: Option<Alarm>,
    /// What the data of the alarm said last; `None` before there was any.
    pub stream: Option<bool>,
    /// Whether the last look at the data found too little of it.
    pub insufficient: bool,
    /// What records go by.
    pub healthy: bool,
}

/// What others may know of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckStatus {
    pub healthy: bool,
    /// Checkers to whom the endpoint is healthy (before inversion); of a calculated check, its
    /// healthy children.
    pub observers_ok: usize,
    pub observers: usize,
}

impl Check {
    pub fn new(id: String, caller_reference: String, config: HealthCheckConfig) -> Self {
        let healthy = config.Inverted != Some(true);
        Self {
            id,
            caller_reference,
            config,
            version: 1,
            tags: BTreeMap::new(),
            observers: vec![],
            alarm: None,
            stream: None,
            insufficient: true,
            healthy,
        }
    }

    pub fn calculated(&self) -> bool {
        self.config.Type == "CALCULATED"
    }

    pub fn probes(&self) -> bool {
        checkers::probed(&self.config.Type)
    }

    pub fn children(&self) -> impl Iterator<Item = &String> {
        self.config.ChildHealthChecks.iter().flatten()
    }

    pub fn observers_ok(&self) -> usize {
        self.observers.iter().filter(|observer| observer.healthy()).count()
    }

    /// What it is called in the truth log.
    pub fn label(&self) -> String {
        let target = self.config.FullyQualifiedDomainName.as_deref().or(self.config.IPAddress.as_deref());
        let path = self.config.ResourcePath.as_deref().unwrap_or_default();
        format!("{} {}{path}", self.config.Type, target.unwrap_or_default()).trim_end().to_string()
    }

    /// Before inversion, by what was seen so far; calculated checks are [`evaluate`]d.
    fn seen_healthy(&self) -> bool {
        if self.probes() {
            // a checker that has not made up its mind says healthy: a new check is
            return self.observers_ok() as f64 > QUORUM * self.observers.len() as f64 || self.observers.is_empty();
        }
        let status = self.config.InsufficientDataHealthStatus.as_deref();
        match (self.insufficient, status) {
            (true, Some("Healthy")) => true,
            (true, Some("Unhealthy")) => false,
            _ => self.stream.unwrap_or(true),
        }
    }
}

/// What records go by: `Disabled` is healthy whatever is seen, `Inverted` turns everything round.
pub fn evaluate(checks: &BTreeMap<String, Check>, check: &Check, depth: u32) -> bool {
    let healthy = if check.config.Disabled == Some(true) {
        true
    } else if check.calculated() {
        healthy_children(checks, check, depth) >= check.config.HealthThreshold.unwrap_or(0) as usize
    } else {
        check.seen_healthy()
    };
    healthy != (check.config.Inverted == Some(true))
}

fn healthy_children(checks: &BTreeMap<String, Check>, check: &Check, depth: u32) -> usize {
    const DEEPEST: u32 = 8;
    check
        .children()
        .filter(|id| checks.get(*id).is_some_and(|child| depth < DEEPEST && evaluate(checks, child, depth + 1)))
        .count()
}

pub fn status(checks: &BTreeMap<String, Check>, id: &str) -> Option<CheckStatus> {
    let check = checks.get(id)?;
    let (observers_ok, observers) = if check.calculated() {
        (healthy_children(checks, check, 0), check.children().count())
    } else {
        (check.observers_ok(), check.observers.len())
    };
    Some(CheckStatus { healthy: check.healthy, observers_ok, observers })
}

/// How long a deleted check's caller reference is refused (botocore, HealthCheckConfig: "a number of
/// days"). Assumed: seven.
pub const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(7 * 86_400);

/// Caller references of deleted checks, and when they were deleted.
pub type Tombstones = BTreeMap<String, Moment>;
