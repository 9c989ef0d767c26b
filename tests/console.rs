//! The console as its users have it: the real binary in a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

mod support;

use std::time::Duration;
use support::pty::Terminal;

const QUIT: &[u8] = b"q";
const CTRL_C: &[u8] = b"\x03";
const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";

#[test]
fn it_opens_on_a_living_stack_and_leaves_the_terminal_as_it_was() {
    let mut terminal = Terminal::start(&[], 130, 40);
    let screen = terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    assert!(screen.contains("SIMULATED"), "{screen}");
    assert!(screen.contains("us-east-1") && screen.contains("eu-west-1"), "{screen}");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    let tail = String::from_utf8_lossy(&terminal.raw).into_owned();
    for sequence in ["\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l"] {
        assert!(tail.contains(sequence), "{sequence:?} was not written");
    }
}

#[test]
fn a_region_is_lost_evacuated_and_restored_by_keys() {
    let mut terminal = Terminal::start(&["--speed", "30"], 130, 44);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
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
fn a_paste_never_confirms() {
    let mut terminal = Terminal::start(&[], 130, 44);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    terminal.type_keys("e");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.send(b"\x1b[200~us-east-1\x1b[201~");
    terminal.send(ENTER);
    terminal.send(b"us-east-1\r");
    terminal.drain(Duration::from_secs(2));
    let screen = terminal.text();
    assert!(!screen.contains("EVACUATED") && screen.contains("Evacuate us-east-1 by switch"), "{screen}");
    terminal.send(CTRL_C);
    terminal.ended();
}

#[test]
fn read_only_refuses_and_says_how_to_write() {
    let served = support::served::Served::start(&["--speed", "10"]);
    let mut terminal = Terminal::start(&["--endpoint-url", &served.endpoint()], 130, 40);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    assert!(terminal.text().contains("READ-ONLY"), "{}", terminal.text());
    terminal.type_keys("e");
    terminal.wait_for("--write");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn tiny_terminals_and_storms_of_resizes_do_not_end_it() {
    let mut terminal = Terminal::start(&[], 5, 2);
    terminal.drain(Duration::from_secs(1));
    for size in [(1, 1), (200, 60), (40, 10), (3, 50), (80, 24), (60, 16), (130, 40)] {
        terminal.resize(size.0, size.1);
        terminal.drain(Duration::from_millis(60));
    }
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn signals_end_it_and_restore_the_terminal() {
    for signal in ["TERM", "HUP", "INT"] {
        let mut terminal = Terminal::start(&[], 100, 30);
        terminal.wait_for("SERVING");
        terminal.signal(signal);
        terminal.ended();
        let tail = String::from_utf8_lossy(&terminal.raw).into_owned();
        assert!(tail.contains("\x1b[?1049l"), "{signal} leaves the alternate screen on");
    }
}

#[test]
fn a_lost_terminal_ends_the_process() {
    let mut terminal = Terminal::start(&[], 100, 30);
    terminal.wait_for("SERVING");
    terminal.vanish();
    terminal.ended();
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
