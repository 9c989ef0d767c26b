//! Instances of clusters.

use super::arn::{self, Filter, Tag};
use super::refusals::{cluster_state, combination, identifier, known, no_cluster, no_instance, page, refuse, value};
use super::{classes, clusters, parameters};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::aurora::{self, Instance, Role, Status};
use crate::world::{World, hex_id};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a deletion takes, seconds (aws.md 2.10, assumed).
const DELETE_S: (f64, f64) = (180.0, 480.0);
const CHANGE_S: u64 = 20;
/// Readers of a cluster (Aurora User Guide, configuration requirements of a global database).
const MOST: usize = 16;

#[derive(Serialize)]
pub struct Told {
    DBInstanceIdentifier: String,
    DBInstanceArn: String,
    DbiResourceId: String,
    DBInstanceClass: String,
    DBParameterGroups: Vec<Group>,
    DBInstanceStatus: &'static str,
    Engine: String,
    EngineVersion: String,
    DBClusterIdentifier: String,
    AvailabilityZone: Option<String>,
    InstanceCreateTime: Option<Moment>,
    Endpoint: Option<Endpoint>,
    PromotionTier: u32,
    StorageEncrypted: bool,
    KmsKeyId: Option<String>,
    PubliclyAccessible: bool,
    AutoMinorVersionUpgrade: bool,
    TagList: Vec<Tag>,
}

#[derive(Serialize)]
struct Group {
    DBParameterGroupName: String,
    ParameterApplyStatus: &'static str,
}

#[derive(Serialize)]
struct Endpoint {
    Address: String,
    Port: u16,
}

#[derive(Serialize)]
pub struct One {
    DBInstance: Told,
}

fn told(world: &World, instance: &Instance) -> Told {
    let cluster = world.aurora.clusters.get(&(instance.region.clone(), instance.cluster.clone()));
    let there = instance.status != Status::Creating;
    let hash = hex_id(&["cluster", &instance.region], 12);
    Told {
        DBInstanceIdentifier: instance.id.clone(),
        DBInstanceArn: instance.arn.clone(),
        DbiResourceId: instance.resource_id.clone(),
        DBInstanceClass: instance.class.clone(),
        DBParameterGroups: vec![Group {
            DBParameterGroupName: instance.parameter_group.clone(),
            ParameterApplyStatus: "in-sync",
        }],
        DBInstanceStatus: instance.status.word(),
        Engine: instance.engine.clone(),
        EngineVersion: cluster.map_or_else(String::new, |cluster| aurora::reported_version(world, cluster)),
        DBClusterIdentifier: instance.cluster.clone(),
        AvailabilityZone: there.then(|| instance.zone.clone()),
        InstanceCreateTime: there.then_some(instance.created),
        Endpoint: there.then(|| Endpoint {
            Address: format!("{}.{hash}.{}.rds.amazonaws.com", instance.id, instance.region),
            Port: if instance.engine == "aurora-mysql" { 3306 } else { 5432 },
        }),
        PromotionTier: instance.tier,
        StorageEncrypted: cluster.is_some_and(|cluster| cluster.encrypted),
        KmsKeyId: cluster.and_then(|cluster| cluster.kms_key.clone()),
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: false,
        TagList: arn::told(&instance.tags),
    }
}

pub fn one(world: &World, region: &str, id: &str) -> Answer<One> {
    let found = world.aurora.instances.get(&(region.to_string(), id.to_string()));
    Ok(One { DBInstance: told(world, found.ok_or_else(|| no_instance(id))?) })
}

#[derive(Deserialize)]
pub struct Create {
    DBInstanceIdentifier: String,
    DBInstanceClass: String,
    Engine: String,
    DBClusterIdentifier: Option<String>,
    AvailabilityZone: Option<String>,
    DBParameterGroupName: Option<String>,
    PromotionTier: Option<u32>,
    Tags: Option<Vec<Tag>>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let id = identifier("DBInstanceIdentifier", &ask.DBInstanceIdentifier)?;
    let region = caller.region.clone();
    if world.aurora.instances.contains_key(&(region.clone(), id.clone())) {
        return refuse("DBInstanceAlreadyExists", "DB instance already exists");
    }
    let Some(cluster) = ask.DBClusterIdentifier else {
        return combination("Aurora instances alone are known here: DBClusterIdentifier must be given");
    };
    let key = (region.clone(), clusters::name_of(&cluster).to_ascii_lowercase());
    let found = world.aurora.clusters.get(&key).ok_or_else(|| no_cluster(&key.1))?;
    if found.engine != ask.Engine {
        return combination(format!(
            "The engine name requested for your DB instance ({}) doesn't match the engine name of your DB cluster ({}).",
            ask.Engine, found.engine
        ));
    }
    if matches!(found.status, Status::Deleting | Status::Creating) {
        return cluster_state(format!("DB cluster {} is in {} state", key.1, found.status.word()));
    }
    classes::check(&ask.DBInstanceClass, &found.engine, &found.version, found.global.is_some())?;
    let tier = tier(ask.PromotionTier)?.unwrap_or(1);
    let asked = ask.DBParameterGroupName.as_deref();
    let group = parameters::chosen(&world.aurora.instance_groups, &region, asked, &found.engine, &found.version)?;
    let others = world.aurora.instances_of(&key).count();
    if others >= MOST {
        return refuse("InstanceQuotaExceeded", "A DB cluster has at most 16 DB instances");
    }
    let zone = ask.AvailabilityZone.unwrap_or_else(|| format!("{region}{}", ["a", "b", "c"][others % 3]));
    let instance = Instance {
        arn: arn::arn(&region, "db", &id),
        resource_id: format!("db-{}", hex_id(&["instance", &region, &id], 26).to_ascii_uppercase()),
        cluster: key.1,
        class: ask.DBInstanceClass,
        parameter_group: group,
        engine: ask.Engine,
        zone,
        status: Status::Creating,
        due: None,
        created: world.now,
        tier,
        tags: arn::tags(ask.Tags),
        id: id.clone(),
        region: region.clone(),
    };
    aurora::instance_made(world, instance);
    one(world, &region, &id)
}

/// Tiers go from 0 to 15 (RDS API Reference, PromotionTier).
fn tier(asked: Option<u32>) -> Answer<Option<u32>> {
    match asked {
        Some(tier @ 16..) => value(format!("Invalid promotion tier: {tier}. Must be between 0 and 15")),
        asked => Ok(asked),
    }
}

#[derive(Deserialize)]
pub struct Describe {
    DBInstanceIdentifier: Option<String>,
    Filters: Option<Vec<Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    DBInstances: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &["db-cluster-id", "db-instance-id", "dbi-resource-id", "domain", "engine"])?;
    let wanted = ask.DBInstanceIdentifier.as_deref().map(|given| clusters::name_of(given).to_ascii_lowercase());
    let here = |instance: &&Instance| {
        let filters = ask.Filters.as_deref();
        let cluster = arn::arn(&instance.region, "cluster", &instance.cluster);
        instance.region == caller.region
            && wanted.as_ref().is_none_or(|id| instance.id == *id)
            && arn::passes(filters, "db-cluster-id", &[&instance.cluster, &cluster])
            && arn::passes(filters, "db-instance-id", &[&instance.id, &instance.arn])
            && arn::passes(filters, "dbi-resource-id", &[&instance.resource_id])
            && arn::passes(filters, "engine", &[&instance.engine])
    };
    let found: Vec<&Instance> = world.aurora.instances.values().filter(here).collect();
    if let Some(id) = wanted.filter(|_| found.is_empty()) {
        return Err(no_instance(&id));
    }
    let (found, marker) = page(found, |instance| instance.id.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBInstances: found.into_iter().map(|instance| told(world, instance)).collect(), Marker: marker })
}

#[derive(Deserialize)]
pub struct Modify {
    DBInstanceIdentifier: String,
    DBInstanceClass: Option<String>,
    DBParameterGroupName: Option<String>,
    PromotionTier: Option<u32>,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<One> {
    let id = ask.DBInstanceIdentifier.to_ascii_lowercase();
    let (now, key) = (world.now, (caller.region.clone(), id.clone()));
    let instance = world.aurora.instances.get(&key).ok_or_else(|| no_instance(&id))?;
    if instance.status != Status::Available {
        return refuse("InvalidDBInstanceState", format!("DB instance {id} is in {} state", instance.status.word()));
    }
    let of = (caller.region.clone(), instance.cluster.clone());
    let cluster = world.aurora.clusters.get(&of).ok_or_else(|| no_cluster(&of.1))?;
    if let Some(class) = &ask.DBInstanceClass {
        classes::check(class, &cluster.engine, &cluster.version, cluster.global.is_some())?;
    }
    let group = match ask.DBParameterGroupName.as_deref() {
        None => instance.parameter_group.clone(),
        asked => {
            let all = &world.aurora.instance_groups;
            parameters::chosen(all, &caller.region, asked, &cluster.engine, &cluster.version)?
        }
    };
    let tier = tier(ask.PromotionTier)?;
    let instance = world.aurora.instances.get_mut(&key).ok_or_else(|| no_instance(&id))?;
    (instance.tier, instance.parameter_group) = (tier.unwrap_or(instance.tier), group);
    if let Some(class) = ask.DBInstanceClass {
        instance.class = class;
        instance.status = Status::Modifying;
        instance.due = Some(now + Duration::from_secs(CHANGE_S));
    }
    one(world, &caller.region, &id)
}

#[derive(Deserialize)]
pub struct Delete {
    DBInstanceIdentifier: String,
    FinalDBSnapshotIdentifier: Option<String>,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let id = clusters::name_of(&ask.DBInstanceIdentifier).to_ascii_lowercase();
    let key = (caller.region.clone(), id.clone());
    let instance = world.aurora.instances.get(&key).ok_or_else(|| no_instance(&id))?;
    if instance.status == Status::Deleting {
        return refuse("InvalidDBInstanceState", format!("Instance {id} is already being deleted."));
    }
    if ask.FinalDBSnapshotIdentifier.is_some() {
        return combination("FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance");
    }
    let of = (caller.region.clone(), instance.cluster.clone());
    let staying = |other: &&Instance| other.id != id && other.status != Status::Deleting;
    let others = world.aurora.instances_of(&of).filter(staying).count();
    let cluster = world.aurora.clusters.get(&of);
    let global = cluster.filter(|cluster| cluster.role == Role::Writer).and_then(|cluster| cluster.global.as_ref());
    let followed = global.and_then(|id| world.aurora.globals.get(id)).is_some_and(|global| global.members.len() > 1);
    if followed && others == 0 {
        return cluster_state(
            "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last master cluster instance.",
        );
    }
    let writes = cluster.and_then(|cluster| world.aurora.writer_of(cluster)).is_some_and(|writer| writer.id == id);
    let (now, takes) = (world.now, world.chance.aurora.between(DELETE_S.0, DELETE_S.1));
    if let Some(instance) = world.aurora.instances.get_mut(&key) {
        (instance.status, instance.due) = (Status::Deleting, Some(now + Duration::from_secs_f64(takes)));
    }
    if writes && others > 0 {
        aurora::writer_leaves(world, &of);
    }
    one(world, &caller.region, &id)
}
