//! Task definitions: what a task is made of, and how its image behaves.

use super::Tags;
use crate::doc::Doc;
use crate::moment::Moment;
use crate::world::ACCOUNT;
use crate::world::app::Wiring;

/// One revision of a family.
#[derive(Debug, Clone)]
pub struct TaskDefinition {
    pub family: String,
    pub revision: u32,
    /// CPU units; 1024 are a vCPU.
    pub cpu: u32,
    pub memory_mib: u32,
    pub containers: Vec<Container>,
    /// Every other member as it was given.
    pub given: serde_json::Map<String, Doc>,
    pub fargate: bool,
    pub tags: Tags,
    pub registered_at: Moment,
    pub registered_by: String,
    /// Set: INACTIVE.
    pub deregistered_at: Option<Moment>,
}

/// What the simulation needs of a container definition, and all of it as AWS echoes it.
#[derive(Debug, Clone)]
pub struct Container {
    pub name: String,
    pub image: String,
    pub essential: bool,
    pub ports: Vec<u16>,
    /// Seconds; the default is 30 on Fargate (ECS API, ContainerDefinition.stopTimeout).
    pub stop_timeout_s: u32,
    /// It has a health check of its own.
    pub checked: bool,
    /// Containers of its task that must have come to what it waits for, before it starts.
    pub waits_for: Vec<(String, Condition)>,
    pub echo: Doc,
}

/// What another container must have come to (ECS API, ContainerDependency).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Start,
    Complete,
    Success,
    Healthy,
}

/// How a container image behaves, told by its tag so that tests can choose: `:crash`, `:unpullable`,
/// `:sick` and `:slow`; anything else serves well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behaviour {
    Serves,
    /// Answers with ten times the latency.
    Slow,
    /// Answers 500.
    Sick,
    /// Exits with 1 as soon as it has started.
    Crashes,
    /// Is not in its registry.
    Unpullable,
}

impl Behaviour {
    fn of(image: &str) -> Self {
        let tagged = image.split('@').next().unwrap_or(image);
        match tagged.rsplit_once(':').map(|(_, tag)| tag) {
            Some("slow") => Self::Slow,
            Some("sick") => Self::Sick,
            Some("crash") => Self::Crashes,
            Some("unpullable") => Self::Unpullable,
            _ => Self::Serves,
        }
    }
}

impl TaskDefinition {
    pub fn arn(&self, region: &str) -> String {
        format!("arn:aws:ecs:{region}:{ACCOUNT}:task-definition/{}:{}", self.family, self.revision)
    }

    pub fn vcpus(&self) -> f64 {
        f64::from(self.cpu) / 1024.0
    }

    /// That of its worst image; of containers that are not essential only a missing image counts.
    pub fn behaviour(&self) -> Behaviour {
        let each = self.containers.iter().map(|container| (container, Behaviour::of(&container.image)));
        each.filter(|(container, behaviour)| container.essential || *behaviour == Behaviour::Unpullable)
            .map(|(_, behaviour)| behaviour)
            .max()
            .unwrap_or(Behaviour::Serves)
    }

    pub fn ports(&self) -> Vec<u16> {
        self.containers.iter().flat_map(|container| container.ports.iter().copied()).collect()
    }

    /// Where its first essential container keeps its state.
    pub fn wiring(&self) -> Wiring {
        let container = self.containers.iter().find(|container| container.essential);
        container.map(|container| Wiring::of(&container.echo)).unwrap_or_default()
    }

    pub fn stop_timeout_s(&self) -> u32 {
        self.containers.iter().map(|container| container.stop_timeout_s).max().unwrap_or(30)
    }

    /// Seconds until whatever is waited for is healthy: a check is made first after its interval. Those that others
    /// wait for start together.
    pub fn waits_s(&self) -> u32 {
        let waited = self.containers.iter().flat_map(|container| &container.waits_for);
        let healthy = waited.filter(|(_, condition)| *condition == Condition::Healthy);
        let others = healthy.filter_map(|(name, _)| self.containers.iter().find(|other| other.name == *name));
        others.filter_map(|other| other.echo["healthCheck"]["interval"].as_u64()).max().unwrap_or(0) as u32
    }

    /// Some essential container has a health check of its own.
    pub fn checked(&self) -> bool {
        self.containers.iter().any(|container| container.checked && container.essential)
    }
}
