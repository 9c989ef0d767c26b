//! The loop of a screen's thread, whichever screen has the terminal: it takes messages in, lets the screen update,
//! and draws. It waits for nothing but the next message.

use super::clipboard;
use super::input::{Heard, Reader};
use super::msg::Msg;
use super::pace::Pace;
use super::suspend::{Absence, Gate};
use super::terminal::Terminal;
use super::view::hits::Hits;
use super::watchdog;
use crate::host::Clock;
use crate::model::event::Severity;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two frames at least.
const FRAME: Duration = Duration::from_millis(33);
/// Ages and the clock move this often.
const TICK: Duration = Duration::from_secs(1);
/// How long the reader of keys waits before it looks whether the screen has ended.
const POLL: Duration = Duration::from_millis(100);
/// Messages that may wait; whoever sends more has to wait as well.
const BOUND: usize = 1024;
/// Messages that one frame takes in at most.
const BATCH: usize = 512;

/// A screen that can have the terminal.
pub(super) trait Shown {
    /// What it takes in. What the terminal says is a [`Msg`] in it.
    type Msg: From<Msg> + Send + 'static;
    /// How it is left.
    type Left;

    /// What the terminal said, if it was the terminal.
    fn of_terminal(msg: &Self::Msg) -> Option<&Msg>;
    /// Updates with one message, and tells what it asks of the terminal.
    fn take(&mut self, msg: Self::Msg) -> Vec<Asked<Self::Left>>;
    /// Tells the operator, and keeps it.
    fn say(&mut self, severity: Severity, text: String);
    /// Tells the operator in passing.
    fn hint(&mut self, severity: Severity, text: String);
    /// What is under way, and would go on without an operator.
    fn open(&self) -> Option<String>;
    fn now(&self) -> Timestamp;
    fn draw(&self, area: Rect, buffer: &mut Buffer) -> Hits;
}

/// What a screen asks of the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked<L> {
    Suspend,
    Copy(String),
    Leave(L),
}

/// The terminal, taken for a screen.
pub(super) struct Show {
    pub terminal: Terminal,
    pace: Pace,
    over: Arc<AtomicBool>,
    gate: Arc<Gate>,
    keys: Option<JoinHandle<()>>,
}

/// What comes after a message.
enum Next<L> {
    GoOn,
    Suspend,
    Leave(L),
}

impl Show {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When there is none.
    pub fn begin(mouse: bool) -> io::Result<Self> {
        let pace = Pace::begin();
        let terminal = Terminal::enter(mouse)?;
        watchdog::watch()?;
        Ok(Self { terminal, pace, over: Arc::new(AtomicBool::new(false)), gate: Arc::new(Gate::new()), keys: None })
    }

    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Shows the screen until it is left; `None`: keys and inbox are gone. `clock` is held while the process is stopped:
    /// that of a world which stops with it.
    ///
    /// # Errors
    /// When the terminal cannot be written to any more.
    pub fn run<S: Shown>(
        &mut self,
        screen: &mut S,
        inbox: Receiver<S::Msg>,
        clock: Option<Clock>,
        tmux: bool,
    ) -> io::Result<Option<S::Left>> {
        let (sender, messages) = sync_channel(BOUND);
        self.keys = Some(listen(sender.clone(), self.pace, Arc::clone(&self.over), Arc::clone(&self.gate))?);
        forward(inbox, sender)?;
        let mut running = Running {
            screen,
            terminal: &mut self.terminal,
            hits: Hits::default(),
            untold: String::new(),
            pace: self.pace,
            absence: Absence::new(Arc::clone(&self.gate), clock),
            tmux,
        };
        let left = running.until_left(&messages);
        self.over.store(true, Ordering::SeqCst);
        left
    }

    /// Gives the terminal to another screen of this process, which reads its keys alone.
    pub fn hand_on(self) {
        if let Some(keys) = self.keys {
            let _ = keys.join();
        }
        self.terminal.hand_on();
    }
}

struct Running<'a, S: Shown> {
    screen: &'a mut S,
    terminal: &'a mut Terminal,
    /// What can be clicked on, on the screen as it is.
    hits: Hits,
    /// What the terminal must be told beside the screen.
    untold: String,
    pace: Pace,
    absence: Absence,
    tmux: bool,
}

impl<S: Shown> Running<'_, S> {
    fn until_left(&mut self, messages: &Receiver<Heard<S::Msg>>) -> io::Result<Option<S::Left>> {
        let pace = self.pace;
        self.draw()?;
        let (mut drawn, mut ticked, mut dirty) = (pace.passed(), pace.passed(), false);
        loop {
            let now = pace.passed();
            let tick = (ticked + TICK).saturating_sub(now);
            let draws = dirty && self.absence.here();
            let wait = if draws { tick.min((drawn + FRAME).saturating_sub(now)) } else { tick };
            let mut pressed = false;
            match messages.recv_timeout(wait) {
                Ok(first) => {
                    for heard in std::iter::once(first).chain(messages.try_iter().take(BATCH)) {
                        let Some(msg) = self.meant(heard) else { continue };
                        let said = S::of_terminal(&msg);
                        if said.is_some_and(|said| self.absence.ignores(said)) {
                            continue;
                        }
                        dirty = true;
                        pressed |= said.is_some_and(is_pressed);
                        if let Next::Leave(left) = self.hear(msg)? {
                            return Ok(Some(left));
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
            if pace.passed().saturating_sub(ticked) >= TICK {
                ticked = pace.passed();
                dirty = true;
                self.take(Msg::Tick(self.screen.now()).into());
                if self.absence.may_return() {
                    self.come_back()?;
                }
            }
            if dirty && self.absence.here() && (pressed || pace.passed().saturating_sub(drawn) >= FRAME) {
                self.draw()?;
                (drawn, dirty) = (pace.passed(), false);
            }
        }
    }

    /// What the mouse means on this screen; a click on nothing means nothing.
    fn meant(&self, heard: Heard<S::Msg>) -> Option<S::Msg> {
        match heard {
            Heard::Msg(msg) => Some(msg),
            Heard::Click { column, row, at } => {
                self.hits.at(column, row).map(|target| Msg::Click { target: target.clone(), at }.into())
            }
            Heard::Wheel { column, row, up } => {
                Some(Msg::Wheel { target: self.hits.at(column, row).cloned(), up }.into())
            }
        }
    }

    /// Takes one message in, and does what is the terminal's part of it.
    fn hear(&mut self, msg: S::Msg) -> io::Result<Next<S::Left>> {
        let stopped = match S::of_terminal(&msg) {
            Some(Msg::Resize { width, height }) => {
                self.terminal.resized(*width, *height)?;
                return Ok(self.take(msg));
            }
            Some(Msg::Continued) => return self.come_back(),
            Some(Msg::Suspend) => self.absence.stop(self.terminal, self.screen.open().as_deref()),
            _ => match self.take(msg) {
                Next::Suspend => self.absence.ask(self.terminal, self.screen.open().as_deref()),
                next => return Ok(next),
            },
        };
        if let Err(why) = stopped {
            self.screen.say(Severity::Warn, why.to_string());
            if !self.absence.here() {
                return self.come_back();
            }
        }
        Ok(Next::GoOn)
    }

    fn come_back(&mut self) -> io::Result<Next<S::Left>> {
        Ok(match self.absence.end(self.terminal, self.pace)? {
            Some(size) => {
                self.take(size.into());
                // Whoever let it go on has it before them, and terminals report changes only.
                self.take(Msg::FocusGained.into())
            }
            None => Next::GoOn,
        })
    }

    fn take(&mut self, msg: S::Msg) -> Next<S::Left> {
        let mut next = Next::GoOn;
        for asked in self.screen.take(msg) {
            match asked {
                Asked::Suspend => next = Next::Suspend,
                Asked::Copy(text) => self.copy(&text),
                Asked::Leave(left) => next = Next::Leave(left),
            }
        }
        next
    }

    fn copy(&mut self, text: &str) {
        match clipboard::sequence(text, self.tmux) {
            Ok(sequence) => {
                self.untold.push_str(&sequence);
                self.screen.hint(Severity::Info, clipboard::said(text));
            }
            Err(why) => self.screen.hint(Severity::Warn, why.to_string()),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        if !self.untold.is_empty() {
            self.terminal.tell(&std::mem::take(&mut self.untold))?;
        }
        let area = self.terminal.area();
        let mut buffer = Buffer::empty(area);
        self.hits = self.screen.draw(area, &mut buffer);
        self.terminal.show(buffer)
    }
}

/// What an operator waits to see the effect of.
fn is_pressed(said: &Msg) -> bool {
    matches!(said, Msg::Key { .. } | Msg::Click { .. } | Msg::Wheel { .. } | Msg::Continued)
}

/// Reads the terminal on a thread of its own, so that the time of a key is when it came; until it is over.
fn listen<M: From<Msg> + Send + 'static>(
    to: SyncSender<Heard<M>>,
    pace: Pace,
    over: Arc<AtomicBool>,
    gate: Arc<Gate>,
) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("tandem-keys".into()).spawn(move || {
        let mut reader = Reader::new(pace);
        while !over.load(Ordering::SeqCst) {
            if !gate.reads(POLL, || reader.forget()) {
                continue;
            }
            match reader.next(POLL, || gate.counts()) {
                Ok(Some(heard)) if gate.counts() => {
                    if to.send(heard.for_screen()).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    })
}

/// What others tell the screen, on its way to the same queue as keys.
fn forward<M: Send + 'static>(from: Receiver<M>, to: SyncSender<Heard<M>>) -> io::Result<()> {
    std::thread::Builder::new().name("tandem-inbox".into()).spawn(move || {
        while let Ok(msg) = from.recv() {
            if to.send(Heard::Msg(msg)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}
