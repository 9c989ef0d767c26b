//! What happened, newest first: of all Regions or of one, of every severity or from one up.

use super::Section;
use super::table::{Row, Table, cell, column};
use crate::model::event::{Event, Severity};
use crate::tui::model::{Model, Zoom};
use crate::tui::panes::severity;
use crate::tui::theme::Role;
use crate::tui::view::draw::word;
use crate::tui::view::words;

pub fn sections(model: &Model, zoom: &Zoom) -> Vec<Section> {
    let shown = |event: &&Event| {
        let of_region = zoom.only.as_ref().is_none_or(|only| event.region.as_ref() == Some(only));
        of_region && event.severity >= zoom.least
    };
    let events: Vec<&Event> = model.events();
    let all = events.len();
    let rows: Vec<Row> = events.into_iter().filter(shown).map(row).collect();
    let regions = zoom.only.as_deref().unwrap_or("all Regions");
    let title = vec![
        word(Role::Title, "Events"),
        word(Role::Accent, format!("  {regions}")),
        word(Role::Muted, format!("  {}  ", said(zoom.least))),
        word(Role::Muted, format!("{} of {all}", rows.len())),
    ];
    vec![Section::Table(Table {
        title,
        columns: vec![column("time", 0), column("severity", 0), column("region", 1), column("event", 0)],
        rows,
        tree: false,
        none: vec![word(Role::Muted, "none that is this bad, there")],
    })]
}

/// What is shown when only this severity and worse is.
fn said(least: Severity) -> &'static str {
    match least {
        Severity::Info => "every severity",
        Severity::Good => "good news and worse",
        Severity::Warn => "warnings and worse",
        Severity::Bad => "only bad news",
    }
}

fn row(event: &Event) -> Row {
    let (role, symbol) = severity(event.severity);
    let name = match event.severity {
        Severity::Info => "info",
        Severity::Good => "good",
        Severity::Warn => "warning",
        Severity::Bad => "bad",
    };
    let region = event.region.as_deref().unwrap_or("-");
    let cells = vec![
        cell(Role::Muted, words::clock(event.at)),
        cell(role, format!("{symbol} {name}")),
        cell(Role::Accent, region),
        cell(Role::Text, event.text.clone()),
    ];
    Row::new(format!("{} {region} {}", event.at, event.text), String::new(), cells)
}
