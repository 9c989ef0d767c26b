//! `tandem --deploy` as its users have it: the real binary in a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

#[path = "../support/mod.rs"]
mod support;

mod life;
mod refused;
mod small;

use support::folder::Folder;
use support::pty::Terminal;
use support::served::Served;

const CTRL_C: &[u8] = b"\x03";
const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";
const PAGE_DOWN: &[u8] = b"\x1b[6~";
const PAGE_UP: &[u8] = b"\x1b[5~";
const CLEAR: &[u8] = b"\x15";

const IMAGE: &str = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0";

/// A desk where somebody sets up a stack: a folder for the file, and a home that remembers.
struct Desk {
    folder: Folder,
    world: Option<Served>,
}

impl Desk {
    fn new(name: &str, world: Option<Served>) -> Self {
        Self { folder: Folder::new(name), world }
    }

    fn config(&self) -> String {
        self.folder.0.join("config.toml").to_string_lossy().into_owned()
    }

    fn written(&self) -> Option<String> {
        std::fs::read_to_string(self.config()).ok()
    }

    /// The wizard in a terminal of this size.
    fn sit(&self, more: &[&str], columns: u16, rows: u16) -> Terminal {
        let (config, home) = (self.config(), self.folder.0.join("state").to_string_lossy().into_owned());
        let endpoint = self.world.as_ref().map(Served::endpoint);
        let mut arguments = vec!["--deploy", "--config", &config];
        match &endpoint {
            Some(endpoint) => arguments.extend(["--endpoint-url", endpoint]),
            None => arguments.push("--sim"),
        }
        arguments.extend(more);
        Terminal::start_with(&arguments, columns, rows, &[("XDG_STATE_HOME", &home)])
    }
}

/// From the page that is on the screen to the one with this name, one after another.
fn turn_to(terminal: &mut Terminal, wanted: &str) {
    let mut here = page(&terminal.wait("a page", |screen| page(screen).is_some())).unwrap();
    while here != wanted {
        terminal.send(PAGE_DOWN);
        let screen = terminal.wait("the next page", |screen| page(screen).is_some_and(|next| next != here));
        here = page(&screen).unwrap();
    }
}

/// The title of the frame.
fn page(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once("┏━ ")?;
    Some(rest.split_once(" ━")?.0.to_string())
}
