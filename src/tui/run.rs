//! The console's thread: takes messages, updates, draws. It waits for nothing but the next message.

use super::actions::keymap::Keymap;
use super::clipboard;
use super::input::{Heard, Reader};
use super::memory::Memory;
use super::model::{Mode, Model};
use super::msg::{Cmd, Msg};
use super::pace::Pace;
use super::record::{Head, Recorder, VERSION};
use super::suspend::{Absence, Gate};
use super::terminal::Terminal;
use super::theme::{Depth, Theme, Themes};
use super::update::update;
use super::view::hits::Hits;
use super::view::view;
use super::watchdog;
use crate::host::Clock;
use crate::model::event::Severity;
use crate::model::operation::Operation;
use crate::model::stack::Stack;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// Between two frames at least.
pub(super) const FRAME: Duration = Duration::from_millis(33);
/// Ages and the clock move this often.
pub(super) const TICK: Duration = Duration::from_secs(1);
/// How long the reader of keys waits before it looks whether the console has ended.
const POLL: Duration = Duration::from_millis(100);
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
    pub keymap: Keymap,
    /// Of the machine, for the clock beside UTC.
    pub zone: TimeZone,
    /// Whether the mouse is listened to; without, the terminal selects text with it.
    pub mouse: bool,
    /// Whether the terminal is inside tmux.
    pub tmux: bool,
    /// How the operator left the console of this stack.
    pub memory: Memory,
    /// Keeps it for the next session.
    pub remember: Box<dyn FnOnce(&Memory) + Send>,
}

impl Setup {
    /// A read-only console of the stack as it looks without any configuration.
    pub fn of(stack: &Stack, mode: Mode, clock: Clock) -> Self {
        Self {
            mode,
            writable: false,
            stack: stack.name.clone(),
            environment: stack.environment.clone(),
            regions: stack.regions.clone(),
            themes: Themes::built_in(),
            theme: "dark".into(),
            depth: Depth::True,
            clock,
            keymap: Keymap::default(),
            zone: TimeZone::UTC,
            mouse: true,
            tmux: false,
            memory: Memory::default(),
            remember: Box::new(|_| {}),
        }
    }

    /// What the console begins with, in a terminal of this size.
    pub fn head(&self, width: u16, height: u16) -> Head {
        Head {
            tandem_recording: VERSION,
            tandem: env!("CARGO_PKG_VERSION").into(),
            mode: self.mode.clone(),
            writable: self.writable,
            stack: self.stack.clone(),
            environment: self.environment.clone(),
            regions: self.regions.clone(),
            themes: self.themes.names(),
            theme: self.themes.named(&self.theme).name,
            warnings: self.themes.warnings.iter().map(ToString::to_string).collect(),
            width,
            height,
            began: self.clock.now(),
            keys: self.keymap.changes(),
            memory: self.memory.clone(),
            zone: self.zone.iana_name().map(String::from),
        }
    }

    /// The model of the first frame, before anything was seen.
    pub fn model(&self, width: u16, height: u16) -> Model {
        self.head(width, height).model()
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
/// thread of its own. Commands that find no room are not sent, and the operator is told. With a recorder,
/// every message that is taken in is recorded.
///
/// # Errors
/// When there is no terminal, or it cannot be written to any more.
pub fn run(setup: Setup, inbox: Receiver<Msg>, commands: Sender<Cmd>, recorder: Option<Recorder>) -> io::Result<()> {
    let pace = Pace::begin();
    let mut terminal = Terminal::enter(setup.mouse)?;
    watchdog::watch()?;
    let (sender, messages) = sync_channel(BOUND);
    let (over, gate) = (Arc::new(AtomicBool::new(false)), Arc::new(Gate::new()));
    listen(sender.clone(), pace, Arc::clone(&over), Arc::clone(&gate))?;
    forward(inbox, sender)?;
    let area = terminal.area();
    let head = setup.head(area.width, area.height);
    let model = head.model();
    if let Some(recorder) = &recorder {
        recorder.begin(head);
    }
    let theme = setup.themes.named(&model.theme).at_depth(setup.depth);
    // The simulator in this process stops with it; the others go on.
    let clock = matches!(setup.mode, Mode::Simulated { .. }).then(|| setup.clock.clone());
    let mut console = Console {
        theme,
        setup,
        model,
        commands,
        hits: Hits::default(),
        untold: String::new(),
        recorder,
        pace,
        absence: Absence::new(gate, clock),
    };
    let result = console.until_quit(&mut terminal, &messages);
    over.store(true, Ordering::SeqCst);
    (console.setup.remember)(&Memory::of(&console.model));
    result
}

/// Reads the terminal on a thread of its own, so that the time of a key is when it came; until it is over.
pub(super) fn listen<M: From<Msg> + Send + 'static>(
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
pub(super) fn forward<M: Send + 'static>(from: Receiver<M>, to: SyncSender<Heard<M>>) -> io::Result<()> {
    std::thread::Builder::new().name("tandem-inbox".into()).spawn(move || {
        while let Ok(msg) = from.recv() {
            if to.send(Heard::Msg(msg)).is_err() {
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
    /// What can be clicked on, on the screen as it is.
    hits: Hits,
    /// What the terminal must be told beside the screen.
    untold: String,
    /// Until it has stopped.
    recorder: Option<Recorder>,
    pace: Pace,
    absence: Absence,
}

/// What comes after a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Suspend,
    Quit,
}

impl Console {
    fn until_quit(&mut self, terminal: &mut Terminal, messages: &Receiver<Heard>) -> io::Result<()> {
        let pace = self.pace;
        self.draw(terminal)?;
        let (mut drawn, mut ticked, mut dirty) = (pace.passed(), pace.passed(), false);
        loop {
            let now = pace.passed();
            let tick = (ticked + TICK).saturating_sub(now);
            let draws = dirty && self.absence.here();
            let wait = if draws { tick.min((drawn + FRAME).saturating_sub(now)) } else { tick };
            let mut pressed = false;
            match messages.recv_timeout(wait) {
                Ok(first) => {
                    let batch = std::iter::once(first).chain(messages.try_iter().take(BATCH));
                    for heard in batch {
                        let Some(msg) = self.meant(heard) else { continue };
                        if self.absence.ignores(&msg) {
                            continue;
                        }
                        dirty = true;
                        pressed |=
                            matches!(msg, Msg::Key { .. } | Msg::Click { .. } | Msg::Wheel { .. } | Msg::Continued);
                        if self.hear(msg, terminal, pace)? == Next::Quit {
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
                if self.absence.may_return() {
                    self.come_back(terminal, pace)?;
                }
            }
            if dirty && self.absence.here() && (pressed || pace.passed().saturating_sub(drawn) >= FRAME) {
                self.draw(terminal)?;
                (drawn, dirty) = (pace.passed(), false);
            }
        }
    }

    /// What the mouse means on this screen; a click on nothing means nothing.
    fn meant(&self, heard: Heard) -> Option<Msg> {
        match heard {
            Heard::Msg(msg) => Some(msg),
            Heard::Click { column, row, at } => {
                self.hits.at(column, row).map(|target| Msg::Click { target: target.clone(), at })
            }
            Heard::Wheel { column, row, up } => Some(Msg::Wheel { target: self.hits.at(column, row).cloned(), up }),
        }
    }

    /// Takes one message in, and does what is the terminal's part of it.
    fn hear(&mut self, msg: Msg, terminal: &mut Terminal, pace: Pace) -> io::Result<Next> {
        let stopped = match &msg {
            Msg::Resize { width, height } => return terminal.resized(*width, *height).map(|()| self.take(msg)),
            Msg::Continued => return self.come_back(terminal, pace),
            Msg::Suspend => self.absence.stop(terminal, self.open().as_deref()),
            _ => match self.take(msg) {
                Next::Suspend => self.absence.ask(terminal, self.open().as_deref()),
                next => return Ok(next),
            },
        };
        if let Err(why) = stopped {
            self.say(Severity::Warn, why.to_string());
            if !self.absence.here() {
                return self.come_back(terminal, pace);
            }
        }
        Ok(Next::GoOn)
    }

    fn come_back(&mut self, terminal: &mut Terminal, pace: Pace) -> io::Result<Next> {
        Ok(match self.absence.end(terminal, pace)? {
            Some(size) => {
                self.take(size);
                // Whoever let it go on has it before them, and terminals report changes only.
                self.take(Msg::FocusGained)
            }
            None => Next::GoOn,
        })
    }

    /// The operation that is under way.
    fn open(&self) -> Option<String> {
        self.model.operation().filter(|run| !run.state.over()).map(Operation::name)
    }

    /// Updates with one message and sends what it asks for.
    fn take(&mut self, msg: Msg) -> Next {
        let mut next = Next::GoOn;
        for cmd in self.update(msg) {
            match cmd {
                Cmd::Suspend => {
                    next = Next::Suspend;
                    continue;
                }
                Cmd::Copy(text) => {
                    self.copy(&text);
                    continue;
                }
                Cmd::Quit => next = Next::Quit,
                _ => {}
            }
            if self.commands.try_send(cmd).is_err() && next != Next::Quit {
                self.say(Severity::Bad, "not sent: too much is asked for already, try again");
            }
        }
        if let Some(why) = self.recorder.as_ref().and_then(Recorder::stopped) {
            let text = format!("the recording stopped: {why}");
            self.recorder = None;
            self.say(Severity::Warn, text);
        }
        if self.theme.name != self.model.theme {
            self.theme = self.setup.themes.named(&self.model.theme).at_depth(self.setup.depth);
        }
        next
    }

    fn copy(&mut self, text: &str) {
        let (severity, text) = match clipboard::sequence(text, self.setup.tmux) {
            Ok(sequence) => {
                self.untold.push_str(&sequence);
                (Severity::Info, clipboard::said(text))
            }
            Err(why) => (Severity::Warn, why.to_string()),
        };
        self.update(Msg::Hint { severity, text });
    }

    /// Everything that changes the model comes through here, for a recording must have it.
    fn update(&mut self, msg: Msg) -> Vec<Cmd> {
        if let Some(recorder) = &self.recorder {
            recorder.add(self.pace.passed(), &msg);
        }
        update(&mut self.model, msg)
    }

    fn say(&mut self, severity: Severity, text: impl Into<String>) {
        self.update(Msg::Notice { severity, text: text.into() });
    }

    fn draw(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        if !self.untold.is_empty() {
            terminal.tell(&std::mem::take(&mut self.untold))?;
        }
        let area = terminal.area();
        let mut buffer = Buffer::empty(area);
        self.hits = view(&self.model, &self.theme, area, &mut buffer);
        terminal.show(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_that_stops_is_said_once_and_the_console_goes_on() {
        struct Full;
        impl io::Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let setup = Setup::of(&crate::config::simulated(), Mode::Aws, Clock::wall());
        let (commands, _asked) = tokio::sync::mpsc::channel(8);
        let recorder = Recorder::to(Box::new(Full)).unwrap();
        let head = setup.head(80, 24);
        let (model, theme) = (head.model(), setup.themes.named("dark"));
        recorder.begin(head);
        recorder.finish();
        let mut console = Console {
            setup,
            model,
            theme,
            commands,
            hits: Hits::default(),
            untold: String::new(),
            recorder: Some(recorder),
            pace: Pace::begin(),
            absence: Absence::new(Arc::new(Gate::new()), None),
        };
        for _ in 0..3 {
            assert_eq!(console.take(Msg::FocusGained), Next::GoOn);
        }
        let said: Vec<_> = console.model.own_events.iter().map(|event| event.text.as_str()).collect();
        assert_eq!(said, ["the recording stopped: no storage space"]);
        assert_eq!(console.model.notice.as_ref().map(|notice| notice.text.as_str()), Some(said[0]));
    }

    #[test]
    fn colours_follow_the_environment() {
        assert_eq!(depth(Some("1"), Some("truecolor")), Depth::None);
        assert_eq!(depth(Some(""), Some("truecolor")), Depth::True);
        assert_eq!(depth(None, None), Depth::Indexed);
    }
}
