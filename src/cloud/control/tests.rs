//! Items against a table that answers, refuses or says nothing, under a paused clock.

use super::super::tests::{Reaction, Scripted, aws};
use super::*;
use Reaction::{Answer, Silence};
use serde_json::json;
use tokio::time::Instant;

const REFUSED: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    "message":"The conditional request failed",
    "Item":{"pk":{"S":"lease"},"sk":{"S":"apply"},"holder":{"S":"alice"},"epoch":{"N":"7"}}}"#;
const RACED: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException",
    "message":"modified by a request in another Region"}"#;
const DENIED: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","message":"no"}"#;

fn regions() -> Vec<String> {
    ["us-east-1", "eu-west-1"].map(String::from).to_vec()
}

fn item(holder: &str) -> Item {
    let members = [("pk", json!("lease")), ("sk", json!("apply")), ("holder", json!(holder)), ("epoch", json!(7))];
    members.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

async fn put(aws: &Aws, holder: &str) -> Result<Put, CallError> {
    put_if(aws, &regions(), "shop-control", &item(holder), &Condition::Absent).await
}

/// The Regions that were asked, in order.
fn asked(server: &Scripted) -> Vec<String> {
    server.seen.lock().unwrap().iter().map(|(region, _)| region.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_refusal_tells_what_is_there() {
    let (aws, server) = aws("control refused", |_, _| Answer(400, REFUSED));
    assert_eq!(put(&aws, "bob").await, Ok(Put::Refused(Some(item("alice")))));
    // no earlier try could have written it: equal is not the same
    assert_eq!(put(&aws, "alice").await, Ok(Put::Refused(Some(item("alice")))));
    assert_eq!(asked(&server), ["us-east-1", "us-east-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_is_sent_once_to_a_region_and_the_next_one_tells_whether_it_was_done() {
    let silent = |region: &str| if region == "us-east-1" { Silence } else { Answer(400, REFUSED) };
    let (aws, server) = aws("control took effect", move |region, _| silent(region));
    assert_eq!(put(&aws, "alice").await, Ok(Put::Done));
    assert_eq!(asked(&server), ["us-east-1", "eu-west-1"]);
    assert_eq!(put(&aws, "bob").await, Ok(Put::Refused(Some(item("alice")))));
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_the_outcome_is_not_known() {
    let (aws, server) = aws("control silent", |_, _| Silence);
    let error = put(&aws, "alice").await.unwrap_err();
    assert_eq!((error.class, asked(&server)), (ErrorClass::Timeout, regions()));
    // that another Region refuses us says nothing of what the first one did
    let denied = |region: &str| if region == "us-east-1" { Silence } else { Answer(400, DENIED) };
    let (aws, _) = super::super::tests::aws("control denied", move |region, _| denied(region));
    assert_eq!(put(&aws, "alice").await.unwrap_err().class, ErrorClass::Timeout);
    let (aws, server) = super::super::tests::aws("control denied at once", |_, _| Answer(400, DENIED));
    assert_eq!((put(&aws, "alice").await.unwrap_err().class, asked(&server).len()), (ErrorClass::Denied, 1));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_met_another_is_tried_again_and_not_for_ever() {
    let (aws, server) = aws("control raced", |_, place| if place < 3 { Answer(400, RACED) } else { Answer(200, "{}") });
    let start = Instant::now();
    assert_eq!(put(&aws, "alice").await, Ok(Put::Done));
    assert_eq!((start.elapsed(), asked(&server).len()), (Duration::from_millis(150), 3));
    let (aws, server) = super::super::tests::aws("control raced always", |_, _| Answer(400, RACED));
    let error = put(&aws, "alice").await.unwrap_err();
    assert_eq!((error.class, asked(&server).len()), (ErrorClass::Conflict, TRIES as usize));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_nobody_answered_is_done_when_nothing_is_there() {
    const GONE: &str =
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}"#;
    let (aws, server) = aws("control gone", |region, place| match (region, place) {
        ("us-east-1", _) => Silence,
        (_, 2) => Answer(400, GONE),
        _ => Answer(200, "{}"),
    });
    let mine = Condition::Same { attribute: "holder".into(), value: json!("alice") };
    let deleted = delete_if(&aws, &regions(), "shop-control", "lease", "apply", &mine).await;
    assert_eq!(deleted, Ok(Put::Done));
    // who does not tell the item with the refusal is asked for it
    assert_eq!(asked(&server), ["us-east-1", "eu-west-1", "eu-west-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_silent_is_passed_over_by_reads() {
    const FOUND: &str = r#"{"Item":{"pk":{"S":"lease"},"sk":{"S":"apply"},"holder":{"S":"alice"},"epoch":{"N":"7"}}}"#;
    const LIST: &str =
        r#"{"Items":[{"pk":{"S":"lease"},"sk":{"S":"apply"},"epoch":{"N":"7"}}],"Count":1,"ScannedCount":1}"#;
    let (aws, _) = aws("control reads", |region, place| match region {
        "us-east-1" => Silence,
        _ if place < 3 => Answer(200, FOUND),
        _ => Answer(200, LIST),
    });
    assert_eq!(get(&aws, &regions(), "shop-control", "lease", "apply").await, Ok(Some(item("alice"))));
    let listed = query(&aws, &regions(), "shop-control", "lease").await.unwrap();
    assert_eq!((listed.len(), &listed[0]["epoch"]), (1, &json!(7)));
    let (aws, _) = super::super::tests::aws("control reads nothing", |_, _| Silence);
    let error = get(&aws, &regions(), "shop-control", "lease", "apply").await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Timeout);
}

#[test]
fn items_hold_texts_and_whole_numbers_only() {
    assert!(attributes(&item("alice")).is_ok());
    for odd in [json!(1.5), json!(true), json!(null), json!([1])] {
        let mut item = item("alice");
        item.insert("holder".into(), odd);
        assert!(attributes(&item).unwrap_err().message.contains("neither a text nor a whole number"));
    }
    let mut keyless = item("alice");
    keyless.remove("sk");
    assert_eq!(attributes(&keyless).unwrap_err().message, "an item needs a text sk");
    let odd = BTreeMap::from([("flag".to_string(), AttributeValue::Bool(true))]);
    assert!(read(&odd).is_err());
}
