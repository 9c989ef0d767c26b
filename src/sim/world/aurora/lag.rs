//! How far secondaries are behind.

use super::cluster::{Cluster, Role, Sync};
use super::{Key, World};
use crate::faults;
use crate::moment::Moment;
use crate::world::TICK;
use std::time::Duration;

/// Where the lag of a secondary that is reached lies, milliseconds (aws.md: below a second; assumed).
const USUAL_MS: (f64, f64) = (90.0, 420.0);
/// How fast it drifts within that, a second.
const DRIFT: f64 = 0.3;
/// What is left, each second, of a lag that is caught up (assumed).
const CATCH_UP: f64 = 0.6;
/// How long commits are remembered at least.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// The end of what a cluster may forget: what every connected secondary has. What only an old writer has is
/// remembered until that is rebuilt.
fn forgettable(world: &World, cluster: &Cluster) -> Option<Moment> {
    let old = Moment(world.now.0.saturating_sub(REMEMBERED.as_millis() as u64));
    if cluster.role == Role::Secondary {
        return None;
    }
    let global = cluster.global.as_ref().and_then(|id| world.aurora.globals.get(id));
    let members = global.map_or(&[][..], |global| &global.members);
    let others = members.iter().filter_map(|key| world.aurora.cluster(key));
    let follow = others.filter(|other| other.role == Role::Secondary && other.sync == Sync::Connected);
    Some(follow.map(|other| other.applied).fold(old, Moment::min))
}

pub fn tick(world: &mut World) {
    let keys: Vec<Key> = world.aurora.clusters.keys().cloned().collect();
    for key in keys {
        let Some(cluster) = world.aurora.clusters.get(&key) else { continue };
        let writer = cluster.global.as_ref().and_then(|id| world.aurora.globals.get(id)).and_then(|g| g.writer.clone());
        let follows = cluster.role == Role::Secondary && cluster.sync == Sync::Connected && cluster.split.is_none();
        let ramp = faults::striking(world, "F22", &key.0).map(|fault| fault.rate * 1000.0);
        let frozen = faults::striking(world, "F23", &key.0).is_some();
        let linked = writer.as_ref().is_some_and(|writer| faults::linked(world, &writer.0, &key.0));
        let usual = world.chance.aurora.between(USUAL_MS.0, USUAL_MS.1);
        let now = world.now;
        let forgettable = forgettable(world, cluster);
        let Some(cluster) = world.aurora.clusters.get_mut(&key) else { continue };
        if let Some(before) = forgettable {
            cluster.commits.retain(|commit| commit.at > before);
        }
        if !follows {
            continue;
        }
        let second = TICK.as_millis() as f64;
        cluster.lag_ms = match ramp {
            _ if !linked => cluster.lag_ms + second,
            Some(more) => cluster.lag_ms + more,
            None if cluster.lag_ms > USUAL_MS.1 => (cluster.lag_ms * CATCH_UP).max(usual),
            None => cluster.lag_ms + DRIFT * (usual - cluster.lag_ms),
        };
        cluster.applied = cluster.applied.max(now - Duration::from_micros((cluster.lag_ms * 1000.0) as u64));
        if !frozen {
            cluster.frozen_ms = None;
        } else if cluster.frozen_ms.is_none() {
            cluster.frozen_ms = Some(cluster.lag_ms);
        }
    }
}
