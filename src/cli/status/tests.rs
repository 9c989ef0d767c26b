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
fn remote_text_cannot_end_a_cell() {
    let mut seen = snapshot();
    seen.stack = "a|b`<i>".into();
    let markdown = render(&seen, now(), "aws", Format::Markdown);
    assert!(markdown.starts_with(r"## a\|b\`&lt;i>"), "{markdown}");
}
