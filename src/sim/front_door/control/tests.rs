use super::*;
use crate::truth::Written;

fn call(world: &mut World, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = http::Request::builder().method(method).uri(path).body(body.as_bytes().to_vec());
    let response = answer(world, &request.expect("the test's own request is well formed"));
    let page = serde_json::from_slice(response.body()).expect("every page is JSON");
    (response.status().as_u16(), page)
}

#[test]
fn the_clock_is_told_and_set() {
    let mut world = World::empty(7);
    let (status, page) = call(&mut world, "GET", "/_sim/clock", "");
    assert_eq!((status, &page["now"], &page["seed"]), (200, &json!("2026-01-05T14:00:00.000Z"), &json!(7)));
    assert_eq!(page["now_ms"], json!(1_767_621_600_000_u64));
    assert_eq!(call(&mut world, "POST", "/_sim/clock", r#"{"speed":600}"#).1["speed"], json!(600.0));
    assert_eq!(world.speed, 600.0);
    for body in [r#"{"speed":-1}"#, r#"{"speed":1e9}"#, r#"{"sped":1}"#, "", "[]"] {
        let (status, page) = call(&mut world, "POST", "/_sim/clock", body);
        assert!(status == 400 && page["error"].is_string(), "{body}");
    }
    assert_eq!(world.speed, 600.0);
    assert_ne!(page["world_id"], call(&mut World::empty(8), "GET", "/_sim/clock", "").1["world_id"]);
}

#[test]
fn faults_are_listed_started_and_ended() {
    let mut world = World::empty(1);
    let (status, fault) =
        call(&mut world, "POST", "/_sim/faults", r#"{"kind":"F20","region":"eu-west-1","period_s":60}"#);
    assert_eq!((status, &fault["name"], &fault["period_s"]), (201, &json!("flapping"), &json!(60.0)));
    assert_eq!(
        (&fault["active"], &fault["left_s"], &fault["target"]),
        (&json!(true), &json!(600.0), &json!("eu-west-1"))
    );
    let (_, page) = call(&mut world, "GET", "/_sim/faults", "");
    assert_eq!(page["active"], json!([fault]));
    assert_eq!(page["catalogue"].as_array().map(Vec::len), Some(CATALOGUE.len()));
    assert_eq!(call(&mut world, "DELETE", "/_sim/faults/nope", "").0, 404);
    let id = fault["id"].as_str().expect("a fault has an id").to_string();
    assert_eq!(call(&mut world, "DELETE", &format!("/_sim/faults/{id}"), ""), (200, json!({ "ended": 1 })));
    call(&mut world, "POST", "/_sim/faults", r#"{"kind":"F21"}"#);
    call(&mut world, "POST", "/_sim/faults", r#"{"kind":"F1","start_s":30}"#);
    assert_eq!(call(&mut world, "DELETE", "/_sim/faults", ""), (200, json!({ "ended": 2 })));
    assert_eq!(call(&mut world, "GET", "/_sim/faults", "").1["active"], json!([]));
}

#[test]
fn a_fault_that_cannot_be_says_why() {
    let mut world = World::empty(1);
    for (body, why) in [
        (r#"{"kind":"F99"}"#, "there is no fault \"F99\"; there are F1 (hang), "),
        (r#"{"kind":"F15"}"#, "F15 needs \"region\": the Region that is hit"),
        (r#"{"kind":"F15","region":"eu-west-9"}"#, "there is no Region \"eu-west-9\"; there are ap-northeast-1, "),
        (
            r#"{"kind":"F15","region":"eu-west-1","rate":1}"#,
            "F15 takes no \"rate\"; it takes region, duration_s, start_s",
        ),
        (r#"{"kind":"F3","rate":2}"#, "\"rate\" must be from 0 to 1, not 2"),
        (r#"{"kind":"F3","service":"s3"}"#, "there is no service \"s3\"; there are sts, "),
        (
            r#"{"kind":"F18","region":"eu-west-1","zone":"us-east-1a"}"#,
            "there is no zone \"us-east-1a\"; there are eu-west-1a, ",
        ),
        (r#"{"kind":"F19","region":"eu-west-1","from":"mars"}"#, "there is no sender \"mars\"; there are AF, "),
        (r#"{"kind":"F3","rat":1}"#, "unknown field `rat`, expected one of `kind`, `region`"),
        (r#"{"region":"eu-west-1"}"#, "missing field `kind`"),
    ] {
        let (status, page) = call(&mut world, "POST", "/_sim/faults", body);
        let said = page["error"].as_str().unwrap_or_default();
        assert!(status == 400 && said.starts_with(why), "{body}: {said}");
    }
    assert!(world.faults.list().is_empty());
}

#[test]
fn the_truth_is_told_from_a_moment_on() {
    let mut world = World::empty(1);
    world.truth.note(Moment(1_000), "task.running", "eu-west-1", "t1");
    world.truth.note(Moment(2_000), "task.stopped", "eu-west-1", "t1");
    world.truth.serve(Moment(61_000), "london", 9, 1);
    let (status, page) = call(&mut world, "GET", "/_sim/truth?since=1500", "");
    assert_eq!((status, &page["requests"], &page["failed"]), (200, &json!(10), &json!(1)));
    assert_eq!(page["events"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["events"][0]["kind"], json!("task.stopped"));
    assert_eq!(page["kinds"], json!({ "task.running": 1, "task.stopped": 1 }));
    assert_eq!(
        page["users"],
        json!([{ "minute": "1970-01-01T00:01:00.000Z", "place": "london", "ok": 9, "failed": 1 }])
    );
    assert_eq!(page["digest"], json!(world.truth.digest()));
    let (_, some) = call(&mut world, "GET", "/_sim/truth?kind=task.running&since=1970-01-01T00:00:00Z", "");
    assert_eq!(some["events"].as_array().map(Vec::len), Some(1));
    assert_eq!(call(&mut world, "GET", "/_sim/truth?since=soon", "").0, 400);
    assert_eq!(call(&mut world, "GET", "/_sim/truth?sinse=1", "").0, 400);
}

#[test]
fn acknowledged_writes_are_told_when_asked_for() {
    let mut world = World::empty(1);
    for (at, what, epoch) in [(1_000, Written::Row, 1), (2_000, Written::Session, 0)] {
        let (via, stored) = ("eu-west-1".into(), "us-east-1".into());
        world.truth.acknowledge(Ack { at: Moment(at), what, via, stored, count: 3, epoch });
    }
    let mut log = |query: &str| {
        let (status, mut page) = call(&mut world, "GET", &format!("/_sim/truth{query}"), "");
        (status, page["writes"]["log"].take())
    };
    let row = json!({
        "at": "1970-01-01T00:00:01.000Z", "at_ms": 1_000, "what": "row",
        "via": "eu-west-1", "stored": "us-east-1", "count": 3, "epoch": 1,
    });
    let (status, all) = log("?writes=1");
    assert_eq!((status, all.as_array().map(Vec::len), &all[0]), (200, Some(2), &row));
    let (_, late) = log("?writes=1&since=2000");
    assert_eq!((late.as_array().map(Vec::len), &late[0]["what"]), (Some(1), &json!("session")));
    assert_eq!((log(""), log("?writes=0")), ((200, Value::Null), (200, Value::Null)), "not asked for");
    assert_eq!(log("?writes=all").0, 400);
}

#[test]
fn other_pages_and_methods_are_refused() {
    let mut world = World::empty(1);
    assert_eq!(call(&mut world, "GET", "/_sim/nothing", "").0, 404);
    assert_eq!(call(&mut world, "DELETE", "/_sim/clock", "").0, 405);
    assert_eq!(call(&mut world, "POST", "/_sim/truth", "").0, 405);
    assert_eq!(call(&mut world, "GET", "/_sim/faults/fault-1", "").0, 405);
}
