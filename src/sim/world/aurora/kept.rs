//! What is kept beside clusters: snapshots, groups, events.

use crate::moment::Moment;
use std::collections::BTreeMap;

/// Events that a Region keeps (assumed; RDS keeps 14 days).
pub const EVENTS: usize = 2_000;

#[derive(Debug, Clone)]
pub struct Snapshot {
    pub region: String,
    pub id: String,
    pub arn: String,
    pub cluster: String,
    pub engine: String,
    pub version: String,
    pub created: Moment,
    /// Available from then on.
    pub ready: Moment,
    /// Made by the service: it goes with the retention of its cluster.
    pub automated: bool,
    pub expires: Option<Moment>,
    pub source: Option<String>,
    pub kms_key: Option<String>,
    pub encrypted: bool,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub struct ParameterGroup {
    pub region: String,
    pub name: String,
    pub family: String,
    pub description: String,
    /// Parameters that were changed.
    pub values: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub struct SubnetGroup {
    pub region: String,
    pub name: String,
    pub description: String,
    pub subnets: Vec<String>,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Moment,
    pub kind: Source,
    /// The cluster, or the instance.
    pub source: String,
    pub categories: &'static [&'static str],
    pub message: String,
}

impl Event {
    pub fn of_cluster(at: Moment, id: &str, categories: &'static [&'static str], message: impl Into<String>) -> Self {
        Self { at, kind: Source::Cluster, source: id.into(), categories, message: message.into() }
    }

    pub fn of_instance(at: Moment, id: &str, categories: &'static [&'static str], message: impl Into<String>) -> Self {
        Self { at, kind: Source::Instance, source: id.into(), categories, message: message.into() }
    }
}

/// What an event is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Cluster,
    Instance,
}
