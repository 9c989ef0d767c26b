//! How tables and replicas come and go, and how items expire.

use super::table::{Replica, Status, Table};
use super::value::Value;
use super::{Key, World};
use crate::world::hex_id;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long things take, seconds (assumed).
const TABLE_S: (f64, f64) = (6.0, 20.0);
const REPLICA_S: (f64, f64) = (60.0, 240.0);
pub const DELETE_S: (f64, f64) = (10.0, 40.0);
/// How late an expired item is deleted: "within a few days"; here hours (Developer Guide, TTL; assumed).
const EXPIRES_LATE_S: f64 = 6.0 * 3600.0;
/// How often expired items are looked for, seconds (assumed).
const SWEEP_S: u64 = 600;

/// The Regions among which a strongly consistent table may be (Developer Guide, multi-Region strong consistency).
const REGION_SETS: &[&[&str]] = &[
    &["us-east-1", "us-east-2", "us-west-2"],
    &["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    &["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
];

/// The set that a Region belongs to.
pub fn region_set(region: &str) -> Option<&'static [&'static str]> {
    REGION_SETS.iter().find(|set| set.contains(&region)).copied()
}

/// A duration of a table's life.
pub fn soon(world: &mut World) -> Duration {
    Duration::from_secs_f64(world.chance.dynamo.between(TABLE_S.0, TABLE_S.1))
}

/// Gives a table replicas in `regions`, which are there after a while.
pub fn replicas_made(world: &mut World, key: &Key, regions: &[String], strong: bool) {
    let Some(source) = world.dynamo.tables.get(key).cloned() else { return };
    let now = world.now;
    let mut latest = now;
    for region in regions {
        let takes = Duration::from_secs_f64(world.chance.dynamo.between(REPLICA_S.0, REPLICA_S.1));
        let due = now + takes;
        latest = latest.max(due);
        let others: Vec<String> = std::iter::once(key.0.clone())
            .chain(source.replicas.keys().cloned())
            .chain(regions.iter().filter(|other| *other != region).cloned())
            .collect();
        let active = |status| Replica { status, since: now, due: None };
        let table = Table {
            region: region.clone(),
            id: hex_id(&["table", region, &source.name], 32),
            status: Status::Creating,
            due: Some(due),
            created: now,
            joined: Some(now),
            recovery: None,
            tags: BTreeMap::new(),
            protected: false,
            strong: Some(strong),
            replicas: others.into_iter().map(|other| (other, active(Status::Active))).collect(),
            ..source.clone()
        };
        world.dynamo.tables.insert((region.clone(), key.1.clone()), table);
        for other in std::iter::once(&key.0).chain(source.replicas.keys()) {
            if let Some(table) = world.dynamo.tables.get_mut(&(other.clone(), key.1.clone())) {
                table.replicas.insert(region.clone(), Replica { status: Status::Creating, since: now, due: Some(due) });
                table.strong = Some(strong);
            }
        }
        world.truth.note(now, "replica.made", region, format!("{} from {}", key.1, key.0));
    }
    if let Some(table) = world.dynamo.tables.get_mut(key) {
        (table.status, table.due) = (Status::Updating, Some(latest));
    }
}

/// Takes the replica in `region` away from the table.
pub fn drop_replica(world: &mut World, key: &Key, region: &str) {
    let takes = Duration::from_secs_f64(world.chance.dynamo.between(DELETE_S.0, DELETE_S.1));
    let (now, due) = (world.now, world.now + takes);
    for table in world.dynamo.tables.values_mut().filter(|table| table.name == key.1) {
        if table.region == region {
            (table.status, table.due) = (Status::Deleting, Some(due));
        } else if let Some(replica) = table.replicas.get_mut(region) {
            *replica = Replica { status: Status::Deleting, since: now, due: Some(due) };
        }
    }
    if let Some(table) = world.dynamo.tables.get_mut(key) {
        (table.status, table.due) = (Status::Updating, Some(due));
    }
}

pub fn tick(world: &mut World) {
    let now = world.now;
    let mut gone = vec![];
    for (key, table) in &mut world.dynamo.tables {
        table.replicas.retain(|_, replica| {
            let over = replica.due.take_if(|due| *due <= now).is_some();
            let dropped = over && replica.status == Status::Deleting;
            if over && !dropped {
                replica.status = Status::Active;
            }
            !dropped
        });
        if table.replicas.is_empty() && table.strong == Some(false) {
            table.strong = None;
        }
        if table.due.take_if(|due| *due <= now).is_some() {
            match table.status {
                Status::Deleting => gone.push(key.clone()),
                Status::Creating => {
                    table.status = Status::Active;
                    world.truth.note(now, "table.active", &key.0, &key.1);
                }
                _ => table.status = Status::Active,
            }
        }
    }
    for key in gone {
        world.dynamo.tables.remove(&key);
        world.truth.note(now, "table.gone", &key.0, &key.1);
    }
    if (now.0 / 1000).is_multiple_of(SWEEP_S) {
        expire(world);
    }
}

/// Deletes what expired hours ago; the deletion is replicated like any other.
fn expire(world: &mut World) {
    let before = world.now.seconds() - EXPIRES_LATE_S;
    let mut over = vec![];
    for (key, table) in &world.dynamo.tables {
        let Some(attribute) = &table.ttl else { continue };
        for (item_key, item) in table.all() {
            if let Some(Value::N(at)) = item.get(attribute)
                && at.as_f64() < before
            {
                over.push((key.clone(), item_key.clone()));
            }
        }
    }
    for (key, item) in over {
        // a replica that takes no writes now is looked at again
        let _ = super::store(world, &key, item, None);
    }
}
