//! What applications and the Data API meet at a cluster.

use super::cluster::{Cluster, Commit, Role, Status, Sync};
use super::{Key, World};
use crate::faults;
use crate::geo;
use crate::truth::{Ack, Written};
use crate::world::TICK;
use crate::world::sql::Database;
use std::time::Duration;

/// What a statement takes inside of a Region, milliseconds (assumed).
const LOCAL_MS: f64 = 4.0;

/// What became of rows that the application wrote.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rows {
    /// Acknowledged to the application; the others failed.
    pub committed: u64,
    /// How long one write took, or how long it took to fail.
    pub latency_ms: f64,
}

/// Why the Data API cannot run a statement on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoData {
    /// There is no such cluster in the Region.
    NotFound,
    /// `EnableHttpEndpoint` was never said.
    EndpointOff,
    /// A secondary, or a cluster without an instance that writes.
    NoWriter,
    /// It is a writer, but takes nothing now: fenced, promoted, failing.
    Unavailable(&'static str),
}

/// What a host name leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Writer,
    Reader,
}

fn find(world: &World, host: &str) -> Option<(Key, Door)> {
    let aurora = &world.aurora;
    for cluster in aurora.clusters.values() {
        if cluster.reader_endpoint == host {
            return Some((cluster.key(), Door::Reader));
        }
        if cluster.writer_endpoint == host {
            return Some((cluster.key(), Door::Writer));
        }
    }
    let global = aurora.globals.values().find(|global| global.endpoint == host)?;
    Some((global.names.clone()?, Door::Writer))
}

/// Whether a task in `region` that is connected to `host` can read, and how long that takes, ms.
pub fn read(world: &World, region: &str, host: &str) -> Option<f64> {
    let (key, _) = find(world, host)?;
    let cluster = world.aurora.cluster(&key)?;
    let open = cluster.up() && world.aurora.answers(&key) && cluster.broken_until <= world.now;
    (open && faults::linked(world, region, &key.0)).then(|| LOCAL_MS + away_ms(region, &key.0))
}

/// Writes `count` rows in this second from a task in `region` that is connected to `host`. None is committed
/// where nothing takes writes behind that name.
pub fn write_rows(world: &mut World, region: &str, host: &str, count: u64) -> Rows {
    let Some((takes, latency_ms)) = way(world, region, host) else {
        return Rows { committed: 0, latency_ms: LOCAL_MS };
    };
    let second = world.now - TICK;
    commit(world, &takes, region, Commit { at: second, spread_ms: TICK.as_millis() as u64, rows: count });
    Rows { committed: count, latency_ms }
}

/// Whether a write from a task in `region` that is connected to `host` would be committed.
pub fn takes(world: &World, region: &str, host: &str) -> bool {
    way(world, region, host).is_some()
}

/// The cluster that takes a client's writes, and what one takes, ms.
fn way(world: &World, region: &str, host: &str) -> Option<(Key, f64)> {
    let (key, door) = find(world, host)?;
    let met = world.aurora.cluster(&key)?;
    let open = met.up() && world.aurora.answers(&key) && met.broken_until <= world.now;
    if !open || !faults::linked(world, region, &key.0) {
        return None;
    }
    let near_ms = LOCAL_MS + away_ms(region, &key.0);
    if met.role == Role::Writer || met.split.is_some() {
        // with one instance the reader endpoint leads to the writer itself
        let direct = door == Door::Writer || world.aurora.instances_of(&key).count() < 2;
        let forwards = direct || met.local_forwarding.on();
        return (forwards && takes_writes(world, met)).then_some((key, near_ms));
    }
    if door == Door::Writer || !met.forwarding.on() {
        return None;
    }
    let global = met.global.as_ref().and_then(|id| world.aurora.globals.get(id))?;
    let writer = global.writer.clone()?;
    let there = world.aurora.cluster(&writer)?;
    let reached = faults::linked(world, &key.0, &writer.0);
    (reached && takes_writes(world, there)).then(|| (writer.clone(), near_ms + away_ms(&key.0, &writer.0)))
}

fn away_ms(from: &str, to: &str) -> f64 {
    match (geo::region(from), geo::region(to)) {
        (Some(one), Some(other)) if from != to => {
            geo::round_trip_ms((one.latitude, one.longitude), (other.latitude, other.longitude))
        }
        _ => 0.0,
    }
}

/// Whether the writer commits.
fn takes_writes(world: &World, cluster: &Cluster) -> bool {
    why_not(world, cluster).is_none()
}

fn why_not(world: &World, cluster: &Cluster) -> Option<&'static str> {
    if cluster.role != Role::Writer && cluster.split.is_none() {
        return Some("it is read-only");
    }
    if cluster.fenced {
        return Some("it takes no writes: its role is changing");
    }
    if cluster.broken_until > world.now {
        return Some("connections are being closed");
    }
    if matches!(cluster.status, Status::Creating | Status::Deleting) || !world.aurora.answers(&cluster.key()) {
        return Some("no instance answers");
    }
    if world.aurora.writer_of(cluster).is_some_and(|writer| writer.status == Status::Rebooting) {
        return Some("the writer is rebooted");
    }
    if faults::striking(world, "F26", &cluster.region).is_some() {
        return Some("commits fail");
    }
    held_by_rpo(world, cluster).then_some("commits wait for a secondary (rds.global_db_rpo)")
}

/// `rds.global_db_rpo`: commits wait while every secondary is further behind (Aurora User Guide, managing RPOs).
fn held_by_rpo(world: &World, writer: &Cluster) -> bool {
    let group = world.aurora.parameter_groups.get(&(writer.region.clone(), writer.parameter_group.clone()));
    let rpo_s: Option<f64> = group.and_then(|group| group.values.get("rds.global_db_rpo")?.parse().ok());
    let Some(rpo_s) = rpo_s.filter(|seconds| *seconds > 0.0) else { return false };
    let Some(global) = writer.global.as_ref().and_then(|id| world.aurora.globals.get(id)) else { return false };
    let others = global.members.iter().filter(|member| **member != writer.key());
    let within = |member: &Key| {
        world.aurora.cluster(member).is_some_and(|c| c.sync == Sync::Connected && c.lag_ms <= rpo_s * 1000.0)
    };
    !others.into_iter().any(within)
}

/// Remembers a commit and tells the truth of it.
fn commit(world: &mut World, at: &Key, via: &str, commit: Commit) {
    let Some(cluster) = world.aurora.clusters.get_mut(at) else { return };
    cluster.commits.push_back(commit);
    let split = cluster.split;
    let of_global = cluster.global.as_ref().and_then(|id| world.aurora.globals.get(id)).map(|global| global.epoch);
    let epoch = split.or(of_global).unwrap_or(1);
    if split.is_some() {
        world.truth.writes.rows_split += commit.rows;
        world.truth.writes.rows_lost += commit.rows;
    }
    world.truth.acknowledge(Ack {
        at: commit.at.floor(1),
        what: Written::Row,
        via: via.into(),
        stored: at.0.clone(),
        count: commit.rows,
        epoch,
    });
}

/// The store behind the writer of a cluster, for the Data API of `region`.
///
/// # Errors
/// When nothing takes statements there.
pub fn store<'w>(world: &'w mut World, region: &str, cluster_arn: &str) -> Result<&'w mut Database, NoData> {
    let found = world.aurora.by_arn(cluster_arn).filter(|cluster| cluster.region == region);
    let cluster = found.ok_or(NoData::NotFound)?;
    if !cluster.data_api {
        return Err(NoData::EndpointOff);
    }
    if cluster.role != Role::Writer && cluster.split.is_none() {
        return Err(NoData::NoWriter);
    }
    if let Some(why) = why_not(world, cluster) {
        return Err(NoData::Unavailable(why));
    }
    let key = cluster.key();
    world.aurora.clusters.get_mut(&key).map(|cluster| &mut cluster.store).ok_or(NoData::NotFound)
}

/// The Data API has committed `rows` there: they are acknowledged writes like any other.
pub fn committed(world: &mut World, region: &str, cluster_arn: &str, rows: u64) {
    let Some(key) = world.aurora.by_arn(cluster_arn).map(Cluster::key) else { return };
    let at = world.now;
    commit(world, &key, region, Commit { at, spread_ms: 0, rows });
}

/// How long clients need to connect anew after a role change (assumed).
pub(super) fn broken(world: &mut World) -> Duration {
    Duration::from_secs_f64(world.chance.aurora.between(3.0, 8.0))
}
