//! What a pane becomes when it is zoomed: facts, and tables whose rows can be pointed at, filtered, sorted,
//! copied, and asked for the line for a shell that tells the same. One file a page.

mod database;
mod dns;
mod events;
pub mod filter;
mod sessions;
pub mod table;
mod targets;
mod tasks;
mod traffic;

use super::model::{Model, Tab, Zoom};
use super::panes::region::why;
use super::panes::verdict_role;
use super::theme::Role;
use super::view::draw::{Word, word};
use super::view::words;
use crate::model::observed::Observed;
use crate::model::snapshot::{RegionView, Snapshot};
use crate::model::verdict;
use filter::Filter;
use jiff::Timestamp;
use table::{Row, Table};

/// Everything that a page shows, from top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub title: String,
    pub right: Vec<Word>,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Section {
    Lines(Vec<Vec<Word>>),
    Table(Table),
}

impl Page {
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().filter_map(|section| match section {
            Section::Table(table) => Some(table),
            Section::Lines(_) => None,
        })
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.tables().flat_map(|table| &table.rows)
    }

    /// The place of the row that is pointed at: where it is now, else what stands in its place.
    pub fn pointed(&self, zoom: &Zoom) -> Option<usize> {
        let known = zoom.row.as_ref().and_then(|id| self.rows().position(|row| row.id == *id));
        known.or_else(|| self.rows().count().checked_sub(1).map(|last| zoom.place.min(last)))
    }
}

/// What is known of a Region.
struct Seen<'a> {
    snapshot: &'a Snapshot,
    view: &'a RegionView,
    now: Timestamp,
}

/// The page that is open, with the rows that its filter leaves, in its order.
pub fn page(model: &Model, zoom: &Zoom) -> Page {
    let mut page = whole(model, zoom);
    let filter = Filter::parse(zoom.filter.value());
    for section in &mut page.sections {
        if let Section::Table(table) = section {
            table.arrange(&filter, zoom.sort);
        }
    }
    page
}

fn whole(model: &Model, zoom: &Zoom) -> Page {
    let title = if zoom.tab.of_region() { model.selected.clone() } else { zoom.tab.title().to_string() };
    let plain = |title, sections| Page { title, right: vec![], sections };
    let unseen = || vec![Section::Lines(vec![vec![word(Role::Unknown, "? UNKNOWN  not seen yet")]])];
    let Some(snapshot) = &model.snapshot else { return plain(title, unseen()) };
    let of_region = match zoom.tab {
        Tab::Dns => return plain(title, dns::sections(snapshot, model.now)),
        Tab::Traffic => return plain(title, traffic::sections(snapshot, model.now)),
        Tab::Events => return plain(title, events::sections(model, zoom)),
        Tab::Tasks => tasks::sections,
        Tab::Targets => targets::sections,
        Tab::Database => database::sections,
        Tab::Sessions => sessions::sections,
    };
    let Some(view) = snapshot.region(&model.selected) else { return plain(title, unseen()) };
    let said = verdict::of_region(snapshot, view, model.now);
    let right = vec![word(verdict_role(said), format!(" {} {} ", said.symbol(), said.word()))];
    let mut sections = vec![];
    if let Some(why) = why(snapshot, view, said, model).into_iter().next() {
        sections.push(Section::Lines(vec![vec![word(verdict_role(said), why)], vec![]]));
    }
    sections.extend(of_region(&Seen { snapshot, view, now: model.now }));
    Page { title, right, sections }
}

/// The role of what is told, unless it is old.
fn dim(current: bool, role: Role) -> Role {
    if current { role } else { Role::Stale }
}

/// A title with the age of what stands below it, and whether that is current.
fn head<T>(text: &str, seen: &Observed<T>, now: Timestamp) -> (Vec<Word>, bool) {
    let remark = words::remark(seen, now);
    let mut line = vec![word(Role::Title, text.to_string())];
    if let Some(why) = remark.words.first() {
        line.push(word(if remark.unknown { Role::Unknown } else { Role::Stale }, format!("  {why}")));
    } else if let Some(age) = seen.age(now) {
        line.push(word(Role::Muted, format!("  {}", words::ago(age))));
    }
    (line, remark.current())
}

/// A label and what is told; what is not told is said to be.
fn fact(lines: &mut Vec<Vec<Word>>, label: &str, told: Option<String>, role: Role) {
    let told = told.map_or_else(|| word(Role::Unknown, "not told"), |told| word(role, told));
    lines.push(vec![word(Role::Muted, format!("  {label:<20}")), told]);
}

/// A series as a line: its name, its course, its least and most.
fn series(name: &str, values: &[Option<f64>], current: bool, say: fn(f64) -> String) -> Vec<Word> {
    /// Minutes of a series.
    const MINUTES: usize = 30;
    let told = || values.iter().flatten().copied();
    let ends = told().reduce(f64::min).zip(told().reduce(f64::max));
    let span = ends.map_or_else(|| "not told".into(), |(least, most)| format!("  {} to {}", say(least), say(most)));
    vec![
        word(Role::Muted, format!("  {name:<20}")),
        word(dim(current, Role::Spark), words::spark(values, MINUTES)),
        word(dim(current, Role::Text), span),
    ]
}
