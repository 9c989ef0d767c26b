//! Everything that a key can do: one table for the keymap, the hint line, the help and the docs.

use super::keys::{Code, Key};
use super::model::{Mode, Model, Overlay, Tab};
use crate::model::database;
use crate::model::operation::RunState;
use crate::model::plan::Kind;

/// Which part of the console has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    Main,
    Region,
    Operation,
    Plan,
    Scale,
    Faults,
    Ask,
    Help,
    Planning,
    Themes,
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
    Up,
    Down,
    PageUp,
    PageDown,
    Details,
    Tab(Tab),
    Operations,
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
pub type When = fn(&Model) -> Result<(), &'static str>;

/// One row of the table.
pub struct Action {
    /// Stable, for configuration and docs.
    pub id: &'static str,
    pub title: &'static str,
    /// The first is the one that is shown.
    pub keys: &'static [Key],
    pub contexts: &'static [Context],
    pub when: When,
    /// Leads to a change of the stack, after a confirmation.
    pub danger: bool,
    pub group: Group,
    /// Whether the hint line offers it.
    pub hint: bool,
    pub act: Act,
}

const MAIN: &[Context] = &[Context::Main];
const MAIN_AND_REGION: &[Context] = &[Context::Main, Context::Region];
const CALM: &[Context] = &[Context::Main, Context::Region, Context::Operation, Context::Faults, Context::Help];
const OVERLAYS: &[Context] = &[
    Context::Region,
    Context::Operation,
    Context::Plan,
    Context::Scale,
    Context::Faults,
    Context::Ask,
    Context::Help,
    Context::Planning,
    Context::Themes,
];
const SCROLLS: &[Context] = &[
    Context::Main,
    Context::Region,
    Context::Operation,
    Context::Plan,
    Context::Faults,
    Context::Help,
    Context::Themes,
];
const CHOOSES_REGION: &[Context] = &[Context::Main, Context::Region, Context::Faults];
const OPERATION: &[Context] = &[Context::Operation];

const fn key(code: Code) -> Key {
    Key::of(code)
}

/// The table, in the order of the hint line.
pub const ACTIONS: &[Action] = &[
    operate("drain", "drain: ramp its users to the other Regions", &[Key::char('d')], Kind::Drain),
    operate("evacuate", "evacuate: switch its users away now", &[Key::char('e')], Kind::Evacuate),
    operate("failover", "fail over: the database's writer moves here", &[Key::char('f')], Kind::Failover).when(movable),
    operate("restore", "restore: bring its users back", &[Key::char('r')], Kind::Restore),
    operate("scale", "scale to a number of tasks", &[Key::char('s')], Kind::Scale),
    operate("keep", "keep the writes that a failover lost", &[Key::char('K')], Kind::Keep).when(keepable),
    operate(
        "failover.forced",
        "force failover: the same at once, DATA LOSS ALLOWED",
        &[Key::char('F')],
        Kind::ForcedFailover,
    )
    .when(movable),
    row("retry", "retry the failed step", &[Key::char('r')], OPERATION, paused, Group::Operate, Act::Retry).danger(),
    row("skip", "skip the failed step", &[Key::char('s')], OPERATION, paused, Group::Operate, Act::Skip).danger(),
    row("cancel", "cancel the operation", &[Key::char('x')], OPERATION, open, Group::Operate, Act::Cancel).danger(),
    row(
        "confirm",
        "confirm what was typed",
        &[key(Code::Enter)],
        &[Context::Plan, Context::Scale, Context::Ask],
        always,
        Group::Operate,
        Act::Confirm,
    ),
    row(
        "fault.start",
        "start the fault",
        &[key(Code::Enter)],
        &[Context::Faults],
        writable,
        Group::Simulator,
        Act::Confirm,
    )
    .hinted(),
    row("fault.end", "end the fault", &[Key::char('x')], &[Context::Faults], writable, Group::Simulator, Act::EndFault)
        .hinted(),
    row(
        "plan.commands",
        "show calls as shell commands",
        &[key(Code::Tab)],
        &[Context::Plan],
        always,
        Group::Look,
        Act::ShowCommands,
    )
    .hinted(),
    row(
        "operations",
        "operations in detail",
        &[Key::char('o')],
        MAIN_AND_REGION,
        any_operation,
        Group::Look,
        Act::Operations,
    )
    .hinted(),
    row("details", "details of the Region", &[key(Code::Enter)], MAIN, always, Group::Look, Act::Details).hinted(),
    tab("tab.tasks", "details: tasks and targets", &[Key::char('1')], Tab::Tasks),
    tab("tab.database", "details: database", &[Key::char('2')], Tab::Database),
    tab("tab.sessions", "details: sessions", &[Key::char('3')], Tab::Sessions),
    row(
        "region.next",
        "next Region",
        &[key(Code::Right), Key::char('l'), key(Code::Tab)],
        CHOOSES_REGION,
        always,
        Group::Move,
        Act::NextRegion,
    ),
    row(
        "region.previous",
        "previous Region",
        &[key(Code::Left), Key::char('h'), key(Code::BackTab)],
        CHOOSES_REGION,
        always,
        Group::Move,
        Act::PreviousRegion,
    ),
    row("up", "up", &[key(Code::Up), Key::char('k')], SCROLLS, always, Group::Move, Act::Up),
    row("down", "down", &[key(Code::Down), Key::char('j')], SCROLLS, always, Group::Move, Act::Down),
    row("page.up", "a page up", &[key(Code::PageUp)], SCROLLS, always, Group::Move, Act::PageUp),
    row("page.down", "a page down", &[key(Code::PageDown)], SCROLLS, always, Group::Move, Act::PageDown),
    row(
        "faults",
        "faults: break something",
        &[Key::char('!')],
        MAIN_AND_REGION,
        breakable,
        Group::Simulator,
        Act::Faults,
    )
    .hinted(),
    row(
        "faster",
        "faster, or a longer fault",
        &[Key::char('+'), Key::char('=')],
        &[Context::Main, Context::Region, Context::Faults],
        paced,
        Group::Simulator,
        Act::Faster,
    )
    .hinted(),
    row(
        "slower",
        "slower, or a shorter fault",
        &[Key::char('-')],
        &[Context::Main, Context::Region, Context::Faults],
        paced,
        Group::Simulator,
        Act::Slower,
    )
    .hinted(),
    row(
        "refresh",
        "refresh: look at everything now",
        &[Key::char('R')],
        MAIN_AND_REGION,
        always,
        Group::Look,
        Act::Refresh,
    ),
    row("theme", "theme: choose one, seen while moving", &[Key::char('t')], CALM, always, Group::Console, Act::Theme),
    row("theme.keep", "keep the theme", &[key(Code::Enter)], &[Context::Themes], always, Group::Console, Act::Confirm)
        .hinted(),
    row("help", "help", &[Key::char('?')], CALM, always, Group::Console, Act::Help).hinted(),
    row("back", "back", &[key(Code::Esc)], OVERLAYS, always, Group::Console, Act::Back).hinted(),
    row(
        "close",
        "back",
        &[Key::char('q')],
        &[Context::Region, Context::Operation, Context::Faults, Context::Help],
        always,
        Group::Console,
        Act::Back,
    ),
    row("quit", "quit", &[Key::char('q')], MAIN, always, Group::Console, Act::Quit).hinted(),
];

/// Ctrl-C ends the console from wherever it is.
pub const INTERRUPT: Key = Key::ctrl('c');

const fn row(
    id: &'static str,
    title: &'static str,
    keys: &'static [Key],
    contexts: &'static [Context],
    when: When,
    group: Group,
    act: Act,
) -> Action {
    Action { id, title, keys, contexts, when, danger: false, group, hint: false, act }
}

const fn operate(id: &'static str, title: &'static str, keys: &'static [Key], kind: Kind) -> Action {
    row(id, title, keys, MAIN_AND_REGION, operable, Group::Operate, Act::Operate(kind)).danger()
}

const fn tab(id: &'static str, title: &'static str, keys: &'static [Key], tab: Tab) -> Action {
    row(id, title, keys, MAIN_AND_REGION, always, Group::Look, Act::Tab(tab)).hinted()
}

impl Action {
    const fn danger(mut self) -> Self {
        self.danger = true;
        self.hint = true;
        self
    }

    const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    const fn hinted(mut self) -> Self {
        self.hint = true;
        self
    }

    /// The first word or two of the title, for the hint line.
    pub fn short(&self) -> &'static str {
        let end = self.title.find([':', ',']).unwrap_or(self.title.len());
        match self.id {
            "scale" => "scale",
            "keep" => "keep lost writes",
            "details" => "details",
            "tab.tasks" => "tasks",
            "tab.database" => "database",
            "tab.sessions" => "sessions",
            "operations" => "operations",
            "retry" => "retry",
            "skip" => "skip",
            "cancel" => "cancel",
            "plan.commands" => "commands",
            "fault.start" => "start",
            "fault.end" => "end",
            "theme.keep" => "keep",
            _ => &self.title[..end],
        }
    }

    pub fn possible(&self, model: &Model) -> bool {
        (self.when)(model).is_ok()
    }
}

const READ_ONLY: &str = "read-only: start with --write";

fn always(_: &Model) -> Result<(), &'static str> {
    Ok(())
}

fn writable(model: &Model) -> Result<(), &'static str> {
    if model.writable { Ok(()) } else { Err(READ_ONLY) }
}

fn operable(model: &Model) -> Result<(), &'static str> {
    writable(model)?;
    if model.snapshot.is_none() { Err("nothing has been seen yet") } else { Ok(()) }
}

fn movable(model: &Model) -> Result<(), &'static str> {
    operable(model)?;
    let seen = model.snapshot.as_ref().is_some_and(|snapshot| database::newest(snapshot).is_some());
    if seen { Ok(()) } else { Err("no global database has been seen") }
}

fn keepable(model: &Model) -> Result<(), &'static str> {
    operable(model)?;
    let view = model.snapshot.as_ref().and_then(|snapshot| snapshot.region(&model.selected));
    let kept = view.and_then(|view| view.cluster.value.as_ref()).map_or(&[][..], |cluster| &cluster.kept_writes);
    match kept.iter().any(|kept| kept.copy.is_none()) {
        true => Ok(()),
        false if kept.is_empty() => Err("no failover has lost writes of this Region"),
        false => Err("every snapshot of lost writes has a copy"),
    }
}

fn breakable(model: &Model) -> Result<(), &'static str> {
    if model.breakable() { Ok(()) } else { Err("only a simulator can be broken from here") }
}

fn paced(model: &Model) -> Result<(), &'static str> {
    match (context(model), &model.mode) {
        (Context::Faults, _) | (_, Mode::Simulated { .. }) => Ok(()),
        _ => Err("only the simulator in this process has a pace"),
    }
}

fn any_operation(model: &Model) -> Result<(), &'static str> {
    if model.operations.is_empty() { Err("no operation has run yet") } else { Ok(()) }
}

fn shown(model: &Model) -> Option<RunState> {
    model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Operation { id, .. } => model.operation_by(*id).map(|run| run.state),
        _ => None,
    })
}

fn paused(model: &Model) -> Result<(), &'static str> {
    writable(model)?;
    if shown(model) == Some(RunState::PausedByFailedStep) { Ok(()) } else { Err("no step has failed") }
}

fn open(model: &Model) -> Result<(), &'static str> {
    writable(model)?;
    if shown(model).is_some_and(|state| !state.over()) { Ok(()) } else { Err("the operation is over") }
}

/// Who has the keys.
pub fn context(model: &Model) -> Context {
    match model.overlays.last() {
        None => Context::Main,
        Some(Overlay::Region { .. }) => Context::Region,
        Some(Overlay::Operation { .. }) => Context::Operation,
        Some(Overlay::Plan(_)) => Context::Plan,
        Some(Overlay::Scale(_)) => Context::Scale,
        Some(Overlay::Faults(_)) => Context::Faults,
        Some(Overlay::Ask(_)) => Context::Ask,
        Some(Overlay::Help { .. }) => Context::Help,
        Some(Overlay::Planning { .. }) => Context::Planning,
        Some(Overlay::Themes(_)) => Context::Themes,
    }
}

/// What the key means here.
pub fn find(context: Context, key: Key) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.contexts.contains(&context) && action.keys.contains(&key))
}

/// What the hint line offers: only what is possible now.
pub fn hints(model: &Model) -> impl Iterator<Item = &'static Action> {
    let here = context(model);
    // on the panes `enter` stands for its tabs
    let offered = move |action: &&Action| action.hint && !(here == Context::Main && matches!(action.act, Act::Tab(_)));
    ACTIONS.iter().filter(offered).filter(move |action| action.contexts.contains(&here) && action.possible(model))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_a_key_and_no_key_means_two_things() {
        let mut seen = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for action in ACTIONS {
            assert!(!action.keys.is_empty() && !action.contexts.is_empty(), "{}", action.id);
            assert!(ids.insert(action.id), "{} stands twice", action.id);
            for context in action.contexts {
                for key in action.keys {
                    assert!(seen.insert((*context, *key)), "{key} means two things in {context:?}");
                }
            }
        }
    }

    #[test]
    fn no_character_is_taken_where_text_is_typed() {
        for context in [Context::Plan, Context::Scale, Context::Ask, Context::Themes] {
            for action in ACTIONS.iter().filter(|action| action.contexts.contains(&context)) {
                assert!(action.keys.iter().any(|key| key.typed().is_none()), "{}", action.id);
            }
        }
    }

    #[test]
    fn what_changes_the_stack_needs_write() {
        let model = Model { writable: false, ..crate::tui::scenes::model(2) };
        for action in ACTIONS.iter().filter(|action| action.danger) {
            assert_eq!((action.when)(&model), Err(READ_ONLY), "{}", action.id);
        }
    }
}
