//! `^Z`, SIGTSTP and SIGCONT.

use crate::support::pty::Terminal;
use crate::{CTRL_Z, QUIT, serving};

#[test]
fn a_stop_signal_gives_the_terminal_back_and_going_on_takes_it_again() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("both Regions serving", serving);
    for size in [(100, 30), (130, 44)] {
        terminal.signal("TSTP");
        terminal.wait_stopped();
        terminal.assert_given_back();
        terminal.resize(size.0, size.1);
        terminal.signal("CONT");
        terminal.wait("the screen again", serving);
        terminal.assert_taken();
    }
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_stop_that_cannot_be_caught_ends_with_the_screen_drawn_anew() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("both Regions serving", serving);
    terminal.signal("STOP");
    terminal.wait_stopped();
    terminal.forget_screen();
    terminal.signal("CONT");
    // The stop may have cut a frame, whose rest comes first: only a screen drawn anew has what never changes.
    terminal.wait("the whole screen again", |screen| {
        serving(screen) && screen.contains("shop/sim") && screen.contains("q quit")
    });
    terminal.assert_taken();
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn it_can_be_ended_while_it_is_stopped() {
    let mut terminal = Terminal::start(&[], 100, 30);
    terminal.wait_for("SERVING");
    terminal.signal("TSTP");
    terminal.wait_stopped();
    terminal.signal("TERM");
    terminal.signal("CONT");
    terminal.ended();
    terminal.assert_given_back();
}

/// A stop would be for good where no shell could let it go on.
#[test]
fn without_a_shell_the_key_stops_nothing() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("both Regions serving", serving);
    terminal.send(CTRL_Z);
    terminal.wait_for("no shell is here");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

/// The console as a job of a shell; `None` where there is no shell for it.
fn in_a_shell() -> Option<Terminal> {
    let mut terminal = Terminal::start_shell(130, 40)?;
    terminal.send(b"$TANDEM\r");
    terminal.wait("both Regions serving", serving);
    Some(terminal)
}

#[test]
fn a_shell_gets_its_terminal_by_the_key_and_what_is_typed_there_is_not_ours() {
    let Some(mut terminal) = in_a_shell() else { return };
    terminal.type_keys("e");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.send(CTRL_Z);
    terminal.wait_for("Stopped");
    // Letters that are keys of the console, typed ahead of the console's return.
    terminal.send(b"echo see''n\r");
    terminal.wait_for("seen");
    terminal.send(b"fg\rus-east-1\r");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.type_keys("\x1b");
    terminal.wait("the panes and no operation", |screen| {
        !screen.contains("Evacuate us-east-1 by") && serving(screen) && screen.contains("none in this session")
    });
    terminal.send(QUIT);
    terminal.wait_given_back();
}

#[test]
fn a_job_in_the_background_waits_for_the_terminal_without_taking_it() {
    let Some(mut terminal) = in_a_shell() else { return };
    terminal.send(CTRL_Z);
    terminal.wait_for("Stopped");
    terminal.send(b"bg; echo bac''k\r");
    terminal.wait_for("back");
    terminal.send(b"kill -s CONT %1; echo agai''n\r");
    terminal.wait_for("again");
    terminal.assert_given_back();
    terminal.send(b"fg\r");
    terminal.wait("the screen again", serving);
    terminal.assert_taken();
    terminal.send(QUIT);
    terminal.wait_given_back();
}
