//! Cluster snapshots: manual ones stay, those of the service go with the retention of their cluster.

use super::arn::{self, Filter, Tag};
use super::refusals::{identifier, known, no_cluster, no_snapshot, page, refuse};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::{Key, Snapshot};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a snapshot or a copy takes, seconds (assumed).
const TAKES_S: (f64, f64) = (60.0, 240.0);

#[derive(Serialize)]
pub struct Told {
    DBClusterSnapshotIdentifier: String,
    DBClusterSnapshotArn: String,
    DBClusterIdentifier: String,
    Status: &'static str,
    SnapshotType: &'static str,
    Engine: String,
    EngineVersion: String,
    SnapshotCreateTime: Moment,
    PercentProgress: u32,
    StorageEncrypted: bool,
    KmsKeyId: Option<String>,
    SourceDBClusterSnapshotArn: Option<String>,
    TagList: Vec<Tag>,
}

#[derive(Serialize)]
pub struct One {
    DBClusterSnapshot: Told,
}

fn told(snapshot: &Snapshot, now: Moment) -> Told {
    let ready = snapshot.ready <= now;
    Told {
        DBClusterSnapshotIdentifier: snapshot.id.clone(),
        DBClusterSnapshotArn: snapshot.arn.clone(),
        DBClusterIdentifier: snapshot.cluster.clone(),
        Status: if ready { "available" } else { "creating" },
        SnapshotType: if snapshot.automated { "automated" } else { "manual" },
        Engine: snapshot.engine.clone(),
        EngineVersion: snapshot.version.clone(),
        SnapshotCreateTime: snapshot.created,
        PercentProgress: if ready { 100 } else { 0 },
        StorageEncrypted: snapshot.encrypted,
        KmsKeyId: snapshot.kms_key.clone(),
        SourceDBClusterSnapshotArn: snapshot.source.clone(),
        TagList: arn::told(&snapshot.tags),
    }
}

#[derive(Deserialize)]
pub struct Create {
    DBClusterSnapshotIdentifier: String,
    DBClusterIdentifier: String,
    Tags: Option<Vec<Tag>>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let cluster = ask.DBClusterIdentifier.to_ascii_lowercase();
    of_cluster(world, caller, &cluster, &ask.DBClusterSnapshotIdentifier)?;
    let key = (caller.region.clone(), ask.DBClusterSnapshotIdentifier.to_ascii_lowercase());
    let now = world.now;
    let snapshot = world.aurora.snapshots.get_mut(&key).ok_or_else(|| no_snapshot(&key.1))?;
    snapshot.tags = arn::tags(ask.Tags);
    Ok(One { DBClusterSnapshot: told(snapshot, now) })
}

/// A name that no snapshot of the caller's Region has yet.
fn free(world: &World, caller: &Caller, member: &str, name: &str) -> Answer<Key> {
    let key = (caller.region.clone(), identifier(member, name)?);
    if world.aurora.snapshots.contains_key(&key) {
        return refuse(
            "DBClusterSnapshotAlreadyExistsFault",
            format!("Cannot create the snapshot because a snapshot with the identifier {} already exists.", key.1),
        );
    }
    Ok(key)
}

/// Takes a manual snapshot of a cluster.
pub fn of_cluster(world: &mut World, caller: &Caller, cluster: &str, name: &str) -> Answer<()> {
    let key = free(world, caller, "DBClusterSnapshotIdentifier", name)?;
    let id = key.1.clone();
    let takes = world.chance.aurora.between(TAKES_S.0, TAKES_S.1);
    let found = world.aurora.clusters.get(&(caller.region.clone(), cluster.to_string()));
    let found = found.ok_or_else(|| no_cluster(cluster))?;
    let snapshot = Snapshot {
        arn: arn::arn(&caller.region, "cluster-snapshot", &id),
        cluster: found.id.clone(),
        engine: found.engine.clone(),
        version: found.version.clone(),
        created: world.now,
        ready: world.now + Duration::from_secs_f64(takes),
        automated: false,
        expires: None,
        source: None,
        kms_key: found.kms_key.clone(),
        encrypted: found.encrypted,
        tags: Default::default(),
        id,
        region: caller.region.clone(),
    };
    world.aurora.snapshots.insert(key, snapshot);
    Ok(())
}

#[derive(Deserialize)]
pub struct Copy {
    SourceDBClusterSnapshotIdentifier: String,
    TargetDBClusterSnapshotIdentifier: String,
    Tags: Option<Vec<Tag>>,
}

pub fn copy(world: &mut World, caller: &Caller, ask: Copy) -> Answer<One> {
    let given = &ask.SourceDBClusterSnapshotIdentifier;
    let (region, name) = match arn::parse(given) {
        Some((region, "cluster-snapshot", name)) => (region, name),
        _ => (caller.region.as_str(), given.as_str()),
    };
    let source = world.aurora.snapshots.get(&(region.to_string(), name.to_string()));
    let source = source.cloned().ok_or_else(|| no_snapshot(given))?;
    if source.ready > world.now {
        return refuse("InvalidDBClusterSnapshotStateFault", format!("{given} is not available yet"));
    }
    let key = free(world, caller, "TargetDBClusterSnapshotIdentifier", &ask.TargetDBClusterSnapshotIdentifier)?;
    let id = key.1.clone();
    let takes = world.chance.aurora.between(TAKES_S.0, TAKES_S.1);
    let copy = Snapshot {
        arn: arn::arn(&caller.region, "cluster-snapshot", &id),
        created: world.now,
        ready: world.now + Duration::from_secs_f64(takes),
        automated: false,
        expires: None,
        source: Some(source.arn.clone()),
        tags: arn::tags(ask.Tags),
        id,
        region: caller.region.clone(),
        ..source
    };
    let answer = One { DBClusterSnapshot: told(&copy, world.now) };
    world.aurora.snapshots.insert(key, copy);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Describe {
    DBClusterIdentifier: Option<String>,
    DBClusterSnapshotIdentifier: Option<String>,
    SnapshotType: Option<String>,
    Filters: Option<Vec<Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    DBClusterSnapshots: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &["db-cluster-id", "db-cluster-snapshot-id", "snapshot-type", "engine"])?;
    let kind = |snapshot: &Snapshot| if snapshot.automated { "automated" } else { "manual" };
    let wanted = ask.DBClusterSnapshotIdentifier.as_deref();
    let here = |snapshot: &&Snapshot| {
        snapshot.region == caller.region
            && ask.DBClusterIdentifier.as_ref().is_none_or(|id| snapshot.cluster == *id)
            && wanted.is_none_or(|id| snapshot.id == id || snapshot.arn == id)
            && ask.SnapshotType.as_ref().is_none_or(|wanted| kind(snapshot) == wanted)
            && arn::passes(ask.Filters.as_deref(), "db-cluster-id", &[&snapshot.cluster])
            && arn::passes(ask.Filters.as_deref(), "db-cluster-snapshot-id", &[&snapshot.id])
            && arn::passes(ask.Filters.as_deref(), "snapshot-type", &[kind(snapshot)])
    };
    let found: Vec<&Snapshot> = world.aurora.snapshots.values().filter(here).collect();
    if let Some(id) = wanted.filter(|_| found.is_empty()) {
        return Err(no_snapshot(id));
    }
    let now = world.now;
    let (found, marker) = page(found, |snapshot| snapshot.id.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBClusterSnapshots: found.into_iter().map(|one| told(one, now)).collect(), Marker: marker })
}

#[derive(Deserialize)]
pub struct Delete {
    DBClusterSnapshotIdentifier: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let key = (caller.region.clone(), ask.DBClusterSnapshotIdentifier);
    let snapshot = world.aurora.snapshots.get(&key).ok_or_else(|| no_snapshot(&key.1))?;
    if snapshot.automated {
        return refuse(
            "InvalidDBClusterSnapshotStateFault",
            format!("{} is an automated snapshot: it cannot be deleted", key.1),
        );
    }
    let answer = One { DBClusterSnapshot: told(snapshot, world.now) };
    world.aurora.snapshots.remove(&key);
    Ok(answer)
}
