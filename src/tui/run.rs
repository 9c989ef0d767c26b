//! The console as a screen: what it begins with, what it takes in, and what it asks for.

use super::actions::keymap::Keymap;
use super::memory::Memory;
use super::model::{Mode, Model};
use super::msg::{Cmd, Msg};
use super::pace::Pace;
use super::record::{Head, Recorder, VERSION};
use super::show::{Asked, Show, Shown};
use super::theme::{Depth, Theme, Themes};
use super::update::update;
use super::view::hits::Hits;
use super::view::view;
use crate::host::Clock;
use crate::model::event::Severity;
use crate::model::operation::Operation;
use crate::model::stack::Stack;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io;
use std::sync::mpsc::Receiver;
use tokio::sync::mpsc::Sender;

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
    let mut show = Show::begin(setup.mouse)?;
    let area = show.terminal.area();
    let head = setup.head(area.width, area.height);
    let model = head.model();
    if let Some(recorder) = &recorder {
        recorder.begin(head);
    }
    let theme = setup.themes.named(&model.theme).at_depth(setup.depth);
    // The simulator in this process stops with it; the others go on.
    let clock = matches!(setup.mode, Mode::Simulated { .. }).then(|| setup.clock.clone());
    let tmux = setup.tmux;
    let mut console = Console { theme, setup, model, commands, recorder, pace: show.pace() };
    let result = show.run(&mut console, inbox, clock, tmux);
    (console.setup.remember)(&Memory::of(&console.model));
    result.map(drop)
}

struct Console {
    setup: Setup,
    model: Model,
    theme: Theme,
    commands: Sender<Cmd>,
    /// Until it has stopped.
    recorder: Option<Recorder>,
    pace: Pace,
}

impl Shown for Console {
    type Msg = Msg;
    type Left = ();

    fn of_terminal(msg: &Msg) -> Option<&Msg> {
        Some(msg)
    }

    /// Updates with one message and sends what it asks for.
    fn take(&mut self, msg: Msg) -> Vec<Asked<()>> {
        let mut asked = vec![];
        for cmd in self.update(msg) {
            match cmd {
                Cmd::Suspend => asked.push(Asked::Suspend),
                Cmd::Copy(text) => asked.push(Asked::Copy(text)),
                cmd => {
                    let quits = cmd == Cmd::Quit;
                    let sent = self.commands.try_send(cmd).is_ok();
                    if quits {
                        asked.push(Asked::Leave(()));
                    } else if !sent {
                        self.say(Severity::Bad, "not sent: too much is asked for already, try again".into());
                    }
                }
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
        asked
    }

    fn say(&mut self, severity: Severity, text: String) {
        self.update(Msg::Notice { severity, text });
    }

    fn hint(&mut self, severity: Severity, text: String) {
        self.update(Msg::Hint { severity, text });
    }

    fn open(&self) -> Option<String> {
        self.model.operation().filter(|run| !run.state.over()).map(Operation::name)
    }

    fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer) -> Hits {
        view(&self.model, &self.theme, area, buffer)
    }
}

impl Console {
    /// Everything that changes the model comes through here, for a recording must have it.
    fn update(&mut self, msg: Msg) -> Vec<Cmd> {
        if let Some(recorder) = &self.recorder {
            recorder.add(self.pace.passed(), &msg);
        }
        update(&mut self.model, msg)
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
        let mut console = Console { setup, model, theme, commands, recorder: Some(recorder), pace: Pace::begin() };
        for _ in 0..3 {
            assert_eq!(console.take(Msg::FocusGained), []);
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
