//! Answers that a fault bends on their way.

use super::*;
use crate::faults;

const TARGET: &str = "AmazonEC2ContainerServiceV20141113";

fn ecs(operation: &str, body: &str) -> Request {
    signed("ecs", "eu-west-1", &[("x-amz-target", &format!("{TARGET}.{operation}"))], body)
}

fn doc(response: &Response) -> serde_json::Value {
    serde_json::from_slice(response.body()).expect("the answer is JSON")
}

fn outcomes(world: &World) -> Vec<Outcome> {
    world.calls.iter().map(|call| call.outcome).collect()
}

/// Whether bytes are one well-formed document of this content type.
fn parses(response: &Response) -> bool {
    let body = response.body().as_slice();
    match response.headers()["content-type"].to_str() {
        Ok("application/cbor") => {
            let mut decoder = minicbor::Decoder::new(body);
            decoder.skip().is_ok() && decoder.position() == body.len()
        }
        Ok("text/xml") => {
            let mut reader = quick_xml::Reader::from_reader(body);
            let mut depth = 0_i32;
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Start(_)) => depth += 1,
                    Ok(quick_xml::events::Event::End(_)) => depth -= 1,
                    Ok(quick_xml::events::Event::Eof) => return depth == 0,
                    Ok(_) => {}
                    Err(_) => return false,
                }
            }
        }
        _ => serde_json::from_slice::<serde_json::Value>(body).is_ok(),
    }
}

#[test]
fn a_malformed_answer_is_of_a_call_that_was_carried_out() {
    let cbor = [("smithy-protocol", "rpc-v2-cbor")];
    let mut over_cbor = signed("probe", "us-east-1", &cbor, []);
    *over_cbor.uri_mut() = "/service/Probe/operation/Count".parse().expect("a path");
    let xml = signed("probe", "us-east-1", &[FORM], "Action=Count&Version=2020-01-01");
    for ask in [probe("us-east-1", COUNT), over_cbor, xml] {
        let mut world = World::empty(1);
        let (_, whole) = send(&mut world, &ask);
        assert!(whole.status() == 200 && parses(&whole), "{}", text(&whole));
        start(&mut world, r#"{"kind":"F7","rate":1}"#);
        let (_, bent) = send(&mut world, &ask);
        assert!(bent.status() == 200 && !parses(&bent), "{}", text(&bent));
        assert_eq!(bent.headers()["content-type"], whole.headers()["content-type"]);
        assert_eq!((world.made, outcomes(&world)), (2, vec![Outcome::Done, Outcome::AnswerLost]));
    }
}

#[test]
fn a_refusal_is_not_malformed() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F7","rate":1}"#);
    let wrong = signed("probe", "us-east-1", &[LOOK], "{\"By\":-1}");
    assert_eq!(refusal(&mut world, &wrong).0, 400);
    let (_, response) = send(&mut world, &wrong);
    assert!(parses(&response) && response.body().as_slice() != faults::MALFORMED.as_bytes());
}

#[test]
fn pages_end_early_and_single_answers_do_not() {
    let mut world = World::empty(1);
    for name in ["a", "b", "c", "d"] {
        send(&mut world, &ecs("CreateCluster", &format!("{{\"clusterName\":\"{name}\"}}")));
    }
    let names = |world: &mut World, body: &str| {
        let page = doc(&send(world, &ecs("ListClusters", body)).1);
        (page["clusterArns"].as_array().map(Vec::len), page["nextToken"].is_string())
    };
    assert_eq!(names(&mut world, r#"{"maxResults":2}"#), (Some(2), true));
    let ask = ecs("DescribeClusters", r#"{"clusters":["a","b","c","d"]}"#);
    let (_, whole) = send(&mut world, &ask);
    start(&mut world, r#"{"kind":"F8","service":"ecs","region":"eu-west-1"}"#);
    assert_eq!(names(&mut world, r#"{"maxResults":2}"#), (Some(1), false));
    assert_eq!(names(&mut world, "{}"), (Some(2), false), "the only page is ended early, too");
    assert_eq!(send(&mut world, &ask).1.body(), whole.body());
}

#[test]
fn stale_reads_tell_the_past_and_changes_happen_now() {
    let mut world = World::empty(1);
    let names = |world: &mut World| doc(&send(world, &ecs("ListClusters", "{}")).1)["clusterArns"].clone();
    let elsewhere = signed("ecs", "us-east-1", &[("x-amz-target", &format!("{TARGET}.ListClusters"))], "{}");
    start(&mut world, r#"{"kind":"F9","service":"ecs","region":"eu-west-1","delay_s":10,"duration_s":30}"#);
    let (_, made) = send(&mut world, &ecs("CreateCluster", r#"{"clusterName":"shop"}"#));
    assert_eq!(doc(&made)["cluster"]["clusterName"], "shop", "the change tells the present");
    assert_eq!(names(&mut world), serde_json::json!([]));
    send(&mut world, &elsewhere);
    world.advance(world.now + Duration::from_secs(9));
    assert_eq!(names(&mut world), serde_json::json!([]));
    world.advance(world.now + Duration::from_secs(1));
    let arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop";
    assert_eq!(names(&mut world), serde_json::json!([arn]), "ten seconds later it is seen");
    send(&mut world, &ecs("DeleteCluster", r#"{"cluster":"shop"}"#));
    assert_eq!(names(&mut world), serde_json::json!([arn]), "and is still seen when it is gone");
    world.advance(world.now + Duration::from_secs(20));
    assert_eq!(names(&mut world), serde_json::json!([]), "the fault is over");
}

#[test]
fn strongly_consistent_reads_are_not_stale() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F9"}"#);
    send(&mut world, &probe("us-east-1", COUNT));
    let mut made = |body: &str| doc(&send(&mut world, &signed("probe", "us-east-1", &[LOOK], body)).1)["Made"].clone();
    assert_eq!((made("{}"), made(r#"{"ConsistentRead":false}"#)), (0.into(), 0.into()));
    assert_eq!(made(r#"{"ConsistentRead":true}"#), 1);
}

#[test]
fn a_change_is_delivered_twice_and_answered_once() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F10","rate":1}"#);
    let (_, response) = send(&mut world, &probe("us-east-1", COUNT));
    assert_eq!(doc(&response)["Made"], 1, "the answer is the first one's");
    assert_eq!((world.made, outcomes(&world)), (2, vec![Outcome::Done, Outcome::AnswerLost]));
    assert_eq!(world.truth.kinds().get("api.call"), Some(&2));
    send(&mut world, &probe("us-east-1", LOOK));
    assert_eq!((world.made, world.calls.count()), (2, 3), "reads come once");
}

#[test]
fn the_copy_of_a_change_may_be_refused_where_the_first_was_not() {
    let mut world = World::empty(1);
    send(&mut world, &ecs("CreateCluster", r#"{"clusterName":"shop"}"#));
    start(&mut world, r#"{"kind":"F10","rate":1}"#);
    let (_, response) = send(&mut world, &ecs("DeleteCluster", r#"{"cluster":"shop"}"#));
    assert_eq!((response.status(), &doc(&response)["cluster"]["status"]), (http::StatusCode::OK, &"INACTIVE".into()));
    let seen = outcomes(&world);
    assert_eq!(seen, [Outcome::Done, Outcome::Done, Outcome::Refused("ClusterNotFoundException")]);
}

#[test]
fn a_revoked_permission_is_refused_in_the_words_of_the_protocol() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F13","operation":"UpdateService"}"#);
    let ask = ecs("UpdateService", r#"{"service":"shop-web"}"#);
    assert_eq!(refusal(&mut world, &ask), (400, "AccessDeniedException".into()));
    let (_, response) = send(&mut world, &ask);
    let who = text(&send(&mut world, &signed("sts", "eu-west-1", &[FORM], "Action=GetCallerIdentity")).1);
    let arn = who.split(['<', '>']).find(|part| part.starts_with("arn:")).expect("STS tells who asks");
    let words = format!("User: {arn} is not authorized to perform: ecs:UpdateService on resource: *");
    assert!(text(&response).contains(&words), "{}", text(&response));
    assert_eq!(refusal(&mut world, &ecs("ListClusters", "{}")).0, 200);
}

#[test]
fn sts_is_down_in_one_region() {
    let mut world = World::empty(1);
    start(&mut world, r#"{"kind":"F14","region":"eu-west-1"}"#);
    let ask = |region| signed("sts", region, &[FORM], "Action=GetCallerIdentity&Version=2011-06-15");
    let (_, down) = send(&mut world, &ask("eu-west-1"));
    assert_eq!(down.status(), 503);
    assert!(text(&down).contains("<Code>ServiceUnavailable</Code>"), "{}", text(&down));
    assert_eq!(send(&mut world, &ask("us-east-1")).1.status(), 200);
}
