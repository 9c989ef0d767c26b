//! `dig +subnet` and `curl` get what Route 53 and the load balancers would give that client: before,
//! during and after the loss of a Region.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

mod support;

use std::process::Command;
use std::time::{Duration, Instant};
use support::served::Served;

const NEW_YORK: &str = "198.18.0.9";
const LONDON: &str = "198.18.64.9";

fn installed(program: &str, probe: &str) -> bool {
    let there = Command::new(program).arg(probe).output().is_ok();
    if !there {
        println!("SKIPPED: {program} is not installed");
    }
    there
}

fn dig(served: &Served, name: &str, client: &str) -> String {
    let output = Command::new("dig")
        .args(["@127.0.0.1", "-p", &served.dns.to_string(), "+short", "+time=5", "+tries=2"])
        .arg(format!("+subnet={client}/24"))
        .args([name, "A"])
        .output()
        .unwrap();
    let mut lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_string).collect();
    lines.sort();
    lines.join(" ")
}

fn curl(served: &Served, url: &str, client: &str) -> String {
    let output = Command::new("curl")
        .args(["-s", "-m", "20", "-o", "-", "-w", " %{http_code}", "--proxy"])
        .arg(format!("http://127.0.0.1:{}", served.http))
        .args(["-H", &format!("X-Forwarded-For: {client}"), url])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn control(served: &Served, method: &str, path: &str, body: &str) -> serde_json::Value {
    let url = format!("{}{path}", served.endpoint());
    let output = Command::new("curl").args(["-s", "-m", "20", "-X", method, "-d", body, &url]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn until(what: &str, met: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !met() {
        assert!(Instant::now() < end, "never came: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn clients_are_sent_to_the_next_region_and_back() {
    if !installed("dig", "-v") || !installed("curl", "--version") {
        return;
    }
    let served = Served::start(&["--speed", "30"]);
    let origin = |region: &str| dig(&served, &format!("origin-{region}.app.shop.example"), NEW_YORK);
    let (virginia, ireland) = (origin("us-east-1"), origin("eu-west-1"));
    assert!(!virginia.is_empty() && !ireland.is_empty() && virginia != ireland, "{virginia} / {ireland}");
    assert_eq!(dig(&served, "app.shop.example", NEW_YORK), virginia);
    assert_eq!(dig(&served, "app.shop.example", LONDON), ireland);
    assert!(curl(&served, "http://app.shop.example/", NEW_YORK).ends_with(" 200"));
    assert_eq!(
        curl(&served, "http://origin-eu-west-1.app.shop.example/.tandem/switch/us-east-1", LONDON),
        "SERVE us-east-1 3 200"
    );

    let fault = control(&served, "POST", "/_sim/faults", r#"{"kind":"F17","region":"us-east-1","duration_s":100000}"#);
    until("New York is sent to Ireland", || dig(&served, "app.shop.example", NEW_YORK) == ireland);
    assert_eq!(dig(&served, "app.shop.example", LONDON), ireland);
    assert!(curl(&served, "http://app.shop.example/", NEW_YORK).ends_with(" 200"));
    let dead = curl(&served, "http://origin-us-east-1.app.shop.example/health", NEW_YORK);
    assert!(!dead.ends_with(" 200"), "{dead}");

    control(&served, "DELETE", &format!("/_sim/faults/{}", fault["id"].as_str().unwrap()), "");
    until("New York is sent to Virginia again", || dig(&served, "app.shop.example", NEW_YORK) == virginia);
}

#[test]
fn names_that_are_not_there_are_refused_as_route_53_does() {
    if !installed("dig", "-v") {
        return;
    }
    let served = Served::start(&[]);
    let status = |name: &str| {
        let output = Command::new("dig")
            .args(["@127.0.0.1", "-p", &served.dns.to_string(), "+time=5", name, "A"])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(status("missing.shop.example").contains("status: NXDOMAIN"));
    assert!(status("example.org").contains("status: REFUSED"));
}
