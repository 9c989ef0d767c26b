//! Everything that the screen shows, and where its operator is on it.

use super::actions::keymap::Keymap;
use super::keys::Key;
use super::pages::table::Sort;
use crate::fault::FaultBoard;
use crate::model::event::{Event, Severity};
use crate::model::json::float;
use crate::model::operation::{Operation, RunState};
use crate::model::plan::{Kind, Plan};
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tui_input::Input;

/// A line of text that is edited.
#[derive(Debug, Clone, Default)]
pub struct Field(pub Input);

impl Field {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Input::new(text.into()))
    }

    pub fn value(&self) -> &str {
        self.0.value()
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        (self.0.value(), self.0.cursor()) == (other.0.value(), other.0.cursor())
    }
}

/// What kind of world the console looks at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Mode {
    /// The simulator in this process.
    Simulated {
        seed: u64,
        #[serde(with = "float")]
        speed: f64,
    },
    /// A simulator or emulator behind a URL; `faults` when it can be broken from here.
    Served {
        endpoint: String,
        faults: bool,
    },
    Aws,
}

/// Own notices that are kept for the Events pane.
const MOST_NOTICES: usize = 100;
/// How many ticks the newest notice stays on the hint line.
const NOTICE_TICKS: u8 = 8;

/// A line that the console says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub severity: Severity,
    pub text: String,
    /// Ticks that it stays on the hint line; bad news stays until a key is pressed.
    pub ticks: Option<u8>,
}

/// The state of the console.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub mode: Mode,
    pub writable: bool,
    pub stack: String,
    pub environment: String,
    /// In the order of the columns.
    pub regions: Vec<String>,
    /// The selected Region, by name: columns may change under it.
    pub selected: String,
    /// The pane that is pointed at.
    pub pane: Pane,
    /// The line of the Region's column that is pointed at.
    pub topic: Topic,
    pub snapshot: Option<Arc<Snapshot>>,
    /// Oldest first.
    pub operations: Arc<Vec<Operation>>,
    /// The last answer of the lever, if it was ever asked.
    pub faults: Option<Result<FaultBoard, String>>,
    /// The last is on top and has the keys.
    pub overlays: Vec<Overlay>,
    pub events_scroll: usize,
    /// What the console said itself, newest first.
    pub own_events: VecDeque<Event>,
    pub notice: Option<Notice>,
    /// Bad news up to here has been seen on the page of events.
    pub read: Timestamp,
    /// What came while the screen was frozen.
    pub frozen: Option<Box<Held>>,
    /// The stack's time at the last tick.
    pub now: Timestamp,
    pub themes: Vec<String>,
    pub theme: String,
    pub width: u16,
    pub height: u16,
    pub focused: bool,
    pub keymap: Arc<Keymap>,
    /// Keys of a chord that has begun.
    pub pending: Vec<Key>,
    /// What was done by the palette, newest first.
    pub history: Vec<String>,
    /// The zone of the operator's clock, when it is shown.
    pub zone: TimeZone,
    pub local_time: bool,
    /// When the last key came, whatever it did.
    pub last_key: Option<Duration>,
}

/// Something that lies over the panes and has the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// A plan was asked for and has not come.
    Planning {
        kind: Kind,
        region: String,
    },
    Plan(Box<PlanReview>),
    Scale(ScalePrompt),
    Faults(FaultMenu),
    Help {
        scroll: usize,
    },
    Zoom(Zoom),
    Operation {
        id: u64,
        scroll: usize,
    },
    Ask(Ask),
    Themes(ThemePicker),
    Palette(Palette),
    /// A row in full.
    Card(Card),
}

/// A row in full, or only the line for a shell that tells the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// Names of columns and what stands in them.
    pub facts: Vec<(String, String)>,
    /// Empty when no command of AWS tells it.
    pub command: String,
}

/// A page, and what is pointed at on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Zoom {
    pub tab: Tab,
    /// The id of the row that is pointed at: it stays when rows come and go.
    pub row: Option<String>,
    /// Where it was, for when it is gone; without rows, how far the page is scrolled.
    pub place: usize,
    pub filter: Field,
    pub typing: bool,
    pub sort: Option<Sort>,
    /// Events: only those of this Region.
    pub only: Option<String>,
    /// Events: only this severity and worse.
    pub least: Severity,
}

impl Zoom {
    pub fn on(tab: Tab) -> Self {
        Self {
            tab,
            row: None,
            place: 0,
            filter: Field::default(),
            typing: false,
            sort: None,
            only: None,
            least: Severity::Info,
        }
    }
}

/// Everything that can be done or found, by a part of its name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    pub input: Field,
    pub place: usize,
}

/// What came while the screen stood still: only the newest of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// When it was frozen.
    pub since: Timestamp,
    pub now: Timestamp,
    pub snapshot: Option<Arc<Snapshot>>,
    pub operations: Option<Arc<Vec<Operation>>>,
}

/// A part of the screen that can be pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pane {
    Traffic,
    Regions,
    Operations,
    Events,
}

impl Pane {
    pub const ALL: [Pane; 4] = [Pane::Traffic, Pane::Regions, Pane::Operations, Pane::Events];
}

/// What a line of a Region's column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Topic {
    Tasks,
    Balancer,
    Load,
    Aurora,
    Sessions,
    Dns,
    Switch,
    Checks,
    Users,
}

impl Topic {
    pub const ALL: [Topic; 9] = [
        Topic::Tasks,
        Topic::Balancer,
        Topic::Load,
        Topic::Aurora,
        Topic::Sessions,
        Topic::Dns,
        Topic::Switch,
        Topic::Checks,
        Topic::Users,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Topic::Tasks => "Tasks",
            Topic::Balancer => "ALB",
            Topic::Load => "Load",
            Topic::Aurora => "Aurora",
            Topic::Sessions => "Sessions",
            Topic::Dns => "DNS",
            Topic::Switch => "Switch",
            Topic::Checks => "Checks",
            Topic::Users => "Users",
        }
    }

    /// The page that tells more of it.
    pub fn page(self) -> Tab {
        match self {
            Topic::Tasks => Tab::Tasks,
            Topic::Balancer => Tab::Targets,
            Topic::Aurora => Tab::Database,
            Topic::Sessions => Tab::Sessions,
            Topic::Dns | Topic::Switch | Topic::Checks => Tab::Dns,
            Topic::Load | Topic::Users => Tab::Traffic,
        }
    }
}

/// The list of themes. What is pointed at is the model's theme already.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ThemePicker {
    /// What Esc goes back to.
    pub before: String,
    pub filter: Field,
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    Tasks,
    Database,
    Sessions,
    Targets,
    Dns,
    Traffic,
    Events,
}

impl Tab {
    /// In the order of their keys.
    pub const ALL: [Tab; 7] =
        [Tab::Tasks, Tab::Database, Tab::Sessions, Tab::Targets, Tab::Dns, Tab::Traffic, Tab::Events];

    pub fn title(self) -> &'static str {
        match self {
            Tab::Tasks => "tasks",
            Tab::Database => "database",
            Tab::Sessions => "sessions",
            Tab::Targets => "targets",
            Tab::Dns => "dns",
            Tab::Traffic => "traffic",
            Tab::Events => "events",
        }
    }

    /// Whether it shows the selected Region, and not the whole stack.
    pub fn of_region(self) -> bool {
        matches!(self, Tab::Tasks | Tab::Database | Tab::Sessions | Tab::Targets)
    }
}

/// A plan before the operator, with what was typed so far.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanReview {
    pub plan: Plan,
    /// Of the plan as shown.
    pub hash: String,
    pub made: Timestamp,
    pub confirm: Confirm,
    pub scroll: usize,
    /// Whether calls are shown as lines for a shell.
    pub cli: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScalePrompt {
    pub region: String,
    pub now: Option<u32>,
    pub input: Field,
}

/// What the fault menu points at; `Kind` and `Active` by id, so that a new board moves nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FaultMenu {
    pub chosen: Option<FaultChoice>,
    pub region: usize,
    pub duration: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultChoice {
    Kind(String),
    Active(u64),
}

/// A question about a failed or running operation that must be answered by typing.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub operation: u64,
    pub what: Asked,
    /// The Region of the operation.
    pub region: String,
    pub confirm: Confirm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Retry,
    /// The typed text is the reason.
    Skip,
    Cancel,
}

/// A field that confirms something dangerous: keys that come as a burst do not count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Confirm {
    pub input: Field,
    /// The text before the last key that counted: where a burst takes it back to.
    pub before: String,
    /// Why the last input did not count.
    pub note: Option<String>,
}

impl Model {
    pub fn say(&mut self, severity: Severity, text: impl Into<String>) {
        let text = crate::model::text::clean(&text.into());
        self.own_events.push_front(Event { at: self.now, severity, region: None, text: text.clone() });
        self.own_events.truncate(MOST_NOTICES);
        let ticks = (severity < Severity::Warn).then_some(NOTICE_TICKS);
        self.notice = Some(Notice { severity, text, ticks });
    }

    /// Says it on the hint line only.
    pub fn hint(&mut self, severity: Severity, text: impl Into<String>) {
        self.notice = Some(Notice { severity, text: text.into(), ticks: Some(NOTICE_TICKS) });
    }

    /// The column of the selected Region.
    pub fn column(&self) -> usize {
        self.regions.iter().position(|name| *name == self.selected).unwrap_or(0)
    }

    /// The operation that is open, else the newest.
    pub fn operation(&self) -> Option<&Operation> {
        self.operations.iter().rev().find(|run| !run.state.over()).or(self.operations.last())
    }

    pub fn operation_by(&self, id: u64) -> Option<&Operation> {
        self.operations.iter().find(|run| run.id == id)
    }

    /// Operations that wait for the operator.
    pub fn waiting(&self) -> usize {
        self.operations.iter().filter(|run| run.state == RunState::PausedByFailedStep).count()
    }

    /// Events of the stack and of the console, newest first.
    pub fn events(&self) -> Vec<&Event> {
        let mut events: Vec<&Event> = self.all_events().collect();
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        events
    }

    /// Warnings and worse that came since the page of events was last open.
    pub fn unread(&self) -> usize {
        self.all_events().filter(|event| event.severity >= Severity::Warn && event.at > self.read).count()
    }

    fn all_events(&self) -> impl Iterator<Item = &Event> {
        self.snapshot.iter().flat_map(|snapshot| &snapshot.events).chain(&self.own_events)
    }

    /// Whether this world can be broken from here.
    pub fn breakable(&self) -> bool {
        matches!(self.mode, Mode::Simulated { .. } | Mode::Served { faults: true, .. })
    }
}
