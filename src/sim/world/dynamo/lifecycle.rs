//! How tables and replicas come and go, and how items expire.

use super::table::{Replica, Status, Table};
use super::value::Value;
use super::{Key, World};
use crate::moment::Moment;
use crate::world::hex_id;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long things take, seconds (assumed).
const TABLE_S: (f64, f64) = (6.0, 20.0);
const REPLICA_S: (f64, f64) = (60.0, 240.0);
const DELETE_S: (f64, f64) = (10.0, 40.0);
/// A replica at whose endpoint another one was made stays for a day, as long as that one is there (Developer Guide,
/// global tables: how it works).
const SOURCE_STAYS: Duration = Duration::from_secs(86_400);
/// What the stream of a replica tells.
const IMAGES: &str = "NEW_AND_OLD_IMAGES";
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

/// What a table is given: where, and whether it becomes a strongly consistent one.
pub struct Members {
    pub replicas: Vec<String>,
    pub witness: Option<String>,
    pub strong: bool,
}

/// Gives a table replicas and a witness, which are there after a while. Where there is no stream one begins: eventual
/// replicas are fed by it (Developer Guide, global tables: how it works).
pub fn made(world: &mut World, key: &Key, members: &Members) {
    let now = world.now;
    let Some(table) = world.dynamo.tables.get_mut(key) else { return };
    if !members.strong && table.stream.is_none() {
        (table.stream, table.stream_label) = (Some(IMAGES.into()), now);
    }
    let source = table.clone();
    let takes = |world: &mut World| Duration::from_secs_f64(world.chance.dynamo.between(REPLICA_S.0, REPLICA_S.1));
    let mut dues = vec![];
    for region in &members.replicas {
        let due = now + takes(world);
        dues.push(due);
        let others = members.replicas.iter().filter(|other| *other != region);
        let others = source.replicas.keys().chain([&key.0]).chain(others);
        let active = Replica { status: Status::Active, since: now, due: None };
        let table = Table {
            region: region.clone(),
            id: hex_id(&["table", region, &source.name], 32),
            status: Status::Creating,
            due: Some(due),
            created: now,
            source: Some((key.0.clone(), now)),
            recovery: None,
            tags: BTreeMap::new(),
            protected: false,
            strong: Some(members.strong),
            replicas: others.map(|other| (other.clone(), active)).collect(),
            ..source.clone()
        };
        world.dynamo.tables.insert((region.clone(), key.1.clone()), table);
        for other in source.replicas.keys().chain([&key.0]) {
            if let Some(table) = world.dynamo.tables.get_mut(&(other.clone(), key.1.clone())) {
                table.replicas.insert(region.clone(), Replica { status: Status::Creating, since: now, due: Some(due) });
                table.strong = Some(members.strong);
            }
        }
        world.truth.note(now, "replica.made", region, format!("{} from {}", key.1, key.0));
    }
    if let Some(region) = &members.witness {
        let due = now + takes(world);
        dues.push(due);
        world.dynamo.witness(region, &key.1);
        for other in members.replicas.iter().chain([&key.0]) {
            if let Some(table) = world.dynamo.tables.get_mut(&(other.clone(), key.1.clone())) {
                let witness = Replica { status: Status::Creating, since: now, due: Some(due) };
                table.witness = Some((region.clone(), witness));
            }
        }
        world.truth.note(now, "witness.made", region, format!("{} from {}", key.1, key.0));
    }
    if let Some(table) = world.dynamo.tables.get_mut(key) {
        (table.status, table.due) = (Status::Updating, dues.into_iter().max());
    }
}

/// Takes replicas away from a table, and its witness.
pub fn dropped(world: &mut World, key: &Key, replicas: &[String], witness: bool) {
    let takes = Duration::from_secs_f64(world.chance.dynamo.between(DELETE_S.0, DELETE_S.1));
    let (now, due) = (world.now, world.now + takes);
    let leaving = Replica { status: Status::Deleting, since: now, due: Some(due) };
    let Some(table) = world.dynamo.tables.get_mut(key) else { return };
    let group: Vec<String> = table.replicas.keys().cloned().collect();
    for region in group.iter().chain([&key.0]) {
        let Some(table) = world.dynamo.tables.get_mut(&(region.clone(), key.1.clone())) else { continue };
        for (_, replica) in table.replicas.iter_mut().filter(|(region, _)| replicas.contains(region)) {
            *replica = leaving;
        }
        if let Some((_, there)) = table.witness.as_mut().filter(|_| witness) {
            *there = leaving;
        }
        if replicas.contains(region) {
            (table.status, table.due) = (Status::Deleting, Some(due));
        } else if *region == key.0 {
            (table.status, table.due) = (Status::Updating, Some(due));
        }
    }
}

/// Deletes a table, or the replica of one Region; the others hear of it.
pub fn deleted(world: &mut World, key: &Key) {
    let takes = Duration::from_secs_f64(world.chance.dynamo.between(DELETE_S.0, DELETE_S.1));
    let (now, due) = (world.now, world.now + takes);
    let Some(table) = world.dynamo.tables.get_mut(key) else { return };
    (table.status, table.due) = (Status::Deleting, Some(due));
    for region in table.replicas.keys().cloned().collect::<Vec<_>>() {
        let other = world.dynamo.tables.get_mut(&(region, key.1.clone()));
        if let Some(replica) = other.and_then(|table| table.replicas.get_mut(&key.0)) {
            *replica = Replica { status: Status::Deleting, since: now, due: Some(due) };
        }
    }
}

/// Whether a replica was made at this one's endpoint within a day and is still there.
pub fn sourced(world: &World, key: &Key) -> bool {
    let Some(table) = world.dynamo.tables.get(key) else { return false };
    let young = |(source, at): &(String, Moment)| *source == key.0 && world.now.since(*at) < SOURCE_STAYS;
    let others = table.replicas.keys().filter_map(|region| world.dynamo.table(region, &key.1));
    others.filter_map(|other| other.source.as_ref()).any(young)
}

pub fn tick(world: &mut World) {
    let now = world.now;
    let (mut gone, mut unwatched) = (vec![], vec![]);
    for (key, table) in &mut world.dynamo.tables {
        table.replicas.retain(|_, replica| {
            let over = replica.due.take_if(|due| *due <= now).is_some();
            let dropped = over && replica.status == Status::Deleting;
            if over && !dropped {
                replica.status = Status::Active;
            }
            !dropped
        });
        if let Some((region, witness)) = &mut table.witness
            && witness.due.take_if(|due| *due <= now).is_some()
        {
            match witness.status {
                Status::Deleting => {
                    unwatched.push((region.clone(), key.1.clone()));
                    table.witness = None;
                }
                _ => witness.status = Status::Active,
            }
        }
        if table.replicas.is_empty() {
            (table.strong, table.behind) = (None, false);
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
    for key in unwatched {
        world.dynamo.witnesses.remove(&key);
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
