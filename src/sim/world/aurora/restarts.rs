//! Reboots of instances, and failovers to another instance of the same cluster.

use super::cluster::{Cluster, Instance, Role, Status};
use super::kept::Event;
use super::{Aurora, Key, World};
use std::time::Duration;

/// How long an instance takes to come back, and a failover to a reader, seconds (assumed; Aurora User Guide, fault
/// tolerance: "typically less than 60 seconds, and often less than 30").
const REBOOT_S: (f64, f64) = (20.0, 60.0);
const FAILOVER_S: (f64, f64) = (15.0, 35.0);

impl Aurora {
    /// The instance that writes: the one that was promoted last, or else the first that was made.
    pub fn writer_of(&self, cluster: &Cluster) -> Option<&Instance> {
        if cluster.role != Role::Writer {
            return None;
        }
        let key = cluster.key();
        let all: Vec<&Instance> =
            self.instances.values().filter(|one| one.region == key.0 && one.cluster == key.1).collect();
        let stays = |instance: &&&Instance| instance.status != Status::Deleting;
        let promoted = all.iter().filter(stays).find(|instance| Some(&instance.id) == cluster.promoted.as_ref());
        let first = all.iter().min_by_key(|one| (one.status == Status::Deleting, one.created, one.id.clone()));
        promoted.or(first).copied()
    }
}

/// Restarts an instance; while it writes, it stays the one that does.
pub fn reboot(world: &mut World, key: &Key) {
    let takes = Duration::from_secs_f64(world.chance.aurora.between(REBOOT_S.0, REBOOT_S.1));
    let (now, due) = (world.now, world.now + takes);
    let Some(instance) = world.aurora.instances.get_mut(key) else { return };
    (instance.status, instance.due) = (Status::Rebooting, Some(due));
    world.aurora.tell(Event::of_instance(now, &key.1, &["availability"], "DB instance shutdown."), &key.0);
    world.truth.note(now, "db.reboot", &key.0, &key.1);
}

/// The instance that writes is being deleted: the reader that is promoted first takes over.
pub fn writer_leaves(world: &mut World, key: &Key) {
    let readers = world.aurora.instances_of(key).filter(|instance| instance.status == Status::Available);
    let next = readers.min_by_key(|one| (one.tier, one.created, one.id.clone())).map(|one| one.id.clone());
    if let Some(next) = next {
        fail_over(world, key, &next);
    }
}

/// Promotes another instance of a cluster.
pub fn fail_over(world: &mut World, key: &Key, target: &str) {
    let takes = Duration::from_secs_f64(world.chance.aurora.between(FAILOVER_S.0, FAILOVER_S.1));
    let (now, due) = (world.now, world.now + takes);
    let Some(cluster) = world.aurora.clusters.get_mut(key) else { return };
    cluster.promoted = Some(target.to_string());
    (cluster.status, cluster.due) = (Status::FailingOver, Some(due));
    cluster.broken_until = cluster.broken_until.max(due);
    cluster.store.disconnect();
    let message = format!("Started cross AZ failover to DB instance: {target}");
    world.aurora.tell(Event::of_cluster(now, &key.1, &["failover"], message), &key.0);
    world.truth.note(now, "db.failover", &key.0, format!("{} to {target}", key.1));
}
