//! CloudWatch: one-minute series that appear with a delay, and alarms.
//!
//! `series` keeps buckets of a minute and says when they are published, `histogram` answers for
//! percentiles, `expression` does metric math, `alarm` holds alarms, `evaluate` decides their state
//! and `reason` words it.

pub mod alarm;
pub mod dashboard;
pub mod evaluate;
pub mod expression;
mod histogram;
mod reason;
mod series;
#[cfg(test)]
mod tests;

use super::World;
use crate::moment::Moment;
use alarm::Alarms;
pub use evaluate::alarm_stream_healthy;
pub use series::{Kept, Point};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// CloudWatch in one Region.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    series: BTreeMap<Series, Kept>,
    pub alarms: Alarms,
}

/// A series: namespace, name and dimensions in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    pub namespace: String,
    pub name: String,
    pub dimensions: BTreeMap<String, String>,
}

impl Series {
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: dimensions.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        }
    }

    /// Whether AWS writes it, rather than a customer.
    pub fn of_aws(&self) -> bool {
        self.namespace.starts_with("AWS/")
    }
}

/// A statistic of a datapoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
    /// 0 to 100.
    Percentile(f64),
}

impl Statistic {
    /// Reads `Average` or `p99.9`; trimmed means and their kin are not known here.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "SampleCount" => Self::SampleCount,
            _ => {
                let digits = text.strip_prefix('p').or_else(|| text.strip_prefix('P'))?;
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                let rank: f64 = digits.parse().ok().filter(|_| plain)?;
                return (rank <= 100.0).then_some(Self::Percentile(rank));
            }
        })
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentile(rank) => write!(f, "p{rank}"),
            plain => write!(f, "{plain:?}"),
        }
    }
}

/// What a customer reports in one datum of PutMetricData.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// Values, each with how often it occurred.
    Values(Vec<(f64, f64)>),
    /// A statistic set; it has no percentiles unless its minimum is its maximum.
    Set { count: f64, sum: f64, minimum: f64, maximum: f64 },
}

impl Metrics {
    /// `times` samples of `value`, in the minute that `at` lies in.
    pub fn put(&mut self, series: Series, unit: &'static str, at: Moment, value: f64, times: u64) {
        if times == 0 || !value.is_finite() {
            return;
        }
        match self.series.get_mut(&series) {
            Some(kept) => kept.put(at, value, times as f64),
            None => {
                let mut kept = Kept::new(&series, unit);
                kept.put(at, value, times as f64);
                self.series.insert(series, kept);
            }
        }
    }

    /// A customer's datum, reported at `now` for the minute of `at`.
    pub fn put_custom(&mut self, series: Series, unit: &'static str, at: Moment, sample: &Sample, now: Moment) {
        if !self.series.contains_key(&series) {
            let kept = Kept::new(&series, unit);
            self.series.insert(series.clone(), kept);
        }
        if let Some(kept) = self.series.get_mut(&series) {
            kept.put_custom(at, sample, now);
        }
    }

    /// What is published at `now` for the periods of `period_s` in `from <= start < to`, oldest first.
    /// A period without samples is absent.
    ///
    /// Periods are counted from `from` rounded down to the minute (assumed: the pages say only that
    /// StartTime is rounded), and `period_s` is rounded up to a multiple of 60.
    pub fn read(
        &self,
        series: &Series,
        statistic: Statistic,
        period_s: u64,
        from: Moment,
        to: Moment,
        now: Moment,
    ) -> Vec<(Moment, f64)> {
        self.points(series, period_s, from, to, now)
            .into_iter()
            .filter_map(|(start, point)| point.statistic(statistic).map(|value| (start, value)))
            .collect()
    }

    /// As [`Metrics::read`], with every statistic of a period.
    pub fn points(
        &self,
        series: &Series,
        period_s: u64,
        from: Moment,
        to: Moment,
        now: Moment,
    ) -> Vec<(Moment, Point)> {
        self.series.get(series).map(|kept| kept.points(period_s, from, to, now)).unwrap_or_default()
    }

    /// Every series with something published at `now`, in order.
    pub fn listed(&self, now: Moment) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |(_, kept)| kept.appeared(now)).map(|(series, _)| series)
    }

    /// Whether a series got samples within `span` before `now`.
    pub fn active(&self, series: &Series, span: Duration, now: Moment) -> bool {
        self.series.get(series).and_then(Kept::newest).is_some_and(|newest| newest + span > now)
    }

    pub fn unit(&self, series: &Series) -> Option<&'static str> {
        self.series.get(series).map(Kept::unit)
    }
}

pub fn tick(world: &mut World) {
    evaluate::tick(world);
}
