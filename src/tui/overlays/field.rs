//! A field with a block for the cursor.

use crate::tui::model::Field;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, width, word};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// A label, then the text with its cursor.
pub fn draw(pen: &mut Pen<'_>, area: Rect, row: usize, label: &[Word], Field(input): &Field) {
    let start = width(label);
    pen.left(area, row, label);
    let room = usize::from(area.width).saturating_sub(start + 1);
    let skip = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(skip).collect();
    pen.at(area, row, start, &[word(Role::Title, shown)]);
    let cursor = start + input.visual_cursor().saturating_sub(skip);
    if cursor < usize::from(area.width) && row < usize::from(area.height) {
        let cell = Rect { x: area.x + cursor as u16, y: area.y + row as u16, width: 1, height: 1 };
        let style = pen.style(Role::Title).add_modifier(Modifier::REVERSED);
        pen.buffer.set_style(cell.intersection(pen.buffer.area), style);
    }
}
