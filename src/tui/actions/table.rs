//! The table of actions, in the order of the hint line.

use super::when::{
    always, any_operation, breakable, keepable, movable, on_events, open, operable, paced, paused, pointed, sortable,
    told, writable,
};
use super::{Act, Action, Context, Group, When};
use crate::model::plan::Kind;
use crate::tui::model::Tab;

use Context as C;

const MAIN: &[Context] = &[C::Main];
const ZOOM: &[Context] = &[C::Zoom];
const MAIN_AND_ZOOM: &[Context] = &[C::Main, C::Zoom];
const CALM: &[Context] = &[C::Main, C::Zoom, C::Operation, C::Faults, C::Help, C::Card];
const OVERLAYS: &[Context] = &[
    C::Zoom,
    C::Filter,
    C::Operation,
    C::Plan,
    C::Scale,
    C::Faults,
    C::Ask,
    C::Help,
    C::Planning,
    C::Themes,
    C::Palette,
    C::Card,
];
const SCROLLS: &[Context] =
    &[C::Main, C::Zoom, C::Filter, C::Operation, C::Plan, C::Faults, C::Help, C::Themes, C::Palette];
const CHOOSES_REGION: &[Context] = &[C::Main, C::Zoom, C::Faults];
const OPERATION: &[Context] = &[C::Operation];
const FAULTS: &[Context] = &[C::Faults];
const PACED: &[Context] = &[C::Main, C::Zoom, C::Faults];
const CONFIRMS: &[Context] = &[C::Plan, C::Scale, C::Ask];

pub const ACTIONS: &[Action] = &[
    operate("drain", "drain: ramp its users to the other Regions", "drain", &["d"], Kind::Drain),
    operate("evacuate", "evacuate: switch its users away now", "evacuate", &["e"], Kind::Evacuate),
    operate("failover", "fail over: the database's writer moves here", "fail over", &["f"], Kind::Failover)
        .when(movable),
    operate("restore", "restore: bring its users back", "restore", &["r"], Kind::Restore),
    operate("scale", "scale to a number of tasks", "scale", &["s"], Kind::Scale),
    operate("keep", "keep the writes that a failover lost", "keep lost writes", &["K"], Kind::Keep).when(keepable),
    operate(
        "failover.forced",
        "force failover: the same at once, DATA LOSS ALLOWED",
        "force failover",
        &["F"],
        Kind::ForcedFailover,
    )
    .when(movable),
    row(
        "rollback",
        "roll back: its tasks run again what they ran before",
        &["B"],
        MAIN_AND_ZOOM,
        Group::Operate,
        Act::Operate(Kind::RollBack),
    )
    .when(operable)
    .danger("roll back")
    .unhinted(),
    row("retry", "retry the failed step", &["r"], OPERATION, Group::Operate, Act::Retry).when(paused).danger("retry"),
    row("skip", "skip the failed step", &["s"], OPERATION, Group::Operate, Act::Skip).when(paused).danger("skip"),
    row("cancel", "cancel the operation", &["x"], OPERATION, Group::Operate, Act::Cancel).when(open).danger("cancel"),
    row("confirm", "confirm what was typed", &["enter"], CONFIRMS, Group::Operate, Act::Confirm),
    row("fault.start", "start the fault", &["enter"], FAULTS, Group::Simulator, Act::Confirm)
        .when(writable)
        .hint("start"),
    row("fault.end", "end the fault", &["x"], FAULTS, Group::Simulator, Act::EndFault).when(writable).hint("end"),
    row("plan.commands", "show calls as shell commands", &["tab"], &[C::Plan], Group::Look, Act::ShowCommands)
        .hint("commands"),
    row("operations", "operations in detail", &["o", "space o"], MAIN_AND_ZOOM, Group::Look, Act::Operations)
        .when(any_operation)
        .hint("operations"),
    row("zoom", "zoom: the page of what is pointed at", &["enter"], MAIN, Group::Look, Act::Zoom).hint("zoom"),
    tab("tab.tasks", "page: tasks of the Region", &["1", "space t"], Tab::Tasks),
    tab("tab.database", "page: database, members and lag", &["2", "space d"], Tab::Database),
    tab("tab.sessions", "page: sessions, replicas and lag", &["3", "space s"], Tab::Sessions),
    tab("tab.targets", "page: targets and load balancer", &["4", "space a"], Tab::Targets),
    tab("tab.dns", "page: the DNS tree and its checks", &["5", "space n"], Tab::Dns),
    tab("tab.traffic", "page: traffic by Region and continent", &["6", "space u"], Tab::Traffic),
    tab("tab.events", "page: events", &["7", "space e"], Tab::Events),
    row("filter", "filter rows: words, !not, ~fuzzy", &["/"], ZOOM, Group::Look, Act::Filter).hint("filter"),
    row("filter.keep", "keep the filter", &["enter"], &[C::Filter], Group::Look, Act::Confirm).hint("keep"),
    row("sort", "sort rows by the next column", &["S"], ZOOM, Group::Look, Act::Sort).when(sortable).hint("sort"),
    row("sort.turn", "turn the order of rows", &["I"], ZOOM, Group::Look, Act::TurnSort).when(sortable),
    row("severity", "only events from this severity up", &["v"], ZOOM, Group::Look, Act::Severity)
        .when(on_events)
        .hint("severity"),
    row("copy", "copy the name or ARN of the row", &["y"], ZOOM, Group::Look, Act::Copy).when(pointed).hint("copy"),
    row("copy.row", "copy the whole row", &["Y"], ZOOM, Group::Look, Act::CopyRow).when(pointed),
    row("command", "the AWS CLI command that tells the same", &["c"], ZOOM, Group::Look, Act::Command)
        .when(pointed)
        .hint("AWS CLI"),
    row("row", "the whole row, with what has no room in the table", &["enter"], ZOOM, Group::Look, Act::Row)
        .when(pointed)
        .hint("row"),
    row("command.copy", "copy the command", &["y"], &[C::Card], Group::Look, Act::Copy).when(told).hint("copy"),
    row("region.next", "next Region", &["right", "l"], CHOOSES_REGION, Group::Move, Act::NextRegion),
    row("region.previous", "previous Region", &["left", "h"], CHOOSES_REGION, Group::Move, Act::PreviousRegion),
    row("pane.next", "next pane", &["tab"], MAIN, Group::Move, Act::NextPane),
    row("pane.previous", "previous pane", &["shift-tab"], MAIN, Group::Move, Act::PreviousPane),
    row("tab.next", "next page", &["tab"], ZOOM, Group::Move, Act::NextPane),
    row("tab.previous", "previous page", &["shift-tab"], ZOOM, Group::Move, Act::PreviousPane),
    row("up", "up", &["up", "k"], SCROLLS, Group::Move, Act::Up),
    row("down", "down", &["down", "j"], SCROLLS, Group::Move, Act::Down),
    row("page.up", "a page up", &["pgup", "ctrl-b"], SCROLLS, Group::Move, Act::PageUp),
    row("page.down", "a page down", &["pgdn", "ctrl-f"], SCROLLS, Group::Move, Act::PageDown),
    row("first", "to the first", &["home"], ZOOM, Group::Move, Act::First),
    row("last", "to the last", &["end", "G"], ZOOM, Group::Move, Act::Last),
    row("faults", "faults: break something", &["!"], MAIN_AND_ZOOM, Group::Simulator, Act::Faults)
        .when(breakable)
        .hint("faults"),
    row("faster", "faster, or a longer fault", &["+", "="], PACED, Group::Simulator, Act::Faster)
        .when(paced)
        .hint("faster"),
    row("slower", "slower, or a shorter fault", &["-"], PACED, Group::Simulator, Act::Slower)
        .when(paced)
        .hint("slower"),
    row("refresh", "refresh: look at everything now", &["R"], MAIN_AND_ZOOM, Group::Look, Act::Refresh),
    row("freeze", "freeze the screen, or let it go on", &["z"], MAIN_AND_ZOOM, Group::Look, Act::Freeze),
    row("clock", "local time beside UTC", &["T"], MAIN_AND_ZOOM, Group::Look, Act::LocalTime),
    row("palette", "palette: do or find anything by name", &[":", "space space"], CALM, Group::Console, Act::Palette)
        .hint("palette"),
    row("palette.run", "do it, or go there", &["enter"], &[C::Palette], Group::Console, Act::Confirm).hint("go"),
    row("theme", "theme: choose one, seen while moving", &["t"], CALM, Group::Console, Act::Theme),
    row("theme.keep", "keep the theme", &["enter"], &[C::Themes], Group::Console, Act::Confirm).hint("keep"),
    row("help", "help: keys, and what the numbers mean", &["?"], CALM, Group::Console, Act::Help).hint("help"),
    row("back", "back", &["esc"], OVERLAYS, Group::Console, Act::Back).hint("back"),
    row("close", "back", &["q"], &[C::Zoom, C::Operation, C::Faults, C::Help, C::Card], Group::Console, Act::Back),
    row("quit", "quit", &["q"], MAIN, Group::Console, Act::Quit).hint("quit"),
];

const fn row(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    contexts: &'static [Context],
    group: Group,
    act: Act,
) -> Action {
    Action { id, title, short: "", keys, contexts, when: always, danger: false, group, hint: false, act }
}

const fn operate(
    id: &'static str,
    title: &'static str,
    short: &'static str,
    keys: &'static [&'static str],
    kind: Kind,
) -> Action {
    row(id, title, keys, MAIN_AND_ZOOM, Group::Operate, Act::Operate(kind)).when(operable).danger(short)
}

const fn tab(id: &'static str, title: &'static str, keys: &'static [&'static str], tab: Tab) -> Action {
    row(id, title, keys, MAIN_AND_ZOOM, Group::Look, Act::Tab(tab))
}

impl Action {
    const fn danger(mut self, short: &'static str) -> Self {
        self.danger = true;
        self.hint(short)
    }

    /// The hint line has no room for what is seldom needed: the help and the palette have it.
    const fn unhinted(mut self) -> Self {
        self.hint = false;
        self
    }

    const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    const fn hint(mut self, short: &'static str) -> Self {
        self.short = short;
        self.hint = true;
        self
    }
}
