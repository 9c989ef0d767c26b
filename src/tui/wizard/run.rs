//! The wizard's thread: takes messages, updates, draws. It waits for nothing but the next message.

use super::model::Wizard;
use super::msg::{Cmd, Msg};
use super::update::update;
use super::view::view;
use crate::host::Clock;
use crate::model::event::Severity;
use crate::tui::clipboard;
use crate::tui::input::Heard;
use crate::tui::msg::Msg as Screen;
use crate::tui::pace::Pace;
use crate::tui::run::{FRAME, TICK, forward, listen};
use crate::tui::suspend::{Absence, Gate};
use crate::tui::terminal::Terminal;
use crate::tui::theme::Theme;
use crate::tui::view::hits::Hits;
use crate::tui::watchdog;
use ratatui::buffer::Buffer;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use tokio::sync::mpsc::Sender;

/// Messages that may wait; whoever sends more has to wait as well.
const BOUND: usize = 1024;

/// What the wizard begins with.
pub struct Setup {
    pub wizard: Wizard,
    pub theme: Theme,
    pub clock: Clock,
    /// Whether the world is in this process, and stops with it.
    pub in_process: bool,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    pub tmux: bool,
}

/// How the wizard was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Quit,
    /// For the console: the terminal is free for it.
    ForConsole,
}

/// Owns the terminal until the operator leaves, or the inbox is gone. Must have a thread of its own.
///
/// # Errors
/// When there is no terminal, or it cannot be written to any more.
pub fn run(setup: Setup, inbox: Receiver<Msg>, commands: Sender<Cmd>) -> io::Result<Left> {
    let Setup { wizard, theme, clock, in_process, mouse, tmux } = setup;
    let pace = Pace::begin();
    let mut terminal = Terminal::enter(mouse)?;
    watchdog::watch()?;
    let (sender, messages) = sync_channel(BOUND);
    let (over, gate) = (Arc::new(AtomicBool::new(false)), Arc::new(Gate::new()));
    let keys = listen(sender.clone(), pace, Arc::clone(&over), Arc::clone(&gate))?;
    forward(inbox, sender)?;
    let absence = Absence::new(gate, in_process.then(|| clock.clone()));
    let mut screen =
        Show { wizard, theme, clock, commands, hits: Hits::default(), untold: String::new(), pace, absence, tmux };
    let begun = screen.wizard.begin();
    screen.carry_out(begun);
    let left = screen.until_left(&mut terminal, &messages);
    over.store(true, Ordering::SeqCst);
    if let Ok(Left::ForConsole) = left {
        // who reads keys next must be alone
        drop(messages);
        let _ = keys.join();
        terminal.hand_on();
    }
    left
}

struct Show {
    wizard: Wizard,
    theme: Theme,
    clock: Clock,
    commands: Sender<Cmd>,
    hits: Hits,
    /// What the terminal must be told beside the screen.
    untold: String,
    pace: Pace,
    absence: Absence,
    tmux: bool,
}

/// What comes after a message.
enum Next {
    GoOn,
    Suspend,
    Leave(Left),
}

impl Show {
    fn until_left(&mut self, terminal: &mut Terminal, messages: &Receiver<Heard<Msg>>) -> io::Result<Left> {
        let area = terminal.area();
        self.take(Screen::Resize { width: area.width, height: area.height }.into());
        self.draw(terminal)?;
        let (mut drawn, mut ticked, mut dirty) = (self.pace.passed(), self.pace.passed(), false);
        loop {
            let now = self.pace.passed();
            let tick = (ticked + TICK).saturating_sub(now);
            let draws = dirty && self.absence.here();
            let wait = if draws { tick.min((drawn + FRAME).saturating_sub(now)) } else { tick };
            match messages.recv_timeout(wait) {
                Ok(first) => {
                    for heard in std::iter::once(first).chain(messages.try_iter().take(BOUND)) {
                        let Some(msg) = self.meant(heard) else { continue };
                        if matches!(&msg, Msg::Screen(screen) if self.absence.ignores(screen)) {
                            continue;
                        }
                        dirty = true;
                        if let Next::Leave(left) = self.hear(msg, terminal)? {
                            return Ok(left);
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Left::Quit),
            }
            if self.pace.passed().saturating_sub(ticked) >= TICK {
                ticked = self.pace.passed();
                dirty = true;
                self.take(Screen::Tick(self.clock.now()).into());
                if self.absence.may_return() {
                    self.come_back(terminal)?;
                }
            }
            if dirty && self.absence.here() && self.pace.passed().saturating_sub(drawn) >= FRAME {
                self.draw(terminal)?;
                (drawn, dirty) = (self.pace.passed(), false);
            }
        }
    }

    /// What the mouse means on this screen; a click on nothing means nothing.
    fn meant(&self, heard: Heard<Msg>) -> Option<Msg> {
        match heard {
            Heard::Msg(msg) => Some(msg),
            Heard::Click { column, row, at } => {
                let target = self.hits.at(column, row)?.clone();
                Some(Screen::Click { target, at }.into())
            }
            Heard::Wheel { up, .. } => Some(Screen::Wheel { target: None, up }.into()),
        }
    }

    fn hear(&mut self, msg: Msg, terminal: &mut Terminal) -> io::Result<Next> {
        let stopped = match &msg {
            Msg::Screen(Screen::Resize { width, height }) => {
                terminal.resized(*width, *height)?;
                return Ok(self.take(msg));
            }
            Msg::Screen(Screen::Continued) => return self.come_back(terminal).map(|()| Next::GoOn),
            Msg::Screen(Screen::Suspend) => self.absence.stop(terminal, self.open()),
            _ => match self.take(msg) {
                Next::Suspend => self.absence.ask(terminal, self.open()),
                next => return Ok(next),
            },
        };
        if let Err(why) = stopped {
            self.wizard.say(Severity::Warn, why.to_string());
            if !self.absence.here() {
                self.come_back(terminal)?;
            }
        }
        Ok(Next::GoOn)
    }

    fn come_back(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        if let Some(size) = self.absence.end(terminal, self.pace)? {
            self.take(size.into());
        }
        Ok(())
    }

    /// What is under way.
    fn open(&self) -> Option<&'static str> {
        self.wizard.running.as_ref().filter(|running| running.ended.is_none()).map(|_| "the apply")
    }

    fn take(&mut self, msg: Msg) -> Next {
        let cmds = update(&mut self.wizard, msg);
        self.carry_out(cmds)
    }

    fn carry_out(&mut self, cmds: Vec<Cmd>) -> Next {
        let mut next = Next::GoOn;
        for cmd in cmds {
            match cmd {
                Cmd::Suspend => next = Next::Suspend,
                Cmd::Copy(text) => self.copy(&text),
                Cmd::Console => next = Next::Leave(Left::ForConsole),
                Cmd::Quit => next = Next::Leave(Left::Quit),
                cmd => {
                    if self.commands.try_send(cmd).is_err() {
                        self.wizard.say(Severity::Bad, "not sent: too much is asked for already, try again");
                    }
                }
            }
        }
        next
    }

    fn copy(&mut self, text: &str) {
        match clipboard::sequence(text, self.tmux) {
            Ok(sequence) => {
                self.untold.push_str(&sequence);
                self.wizard.say(Severity::Info, clipboard::said(text));
            }
            Err(why) => self.wizard.say(Severity::Warn, why.to_string()),
        }
    }

    fn draw(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        if !self.untold.is_empty() {
            terminal.tell(&std::mem::take(&mut self.untold))?;
        }
        let area = terminal.area();
        let mut buffer = Buffer::empty(area);
        self.hits = view(&self.wizard, &self.theme, area, &mut buffer);
        terminal.show(buffer)
    }
}
