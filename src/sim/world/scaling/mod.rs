//! Application Auto Scaling: scalable targets, target tracking and what it did.
//!
//! `target` keeps what is registered, `policy` the policies and their alarms, `act` decides once a
//! minute, `ecs_link` is the one place that touches ECS.

pub mod act;
pub mod ecs_link;
pub mod policy;
pub mod target;
#[cfg(test)]
mod tests;

use super::World;
use policy::Policy;
use std::collections::{BTreeMap, VecDeque};
use target::{Activity, Target};

/// Application Auto Scaling in one Region, for ECS services. Keyed by the resource id,
/// `service/<cluster>/<service>`.
#[derive(Debug, Clone, Default)]
pub struct Scaling {
    pub targets: BTreeMap<String, Target>,
    /// By resource id and policy name.
    pub policies: BTreeMap<(String, String), Policy>,
    /// Oldest first.
    pub activities: VecDeque<Activity>,
    noted: u64,
    /// Stands in for the ECS services of this name.
    #[cfg(test)]
    pub double: BTreeMap<String, u32>,
}

pub fn tick(world: &mut World) {
    act::tick(world);
}
