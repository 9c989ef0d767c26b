//! Keys on a page: point, filter, sort, copy, turn to another page or Region.

use super::{PAGE, confirm};
use crate::model::event::Severity;
use crate::tui::actions::{Act, Context};
use crate::tui::keys::Key;
use crate::tui::model::{Card, Field, Model, Overlay, Tab, Zoom};
use crate::tui::msg::Cmd;
use crate::tui::pages::table::{Row, Sort};
use crate::tui::pages::{self, Page};

pub(super) fn open(model: &mut Model, zoom: Zoom) -> Vec<Cmd> {
    if zoom.tab == Tab::Events {
        model.read = model.now;
    }
    match model.overlays.last_mut() {
        Some(Overlay::Zoom(open)) => *open = zoom,
        _ => model.overlays.push(Overlay::Zoom(zoom)),
    }
    vec![Cmd::Zoomed(Some(model.selected.clone()))]
}

/// Turns to a page; the one that is open stays as it is.
pub(super) fn turn(model: &mut Model, tab: Tab) -> Vec<Cmd> {
    match model.overlays.last() {
        Some(Overlay::Zoom(zoom)) if zoom.tab == tab => vec![],
        _ => open(model, Zoom::on(tab)),
    }
}

/// The page that is open, and what it shows.
fn now(model: &Model) -> Option<(&Zoom, Page)> {
    match model.overlays.last() {
        Some(Overlay::Zoom(zoom)) => Some((zoom, pages::page(model, zoom))),
        _ => None,
    }
}

fn change(model: &mut Model, with: impl FnOnce(&mut Zoom)) {
    if let Some(Overlay::Zoom(zoom)) = model.overlays.last_mut() {
        with(zoom);
    }
}

/// What an action does on a page; `None` when it means what it means on the panes.
pub(super) fn act(model: &mut Model, act: Act) -> Option<Vec<Cmd>> {
    let Some(Overlay::Zoom(Zoom { tab, .. })) = model.overlays.last() else { return None };
    let tab = *tab;
    match act {
        Act::Up => step(model, |place| place.saturating_sub(1)),
        Act::Down => step(model, |place| place.saturating_add(1)),
        Act::PageUp => step(model, |place| place.saturating_sub(PAGE)),
        Act::PageDown => step(model, |place| place.saturating_add(PAGE)),
        Act::First => step(model, |_| 0),
        Act::Last => step(model, |_| usize::MAX),
        Act::NextPane | Act::PreviousPane => {
            let all = Tab::ALL.len();
            let at = Tab::ALL.iter().position(|one| *one == tab).unwrap_or(0);
            let step = if act == Act::NextPane { 1 } else { all - 1 };
            return Some(turn(model, Tab::ALL[(at + step) % all]));
        }
        Act::NextRegion | Act::PreviousRegion if tab == Tab::Events => next_region(model, act == Act::NextRegion),
        Act::Filter => change(model, |zoom| zoom.typing = true),
        Act::Sort => sort(model),
        Act::TurnSort => turn_sort(model),
        Act::Severity => change(model, |zoom| {
            zoom.least = match zoom.least {
                Severity::Info | Severity::Good => Severity::Warn,
                Severity::Warn => Severity::Bad,
                Severity::Bad => Severity::Info,
            };
        }),
        Act::Copy => return Some(copy(model, |row| row.id.clone())),
        Act::CopyRow => return Some(copy(model, Row::tabbed)),
        Act::Row => {
            if let Some(card) = card(model) {
                model.overlays.push(Overlay::Card(card));
            }
        }
        Act::Command => {
            if let Some(row) = pointed(model) {
                match row.command.is_empty() {
                    true => model.hint(Severity::Info, "no command of AWS tells this"),
                    false => model.overlays.push(Overlay::Card(Card { command: row.command, ..Card::default() })),
                }
            }
        }
        _ => return None,
    }
    Some(vec![])
}

/// Keys while the filter is typed: rows follow every letter.
pub(super) fn typed(model: &mut Model, key: Key) -> Vec<Cmd> {
    match super::unless_typed(model, Context::Filter, key) {
        Some(Act::Confirm) => change(model, |zoom| zoom.typing = false),
        Some(Act::Back) => change(model, |zoom| (zoom.typing, zoom.filter) = (false, Field::default())),
        Some(other) => return act(model, other).unwrap_or_default(),
        None => change(model, |zoom| {
            if let Some(request) = confirm::request(key) {
                zoom.filter.0.handle(request);
            }
        }),
    }
    vec![]
}

/// Esc takes a filter away before it closes the page.
pub(super) fn back(model: &mut Model) -> bool {
    let Some(Overlay::Zoom(zoom)) = model.overlays.last_mut() else { return false };
    let filtered = !zoom.filter.value().is_empty();
    zoom.filter = Field::default();
    if zoom.tab == Tab::Events && !filtered {
        model.read = model.now;
    }
    filtered
}

fn step(model: &mut Model, to: impl Fn(usize) -> usize) {
    /// Without rows a page is scrolled: no page is longer.
    const FURTHEST: usize = 1_000;
    let Some((zoom, page)) = now(model) else { return };
    let rows = page.rows().count();
    let (row, place) = match page.pointed(zoom) {
        Some(at) => {
            let place = to(at).min(rows - 1);
            (page.rows().nth(place).map(|row| row.id.clone()), place)
        }
        None => (None, to(zoom.place).min(FURTHEST)),
    };
    change(model, |zoom| (zoom.row, zoom.place) = (row, place));
}

pub(super) fn point(model: &mut Model, id: &str) {
    let Some((_, page)) = now(model) else { return };
    if let Some(place) = page.rows().position(|row| row.id == id) {
        change(model, |zoom| (zoom.row, zoom.place) = (Some(id.into()), place));
    }
}

/// The row that is pointed at, with the names of its columns.
fn card(model: &Model) -> Option<Card> {
    let (zoom, page) = now(model)?;
    let mut at = page.pointed(zoom)?;
    let table = page.tables().find(|table| {
        let here = at < table.rows.len();
        at -= if here { 0 } else { table.rows.len() };
        here
    })?;
    let row = table.rows.get(at)?;
    let told = table.columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.text.is_empty());
    let facts = told.map(|(column, cell)| (column.name.to_string(), cell.text.clone()));
    Some(Card { facts: facts.collect(), command: row.command.clone() })
}

fn pointed(model: &Model) -> Option<Row> {
    let (zoom, page) = now(model)?;
    let at = page.pointed(zoom)?;
    page.rows().nth(at).cloned()
}

fn copy(model: &mut Model, what: impl Fn(&Row) -> String) -> Vec<Cmd> {
    pointed(model).map(|row| Cmd::Copy(what(&row))).into_iter().collect()
}

/// All Regions, then each alone.
fn next_region(model: &mut Model, forward: bool) {
    let all = model.regions.clone();
    change(model, |zoom| {
        let at = zoom.only.as_ref().and_then(|only| all.iter().position(|name| name == only)).map_or(0, |at| at + 1);
        let count = all.len() + 1;
        let next = (at + if forward { 1 } else { count - 1 }) % count;
        zoom.only = next.checked_sub(1).and_then(|place| all.get(place)).cloned();
    });
}

/// The next column of the table that is pointed into; after the last, the order that rows come in.
fn sort(model: &mut Model) {
    let Some((zoom, page)) = now(model) else { return };
    let at = page.pointed(zoom).unwrap_or(0);
    let mut before = 0;
    let table = page.tables().find(|table| {
        before += table.rows.len();
        at < before && !table.tree
    });
    let Some(table) = table.or_else(|| page.tables().find(|table| !table.tree)) else { return };
    let names: Vec<&'static str> =
        table.columns.iter().map(|column| column.name).filter(|name| !name.is_empty()).collect();
    let next = match zoom.sort.and_then(|sort| names.iter().position(|name| *name == sort.column)) {
        Some(at) => names.get(at + 1),
        None => names.first(),
    };
    let next = next.map(|column| Sort { column, down: false });
    change(model, |zoom| zoom.sort = next);
    let said = next.map_or_else(|| "rows as they come".to_string(), |sort| format!("rows by {}", sort.column));
    model.hint(Severity::Info, said);
}

fn turn_sort(model: &mut Model) {
    let unsorted = now(model).is_some_and(|(zoom, _)| zoom.sort.is_none());
    if unsorted {
        sort(model);
    }
    change(model, |zoom| {
        if let Some(sort) = &mut zoom.sort {
            sort.down = !sort.down;
        }
    });
}

/// Sorts by the column whose heading was clicked on; the other way round when it is that one already.
pub(super) fn sort_by(model: &mut Model, name: &str) {
    let Some((zoom, page)) = now(model) else { return };
    let columns = page.tables().filter(|table| !table.tree).flat_map(|table| &table.columns);
    let Some(column) = columns.map(|column| column.name).find(|column| *column == name) else { return };
    let down = zoom.sort.is_some_and(|sort| sort.column == column && !sort.down);
    change(model, |zoom| zoom.sort = Some(Sort { column, down }));
}
