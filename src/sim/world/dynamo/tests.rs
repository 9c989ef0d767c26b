#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod replicas;
mod strong;

use super::*;
use crate::doc::{Doc, Input};
use crate::faults::{self, FaultSpec};
use crate::operation::{Answer, Caller};
use crate::services;
use crate::world::metrics::Series;
use serde_json::json;
use std::time::Duration;

const HOME: &str = "us-east-1";
const PEER: &str = "eu-west-1";

fn call(world: &mut World, region: &str, name: &str, input: Doc) -> Answer<Doc> {
    let service = services::ALL.iter().find(|service| service.scope == "dynamodb").unwrap();
    let operation = service.operations.iter().find(|operation| operation.name == name).unwrap();
    let caller = Caller { region: region.into(), principal: "AKIATEST".into(), now: world.now };
    (operation.run)(world, &caller, Input::Typed(input))
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

fn create(world: &mut World, region: &str, name: &str) {
    let spec = json!({"TableName": name, "AttributeDefinitions": [{"AttributeName": "session_id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "session_id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"});
    call(world, region, "CreateTable", spec).unwrap();
    pass(world, 30);
}

fn replicate(world: &mut World, name: &str, region: &str) -> Answer<Doc> {
    let ask = json!({"TableName": name, "ReplicaUpdates": [{"Create": {"RegionName": region}}]});
    call(world, HOME, "UpdateTable", ask)
}

/// A table of sessions in two Regions.
fn sessions(seed: u64) -> World {
    let mut world = World::empty(seed);
    create(&mut world, HOME, "sessions");
    replicate(&mut world, "sessions", PEER).unwrap();
    pass(&mut world, 300);
    world
}

fn put(world: &mut World, region: &str, id: &str, version: u64) {
    assert!(put_session(world, region, "sessions", id, version));
}

fn version(world: &World, region: &str, id: &str) -> Option<u64> {
    session_version(world, region, "sessions", id).unwrap()
}

fn pause(world: &mut World, kind: &str, seconds: f64) {
    let spec =
        FaultSpec { kind: kind.into(), region: Some(PEER.into()), duration_s: Some(seconds), ..FaultSpec::default() };
    faults::start(world, spec).unwrap();
}

#[test]
fn a_session_is_read_in_the_other_region_a_second_later() {
    let mut world = sessions(1);
    put(&mut world, HOME, "s", 1);
    assert_eq!((version(&world, HOME, "s"), version(&world, PEER, "s")), (Some(1), None));
    pass(&mut world, 3);
    assert_eq!(version(&world, PEER, "s"), Some(1));
    let found =
        call(&mut world, PEER, "GetItem", json!({"TableName": "sessions", "Key": {"session_id": {"S": "s"}}})).unwrap();
    assert_eq!(found["Item"]["last_region"], json!({"S": HOME}));
}

#[test]
fn the_last_writer_wins_and_an_older_write_that_was_held_is_suppressed() {
    for kind in ["F31", "F17"] {
        let mut world = sessions(2);
        pause(&mut world, kind, 120.0);
        put(&mut world, HOME, "both", 1);
        put(&mut world, HOME, "one", 1);
        pass(&mut world, 10);
        put(&mut world, PEER, "both", 2);
        pass(&mut world, 60);
        assert_eq!((version(&world, HOME, "both"), version(&world, PEER, "both")), (Some(1), Some(2)), "{kind}: held");
        assert_eq!(version(&world, PEER, "one"), None);
        pass(&mut world, 120);
        assert_eq!(
            (version(&world, HOME, "both"), version(&world, PEER, "both")),
            (Some(2), Some(2)),
            "{kind}: delivered"
        );
        assert_eq!(version(&world, PEER, "one"), Some(1));
        assert_eq!(world.dynamo.suppressed, 1);
        assert!(world.truth.kinds().contains_key("replication.held"));
        assert!(world.truth.kinds().contains_key("replication.delivered"));
    }
}

#[test]
fn a_deletion_is_a_write_like_any_other() {
    let mut world = sessions(3);
    put(&mut world, HOME, "s", 1);
    pass(&mut world, 3);
    let ask = json!({"TableName": "sessions", "Key": {"session_id": {"S": "s"}}, "ReturnValues": "ALL_OLD"});
    let old = call(&mut world, PEER, "DeleteItem", ask).unwrap();
    assert_eq!(old["Attributes"]["version"], json!({"N": "1"}));
    pass(&mut world, 3);
    assert_eq!(version(&world, HOME, "s"), None);
}

#[test]
fn conditions_are_asked_of_the_local_replica() {
    let mut world = sessions(4);
    let first = |region: &str, world: &mut World| {
        let ask = json!({"TableName": "sessions", "Item": {"session_id": {"S": "x"}},
            "ConditionExpression": "attribute_not_exists(session_id)"});
        call(world, region, "PutItem", ask).map_err(|refusal| refusal.code)
    };
    assert!(first(HOME, &mut world).is_ok());
    assert_eq!(first(HOME, &mut world).unwrap_err(), "ConditionalCheckFailedException");
    assert!(first(PEER, &mut world).is_ok(), "it has not heard of it yet");
}

#[test]
fn replication_latency_is_told_by_the_sender_and_absent_while_nothing_arrives_trap_16() {
    let mut world = sessions(5);
    let points = |world: &World, region: &str, to: &str| {
        let series =
            Series::new("AWS/DynamoDB", "ReplicationLatency", &[("TableName", "sessions"), ("ReceivingRegion", to)]);
        let from = world.now - Duration::from_secs(300);
        world.metrics.get(region).map_or(0, |m| m.points(&series, 60, from, world.now, world.now).len())
    };
    for second in 0..400 {
        put(&mut world, HOME, "s", second);
        pass(&mut world, 1);
    }
    assert!(points(&world, HOME, PEER) >= 2);
    assert_eq!(points(&world, PEER, HOME), 0, "nothing was written there");
    pause(&mut world, "F31", 900.0);
    for second in 0..600 {
        put(&mut world, HOME, "s", 1000 + second);
        pass(&mut world, 1);
    }
    assert_eq!(points(&world, HOME, PEER), 0, "absent, not high and not zero");
}

#[test]
fn expired_items_go_hours_later_in_every_region() {
    let mut world = sessions(10);
    let ttl =
        json!({"TableName": "sessions", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "expires_at"}});
    call(&mut world, HOME, "UpdateTimeToLive", ttl).unwrap();
    put(&mut world, HOME, "s", 1);
    pass(&mut world, 86_400 + 3600);
    assert_eq!(version(&world, HOME, "s"), Some(1), "expired and still there");
    pass(&mut world, 6 * 3600);
    assert_eq!((version(&world, HOME, "s"), version(&world, PEER, "s")), (None, None));
}

#[test]
fn equal_seeds_deliver_at_equal_moments() {
    let history = |seed| {
        let mut world = sessions(seed);
        let mut seen = vec![];
        for number in 0..20 {
            put(&mut world, HOME, &format!("s{number}"), 1);
            world.advance(world.now + Duration::from_millis(700));
            seen.push(version(&world, PEER, &format!("s{}", number / 2)));
        }
        (seen, world.truth.digest())
    };
    assert_eq!(history(11), history(11));
}
