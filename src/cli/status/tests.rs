use super::{Format, exit_code, render};
use crate::model::fixtures::{now, snapshot};
use crate::model::outcome::{CallError, ErrorClass};
use jiff::ToSpan;

#[test]
fn a_healthy_stack_exits_0_and_says_so() {
    let seen = snapshot();
    assert_eq!(exit_code(&seen, now()), 0);
    let text = render(&seen, now(), "simulator", Format::Text);
    assert!(text.starts_with("shop/sim on simulator: HEALTHY (2 of 2 Regions serve)"), "{text}");
    assert!(text.contains("4/4 running"), "{text}");
}

#[test]
fn json_has_its_schema_and_ages() {
    let json: serde_json::Value = serde_json::from_str(&render(&snapshot(), now(), "simulator", Format::Json)).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["regions"][0]["tasks"]["value"]["running"], 4);
    assert_eq!(json["regions"][0]["tasks"]["state"], "fresh");
    assert_eq!(json["regions"][0]["switches"]["eu-west-1"], "SERVE");
    assert_eq!(json["users"]["answered"], 2);
}

#[test]
fn a_region_that_cannot_be_seen_is_neither_healthy_nor_down() {
    let mut seen = snapshot();
    let hung = || CallError::new(ErrorClass::Timeout, "no answer within 12 s");
    seen.regions[0].service.failed(hung(), now() - 40.seconds());
    seen.regions[0].targets.failed(hung(), now() - 40.seconds());
    assert_eq!(exit_code(&seen, now()), 1);
    let text = render(&seen, now(), "aws", Format::Text);
    assert!(text.contains("? us-east-1        UNKNOWN"), "{text}");
    assert!(text.contains("FAILED, last seen 0 s ago, no answer: no answer within 12 s"), "{text}");
    seen.regions.truncate(1);
    assert_eq!(exit_code(&seen, now()), 2);
}

#[test]
fn the_database_and_the_sessions_are_told() {
    let seen = snapshot();
    let text = render(&seen, now(), "simulator", Format::Text);
    for words in [
        "Aurora   writer, available, 2/2 instances",
        "Aurora   reader, available, 2/2 instances, connected, lag 162 ms 60 s ago",
        "Sessions ACTIVE, from us-east-1 in 800 ms",
        "writer us-east-1, available, redundancy intact (1 connected)",
        "last commit in us-east-1, epoch 1, by console",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let markdown = render(&seen, now(), "simulator", Format::Markdown);
    assert!(markdown.contains("- Database: writer us-east-1, available"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&render(&seen, now(), "simulator", Format::Json)).unwrap();
    assert_eq!(json["database"]["cluster"]["value"]["writer"], "us-east-1");
    assert_eq!(json["database"]["redundancy"]["state"], "intact");
    assert_eq!(json["database"]["last_proof"]["value"]["epoch"], 1);
    assert_eq!(json["regions"][0]["lag"], serde_json::Value::Null, "a writer lags behind nobody");
    assert_eq!(json["regions"][1]["lag"]["value"]["lag_ms"], 162);
    assert_eq!(json["regions"][1]["arriving"]["us-east-1"]["state"], "arrives");
    assert_eq!(json["regions"][1]["sessions"]["value"]["replicas"]["us-east-1"], "ACTIVE");
}

#[test]
fn a_database_without_redundancy_or_writer_is_degraded() {
    let mut seen = snapshot();
    for region in &mut seen.regions {
        region.global.value.as_mut().unwrap().members[1].synchronization = Some("pending-resync".into());
    }
    assert_eq!(exit_code(&seen, now()), 1);
    let text = render(&seen, now(), "aws", Format::Text);
    assert!(text.starts_with("shop/sim on aws: DEGRADED (2 of 2 Regions serve)"), "{text}");
    assert!(text.contains("redundancy LOST (eu-west-1 pending-resync)"), "{text}");
    let mut seen = snapshot();
    for region in &mut seen.regions {
        region.global.value.as_mut().unwrap().members[0].writer = false;
    }
    assert_eq!(exit_code(&seen, now()), 1);
    assert!(render(&seen, now(), "aws", Format::Text).contains("NO WRITER"));
}

#[test]
fn a_stack_without_a_database_is_whole() {
    let mut seen = snapshot();
    let none = || CallError::new(ErrorClass::NotFound, "there is none");
    for region in &mut seen.regions {
        (region.global.value, region.cluster.value, region.table.value) = (None, None, None);
        region.global.failed(none(), now());
        region.cluster.failed(none(), now());
        region.table.failed(none(), now());
    }
    assert_eq!(exit_code(&seen, now()), 0);
    let text = render(&seen, now(), "aws", Format::Text);
    assert!(!text.contains("Aurora") && !text.contains("Database") && !text.contains("Sessions"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&render(&seen, now(), "aws", Format::Json)).unwrap();
    assert_eq!(json["database"], serde_json::Value::Null);
}

#[test]
fn remote_text_cannot_end_a_cell() {
    let mut seen = snapshot();
    seen.stack = "a|b`<i>".into();
    let markdown = render(&seen, now(), "aws", Format::Markdown);
    assert!(markdown.starts_with(r"## a\|b\`&lt;i>"), "{markdown}");
}
