//! Clusters as they are told, changed and deleted.

use super::arn::{self, Filter, Tag};
use super::refusals::{cluster_state, combination, known, no_cluster, page, value};
use super::{parameters, versions};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::{self, Cluster, Forwarding, Role, Status, Switching};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long write forwarding takes to be switched, seconds (aws.md 2.10, assumed).
const FORWARDING_S: (f64, f64) = (30.0, 120.0);
/// How long a change and a deletion take, seconds (assumed).
const CHANGE_S: u64 = 20;
const DELETE_S: (f64, f64) = (60.0, 180.0);

#[derive(Serialize)]
pub struct Told {
    DBClusterIdentifier: String,
    DBClusterArn: String,
    DbClusterResourceId: String,
    Status: &'static str,
    Engine: String,
    EngineVersion: String,
    EngineMode: &'static str,
    DatabaseName: Option<String>,
    MasterUsername: Option<String>,
    Endpoint: String,
    ReaderEndpoint: String,
    Port: u16,
    MultiAZ: bool,
    AvailabilityZones: Vec<String>,
    DBClusterMembers: Vec<Member>,
    DBClusterParameterGroup: String,
    DBSubnetGroup: String,
    VpcSecurityGroups: Vec<SecurityGroup>,
    BackupRetentionPeriod: u32,
    StorageEncrypted: bool,
    KmsKeyId: Option<String>,
    DeletionProtection: bool,
    HttpEndpointEnabled: bool,
    IAMDatabaseAuthenticationEnabled: bool,
    ClusterCreateTime: Moment,
    GlobalClusterIdentifier: Option<String>,
    GlobalWriteForwardingRequested: Option<bool>,
    GlobalWriteForwardingStatus: Option<&'static str>,
    LocalWriteForwardingStatus: Option<&'static str>,
    TagList: Vec<Tag>,
}

#[derive(Serialize)]
struct Member {
    DBInstanceIdentifier: String,
    IsClusterWriter: bool,
    DBClusterParameterGroupStatus: &'static str,
    PromotionTier: u32,
}

#[derive(Serialize)]
struct SecurityGroup {
    VpcSecurityGroupId: String,
    Status: &'static str,
}

#[derive(Serialize)]
pub struct One {
    DBCluster: Told,
}

pub fn one(world: &World, region: &str, id: &str) -> Answer<One> {
    let found = world.aurora.clusters.get(&(region.to_string(), id.to_string()));
    Ok(One { DBCluster: told(world, found.ok_or_else(|| no_cluster(id))?) })
}

fn told(world: &World, cluster: &Cluster) -> Told {
    let key = cluster.key();
    let writer = world.aurora.writer_of(cluster).map(|writer| writer.id.clone());
    let member = |instance: &aurora::Instance| Member {
        DBInstanceIdentifier: instance.id.clone(),
        IsClusterWriter: writer.as_deref() == Some(instance.id.as_str()),
        DBClusterParameterGroupStatus: "in-sync",
        PromotionTier: instance.tier,
    };
    let group = |id: &String| SecurityGroup { VpcSecurityGroupId: id.clone(), Status: "active" };
    let secondary = cluster.global.is_some() && cluster.role == Role::Secondary;
    let local = &cluster.local_forwarding;
    Told {
        DBClusterIdentifier: cluster.id.clone(),
        DBClusterArn: cluster.arn.clone(),
        DbClusterResourceId: cluster.resource_id.clone(),
        Status: cluster.status.word(),
        Engine: cluster.engine.clone(),
        EngineVersion: aurora::reported_version(world, cluster),
        EngineMode: "provisioned",
        DatabaseName: cluster.database.clone(),
        MasterUsername: cluster.master.clone(),
        Endpoint: cluster.writer_endpoint.clone(),
        ReaderEndpoint: cluster.reader_endpoint.clone(),
        Port: if cluster.engine == "aurora-mysql" { 3306 } else { 5432 },
        MultiAZ: world.aurora.instances_of(&key).count() > 1,
        AvailabilityZones: ["a", "b", "c"].map(|zone| format!("{}{zone}", cluster.region)).to_vec(),
        DBClusterMembers: world.aurora.instances_of(&key).map(member).collect(),
        DBClusterParameterGroup: cluster.parameter_group.clone(),
        DBSubnetGroup: cluster.subnet_group.clone(),
        VpcSecurityGroups: cluster.security_groups.iter().map(group).collect(),
        BackupRetentionPeriod: cluster.retention_days,
        StorageEncrypted: cluster.encrypted,
        KmsKeyId: cluster.kms_key.clone(),
        DeletionProtection: cluster.protected,
        HttpEndpointEnabled: cluster.data_api,
        IAMDatabaseAuthenticationEnabled: false,
        ClusterCreateTime: cluster.created,
        GlobalClusterIdentifier: cluster.global.clone(),
        GlobalWriteForwardingRequested: cluster.global.is_some().then_some(cluster.forwarding.requested),
        GlobalWriteForwardingStatus: secondary.then(|| cluster.forwarding.word()),
        LocalWriteForwardingStatus: (local.requested || local.switching.is_some()).then(|| local.word()),
        TagList: arn::told(&cluster.tags),
    }
}

#[derive(Deserialize)]
pub struct Describe {
    DBClusterIdentifier: Option<String>,
    Filters: Option<Vec<Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    DBClusters: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &["clone-group-id", "db-cluster-id", "db-cluster-resource-id", "domain", "engine"])?;
    let wanted = ask.DBClusterIdentifier.as_deref().map(|given| name_of(given).to_ascii_lowercase());
    let here = |cluster: &&Cluster| {
        let filters = ask.Filters.as_deref();
        cluster.region == caller.region
            && wanted.as_ref().is_none_or(|id| cluster.id == *id)
            && arn::passes(filters, "db-cluster-id", &[&cluster.id, &cluster.arn])
            && arn::passes(filters, "db-cluster-resource-id", &[&cluster.resource_id])
            && arn::passes(filters, "engine", &[&cluster.engine])
    };
    let found: Vec<&Cluster> = world.aurora.clusters.values().filter(here).collect();
    if let Some(id) = wanted.filter(|_| found.is_empty()) {
        return Err(no_cluster(&id));
    }
    let (found, marker) = page(found, |cluster| cluster.id.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBClusters: found.into_iter().map(|cluster| told(world, cluster)).collect(), Marker: marker })
}

/// The name of a cluster that may be told by its ARN.
pub fn name_of(given: &str) -> &str {
    arn::parse(given).map_or(given, |(_, _, name)| name)
}

#[derive(Deserialize)]
pub struct Modify {
    DBClusterIdentifier: String,
    DeletionProtection: Option<bool>,
    BackupRetentionPeriod: Option<u32>,
    DBClusterParameterGroupName: Option<String>,
    EnableGlobalWriteForwarding: Option<bool>,
    EnableLocalWriteForwarding: Option<bool>,
    EngineVersion: Option<String>,
    AllowMajorVersionUpgrade: Option<bool>,
    ApplyImmediately: Option<bool>,
    ManageMasterUserPassword: Option<bool>,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<One> {
    let id = name_of(&ask.DBClusterIdentifier).to_ascii_lowercase();
    let key = (caller.region.clone(), id.clone());
    let cluster = world.aurora.clusters.get(&key).ok_or_else(|| no_cluster(&id))?;
    if cluster.status != Status::Available {
        return cluster_state(format!("DB cluster {id} is in {} state", cluster.status.word()));
    }
    if cluster.global.is_some() && ask.ManageMasterUserPassword == Some(true) {
        return managed();
    }
    let upgrade = ask.EngineVersion.as_ref().filter(|version| **version != cluster.version);
    if let Some(version) = upgrade {
        can_upgrade(world, cluster, version, ask.AllowMajorVersionUpgrade == Some(true))?;
    }
    let group = match &ask.DBClusterParameterGroupName {
        Some(_) => {
            let asked = ask.DBClusterParameterGroupName.as_deref();
            let all = &world.aurora.parameter_groups;
            Some(parameters::chosen(all, &caller.region, asked, &cluster.engine, &cluster.version)?)
        }
        None => None,
    };
    let now = world.now;
    let takes = Duration::from_secs_f64(world.chance.aurora.between(FORWARDING_S.0, FORWARDING_S.1));
    let Some(cluster) = world.aurora.clusters.get_mut(&key) else { return Err(no_cluster(&id)) };
    cluster.protected = ask.DeletionProtection.unwrap_or(cluster.protected);
    cluster.retention_days = ask.BackupRetentionPeriod.unwrap_or(cluster.retention_days);
    if let Some(group) = group {
        cluster.parameter_group = group;
    }
    let mut switched = false;
    // on a writer it is stored, and takes effect when that is demoted
    let effective = cluster.role == Role::Secondary;
    switched |= switch(&mut cluster.forwarding, ask.EnableGlobalWriteForwarding, effective.then(|| now + takes));
    switched |= switch(&mut cluster.local_forwarding, ask.EnableLocalWriteForwarding, Some(now + takes));
    changing(cluster, now, if switched { takes } else { Duration::from_secs(CHANGE_S) });
    // without ApplyImmediately it waits for a maintenance window, and none comes here
    if let Some(version) = upgrade.filter(|_| ask.ApplyImmediately == Some(true)) {
        aurora::upgrade(world, &key, version);
    }
    one(world, &caller.region, &id)
}

/// A member goes to another minor version by itself, a primary after all that follow it; another major version is
/// a matter of the global cluster (Aurora User Guide, upgrading a global database; its words as clients report them).
fn can_upgrade(world: &World, cluster: &Cluster, version: &str, major: bool) -> Answer<()> {
    let id = &cluster.id;
    versions::upgrades(&cluster.engine, &cluster.version, version, major)?;
    if cluster.global.is_none() {
        return Ok(());
    }
    if versions::family(&cluster.engine, version) != versions::family(&cluster.engine, &cluster.version) {
        return combination(format!(
            "DB cluster {id} is a member of a global cluster: upgrade the global cluster to another major version."
        ));
    }
    if !world.aurora.answers(&cluster.key()) {
        return cluster_state(format!(
            "Cannot modify engine version without a healthy primary instance in DB cluster: {id}"
        ));
    }
    let lower = |other: &&Cluster| versions::upgrades(&other.engine, &other.version, version, false).is_ok();
    if cluster.role == Role::Writer && aurora::followers(world, cluster).iter().any(lower) {
        return value(format!(
            "Cannot upgrade DB cluster '{id}' to engine version {version} as global replica(s) are running lower version. Please upgrade global replicas first before upgrading the primary member."
        ));
    }
    Ok(())
}

fn switch(forwarding: &mut Forwarding, wanted: Option<bool>, until: Option<Moment>) -> bool {
    let Some(wanted) = wanted.filter(|wanted| *wanted != forwarding.requested) else { return false };
    *forwarding = Forwarding { requested: wanted, switching: until.map(|until| Switching { until }) };
    true
}

pub fn managed<T>() -> Answer<T> {
    combination("ManageMasterUserPassword isn't supported for DB clusters that are part of an Aurora global database.")
}

/// The cluster is `modifying` for a while.
pub fn changing(cluster: &mut Cluster, now: Moment, takes: Duration) {
    cluster.status = Status::Modifying;
    cluster.due = Some(now + takes);
}

#[derive(Deserialize)]
pub struct Delete {
    DBClusterIdentifier: String,
    SkipFinalSnapshot: Option<bool>,
    FinalDBSnapshotIdentifier: Option<String>,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let id = name_of(&ask.DBClusterIdentifier).to_ascii_lowercase();
    let key = (caller.region.clone(), id.clone());
    let cluster = world.aurora.clusters.get(&key).ok_or_else(|| no_cluster(&id))?;
    if cluster.protected {
        return combination("Cannot delete protected Cluster, please disable deletion protection and try again.");
    }
    if cluster.global.is_some() {
        return cluster_state(format!(
            "This cluster is a part of a global cluster, please remove it from globalcluster first: {id}"
        ));
    }
    if world.aurora.instances_of(&key).any(|instance| instance.status != Status::Deleting) {
        return cluster_state("Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
    }
    if cluster.status == Status::Deleting {
        return cluster_state(format!("DB cluster {id} is already being deleted"));
    }
    match (ask.SkipFinalSnapshot, &ask.FinalDBSnapshotIdentifier) {
        (Some(true), Some(_)) => {
            return combination(
                "FinalDBSnapshotIdentifier can not be specified when deleting a cluster with SkipFinalSnapshot",
            );
        }
        (Some(true), None) => {}
        (_, None) => {
            return combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        (_, Some(snapshot)) => super::snapshots::of_cluster(world, caller, &id, snapshot)?,
    }
    let takes = Duration::from_secs_f64(world.chance.aurora.between(DELETE_S.0, DELETE_S.1));
    // its instances go first
    let last = world.aurora.instances_of(&key).filter_map(|instance| instance.due).max();
    let due = last.unwrap_or(world.now).max(world.now) + takes;
    if let Some(cluster) = world.aurora.clusters.get_mut(&key) {
        (cluster.status, cluster.due) = (Status::Deleting, Some(due));
    }
    one(world, &caller.region, &id)
}
