//! Everything that can be done or found, by a part of its name.

use super::field;
use crate::tui::model::{Model, Palette};
use crate::tui::palette::{entries, found};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, width, word};
use crate::tui::view::hits::Target;
use ratatui::layout::Rect;

pub fn draw(model: &Model, palette: &Palette, pen: &mut Pen<'_>, area: Rect) {
    let all = entries(model);
    let found = found(&all, palette.input.value(), &model.history);
    let right = [word(Role::Muted, format!(" {} of {} ", found.len(), all.len()))];
    let high = area.height.saturating_sub(4).clamp(5, 24);
    let inside = pen.sheet(area, (area.width.min(90), high), &title("Palette"), &right);
    field::draw(pen, inside, 0, &[word(Role::Key, ": ")], &palette.input);
    let list = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside }.intersection(inside);
    if found.is_empty() {
        return pen.left(list, 0, &[word(Role::Warn, "▲ nothing has this in its name")]);
    }
    let room = usize::from(list.height);
    let at = palette.place.min(found.len() - 1);
    let first = (at + 1).saturating_sub(room);
    for (row, place) in found.iter().enumerate().skip(first).take(room) {
        let Some(entry) = all.get(*place) else { continue };
        let on = row - first;
        let (sign, role) = if row == at { ("▸ ", Role::Selection) } else { ("  ", Role::Text) };
        let role = if entry.refused.is_some() && row != at { Role::Muted } else { role };
        let tail = [word(Role::Muted, entry.refused.map_or_else(|| entry.detail.clone(), String::from))];
        if row == at {
            pen.bar(list, on, Role::Selection);
        }
        let left = [word(role, format!("{sign}{}", entry.text))];
        if width(&left) + width(&tail) + 1 < usize::from(list.width) {
            pen.right(list, on, &tail);
        }
        pen.left(list, on, &left);
        pen.hit(list, on, 0, usize::from(list.width), Target::Entry(row));
    }
}
