//! Everything that the screen shows, and where its operator is on it.

use crate::fault::FaultBoard;
use crate::model::event::{Event, Severity};
use crate::model::operation::{Operation, RunState};
use crate::model::plan::{Kind, Plan};
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;
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
#[derive(Debug, Clone, PartialEq)]
pub enum Mode {
    /// The simulator in this process.
    Simulated {
        seed: u64,
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
    /// Ticks that it stays on the hint line.
    pub ticks: u8,
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
    /// The stack's time at the last tick.
    pub now: Timestamp,
    pub themes: Vec<String>,
    pub theme: String,
    pub width: u16,
    pub height: u16,
    pub focused: bool,
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
    Region {
        tab: Tab,
        scroll: usize,
    },
    Operation {
        id: u64,
        scroll: usize,
    },
    Ask(Ask),
    Themes(ThemePicker),
}

/// The list of themes. What is pointed at is the model's theme already.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ThemePicker {
    /// What Esc goes back to.
    pub before: String,
    pub filter: Field,
}

/// What the details of a Region show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Tasks,
    Database,
    Sessions,
}

impl Tab {
    pub const ALL: [Tab; 3] = [Tab::Tasks, Tab::Database, Tab::Sessions];

    pub fn title(self) -> &'static str {
        match self {
            Tab::Tasks => "tasks",
            Tab::Database => "database",
            Tab::Sessions => "sessions",
        }
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
        self.hint(severity, text);
    }

    /// Says it on the hint line only.
    pub fn hint(&mut self, severity: Severity, text: impl Into<String>) {
        self.notice = Some(Notice { severity, text: text.into(), ticks: NOTICE_TICKS });
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
        let seen = self.snapshot.iter().flat_map(|snapshot| &snapshot.events);
        let mut events: Vec<&Event> = seen.chain(&self.own_events).collect();
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        events
    }

    /// Whether this world can be broken from here.
    pub fn breakable(&self) -> bool {
        matches!(self.mode, Mode::Simulated { .. } | Mode::Served { faults: true, .. })
    }
}
