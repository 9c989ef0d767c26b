//! The console's thread: takes messages, updates, draws. It waits for nothing but the next message.

use super::model::{Mode, Model};
use super::msg::{Cmd, Msg};
use super::pace::Pace;
use super::terminal::{self, Terminal};
use super::theme::{Depth, Theme, Themes};
use super::update::update;
use super::view::view;
use super::watchdog;
use crate::host::Clock;
use crate::model::event::Severity;
use ratatui::buffer::Buffer;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// Between two frames at least.
const FRAME: Duration = Duration::from_millis(33);
/// Ages and the clock move this often.
const TICK: Duration = Duration::from_secs(1);
/// How long the reader of keys waits before it looks whether the console has ended.
const POLL: Duration = Duration::from_millis(250);
/// Messages that may wait; whoever sends more has to wait as well.
const BOUND: usize = 1024;
/// Messages that one frame takes in at most.
const BATCH: usize = 512;

/// What the console begins with.
pub struct Setup {
    pub mode: Mode,
    /// Whether anything may be changed.
    pub writable: bool,
    pub stack: String,
    pub environment: String,
    /// In the order of the columns.
    pub regions: Vec<String>,
    pub themes: Themes,
    /// Its name; an unknown one is the first.
    pub theme: String,
    pub depth: Depth,
    pub clock: Clock,
}

impl Setup {
    /// The model of the first frame, before anything was seen.
    pub fn model(&self, width: u16, height: u16) -> Model {
        let mut model = Model {
            mode: self.mode.clone(),
            writable: self.writable,
            stack: self.stack.clone(),
            environment: self.environment.clone(),
            selected: self.regions.first().cloned().unwrap_or_default(),
            regions: self.regions.clone(),
            snapshot: None,
            operations: Arc::default(),
            faults: None,
            overlays: vec![],
            events_scroll: 0,
            own_events: VecDeque::new(),
            notice: None,
            now: self.clock.now(),
            themes: self.themes.names(),
            theme: self.themes.named(&self.theme).name,
            width,
            height,
            focused: true,
            last_key: None,
        };
        for warning in &self.themes.warnings {
            model.say(Severity::Warn, warning.to_string());
        }
        model
    }
}

/// How many colours this environment asks for: `NO_COLOR` (no-color.org) and `COLORTERM`.
pub fn depth(no_color: Option<&str>, colorterm: Option<&str>) -> Depth {
    match (no_color, colorterm) {
        (Some(set), _) if !set.is_empty() => Depth::None,
        (_, Some("truecolor" | "24bit")) => Depth::True,
        _ => Depth::Indexed,
    }
}

/// Owns the terminal until the operator quits or the inbox and the terminal are gone. Must have a
/// thread of its own. Commands that find no room are not sent, and the operator is told.
///
/// # Errors
/// When there is no terminal, or it cannot be written to any more.
pub fn run(setup: Setup, inbox: Receiver<Msg>, commands: Sender<Cmd>) -> io::Result<()> {
    let pace = Pace::begin();
    let mut terminal = Terminal::enter()?;
    watchdog::watch()?;
    let (sender, messages) = sync_channel(BOUND);
    let over = Arc::new(AtomicBool::new(false));
    listen(sender.clone(), pace, Arc::clone(&over))?;
    forward(inbox, sender)?;
    let area = terminal.area();
    let model = setup.model(area.width, area.height);
    let mut console = Console { theme: setup.themes.named(&model.theme).at_depth(setup.depth), setup, model, commands };
    let result = console.until_quit(&mut terminal, &messages, pace);
    over.store(true, Ordering::SeqCst);
    result
}

/// Reads the terminal on a thread of its own, so that the time of a key is when it came.
fn listen(to: SyncSender<Msg>, pace: Pace, over: Arc<AtomicBool>) -> io::Result<()> {
    std::thread::Builder::new().name("tandem-keys".into()).spawn(move || {
        while !over.load(Ordering::SeqCst) {
            match terminal::next(POLL, || pace.passed()) {
                Ok(None) => {}
                Ok(Some(msg)) => {
                    if to.send(msg).is_err() {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    })?;
    Ok(())
}

fn forward(from: Receiver<Msg>, to: SyncSender<Msg>) -> io::Result<()> {
    std::thread::Builder::new().name("tandem-inbox".into()).spawn(move || {
        while let Ok(msg) = from.recv() {
            if to.send(msg).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

struct Console {
    setup: Setup,
    model: Model,
    theme: Theme,
    commands: Sender<Cmd>,
}

impl Console {
    fn until_quit(&mut self, terminal: &mut Terminal, messages: &Receiver<Msg>, pace: Pace) -> io::Result<()> {
        self.draw(terminal)?;
        let (mut drawn, mut ticked, mut dirty) = (pace.passed(), pace.passed(), false);
        loop {
            let now = pace.passed();
            let tick = (ticked + TICK).saturating_sub(now);
            let wait = if dirty { tick.min((drawn + FRAME).saturating_sub(now)) } else { tick };
            let mut pressed = false;
            match messages.recv_timeout(wait) {
                Ok(first) => {
                    let batch = std::iter::once(first).chain(messages.try_iter().take(BATCH));
                    for msg in batch {
                        dirty = true;
                        pressed |= matches!(msg, Msg::Key { .. });
                        if let Msg::Resize { width, height } = msg {
                            terminal.resized(width, height)?;
                        }
                        if self.take(msg) {
                            return Ok(());
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if pace.passed().saturating_sub(ticked) >= TICK {
                ticked = pace.passed();
                dirty = true;
                self.take(Msg::Tick(self.setup.clock.now()));
            }
            if dirty && (pressed || pace.passed().saturating_sub(drawn) >= FRAME) {
                self.draw(terminal)?;
                (drawn, dirty) = (pace.passed(), false);
            }
        }
    }

    /// Updates with one message and sends what it asks for; true when it was to quit.
    fn take(&mut self, msg: Msg) -> bool {
        let mut quit = false;
        for cmd in update(&mut self.model, msg) {
            quit |= cmd == Cmd::Quit;
            if self.commands.try_send(cmd).is_err() && !quit {
                self.model.say(Severity::Bad, "not sent: too much is asked for already, try again");
            }
        }
        if self.theme.name != self.model.theme {
            self.theme = self.setup.themes.named(&self.model.theme).at_depth(self.setup.depth);
        }
        quit
    }

    fn draw(&self, terminal: &mut Terminal) -> io::Result<()> {
        let area = terminal.area();
        let mut buffer = Buffer::empty(area);
        view(&self.model, &self.theme, area, &mut buffer);
        terminal.show(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_environment() {
        assert_eq!(depth(Some("1"), Some("truecolor")), Depth::None);
        assert_eq!(depth(Some(""), Some("truecolor")), Depth::True);
        assert_eq!(depth(None, None), Depth::Indexed);
    }
}
