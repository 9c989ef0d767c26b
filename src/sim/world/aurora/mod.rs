//! Aurora: global databases, their clusters and instances, and how they behave in time.
//!
//! `global`, `cluster` and `kept` are state; `lifecycle` lets things come and go, `lag` moves the log positions
//! of secondaries, `roles` carries out switchovers and failovers, `rebuild` brings members back, `clients` is
//! what applications and the Data API meet, `restarts` ends connections inside of a Region, `upgrade` brings a member to
//! another minor version, `measure` tells CloudWatch.
//!
//! A position in the log is a moment: a secondary has every commit that is older than its position.

mod clients;
mod cluster;
mod global;
mod kept;
mod lag;
mod lifecycle;
mod measure;
mod rebuild;
mod release;
mod restarts;
mod roles;
#[cfg(test)]
mod tests;
mod upgrade;

pub use clients::{NoData, Rows, committed, read, store, takes, write_rows};
pub use cluster::{Cluster, Commit, Forwarding, Instance, Role, Status, Switching, Sync};
pub use global::{Global, GlobalStatus, Phase, RoleChange};
pub use kept::{Event, ParameterGroup, Snapshot, Source, SubnetGroup};
pub use lifecycle::{cluster_made, instance_made};
pub use release::Release;
pub use restarts::{fail_over, reboot, writer_leaves};
pub use roles::{NotNow, begin, reported_version};
pub use upgrade::{followers, upgrade};

use super::World;
use std::collections::{BTreeMap, VecDeque};

/// A Region and a name in it.
pub type Key = (String, String);

/// Every database of the account.
#[derive(Debug, Clone, Default)]
pub struct Aurora {
    pub globals: BTreeMap<String, Global>,
    pub clusters: BTreeMap<Key, Cluster>,
    pub instances: BTreeMap<Key, Instance>,
    pub snapshots: BTreeMap<Key, Snapshot>,
    /// Of clusters.
    pub parameter_groups: BTreeMap<Key, ParameterGroup>,
    /// Of instances.
    pub instance_groups: BTreeMap<Key, ParameterGroup>,
    pub subnet_groups: BTreeMap<Key, SubnetGroup>,
    /// By Region, oldest first.
    pub events: BTreeMap<String, VecDeque<Event>>,
}

impl Aurora {
    pub fn cluster(&self, key: &Key) -> Option<&Cluster> {
        self.clusters.get(key)
    }

    /// The cluster that an ARN names.
    pub fn by_arn(&self, arn: &str) -> Option<&Cluster> {
        self.clusters.values().find(|cluster| cluster.arn == arn)
    }

    pub fn instances_of<'a>(&'a self, cluster: &'a Key) -> impl Iterator<Item = &'a Instance> {
        self.instances.values().filter(move |instance| instance.region == cluster.0 && instance.cluster == cluster.1)
    }

    /// Whether some instance of the cluster answers.
    pub fn answers(&self, cluster: &Key) -> bool {
        self.instances_of(cluster).any(|instance| matches!(instance.status, Status::Available | Status::Upgrading))
    }

    /// Tells an event of a cluster or an instance in a Region (Aurora User Guide, event categories and messages).
    pub fn tell(&mut self, event: Event, region: &str) {
        let events = self.events.entry(region.to_string()).or_default();
        events.push_back(event);
        if events.len() > kept::EVENTS {
            events.pop_front();
        }
    }
}

pub fn tick(world: &mut World) {
    if world.aurora.clusters.is_empty() && world.aurora.globals.is_empty() {
        return;
    }
    lifecycle::tick(world);
    lag::tick(world);
    roles::tick(world);
    rebuild::tick(world);
    measure::tick(world);
}
