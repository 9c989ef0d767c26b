//! The program itself: what it prints, and what it exits with.
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

use crate::support::pty::Terminal;
use crate::support::served::Served;
use serde_json::{Value, json};
use std::process::{Command, Output};

type Environment<'a> = &'a [(&'a str, &'a str)];

fn doctor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tandem"))
        .arg("doctor")
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .env_remove("AWS_ENDPOINT_URL")
        .env("XDG_CONFIG_HOME", std::env::temp_dir().join("tandem-no-config"))
        .env("XDG_STATE_HOME", std::env::temp_dir().join("tandem-state"))
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_simulators_stack_is_healthy_and_an_empty_account_can_be_deployed_to() {
    for arguments in [&["--sim"][..], &["--sim", "--empty"][..]] {
        let output = doctor(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.starts_with("shop/sim on simulator: HEALTHY\n\nYou\n  ✔ credentials "), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn an_ill_of_a_served_world_is_told_to_programs() {
    let served = Served::start(&[]);
    let endpoint = served.endpoint();
    let healthy = doctor(&["--json", "--endpoint-url", &endpoint]);
    assert_eq!(healthy.status.code(), Some(0), "{}", said(&healthy));
    served.control("POST", "/_sim/faults", &json!({ "kind": "F33", "region": "eu-west-1" }).to_string());
    served.control("POST", "/_sim/faults", &json!({ "kind": "F36" }).to_string());
    served.control("POST", "/_sim/faults", &json!({ "kind": "F35" }).to_string());
    let output = doctor(&["--json", "--endpoint-url", &endpoint]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["verdict"], "ill");
    let ills = told["lines"].as_array().unwrap().iter().filter(|line| line["state"] == "ill");
    let mut names: Vec<String> = ills.map(|line| line["check"].as_str().unwrap_or_default().to_string()).collect();
    names.dedup();
    assert_eq!(names, ["delegation", "image", "health-path"], "{told:#}");
}

#[test]
fn a_terminal_that_cannot_show_the_console_is_an_ill() {
    let cases: [(&str, u16, Environment<'_>); 3] = [
        ("TERM is", 120, &[("TERM", "dumb"), ("LC_ALL", "C.UTF-8")]),
        ("the locale is not one of UTF-8 (it is C)", 120, &[("LC_ALL", "C")]),
        ("the terminal has 50 columns and 100 rows", 50, &[("LC_ALL", "C.UTF-8")]),
    ];
    // lines break where the terminal ends
    let whole = |text: &str| text.split_whitespace().collect::<String>();
    for (words, columns, environment) in cases {
        let mut terminal = Terminal::start_with(&["doctor", "--sim"], columns, 100, environment);
        assert_eq!(terminal.ended(), 1, "{words}: {}", terminal.text());
        let screen = terminal.wait(words, |screen| whole(screen).contains(&whole(words)));
        assert!(whole(&screen).contains(&whole("ILL (1 ill)")), "{screen}");
    }
}
