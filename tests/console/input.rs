//! What comes from a terminal and was not typed by its operator.

use crate::support::pty::Terminal;
use crate::{CTRL_C, ENTER, QUIT, serving};
use std::time::Duration;

/// What a terminal may say, late and unasked: colours, positions, attributes, versions, keys that nobody has.
const REPLIES: [&[u8]; 14] = [
    b"\x1b]11;rgb:dddd/ffff/eeee\x07",
    b"\x1b]10;rgb:eeee/dddd/ffff\x1b\\",
    b"\x1b]4;1;rgb:ffff/0000/0000\x07",
    b"\x1b[12;40R",
    b"\x1b[1;1R",
    b"\x1b[?62;1;2;4c",
    b"\x1b[>41;354;0c",
    b"\x1b[?1;2c",
    b"\x1b[?2026;2$y",
    b"\x1bP>|XTerm(354)\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b[?997;1n",
    b"\x1b[8;40;130t",
    b"\x1b[?31u",
];

#[test]
fn late_replies_of_a_terminal_press_no_keys() {
    let mut terminal = Terminal::start(&[], 130, 44);
    terminal.wait("both Regions serving", serving);
    for reply in REPLIES {
        terminal.send(reply);
        // In pieces, as a slow line brings them.
        let (first, rest) = reply.split_at(reply.len() / 2);
        terminal.send(first);
        terminal.drain(Duration::from_millis(30));
        terminal.send(rest);
        terminal.drain(Duration::from_millis(100));
        let screen = terminal.text();
        let hints = screen.trim_end().lines().last().unwrap_or_default();
        let what = String::from_utf8_lossy(reply).into_owned();
        assert!(
            hints.contains("d drain") && screen.contains("us-east-1 ◆"),
            "{what:?} has opened something:\n{screen}"
        );
    }
    terminal.type_keys("?");
    terminal.wait("the help", |screen| screen.contains("evacuate"));
    terminal.send(CTRL_C);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_paste_never_confirms() {
    let mut terminal = Terminal::start(&[], 130, 44);
    terminal.wait("both Regions serving", serving);
    terminal.type_keys("e");
    terminal.wait_for("Evacuate us-east-1 by switch");
    terminal.send(b"\x1b[200~us-east-1\x1b[201~");
    terminal.wait_for("pasted text does not count");
    terminal.send(ENTER);
    terminal.send(b"us-east-1\r");
    terminal.drain(Duration::from_secs(2));
    let screen = terminal.text();
    assert!(!screen.contains("EVACUATED") && screen.contains("Evacuate us-east-1 by switch"), "{screen}");
    terminal.send(CTRL_C);
    terminal.ended();
}

/// A cat on the keyboard: whatever it opens, nothing is confirmed and the console lives.
#[test]
fn a_burst_of_keys_confirms_nothing() {
    let mut terminal = Terminal::start(&[], 130, 44);
    terminal.wait("both Regions serving", serving);
    for burst in ["eus-east-1\r", "\x1bdus-east-1\r", "\x1bs5\r\rus-east-1\r", "\x1b\x1b\x1brus-east-1\r\r"] {
        terminal.send(burst.repeat(20).as_bytes());
        terminal.drain(Duration::from_millis(500));
    }
    for _ in 0..12 {
        terminal.type_keys("\x1b");
    }
    terminal.wait("the panes and no operation", |screen| serving(screen) && screen.contains("none in this session"));
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_storm_of_resizes_ends_with_the_last_size() {
    let mut terminal = Terminal::start(&[], 5, 2);
    let mut size = 7_u16;
    for turn in 0..50 {
        size = size.wrapping_mul(75).wrapping_add(74);
        let (columns, rows) = if turn % 10 == 3 { (1, 1) } else { (1 + size % 220, 1 + size / 300 % 60) };
        terminal.resize(columns, rows);
        terminal.drain(Duration::from_millis(u64::from(size % 40)));
    }
    terminal.resize(130, 40);
    terminal.wait("both Regions serving", serving);
    terminal.send(QUIT);
    assert_eq!(terminal.ended(), 0);
}
