use super::*;

const GOOD: &str = r#"
[stack]
name = "shop"
[[regions]]
name = "us-east-1"
[[regions]]
name = "eu-west-1"
[dns]
zone = "example.com"
"#;

fn mistakes(text: &str) -> String {
    parse(Path::new("config.toml"), text).map_or_else(|e| e.to_string(), |config| format!("accepted {config:?}"))
}

#[test]
fn the_shortest_file_has_defaults() {
    let stack = parse(Path::new("config.toml"), GOOD).unwrap().stack;
    assert_eq!((stack.policy.as_str(), stack.ramp.as_slice()), ("app.example.com", [75, 50, 25, 0].as_slice()));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(parse(Path::new("config.toml"), &format!("\u{feff}{GOOD}")).is_ok());
}

#[test]
fn the_example_is_valid_and_names_every_key() {
    let text = include_str!("../../config.example.toml");
    parse(Path::new("config.example.toml"), text).unwrap();
    let keys = [
        "name",
        "environment",
        "health_path",
        "certificate",
        "zone",
        "ramp",
        "floor_regions",
        "capacity_headroom",
        "theme",
    ];
    for key in keys {
        assert!(text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} ="))), "{key}");
    }
}

#[test]
fn mistakes_name_file_line_key_and_the_way_out() {
    let edit = |from: &str, to: &str| mistakes(&GOOD.replace(from, to));
    let cases = [
        (edit("zone =", "zome ="), "config.toml:9: [dns] unknown key `zome`: did you mean `zone`?"),
        (edit("[dns]", "[dms]"), "config.toml:8: [dms] unknown key `dms`: did you mean `dns`?"),
        (
            edit("eu-west-1", "eu-wset-1"),
            "config.toml:7: [[regions]] name: `eu-wset-1` is no Region: did you mean `eu-west-1`?",
        ),
        (edit("eu-west-1", "us-east-1"), "config.toml:7: [[regions]] name: `us-east-1` stands twice: remove one"),
        (
            edit("\"shop\"", "\"Shop!\""),
            "config.toml:3: [stack] name: use lower-case letters, digits and inner hyphens, like `shop`",
        ),
        (edit("\"shop\"", "7"), "config.toml:3: [stack] invalid type: integer `7`, expected a string"),
        (
            edit("\"example.com\"", "\"nodots\""),
            "config.toml:9: [dns] zone: `nodots` is no DNS name: use one like `example.com`",
        ),
        (
            edit("name = \"shop\"", ""),
            "config.toml:2: [stack] key `name` is missing: add it, config.example.toml shows how",
        ),
        (
            mistakes(&format!("{GOOD}[operations]\nramp = [50, 75, 0]\n")),
            "config.toml:11: [operations] ramp: must fall from below 100 to 0, like [75, 50, 25, 0]",
        ),
        (
            mistakes(&format!("{GOOD}[guardrails]\ncapacity_headroom = nan\n")),
            "config.toml:11: [guardrails] capacity_headroom: must be a number from 1.0 to 10.0, like 1.25",
        ),
        (
            mistakes(&format!("{GOOD}[guardrails]\nfloor_regions = 2\n")),
            "config.toml:11: [guardrails] floor_regions: 2 with 2 Regions: must be at least 1 and leave one to spare",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, expected);
    }
}

#[test]
fn several_mistakes_are_told_at_once() {
    let said = mistakes(&GOOD.replace("eu-west-1", "us-east-1").replace("\"shop\"", "\"-\""));
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_broken_file_is_an_error_with_a_line() {
    assert!(mistakes("[stack\nname = 1").starts_with("config.toml:1: "));
    assert!(mistakes(&"#".repeat(2 << 20)).contains("larger than 1 MiB"));
}

#[test]
fn a_named_file_must_exist() {
    let missing = find(&crate::host::disk::RealDisk, Some(Path::new("/nonexistent/x.toml")), None);
    assert!(missing.unwrap_err().to_string().starts_with("/nonexistent/x.toml: cannot be read"));
}
