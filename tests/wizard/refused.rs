//! What the wizard does not begin with, and what it leaves alone.

use crate::{CTRL_C, Desk, ENTER};
use std::process::Command;

fn tandem(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .env("XDG_CONFIG_HOME", std::env::temp_dir().join("tandem-no-config"))
        .env("XDG_STATE_HOME", std::env::temp_dir().join("tandem-no-state"))
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn it_needs_a_terminal_and_takes_no_verb() {
    let (code, said) = tandem(&["--deploy", "--sim"]);
    assert_eq!(code, Some(64), "{said}");
    assert!(said.contains("needs a terminal") && said.contains("tandem apply"), "{said}");
    let (code, said) = tandem(&["--deploy", "status"]);
    assert_eq!(code, Some(64), "{said}");
    assert!(said.contains("takes neither a verb"), "{said}");
}

#[test]
fn a_broken_file_is_said_with_its_lines_and_not_written_over() {
    let desk = Desk::new("wizard-broken", None);
    let broken = "[stack]\nname = \"shop\"\n[dns]\nzome = \"shop.example\"\n";
    std::fs::write(desk.config(), broken).unwrap();
    let mut terminal = desk.sit(&[], 80, 24);
    assert_eq!(terminal.ended(), 64);
    assert!(terminal.text().contains("did you mean `zone`?"), "{}", terminal.text());
    assert_eq!(desk.written().as_deref(), Some(broken));
}

#[test]
fn a_file_that_was_written_by_hand_is_reviewed_as_it_stands() {
    let desk = Desk::new("wizard-by-hand", None);
    let text = "# ours\n[stack]\nname = \"till\"\n[app]\nimage = \"till:1\"\n[[regions]]\nname = \"us-east-1\"\n[[regions]]\nname = \"eu-west-1\"\n[dns]\nzone = \"till.example\"\n";
    std::fs::write(desk.config(), text).unwrap();
    let mut terminal = desk.sit(&[], 80, 24);
    terminal.wait_for("written by hand");
    terminal.wait_for("to make, 0 to change");
    terminal.type_keys("4");
    terminal.wait_for("# ours");
    terminal.send(CTRL_C);
    terminal.wait_for("The file stays as it is");
    terminal.send(ENTER);
    assert_eq!(terminal.ended(), 0);
    assert_eq!(desk.written().as_deref(), Some(text));
}
