//! Global clusters. They are told the same in every Region.

use super::arn::{self, Filter, Tag};
use super::refusals::{
    cluster_state, combination, global_state, identifier, known, no_cluster, no_global, page, refuse, value,
};
use super::{clusters, versions};
use crate::operation::{Answer, Caller};
use crate::world::aurora::{Cluster, Global, GlobalStatus, Role, Status, Sync};
use crate::world::{ACCOUNT, World, hex_id};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a global cluster takes to be made, changed and deleted, seconds (aws.md 2.10, assumed).
const OBJECT_S: (f64, f64) = (5.0, 20.0);

#[derive(Serialize)]
pub struct Told {
    GlobalClusterIdentifier: String,
    GlobalClusterResourceId: String,
    GlobalClusterArn: String,
    Status: &'static str,
    Engine: String,
    EngineVersion: String,
    DatabaseName: Option<String>,
    StorageEncrypted: bool,
    DeletionProtection: bool,
    GlobalClusterMembers: Vec<Member>,
    Endpoint: String,
    FailoverState: Option<FailoverState>,
    TagList: Vec<Tag>,
}

#[derive(Serialize)]
struct Member {
    DBClusterArn: String,
    Readers: Vec<String>,
    IsWriter: bool,
    GlobalWriteForwardingStatus: Option<&'static str>,
    SynchronizationStatus: Option<&'static str>,
}

#[derive(Serialize)]
struct FailoverState {
    Status: &'static str,
    FromDbClusterArn: String,
    ToDbClusterArn: String,
    IsDataLossAllowed: bool,
}

#[derive(Serialize)]
pub struct One {
    GlobalCluster: Told,
}

pub fn one(world: &World, id: &str) -> Answer<One> {
    let global = world.aurora.globals.get(id).ok_or_else(|| no_global(id))?;
    Ok(One { GlobalCluster: told(world, global) })
}

fn told(world: &World, global: &Global) -> Told {
    let clusters = || global.members.iter().filter_map(|key| world.aurora.cluster(key));
    let arn_of = |key| world.aurora.cluster(key).map_or_else(String::new, |cluster| cluster.arn.clone());
    let writer = global.writer.as_ref();
    let member = |cluster: &Cluster| {
        let writes = writer == Some(&cluster.key());
        let others = clusters().filter(|other| other.arn != cluster.arn).map(|other| other.arn.clone());
        let follows = match cluster.sync {
            Sync::Connected => "connected",
            Sync::Resync { .. } => "pending-resync",
        };
        Member {
            DBClusterArn: cluster.arn.clone(),
            Readers: if writes { others.collect() } else { vec![] },
            IsWriter: writes,
            GlobalWriteForwardingStatus: (!writes).then(|| cluster.forwarding.word()),
            SynchronizationStatus: (!writes).then_some(follows),
        }
    };
    Told {
        GlobalClusterIdentifier: global.id.clone(),
        GlobalClusterResourceId: global.resource_id.clone(),
        GlobalClusterArn: arn::arn("", "global-cluster", &global.id),
        Status: global.status.word(),
        Engine: global.engine.clone(),
        EngineVersion: global.version.clone(),
        DatabaseName: global.database.clone(),
        StorageEncrypted: global.encrypted,
        DeletionProtection: global.protected,
        GlobalClusterMembers: clusters().map(member).collect(),
        Endpoint: global.endpoint.clone(),
        FailoverState: global.change.as_ref().map(|change| FailoverState {
            Status: change.word(),
            FromDbClusterArn: arn_of(&change.from),
            ToDbClusterArn: arn_of(&change.to),
            IsDataLossAllowed: change.data_loss_allowed,
        }),
        TagList: arn::told(&global.tags),
    }
}

#[derive(Deserialize)]
pub struct Create {
    GlobalClusterIdentifier: String,
    SourceDBClusterIdentifier: Option<String>,
    Engine: Option<String>,
    EngineVersion: Option<String>,
    DatabaseName: Option<String>,
    StorageEncrypted: Option<bool>,
    DeletionProtection: Option<bool>,
    Tags: Option<Vec<Tag>>,
}

pub fn create(world: &mut World, _: &Caller, ask: Create) -> Answer<One> {
    let id = identifier("GlobalClusterIdentifier", &ask.GlobalClusterIdentifier)?;
    if world.aurora.globals.contains_key(&id) {
        return refuse("GlobalClusterAlreadyExistsFault", format!("Global cluster {id} already exists"));
    }
    let source = match &ask.SourceDBClusterIdentifier {
        Some(source) => {
            if ask.Engine.is_some() || ask.EngineVersion.is_some() || ask.DatabaseName.is_some() {
                return combination(
                    "When creating global cluster from existing db cluster, value for engineName should not be specified since it will be inherited from source cluster",
                );
            }
            let cluster = world.aurora.by_arn(source).ok_or_else(|| no_cluster(source))?;
            if cluster.global.is_some() {
                return refuse(
                    "InvalidDBClusterStateFault",
                    format!("{source} is already a member of a global cluster"),
                );
            }
            Some(cluster.clone())
        }
        None => None,
    };
    let (engine, version) = match &source {
        Some(cluster) => (cluster.engine.clone(), cluster.version.clone()),
        None => versions::chosen(ask.Engine.as_deref(), ask.EngineVersion.as_deref())?,
    };
    let hash = hex_id(&["global", &id, ACCOUNT], 12);
    let takes = world.chance.aurora.between(OBJECT_S.0, OBJECT_S.1);
    let key = source.as_ref().map(Cluster::key);
    let global = Global {
        resource_id: format!("cluster-{}", hex_id(&["global", &id], 26)),
        engine,
        version,
        database: source.as_ref().map_or(ask.DatabaseName, |cluster| cluster.database.clone()),
        encrypted: source.as_ref().map_or(ask.StorageEncrypted.unwrap_or(false), |cluster| cluster.encrypted),
        protected: ask.DeletionProtection.unwrap_or(false),
        tags: arn::tags(ask.Tags),
        status: GlobalStatus::Creating,
        due: Some(world.now + Duration::from_secs_f64(takes)),
        members: key.clone().into_iter().collect(),
        names: key.clone(),
        epoch: u64::from(key.is_some()),
        writer: key.clone(),
        change: None,
        endpoint: format!("{id}.global-{hash}.global.rds.amazonaws.com"),
        renamed: world.now,
        id: id.clone(),
    };
    world.aurora.globals.insert(id.clone(), global);
    if let Some(cluster) = key.and_then(|key| world.aurora.clusters.get_mut(&key)) {
        cluster.global = Some(id.clone());
    }
    one(world, &id)
}

#[derive(Deserialize)]
pub struct Describe {
    GlobalClusterIdentifier: Option<String>,
    Filters: Option<Vec<Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    GlobalClusters: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, _: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &["region", "db-cluster-id"])?;
    let wanted = ask.GlobalClusterIdentifier.as_deref().map(str::to_ascii_lowercase);
    if let Some(id) = wanted.as_ref().filter(|id| !world.aurora.globals.contains_key(*id)) {
        return Err(no_global(id));
    }
    let passes = |global: &&Global| {
        let regions: Vec<&str> = global.members.iter().map(|key| key.0.as_str()).collect();
        let ids: Vec<&str> = global.members.iter().map(|key| key.1.as_str()).collect();
        wanted.as_ref().is_none_or(|id| global.id == *id)
            && arn::passes(ask.Filters.as_deref(), "region", &regions)
            && arn::passes(ask.Filters.as_deref(), "db-cluster-id", &ids)
    };
    let found = world.aurora.globals.values().filter(passes);
    let (found, marker) = page(found, |global| global.id.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { GlobalClusters: found.into_iter().map(|global| told(world, global)).collect(), Marker: marker })
}

#[derive(Deserialize)]
pub struct Modify {
    GlobalClusterIdentifier: String,
    NewGlobalClusterIdentifier: Option<String>,
    DeletionProtection: Option<bool>,
    EngineVersion: Option<String>,
    AllowMajorVersionUpgrade: Option<bool>,
}

pub fn modify(world: &mut World, _: &Caller, ask: Modify) -> Answer<One> {
    let id = ask.GlobalClusterIdentifier.to_ascii_lowercase();
    let now = world.now;
    let takes = world.chance.aurora.between(OBJECT_S.0, OBJECT_S.1);
    let global = world.aurora.globals.get(&id).ok_or_else(|| no_global(&id))?;
    if global.change.is_some() || global.status != GlobalStatus::Available {
        return global_state(format!("Global cluster {id} is in {} state", global.status.word()));
    }
    if let Some(version) = ask.EngineVersion.as_ref().filter(|version| **version != global.version) {
        let major = ask.AllowMajorVersionUpgrade == Some(true);
        versions::upgrades(&global.engine, &global.version, version, major)?;
    }
    let new = match &ask.NewGlobalClusterIdentifier {
        Some(new) => identifier("NewGlobalClusterIdentifier", new)?,
        None => id.clone(),
    };
    if new != id && world.aurora.globals.contains_key(&new) {
        return refuse("GlobalClusterAlreadyExistsFault", format!("Global cluster {new} already exists"));
    }
    let Some(mut global) = world.aurora.globals.remove(&id) else { return Err(no_global(&id)) };
    global.protected = ask.DeletionProtection.unwrap_or(global.protected);
    if let Some(version) = ask.EngineVersion {
        for key in &global.members {
            if let Some(cluster) = world.aurora.clusters.get_mut(key) {
                cluster.version.clone_from(&version);
            }
        }
        (global.version, global.status, global.due) =
            (version, GlobalStatus::Modifying, Some(now + Duration::from_secs_f64(takes)));
    }
    if new != id {
        for key in &global.members {
            if let Some(cluster) = world.aurora.clusters.get_mut(key) {
                cluster.global = Some(new.clone());
            }
        }
        global.endpoint = global.endpoint.replacen(&id, &new, 1);
        global.id.clone_from(&new);
    }
    world.aurora.globals.insert(new.clone(), global);
    one(world, &new)
}

#[derive(Deserialize)]
pub struct Delete {
    GlobalClusterIdentifier: String,
}

pub fn delete(world: &mut World, _: &Caller, ask: Delete) -> Answer<One> {
    let id = ask.GlobalClusterIdentifier.to_ascii_lowercase();
    let global = world.aurora.globals.get_mut(&id).ok_or_else(|| no_global(&id))?;
    if global.protected {
        return global_state(format!("Cannot delete global cluster {id}: deletion protection is enabled"));
    }
    if !global.members.is_empty() {
        return global_state(format!("Global cluster {id} is not empty"));
    }
    if global.status != GlobalStatus::Available {
        return global_state(format!("Global cluster {id} is in {} state", global.status.word()));
    }
    let takes = Duration::from_secs_f64(world.chance.aurora.between(OBJECT_S.0, OBJECT_S.1));
    (global.status, global.due) = (GlobalStatus::Deleting, Some(world.now + takes));
    one(world, &id)
}

#[derive(Deserialize)]
pub struct Remove {
    GlobalClusterIdentifier: String,
    DbClusterIdentifier: String,
}

/// A removed secondary becomes a cluster of its own that takes writes.
pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<One> {
    let id = ask.GlobalClusterIdentifier.to_ascii_lowercase();
    let global = world.aurora.globals.get(&id).ok_or_else(|| no_global(&id))?;
    let given = &ask.DbClusterIdentifier;
    let cluster = world.aurora.by_arn(given).ok_or_else(|| no_cluster(given))?;
    let key = cluster.key();
    if !global.members.contains(&key) {
        return Err(no_cluster(given));
    }
    if global.change.is_some() {
        return global_state(format!("Global cluster {id} has a switchover or failover in progress"));
    }
    if key.0 != caller.region {
        return value(format!("{given} is not in {}", caller.region));
    }
    if matches!(cluster.status, Status::Creating | Status::Deleting) {
        return cluster_state(format!("DB cluster {} is in {} state", key.1, cluster.status.word()));
    }
    if cluster.role == Role::Writer && global.members.len() > 1 {
        return global_state(format!(
            "Cannot remove the primary DB cluster {} from global cluster {id} while it has secondary DB clusters",
            key.1
        ));
    }
    let (now, writer) = (world.now, global.writer.clone());
    let position = cluster.applied;
    let store = writer.as_ref().filter(|writer| **writer != key).and_then(|writer| {
        let mut store = world.aurora.cluster(writer)?.store.clone();
        store.cut(position);
        store.disconnect();
        Some(store)
    });
    if let Some(cluster) = world.aurora.clusters.get_mut(&key) {
        cluster.global = None;
        cluster.role = Role::Writer;
        (cluster.sync, cluster.split, cluster.fenced) = (Sync::Connected, None, false);
        if let Some(store) = store {
            cluster.store = store;
        }
        clusters::changing(cluster, now, Duration::from_secs(60));
    }
    if let Some(global) = world.aurora.globals.get_mut(&id) {
        global.members.retain(|member| *member != key);
        if global.writer.as_ref() == Some(&key) {
            (global.writer, global.names) = (None, None);
        }
    }
    world.truth.note(now, "db.removed", &key.0, format!("{} left {id} and takes writes", key.1));
    one(world, &id)
}
