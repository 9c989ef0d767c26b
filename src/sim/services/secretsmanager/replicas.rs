//! ReplicateSecretToRegions, RemoveRegionsFromReplication, StopReplicationToReplica.

use super::refuse::{alive, changeable, known, of, parameter};
use super::shape::{self, Replication};
use crate::geo;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::secrets::{self, CopyStatus, Key};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Deserialize)]
pub struct ReplicaRegion {
    pub Region: String,
    pub KmsKeyId: Option<String>,
}

/// Replicas are in other Regions, one in each (wording: moto).
pub fn check(caller: &Caller, wanted: &[ReplicaRegion]) -> Answer<()> {
    let mut seen = BTreeSet::new();
    for replica in wanted {
        let region = replica.Region.as_str();
        if region == caller.region || geo::region(region).is_none() || !seen.insert(region) {
            return Err(parameter("Invalid replica region."));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
pub struct Replicate {
    SecretId: String,
    AddReplicaRegions: Vec<ReplicaRegion>,
    #[serde(default)]
    ForceOverwriteReplicaSecret: bool,
}

#[derive(Serialize)]
pub struct Replicated {
    ARN: String,
    ReplicationStatus: Vec<Replication>,
}

pub fn replicate(world: &mut World, caller: &Caller, ask: Replicate) -> Answer<Replicated> {
    let key = changeable(world, caller, &ask.SecretId)?;
    if ask.AddReplicaRegions.is_empty() {
        return Err(parameter("AddReplicaRegions must not be empty."));
    }
    check(caller, &ask.AddReplicaRegions)?;
    let copies = &of(world, &key)?.copies;
    let standing = |region: &str| copies.get(region).is_some_and(|copy| !matches!(copy.status, CopyStatus::Failed(_)));
    if let Some(replica) = ask.AddReplicaRegions.iter().find(|replica| standing(&replica.Region)) {
        return Err(parameter(format!("The secret is already replicated to region {}.", replica.Region)));
    }
    for replica in ask.AddReplicaRegions {
        let force = ask.ForceOverwriteReplicaSecret;
        secrets::copy_to(world, &key, &replica.Region, replica.KmsKeyId, force);
    }
    told(world, &key)
}

fn told(world: &mut World, key: &Key) -> Answer<Replicated> {
    let secret = of(world, key)?.clone();
    Ok(Replicated { ARN: secret.arn(), ReplicationStatus: shape::replication(world, &secret) })
}

#[derive(Deserialize)]
pub struct Remove {
    SecretId: String,
    RemoveReplicaRegions: Vec<String>,
}

/// Also a secret that is marked for deletion has no replicas left to remove, so it is refused like any other write.
pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<Replicated> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let copies = &of(world, &key)?.copies;
    if let Some(region) = ask.RemoveReplicaRegions.iter().find(|region| !copies.contains_key(*region)) {
        return Err(parameter(format!("The secret isn't replicated to region {region}.")));
    }
    for region in &ask.RemoveReplicaRegions {
        secrets::remove_from(world, &key, region);
    }
    told(world, &key)
}

#[derive(Deserialize)]
pub struct Stop {
    SecretId: String,
}

#[derive(Serialize)]
pub struct Stopped {
    ARN: String,
}

/// It is called in the replica's Region, and makes it a primary there.
pub fn stop(world: &mut World, caller: &Caller, ask: Stop) -> Answer<Stopped> {
    let secret = alive(world, caller, &ask.SecretId)?;
    if secret.primary.is_none() {
        return Err(parameter(
            "Operation not permitted on a primary secret. Call must be made in replica secret's region.",
        ));
    }
    let key = secret.key();
    secrets::detach(world, &key);
    Ok(Stopped { ARN: known(world, caller, &ask.SecretId)?.arn() })
}
