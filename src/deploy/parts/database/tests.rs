//! What is sent for each thing that may be seen.

use super::*;
use crate::config::simulated_spec;
use crate::deploy::decide::{lower, raise};
use crate::deploy::given::{Given, STACK};
use crate::model::deploy::{Next, Seen};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn given() -> Given {
    let mut given = Given::new("shop", "123456789012", BTreeMap::from([("team".into(), "shop".into())]));
    for region in ["us-east-1", "eu-west-1"] {
        let key = format!("arn:aws:kms:{region}:123456789012:key/1");
        let gives = [("db_subnet_group", "shop-db"), ("database_security_group", "sg-1"), ("db_key", &key)];
        given.learn(&format!("{region}/base"), gives.map(|(name, value)| (name.into(), value.into())).into());
    }
    given.learn("global-db", BTreeMap::from([("arn".into(), "arn:global".into())]));
    given.learn("us-east-1/db", BTreeMap::from([("arn".into(), arn("us-east-1"))]));
    given
}

fn arn(region: &str) -> String {
    format!("arn:aws:rds:{region}:123456789012:cluster:shop-db-{region}")
}

fn node(id: &str) -> Node {
    nodes(&simulated_spec()).into_iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no {id}"))
}

/// As it is wanted, in this state.
fn built(node: &Node, state: &str) -> Seen {
    let want = node.part.want(&given()).unwrap();
    Seen::there(state, want).tagged(BTreeMap::from([(STACK.into(), "shop".into())]))
}

fn with(mut seen: Seen, member: &str, value: Value) -> Seen {
    seen.is[member] = value;
    seen
}

/// Service, Region, operation and input of a call.
fn sent(next: Next) -> (String, Value) {
    let Next::Send(call) = next else { panic!("{next:?}") };
    (format!("{} {} {}", call.region, call.service(), call.operation()), call.input())
}

fn stuck(next: Next) -> String {
    let Next::Stuck(why) = next else { panic!("{next:?}") };
    why
}

#[test]
fn what_is_built_is_left_alone() {
    let states = [("secret", "InSync"), ("global-db", "available"), ("db", "available"), ("db-users", "")];
    for node in nodes(&simulated_spec()) {
        let kind = node.id.rsplit('/').next().unwrap_or(&node.id);
        let state =
            states.iter().find(|(name, _)| node.id.starts_with(name) || kind.starts_with("secret") || *name == kind);
        let state = if kind.starts_with("db-") && kind != "db-parameters" {
            "available"
        } else {
            state.map_or("", |one| one.1)
        };
        assert_eq!(raise(&node, &built(&node, state), &given()), Next::Done, "{}", node.id);
    }
}

#[test]
fn secondaries_come_after_an_instance_that_writes_and_go_before_it() {
    let spec = simulated_spec();
    let nodes = nodes(&spec);
    let needs = |id: &str| nodes.iter().find(|node| node.id == id).map(|node| node.needs.clone()).unwrap_or_default();
    assert!(needs("eu-west-1/db").contains(&"us-east-1/db-1".to_string()));
    assert!(needs("eu-west-1/db-2").contains(&"eu-west-1/db".to_string()));
    assert!(needs("us-east-1/db").contains(&"global-db".to_string()));
    assert!(!needs("us-east-1/db-2").contains(&"us-east-1/db-1".to_string()), "instances are made at once");
    assert!(nodes.iter().filter(|node| node.holds_data).all(|node| ["db", "global-db"].contains(&node.role())));
    let bases =
        ["us-east-1/base", "eu-west-1/base"].map(|id| Node::new(id, "x", "x", "x", Parameters::new(&spec, "x")));
    let graph = crate::deploy::graph::Graph::new(nodes.into_iter().chain(bases).collect());
    assert!(graph.is_ok(), "{:?}", graph.err());
}

#[test]
fn a_secret_is_made_without_its_value() {
    let (call, input) = sent(raise(&node("secret/heartbeat"), &Seen::absent(), &given()));
    assert_eq!(call, "us-east-1 secretsmanager CreateSecret");
    assert_eq!((&input["Name"], &input["AddReplicaRegions"]), (&json!("shop-heartbeat"), &Value::Null));
    assert_eq!(input["GenerateSecretString"]["SecretStringTemplate"], r#"{"username":"tandem_heartbeat"}"#);
    assert_eq!(input["SecretString"], Value::Null);
    assert!(input["Tags"].as_array().is_some_and(|tags| tags.contains(&json!({ "Key": "team", "Value": "shop" }))));
}

fn with_primary(region: &str) -> Given {
    let mut given = given();
    given.learn("secret/master", BTreeMap::from([("primary".into(), region.into())]));
    given
}

#[test]
fn a_secret_is_mended_where_its_primary_is() {
    let node = node("secret/master");
    let lacking = || with(built(&node, "InSync"), "Region", Value::Null).giving("primary", "eu-west-1");
    let (call, input) = sent(raise(&node, &lacking(), &given()));
    assert_eq!(call, "eu-west-1 secretsmanager ReplicateSecretToRegions");
    assert_eq!(input["AddReplicaRegions"], json!([{ "Region": "us-east-1" }]));
    let foreign = Seen { state: "Failed".into(), ..lacking() }.giving("foreign", "yes");
    assert!(stuck(raise(&node, &foreign, &given())).starts_with("us-east-1 has another secret called shop-master"));
    let going = Seen { state: "pending deletion".into(), ..lacking() };
    assert_eq!(sent(raise(&node, &going, &given())).0, "eu-west-1 secretsmanager RestoreSecret");
}

#[test]
fn a_replica_is_made_where_the_primary_is() {
    let node = node("eu-west-1/secret-master");
    assert!(matches!(raise(&node, &Seen::absent(), &given()), Next::Wait(_)));
    for primary in ["us-east-1", "ap-northeast-1"] {
        let (call, input) = sent(raise(&node, &Seen::absent(), &with_primary(primary)));
        assert_eq!(call, format!("{primary} secretsmanager ReplicateSecretToRegions"));
        assert_eq!(input, json!({ "SecretId": "shop-master", "AddReplicaRegions": [{ "Region": "eu-west-1" }] }));
    }
    let given = with_primary("us-east-1");
    assert_eq!(raise(&node, &built(&node, "InProgress"), &given), Next::Wait("InProgress".into()));
    let failed = with(built(&node, "Failed"), "Region", Value::Null);
    assert_eq!(sent(raise(&node, &failed, &given)).0, "us-east-1 secretsmanager ReplicateSecretToRegions");
    let why = stuck(raise(&node, &failed.giving("foreign", "yes"), &given));
    assert!(why.starts_with("eu-west-1 has another secret called shop-master"), "{why}");
}

#[test]
fn replicas_of_a_secret_go_first() {
    let replica = node("eu-west-1/secret-master");
    let seen = built(&replica, "InSync");
    let (call, input) = sent(lower(&replica, &seen.clone().giving("primary", "us-east-1"), &given()));
    assert_eq!(call, "us-east-1 secretsmanager RemoveRegionsFromReplication");
    assert_eq!(input["RemoveReplicaRegions"], json!(["eu-west-1"]));
    let moved = seen.giving("primary", "eu-west-1");
    assert_eq!(lower(&replica, &moved, &given()), Next::Done, "a primary goes with the secret");

    let node = node("secret/master");
    let seen = built(&node, "InSync").giving("primary", "us-east-1");
    let (call, input) = sent(lower(&node, &seen.clone().giving("replicas", "ap-northeast-1"), &given()));
    assert_eq!(call, "us-east-1 secretsmanager RemoveRegionsFromReplication");
    assert_eq!(input["RemoveReplicaRegions"], json!(["ap-northeast-1"]), "of a Region that was taken out of the file");
    let (call, input) = sent(lower(&node, &seen.giving("replicas", ""), &given()));
    assert_eq!(
        (call.as_str(), &input["ForceDeleteWithoutRecovery"]),
        ("us-east-1 secretsmanager DeleteSecret", &json!(true))
    );
}

#[test]
fn tasks_need_the_secret_of_their_own_region() {
    let spec = simulated_spec();
    assert_eq!(
        (opens(&spec, "us-east-1"), opens(&spec, "eu-west-1")),
        ("secret/master".into(), "eu-west-1/secret-master".into())
    );
    let nodes = nodes(&spec);
    let users = nodes.iter().find(|node| node.id == "db-users").unwrap();
    assert!(users.needs.iter().all(|needs| !needs.starts_with("eu-west-1")), "{:?}", users.needs);
}

#[test]
fn only_the_first_region_is_made_as_the_writer_and_only_while_nobody_writes() {
    let (call, input) = sent(raise(&node("us-east-1/db"), &Seen::absent(), &given()));
    assert_eq!(call, "us-east-1 rds CreateDBCluster");
    assert_eq!(input["MasterUserPassword"], "{{resolve:secretsmanager:shop-master:SecretString:password}}");
    assert_eq!(input["DatabaseName"], "app");
    for (id, writer) in [("eu-west-1/db", None), ("us-east-1/db", Some("eu-west-1"))] {
        let mut given = given();
        let gives = std::iter::once(("arn".to_string(), "arn:global".to_string()));
        given.learn("global-db", gives.chain(writer.map(|writer| ("writer".into(), writer.into()))).collect());
        let (_, input) = sent(raise(&node(id), &Seen::absent(), &given));
        assert_eq!((&input["MasterUsername"], &input["DatabaseName"]), (&Value::Null, &Value::Null), "{id}");
        assert_eq!(input["EnableGlobalWriteForwarding"], true, "{id}");
    }
    let mut nothing = given();
    nothing.forget("global-db");
    assert!(matches!(raise(&node("us-east-1/db"), &Seen::absent(), &nothing), Next::Wait(_)));
}

#[test]
fn a_cluster_is_mended_with_one_call_for_what_it_can_change() {
    let node = node("eu-west-1/db");
    let seen = with(built(&node, "available"), "BackupRetentionPeriod", json!(1));
    let seen = with(seen, "EnableGlobalWriteForwarding", json!(null)).giving("arn", arn("eu-west-1"));
    let (call, input) = sent(raise(&node, &seen, &given()));
    assert_eq!(call, "eu-west-1 rds ModifyDBCluster");
    let expected = json!({
        "DBClusterIdentifier": "shop-db-eu-west-1", "ApplyImmediately": true,
        "BackupRetentionPeriod": 7, "EnableGlobalWriteForwarding": true,
    });
    assert_eq!(input, expected);
    let seen = with(built(&node, "available"), "EnableHttpEndpoint", json!(false)).giving("arn", arn("eu-west-1"));
    let (call, input) = sent(raise(&node, &seen, &given()));
    assert_eq!((call.as_str(), &input["ResourceArn"]), ("eu-west-1 rds EnableHttpEndpoint", &json!(arn("eu-west-1"))));
}

#[test]
fn what_a_cluster_cannot_change_is_left_to_a_human() {
    let node = node("eu-west-1/db");
    let say = |member, value| raise(&node, &with(built(&node, "available"), member, value), &given());
    let (call, input) = sent(say("EngineVersion", json!("16.4")));
    assert_eq!((call.as_str(), &input["EngineVersion"]), ("eu-west-1 rds ModifyDBCluster", &json!("16.6")));
    let ahead = stuck(say("EngineVersion", json!("16.8")));
    assert!(ahead.starts_with("shop-db-eu-west-1 is at version 16.8, later than 16.6"), "{ahead}");
    let left = stuck(say("GlobalClusterIdentifier", json!(null)));
    assert!(left.starts_with("shop-db-eu-west-1 is no member of shop-db: it has left it"), "{left}");
    assert!(matches!(say("KmsKeyId", json!("arn:other")), Next::Replace(_)));
    let busy = with(built(&node, "modifying"), "BackupRetentionPeriod", json!(1));
    assert_eq!(raise(&node, &busy, &given()), Next::Wait("modifying".into()));
    let lost = raise(&node, &built(&node, "inaccessible-encryption-credentials"), &given());
    assert_eq!(stuck(lost), "shop-db-eu-west-1 is inaccessible-encryption-credentials");
}

#[test]
fn a_secondary_loses_its_protection_leaves_and_is_deleted() {
    let node = node("eu-west-1/db");
    let seen = |protected: bool, role: &str| {
        let seen = with(built(&node, "available"), "DeletionProtection", json!(protected));
        seen.giving("arn", arn("eu-west-1")).giving("role", role).giving("others", arn("us-east-1"))
    };
    let mut given = given();
    let (call, input) = sent(lower(&node, &seen(true, "secondary"), &given));
    assert_eq!((call.as_str(), &input["DeletionProtection"]), ("eu-west-1 rds ModifyDBCluster", &json!(false)));
    let (call, input) = sent(lower(&node, &seen(false, "secondary"), &given));
    assert_eq!(call, "eu-west-1 rds RemoveFromGlobalCluster");
    assert_eq!(input, json!({ "GlobalClusterIdentifier": "shop-db", "DbClusterIdentifier": arn("eu-west-1") }));
    let (call, input) = sent(lower(&node, &seen(false, "alone"), &given));
    assert_eq!((call.as_str(), &input["SkipFinalSnapshot"]), ("eu-west-1 rds DeleteDBCluster", &json!(true)));
    given.final_snapshots = Some("20260105t140000z".into());
    let (_, input) = sent(lower(&node, &seen(false, "alone"), &given));
    assert_eq!(input["FinalDBSnapshotIdentifier"], "shop-db-eu-west-1-final-20260105t140000z");
    let going = Seen { state: "deleting".into(), ..seen(false, "alone") };
    assert_eq!(lower(&node, &going, &given), Next::Wait("deleting".into()));
}

#[test]
fn a_writer_lets_the_others_go_first_wherever_it_is() {
    let node = node("eu-west-1/db");
    let seen = with(built(&node, "available"), "DeletionProtection", json!(false))
        .giving("arn", arn("eu-west-1"))
        .giving("role", "writer");
    let (call, input) = sent(lower(&node, &seen.clone().giving("others", arn("us-east-1")), &given()));
    assert_eq!(
        (call.as_str(), &input["DbClusterIdentifier"]),
        ("us-east-1 rds RemoveFromGlobalCluster", &json!(arn("us-east-1")))
    );
    let (call, input) = sent(lower(&node, &seen.clone().giving("instances", "shop-db-eu-west-1-1"), &given()));
    assert_eq!(
        (call.as_str(), &input["DBInstanceIdentifier"]),
        ("eu-west-1 rds DeleteDBInstance", &json!("shop-db-eu-west-1-1"))
    );
    let leaving = seen.clone().giving("leaving", "shop-db-eu-west-1-1");
    assert!(matches!(lower(&node, &leaving, &given()), Next::Wait(_)));
    assert_eq!(sent(lower(&node, &seen, &given())).0, "eu-west-1 rds RemoveFromGlobalCluster");
}

#[test]
fn the_global_cluster_waits_for_its_members_to_leave() {
    let node = node("global-db");
    let seen = built(&node, "available");
    let full = seen.clone().giving("members", "us-east-1").giving("writer", "us-east-1");
    assert_eq!(lower(&node, &full, &given()), Next::Wait("us-east-1 to leave".into()));
    assert_eq!(sent(lower(&node, &seen, &given())).0, "us-east-1 rds ModifyGlobalCluster");
    let bare = with(seen, "DeletionProtection", json!(false));
    assert_eq!(sent(lower(&node, &bare, &given())).0, "us-east-1 rds DeleteGlobalCluster");
    let unprotected = bare.clone().giving("writer", "eu-west-1");
    let (call, input) = sent(raise(&node, &unprotected, &given()));
    assert_eq!((call.as_str(), &input["DeletionProtection"]), ("eu-west-1 rds ModifyGlobalCluster", &json!(true)));
    let old = with(bare, "EngineVersion", json!("15.8"));
    assert!(stuck(raise(&node, &old, &given())).contains("put [database] version back to \"15.8\""));
}

/// A global cluster of two members that are to go to 16.6, with what each of them says.
fn behind(writer: &str, members: [(&str, &str, &str); 2]) -> Seen {
    let mut seen = with(built(&node("global-db"), "available"), "EngineVersion", json!("16.4"))
        .giving("writer", writer)
        .giving("members", "us-east-1,eu-west-1");
    for (region, version, busy) in members {
        let state = if busy == "upgrading" || busy == "upgrade_failed" { busy } else { "available" };
        for (what, word) in [("version", version), ("busy", busy), ("state", state)] {
            seen = seen.giving(&format!("{what}.{region}"), word);
        }
        seen = seen.giving(&format!("cluster.{region}"), format!("shop-db-{region}"));
    }
    seen
}

#[test]
fn whoever_writes_is_upgraded_last_and_one_at_a_time() {
    let node = node("global-db");
    let next = |seen: Seen| raise(&node, &seen, &given());
    let (call, input) = sent(next(behind("us-east-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.4", "")])));
    assert_eq!(call, "eu-west-1 rds ModifyDBCluster");
    let expected =
        json!({ "DBClusterIdentifier": "shop-db-eu-west-1", "EngineVersion": "16.6", "ApplyImmediately": true });
    assert_eq!(input, expected);
    let (call, _) = sent(next(behind("eu-west-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.4", "")])));
    assert_eq!(call, "us-east-1 rds ModifyDBCluster", "who writes is seen, not wanted");
    for busy in ["upgrading", "shop-db-eu-west-1-1 rebooting", "pending-resync"] {
        let seen = behind("us-east-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.6", busy)]);
        assert_eq!(next(seen), Next::Wait(format!("shop-db-eu-west-1: {busy}")));
    }
    let (call, _) = sent(next(behind("us-east-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.6", "")])));
    assert_eq!(call, "us-east-1 rds ModifyDBCluster");
    let told = next(behind("us-east-1", [("us-east-1", "16.6", ""), ("eu-west-1", "16.6", "")]));
    assert_eq!(told, Next::Wait("shop-db to tell version 16.6".into()));
    let broken = behind("us-east-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.4", "upgrade_failed")]);
    assert_eq!(stuck(next(broken)), "shop-db-eu-west-1 is upgrade_failed");
    let ahead = stuck(next(behind("us-east-1", [("us-east-1", "16.4", ""), ("eu-west-1", "16.8", "")])));
    assert!(ahead.starts_with("shop-db is at version 16.8, later than 16.6"), "{ahead}");
}

#[test]
fn an_instance_changes_its_class_when_it_is_its_turn() {
    let node = node("us-east-1/db-2");
    let seen = with(built(&node, "available"), "DBInstanceClass", json!("db.r5.large"));
    let (call, input) = sent(raise(&node, &seen, &given()));
    assert_eq!(call, "us-east-1 rds ModifyDBInstance");
    let expected = json!({
        "DBInstanceIdentifier": "shop-db-us-east-1-2", "DBInstanceClass": "db.r6g.large", "ApplyImmediately": true,
    });
    assert_eq!(input, expected);
    let early = seen.giving("before", "shop-db-us-east-1-1");
    assert_eq!(raise(&node, &early, &given()), Next::Wait("shop-db-us-east-1-1 to be changed first".into()));
}

#[test]
fn the_last_instance_of_a_followed_writer_goes_with_its_cluster() {
    let node = node("eu-west-1/db-1");
    let seen = built(&node, "available");
    assert_eq!(sent(lower(&node, &seen, &given())).0, "eu-west-1 rds DeleteDBInstance");
    assert_eq!(lower(&node, &seen.clone().giving("held", "yes"), &given()), Next::Done);
    assert_eq!(lower(&node, &Seen { state: "deleting".into(), ..seen }, &given()), Next::Wait("deleting".into()));
}

#[test]
fn a_parameter_group_of_another_major_version_is_not_upgraded() {
    let node = node("eu-west-1/db-parameters");
    let (call, input) = sent(raise(&node, &Seen::absent(), &given()));
    assert_eq!(
        (call.as_str(), &input["DBParameterGroupFamily"]),
        ("eu-west-1 rds CreateDBClusterParameterGroup", &json!("aurora-postgresql16"))
    );
    let old = with(built(&node, ""), "DBParameterGroupFamily", json!("aurora-postgresql15"));
    assert!(stuck(raise(&node, &old, &given())).contains("put [database] version back to one of 15"));
}

#[test]
fn users_are_made_one_statement_after_another() {
    let node = node("db-users");
    let statement = |next| {
        let (call, input) = sent(next);
        (call, input["sql"].as_str().unwrap_or_default().to_string())
    };
    let (call, sql) = statement(raise(&node, &Seen::absent(), &given()));
    assert_eq!(call, "us-east-1 rds-data ExecuteStatement");
    assert!(sql.starts_with("CREATE TABLE IF NOT EXISTS tandem_heartbeat (vantage text, seq bigint"), "{sql}");

    let mut seen = Seen::there("", json!({ "Indexes": { "tandem_heartbeat_pkey": true } }))
        .giving("writer", "eu-west-1")
        .giving("writer_arn", arn("eu-west-1"));
    let mut said = vec![];
    let steps = [
        ("/Indexes", json!({ "tandem_heartbeat_at": true })),
        ("/Users", json!({ "tandem_heartbeat": { "SELECT": true } })),
        ("/Users", json!({ "tandem_heartbeat": { "SELECT": true, "INSERT": true } })),
        ("/Opens", json!({ "tandem_heartbeat": true })),
        ("/Users", json!({ "tandem_heartbeat": { "SELECT": true, "INSERT": true }, "tandem_reader": {} })),
        (
            "/Users",
            json!({ "tandem_heartbeat": { "SELECT": true, "INSERT": true }, "tandem_reader": { "SELECT": true } }),
        ),
        ("/Opens", json!({ "tandem_heartbeat": true, "tandem_reader": true })),
    ];
    for (member, value) in steps {
        let (call, sql) = statement(raise(&node, &seen, &given()));
        assert_eq!(call, "eu-west-1 rds-data ExecuteStatement", "where the writer is");
        said.push(sql.split_once(" PASSWORD").map_or(sql.clone(), |(before, _)| before.to_string()));
        seen.is[&member[1..]] = value;
    }
    let expected = [
        "CREATE INDEX IF NOT EXISTS tandem_heartbeat_at ON tandem_heartbeat (at)",
        "CREATE ROLE tandem_heartbeat LOGIN",
        "GRANT INSERT, SELECT ON tandem_heartbeat TO tandem_heartbeat",
        "ALTER ROLE tandem_heartbeat LOGIN",
        "CREATE ROLE tandem_reader LOGIN",
        "GRANT SELECT ON tandem_heartbeat TO tandem_reader",
        "ALTER ROLE tandem_reader LOGIN",
    ];
    assert_eq!(said, expected);
    assert_eq!(raise(&node, &seen, &given()), Next::Done);
}

#[test]
fn a_database_that_does_not_answer_is_waited_for_and_goes_all_the_same() {
    let node = node("db-users");
    let silent = Seen::there("unavailable", Value::Null).giving("why", "no writer");
    assert_eq!(raise(&node, &silent, &given()), Next::Wait("no writer".into()));
    assert_eq!(lower(&node, &silent, &given()), Next::Done);
    let closed = Seen::there("closed", Value::Null).giving("why", "28P01");
    assert!(stuck(raise(&node, &closed, &given())).contains("closed to its owner: 28P01"));
}

#[test]
fn no_call_shows_a_password() {
    for id in ["secret/master", "secret/heartbeat", "secret/reader", "us-east-1/db"] {
        let (_, input) = sent(raise(&node(id), &Seen::absent(), &given()));
        let text = input.to_string();
        assert!(!text.contains("\"password\":"), "{text}");
    }
    let seen = Seen::there("", json!({ "Indexes": { "tandem_heartbeat_at": true } })).giving("writer", "us-east-1");
    let (_, input) = sent(raise(&node("db-users"), &seen, &given()));
    let sql = input["sql"].as_str().unwrap_or_default();
    assert!(sql.ends_with("PASSWORD '{{resolve:secretsmanager:shop-heartbeat:SecretString:password}}'"), "{sql}");
}
