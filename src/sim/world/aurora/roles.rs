//! Switchovers, which lose nothing, and failovers, which lose what the target does not have.

use super::clients::broken;
use super::cluster::{Cluster, Role, Status, Sync};
use super::global::{Global, GlobalStatus, Phase, RoleChange};
use super::kept::Event;
use super::{Key, World};
use crate::faults;
use crate::moment::Moment;
use std::time::Duration;

/// A role change is pending for this long, seconds (assumed).
const PENDING_S: f64 = 2.0;
/// A switchover that cannot be synchronised for this long is given up (assumed).
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// A switchover is promoted when the lag is at most this, milliseconds (assumed).
const NEAR_MS: f64 = 1000.0;
/// How long the promotion of a switchover takes, seconds: 20-90 in all (aws.md 2.10, assumed).
const SWITCH_S: (f64, f64) = (15.0, 60.0);
/// How long a failover takes to fence, or to give that up, seconds (assumed).
const FENCE_S: f64 = 5.0;
const NO_FENCE_S: f64 = 30.0;
/// How long the promotion of a failover takes after that, seconds: 60-180 in all (aws.md 2.10, assumed).
const FAILOVER_S: (f64, f64) = (50.0, 140.0);
/// When the global endpoint names the new writer, seconds after the promotion (aws.md 2.10, assumed).
const RENAMED_S: (f64, f64) = (5.0, 30.0);

/// Why a role change cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    UnderWay,
    NotAvailable,
    AlreadyWriter,
    NoMember,
    NoInstance,
    NotSynchronised,
    OtherVersion,
}

/// The engine version that a member tells: F27 gives it an older patch level.
pub fn reported_version(world: &World, cluster: &Cluster) -> String {
    if faults::striking(world, "F27", &cluster.region).is_none() {
        return cluster.version.clone();
    }
    match cluster.version.rsplit_once('.') {
        Some((major, minor)) => format!("{major}.{}", minor.parse::<u32>().map_or(0, |minor| minor.saturating_sub(1))),
        None => format!("{}.0", cluster.version),
    }
}

/// Begins to make `target` the writer.
///
/// # Errors
/// When the state of the global cluster or of a member does not allow it.
pub fn begin(world: &mut World, id: &str, target: &Key, data_loss_allowed: bool) -> Result<(), NotNow> {
    let global = world.aurora.globals.get(id).ok_or(NotNow::NoMember)?;
    let from = global.writer.clone().ok_or(NotNow::NoMember)?;
    if global.change.is_some() {
        return Err(NotNow::UnderWay);
    }
    if global.status != GlobalStatus::Available {
        return Err(NotNow::NotAvailable);
    }
    if !global.members.contains(target) {
        return Err(NotNow::NoMember);
    }
    if from == *target {
        return Err(NotNow::AlreadyWriter);
    }
    let (old, new) = (world.aurora.cluster(&from), world.aurora.cluster(target));
    let (Some(old), Some(new)) = (old, new) else { return Err(NotNow::NoMember) };
    if !world.aurora.answers(target) {
        return Err(NotNow::NoInstance);
    }
    if new.status != Status::Available || !data_loss_allowed && old.status != Status::Available {
        return Err(NotNow::NotAvailable);
    }
    if new.sync != Sync::Connected {
        return Err(NotNow::NotSynchronised);
    }
    // a failover with data loss bears another patch level only
    let told = |cluster| reported_version(world, cluster);
    if old.version != new.version || !data_loss_allowed && told(old) != told(new) {
        return Err(NotNow::OtherVersion);
    }
    let (now, due) = (world.now, world.now + Duration::from_secs_f64(PENDING_S));
    let to = target.clone();
    let what = format!("{id} from {} to {}", from.0, to.0);
    world.truth.note(now, if data_loss_allowed { "db.failover" } else { "db.switchover" }, &to.0, what);
    let change = RoleChange { from, to, data_loss_allowed, began: now, phase: Phase::Pending, due };
    if let Some(global) = world.aurora.globals.get_mut(id) {
        global.change = Some(change);
    }
    Ok(())
}

pub fn tick(world: &mut World) {
    let changing: Vec<String> =
        world.aurora.globals.values().filter(|global| global.change.is_some()).map(|g| g.id.clone()).collect();
    for id in changing {
        let Some(mut global) = world.aurora.globals.remove(&id) else { continue };
        if let Some(change) = global.change.take() {
            global.change = step(world, &mut global, change);
        }
        world.aurora.globals.insert(id, global);
    }
}

/// One second of a role change; `None` when it is over.
fn step(world: &mut World, global: &mut Global, mut change: RoleChange) -> Option<RoleChange> {
    if world.now < change.due || faults::striking(world, "F25", &change.to.0).is_some() {
        return Some(change);
    }
    let linked = faults::linked(world, &change.from.0, &change.to.0);
    match (change.phase, change.data_loss_allowed) {
        (Phase::Pending, lossy) => {
            let (status, phase) = match lossy {
                true => (GlobalStatus::FailingOver, Phase::Fencing),
                false => (GlobalStatus::SwitchingOver, Phase::Synchronising),
            };
            (global.status, change.phase) = (status, phase);
            let fences = linked && faults::striking(world, "F24", &change.from.0).is_none();
            let wait = if lossy { if fences { FENCE_S } else { NO_FENCE_S } } else { 0.0 };
            change.due = world.now + Duration::from_secs_f64(wait);
            set(world, &change.to, |cluster| {
                cluster.status = if lossy { Status::FailingOver } else { Status::Promoting }
            });
            // no event tells that a failover has begun
            if !lossy {
                set(world, &change.from, |cluster| cluster.status = Status::Modifying);
                tell(world, &change, format!("Global switchover to {} started.", called(&change.to)));
                let lag = lag(world, &change.to);
                let waits = "Waiting for data synchronization with the target DB cluster.";
                let behind = format!("Current target DB cluster lag behind the primary DB cluster: {lag:.0} ms.");
                tell(world, &change, format!("{waits} {behind}"));
            }
        }
        (Phase::Synchronising, _) => {
            let near = linked && lag(world, &change.to) <= NEAR_MS;
            if !near {
                return wait_or_give_up(world, global, change);
            }
            set(world, &change.from, |cluster| cluster.fenced = true);
            blocked(world, &change, true);
            (change.phase, change.due) = (Phase::Blocked, world.now + Duration::from_secs(1));
        }
        (Phase::Blocked, _) => {
            let (Some(old), Some(new)) = (world.aurora.cluster(&change.from), world.aurora.cluster(&change.to)) else {
                return None;
            };
            let complete = linked && old.commits.iter().all(|commit| commit.after(new.applied) == 0);
            if !complete {
                return wait_or_give_up(world, global, change);
            }
            tell(world, &change, format!("Old primary {} successfully shut down.", called(&change.from)));
            let takes = world.chance.aurora.between(SWITCH_S.0, SWITCH_S.1);
            (change.phase, change.due) = (Phase::Promoting, world.now + Duration::from_secs_f64(takes));
        }
        (Phase::Fencing, _) => {
            let fenced = linked && faults::striking(world, "F24", &change.from.0).is_none();
            set(world, &change.from, |cluster| cluster.fenced = fenced);
            blocked(world, &change, fenced);
            world.truth.note(world.now, "db.fence", &change.from.0, if fenced { "fenced" } else { "not fenced" });
            let takes = world.chance.aurora.between(FAILOVER_S.0, FAILOVER_S.1);
            (change.phase, change.due) = (Phase::Promoting, world.now + Duration::from_secs_f64(takes));
        }
        (Phase::Promoting, _) => {
            promote(world, global, &change);
            return None;
        }
    }
    Some(change)
}

/// A switchover waits as long as it may, then everything is as it was.
fn wait_or_give_up(world: &mut World, global: &mut Global, change: RoleChange) -> Option<RoleChange> {
    if world.now.since(change.began) < PATIENCE {
        return Some(change);
    }
    for key in [&change.from, &change.to] {
        set(world, key, |cluster| {
            cluster.fenced = false;
            cluster.status = Status::Available;
        });
    }
    global.status = GlobalStatus::Available;
    tell(world, &change, format!("Global switchover to {} is cancelled.", called(&change.to)));
    world.truth.note(world.now, "db.cancelled", &change.to.0, format!("{} stays in {}", global.id, change.from.0));
    None
}

fn promote(world: &mut World, global: &mut Global, change: &RoleChange) {
    let (now, lossy) = (world.now, change.data_loss_allowed);
    let broken_until = now + broken(world);
    let renamed = world.chance.aurora.between(RENAMED_S.0, RENAMED_S.1);
    let Some(position) = world.aurora.cluster(&change.to).map(|cluster| cluster.applied) else { return };
    let Some(old) = world.aurora.clusters.get_mut(&change.from) else { return };
    let lost: u64 = old.commits.iter().map(|commit| commit.after(position)).sum();
    let oldest = old.commits.iter().find(|commit| commit.after(position) > 0).map(|commit| commit.at.max(position));
    let newest = old.commits.back().map(|commit| commit.at + Duration::from_millis(commit.spread_ms));
    let mut store = old.store.clone();
    if lossy {
        store.cut(position);
    }
    store.disconnect();
    old.store.disconnect();
    let kept = old.commits.iter().copied().filter(|commit| commit.after(position) == 0).collect();
    old.role = Role::Secondary;
    old.broken_until = broken_until;
    old.status = Status::Available;
    if lossy {
        old.split = (!old.fenced).then_some(global.epoch);
        old.sync = Sync::Resync { since: now, until: None };
        old.lag_ms = 0.0;
    } else {
        old.commits.clear();
        old.sync = Sync::Connected;
        (old.lag_ms, old.applied) = (NEAR_MS, now);
    }
    old.fenced = false;
    let split = old.split.is_some();
    set(world, &change.to, |new| {
        new.role = Role::Writer;
        new.status = Status::Available;
        new.store = store;
        new.commits = kept;
        new.broken_until = broken_until;
        new.frozen_ms = None;
    });
    for other in global.members.iter().filter(|key| **key != change.from && **key != change.to) {
        set(world, other, |cluster| {
            cluster.broken_until = broken_until;
            if lossy {
                cluster.sync = Sync::Resync { since: now, until: None };
            }
        });
    }
    global.epoch += 1;
    global.status = GlobalStatus::Available;
    global.writer = Some(change.to.clone());
    global.renamed = now + Duration::from_secs_f64(renamed);
    world.truth.writes.rows_lost += lost;
    world.truth.note(now, "db.promoted", &change.to.0, format!("{} epoch {}", global.id, global.epoch));
    if lost > 0 {
        let span_ms = newest.map_or(0, |newest| newest.0.saturating_sub(oldest.unwrap_or(Moment(0)).0));
        world.truth.note(now, "db.lost", &change.from.0, format!("{lost} rows of {span_ms} ms"));
    }
    if split {
        world.truth.note(now, "db.two_writers", &change.from.0, format!("{} still takes writes", change.from.1));
    }
    let target = called(&change.to);
    if !lossy {
        tell(world, change, format!("New primary {target} was successfully promoted."));
    }
    tell(world, change, "Aurora finished changing the DNS name that the global writer endpoint resolves to.".into());
    tell(
        world,
        change,
        match lossy {
            true => format!("Global failover to {target} completed."),
            false => format!("Global switchover to {target} finished."),
        },
    );
}

fn lag(world: &World, key: &Key) -> f64 {
    world.aurora.cluster(key).map_or(f64::INFINITY, |cluster| cluster.lag_ms)
}

fn set(world: &mut World, key: &Key, change: impl FnOnce(&mut Cluster)) {
    if let Some(cluster) = world.aurora.clusters.get_mut(key) {
        change(cluster);
    }
}

/// Events land on the old primary where it is reached, and on the new one (Aurora User Guide, disaster recovery).
fn tell(world: &mut World, change: &RoleChange, message: String) {
    let event = |key: &Key| Event::of_cluster(world.now, &key.1, &["global-failover"], message.clone());
    let (old, new) = (event(&change.from), event(&change.to));
    if faults::linked(world, &change.from.0, &change.to.0) {
        world.aurora.tell(old, &change.from.0);
    }
    world.aurora.tell(new, &change.to.0);
}

/// Whether the old primary takes no more writes is told of an instance, unlike everything else of a role change:
/// of one of the old primary where that is reached, or else of one of the new one (the same; how the API spells the
/// category is recalled).
fn blocked(world: &mut World, change: &RoleChange, done: bool) {
    let reached = faults::linked(world, &change.from.0, &change.to.0);
    let at = if reached { &change.from } else { &change.to };
    let cluster = world.aurora.cluster(at);
    let writer = cluster.and_then(|cluster| world.aurora.writer_of(cluster));
    let Some(instance) = writer.or_else(|| world.aurora.instances_of(at).next()) else { return };
    let outcome = if done { "succeeded" } else { "timed out" };
    let message = format!("Attempt to block writes for {} {outcome}.", called(&change.from));
    let event = Event::of_instance(world.now, &instance.id, &["notification", "global-database"], message);
    world.aurora.tell(event, &at.0);
}

fn called(key: &Key) -> String {
    format!("DB cluster {} in Region {}", key.1, key.0)
}
