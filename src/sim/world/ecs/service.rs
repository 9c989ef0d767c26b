//! A service, its deployments and its events.

use super::pool::Pool;
use super::{Phase, Tags, TaskDefinition};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::world::{ACCOUNT, hex_id, uuid};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// How many events AWS keeps (ECS Developer Guide, Viewing service event messages).
const EVENTS_KEPT: usize = 100;

#[derive(Debug, Clone)]
pub struct Service {
    pub name: String,
    pub cluster: String,
    pub region: String,
    pub status: ServiceStatus,
    pub desired: u32,
    /// The PRIMARY one first.
    pub deployments: Vec<Deployment>,
    /// What the circuit breaker rolls back to.
    pub completed: Option<Deployment>,
    pub rules: Rules,
    pub bindings: Arc<Vec<Binding>>,
    pub grace_s: Option<u32>,
    /// Newest first.
    pub events: VecDeque<ServiceEvent>,
    pub happened: u64,
    pub created_at: Moment,
    pub created_by: String,
    pub tags: Tags,
    pub managed_tags: bool,
    pub propagate: Propagate,
    pub rebalancing: bool,
    pub execute_command: bool,
    /// Capacity providers, registries and the like, as they were given.
    pub given: serde_json::Map<String, Doc>,
    /// Tasks that are not STOPPED.
    pub tasks: BTreeSet<u64>,
    pub watch: Watch,
}

/// What the scheduler remembers of a service between two looks.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// Something happened to it.
    pub dirty: bool,
    pub look_at: Moment,
    pub targets_at: Moment,
    /// No launch before this moment: tasks failed to start, or no capacity was left.
    pub not_before: Moment,
    /// Rounds of launches that failed, one after the other.
    pub failed_rounds: u32,
    pub throttled: bool,
    pub steady_at: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    Active,
    Draining,
    Inactive,
}

impl ServiceStatus {
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
            Self::Inactive => "INACTIVE",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propagate {
    None,
    Service,
    TaskDefinition,
}

/// deploymentConfiguration of a rolling update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub maximum_percent: u32,
    pub minimum_healthy_percent: u32,
    pub breaker: bool,
    pub rollback: bool,
}

impl Default for Rules {
    /// ECS API, DeploymentConfiguration.
    fn default() -> Self {
        Self { maximum_percent: 200, minimum_healthy_percent: 100, breaker: false, rollback: false }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    pub subnets: Vec<String>,
    pub security_groups: Vec<String>,
    pub public_ip: bool,
}

/// A port of a container behind a target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub target_group: String,
    pub container: String,
    pub port: u16,
}

#[derive(Debug, Clone)]
pub struct Deployment {
    pub number: u64,
    /// `ecs-svc/` and 19 digits.
    pub id: String,
    pub definition: Arc<TaskDefinition>,
    pub network: Network,
    pub platform_version: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub rollout: Rollout,
    pub reason: String,
    /// Tasks that failed one after the other.
    pub failed_tasks: u32,
    /// A task of it has served: failures count no more.
    pub proven: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollout {
    InProgress,
    Completed,
    Failed,
}

impl Rollout {
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

impl Deployment {
    /// `number` is the world's next id.
    pub fn new(number: u64, definition: Arc<TaskDefinition>, network: Network, platform: &str, now: Moment) -> Self {
        let hex = hex_id(&["deployment", &number.to_string(), &now.0.to_string()], 15);
        let digits = u64::from_str_radix(&hex, 16).unwrap_or(number);
        let id = format!("ecs-svc/{:019}", 1_000_000_000_000_000_000 + digits);
        Self {
            number,
            reason: format!("ECS deployment {id} in progress."),
            id,
            definition,
            network,
            platform_version: platform.to_string(),
            created_at: now,
            updated_at: now,
            rollout: Rollout::InProgress,
            failed_tasks: 0,
            proven: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEvent {
    pub id: String,
    pub created_at: Moment,
    pub message: String,
}

/// Tasks of a service or of one of its deployments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub desired: u32,
    pub running: u32,
    pub pending: u32,
}

impl Service {
    pub fn arn(&self) -> String {
        format!("arn:aws:ecs:{}:{ACCOUNT}:service/{}/{}", self.region, self.cluster, self.name)
    }

    /// The PRIMARY deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.first()
    }

    /// Adds an event; `text` goes on after `(service web) `.
    pub fn tell(&mut self, now: Moment, text: &str) {
        self.happened += 1;
        let id = uuid(&["event", &self.arn(), &self.created_at.0.to_string(), &self.happened.to_string()]);
        let message = format!("(service {}) {text}", self.name);
        self.events.push_front(ServiceEvent { id, created_at: now, message });
        self.events.truncate(EVENTS_KEPT);
    }

    pub fn scale(&mut self, count: u32, now: Moment) {
        self.desired = count;
        self.watch.dirty = true;
        self.watch.steady_at = None;
        if let Some(primary) = self.deployments.first_mut() {
            primary.updated_at = now;
        }
    }

    /// Makes `deployment` the PRIMARY one.
    pub fn deploy(&mut self, deployment: Deployment) {
        self.deployments.insert(0, deployment);
        self.watch = Watch { dirty: true, ..Watch::default() };
    }

    /// Counts the tasks of one deployment, or of all (`None`).
    pub fn counts(&self, pool: &Pool, deployment: Option<u64>) -> Counts {
        let mut counts = Counts { desired: self.desired, running: 0, pending: 0 };
        let mut wanted = 0;
        for task in self.tasks.iter().filter_map(|number| pool.tasks.get(number)) {
            if deployment.is_some_and(|number| number != task.deployment) {
                continue;
            }
            wanted += u32::from(task.wanted());
            match task.phase {
                Phase::Running => counts.running += 1,
                Phase::Provisioning | Phase::Pending | Phase::Activating if task.wanted() => counts.pending += 1,
                _ => {}
            }
        }
        let primary = self.primary().filter(|primary| primary.rollout != Rollout::Failed).map(|p| p.number);
        if deployment.is_some() && deployment != primary {
            counts.desired = wanted;
        }
        counts
    }
}
