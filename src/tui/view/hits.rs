//! Where things were drawn, for the mouse: a click is a message about the thing, not about a place.

use crate::tui::model::{Pane, Tab, Topic};
use ratatui::layout::{Position, Rect};
use serde::{Deserialize, Serialize};

/// Something that can be clicked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// An action, by its id.
    Action(String),
    Pane(Pane),
    Region(String),
    /// A line of a Region's column.
    Topic(String, Topic),
    Tab(Tab),
    /// A row of a page, by its id.
    Row(String),
    /// The heading of a column.
    Column(String),
    /// An entry of the list on top.
    Entry(usize),
}

/// What can be clicked on, what lies on top last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hits(Vec<(Rect, Target)>);

impl Hits {
    pub fn add(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.0.push((area, target));
        }
    }

    /// Something covers everything that was drawn so far.
    pub fn cover(&mut self) {
        self.0.clear();
    }

    pub fn at(&self, column: u16, row: u16) -> Option<&Target> {
        let here = Position::new(column, row);
        self.0.iter().rev().find(|(area, _)| area.contains(here)).map(|(_, target)| target)
    }

    pub fn all(&self) -> impl Iterator<Item = &Target> {
        self.0.iter().map(|(_, target)| target)
    }
}
