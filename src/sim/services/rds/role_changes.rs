//! Switchover and failover: who may be asked, and what is refused.

use super::globals::{self, One};
use super::refusals::{cluster_state, combination, global_state, no_cluster, no_global, value};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::{self, Cluster, NotNow};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Switchover {
    GlobalClusterIdentifier: String,
    TargetDbClusterIdentifier: String,
}

pub fn switchover(world: &mut World, caller: &Caller, ask: Switchover) -> Answer<One> {
    change(world, caller, &ask.GlobalClusterIdentifier, &ask.TargetDbClusterIdentifier, false)
}

#[derive(Deserialize)]
pub struct Failover {
    GlobalClusterIdentifier: String,
    TargetDbClusterIdentifier: String,
    AllowDataLoss: Option<bool>,
    Switchover: Option<bool>,
}

pub fn failover(world: &mut World, caller: &Caller, ask: Failover) -> Answer<One> {
    let lossy = ask.AllowDataLoss == Some(true);
    if lossy && ask.Switchover == Some(true) {
        return combination("The parameters AllowDataLoss and Switchover can't be used together.");
    }
    change(world, caller, &ask.GlobalClusterIdentifier, &ask.TargetDbClusterIdentifier, lossy)
}

/// A switchover is asked of the primary's Region; a failover of any Region that is not lost, the target's by the
/// book (Aurora User Guide, disaster recovery).
fn change(world: &mut World, caller: &Caller, id: &str, target: &str, lossy: bool) -> Answer<One> {
    let id = id.to_ascii_lowercase();
    let global = world.aurora.globals.get(&id).ok_or_else(|| no_global(&id))?;
    if !target.starts_with("arn:") {
        return value(format!(
            "{target} is not a valid ARN: TargetDbClusterIdentifier must be the ARN of a DB cluster"
        ));
    }
    let cluster = world.aurora.by_arn(target).ok_or_else(|| no_cluster(target))?;
    let key = cluster.key();
    let primary = global.writer.as_ref().and_then(|writer| world.aurora.cluster(writer));
    if let Some(primary) = primary.filter(|primary| !lossy && primary.region != caller.region) {
        return global_state(format!(
            "A switchover of global cluster {id} must be started in the Region of its primary DB cluster, {}",
            primary.region
        ));
    }
    let versions = primary.map_or_else(String::new, |primary| {
        let told = |cluster: &Cluster| aurora::reported_version(world, cluster);
        format!("{} and {}", told(primary), told(cluster))
    });
    match aurora::begin(world, &id, &key, lossy) {
        Ok(()) => globals::one(world, &id),
        Err(NotNow::NoMember) => Err(no_cluster(target)),
        Err(NotNow::UnderWay) => {
            global_state(format!("Global cluster {id} already has a switchover or failover in progress"))
        }
        Err(NotNow::NotAvailable) => global_state(format!("Global cluster {id} or a member is not available")),
        Err(NotNow::AlreadyWriter) => cluster_state(format!("{target} is already the primary DB cluster")),
        Err(NotNow::NoInstance) => {
            cluster_state(format!("{target} has no DB instance that is available: it cannot be promoted"))
        }
        Err(NotNow::NotSynchronised) => {
            cluster_state(format!("{target} is not synchronized with the primary DB cluster"))
        }
        Err(NotNow::OtherVersion) => {
            cluster_state(format!("The engine versions of the DB clusters are not compatible: {versions}"))
        }
    }
}
