//! Leaving while things are under way.

use crate::support::pty::Terminal;
use crate::support::served::Served;
use crate::{CTRL_C, DOWN, ENTER, ESCAPE, QUIT, serving};
use std::time::Duration;

/// A console on a stack where the call that evacuates hangs, with the evacuation begun.
fn evacuating(served: &Served) -> Terminal {
    let mut terminal = Terminal::start(&["--write", "--endpoint-url", &served.endpoint()], 130, 44);
    terminal.wait("both Regions serving", serving);
    served.control("POST", "/_sim/faults", r#"{"kind":"F1","operation":"ModifyRule","duration_s":3600}"#);
    terminal.type_keys("e");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.drain(Duration::from_millis(200));
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait_for("evacuate us-east-1 (#1)");
    terminal
}

#[test]
fn what_is_under_way_is_told_with_its_calls_and_how_to_undo_it() {
    let served = Served::start(&["--speed", "1"]);
    for way in [CTRL_C, QUIT] {
        let mut terminal = evacuating(&served);
        terminal.send(way);
        assert_eq!(terminal.ended(), 0);
        told(&terminal, &served);
    }
    let mut terminal = evacuating(&served);
    terminal.signal("TERM");
    terminal.ended();
    told(&terminal, &served);
}

#[track_caller]
fn told(terminal: &Terminal, served: &Served) {
    terminal.assert_given_back();
    let said = terminal.text();
    assert!(said.contains("tandem ended while an operation was under way:"), "{said}");
    assert!(said.contains("evacuate us-east-1 (#1): in progress"), "{said}");
    assert!(said.contains("ModifyRule in eu-west-1"), "{said}");
    let open = said.contains("sent, no answer yet") || said.contains("not known whether it was done");
    assert!(open && said.contains("undo:  restore us-east-1"), "{said}");
    assert!(said.contains(&format!("tandem status --endpoint-url {}", served.endpoint())), "{said}");
}

#[test]
fn nothing_is_told_when_nothing_is_under_way() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("both Regions serving", serving);
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    terminal.assert_given_back();
    assert!(!terminal.text().contains("tandem"), "{}", terminal.text());
}

#[test]
fn a_region_that_hangs_does_not_hold_the_door() {
    let mut terminal = Terminal::start(&["--speed", "1"], 130, 44);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("!");
    let mut menu = terminal.wait_for("F16");
    while !menu.lines().any(|line| line.contains("▸") && line.contains("F16")) {
        terminal.send(DOWN);
        terminal.drain(Duration::from_millis(40));
        menu = terminal.text();
    }
    terminal.send(ENTER);
    terminal.send(ESCAPE);
    terminal.wait("a Region that is not seen", |screen| screen.contains("UNKNOWN"));
    terminal.send(CTRL_C);
    assert_eq!(terminal.ended(), 0);
    terminal.assert_given_back();
}
