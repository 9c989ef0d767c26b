//! CreateDBCluster: a cluster of its own, the primary of a global cluster, or a secondary.

use super::arn::{self, Tag};
use super::clusters::{self, One};
use super::refusals::{
    cluster_state, combination, global_state, identifier, no_global, no_subnet_group, refuse, value,
};
use super::{parameters, versions};
use crate::operation::{Answer, Caller};
use crate::world::aurora::{self, Cluster, Forwarding, Role, Status, Sync};
use crate::world::sql::Database;
use crate::world::{ACCOUNT, World, hex_id, uuid};
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
    encrypted: bool,
    /// The ARN of the primary.
    primary: Option<String>,
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
    let asked = ask.DBClusterParameterGroupName.as_deref();
    let group = parameters::chosen(&world.aurora.parameter_groups, &region, asked, &engine, &version)?;
    let subnets = subnet_group(world, &region, &ask)?;
    let role = membership.as_ref().map_or(Role::Writer, |member| member.role);
    master(&ask, role)?;
    let encrypted = ask.StorageEncrypted.unwrap_or(membership.as_ref().is_some_and(|member| member.encrypted));
    let kms_key = key_of_region(&region, &ask, membership.as_ref(), encrypted)?;
    let hash = hex_id(&["cluster", &region], 12);
    let forwarding = |wanted: Option<bool>| Forwarding { requested: wanted.unwrap_or(false), switching: None };
    let cluster = Cluster {
        arn: arn::arn(&region, "cluster", &id),
        resource_id: format!("cluster-{}", hex_id(&["cluster", &region, &id], 26).to_ascii_uppercase()),
        engine,
        version,
        upgrade: None,
        database: membership.as_ref().map_or(ask.DatabaseName.clone(), |member| member.database.clone()),
        promoted: None,
        master: ask.MasterUsername.clone(),
        parameter_group: group,
        subnet_group: subnets,
        security_groups: ask.VpcSecurityGroupIds.unwrap_or_default(),
        kms_key,
        encrypted,
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
        store: match (&ask.MasterUsername, &ask.MasterUserPassword) {
            (Some(user), Some(password)) => Database::of(user, password),
            _ => Database::default(),
        },
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
    let primary = global.writer.as_ref().and_then(|writer| world.aurora.cluster(writer));
    Ok(Membership {
        id: name,
        role,
        version: global.version.clone(),
        database: global.database.clone(),
        encrypted: global.encrypted,
        primary: primary.map(|primary| primary.arn.clone()),
    })
}

fn subnet_group(world: &World, region: &str, ask: &Create) -> Answer<String> {
    let name = ask.DBSubnetGroupName.clone().unwrap_or_else(|| "default".into());
    let known = world.aurora.subnet_groups.contains_key(&(region.to_string(), name.clone()));
    if known || name == "default" { Ok(name) } else { Err(no_subnet_group(&name)) }
}

/// A key encrypts in its own Region only, so a secondary is given one of its own; elsewhere the Region's usual key is
/// taken where none is given. Keys are told by ARN, however they were given.
fn key_of_region(
    region: &str,
    ask: &Create,
    membership: Option<&Membership>,
    encrypted: bool,
) -> Answer<Option<String>> {
    let primary = membership.filter(|member| member.role == Role::Secondary).and_then(|member| member.primary.as_ref());
    let Some(key) = ask.KmsKeyId.as_deref() else {
        return match primary.filter(|_| encrypted) {
            Some(primary) => {
                combination(format!("Source cluster {primary} is encrypted; kmsKeyId should be explicitly specified"))
            }
            None => Ok(encrypted.then(|| key_arn(region, &uuid(&["aws/rds", region])))),
        };
    };
    if key.starts_with("arn:") && !key.starts_with(&format!("arn:aws:kms:{region}:")) {
        return refuse(
            "KMSKeyNotAccessibleFault",
            format!(
                "The specified KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it in {region}."
            ),
        );
    }
    if !encrypted {
        return combination("KmsKeyId can be specified only for a DB cluster whose storage is encrypted");
    }
    let id = if key.starts_with("alias/") { uuid(&[key, region]) } else { key.to_string() };
    Ok(Some(if key.starts_with("arn:") { id } else { key_arn(region, &id) }))
}

fn key_arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:key/{id}")
}

/// The primary has a master user and a database, a secondary takes the primary's.
fn master(ask: &Create, role: Role) -> Answer<()> {
    if role == Role::Secondary {
        let given = [
            ("database name", ask.DatabaseName.is_some()),
            ("user name", ask.MasterUsername.is_some()),
            ("password", ask.MasterUserPassword.is_some()),
        ];
        return match given.iter().find(|(_, given)| *given) {
            Some((what, _)) => combination(format!("Cannot specify {what} for cross region replication cluster")),
            None => Ok(()),
        };
    }
    if ask.MasterUsername.is_none() {
        return value("The parameter MasterUsername must be provided and must not be blank.");
    }
    if ask.MasterUserPassword.is_none() && ask.ManageMasterUserPassword != Some(true) {
        return value("The parameter MasterUserPassword must be provided and must not be blank.");
    }
    Ok(())
}
