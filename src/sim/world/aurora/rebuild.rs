//! How members come back: on a new volume, when the writer is reached, after a snapshot of what they alone had.

use super::cluster::{Role, Sync};
use super::kept::{Event, Snapshot};
use super::{Key, World};
use crate::faults;
use crate::moment::Moment;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long it takes until a Region that is reached again begins to be rebuilt, seconds (assumed).
const NOTICED_S: u64 = 60;
/// How long a rebuild takes, seconds: a base, and what the volume needs (aws.md 2.10, assumed).
const REBUILD_S: (f64, f64) = (300.0, 900.0);
/// How long the snapshot of the old volume takes, seconds (assumed).
const SNAPSHOT_S: u64 = 120;
const DAY: Duration = Duration::from_secs(86_400);

pub fn tick(world: &mut World) {
    let members: Vec<(Key, Key)> = world
        .aurora
        .globals
        .values()
        .filter_map(|global| Some((global, global.writer.clone()?)))
        .flat_map(|(global, writer)| global.members.iter().map(move |member| (member.clone(), writer.clone())))
        .filter(|(member, writer)| member != writer)
        .collect();
    for (member, writer) in members {
        follow(world, &member, &writer);
    }
}

fn follow(world: &mut World, member: &Key, writer: &Key) {
    let linked = faults::linked(world, &member.0, &writer.0);
    let now = world.now;
    let Some(cluster) = world.aurora.clusters.get_mut(member) else { return };
    if cluster.role == Role::Writer {
        return;
    }
    let Sync::Resync { since, until } = cluster.sync else { return };
    if !linked {
        // what was begun must begin anew
        cluster.sync = Sync::Resync { since: now, until: None };
        return;
    }
    match until {
        None if now.since(since) >= Duration::from_secs(NOTICED_S) => {
            let takes = Duration::from_secs_f64(world.chance.aurora.between(REBUILD_S.0, REBUILD_S.1));
            let split = cluster.split.take().is_some();
            let alone = !cluster.commits.is_empty();
            cluster.sync = Sync::Resync { since, until: Some(now + takes) };
            let id = cluster.id.clone();
            if split {
                world.truth.note(now, "db.fenced", &member.0, format!("{id} takes no writes any more"));
            }
            if alone {
                keep(world, member);
            }
            resynchronised(world, member, "Started");
        }
        Some(until) if until <= now => {
            cluster.sync = Sync::Connected;
            (cluster.lag_ms, cluster.applied) = (500.0, now);
            cluster.commits.clear();
            let id = cluster.id.clone();
            world.truth.note(now, "db.connected", &member.0, format!("{id} follows {}", writer.1));
            resynchronised(world, member, "Finished");
        }
        _ => {}
    }
}

fn resynchronised(world: &mut World, member: &Key, what: &str) {
    let message = format!(
        "{what} resynchronizing members of DB cluster {} in Region {} after global failover.",
        member.1, member.0
    );
    let event = Event::of_cluster(world.now, &member.1, &["global-failover"], message);
    world.aurora.tell(event, &member.0);
}

/// The old volume is kept as a system snapshot for as long as the cluster's backups are.
fn keep(world: &mut World, member: &Key) {
    let now = world.now;
    let Some(cluster) = world.aurora.clusters.get(member) else { return };
    let id = format!("rds:unplanned-global-failover-{}-{}", cluster.id, stamp(now));
    let snapshot = Snapshot {
        region: member.0.clone(),
        arn: format!("arn:aws:rds:{}:{}:cluster-snapshot:{id}", member.0, crate::world::ACCOUNT),
        id: id.clone(),
        cluster: cluster.id.clone(),
        engine: cluster.engine.clone(),
        version: cluster.version.clone(),
        created: now,
        ready: now + Duration::from_secs(SNAPSHOT_S),
        automated: true,
        expires: Some(now + DAY * cluster.retention_days.max(1)),
        source: None,
        kms_key: cluster.kms_key.clone(),
        encrypted: cluster.encrypted,
        tags: BTreeMap::new(),
    };
    world.truth.note(now, "db.kept", &member.0, format!("{id} has what was lost"));
    world.aurora.snapshots.insert((member.0.clone(), id), snapshot);
}

/// `2026-01-05-14-00`, as RDS names its own snapshots.
fn stamp(at: Moment) -> String {
    at.iso().get(..16).unwrap_or_default().replace(['T', ':'], "-")
}
