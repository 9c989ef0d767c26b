//! A small terminal, a mouse, and a size that changes.

use crate::{CTRL_C, Desk, ENTER, IMAGE, turn_to};

#[test]
fn a_terminal_of_60x16_writes_the_same_file_and_a_mouse_points_at_fields() {
    let desk = Desk::new("wizard-small", None);
    let mut terminal = desk.sit(&[], 60, 16);
    terminal.wait_for("step 1 of 8");
    terminal.wait_for("▸ stack");
    turn_to(&mut terminal, "app");
    terminal.send(format!("\x1b[200~{IMAGE}\x1b[201~").as_bytes());
    let screen = terminal.wait("the field without a mistake", |screen| !screen.contains("✖"));
    let row = screen.lines().position(|line| line.contains("health path")).unwrap();
    terminal.send(format!("\x1b[<0;6;{}M\x1b[<0;6;{}m", row + 1, row + 1).as_bytes());
    terminal.wait_for("▸ health path");
    terminal.type_keys("?");
    terminal.wait_for("[app] health_path");
    terminal.send(b"\x1b");
    terminal.resize(80, 24);
    terminal.wait_for("✔ account");
    turn_to(&mut terminal, "review");
    terminal.wait_for("to make, 0 to change");
    terminal.type_keys("w");
    terminal.wait_for("written to ");
    terminal.send(CTRL_C);
    terminal.wait_for("Your answers are in");
    terminal.send(ENTER);
    assert_eq!(terminal.ended(), 0);
    let text = desk.written().unwrap();
    assert!(text.contains(IMAGE) && text.contains("health_path = \"/health\""), "{text}");
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(raw.rfind("\x1b[?1049l") > raw.rfind("\x1b[?1049h"), "the terminal is given back");
}
