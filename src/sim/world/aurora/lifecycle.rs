//! How clusters and instances come and go.

use super::cluster::{Cluster, Instance, Role, Status, Sync};
use super::global::GlobalStatus;
use super::kept::Event;
use super::{Key, World};
use crate::moment::Moment;
use std::time::Duration;

/// How long things take, seconds (aws.md 2.10, assumed).
const CLUSTER_S: (f64, f64) = (60.0, 180.0);
const SECONDARY_S: (f64, f64) = (300.0, 600.0);
const INSTANCE_S: (f64, f64) = (240.0, 480.0);

/// Makes a cluster, which is there after a while.
pub fn cluster_made(world: &mut World, mut cluster: Cluster) {
    let (least, most) = if cluster.role == Role::Secondary { SECONDARY_S } else { CLUSTER_S };
    let takes = world.chance.aurora.between(least, most);
    cluster.status = Status::Creating;
    cluster.due = Some(world.now + Duration::from_secs_f64(takes));
    let (key, now) = (cluster.key(), world.now);
    world.truth.note(now, "db.cluster", &key.0, format!("{} is made as {:?}", key.1, cluster.role));
    if cluster.role == Role::Secondary {
        cluster.sync = Sync::Resync { since: now, until: cluster.due };
    }
    if let Some(global) = cluster.global.as_ref().and_then(|id| world.aurora.globals.get_mut(id)) {
        global.members.push(key.clone());
        if cluster.role == Role::Writer {
            (global.writer, global.names, global.epoch) = (Some(key.clone()), Some(key.clone()), global.epoch.max(1));
        }
    }
    world.aurora.clusters.insert(key, cluster);
}

/// Makes an instance, which is there after a while.
pub fn instance_made(world: &mut World, mut instance: Instance) {
    let takes = world.chance.aurora.between(INSTANCE_S.0, INSTANCE_S.1);
    instance.status = Status::Creating;
    instance.due = Some(world.now + Duration::from_secs_f64(takes));
    world.aurora.instances.insert((instance.region.clone(), instance.id.clone()), instance);
}

pub fn tick(world: &mut World) {
    let now = world.now;
    let over = |due: &mut Option<Moment>| due.take_if(|due| *due <= now).is_some();
    let aurora = &mut world.aurora;
    let (mut gone, mut restarted): (Vec<Key>, Vec<Key>) = (vec![], vec![]);
    let mut prepared: Vec<Key> = vec![];
    let mut promoted: Vec<(Key, String)> = vec![];
    for (key, instance) in &mut aurora.instances {
        if over(&mut instance.due) {
            match instance.status {
                Status::Deleting => gone.push(key.clone()),
                Status::Rebooting => {
                    instance.status = Status::Available;
                    restarted.push(key.clone());
                }
                _ => instance.status = Status::Available,
            }
        }
    }
    for key in restarted {
        aurora.tell(Event::of_instance(now, &key.1, &["availability"], "DB instance restarted."), &key.0);
    }
    for key in gone.drain(..) {
        aurora.instances.remove(&key);
    }
    for (key, cluster) in &mut aurora.clusters {
        for forwarding in [&mut cluster.forwarding, &mut cluster.local_forwarding] {
            forwarding.switching.take_if(|switching| switching.until <= now);
        }
        if !over(&mut cluster.due) {
            continue;
        }
        match cluster.status {
            Status::Deleting => gone.push(key.clone()),
            Status::Upgrading if cluster.upgrade.is_some() => prepared.push(key.clone()),
            Status::FailingOver => {
                cluster.status = Status::Available;
                promoted.push((key.clone(), cluster.promoted.clone().unwrap_or_default()));
            }
            _ => cluster.status = Status::Available,
        }
    }
    for (key, target) in promoted {
        let message = format!("Completed failover to DB instance: {target}");
        aurora.tell(Event::of_cluster(now, &key.1, &["failover"], message), &key.0);
    }
    for key in prepared {
        super::upgrade::restart(world, &key);
    }
    let aurora = &mut world.aurora;
    for key in gone {
        aurora.clusters.remove(&key);
        world.truth.note(now, "db.cluster", &key.0, format!("{} is gone", key.1));
    }
    let mut deleted = vec![];
    for (id, global) in &mut aurora.globals {
        if over(&mut global.due) {
            match global.status {
                GlobalStatus::Deleting => deleted.push(id.clone()),
                _ => global.status = GlobalStatus::Available,
            }
        }
        if global.renamed <= now {
            global.names.clone_from(&global.writer);
        }
    }
    for id in deleted {
        aurora.globals.remove(&id);
    }
    aurora.snapshots.retain(|_, snapshot| snapshot.expires.is_none_or(|expires| expires > now));
}
