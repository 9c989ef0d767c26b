//! RebootDBInstance and FailoverDBCluster: what ends connections inside of a Region.

use super::clusters::{self, name_of};
use super::instances;
use super::refusals::{cluster_state, combination, no_cluster, no_instance, refuse};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::{self, Role, Status};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Reboot {
    DBInstanceIdentifier: String,
    ForceFailover: Option<bool>,
}

pub fn reboot(world: &mut World, caller: &Caller, ask: Reboot) -> Answer<instances::One> {
    let id = name_of(&ask.DBInstanceIdentifier).to_ascii_lowercase();
    let key = (caller.region.clone(), id.clone());
    let instance = world.aurora.instances.get(&key).ok_or_else(|| no_instance(&id))?;
    if ask.ForceFailover == Some(true) {
        return combination("Cannot specify ForceFailover for an instance of a DB cluster: use FailoverDBCluster");
    }
    if instance.status != Status::Available {
        return refuse("InvalidDBInstanceState", format!("Instance {id} is not in available state."));
    }
    aurora::reboot(world, &key);
    instances::one(world, &caller.region, &id)
}

#[derive(Deserialize)]
pub struct Failover {
    DBClusterIdentifier: String,
    TargetDBInstanceIdentifier: Option<String>,
}

/// Wordings are recalled.
pub fn failover(world: &mut World, caller: &Caller, ask: Failover) -> Answer<clusters::One> {
    let id = name_of(&ask.DBClusterIdentifier).to_ascii_lowercase();
    let key = (caller.region.clone(), id.clone());
    let cluster = world.aurora.cluster(&key).ok_or_else(|| no_cluster(&id))?;
    if cluster.status != Status::Available {
        return cluster_state(format!("DB cluster {id} is in {} state", cluster.status.word()));
    }
    if cluster.role == Role::Secondary {
        return cluster_state(format!("DB cluster {id} is a secondary of a global cluster: it has no writer"));
    }
    let writer = world.aurora.writer_of(cluster).map(|writer| writer.id.clone());
    let readers = world.aurora.instances_of(&key).filter(|instance| Some(&instance.id) != writer.as_ref());
    let mut readers: Vec<_> = readers.filter(|instance| instance.status == Status::Available).collect();
    // the highest priority is promoted (Aurora User Guide, fault tolerance)
    readers.sort_by_key(|instance| (instance.tier, instance.created, instance.id.clone()));
    let target = match ask.TargetDBInstanceIdentifier.map(|given| given.to_ascii_lowercase()) {
        None => readers.first().map(|instance| instance.id.clone()),
        Some(wanted) if writer.as_ref() == Some(&wanted) => {
            return refuse("InvalidDBInstanceState", format!("Instance {wanted} is already the writer of {id}"));
        }
        Some(wanted) => {
            let member = world.aurora.instances_of(&key).any(|instance| instance.id == wanted);
            if !member {
                return Err(no_instance(&wanted));
            }
            if !readers.iter().any(|instance| instance.id == wanted) {
                return refuse("InvalidDBInstanceState", format!("Instance {wanted} is not in available state."));
            }
            Some(wanted)
        }
    };
    let Some(target) = target else {
        return cluster_state(format!("Cannot failover cluster {id}: it has no other DB instance that is available"));
    };
    aurora::fail_over(world, &key, &target);
    clusters::one(world, &caller.region, &id)
}
