//! Everything that a key can do: one table for the keymap, the palette, the hint line, the help, the man page
//! and the README.

pub mod docs;
pub mod keymap;
mod table;
mod when;

use super::model::{Model, Overlay, Pane, Tab};
use crate::model::plan::Kind;
pub use table::ACTIONS;
pub use when::Now;

/// Which part of the console has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    Main,
    Zoom,
    /// The filter of a page is being typed.
    Filter,
    Operation,
    Plan,
    Scale,
    Faults,
    Ask,
    Help,
    Planning,
    Themes,
    Palette,
    Card,
}

impl Context {
    /// Whether letters are text here.
    pub fn typing(self) -> bool {
        use Context::{Ask, Filter, Palette, Plan, Scale, Themes};
        matches!(self, Plan | Scale | Ask | Themes | Palette | Filter)
    }

    /// Where it is, for help and mistakes.
    pub fn place(self) -> &'static str {
        match self {
            Context::Main => "on the panes",
            Context::Zoom => "on a page",
            Context::Filter => "in a filter",
            Context::Operation => "in an operation",
            Context::Plan => "in a plan",
            Context::Scale => "in the number of tasks",
            Context::Faults => "in the fault menu",
            Context::Ask => "in a question",
            Context::Help => "in the help",
            Context::Planning => "while planning",
            Context::Themes => "in the list of themes",
            Context::Palette => "in the palette",
            Context::Card => "in a row",
        }
    }
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Operate(Kind),
    Faults,
    Faster,
    Slower,
    NextRegion,
    PreviousRegion,
    NextPane,
    PreviousPane,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Zoom,
    Tab(Tab),
    Filter,
    Sort,
    TurnSort,
    Severity,
    Copy,
    CopyRow,
    Row,
    Command,
    Operations,
    Palette,
    Freeze,
    LocalTime,
    Theme,
    Refresh,
    Help,
    Back,
    Quit,
    Retry,
    Skip,
    Cancel,
    ShowCommands,
    Confirm,
    EndFault,
}

/// Where the help lists an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Operate,
    Move,
    Look,
    Simulator,
    Console,
}

impl Group {
    pub const ALL: [Group; 5] = [Group::Operate, Group::Move, Group::Look, Group::Simulator, Group::Console];

    pub fn title(self) -> &'static str {
        match self {
            Group::Operate => "Operate",
            Group::Move => "Move",
            Group::Look => "Look",
            Group::Simulator => "Simulator",
            Group::Console => "Console",
        }
    }
}

/// Whether an action is possible now; if not, the words to say when its key is pressed all the same.
pub type When = fn(&Now<'_>) -> Result<(), &'static str>;

/// One row of the table.
pub struct Action {
    /// Stable, for configuration and docs.
    pub id: &'static str,
    pub title: &'static str,
    /// A word or two, for the hint line.
    pub short: &'static str,
    /// As they are written in the configuration; the first is the one that is shown. Several keys after one
    /// another have blanks between them.
    pub keys: &'static [&'static str],
    pub contexts: &'static [Context],
    pub when: When,
    /// Leads to a change of the stack, after a confirmation.
    pub danger: bool,
    pub group: Group,
    /// Whether the hint line offers it.
    pub hint: bool,
    pub act: Act,
}

impl Action {
    pub fn possible(&self, now: &Now<'_>) -> bool {
        (self.when)(now).is_ok()
    }

    /// The action with this id.
    pub fn named(id: &str) -> Option<&'static Action> {
        ACTIONS.iter().find(|action| action.id == id)
    }
}

/// Who has the keys.
pub fn context(model: &Model) -> Context {
    context_of(&model.overlays)
}

/// Who would have the keys with these overlays.
pub fn context_of(overlays: &[Overlay]) -> Context {
    match overlays.last() {
        None => Context::Main,
        Some(Overlay::Zoom(zoom)) if zoom.typing => Context::Filter,
        Some(Overlay::Zoom(_)) => Context::Zoom,
        Some(Overlay::Operation { .. }) => Context::Operation,
        Some(Overlay::Plan(_)) => Context::Plan,
        Some(Overlay::Scale(_)) => Context::Scale,
        Some(Overlay::Faults(_)) => Context::Faults,
        Some(Overlay::Ask(_)) => Context::Ask,
        Some(Overlay::Help { .. }) => Context::Help,
        Some(Overlay::Planning { .. }) => Context::Planning,
        Some(Overlay::Themes(_)) => Context::Themes,
        Some(Overlay::Palette(_)) => Context::Palette,
        Some(Overlay::Card(_)) => Context::Card,
    }
}

/// What the hint line offers: only what is possible now.
pub fn hints(model: &Model) -> impl Iterator<Item = &'static Action> {
    let (here, now) = (context(model), Now::of(model));
    let offered = move |action: &&Action| match action.act {
        // on a page its tabs have their keys beside them
        Act::Tab(_) => false,
        Act::Operations => here != Context::Main || model.pane != Pane::Operations,
        _ => action.hint,
    };
    ACTIONS.iter().filter(offered).filter(move |action| action.contexts.contains(&here) && action.possible(&now))
}
