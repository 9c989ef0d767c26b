//! The last line: what was just said, else the keys that do something now.

use super::severity;
use crate::tui::actions::{self, Act};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Pen, Word, fit, join, part, word};
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let room = usize::from(area.width);
    pen.clear(area);
    if let Some(notice) = &model.notice {
        let (role, symbol) = severity(notice.severity);
        let role = if role == Role::Muted { Role::Accent } else { role };
        pen.left(area, 0, &[word(role, format!("{symbol} {}", notice.text))]);
        return;
    }
    pen.left(area, 0, &words(model, room));
}

fn words(model: &Model, room: usize) -> Vec<Word> {
    let mut parts: Vec<Part> = vec![];
    for (place, action) in actions::hints(model).enumerate() {
        let key = action.keys.first().map(ToString::to_string).unwrap_or_default();
        // the way out, the way to all others and the parts of what is open stay
        let rank = match action.act {
            Act::Quit | Act::Back | Act::Help => 0,
            Act::Tab(_) => 1,
            _ => 2 + place as u8,
        };
        let words = vec![word(Role::Key, key), word(Role::Muted, format!(" {}", action.short()))];
        parts.push(Part { words, rank });
    }
    if !model.writable && model.overlays.is_empty() {
        parts.push(part(200, Role::Muted, "read-only: start with --write to act"));
    }
    join(fit(parts, room))
}
