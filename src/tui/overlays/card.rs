//! A row in full, and the line for a shell that tells the same.

use crate::tui::model::Card;
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word, wrap};
use ratatui::layout::Rect;

/// Columns of a name.
const NAME: usize = 18;

pub fn draw(card: &Card, pen: &mut Pen<'_>, area: Rect) {
    let width = area.width.min(100);
    let lines = lines(card, usize::from(width).saturating_sub(8).max(10));
    let head = if card.facts.is_empty() { "The same, from a shell" } else { "Row" };
    let inside = pen.sheet(area, (width, lines.len() as u16 + 2), &title(head), &[]);
    for (row, line) in lines.iter().enumerate() {
        pen.left(inside, row, line);
    }
}

fn lines(card: &Card, room: usize) -> Vec<Vec<Word>> {
    let mut lines = vec![];
    for (name, text) in &card.facts {
        for (place, line) in wrap(text, room.saturating_sub(NAME).max(10)).into_iter().enumerate() {
            let name = if place == 0 { name.as_str() } else { "" };
            lines.push(vec![word(Role::Muted, format!("{name:<NAME$}")), word(Role::Text, line)]);
        }
    }
    if card.command.is_empty() {
        return lines;
    }
    if !lines.is_empty() {
        lines.push(vec![]);
    }
    let command = wrap(&card.command, room);
    for (row, line) in command.iter().enumerate() {
        let more = if row + 1 < command.len() { " \\" } else { "" };
        let indent = if row > 0 { "  " } else { "" };
        lines.push(vec![word(Role::Title, format!("{indent}{line}{more}"))]);
    }
    lines.push(vec![]);
    lines.push(vec![word(Role::Muted, "y copies the command")]);
    lines
}
