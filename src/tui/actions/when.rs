//! Whether an action is possible now, and if not, the words for it.

use super::{Context, context};
use crate::model::database;
use crate::model::operation::RunState;
use crate::tui::model::{Mode, Model, Overlay, Tab};
use crate::tui::pages::{self, Page};
use std::cell::OnceCell;

const READ_ONLY: &str = "read-only: start with --write";

/// What conditions are asked of. The page that is open is made once, however many of them look at it.
pub struct Now<'a> {
    model: &'a Model,
    page: OnceCell<Option<Page>>,
}

impl<'a> Now<'a> {
    pub fn of(model: &'a Model) -> Self {
        Self { model, page: OnceCell::new() }
    }

    /// Of the page on top.
    fn page(&self) -> Option<&Page> {
        let make = || match self.model.overlays.last() {
            Some(Overlay::Zoom(zoom)) => Some(pages::page(self.model, zoom)),
            _ => None,
        };
        self.page.get_or_init(make).as_ref()
    }
}

pub fn always(_: &Now<'_>) -> Result<(), &'static str> {
    Ok(())
}

pub fn writable(now: &Now<'_>) -> Result<(), &'static str> {
    if now.model.writable { Ok(()) } else { Err(READ_ONLY) }
}

pub fn operable(now: &Now<'_>) -> Result<(), &'static str> {
    writable(now)?;
    if now.model.snapshot.is_none() { Err("nothing has been seen yet") } else { Ok(()) }
}

pub fn movable(now: &Now<'_>) -> Result<(), &'static str> {
    operable(now)?;
    let seen = now.model.snapshot.as_ref().is_some_and(|snapshot| database::newest(snapshot).is_some());
    if seen { Ok(()) } else { Err("no global database has been seen") }
}

pub fn keepable(now: &Now<'_>) -> Result<(), &'static str> {
    operable(now)?;
    let view = now.model.snapshot.as_ref().and_then(|snapshot| snapshot.region(&now.model.selected));
    let kept = view.and_then(|view| view.cluster.value.as_ref()).map_or(&[][..], |cluster| &cluster.kept_writes);
    match kept.iter().any(|kept| kept.copy.is_none()) {
        true => Ok(()),
        false if kept.is_empty() => Err("no failover has lost writes of this Region"),
        false => Err("every snapshot of lost writes has a copy"),
    }
}

pub fn breakable(now: &Now<'_>) -> Result<(), &'static str> {
    if now.model.breakable() { Ok(()) } else { Err("only a simulator can be broken from here") }
}

pub fn paced(now: &Now<'_>) -> Result<(), &'static str> {
    match (context(now.model), &now.model.mode) {
        (Context::Faults, _) | (_, Mode::Simulated { .. }) => Ok(()),
        _ => Err("only the simulator in this process has a pace"),
    }
}

pub fn any_operation(now: &Now<'_>) -> Result<(), &'static str> {
    if now.model.operations.is_empty() { Err("no operation has run yet") } else { Ok(()) }
}

fn shown(model: &Model) -> Option<RunState> {
    model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Operation { id, .. } => model.operation_by(*id).map(|run| run.state),
        _ => None,
    })
}

pub fn paused(now: &Now<'_>) -> Result<(), &'static str> {
    writable(now)?;
    if shown(now.model) == Some(RunState::PausedByFailedStep) { Ok(()) } else { Err("no step has failed") }
}

pub fn open(now: &Now<'_>) -> Result<(), &'static str> {
    writable(now)?;
    if shown(now.model).is_some_and(|state| !state.over()) { Ok(()) } else { Err("the operation is over") }
}

/// A row is pointed at.
pub fn pointed(now: &Now<'_>) -> Result<(), &'static str> {
    let any = now.page().is_some_and(|page| page.rows().next().is_some());
    if any { Ok(()) } else { Err("no row is pointed at") }
}

/// Rows of the page can be put in another order.
pub fn sortable(now: &Now<'_>) -> Result<(), &'static str> {
    let Some(page) = now.page() else { return Err("nothing to sort") };
    let any = page.tables().any(|table| !table.tree && table.rows.len() > 1);
    if any { Ok(()) } else { Err("nothing to sort here") }
}

pub fn on_events(now: &Now<'_>) -> Result<(), &'static str> {
    match now.model.overlays.last() {
        Some(Overlay::Zoom(zoom)) if zoom.tab == Tab::Events => Ok(()),
        _ => Err("only events have a severity"),
    }
}

/// What is open has a command.
pub fn told(now: &Now<'_>) -> Result<(), &'static str> {
    match now.model.overlays.last() {
        Some(Overlay::Card(card)) if !card.command.is_empty() => Ok(()),
        _ => Err("no command of AWS tells this"),
    }
}
