//! Clusters, task definitions, services and their tasks on Fargate.
//!
//! `cluster`, `definition`, `service` and `task` are state; `pool` holds a Region's tasks and what
//! launches them; `lifecycle` moves a task through its states; `scheduler` keeps services at their
//! desired count, by the arithmetic of `rollout`; `capacity` is what answers and how loaded it is.
//! A tick is: loads are read, tasks move, services are looked after.

mod capacity;
mod cluster;
mod definition;
mod lifecycle;
mod pool;
mod rollout;
mod scheduler;
mod service;
mod task;
#[cfg(test)]
mod tests;

pub use capacity::{Listener, TaskAnswer, ask, load, sessions_table, wiring};
pub use cluster::Cluster;
pub use definition::{Behaviour, Condition, Container, TaskDefinition};
pub use pool::Pool;
pub use service::{
    Binding, Counts, Deployment, Network, Propagate, Rollout, Rules, Service, ServiceEvent, ServiceStatus,
};
pub use task::{Phase, Stop, StopCode, Task};

use super::World;
use super::elb::{self, TargetState};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Tags of a resource.
pub type Tags = BTreeMap<String, String>;

/// ECS in one Region.
#[derive(Debug, Clone, Default)]
pub struct Ecs {
    pub clusters: BTreeMap<String, Cluster>,
    /// Families by name, revisions by number; INACTIVE ones stay.
    pub definitions: BTreeMap<String, BTreeMap<u32, Arc<TaskDefinition>>>,
    /// Fargate: tasks, addresses and the right to launch.
    pub pool: Pool,
    /// Client tokens of CreateService, and the service that each one made (cluster, name).
    pub tokens: BTreeMap<String, (String, String)>,
}

impl Ecs {
    pub fn service(&self, cluster: &str, name: &str) -> Option<&Service> {
        self.clusters.get(cluster)?.services.get(name)
    }

    pub fn service_mut(&mut self, cluster: &str, name: &str) -> Option<&mut Service> {
        self.clusters.get_mut(cluster)?.services.get_mut(name)
    }

    /// The revision that `family` alone means: the newest ACTIVE one.
    pub fn latest(&self, family: &str) -> Option<&Arc<TaskDefinition>> {
        self.definitions.get(family)?.values().rev().find(|definition| definition.deregistered_at.is_none())
    }
}

/// The desired count of an ACTIVE service.
pub fn desired(world: &World, region: &str, cluster: &str, service: &str) -> Option<u32> {
    Some(counts(world, region, cluster, service)?.desired)
}

/// Desired, running and pending tasks of an ACTIVE service.
pub fn counts(world: &World, region: &str, cluster: &str, service: &str) -> Option<Counts> {
    let ecs = world.ecs.get(region)?;
    let service = ecs.service(cluster, service).filter(|service| service.status == ServiceStatus::Active)?;
    Some(service.counts(&ecs.pool, None))
}

/// Sets the desired count of an ACTIVE service, which starts no deployment. False: no such service.
pub fn set_desired(world: &mut World, region: &str, cluster: &str, service: &str, count: u32) -> bool {
    let now = world.now;
    let Some(ecs) = world.ecs.get_mut(region) else { return false };
    let Some(service) = ecs.service_mut(cluster, service).filter(|s| s.status == ServiceStatus::Active) else {
        return false;
    };
    let before = service.desired;
    if before != count {
        let what = format!("{cluster}/{} {before} -> {count}", service.name);
        service.scale(count, now);
        world.truth.note(now, "service.scaled", region, what);
    }
    true
}

pub fn tick(world: &mut World) {
    tick_with(world, elb::target_state);
}

/// Who tells how the load balancers see a target: Region, target group, address, port.
type AskTarget = fn(&World, &str, &str, Ipv4Addr, u16) -> TargetState;

fn tick_with(world: &mut World, targets: AskTarget) {
    let regions: Vec<String> = world.ecs.keys().cloned().collect();
    for region in &regions {
        // Out of the world while it acts, so that load balancers and truth can be told meanwhile.
        let Some(mut ecs) = world.ecs.get_mut(region).map(std::mem::take) else { continue };
        ecs.pool.refill();
        capacity::measure(world, region, &mut ecs.pool);
        lifecycle::tick(world, region, &mut ecs, targets);
        scheduler::tick(world, region, &mut ecs, targets);
        world.ecs.insert(region.clone(), ecs);
    }
}
