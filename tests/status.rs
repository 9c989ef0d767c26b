//! `tandem status` and what the process exits with.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::process::{Command, Output};

fn tandem(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .env_remove("AWS_ENDPOINT_URL")
        .env("XDG_CONFIG_HOME", std::env::temp_dir().join("tandem-no-config"))
        .env("XDG_STATE_HOME", std::env::temp_dir().join("tandem-state"))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn configuration(name: &str, content: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("tandem-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn without_a_terminal_it_prints_the_status() {
    for arguments in [&[][..], &["status"][..]] {
        let output = tandem(arguments);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{said}{}", text(&output.stderr));
        assert!(said.starts_with("shop/sim on simulator: HEALTHY (2 of 2 Regions serve)"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn the_json_has_a_schema_and_the_markdown_a_table() {
    let json: serde_json::Value = serde_json::from_slice(&tandem(&["status", "--json"]).stdout).unwrap();
    assert_eq!((&json["schema"], &json["verdict"]), (&1.into(), &"healthy".into()));
    let markdown = text(&tandem(&["status", "--format", "markdown"]).stdout);
    assert!(markdown.contains("| us-east-1 | ● SERVING | Tasks | 4/4 running, 0 pending |"), "{markdown}");
}

#[test]
fn a_configured_stack_can_be_simulated() {
    let stack = "[stack]\nname = \"books\"\n[[regions]]\nname = \"eu-central-1\"\n[[regions]]\nname = \"us-west-2\"\n\
                 [[regions]]\nname = \"ap-northeast-1\"\n[dns]\nzone = \"books.example\"\nname = \"www.books.example\"\n";
    let path = configuration("books", stack);
    let output = tandem(&["status", "--sim", "--config", path.to_str().unwrap()]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}{}", text(&output.stderr));
    assert!(said.starts_with("books/prod on simulator: HEALTHY (3 of 3 Regions serve)"), "{said}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn mistakes_exit_64_and_say_what_to_do() {
    let bad = configuration("bad", "[stack]\nname = \"shop\"\n[dns]\nzome = \"example.com\"\n");
    let output = tandem(&["status", "--config", bad.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(64));
    let said = text(&output.stderr);
    assert!(said.contains("bad.toml:4: [dns] unknown key `zome`: did you mean `zone`?"), "{said}");
    std::fs::remove_file(bad).unwrap();
    for arguments in [&["--speed", "0"][..], &["stauts"][..], &["status", "--format", "xml"][..]] {
        assert_eq!(tandem(arguments).status.code(), Some(64), "{arguments:?}");
    }
    assert_eq!(tandem(&["--help"]).status.code(), Some(0));
}

#[test]
fn a_world_that_is_not_there_exits_2() {
    let output = tandem(&["status", "--endpoint-url", "http://127.0.0.1:9"]);
    assert_eq!(output.status.code(), Some(2), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn keys_that_mean_two_things_are_told_with_both_lines() {
    let folder = std::env::temp_dir().join(format!("tandem-keys-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    let stack = "[stack]\nname = \"shop\"\n[[regions]]\nname = \"us-east-1\"\n[[regions]]\nname = \"eu-west-1\"\n";
    let keys = "[dns]\nzone = \"shop.example\"\n[keys]\ndrain = \"x\"\nrestore = \"x\"\nquiet = \"Q\"\n";
    std::fs::write(&file, format!("{stack}{keys}")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tandem")).args(["keys", "--config"]).arg(&file).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).replace(&*folder.to_string_lossy(), "");
    assert_eq!(output.status.code(), Some(64), "{said}");
    let expected = "/config.toml:12: [keys] there is no action `quiet`: did you mean `quit`?\n\
                    /config.toml:11: [keys] restore: `x` means two things on the panes: line 10 gives it to drain\n";
    assert_eq!(said, expected);
}
