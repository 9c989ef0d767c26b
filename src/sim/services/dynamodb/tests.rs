//! Batches and transactions as a client meets them.
#![allow(clippy::unwrap_used)]

use super::DYNAMODB;
use crate::doc::{Doc, Input};
use crate::faults::{self, FaultSpec};
use crate::operation::{Answer, Caller, Protocol, Refusal};
use crate::wire::error;
use crate::world::World;
use serde_json::json;
use std::time::Duration;

const HOME: &str = "us-east-1";
const PEER: &str = "us-east-2";

fn call(world: &mut World, region: &str, name: &str, input: Doc) -> Answer<Doc> {
    let operation = DYNAMODB.operations.iter().find(|operation| operation.name == name).unwrap();
    let caller = Caller { region: region.into(), principal: "AKIATEST".into(), now: world.now };
    (operation.run)(world, &caller, Input::Typed(input))
}

fn done(world: &mut World, name: &str, input: Doc) -> Doc {
    call(world, HOME, name, input).unwrap_or_else(|refused| panic!("{name}: {refused}"))
}

fn refused(world: &mut World, name: &str, input: Doc) -> Refusal {
    call(world, HOME, name, input).unwrap_err()
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

/// Two tables, one of them with a sort key.
fn tables() -> World {
    let mut world = World::empty(1);
    let text = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    for (name, attributes, schema) in [
        ("one", json!([text("id")]), json!([key("id", "HASH")])),
        ("two", json!([text("id"), text("at")]), json!([key("id", "HASH"), key("at", "RANGE")])),
    ] {
        let ask = json!({"TableName": name, "AttributeDefinitions": attributes, "KeySchema": schema,
            "BillingMode": "PAY_PER_REQUEST"});
        done(&mut world, "CreateTable", ask);
    }
    pass(&mut world, 60);
    world
}

fn id(id: &str) -> Doc {
    json!({"id": {"S": id}})
}

fn put(world: &mut World, name: &str, n: u64) {
    let item = json!({"id": {"S": name}, "n": {"N": n.to_string()}, "l": {"L": [{"N": "0"}, {"N": "1"}]}});
    done(world, "PutItem", json!({"TableName": "one", "Item": item}));
}

fn number(world: &mut World, name: &str) -> Doc {
    done(world, "GetItem", json!({"TableName": "one", "Key": id(name)}))["Item"]["n"]["N"].clone()
}

#[test]
fn a_batch_reads_what_is_there_from_several_tables() {
    let mut world = tables();
    put(&mut world, "a", 1);
    put(&mut world, "b", 2);
    let two = json!({"id": {"S": "a"}, "at": {"S": "x"}});
    done(&mut world, "PutItem", json!({"TableName": "two", "Item": two}));
    let ask = json!({"RequestItems": {
        "one": {"Keys": [id("a"), id("none"), id("b")], "ProjectionExpression": "#n, l[1]",
            "ExpressionAttributeNames": {"#n": "n"}},
        "two": {"Keys": [two], "ConsistentRead": true},
    }, "ReturnConsumedCapacity": "TOTAL"});
    let told = done(&mut world, "BatchGetItem", ask);
    let one = json!([{"n": {"N": "1"}, "l": {"L": [{"N": "1"}]}}, {"n": {"N": "2"}, "l": {"L": [{"N": "1"}]}}]);
    assert_eq!(told["Responses"], json!({"one": one, "two": [two]}));
    assert_eq!(told["UnprocessedKeys"], json!({}));
    assert_eq!(told["ConsumedCapacity"].as_array().unwrap().len(), 2);
    let many: Vec<Doc> = (0..101).map(|n| id(&n.to_string())).collect();
    for (ask, why) in [
        (json!({}), "Member must have length greater than or equal to 1"),
        (json!({"one": {"Keys": many}}), "Too many items requested for the BatchGetItem call"),
        (json!({"one": {"Keys": [id("a"), id("a")]}}), "Provided list of item keys contains duplicates"),
        (json!({"one": {"Keys": [{"at": {"S": "x"}}]}}), "The provided key element does not match the schema"),
        (json!({"none": {"Keys": [id("a")]}}), "Requested resource not found"),
    ] {
        let refused = refused(&mut world, "BatchGetItem", json!({"RequestItems": ask}));
        assert!(refused.message.contains(why), "{refused}");
    }
}

#[test]
fn a_batch_writes_everything_that_is_right_or_nothing() {
    let mut world = tables();
    put(&mut world, "old", 1);
    let item = |name: &str| json!({"PutRequest": {"Item": {"id": {"S": name}, "n": {"N": "7"}}}});
    let ask = json!({"RequestItems": {"one": [item("new"), {"DeleteRequest": {"Key": id("old")}}]}});
    assert_eq!(done(&mut world, "BatchWriteItem", ask)["UnprocessedItems"], json!({}));
    assert_eq!((number(&mut world, "new"), number(&mut world, "old")), (json!("7"), json!(null)));
    let many: Vec<Doc> = (0..26).map(|n| item(&n.to_string())).collect();
    for (ask, why) in [
        (json!({}), "Member must have length greater than or equal to 1"),
        (json!({"one": many}), "Too many items requested for the BatchWriteItem call"),
        (json!({"one": [item("x"), {"DeleteRequest": {"Key": id("x")}}]}), "contains duplicates"),
        (json!({"one": [item("x"), {"PutRequest": {"Item": {"n": {"N": "1"}}}}]}), "Missing the key id"),
        (json!({"one": [item("x")], "two": [item("x")]}), "Missing the key at"),
        (json!({"one": [item("x")], "zero": [item("x")]}), "Requested resource not found"),
    ] {
        let refused = refused(&mut world, "BatchWriteItem", json!({"RequestItems": ask}));
        assert!(refused.message.contains(why), "{refused}");
        assert!(number(&mut world, "x").is_null(), "{why}");
    }
}

fn deposit(who: &str, more: &str) -> Doc {
    json!({"Update": {"TableName": "one", "Key": id(who), "UpdateExpression": "SET n = n + :m",
        "ExpressionAttributeValues": {":m": {"N": more}}}})
}

fn written(world: &mut World, items: Vec<Doc>) -> Answer<Doc> {
    call(world, HOME, "TransactWriteItems", json!({"TransactItems": items}))
}

#[test]
fn a_transaction_does_all_or_nothing_and_says_why() {
    let mut world = tables();
    put(&mut world, "a", 10);
    put(&mut world, "b", 20);
    let exists = |name: &str| json!({"ConditionCheck": {"TableName": "one", "Key": id(name), "ConditionExpression": "attribute_exists(id)"}});
    let new = json!({"Put": {"TableName": "one", "Item": {"id": {"S": "c"}, "n": {"N": "1"}},
        "ConditionExpression": "attribute_not_exists(id)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}});
    let log = json!({"Put": {"TableName": "two", "Item": {"id": {"S": "log"}, "at": {"S": "1"}}}});
    written(&mut world, vec![deposit("a", "-5"), deposit("b", "5"), new.clone(), log]).unwrap();
    assert_eq!((number(&mut world, "a"), number(&mut world, "b")), (json!("5"), json!("25")));
    let refused =
        written(&mut world, vec![deposit("a", "-5"), exists("none"), new, deposit("nobody", "1")]).unwrap_err();
    assert_eq!(refused.code, "TransactionCanceledException");
    assert_eq!(
        refused.message,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]"
    );
    assert_eq!(number(&mut world, "a"), "5");
    let response = error::document(Some(&DYNAMODB), DYNAMODB.speaks[0], &refused, "id");
    let told: Doc = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(told["Message"], json!(refused.message));
    let reasons = &told["CancellationReasons"];
    assert_eq!(reasons[0], json!({"Code": "None"}));
    assert_eq!(reasons[1], json!({"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}));
    assert_eq!(reasons[2]["Item"]["n"], json!({"N": "1"}));
    assert_eq!(reasons[3]["Code"], "ValidationError");
    assert!(matches!(DYNAMODB.speaks[0], Protocol::Json { .. }));
}

#[test]
fn what_is_no_transaction_is_refused() {
    let mut world = tables();
    put(&mut world, "a", 1);
    let many: Vec<Doc> = (0..101).map(|n| deposit(&n.to_string(), "1")).collect();
    let both = json!({"Put": {"TableName": "one", "Item": id("x")}, "Delete": {"TableName": "one", "Key": id("y")}});
    let check = json!({"ConditionCheck": {"TableName": "one", "Key": id("a")}});
    for (items, why) in [
        (vec![], "greater than or equal to 1"),
        (many, "less than or equal to 100"),
        (
            vec![deposit("a", "1"), deposit("a", "2")],
            "Transaction request cannot include multiple operations on one item",
        ),
        (vec![both], "TransactItems can only contain one of Check, Put, Update or Delete"),
        (vec![check], "Value null at 'transactItems.conditioncheck.conditionExpression'"),
        (vec![json!({"Delete": {"TableName": "none", "Key": id("a")}})], "Requested resource not found"),
    ] {
        let refused = written(&mut world, items).unwrap_err();
        assert!(refused.message.contains(why), "{refused}");
    }
    assert_eq!(number(&mut world, "a"), "1");
}

#[test]
fn a_token_makes_a_transaction_one_that_may_be_repeated() {
    let mut world = tables();
    put(&mut world, "a", 1);
    let ask = |more: &str| json!({"TransactItems": [deposit("a", more)], "ClientRequestToken": "t"});
    done(&mut world, "TransactWriteItems", ask("1"));
    done(&mut world, "TransactWriteItems", ask("1"));
    assert_eq!(number(&mut world, "a"), "2", "done once");
    assert_eq!(refused(&mut world, "TransactWriteItems", ask("2")).code, "IdempotentParameterMismatchException");
    pass(&mut world, 601);
    done(&mut world, "TransactWriteItems", ask("2"));
    assert_eq!(number(&mut world, "a"), "4", "ten minutes later it is another");
}

#[test]
fn a_transaction_reads_several_items() {
    let mut world = tables();
    put(&mut world, "a", 1);
    let get = |name: &str| json!({"Get": {"TableName": "one", "Key": id(name), "ProjectionExpression": "n"}});
    let ask = json!({"TransactItems": [get("a"), get("none")]});
    let told = done(&mut world, "TransactGetItems", ask);
    assert_eq!(told["Responses"][0]["Item"], json!({"n": {"N": "1"}}));
    assert!(told["Responses"][1]["Item"].is_null());
    let twice = json!({"TransactItems": [get("a"), get("a")]});
    assert!(refused(&mut world, "TransactGetItems", twice).message.starts_with("Transaction request cannot include"));
}

#[test]
fn a_failed_condition_tells_the_item_if_asked() {
    let mut world = tables();
    put(&mut world, "a", 1);
    let ask = |more: Doc| {
        let mut ask = json!({"TableName": "one", "Item": id("a"), "ConditionExpression": "attribute_not_exists(id)"});
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask
    };
    assert_eq!(refused(&mut world, "PutItem", ask(json!({}))).details, None);
    let told = refused(&mut world, "PutItem", ask(json!({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"})));
    assert_eq!(told.code, "ConditionalCheckFailedException");
    assert_eq!(told.details.unwrap()["Item"]["n"], json!({"N": "1"}));
}

#[test]
fn strongly_consistent_tables_take_batches_and_no_transactions() {
    let mut world = tables();
    let ask = json!({"TableName": "one", "MultiRegionConsistency": "STRONG",
        "ReplicaUpdates": [{"Create": {"RegionName": PEER}}, {"Create": {"RegionName": "us-west-2"}}]});
    done(&mut world, "UpdateTable", ask);
    pass(&mut world, 400);
    let write =
        json!({"RequestItems": {"one": [{"PutRequest": {"Item": id("a")}}, {"PutRequest": {"Item": id("b")}}]}});
    done(&mut world, "BatchWriteItem", write.clone());
    let read = json!({"RequestItems": {"one": {"Keys": [id("a")], "ConsistentRead": true}}});
    assert_eq!(call(&mut world, PEER, "BatchGetItem", read.clone()).unwrap()["Responses"]["one"], json!([id("a")]));
    for (name, item) in [
        ("TransactWriteItems", json!({"Put": {"TableName": "one", "Item": id("a")}})),
        ("TransactGetItems", json!({"Get": {"TableName": "one", "Key": id("a")}})),
    ] {
        let refused = refused(&mut world, name, json!({"TransactItems": [item]}));
        assert_eq!(refused.code, "ValidationException");
        assert!(refused.message.starts_with("Transactions are not supported"), "{refused}");
    }
    // an item that another Region writes at the same time is told back
    let one = json!({"TableName": "one", "Item": id("c")});
    call(&mut world, PEER, "PutItem", one).unwrap();
    let both = json!({"RequestItems": {"one": [{"PutRequest": {"Item": id("c")}}, {"PutRequest": {"Item": id("d")}}]}});
    let told = done(&mut world, "BatchWriteItem", both);
    assert_eq!(told["UnprocessedItems"]["one"][0]["PutRequest"]["Item"], id("c"));
    faults::start(&mut world, FaultSpec { kind: "F31".into(), region: Some(HOME.into()), ..FaultSpec::default() })
        .unwrap();
    assert_eq!(refused(&mut world, "BatchWriteItem", write).status, 500);
    assert_eq!(refused(&mut world, "BatchGetItem", read).status, 500);
}
