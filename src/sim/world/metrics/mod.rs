//! CloudWatch: one-minute series that appear with a delay, and alarms.

use super::World;
use crate::moment::Moment;
use std::collections::BTreeMap;

/// CloudWatch in one Region.
#[derive(Debug, Clone, Default)]
pub struct Metrics {}

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

impl Metrics {
    /// `times` samples of `value`, in the minute that `at` lies in.
    pub fn put(&mut self, _series: Series, _unit: &'static str, _at: Moment, _value: f64, _times: u64) {}

    /// What is published at `now` for the periods of `period_s` in `from <= start < to`, oldest first.
    /// A period without samples is absent.
    pub fn read(
        &self,
        _series: &Series,
        _statistic: Statistic,
        _period_s: u64,
        _from: Moment,
        _to: Moment,
        _now: Moment,
    ) -> Vec<(Moment, f64)> {
        vec![]
    }
}

pub fn tick(_world: &mut World) {}
