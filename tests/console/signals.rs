//! Signals, and terminals that go away.

use crate::serving;
use crate::support::pty::Terminal;

#[test]
fn signals_end_it_and_give_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        let mut terminal = Terminal::start(&[], 100, 30);
        terminal.wait_for("SERVING");
        terminal.signal(signal);
        terminal.ended();
        terminal.assert_given_back();
    }
}

#[test]
fn a_signal_ends_it_before_anything_was_seen() {
    let mut terminal = Terminal::start(&[], 100, 30);
    terminal.wait_for("SIMULATED");
    terminal.signal("TERM");
    terminal.ended();
    terminal.assert_given_back();
}

#[test]
fn a_lost_terminal_ends_the_process() {
    let mut terminal = Terminal::start(&[], 100, 30);
    terminal.wait("both Regions serving", serving);
    terminal.vanish();
    terminal.ended();
}

/// The hangup goes to the session of the terminal.
#[test]
fn a_lost_terminal_ends_a_process_that_hears_no_hangup() {
    let Some(mut terminal) = Terminal::start_elsewhere(100, 30) else { return };
    terminal.wait("both Regions serving", serving);
    terminal.vanish();
    terminal.wait_gone();
}
