//! Stopping and going on: a shell gets its terminal back, and what is typed there is not ours.
//!
//! `^Z` and SIGTSTP take one way. The terminal is given back first, then the process stops; SIGCONT takes
//! the terminal again when it is ours to take. Everything else stands still and goes on with the process.

mod gate;
mod system;

use super::msg::Msg;
use super::pace::Pace;
use super::terminal::Terminal;
use crate::host::Clock;
pub(super) use gate::Gate;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;
use system::SuspendError;

/// Where the console is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Here,
    /// The terminal is given back and the process stops.
    Stopped,
    /// The process goes on, but the terminal is the shell's.
    Background,
}

/// Whether the console is here, and what it must not listen to when it comes back.
pub(super) struct Absence {
    place: Place,
    gate: Arc<Gate>,
    /// A world in this process stands still with it.
    clock: Option<Clock>,
    /// When it came back last: keys from before were not typed for us.
    back: Duration,
}

impl Absence {
    pub fn new(gate: Arc<Gate>, clock: Option<Clock>) -> Self {
        Self { place: Place::Here, gate, clock, back: Duration::ZERO }
    }

    pub fn here(&self) -> bool {
        self.place == Place::Here
    }

    /// Whether the message is about a terminal that was somebody else's.
    pub fn ignores(&self, msg: &Msg) -> bool {
        match msg {
            Msg::Key { at, .. } | Msg::Click { at, .. } => !self.here() || *at < self.back,
            Msg::Paste(_) | Msg::Wheel { .. } | Msg::Resize { .. } | Msg::FocusLost | Msg::FocusGained => !self.here(),
            _ => false,
        }
    }

    /// `^Z`: gives the terminal back and asks the whole job to stop; the signal then comes to us as well.
    pub fn ask(&mut self, terminal: &mut Terminal, open: Option<&str>) -> Result<(), SuspendError> {
        system::possible()?;
        self.leave(terminal, open);
        Ok(system::ask()?)
    }

    /// SIGTSTP: gives the terminal back and stops.
    pub fn stop(&mut self, terminal: &mut Terminal, open: Option<&str>) -> Result<(), SuspendError> {
        self.leave(terminal, open);
        Ok(system::stop()?)
    }

    fn leave(&mut self, terminal: &mut Terminal, open: Option<&str>) {
        if self.place != Place::Here {
            return;
        }
        self.place = Place::Stopped;
        self.gate.close();
        terminal.leave();
        if let Some(open) = open {
            let _ = writeln!(io::stdout(), "tandem stops, and {open} with it: fg lets both go on");
        }
        if let Some(clock) = &self.clock {
            clock.hold(true);
        }
    }

    /// The process goes on. Tells the size of the terminal when it was taken again.
    pub fn end(&mut self, terminal: &mut Terminal, pace: Pace) -> io::Result<Option<Msg>> {
        if let Some(clock) = &self.clock {
            clock.hold(false);
        }
        if !system::foreground() {
            self.gate.close();
            self.place = Place::Background;
            return Ok(None);
        }
        self.gate.close();
        terminal.retake()?;
        self.gate.open();
        (self.place, self.back) = (Place::Here, pace.passed());
        let area = terminal.area();
        Ok(Some(Msg::Resize { width: area.width, height: area.height }))
    }

    /// A shell may have given the terminal without saying so.
    pub fn may_return(&self) -> bool {
        self.place == Place::Background && system::foreground()
    }
}
