use super::item::{Item, items, secret_name, unnamed};
use super::judge::{Row, State, Survey, row};
use crate::config::parse;
use crate::deploy::given::{LOGICAL_ID, STACK};
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::spec::Spec;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const FILE: &str = r#"
[stack]
name = "shop"
[[regions]]
name = "us-east-1"
[[regions]]
name = "eu-west-1"
[dns]
zone = "example.com"
[resources]
global_cluster = "arn:aws:rds::123456789012:global-cluster:orders"
sessions_table = "carts"
heartbeat_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:beat-a1b2c3"
[resources.us-east-1]
service = "arn:aws:ecs:us-east-1:123456789012:service/live/front"
load_balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/edge/50dc6c495c0c9188"
database_cluster = "arn:aws:rds:us-east-1:123456789012:cluster:orders-a"
"#;

fn spec() -> Spec {
    parse(Path::new("config.toml"), FILE).unwrap().spec
}

fn item(id: &str) -> Item {
    items(&spec().stack).into_iter().find(|item| item.id == id).unwrap()
}

fn tagged(stack: &str, role: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(STACK.to_string(), stack.to_string()), (LOGICAL_ID.to_string(), role.to_string())])
}

fn there(is: Value, arn: &str) -> Seen {
    Seen::there("available", is).giving("arn", arn).giving("instances", "orders-a-1")
}

fn said(row: &Row) -> Vec<String> {
    row.differences.iter().map(|(one, why)| format!("{one}: {why}")).collect()
}

#[test]
fn what_is_named_is_looked_for_and_nothing_else() {
    let ids: Vec<String> = items(&spec().stack).into_iter().map(|item| item.id).collect();
    let expected = [
        "names",
        "global-db",
        "secret/heartbeat",
        "us-east-1/sessions",
        "us-east-1/db",
        "us-east-1/alb",
        "us-east-1/service",
        "eu-west-1/sessions",
    ];
    assert_eq!(ids, expected);
    assert_eq!(
        unnamed(&spec().stack),
        [
            "us-east-1.target_group",
            "eu-west-1.service",
            "eu-west-1.load_balancer",
            "eu-west-1.target_group",
            "eu-west-1.database_cluster"
        ]
    );
    let short = |id: &str| item(id).short().to_string();
    assert_eq!((short("us-east-1/service"), short("us-east-1/alb")), ("live/front".into(), "edge".into()));
    assert_eq!((short("us-east-1/db"), short("us-east-1/sessions")), ("orders-a".into(), "carts".into()));
}

#[test]
fn one_call_tags_a_resource_where_it_is() {
    let call = |id: &str, arn: &str| {
        let row = row(item(id), Ok(there(json!({}), arn)), &spec());
        let State::Found { call: Some(call), .. } = row.state else { panic!("{:?}", row.state) };
        (format!("{} {} {}", call.region, call.service(), call.operation()), call.input())
    };
    let (sent, input) = call("us-east-1/service", "arn:service");
    assert_eq!(sent, "us-east-1 ecs TagResource");
    assert_eq!(input["tags"], json!([{ "key": STACK, "value": "shop" }, { "key": LOGICAL_ID, "value": "service" }]));
    let (sent, input) = call("us-east-1/alb", "arn:alb");
    assert_eq!((sent.as_str(), &input["ResourceArns"]), ("us-east-1 elbv2 AddTags", &json!(["arn:alb"])));
    assert_eq!(input["Tags"][1], json!({ "Key": LOGICAL_ID, "Value": "alb" }));
    assert_eq!(call("us-east-1/db", "arn:db").0, "us-east-1 rds AddTagsToResource");
    assert_eq!(call("eu-west-1/sessions", "arn:table").0, "eu-west-1 dynamodb TagResource");
}

#[test]
fn a_secret_is_tagged_where_its_primary_is() {
    let seen =
        there(json!({ "Regions": { "us-east-1": true, "eu-west-1": true } }), "x").giving("primary", "eu-west-1");
    let row = row(item("secret/heartbeat"), Ok(seen), &spec());
    let State::Found { call: Some(call), .. } = &row.state else { panic!("{:?}", row.state) };
    assert_eq!(call.region, "eu-west-1");
    assert_eq!(call.input()["SecretId"], "arn:aws:secretsmanager:eu-west-1:123456789012:secret:beat-a1b2c3");
    assert_eq!(said(&row), Vec::<String>::new());
    assert_eq!(secret_name("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/beat-x-a1b2c3"), "a/beat-x");
    assert_eq!(secret_name("beat"), "beat");
}

#[test]
fn what_is_somebody_elses_is_not_taken() {
    let row = |tags| row(item("us-east-1/alb"), Ok(there(json!({}), "arn").tagged(tags)), &spec());
    let ours = row(tagged("shop", "alb"));
    assert_eq!((ours.state.word(), &ours.state), ("found", &State::Found { tags: tagged("shop", "alb"), call: None }));
    assert_eq!(row(tagged("bank", "alb")).state, State::Taken("its tag tandem:stack says bank".into()));
    let other = "its tag tandem:logical-id says listener, and it is named as alb";
    assert_eq!(row(tagged("shop", "listener")).state, State::Taken(other.into()));
    let half = row(BTreeMap::from([(STACK.to_string(), "shop".to_string())]));
    assert_eq!(half.state.word(), "tag", "the role is missing");
}

#[test]
fn differences_say_what_is_lost() {
    let is = json!({
        "GlobalClusterIdentifier": null, "EnableGlobalWriteForwarding": false, "EnableLocalWriteForwarding": false,
        "DeletionProtection": false, "StorageEncrypted": true, "EnableHttpEndpoint": true,
    });
    let cluster = row(item("us-east-1/db"), Ok(there(is, "arn")), &spec());
    let expected = [
        "GlobalClusterIdentifier unset -> orders: it is no member: no failover can go there",
        "EnableGlobalWriteForwarding false -> true: as a secondary it takes no writes",
        "EnableLocalWriteForwarding false -> true: as the writer its tasks cannot write through the reader endpoint",
        "DeletionProtection false -> true: one call deletes the cluster",
    ];
    assert_eq!(said(&cluster), expected);
    let table = json!({
        "TimeToLiveSpecification": { "Enabled": false, "AttributeName": "" }, "DeletionProtectionEnabled": true,
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
        "Replicas": { "us-east-1": "CREATING" },
    });
    let table = row(item("eu-west-1/sessions"), Ok(there(table, "arn")), &spec());
    let expected = [
        "TimeToLiveSpecification.Enabled false -> true: sessions are kept for ever",
        "Replicas.us-east-1 CREATING -> ACTIVE: sessions do not get there",
    ];
    assert_eq!(said(&table), expected);
    let service =
        json!({ "deploymentConfiguration": { "deploymentCircuitBreaker": { "enable": true, "rollback": true } } });
    let service = row(item("us-east-1/service"), Ok(there(service, "arn")), &spec());
    assert_eq!(
        said(&service),
        ["ScalableTarget unset -> registered: no bounds: nothing makes room in it for users of another Region"]
    );
    let names = json!({ "Records": { "us-east-1": "a weighted alias", "eu-west-1": "by latency" } });
    let names = row(item("names"), Ok(Seen::there("", names)), &spec());
    assert_eq!(
        said(&names),
        ["Records.eu-west-1 by latency -> a weighted alias: it cannot be drained by the stack's name"]
    );
    assert!(matches!(names.state, State::Found { call: None, .. }), "records have no tags");
}

#[test]
fn what_is_missing_or_unreadable_is_told_apart() {
    let missing = row(item("us-east-1/alb"), Ok(Seen::absent()), &spec());
    let unknown = row(item("us-east-1/db"), Err(CallError::new(ErrorClass::Timeout, "no answer")), &spec());
    assert_eq!((missing.state.word(), unknown.state.word()), ("missing", "unknown"));
    let good = row(item("eu-west-1/sessions"), Ok(there(json!({}), "arn:t")), &spec());
    let survey = Survey { rows: vec![missing, unknown, good.clone()] };
    assert!(!survey.whole());
    assert_eq!(survey.calls().map(|(id, _)| id).collect::<Vec<_>>(), ["eu-west-1/sessions"]);
    assert!(Survey { rows: vec![good] }.whole());
}
