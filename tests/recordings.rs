//! Recordings of the console: what the real binary writes, and how those of `tests/recordings/` are made.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::pty::Terminal;
use tandem::tui::record::{Log, Replay};
use tandem::tui::theme::Themes;

const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";
const DOWN: &[u8] = b"\x1b[B";

/// A path that nothing has, which is gone at the end of the test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = Self(std::env::temp_dir().join(format!("tandem-{}-{name}.jsonl", std::process::id())));
        let _ = std::fs::remove_file(&place.0);
        place
    }

    fn replay(&self) -> Replay<BufReader<std::fs::File>> {
        let file = BufReader::new(std::fs::File::open(&self.0).unwrap());
        Replay::of(Log::open(self.0.display().to_string(), file).unwrap())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn record(to: &Path, columns: u16, rows: u16) -> Terminal {
    Terminal::start(&["--record", to.to_str().unwrap()], columns, rows)
}

/// The screen as it is now, as lines of text.
fn shown(replay: &Replay<impl BufRead>) -> String {
    let buffer = replay.frame(&Themes::built_in());
    let rows = buffer.content.chunks(usize::from(buffer.area.width));
    lines(&rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>() + "\n").collect::<String>())
}

/// Without the blanks at their ends.
fn lines(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_string()
}

/// The last frame of a recording.
fn last_frame(mut replay: Replay<impl BufRead>) -> String {
    while replay.step().unwrap() {}
    assert!(!replay.cut(), "the last line is cut off");
    shown(&replay)
}

#[test]
fn a_recording_gives_every_screen_again() {
    let place = Place::new("quit");
    let mut terminal = record(&place.0, 120, 30);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    let mut seen = vec![];
    for keys in ["?", "\x1b", "t", "\x1b", "2"] {
        terminal.type_keys(keys);
        terminal.drain(Duration::from_millis(300));
        seen.push(lines(&terminal.text()));
    }
    terminal.send(b"\x03");
    assert_eq!(terminal.ended(), 0);
    let mut replay = place.replay();
    let mut frames = std::collections::BTreeSet::new();
    while replay.step().unwrap() {
        frames.insert(shown(&replay));
    }
    // what was read from the terminal may have been half a frame, now and then
    let again = seen.iter().filter(|screen| frames.contains(*screen)).count();
    assert!(again + 1 >= seen.len(), "{again} of {} screens are in the recording; {}", seen.len(), seen.join("\n"));
}

#[test]
fn a_signal_leaves_a_whole_recording() {
    let place = Place::new("term");
    let mut terminal = record(&place.0, 100, 30);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    terminal.signal("TERM");
    terminal.ended();
    let played = last_frame(place.replay());
    assert!(played.matches("SERVING").count() >= 2, "{played}");
}

#[test]
fn a_process_that_was_killed_leaves_what_it_took_in() {
    let place = Place::new("kill");
    let mut terminal = record(&place.0, 100, 30);
    terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
    terminal.drain(Duration::from_secs(1));
    terminal.signal("KILL");
    terminal.ended();
    let mut replay = place.replay();
    while replay.step().unwrap() {}
    assert!(replay.at() > Duration::from_secs(1) && replay.model().snapshot.is_some());
}

#[test]
fn a_file_that_exists_is_refused_before_the_screen_opens() {
    let place = Place::new("exists");
    std::fs::write(&place.0, "mine").unwrap();
    let mut terminal = record(&place.0, 100, 30);
    assert_eq!(terminal.ended(), 64);
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert!(raw.contains("is there already: a recording overwrites nothing") && !raw.contains("\x1b[?1049h"), "{raw}");
    assert_eq!(std::fs::read_to_string(&place.0).unwrap(), "mine");
}

#[test]
fn only_the_console_is_recorded() {
    let place = Place::new("verb");
    let tandem = || std::process::Command::new(env!("CARGO_BIN_EXE_tandem"));
    let path = place.0.to_str().unwrap();
    for arguments in [vec!["--record", path], vec!["--record", path, "themes"]] {
        let output = tandem().args(&arguments).current_dir(std::env::temp_dir()).output().unwrap();
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("only the console is recorded"), "{output:?}");
        assert!(!place.0.exists());
    }
}

/// Makes `tests/recordings/*.jsonl` anew: `cargo test --test recordings -- --ignored`. The pictures are
/// drawn from them: `UPDATE_SCREENSHOTS=1 cargo test --lib tui::tests::pictures` afterwards.
#[test]
#[ignore = "it writes the recordings that are kept"]
fn make_recordings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    std::fs::create_dir_all(&folder).unwrap();
    let begin = |name: &str, rows: u16| {
        let path = folder.join(name).with_extension("jsonl");
        let _ = std::fs::remove_file(&path);
        let mut terminal = record(&path, 120, rows);
        terminal.wait("both Regions serving", |screen| screen.matches("SERVING").count() >= 2);
        terminal.drain(Duration::from_secs(3));
        terminal
    };
    let end = |mut terminal: Terminal| {
        terminal.send(b"q");
        assert_eq!(terminal.ended(), 0);
    };

    end(begin("overview", 30));

    let mut terminal = begin("region-lost", 30);
    lose_a_region(&mut terminal);
    terminal.drain(Duration::from_secs(9));
    end(terminal);

    let mut terminal = begin("failover", 36);
    lose_a_region(&mut terminal);
    terminal.wait_for("NOT PROVEN");
    terminal.drain(Duration::from_secs(2));
    terminal.type_keys("f");
    terminal.wait("a plan", |screen| screen.contains("eu-west-1 to confirm") || screen.contains("DATA LOSS"));
    terminal.drain(Duration::from_secs(1));
    terminal.type_keys("eu-west-1");
    terminal.drain(Duration::from_secs(1));
    terminal.send(ENTER);
    terminal.wait("the end of the failover", |screen| screen.contains("completed ─╮"));
    terminal.wait("the other Region again", |screen| screen.contains("◇ EVACUATED us-east-1"));
    terminal.drain(Duration::from_secs(2));
    end(terminal);
}

/// Breaks us-east-1 by F17, the way a hand does.
fn lose_a_region(terminal: &mut Terminal) {
    terminal.type_keys("!");
    terminal.wait_for("F1 ");
    for _ in 0..60 {
        if terminal.text().contains("▸   F17 ") {
            break;
        }
        terminal.send(DOWN);
        terminal.drain(Duration::from_millis(60));
    }
    terminal.send(ENTER);
    terminal.drain(Duration::from_secs(1));
    terminal.send(ESCAPE);
    terminal.wait_for("UNKNOWN");
}
