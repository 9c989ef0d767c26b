//! The stack as it was last seen: one picture, every part with its own age.

use super::database::{ClusterView, GlobalView, LagView, Proof};
use super::event::Event;
use super::json::maybe_float;
use super::observed::Observed;
use super::outcome::CallError;
use super::place::Place;
use super::records::RecordSet;
use super::sessions::{Arrival, ReplicationView, TableView};
use super::steering::Straight;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Everything that is seen of one stack. Regions stand in the order of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub stack: String,
    pub environment: String,
    pub regions: Vec<RegionView>,
    pub identity: Observed<Identity>,
    /// Route 53's records of the tree (control plane, us-east-1).
    pub records: Observed<Records>,
    /// What the checkers say of each Region (control plane, us-east-1).
    pub checks: Observed<BTreeMap<String, RegionChecks>>,
    /// What the authoritative servers answer users of each place (data plane).
    pub answers: Observed<Vec<PlaceAnswer>>,
    /// The newest heartbeat that the database's writer has committed.
    pub proof: Observed<Proof>,
    /// Newest first.
    pub events: Vec<Event>,
    /// What a stack that somebody else built does without.
    #[serde(default, skip_serializing_if = "Lacks::nothing")]
    pub lacks: Lacks,
}

/// What is not there by intent: nobody is to wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lacks {
    /// No database user writes heartbeats.
    pub heartbeats: bool,
    /// The session table is somebody else's: nothing is written to it.
    pub canaries: bool,
}

impl Lacks {
    pub fn nothing(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegionView {
    pub name: String,
    pub service: Observed<ServiceView>,
    pub tasks: Observed<Vec<TaskView>>,
    pub scaling: Observed<ScalingView>,
    pub balancer: Observed<BalancerView>,
    pub targets: Observed<Vec<TargetView>>,
    /// The switches that stand on this Region's load balancer, by the Region they can evacuate.
    pub switches: Observed<BTreeMap<String, SwitchView>>,
    pub traffic: Observed<TrafficView>,
    /// The global database, as this Region tells it.
    pub global: Observed<GlobalView>,
    /// This Region's member of it.
    pub cluster: Observed<ClusterView>,
    /// How far the member is behind, while it is a secondary.
    pub lag: Observed<LagView>,
    /// What RDS told of the cluster, newest first.
    pub database_events: Observed<Vec<Event>>,
    /// The session table.
    pub table: Observed<TableView>,
    pub replication: Observed<ReplicationView>,
    /// When the newest canary was written here.
    pub canary: Observed<Timestamp>,
    /// The newest canaries that arrived here, by the Region that they came from.
    pub arrivals: Observed<BTreeMap<String, Arrival>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub account: String,
    pub arn: String,
    /// When the credentials run out; `None` when they do not, as access keys of users do not.
    pub expires: Option<Timestamp>,
}

/// An ECS service. Statuses are AWS's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceView {
    pub cluster: String,
    pub name: String,
    pub arn: String,
    pub status: String,
    pub desired: u32,
    pub running: u32,
    pub pending: u32,
    pub task_definition: String,
    pub deployments: Vec<DeploymentView>,
    /// Newest first.
    pub events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentView {
    pub status: String,
    pub rollout: Option<String>,
    pub task_definition: String,
    pub desired: u32,
    pub running: u32,
    pub pending: u32,
    pub failed: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskView {
    pub arn: String,
    pub zone: String,
    pub status: String,
    pub desired_status: String,
    pub health: Option<String>,
    pub address: Option<String>,
    pub created: Option<Timestamp>,
    pub started: Option<Timestamp>,
    pub stop_code: Option<String>,
    pub stopped_reason: Option<String>,
    pub image_digest: Option<String>,
    pub task_definition: String,
}

impl TaskView {
    /// The last part of the ARN.
    pub fn short_id(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingView {
    /// `service/<cluster>/<service>`
    pub resource: String,
    pub min: u32,
    pub max: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalancerView {
    pub arn: String,
    pub dns_name: String,
    pub state: String,
    pub target_group_arn: String,
    pub listener_arn: Option<String>,
    /// One for HTTP that does not redirect to it. While a stack goes over to HTTPS its switches are the ones that count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_listener_arn: Option<String>,
    /// The stack that its tag `tandem:stack` names.
    pub owner: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetView {
    pub id: String,
    pub port: Option<u16>,
    pub zone: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub description: Option<String>,
}

impl TargetView {
    /// `10.0.0.4:8080`, or its id where it has no port.
    pub fn address(&self) -> String {
        self.port.map_or_else(|| self.id.clone(), |port| format!("{}:{port}", self.id))
    }

    pub fn healthy(&self) -> bool {
        self.state == "healthy"
    }
}

/// A fixed-response rule that evacuates a Region, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchView {
    pub rule_arn: String,
    pub position: SwitchPosition,
    pub epoch: u64,
    /// The body as it stands.
    pub body: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwitchPosition {
    Serve,
    Evacuate,
    /// The body is neither.
    Unreadable,
}

/// One minute of a load balancer's metrics. Absent is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct TrafficMinute {
    #[serde(with = "maybe_float")]
    pub requests: Option<f64>,
    #[serde(with = "maybe_float")]
    pub target_5xx: Option<f64>,
    #[serde(with = "maybe_float")]
    pub elb_5xx: Option<f64>,
    #[serde(with = "maybe_float")]
    pub p99_ms: Option<f64>,
    #[serde(with = "maybe_float")]
    pub cpu_percent: Option<f64>,
}

/// The last minutes of metrics, oldest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TrafficView {
    pub minutes: Vec<(Timestamp, TrafficMinute)>,
}

impl TrafficView {
    /// The newest minute with a count of requests.
    pub fn last(&self) -> Option<&(Timestamp, TrafficMinute)> {
        self.minutes.iter().rev().find(|(_, minute)| minute.requests.is_some())
    }

    /// Requests a second in the newest minute.
    pub fn requests_per_s(&self) -> Option<f64> {
        self.last().and_then(|(_, minute)| minute.requests).map(|requests| requests / 60.0)
    }

    /// Share of requests answered 5xx in the newest minute, 0 to 1: errors of the load balancer are
    /// not in its request count (CloudWatch metrics for your Application Load Balancer).
    pub fn error_share(&self) -> Option<f64> {
        let (_, minute) = self.last()?;
        let (own, target) = (minute.elb_5xx.unwrap_or(0.0), minute.target_5xx.unwrap_or(0.0));
        let all = minute.requests? + own;
        (all > 0.0).then(|| (own + target) / all)
    }
}

/// Records of the tree and the zone they are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    pub zone_id: String,
    pub sets: Vec<RecordSet>,
    /// The dial of each Region, 0 to 100.
    pub dials: BTreeMap<String, i64>,
    /// Where somebody else made the names: the records that lead straight to each Region.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub straight: BTreeMap<String, Straight>,
}

/// What the checkers say of the checks of one Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RegionChecks {
    /// The calculated check that the records use.
    pub health: Option<CheckView>,
    pub endpoint: Option<CheckView>,
    /// By the peer whose load balancer is asked.
    pub switches: BTreeMap<String, CheckView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    pub id: String,
    /// Checkers that say healthy (for an inverted check: that say unhealthy), of those that answered.
    /// `None` for a calculated check: it has no checkers of its own.
    pub observers: Option<(u32, u32)>,
    /// Whether Route 53 takes it to be healthy.
    pub healthy: bool,
    pub last_report: Option<String>,
}

/// What a name server told users of a place, and what they met there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceAnswer {
    pub place: Place,
    pub addresses: Vec<Ipv4Addr>,
    /// The Region that the addresses belong to, when they are those of a known load balancer.
    pub region: Option<String>,
    pub visit: Visit,
}

/// One request to the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visit {
    Answered { status: u16, took: Duration },
    Failed(String),
    NotTried,
}

impl Visit {
    pub fn ok(&self) -> Option<bool> {
        match self {
            Visit::Answered { status, .. } => Some(*status < 500),
            Visit::Failed(_) => Some(false),
            Visit::NotTried => None,
        }
    }
}

impl Snapshot {
    /// Why looking fails, of every source that fails.
    pub fn failures(&self) -> impl Iterator<Item = &CallError> {
        fn why<T>(seen: &Observed<T>) -> Option<&CallError> {
            seen.failing.as_ref().map(|failing| &failing.why)
        }
        let stack = [why(&self.identity), why(&self.records), why(&self.checks), why(&self.answers), why(&self.proof)];
        let regions = self.regions.iter().flat_map(|region| {
            [
                why(&region.service),
                why(&region.tasks),
                why(&region.scaling),
                why(&region.balancer),
                why(&region.targets),
                why(&region.switches),
                why(&region.traffic),
                why(&region.global),
                why(&region.cluster),
                why(&region.lag),
                why(&region.database_events),
                why(&region.table),
                why(&region.replication),
                why(&region.canary),
                why(&region.arrivals),
            ]
        });
        stack.into_iter().chain(regions).flatten()
    }

    pub fn region(&self, name: &str) -> Option<&RegionView> {
        self.regions.iter().find(|region| region.name == name)
    }
}
