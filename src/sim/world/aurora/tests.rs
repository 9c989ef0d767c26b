#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::doc::Doc;
use crate::faults::{self, FaultSpec};
use crate::operation::{Answer, Caller};
use crate::ready::decoded;
use crate::services;
use serde_json::json;
use std::time::Duration;

const HOME: &str = "us-east-1";
const PEER: &str = "eu-west-1";

fn call(world: &mut World, region: &str, name: &str, input: Doc) -> Answer<Doc> {
    world.advance(world.now + Duration::from_millis(300));
    let service = services::ALL.iter().find(|service| service.scope == "rds").unwrap();
    let operation = service.operations.iter().find(|operation| operation.name == name).unwrap();
    let caller = Caller { region: region.into(), principal: "AKIATEST".into(), now: world.now };
    (operation.run)(world, &caller, decoded(service, input))
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

/// A global database with a member in each of two Regions, both of them with two instances.
fn database(seed: u64) -> World {
    let mut world = World::empty(seed);
    let common = json!({"Engine": "aurora-postgresql", "EngineVersion": "16.6"});
    let with = |more: Doc| {
        let mut all = common.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    call(&mut world, HOME, "CreateGlobalCluster", with(json!({"GlobalClusterIdentifier": "db"}))).unwrap();
    pass(&mut world, 30);
    for region in [HOME, PEER] {
        let id = format!("db-{region}");
        let mut ask = with(json!({"DBClusterIdentifier": id, "GlobalClusterIdentifier": "db",
            "EnableGlobalWriteForwarding": true, "EnableLocalWriteForwarding": true, "EnableHttpEndpoint": true}));
        if region == HOME {
            ask["MasterUsername"] = json!("root");
            ask["MasterUserPassword"] = json!("secret-1");
        }
        call(&mut world, region, "CreateDBCluster", ask).unwrap();
        pass(&mut world, 700);
        for number in 1..=2 {
            let ask = json!({"DBInstanceIdentifier": format!("{id}-{number}"), "DBClusterIdentifier": id,
                "Engine": "aurora-postgresql", "DBInstanceClass": "db.r6g.large"});
            call(&mut world, region, "CreateDBInstance", ask).unwrap();
        }
    }
    pass(&mut world, 900);
    world
}

fn key(region: &str) -> Key {
    (region.into(), format!("db-{region}"))
}

fn reader(world: &World, region: &str) -> String {
    world.aurora.cluster(&key(region)).unwrap().reader_endpoint.clone()
}

fn arn(world: &World, region: &str) -> String {
    world.aurora.cluster(&key(region)).unwrap().arn.clone()
}

/// Every Region writes ten rows a second through its reader endpoint; how many were acknowledged in each.
fn write(world: &mut World, seconds: u64) -> (u64, u64) {
    let (mut home, mut peer) = (0, 0);
    for _ in 0..seconds {
        pass(world, 1);
        let (one, other) = (reader(world, HOME), reader(world, PEER));
        home += write_rows(world, HOME, &one, 10).committed;
        peer += write_rows(world, PEER, &other, 10).committed;
    }
    (home, peer)
}

fn fault(world: &mut World, kind: &str, region: Option<&str>, seconds: f64) {
    let region = region.map(str::to_string);
    let spec = FaultSpec { kind: kind.into(), region, duration_s: Some(seconds), ..FaultSpec::default() };
    faults::start(world, spec).unwrap();
}

/// The two Regions do not reach each other.
fn cut(world: &mut World, seconds: f64) {
    let (region, from) = (Some(PEER.into()), Some(HOME.into()));
    let spec = FaultSpec { kind: "F19".into(), region, from, duration_s: Some(seconds), ..FaultSpec::default() };
    faults::start(world, spec).unwrap();
}

fn change(world: &mut World, region: &str, name: &str, target: &str) -> Answer<Doc> {
    let target = arn(world, target);
    let mut ask = json!({"GlobalClusterIdentifier": "db", "TargetDbClusterIdentifier": target});
    if name == "FailoverGlobalCluster" {
        ask["AllowDataLoss"] = json!(true);
    }
    call(world, region, name, ask)
}

fn writer(world: &World) -> String {
    world.aurora.globals["db"].writer.clone().unwrap().0
}

fn told(world: &mut World, region: &str) -> Doc {
    call(world, region, "DescribeGlobalClusters", json!({"GlobalClusterIdentifier": "db"})).unwrap()["GlobalClusters"]
        [0]
    .clone()
}

#[test]
fn every_region_writes_through_its_own_reader_endpoint() {
    let mut world = database(1);
    assert_eq!(write(&mut world, 10), (100, 100));
    assert_eq!(world.truth.writes.rows, std::collections::BTreeMap::from([(1, 200)]));
    assert_eq!(told(&mut world, HOME), told(&mut world, PEER), "a global cluster is told the same everywhere");
}

#[test]
fn forwarding_is_null_on_the_writer_and_told_of_the_secondary() {
    let mut world = database(2);
    let members = told(&mut world, PEER)["GlobalClusterMembers"].clone();
    let of = |region: &str| {
        let found = members.as_array().unwrap().iter().find(|m| m["DBClusterArn"].as_str().unwrap().contains(region));
        found.unwrap().clone()
    };
    assert!(of(HOME)["GlobalWriteForwardingStatus"].is_null());
    assert_eq!(of(PEER)["GlobalWriteForwardingStatus"], "enabled");
    assert_eq!(of(PEER)["SynchronizationStatus"], "connected");
}

#[test]
fn a_switchover_loses_nothing_in_500_worlds() {
    let built = database(3);
    for seed in 0..500 {
        let mut world = built.clone();
        world.chance.aurora = crate::random::Random::stream(seed, "aurora");
        write(&mut world, 5);
        change(&mut world, HOME, "SwitchoverGlobalCluster", PEER).unwrap();
        if seed % 2 == 1 {
            // the answer was lost or cut (F5, F6), and the client asks again
            let again = change(&mut world, HOME, "SwitchoverGlobalCluster", PEER).unwrap_err();
            assert_eq!(again.code, "InvalidGlobalClusterStateFault", "seed {seed}");
        }
        let mut by_epoch = (0, 0);
        for second in 0..240 {
            let (home, peer) = write(&mut world, 1);
            if world.aurora.globals["db"].epoch == 1 {
                by_epoch.0 += home + peer
            } else {
                by_epoch.1 += home + peer
            }
            if world.aurora.globals["db"].change.is_none() && by_epoch.1 > 50 {
                assert!(second > 10, "seed {seed}: too fast to be true");
                break;
            }
        }
        assert_eq!(writer(&world), PEER, "seed {seed}");
        assert!(by_epoch.1 > 50, "seed {seed}: writes come back through the same endpoints");
        assert_eq!((world.truth.writes.rows_lost, world.truth.writes.rows_split), (0, 0), "seed {seed}");
        let kept = &world.aurora.cluster(&key(PEER)).unwrap().commits;
        let rows: u64 = kept.iter().map(|commit| commit.rows).sum();
        assert_eq!(rows, world.truth.writes.rows_acknowledged(), "seed {seed}: the new writer has every row");
    }
}

#[test]
fn calls_go_to_the_right_region_trap_9() {
    let mut world = database(4);
    let refused = change(&mut world, PEER, "SwitchoverGlobalCluster", PEER).unwrap_err();
    assert_eq!(refused.code, "InvalidGlobalClusterStateFault");
    fault(&mut world, "F17", Some(HOME), 3600.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
}

#[test]
fn the_state_of_a_role_change_comes_and_vanishes_trap_10() {
    let mut world = database(5);
    change(&mut world, HOME, "SwitchoverGlobalCluster", PEER).unwrap();
    let mut words = vec![];
    for _ in 0..180 {
        pass(&mut world, 1);
        let global = told(&mut world, HOME);
        let word = global["FailoverState"]["Status"].as_str().unwrap_or("").to_string();
        if words.last() != Some(&word) {
            words.push(word);
        }
    }
    assert!(words == ["pending", "switching-over", ""] || words == ["switching-over", ""], "{words:?}");
    let refused = change(&mut world, PEER, "SwitchoverGlobalCluster", PEER).unwrap_err();
    assert_eq!(refused.code, "InvalidDBClusterStateFault", "it is the writer already");
}

#[test]
fn a_lost_writer_costs_the_lag_and_redundancy_until_it_is_rebuilt_traps_11_and_12() {
    let mut world = database(6);
    fault(&mut world, "F22", Some(PEER), 20.0);
    write(&mut world, 20);
    let behind_ms = world.aurora.cluster(&key(PEER)).unwrap().lag_ms;
    assert!(behind_ms > 5_000.0, "{behind_ms}");
    fault(&mut world, "F17", Some(HOME), 1800.0);
    assert_eq!(write(&mut world, 10).1, 0, "forwarded writes need the writer");
    let host = reader(&world, PEER);
    assert!(read(&world, PEER, &host).is_some(), "reads go on");
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    pass(&mut world, 400);
    assert_eq!(writer(&world), PEER);
    assert_eq!(world.aurora.globals["db"].epoch, 2);
    let lost = world.truth.writes.rows_lost;
    assert!(lost > 0, "rows that the target did not have are lost");
    assert!(lost <= 20 * 30, "{lost}: no more than the time it was behind and cut off");
    assert!(write(&mut world, 10).1 > 0, "writes come back through the same endpoint");
    let member = told(&mut world, PEER)["GlobalClusterMembers"].clone();
    assert!(member.to_string().contains("pending-resync"), "{member}");
    let refused = change(&mut world, PEER, "SwitchoverGlobalCluster", HOME).unwrap_err();
    assert_eq!(refused.code, "InvalidDBClusterStateFault", "not redundant");
    pass(&mut world, 1800 + 1200);
    assert!(!told(&mut world, PEER)["GlobalClusterMembers"].to_string().contains("pending-resync"));
    let kept = call(&mut world, HOME, "DescribeDBClusterSnapshots", json!({})).unwrap();
    let id = kept["DBClusterSnapshots"][0]["DBClusterSnapshotIdentifier"].as_str().unwrap().to_string();
    assert!(id.starts_with("rds:unplanned-global-failover-db-us-east-1-"), "{id}");
    let copy = json!({"SourceDBClusterSnapshotIdentifier": id, "TargetDBClusterSnapshotIdentifier": "kept"});
    call(&mut world, HOME, "CopyDBClusterSnapshot", copy).unwrap();
    pass(&mut world, 2 * 86_400);
    let left = call(&mut world, HOME, "DescribeDBClusterSnapshots", json!({})).unwrap();
    let names: Vec<&str> = left["DBClusterSnapshots"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["DBClusterSnapshotIdentifier"].as_str())
        .collect();
    assert_eq!(names, ["kept"], "the system's own goes with the retention of one day");
}

#[test]
fn an_old_writer_that_is_not_fenced_goes_on_and_what_it_takes_is_lost_trap_13() {
    let mut world = database(7);
    fault(&mut world, "F24", None, 600.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    let mut before = world.truth.writes.rows_split;
    assert_eq!(before, 0);
    write(&mut world, 240);
    before = world.truth.kinds().get("db.two_writers").copied().unwrap_or(0);
    assert_eq!(before, 1, "{:?}", world.truth.kinds());
    let events = call(&mut world, HOME, "DescribeEvents", json!({"SourceType": "db-instance"})).unwrap();
    let event = &events["Events"][0];
    let words = "Attempt to block writes for DB cluster db-us-east-1 in Region us-east-1 timed out.";
    assert_eq!((&event["Message"], &event["SourceIdentifier"]), (&json!(words), &json!("db-us-east-1-1")));
    assert_eq!(event["EventCategories"], json!(["notification", "global-database"]));
    let mut world = database(7);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    write(&mut world, 240);
    assert!(!world.truth.kinds().contains_key("db.two_writers"));
    assert_eq!(world.truth.writes.rows_split, 0);
}

#[test]
fn a_partition_makes_two_writers_until_it_heals() {
    let mut world = database(8);
    cut(&mut world, 900.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    write(&mut world, 600);
    let split = world.truth.writes.rows_split;
    assert!(split > 1000, "{split} rows by the old writer in its own Region");
    assert!(world.truth.writes.rows_lost >= split, "nobody will have them");
    pass(&mut world, 600);
    assert!(world.aurora.cluster(&key(HOME)).unwrap().split.is_none(), "it is fenced when it is reached");
}

#[test]
fn rds_global_db_rpo_stops_a_database_without_secondaries_trap_14() {
    let mut world = database(9);
    for region in [HOME, PEER] {
        let group = json!({"DBClusterParameterGroupName": "rpo", "DBParameterGroupFamily": "aurora-postgresql16", "Description": "x"});
        call(&mut world, region, "CreateDBClusterParameterGroup", group).unwrap();
        let parameter =
            json!([{"ParameterName": "rds.global_db_rpo", "ParameterValue": "20", "ApplyMethod": "immediate"}]);
        let ask = json!({"DBClusterParameterGroupName": "rpo", "Parameters": parameter});
        call(&mut world, region, "ModifyDBClusterParameterGroup", ask).unwrap();
        let ask = json!({"DBClusterIdentifier": format!("db-{region}"), "DBClusterParameterGroupName": "rpo"});
        call(&mut world, region, "ModifyDBCluster", ask).unwrap();
    }
    pass(&mut world, 60);
    assert_eq!(write(&mut world, 5), (50, 50), "while the secondary follows nothing is held");
    fault(&mut world, "F17", Some(HOME), 1800.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    pass(&mut world, 400);
    assert_eq!((writer(&world).as_str(), write(&mut world, 10).1), (PEER, 0), "promoted, and commits wait");
}

#[test]
fn forwarding_is_a_choice_of_every_member_trap_15() {
    let mut world = database(10);
    let off = json!({"DBClusterIdentifier": "db-eu-west-1", "EnableGlobalWriteForwarding": false});
    call(&mut world, PEER, "ModifyDBCluster", off).unwrap();
    pass(&mut world, 200);
    assert_eq!(write(&mut world, 5), (50, 0), "a secondary that does not forward takes no writes");
    let cluster = world.aurora.cluster(&key(PEER)).unwrap().writer_endpoint.clone();
    assert_eq!(write_rows(&mut world, PEER, &cluster, 1).committed, 0);
    let global = world.aurora.globals["db"].endpoint.clone();
    assert_eq!(write_rows(&mut world, PEER, &global, 1).committed, 1, "the global endpoint leads to the writer");
}

#[test]
fn lag_is_told_in_the_secondarys_region_only_and_moves_with_the_role_trap_16() {
    let mut world = database(11);
    let lag = |world: &World, region: &str| {
        let id = format!("db-{region}");
        let series =
            crate::world::metrics::Series::new("AWS/RDS", "AuroraGlobalDBRPOLag", &[("DBClusterIdentifier", &id)]);
        let found = world.metrics.get(region).map(|metrics| {
            let from = world.now - Duration::from_secs(600);
            metrics.points(&series, 60, from, world.now, world.now).len()
        });
        found.unwrap_or(0)
    };
    pass(&mut world, 600);
    assert_eq!(lag(&world, HOME), 0, "absent on the writer, not zero");
    assert!(lag(&world, PEER) > 5);
    change(&mut world, HOME, "SwitchoverGlobalCluster", PEER).unwrap();
    pass(&mut world, 1200);
    assert_eq!(lag(&world, PEER), 0);
    assert!(lag(&world, HOME) > 5);
}

#[test]
fn a_managed_password_and_a_foreign_key_are_refused_trap_17() {
    let mut world = database(12);
    let managed = json!({"DBClusterIdentifier": "db-us-east-1", "ManageMasterUserPassword": true});
    assert_eq!(call(&mut world, HOME, "ModifyDBCluster", managed).unwrap_err().code, "InvalidParameterCombination");
    let foreign = json!({"DBClusterIdentifier": "third", "GlobalClusterIdentifier": "db", "Engine": "aurora-postgresql",
        "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1"});
    assert_eq!(
        call(&mut world, "eu-central-1", "CreateDBCluster", foreign).unwrap_err().code,
        "KMSKeyNotAccessibleFault"
    );
}

#[test]
fn a_stuck_promotion_and_one_that_writes_nothing() {
    let mut world = database(13);
    fault(&mut world, "F25", None, 900.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    pass(&mut world, 800);
    assert!(world.aurora.globals["db"].change.is_some(), "under way while the fault lasts");
    fault(&mut world, "F26", Some(PEER), 900.0);
    pass(&mut world, 700);
    assert_eq!(writer(&world), PEER);
    assert_eq!(told(&mut world, PEER)["Status"], "available");
    assert_eq!(write(&mut world, 5).1, 0, "every status is good and nothing is committed");
    let arn = arn(&world, PEER);
    assert!(matches!(store(&mut world, PEER, &arn), Err(NoData::Unavailable(_))));
}

#[test]
fn another_patch_level_blocks_a_switchover_not_a_failover() {
    let mut world = database(14);
    fault(&mut world, "F27", Some(PEER), 3600.0);
    let refused = change(&mut world, HOME, "SwitchoverGlobalCluster", PEER).unwrap_err();
    assert!(refused.message.contains("16.6 and 16.5"), "{}", refused.message);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
}

#[test]
fn equal_seeds_give_equal_databases() {
    let history = |seed| {
        let mut world = database(seed);
        write(&mut world, 30);
        fault(&mut world, "F17", Some(HOME), 600.0);
        change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
        write(&mut world, 300);
        world.truth.digest()
    };
    assert_eq!(history(20), history(20));
    assert_ne!(history(20), history(21));
}

#[test]
fn what_is_lost_is_counted_however_long_the_regions_were_apart() {
    let mut world = database(22);
    cut(&mut world, 3.0 * 3600.0);
    let (home, _) = write(&mut world, 2 * 3600);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    let (later, _) = write(&mut world, 300);
    let lost = world.truth.writes.rows_lost;
    assert!(
        lost <= home + later && lost > home - 100,
        "{lost} of {home} and {later}: all but what had been replicated"
    );
    pass(&mut world, 3600 + 1200);
    let kept = call(&mut world, HOME, "DescribeDBClusterSnapshots", json!({})).unwrap();
    assert_eq!(kept["DBClusterSnapshots"].as_array().map(Vec::len), Some(1), "{kept}");
}

#[test]
fn a_writer_that_was_away_for_hours_leaves_a_snapshot() {
    let mut world = database(23);
    write(&mut world, 30);
    fault(&mut world, "F17", Some(HOME), 2.0 * 3600.0);
    change(&mut world, PEER, "FailoverGlobalCluster", PEER).unwrap();
    pass(&mut world, 2 * 3600 + 1200);
    let kept = call(&mut world, HOME, "DescribeDBClusterSnapshots", json!({})).unwrap();
    assert_eq!(kept["DBClusterSnapshots"].as_array().map(Vec::len), Some(1), "{kept}");
}
