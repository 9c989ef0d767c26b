//! A task on Fargate.

use super::{Behaviour, Binding, Tags, TaskDefinition};
use crate::moment::Moment;
use crate::world::ACCOUNT;
use std::net::Ipv4Addr;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Task {
    /// In the order of creation, unique in the world.
    pub number: u64,
    /// 32 hexadecimal digits.
    pub id: String,
    pub cluster: String,
    pub service: String,
    pub deployment: u64,
    /// The deployment's id.
    pub started_by: String,
    pub definition: Arc<TaskDefinition>,
    pub platform_version: String,
    pub subnet: String,
    pub zone: String,
    pub ip: Ipv4Addr,
    pub phase: Phase,
    /// When it moves on.
    pub due: Option<Moment>,
    pub bindings: Arc<Vec<Binding>>,
    /// Its target groups know it.
    pub registered: bool,
    /// RUNNING and every target of it is healthy.
    pub ready: bool,
    /// Found unhealthy: goes as soon as another can take its place.
    pub condemned: bool,
    pub stop: Option<Stop>,
    pub exit_code: Option<i32>,
    pub tags: Tags,
    pub version: u64,
    pub created_at: Moment,
    pub connected_at: Option<Moment>,
    pub pull_started_at: Option<Moment>,
    pub pull_stopped_at: Option<Moment>,
    pub started_at: Option<Moment>,
    pub stopping_at: Option<Moment>,
    pub execution_stopped_at: Option<Moment>,
    pub stopped_at: Option<Moment>,
}

/// Why it was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub code: StopCode,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCode {
    TaskFailedToStart,
    EssentialContainerExited,
    UserInitiated,
    ServiceSchedulerInitiated,
}

impl StopCode {
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskFailedToStart => "TaskFailedToStart",
            Self::EssentialContainerExited => "EssentialContainerExited",
            Self::UserInitiated => "UserInitiated",
            Self::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
        }
    }
}

/// The path of a task (ECS Developer Guide, Task lifecycle).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Provisioning,
    Pending,
    Activating,
    Running,
    Deactivating,
    Stopping,
    Deprovisioning,
    Stopped,
}

impl Phase {
    pub fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }
}

impl Task {
    pub fn arn(&self, region: &str) -> String {
        format!("arn:aws:ecs:{region}:{ACCOUNT}:task/{}/{}", self.cluster, self.id)
    }

    /// Its desired status is RUNNING.
    pub fn wanted(&self) -> bool {
        self.stop.is_none()
    }

    /// HEALTHY, UNHEALTHY or UNKNOWN, as its containers' own health checks say.
    pub fn health(&self) -> &'static str {
        match (self.definition.checked() && self.phase == Phase::Running, self.definition.behaviour()) {
            (false, _) => "UNKNOWN",
            (true, Behaviour::Sick) => "UNHEALTHY",
            (true, _) => "HEALTHY",
        }
    }
}
