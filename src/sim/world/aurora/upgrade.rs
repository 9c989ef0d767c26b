//! Minor upgrades of a cluster: it is prepared while it answers, then its instances restart with the new version
//! (Aurora User Guide, upgrading a global database, and minor version upgrades of Aurora PostgreSQL).

use super::cluster::{Cluster, Role, Status};
use super::kept::Event;
use super::{Key, World, restarts};
use std::time::Duration;

/// How long a cluster prepares itself while it answers, seconds (assumed).
const PREPARES_S: (f64, f64) = (180.0, 420.0);

/// The members that follow a writer.
pub fn followers<'w>(world: &'w World, writer: &Cluster) -> Vec<&'w Cluster> {
    let global = writer.global.as_ref().and_then(|id| world.aurora.globals.get(id));
    let members = global.map_or(&[][..], |global| &global.members).iter();
    members.filter(|key| **key != writer.key()).filter_map(|key| world.aurora.cluster(key)).collect()
}

/// Begins an upgrade that was found possible.
pub fn upgrade(world: &mut World, key: &Key, version: &str) {
    let takes = Duration::from_secs_f64(world.chance.aurora.between(PREPARES_S.0, PREPARES_S.1));
    let (now, due) = (world.now, world.now + takes);
    let Some(cluster) = world.aurora.clusters.get_mut(key) else { return };
    (cluster.status, cluster.due) = (Status::Upgrading, Some(due));
    cluster.upgrade = Some(version.into());
    let of = |one: &&mut super::Instance| one.region == key.0 && one.cluster == key.1;
    for instance in world.aurora.instances.values_mut().filter(of) {
        if instance.status == Status::Available {
            instance.status = Status::Upgrading;
        }
    }
    let message = format!("Database cluster engine version upgrade to {version} started. Cluster remains online.");
    world.aurora.tell(Event::of_cluster(now, &key.1, &["maintenance"], message), &key.0);
    world.truth.note(now, "db.upgrade", &key.0, format!("{} to {version} begins", key.1));
}

/// Clusters whose preparation is over: their instances restart with the new version.
pub(super) fn restart(world: &mut World, key: &Key) {
    let now = world.now;
    let Some(cluster) = world.aurora.clusters.get_mut(key) else { return };
    let Some(version) = cluster.upgrade.take() else { return };
    cluster.version.clone_from(&version);
    cluster.store.disconnect();
    let global = cluster.global.clone().filter(|_| cluster.role == Role::Writer);
    if let Some(global) = global.and_then(|id| world.aurora.globals.get_mut(&id)) {
        global.version.clone_from(&version);
    }
    let instances: Vec<Key> = world
        .aurora
        .instances_of(key)
        .filter(|one| one.status == Status::Upgrading)
        .map(|one| (key.0.clone(), one.id.clone()))
        .collect();
    for instance in &instances {
        restarts::reboot(world, instance);
    }
    let back = world.aurora.instances_of(key).filter_map(|one| one.due).max().unwrap_or(now);
    if let Some(cluster) = world.aurora.clusters.get_mut(key) {
        (cluster.status, cluster.due) = (Status::Upgrading, Some(back.max(now)));
        cluster.broken_until = cluster.broken_until.max(back);
    }
    world.aurora.tell(
        Event::of_cluster(now, &key.1, &["maintenance"], "Database cluster engine version has been upgraded."),
        &key.0,
    );
    world.truth.note(now, "db.upgrade", &key.0, format!("{} runs {version}", key.1));
}
