//! Every documented key, the mouse, the clipboard, and where one left off.

use crate::support::pty::Terminal;
use crate::{CTRL_C, ENTER, ESCAPE, QUIT, serving};
use std::collections::BTreeSet;
use std::time::Duration;
use tandem::tui::actions::ACTIONS;

/// How a key is sent.
fn bytes(key: &str) -> Vec<u8> {
    match key {
        "enter" => ENTER.to_vec(),
        "esc" => ESCAPE.to_vec(),
        "tab" => b"\t".to_vec(),
        "shift-tab" => b"\x1b[Z".to_vec(),
        "space" => b" ".to_vec(),
        "up" => b"\x1b[A".to_vec(),
        "down" => b"\x1b[B".to_vec(),
        "right" => b"\x1b[C".to_vec(),
        "left" => b"\x1b[D".to_vec(),
        "home" => b"\x1b[H".to_vec(),
        "end" => b"\x1b[F".to_vec(),
        "pgup" => b"\x1b[5~".to_vec(),
        "pgdn" => b"\x1b[6~".to_vec(),
        letter => letter.as_bytes().to_vec(),
    }
}

/// An action, the keys that lead to where it is possible, and what the screen says after its own first key.
const DONE: &[(&str, &[&str], &str)] = &[
    ("drain", &[], "Drain us-east-1"),
    ("evacuate", &[], "Evacuate us-east-1"),
    ("failover", &[], "Checks"),
    ("restore", &[], "nothing to do"),
    ("scale", &[], "Scale"),
    ("keep", &[], "no failover has lost writes"),
    ("failover.forced", &[], "Checks"),
    ("rollback", &[], "there is none before it"),
    ("confirm", &["e"], "type us-east-1 to confirm"),
    ("plan.commands", &["e"], "aws elbv2"),
    ("fault.start", &["!"], "▸   F1"),
    ("fault.end", &["!", "up"], "  nothing"),
    ("faults", &[], "Break something"),
    ("operations", &[], "no operation has run yet"),
    ("zoom", &[], "Service"),
    ("tab.tasks", &[], "Service"),
    ("tab.database", &[], "Global database"),
    ("tab.sessions", &[], "Session table"),
    ("tab.targets", &[], "Load balancer"),
    ("tab.dns", &[], "Health checks"),
    ("tab.traffic", &[], "requests a second"),
    ("tab.events", &[], "every severity"),
    ("filter", &["1"], "/ "),
    ("filter.keep", &["1", "/", "R"], "/ R"),
    ("sort", &["1"], "task ↑"),
    ("sort.turn", &["1"], "task ↓"),
    ("severity", &["7"], "warnings and worse"),
    ("copy", &["1"], "copied arn:aws:ecs:us-east-1"),
    ("copy.row", &["1"], "copied "),
    ("command", &["1"], "aws ecs describe-tasks"),
    ("row", &["1"], "task "),
    ("command.copy", &["1", "c"], "copied aws ecs describe-tasks"),
    ("region.next", &[], "▸ eu-west-1"),
    ("region.previous", &[], "▸ us-east-1"),
    ("pane.next", &[], "SERVING"),
    ("pane.previous", &[], "SERVING"),
    ("tab.next", &["1"], "Global database"),
    ("tab.previous", &["2"], "Service"),
    ("up", &[], "SERVING"),
    ("down", &[], "SERVING"),
    ("page.up", &[], "SERVING"),
    ("page.down", &[], "SERVING"),
    ("first", &["1"], "Service"),
    ("last", &["1"], "Service"),
    ("faster", &[], "SIMULATED x30"),
    ("slower", &[], "SIMULATED x10"),
    ("refresh", &[], "looking at everything now"),
    ("freeze", &[], "FROZEN at"),
    ("clock", &[], "UTC"),
    ("palette", &[], "Palette"),
    ("palette.run", &[":", "d", "n", "s"], "Records"),
    ("theme", &[], "Themes"),
    ("theme.keep", &["t"], "theme dark until you quit"),
    ("help", &[], "Help"),
    ("back", &["?"], "SERVING"),
    ("close", &["?"], "SERVING"),
];

/// What is on the screen when what a key opens is there, however slow the machine is.
fn opens(key: &str) -> Option<&'static str> {
    Some(match key {
        "!" => "F31",
        "e" => "Evacuate us-east-1 by switch",
        "1" => "RUNNING",
        "2" => "Global database",
        "7" => "every severity",
        "c" => "y copies the command",
        "t" => "Themes",
        "?" => " Help ",
        ":" => "Palette",
        _ => return None,
    })
}

#[test]
fn every_documented_key_does_what_it_says() {
    let mut terminal = Terminal::start_with(&[], 130, 50, &[("TZ", "UTC")]);
    terminal.wait("both Regions serving", serving);
    for (id, way, expected) in DONE {
        let action = ACTIONS.iter().find(|action| action.id == *id).unwrap_or_else(|| panic!("no action {id}"));
        for key in *way {
            terminal.send(&bytes(key));
            terminal.drain(Duration::from_millis(100));
            if let Some(there) = opens(key) {
                terminal.wait_for(there);
            }
        }
        for key in action.keys[0].split(' ') {
            terminal.send(&bytes(key));
            terminal.drain(Duration::from_millis(100));
        }
        terminal.wait(&format!("{id}: {expected}"), |screen| screen.contains(expected));
        for _ in 0..4 {
            terminal.send(ESCAPE);
            terminal.drain(Duration::from_millis(60));
        }
        if *id == "freeze" || *id == "clock" {
            terminal.send(&bytes(action.keys[0]));
        }
        terminal.wait("the panes again", |screen| screen.contains("Operations") && screen.contains("q quit"));
    }
    let covered: BTreeSet<&str> = DONE.iter().map(|(id, ..)| *id).chain(["quit", "retry", "skip", "cancel"]).collect();
    let all: BTreeSet<&str> = ACTIONS.iter().map(|action| action.id).collect();
    assert_eq!(covered, all, "retry, skip and cancel need a failed step: see the tests of the simulation");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn what_is_copied_reaches_the_terminal_by_osc_52() {
    let mut terminal = Terminal::start_with(&[], 130, 40, &[("TMUX", "/tmp/tmux-0/default,1,0")]);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("4");
    terminal.wait_for("Targets");
    terminal.wait_for("● healthy");
    terminal.type_keys("y");
    terminal.wait_for("copied ");
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(raw.contains("\x1b]52;c;") && raw.contains("\x1bPtmux;\x1b\x1b]52;c;"), "no OSC 52 was written");
    terminal.send(CTRL_C);
    terminal.ended();
}

#[test]
fn a_click_points_a_second_one_opens_and_the_wheel_scrolls() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("all of the panes", |screen| screen.contains("6/11 places") && screen.contains("q quit"));
    // hints come and go with what the Regions do: on a frozen screen they stay where they are
    terminal.type_keys("z");
    terminal.wait_for("FROZEN at");
    terminal.drain(Duration::from_millis(500));
    let (row, column) = place(&terminal.text(), "Aurora", 1);
    let click = format!("\x1b[<0;{};{}M\x1b[<0;{0};{1}m", column + 1, row + 1);
    terminal.send(click.as_bytes());
    terminal.wait_for("▸ eu-west-1");
    terminal.send(click.as_bytes());
    terminal.wait_for("Global database");
    terminal.send(b"\x1b[<65;20;20M");
    let screen = terminal.wait_for("7 events");
    let (row, column) = place(&screen, "7 events", 0);
    terminal.send(format!("\x1b[<0;{};{}M", column + 4, row + 1).as_bytes());
    terminal.wait_for("every severity");
    terminal.drain(Duration::from_millis(500));
    let (row, column) = place(&terminal.text(), "esc back", 0);
    terminal.send(format!("\x1b[<0;{};{}M", column + 1, row + 1).as_bytes());
    terminal.wait("the panes again", |screen| screen.contains("q quit"));
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(
        raw.contains("\x1b[?1000h") && raw.rfind("\x1b[?1000l") > raw.rfind("\x1b[?1000h"),
        "the mouse is not given back"
    );
}

/// Row and column of the n-th place where the screen says this.
fn place(screen: &str, wanted: &str, n: usize) -> (usize, usize) {
    let mut found = screen.lines().enumerate().flat_map(|(row, line)| {
        let columns: Vec<usize> = line.match_indices(wanted).map(|(byte, _)| line[..byte].chars().count()).collect();
        columns.into_iter().map(move |column| (row, column))
    });
    found.nth(n).unwrap_or_else(|| panic!("no {wanted} in\n{screen}"))
}

#[test]
fn a_frozen_screen_writes_nothing() {
    let mut terminal = Terminal::start(&[], 130, 40);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("z");
    terminal.wait_for("FROZEN at");
    terminal.drain(Duration::from_millis(500));
    let before = terminal.raw.len();
    terminal.drain(Duration::from_secs(10));
    assert_eq!(terminal.raw.len(), before);
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn the_console_comes_back_to_where_it_was_left() {
    let state = std::env::temp_dir().join(format!("tandem-left-{}", std::process::id()));
    let home = state.to_string_lossy().into_owned();
    let mut terminal = Terminal::start_with(&[], 130, 40, &[("XDG_STATE_HOME", &home)]);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("l5");
    terminal.wait_for("Health checks");
    terminal.send(CTRL_C);
    terminal.ended();
    let mut terminal = Terminal::start_with(&[], 130, 40, &[("XDG_STATE_HOME", &home)]);
    terminal.wait_for("Health checks");
    terminal.send(ESCAPE);
    terminal.wait_for("▸ eu-west-1");
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
    std::fs::remove_dir_all(&state).unwrap();
}
