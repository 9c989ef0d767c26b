//! RDS as a client meets it: what may be made, and in which order things go.
#![allow(clippy::unwrap_used)]

use super::RDS;
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::ready::decoded;
use crate::world::World;
use crate::world::aurora::Status;
use serde_json::json;
use std::time::Duration;

const HOME: &str = "us-east-1";
const PEER: &str = "eu-west-1";
const PG: &str = "aurora-postgresql";

fn call(world: &mut World, region: &str, name: &str, input: Doc) -> Answer<Doc> {
    let operation = RDS.operations.iter().find(|operation| operation.name == name).unwrap();
    let caller = Caller { region: region.into(), principal: "AKIATEST".into(), now: world.now };
    (operation.run)(world, &caller, decoded(&RDS, input))
}

fn done(world: &mut World, region: &str, name: &str, input: Doc) -> Doc {
    call(world, region, name, input).unwrap_or_else(|refused| panic!("{name}: {refused}"))
}

fn refused(world: &mut World, region: &str, name: &str, input: Doc) -> (&'static str, String) {
    let refused = call(world, region, name, input.clone()).expect_err(&format!("{name} {input}"));
    (refused.code, refused.message)
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

fn key(region: &str) -> String {
    format!("arn:aws:kms:{region}:123456789012:key/11111111-2222-3333-4444-555555555555")
}

fn cluster(region: &str, more: Doc) -> Doc {
    let mut ask = json!({"DBClusterIdentifier": format!("db-{region}"), "Engine": PG, "EngineVersion": "16.6"});
    ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask
}

fn instance(region: &str, number: u32) -> Doc {
    json!({"DBInstanceIdentifier": format!("db-{region}-{number}"), "DBClusterIdentifier": format!("db-{region}"),
        "Engine": PG, "DBInstanceClass": "db.r6g.large"})
}

/// An encrypted global database: two instances in one Region, one in another.
fn database() -> World {
    let mut world = World::empty(1);
    let ask = json!({"GlobalClusterIdentifier": "db", "Engine": PG, "EngineVersion": "16.6", "StorageEncrypted": true});
    done(&mut world, HOME, "CreateGlobalCluster", ask);
    pass(&mut world, 30);
    let first = json!({"GlobalClusterIdentifier": "db", "MasterUsername": "root", "MasterUserPassword": "secret-1"});
    done(&mut world, HOME, "CreateDBCluster", cluster(HOME, first));
    pass(&mut world, 300);
    done(&mut world, HOME, "CreateDBInstance", instance(HOME, 1));
    done(&mut world, HOME, "CreateDBInstance", instance(HOME, 2));
    let second = json!({"GlobalClusterIdentifier": "db", "KmsKeyId": key(PEER)});
    done(&mut world, PEER, "CreateDBCluster", cluster(PEER, second));
    pass(&mut world, 700);
    done(&mut world, PEER, "CreateDBInstance", instance(PEER, 1));
    pass(&mut world, 900);
    world
}

fn arn(region: &str) -> String {
    format!("arn:aws:rds:{region}:123456789012:cluster:db-{region}")
}

fn named(region: &str) -> Doc {
    json!({ "DBClusterIdentifier": format!("db-{region}") })
}

fn gone(region: &str, number: u32) -> Doc {
    json!({ "DBInstanceIdentifier": format!("db-{region}-{number}") })
}

fn leave(region: &str) -> Doc {
    json!({ "GlobalClusterIdentifier": "db", "DbClusterIdentifier": arn(region) })
}

fn described(world: &mut World, region: &str) -> Doc {
    done(world, region, "DescribeDBClusters", named(region))["DBClusters"][0].clone()
}

#[test]
fn a_global_database_goes_in_one_order() {
    let mut world = database();
    let skip = |region: &str| json!({"DBClusterIdentifier": format!("db-{region}"), "SkipFinalSnapshot": true});
    let global = json!({"GlobalClusterIdentifier": "db"});
    assert_eq!(
        refused(&mut world, HOME, "DeleteGlobalCluster", global.clone()).0,
        "InvalidGlobalClusterStateFault",
        "it has members"
    );
    assert_eq!(refused(&mut world, HOME, "RemoveFromGlobalCluster", leave(HOME)).0, "InvalidGlobalClusterStateFault");
    for region in [HOME, PEER] {
        let (code, message) = refused(&mut world, region, "DeleteDBCluster", skip(region));
        assert_eq!(code, "InvalidDBClusterStateFault");
        assert!(message.starts_with("This cluster is a part of a global cluster"), "{message}");
    }
    done(&mut world, HOME, "DeleteDBInstance", gone(HOME, 2));
    let (code, message) = refused(&mut world, HOME, "DeleteDBInstance", gone(HOME, 1));
    assert_eq!(code, "InvalidDBClusterStateFault");
    assert!(message.starts_with("Cannot delete the last instance of the master cluster."), "{message}");
    // a secondary may lose its last one, and leaves with it or without
    done(&mut world, PEER, "RemoveFromGlobalCluster", leave(PEER));
    assert_eq!(refused(&mut world, PEER, "RemoveFromGlobalCluster", leave(PEER)).0, "DBClusterNotFoundFault");
    pass(&mut world, 90);
    let (code, message) = refused(&mut world, PEER, "DeleteDBCluster", skip(PEER));
    assert_eq!(code, "InvalidDBClusterStateFault");
    assert_eq!(message, "Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
    done(&mut world, PEER, "DeleteDBInstance", gone(PEER, 1));
    assert_eq!(refused(&mut world, PEER, "DeleteDBInstance", gone(PEER, 1)).0, "InvalidDBInstanceState");
    done(&mut world, PEER, "DeleteDBCluster", skip(PEER));
    pass(&mut world, 120);
    assert_eq!(described(&mut world, PEER)["Status"], "deleting", "its instance goes first");
    pass(&mut world, 900);
    assert_eq!(refused(&mut world, PEER, "DescribeDBClusters", named(PEER)).0, "DBClusterNotFoundFault");
    done(&mut world, HOME, "DeleteDBInstance", gone(HOME, 1));
    done(&mut world, HOME, "RemoveFromGlobalCluster", leave(HOME));
    done(&mut world, HOME, "DeleteGlobalCluster", global.clone());
    let told = done(&mut world, HOME, "DescribeGlobalClusters", global.clone());
    assert_eq!(told["GlobalClusters"][0]["Status"], "deleting");
    assert_eq!(refused(&mut world, HOME, "DeleteGlobalCluster", global.clone()).0, "InvalidGlobalClusterStateFault");
    pass(&mut world, 30);
    assert_eq!(refused(&mut world, HOME, "DescribeGlobalClusters", global).0, "GlobalClusterNotFoundFault");
    pass(&mut world, 60);
    done(&mut world, HOME, "DeleteDBCluster", skip(HOME));
    pass(&mut world, 900);
    assert!(world.aurora.clusters.is_empty() && world.aurora.instances.is_empty());
}

#[test]
fn protection_and_final_snapshots() {
    let mut world = World::empty(2);
    let alone = cluster(HOME, json!({"MasterUsername": "root", "MasterUserPassword": "x", "DeletionProtection": true}));
    done(&mut world, HOME, "CreateDBCluster", alone);
    pass(&mut world, 300);
    let with = |more: Doc| {
        let mut ask = named(HOME);
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask
    };
    let (code, message) = refused(&mut world, HOME, "DeleteDBCluster", with(json!({"SkipFinalSnapshot": true})));
    assert_eq!(code, "InvalidParameterCombination");
    assert_eq!(message, "Cannot delete protected Cluster, please disable deletion protection and try again.");
    done(&mut world, HOME, "ModifyDBCluster", with(json!({"DeletionProtection": false})));
    pass(&mut world, 60);
    for ask in [json!({}), json!({"SkipFinalSnapshot": true, "FinalDBSnapshotIdentifier": "last"})] {
        assert_eq!(refused(&mut world, HOME, "DeleteDBCluster", with(ask)).0, "InvalidParameterCombination");
    }
    done(&mut world, HOME, "DeleteDBCluster", with(json!({"FinalDBSnapshotIdentifier": "last"})));
    pass(&mut world, 900);
    assert!(world.aurora.clusters.is_empty());
    let told = done(&mut world, HOME, "DescribeDBClusterSnapshots", json!({"DBClusterIdentifier": "db-us-east-1"}));
    let snapshot = &told["DBClusterSnapshots"][0];
    assert_eq!((&snapshot["DBClusterSnapshotIdentifier"], &snapshot["Status"]), (&json!("last"), &json!("available")));
}

#[test]
fn every_region_has_its_own_key_and_its_own_groups() {
    let mut world = database();
    let home = described(&mut world, HOME);
    assert_eq!(home["StorageEncrypted"], true, "the global cluster says so");
    assert!(home["KmsKeyId"].as_str().unwrap().starts_with("arn:aws:kms:us-east-1:123456789012:key/"));
    assert_eq!(described(&mut world, PEER)["KmsKeyId"], key(PEER));
    for (more, code, why) in [
        (json!({}), "InvalidParameterCombination", "kmsKeyId should be explicitly specified"),
        (json!({"KmsKeyId": key(HOME)}), "KMSKeyNotAccessibleFault", "does not exist"),
        (json!({"KmsKeyId": key("eu-west-2"), "StorageEncrypted": false}), "InvalidParameterCombination", "encrypted"),
        (
            json!({"KmsKeyId": key("eu-west-2"), "DatabaseName": "app"}),
            "InvalidParameterCombination",
            "Cannot specify database name for cross region replication cluster",
        ),
        (
            json!({"KmsKeyId": key("eu-west-2"), "MasterUsername": "root"}),
            "InvalidParameterCombination",
            "Cannot specify user name for cross region replication cluster",
        ),
        (json!({"KmsKeyId": key("eu-west-2"), "EngineVersion": "16.99"}), "InvalidParameterCombination", "16.99"),
        (json!({"KmsKeyId": key("eu-west-2"), "EngineVersion": "16.8"}), "InvalidParameterCombination", "16.6"),
        (
            json!({"KmsKeyId": key("eu-west-2"), "DBClusterParameterGroupName": "none"}),
            "DBParameterGroupNotFound",
            "not found: none",
        ),
    ] {
        let mut ask = cluster("eu-west-2", json!({"GlobalClusterIdentifier": "db"}));
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (found, message) = refused(&mut world, "eu-west-2", "CreateDBCluster", ask);
        assert!(found == code && message.contains(why), "{more}: {found}: {message}");
    }
}

#[test]
fn classes_are_those_that_the_engine_has_and_a_global_database_takes() {
    let mut world = database();
    for (class, why) in [
        ("db.t4g.medium", "isn't supported for an Aurora global database"),
        ("db.t3.large", "isn't supported for an Aurora global database"),
        (
            "db.r6g.huge",
            "RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.r6g.huge, Engine=aurora-postgresql, EngineVersion=16.6, LicenseModel=postgresql-license.",
        ),
        ("r6g.large", "Invalid DB Instance class"),
    ] {
        let mut ask = instance(PEER, 7);
        ask["DBInstanceClass"] = json!(class);
        let (_, message) = refused(&mut world, PEER, "CreateDBInstance", ask);
        assert!(message.contains(why), "{class}: {message}");
        let mut change = gone(PEER, 1);
        change["DBInstanceClass"] = json!(class);
        assert!(refused(&mut world, PEER, "ModifyDBInstance", change).1.contains(why), "{class}");
    }
    let ask = json!({"Engine": PG, "EngineVersion": "16.6", "MaxRecords": 100});
    let told = done(&mut world, PEER, "DescribeOrderableDBInstanceOptions", ask);
    let options = told["OrderableDBInstanceOptions"].as_array().unwrap();
    assert!(told["Marker"].is_null() && options.len() > 40);
    let global = |class: &str| {
        options.iter().find(|option| option["DBInstanceClass"] == class).unwrap()["SupportsGlobalDatabases"].clone()
    };
    assert_eq!(
        (global("db.r6g.large"), global("db.serverless"), global("db.t4g.medium")),
        (json!(true), json!(true), json!(false))
    );
    let all = done(&mut world, PEER, "DescribeOrderableDBInstanceOptions", json!({"Engine": PG}));
    assert!(all["Marker"].is_string());
    let next = json!({"Engine": PG, "Marker": all["Marker"]});
    let next = done(&mut world, PEER, "DescribeOrderableDBInstanceOptions", next);
    assert_ne!(next["OrderableDBInstanceOptions"][0], all["OrderableDBInstanceOptions"][0]);
    assert_eq!(
        refused(&mut world, PEER, "DescribeOrderableDBInstanceOptions", json!({"Engine": "oracle-ee"})).0,
        "InvalidParameterValue"
    );
}

#[test]
fn versions_say_what_they_can_and_where_they_lead() {
    let mut world = database();
    let versions = |world: &mut World, ask: Doc| {
        done(world, HOME, "DescribeDBEngineVersions", ask)["DBEngineVersions"].as_array().unwrap().clone()
    };
    let one = versions(&mut world, json!({"Engine": PG, "EngineVersion": "16.6"}));
    let told = &one[0];
    assert_eq!(one.len(), 1);
    assert_eq!((&told["SupportsGlobalDatabases"], &told["SupportsLocalWriteForwarding"]), (&json!(true), &json!(true)));
    assert_eq!(told["DBParameterGroupFamily"], "aurora-postgresql16");
    let targets: Vec<(&str, bool)> = told["ValidUpgradeTarget"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| (target["EngineVersion"].as_str().unwrap(), target["IsMajorVersionUpgrade"].as_bool().unwrap()))
        .collect();
    assert!(
        targets.contains(&("16.8", false)) && targets.contains(&("17.4", true)) && !targets.contains(&("16.4", false))
    );
    let old = versions(&mut world, json!({"Engine": PG, "EngineVersion": "16.3"}));
    assert_eq!(old[0]["SupportsLocalWriteForwarding"], false);
    assert!(versions(&mut world, json!({"Engine": PG, "EngineVersion": "16"})).len() > 5);
    assert_eq!(versions(&mut world, json!({"Engine": PG, "DefaultOnly": true})).len(), 1);
    assert_eq!(versions(&mut world, json!({"DBParameterGroupFamily": "aurora-postgresql17"})).len(), 5);
    let modify = |version: &str, major: bool| json!({"GlobalClusterIdentifier": "db", "EngineVersion": version, "AllowMajorVersionUpgrade": major});
    for (ask, why) in [
        (modify("16.4", false), "Cannot upgrade aurora-postgresql from 16.6 to 16.4"),
        (modify("17.4", false), "The AllowMajorVersionUpgrade flag must be present"),
        (modify("99.1", false), "Cannot find version 99.1"),
    ] {
        let (code, message) = refused(&mut world, HOME, "ModifyGlobalCluster", ask);
        assert!(code == "InvalidParameterCombination" && message.contains(why), "{code} {message}");
    }
    done(&mut world, HOME, "ModifyGlobalCluster", modify("16.8", false));
    pass(&mut world, 60);
    assert_eq!(described(&mut world, PEER)["EngineVersion"], "16.8");
}

/// Brings a member to a version and tells the refusal, if there is one.
fn upgrade(world: &mut World, region: &str, version: &str) -> Answer<Doc> {
    let mut ask = named(region);
    (ask["EngineVersion"], ask["ApplyImmediately"]) = (json!(version), json!(true));
    call(world, region, "ModifyDBCluster", ask)
}

#[test]
fn secondaries_are_upgraded_before_the_primary() {
    let mut world = database();
    let words = |answer: Answer<Doc>| answer.map(|_| ()).unwrap_err();
    let early = words(upgrade(&mut world, HOME, "16.8"));
    assert_eq!(early.code, "InvalidParameterValue");
    assert!(early.message.ends_with("Please upgrade global replicas first before upgrading the primary member."));
    assert_eq!(words(upgrade(&mut world, PEER, "16.4")).message, "Cannot upgrade aurora-postgresql from 16.6 to 16.4");
    assert_eq!(words(upgrade(&mut world, PEER, "17.4")).code, "InvalidParameterCombination");
    upgrade(&mut world, PEER, "16.8").unwrap();
    assert_eq!(words(upgrade(&mut world, PEER, "16.9")).code, "InvalidDBClusterStateFault", "it is at work");
    let member = described(&mut world, PEER);
    assert_eq!((&member["Status"], &member["EngineVersion"]), (&json!("upgrading"), &json!("16.6")));
    let mut restarted = false;
    for _ in 0..600 {
        pass(&mut world, 1);
        let found = done(&mut world, PEER, "DescribeDBInstances", json!({}))["DBInstances"][0].clone();
        restarted |= found["DBInstanceStatus"] == "rebooting";
    }
    let member = described(&mut world, PEER);
    assert!(restarted);
    assert_eq!((&member["Status"], &member["EngineVersion"]), (&json!("available"), &json!("16.8")));
    let told = |world: &mut World| {
        done(world, HOME, "DescribeGlobalClusters", json!({}))["GlobalClusters"][0]["EngineVersion"].clone()
    };
    assert_eq!(told(&mut world), "16.6", "it is the primary's");
    let target = arn(PEER);
    let change = json!({ "GlobalClusterIdentifier": "db", "TargetDbClusterIdentifier": target });
    let (code, message) = refused(&mut world, HOME, "SwitchoverGlobalCluster", change.clone());
    assert!(code == "InvalidDBClusterStateFault" && message.contains("16.6 and 16.8"), "{code} {message}");
    let mut lossy = change.clone();
    lossy["AllowDataLoss"] = json!(true);
    assert_eq!(refused(&mut world, PEER, "FailoverGlobalCluster", lossy).0, "InvalidDBClusterStateFault");
    upgrade(&mut world, HOME, "16.8").unwrap();
    pass(&mut world, 600);
    assert_eq!(
        (described(&mut world, HOME)["EngineVersion"].clone(), told(&mut world)),
        (json!("16.8"), json!("16.8"))
    );
    done(&mut world, HOME, "SwitchoverGlobalCluster", change);
}

#[test]
fn parameter_groups_are_made_changed_used_and_deleted() {
    let mut world = database();
    for (noun, kind, parameter, value) in [
        ("DBClusterParameterGroup", "cluster-pg", "rds.force_ssl", "0"),
        ("DBParameterGroup", "pg", "log_statement", "ddl"),
    ] {
        let (name, many) = (format!("{noun}Name"), format!("{noun}s"));
        let ask = |more: Doc| {
            let mut ask = json!({ (name.clone()): "Mine" });
            ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ask
        };
        let (create, describe) = (format!("Create{noun}"), format!("Describe{noun}s"));
        let parameters = format!("Describe{}s", noun.replace("Group", ""));
        let (modify, delete) = (format!("Modify{noun}"), format!("Delete{noun}"));
        let bad = ask(json!({"DBParameterGroupFamily": "aurora-postgresql1", "Description": "d"}));
        assert_eq!(refused(&mut world, HOME, &create, bad).0, "InvalidParameterValue");
        let good = ask(json!({"DBParameterGroupFamily": "aurora-postgresql16", "Description": "d"}));
        let made = done(&mut world, HOME, &create, good.clone());
        assert_eq!(made[noun][&name], "mine");
        assert_eq!(made[noun][format!("{noun}Arn")], format!("arn:aws:rds:us-east-1:123456789012:{kind}:mine"));
        assert_eq!(refused(&mut world, HOME, &create, good).0, "DBParameterGroupAlreadyExists");
        let all = done(&mut world, HOME, &describe, json!({}));
        let names: Vec<&str> = all[&many].as_array().unwrap().iter().map(|one| one[&name].as_str().unwrap()).collect();
        assert_eq!(names, ["default.aurora-postgresql16", "mine"]);
        assert!(
            !done(&mut world, HOME, &describe, json!({ (name.clone()): "default.aurora-postgresql17" }))[&many][0]
                .is_null()
        );
        assert_eq!(
            refused(&mut world, HOME, &describe, json!({ (name.clone()): "none" })).0,
            "DBParameterGroupNotFound"
        );
        let change = |parameter: &str, value: &str, method: &str| {
            let one = json!({"ParameterName": parameter, "ParameterValue": value, "ApplyMethod": method});
            ask(json!({ "Parameters": [one] }))
        };
        let fixed = if kind == "pg" { "max_connections" } else { "rds.logical_replication" };
        for (ask, why) in [
            (change("nonsense", "1", "immediate"), "Could not find parameter with name: nonsense"),
            (change(parameter, "soon", "immediate"), "Invalid parameter value: soon"),
            (
                change(fixed, if kind == "pg" { "100" } else { "1" }, "immediate"),
                "cannot use immediate apply method for static parameter",
            ),
        ] {
            let (_, message) = refused(&mut world, HOME, &modify, ask);
            assert!(message.contains(why), "{message}");
        }
        done(&mut world, HOME, &modify, change(parameter, value, "immediate"));
        let told = done(&mut world, HOME, &parameters, ask(json!({"Source": "user"})));
        assert_eq!(told["Parameters"].as_array().unwrap().len(), 1);
        assert_eq!(told["Parameters"][0]["ParameterValue"], value);
        let mut own = change(parameter, value, "immediate");
        own[&name] = json!("default.aurora-postgresql16");
        assert_eq!(refused(&mut world, HOME, &modify, own.clone()).0, "InvalidParameterValue");
        assert_eq!(refused(&mut world, HOME, &delete, own).0, "InvalidParameterValue");
        let (user, who) = match kind {
            "pg" => ("ModifyDBInstance", gone(HOME, 1)),
            _ => ("ModifyDBCluster", named(HOME)),
        };
        let mut using = who;
        using[&name] = json!("mine");
        done(&mut world, HOME, user, using.clone());
        pass(&mut world, 60);
        let (code, message) = refused(&mut world, HOME, &delete, ask(json!({})));
        assert_eq!(code, "InvalidDBParameterGroupState");
        assert!(message.contains("members of this parameter group mine"), "{message}");
        using[&name] = json!("default.aurora-postgresql16");
        done(&mut world, HOME, user, using);
        done(&mut world, HOME, &delete, ask(json!({})));
        assert_eq!(refused(&mut world, HOME, &delete, ask(json!({}))).0, "DBParameterGroupNotFound");
        pass(&mut world, 60);
    }
    let told = done(&mut world, HOME, "DescribeDBInstances", gone(HOME, 1));
    assert_eq!(told["DBInstances"][0]["DBParameterGroups"][0]["DBParameterGroupName"], "default.aurora-postgresql16");
}

#[test]
fn the_data_api_is_switched_by_its_own_operations() {
    let mut world = database();
    let ask = json!({ "ResourceArn": arn(PEER) });
    assert_eq!(described(&mut world, PEER)["HttpEndpointEnabled"], false);
    assert_eq!(done(&mut world, PEER, "EnableHttpEndpoint", ask.clone())["HttpEndpointEnabled"], true);
    assert_eq!(described(&mut world, PEER)["HttpEndpointEnabled"], true);
    assert_eq!(described(&mut world, HOME)["HttpEndpointEnabled"], false, "every member has its own");
    let mut modify = named(PEER);
    modify["EnableHttpEndpoint"] = json!(false);
    done(&mut world, PEER, "ModifyDBCluster", modify);
    assert_eq!(refused(&mut world, PEER, "DisableHttpEndpoint", ask.clone()).0, "InvalidResourceStateFault");
    pass(&mut world, 60);
    assert_eq!(described(&mut world, PEER)["HttpEndpointEnabled"], true, "that is for Serverless v1");
    done(&mut world, PEER, "DisableHttpEndpoint", ask.clone());
    assert_eq!(described(&mut world, PEER)["HttpEndpointEnabled"], false);
    assert_eq!(refused(&mut world, HOME, "EnableHttpEndpoint", ask).0, "ResourceNotFoundFault");
}

fn writer(world: &mut World) -> String {
    let told = described(world, HOME);
    let members = told["DBClusterMembers"].as_array().unwrap();
    let mut writers = members.iter().filter(|member| member["IsClusterWriter"] == true);
    let writer = writers.next().unwrap()["DBInstanceIdentifier"].as_str().unwrap().to_string();
    assert!(writers.next().is_none());
    writer
}

#[test]
fn a_reboot_stops_writes_and_a_failover_moves_them() {
    let mut world = database();
    let endpoint = described(&mut world, HOME)["Endpoint"].as_str().unwrap().to_string();
    let writes = |world: &mut World| crate::world::aurora::write_rows(world, HOME, &endpoint, 1).committed;
    assert_eq!((writes(&mut world), writer(&mut world).as_str()), (1, "db-us-east-1-1"));
    let told = done(&mut world, HOME, "RebootDBInstance", gone(HOME, 1));
    assert_eq!(told["DBInstance"]["DBInstanceStatus"], "rebooting");
    assert_eq!((writes(&mut world), writer(&mut world).as_str()), (0, "db-us-east-1-1"));
    assert_eq!(refused(&mut world, HOME, "RebootDBInstance", gone(HOME, 1)).0, "InvalidDBInstanceState");
    pass(&mut world, 90);
    done(&mut world, HOME, "RebootDBInstance", gone(HOME, 2));
    assert_eq!(writes(&mut world), 1, "a reader's reboot stops none");
    assert_eq!(refused(&mut world, HOME, "FailoverDBCluster", named(HOME)).0, "InvalidDBClusterStateFault");
    pass(&mut world, 90);
    assert_eq!(refused(&mut world, PEER, "FailoverDBCluster", named(PEER)).0, "InvalidDBClusterStateFault");
    for (target, code) in [("db-us-east-1-1", "InvalidDBInstanceState"), ("other", "DBInstanceNotFound")] {
        let mut ask = named(HOME);
        ask["TargetDBInstanceIdentifier"] = json!(target);
        assert_eq!(refused(&mut world, HOME, "FailoverDBCluster", ask).0, code);
    }
    let told = done(&mut world, HOME, "FailoverDBCluster", named(HOME));
    assert_eq!(told["DBCluster"]["Status"], "failing-over");
    assert_eq!((writes(&mut world), writer(&mut world).as_str()), (0, "db-us-east-1-2"));
    pass(&mut world, 60);
    assert_eq!(writes(&mut world), 1);
    let ask = json!({"SourceType": "db-cluster", "SourceIdentifier": "db-us-east-1"});
    let events = done(&mut world, HOME, "DescribeEvents", ask)["Events"].clone();
    let messages: Vec<&str> =
        events.as_array().unwrap().iter().map(|event| event["Message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "Started cross AZ failover to DB instance: db-us-east-1-2",
            "Completed failover to DB instance: db-us-east-1-2"
        ]
    );
    // the writer is deleted: the other one takes over
    done(&mut world, HOME, "DeleteDBInstance", gone(HOME, 2));
    assert_eq!((writes(&mut world), writer(&mut world).as_str()), (0, "db-us-east-1-1"));
    pass(&mut world, 60);
    assert_eq!(writes(&mut world), 1);
    assert!(world.aurora.clusters.values().all(|cluster| cluster.status == Status::Available));
}
