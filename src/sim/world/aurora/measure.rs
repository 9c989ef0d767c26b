//! What CloudWatch is told: the lag of secondaries, in their own Regions only (Aurora User Guide, CloudWatch
//! metrics). A member that is not connected has none, and neither has the writer.

use super::World;
use super::cluster::{Role, Sync};
use crate::world::TICK;
use crate::world::metrics::Series;

/// Seconds between two samples (assumed).
const EVERY_S: u64 = 5;
/// How much further user transactions are behind than the log, and how much less reads are (assumed).
const RPO: f64 = 1.15;
const PROGRESS: f64 = 0.9;

pub fn tick(world: &mut World) {
    if !(world.now.0 / 1000).is_multiple_of(EVERY_S) {
        return;
    }
    let at = world.now - TICK;
    let told: Vec<(String, String, Option<f64>, u64)> = world
        .aurora
        .clusters
        .values()
        .map(|cluster| {
            let follows =
                cluster.global.is_some() && cluster.role == Role::Secondary && cluster.sync == Sync::Connected;
            let lag = follows.then(|| cluster.frozen_ms.unwrap_or(cluster.lag_ms));
            let since = world.now - TICK * EVERY_S as u32;
            let rows = cluster.commits.iter().rev().take_while(|commit| commit.at >= since).map(|commit| commit.rows);
            (cluster.region.clone(), cluster.id.clone(), lag, rows.sum())
        })
        .collect();
    for (region, id, lag, rows) in told {
        let metrics = world.metrics_in(&region);
        let mut put = |name: &str, unit, value| {
            let series = Series::new("AWS/RDS", name, &[("DBClusterIdentifier", id.as_str())]);
            metrics.put(series, unit, at, value, 1);
        };
        if let Some(lag) = lag {
            put("AuroraGlobalDBReplicationLag", "Milliseconds", lag);
            put("AuroraGlobalDBRPOLag", "Milliseconds", lag * RPO);
            put("AuroraGlobalDBProgressLag", "Milliseconds", lag * PROGRESS);
        } else {
            put("CommitThroughput", "Count/Second", rows as f64 / EVERY_S as f64);
        }
    }
}
