//! The wizard as a screen: what it begins with, what it takes in, and how it is left.

use super::model::Wizard;
use super::msg::{Cmd, Msg};
use super::update::update;
use super::view::view;
use crate::host::Clock;
use crate::model::event::Severity;
use crate::tui::msg::Msg as Screen;
use crate::tui::show::{Asked, Show, Shown};
use crate::tui::theme::Theme;
use crate::tui::view::hits::Hits;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io;
use std::sync::mpsc::Receiver;
use tokio::sync::mpsc::Sender;

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
    let mut show = Show::begin(mouse)?;
    let held = in_process.then(|| clock.clone());
    let mut screen = Asking { wizard, theme, clock, commands };
    let begun = screen.wizard.begin();
    screen.carry_out(begun);
    let area = show.terminal.area();
    screen.take(Screen::Resize { width: area.width, height: area.height }.into());
    let left = show.run(&mut screen, inbox, held, tmux)?.unwrap_or(Left::Quit);
    if left == Left::ForConsole {
        show.hand_on();
    }
    Ok(left)
}

struct Asking {
    wizard: Wizard,
    theme: Theme,
    clock: Clock,
    commands: Sender<Cmd>,
}

impl Shown for Asking {
    type Msg = Msg;
    type Left = Left;

    fn of_terminal(msg: &Msg) -> Option<&Screen> {
        match msg {
            Msg::Screen(said) => Some(said),
            _ => None,
        }
    }

    fn take(&mut self, msg: Msg) -> Vec<Asked<Left>> {
        let cmds = update(&mut self.wizard, msg);
        self.carry_out(cmds)
    }

    fn say(&mut self, severity: Severity, text: String) {
        self.wizard.say(severity, text);
    }

    fn hint(&mut self, severity: Severity, text: String) {
        self.wizard.say(severity, text);
    }

    fn open(&self) -> Option<String> {
        self.wizard.running.as_ref().filter(|running| running.ended.is_none()).map(|_| "the apply".into())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer) -> Hits {
        view(&self.wizard, &self.theme, area, buffer)
    }
}

impl Asking {
    fn carry_out(&mut self, cmds: Vec<Cmd>) -> Vec<Asked<Left>> {
        let mut asked = vec![];
        for cmd in cmds {
            match cmd {
                Cmd::Suspend => asked.push(Asked::Suspend),
                Cmd::Copy(text) => asked.push(Asked::Copy(text)),
                Cmd::Console => asked.push(Asked::Leave(Left::ForConsole)),
                Cmd::Quit => asked.push(Asked::Leave(Left::Quit)),
                cmd => {
                    if self.commands.try_send(cmd).is_err() {
                        self.wizard.say(Severity::Bad, "not sent: too much is asked for already, try again");
                    }
                }
            }
        }
        asked
    }
}
