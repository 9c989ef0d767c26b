//! CreateDBCluster: a cluster of its own, the primary of a global cluster, or a secondary.

use super::arn::{self, Tag};
use super::clusters::{self, One};
use super::refusals::{
    cluster_state, combination, global_state, identifier, no_global, no_parameter_group, no_subnet_group, refuse, value,
};
use super::versions;
use crate::operation::{Answer, Caller};
use crate::world::aurora::{self, Cluster, Forwarding, Role, Status, Sync};
use crate::world::sql::Database;
use crate::world::{World, hex_id};
use serde::Deserialize;
use std::collections::VecDeque;

/// A primary and ten secondaries (Aurora User Guide, configuration requirements of a global database).
const MOST_MEMBERS: usize = 11;

#[derive(Deserialize)]
pub struct Create {
    DBClusterIdentifier: String,
    Engine: String,
    EngineVersion: Option<String>,
    GlobalClusterIdentifier: Option<String>,
    DatabaseName: Option<String>,
    MasterUsername: Option<String>,
    MasterUserPassword: Option<String>,
    ManageMasterUserPassword: Option<bool>,
    DBClusterParameterGroupName: Option<String>,
    DBSubnetGroupName: Option<String>,
    VpcSecurityGroupIds: Option<Vec<String>>,
    BackupRetentionPeriod: Option<u32>,
    StorageEncrypted: Option<bool>,
    KmsKeyId: Option<String>,
    DeletionProtection: Option<bool>,
    EnableGlobalWriteForwarding: Option<bool>,
    EnableLocalWriteForwarding: Option<bool>,
    EnableHttpEndpoint: Option<bool>,
    Tags: Option<Vec<Tag>>,
}

/// What a global cluster gives to a member.
struct Membership {
    id: String,
    role: Role,
    version: String,
    database: Option<String>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let id = identifier("DBClusterIdentifier", &ask.DBClusterIdentifier)?;
    let region = caller.region.clone();
    if world.aurora.clusters.contains_key(&(region.clone(), id.clone())) {
        return refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists");
    }
    let membership = match &ask.GlobalClusterIdentifier {
        Some(global) => Some(membership(world, &region, &id, global, &ask)?),
        None => None,
    };
    let (engine, version) = match (&membership, &ask.EngineVersion) {
        (Some(member), None) => (ask.Engine.clone(), member.version.clone()),
        _ => versions::chosen(Some(&ask.Engine), ask.EngineVersion.as_deref())?,
    };
    if let Some(member) = membership.as_ref().filter(|member| member.version != version) {
        return combination(format!(
            "The engine version {version} is not that of the global cluster, {}",
            member.version
        ));
    }
    let group = parameter_group(world, &region, &ask, &engine, &version)?;
    let subnets = subnet_group(world, &region, &ask)?;
    key_of_region(&region, &ask)?;
    let role = membership.as_ref().map_or(Role::Writer, |member| member.role);
    master(&ask, role)?;
    let hash = hex_id(&["cluster", &region], 12);
    let forwarding = |wanted: Option<bool>| Forwarding { requested: wanted.unwrap_or(false), switching: None };
    let cluster = Cluster {
        arn: arn::arn(&region, "cluster", &id),
        resource_id: format!("cluster-{}", hex_id(&["cluster", &region, &id], 26).to_ascii_uppercase()),
        engine,
        version,
        database: membership.as_ref().map_or(ask.DatabaseName.clone(), |member| member.database.clone()),
        master: ask.MasterUsername.clone(),
        parameter_group: group,
        subnet_group: subnets,
        security_groups: ask.VpcSecurityGroupIds.unwrap_or_default(),
        kms_key: ask.KmsKeyId,
        encrypted: ask.StorageEncrypted.unwrap_or(false),
        protected: ask.DeletionProtection.unwrap_or(false),
        retention_days: ask.BackupRetentionPeriod.unwrap_or(1),
        created: world.now,
        status: Status::Creating,
        due: None,
        data_api: ask.EnableHttpEndpoint.unwrap_or(false),
        tags: arn::tags(ask.Tags),
        writer_endpoint: format!("{id}.cluster-{hash}.{region}.rds.amazonaws.com"),
        reader_endpoint: format!("{id}.cluster-ro-{hash}.{region}.rds.amazonaws.com"),
        forwarding: forwarding(ask.EnableGlobalWriteForwarding),
        local_forwarding: forwarding(ask.EnableLocalWriteForwarding),
        global: membership.map(|member| member.id),
        role,
        sync: Sync::Connected,
        lag_ms: 500.0,
        frozen_ms: None,
        applied: world.now,
        broken_until: world.now,
        fenced: false,
        split: None,
        commits: VecDeque::new(),
        store: Database::default(),
        id: id.clone(),
        region: region.clone(),
    };
    aurora::cluster_made(world, cluster);
    clusters::one(world, &region, &id)
}

fn membership(world: &World, region: &str, id: &str, global: &str, ask: &Create) -> Answer<Membership> {
    let name = global.to_ascii_lowercase();
    let global = world.aurora.globals.get(&name).ok_or_else(|| no_global(&name))?;
    if global.engine != ask.Engine {
        return combination(format!("The engine {} is not that of the global cluster, {}", ask.Engine, global.engine));
    }
    if ask.ManageMasterUserPassword == Some(true) {
        return clusters::managed();
    }
    if global.encrypted && ask.StorageEncrypted == Some(false) {
        return combination("The storage of the global cluster is encrypted: StorageEncrypted must be true");
    }
    if global.change.is_some() {
        return global_state(format!("Global cluster {name} has a switchover or failover in progress"));
    }
    if global.members.iter().any(|member| member.0 == region) {
        return global_state(format!("Global cluster {name} already has a DB cluster in {region}"));
    }
    if global.members.iter().any(|member| member.1 == id) {
        return refuse(
            "DBClusterAlreadyExistsFault",
            format!("A member of global cluster {name} is called {id} in another Region"),
        );
    }
    if global.members.len() >= MOST_MEMBERS {
        return refuse("GlobalClusterQuotaExceededFault", "A global cluster has at most 10 secondary DB clusters");
    }
    let role = if global.writer.is_some() { Role::Secondary } else { Role::Writer };
    if let Some(writer) = global.writer.as_ref().and_then(|writer| world.aurora.cluster(writer))
        && writer.status == Status::Creating
    {
        return cluster_state(format!("The primary DB cluster {} is not available yet", writer.id));
    }
    Ok(Membership { id: name, role, version: global.version.clone(), database: global.database.clone() })
}

fn parameter_group(world: &World, region: &str, ask: &Create, engine: &str, version: &str) -> Answer<String> {
    let Some(name) = &ask.DBClusterParameterGroupName else {
        return Ok(format!("default.{}", versions::family(engine, version)));
    };
    let found = world.aurora.parameter_groups.get(&(region.to_string(), name.clone()));
    match found {
        Some(group) if group.family != versions::family(engine, version) => combination(format!(
            "The parameter group {name} with DBParameterGroupFamily {} can't be used for this cluster",
            group.family
        )),
        None if !name.starts_with("default.") => Err(no_parameter_group(name)),
        _ => Ok(name.clone()),
    }
}

fn subnet_group(world: &World, region: &str, ask: &Create) -> Answer<String> {
    let name = ask.DBSubnetGroupName.clone().unwrap_or_else(|| "default".into());
    let known = world.aurora.subnet_groups.contains_key(&(region.to_string(), name.clone()));
    if known || name == "default" { Ok(name) } else { Err(no_subnet_group(&name)) }
}

/// A key encrypts in its own Region only.
fn key_of_region(region: &str, ask: &Create) -> Answer<()> {
    let Some(key) = ask.KmsKeyId.as_deref().filter(|key| key.starts_with("arn:")) else { return Ok(()) };
    if key.starts_with(&format!("arn:aws:kms:{region}:")) {
        return Ok(());
    }
    refuse(
        "KMSKeyNotAccessibleFault",
        format!(
            "The specified KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it in {region}."
        ),
    )
}

/// The primary has a master user, a secondary takes the primary's.
fn master(ask: &Create, role: Role) -> Answer<()> {
    match (role, &ask.MasterUsername, &ask.MasterUserPassword) {
        (Role::Secondary, Some(_), _) | (Role::Secondary, _, Some(_)) => {
            combination("Cannot specify user name or password for a secondary DB cluster of a global cluster")
        }
        (Role::Writer, None, _) => {
            refuse("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
        }
        (Role::Writer, Some(_), None) if ask.ManageMasterUserPassword != Some(true) => {
            value("The parameter MasterUserPassword must be provided and must not be blank.")
        }
        _ => Ok(()),
    }
}
