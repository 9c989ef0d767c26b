//! Instances of clusters.

use super::arn::{self, Filter, Tag};
use super::clusters;
use super::refusals::{cluster_state, combination, identifier, known, no_cluster, no_instance, page, refuse, value};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::aurora::{self, Instance, Status};
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

fn one(world: &World, region: &str, id: &str) -> Answer<One> {
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
    if found.global.is_some() && !memory_optimised(&ask.DBInstanceClass) {
        return combination(format!(
            "The DB instance class {} isn't supported for an Aurora global database.",
            ask.DBInstanceClass
        ));
    }
    if !ask.DBInstanceClass.starts_with("db.") {
        return value(format!("Invalid DB Instance class: {}", ask.DBInstanceClass));
    }
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
        engine: ask.Engine,
        zone,
        status: Status::Creating,
        due: None,
        created: world.now,
        tier: ask.PromotionTier.unwrap_or(1),
        tags: arn::tags(ask.Tags),
        id: id.clone(),
        region: region.clone(),
    };
    aurora::instance_made(world, instance);
    one(world, &region, &id)
}

/// Global databases take memory-optimised classes only (Aurora User Guide, configuration requirements).
fn memory_optimised(class: &str) -> bool {
    class == "db.serverless" || class.starts_with("db.r") || class.starts_with("db.x")
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
    PromotionTier: Option<u32>,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<One> {
    let id = ask.DBInstanceIdentifier.to_ascii_lowercase();
    let now = world.now;
    let found = world.aurora.instances.get_mut(&(caller.region.clone(), id.clone()));
    let instance = found.ok_or_else(|| no_instance(&id))?;
    if instance.status != Status::Available {
        return refuse("InvalidDBInstanceState", format!("DB instance {id} is in {} state", instance.status.word()));
    }
    instance.tier = ask.PromotionTier.unwrap_or(instance.tier);
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
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let id = ask.DBInstanceIdentifier.to_ascii_lowercase();
    let (now, takes) = (world.now, world.chance.aurora.between(DELETE_S.0, DELETE_S.1));
    let found = world.aurora.instances.get_mut(&(caller.region.clone(), id.clone()));
    let instance = found.ok_or_else(|| no_instance(&id))?;
    if instance.status == Status::Deleting {
        return refuse("InvalidDBInstanceState", format!("Instance {id} is already being deleted."));
    }
    instance.status = Status::Deleting;
    instance.due = Some(now + Duration::from_secs_f64(takes));
    one(world, &caller.region, &id)
}
