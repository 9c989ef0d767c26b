//! What is on the screen, and what keys do to a stack.

use crate::support::pty::Terminal;
use crate::support::served::Served;
use crate::{CTRL_C, ENTER, ESCAPE, QUIT, serving};
use std::time::Duration;

#[test]
fn it_opens_on_a_living_stack_and_leaves_the_terminal_as_it_was() {
    let mut terminal = Terminal::start(&[], 130, 40);
    let screen = terminal.wait("both Regions serving", serving);
    assert!(screen.contains("SIMULATED"), "{screen}");
    assert!(screen.contains("us-east-1") && screen.contains("eu-west-1"), "{screen}");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_region_is_lost_evacuated_and_restored_by_keys() {
    let mut terminal = Terminal::start(&["--speed", "30"], 130, 44);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("!");
    terminal.wait_for("F16");
    terminal.send(ESCAPE);
    terminal.drain(Duration::from_millis(300));
    terminal.type_keys("e");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.send(ENTER);
    terminal.drain(Duration::from_millis(200));
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait("the evacuation", |screen| screen.contains("EVACUATED"));
    terminal.wait("the end of the operation", |screen| screen.contains("completed"));
    terminal.type_keys("r");
    terminal.wait_for("Restore us-east-1");
    terminal.type_keys("us-east-1");
    terminal.send(ENTER);
    terminal.wait("both Regions serving again", |screen| screen.matches("● SERVING").count() >= 2);
    terminal.send(CTRL_C);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn read_only_refuses_and_says_how_to_write() {
    let served = Served::start(&["--speed", "10"]);
    let mut terminal = Terminal::start(&["--endpoint-url", &served.endpoint()], 130, 40);
    terminal.wait("both Regions serving", serving);
    assert!(terminal.text().contains("READ-ONLY"), "{}", terminal.text());
    terminal.type_keys("e");
    terminal.wait_for("--write");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn no_colour_keeps_words_and_symbols() {
    let mut terminal = Terminal::start_with(&[], 130, 40, &[("NO_COLOR", "1")]);
    terminal.wait("both Regions serving", |screen| screen.matches("● SERVING").count() >= 2);
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    for colour in ["\x1b[38;5;", "\x1b[38;2;", "\x1b[48;5;", "\x1b[48;2;"] {
        assert!(!raw.contains(colour), "{colour:?} was written");
    }
    // What crossterm writes for a colour when NO_COLOR is left to it: resets that undo modifiers.
    assert!(!raw.contains("\x1b[m") && !raw.contains("\x1b[;m"), "bare resets were written");
    assert!(terminal.reversed("▸ us-east-1"), "the selection is not reversed:\n{}", terminal.text());
    terminal.send(QUIT);
    terminal.ended();
}
