//! The last line: what was just said, else the keys that do something now.

use super::severity;
use crate::tui::actions::{self, Act};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::draw::{GAP, Part, Pen, fit, part, width, word};
use crate::tui::view::hits::Target;
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
    let mut column = 0;
    for (part, id) in parts(model, room) {
        let wide = width(&part.words);
        pen.at(area, 0, column, &part.words);
        if let Some(id) = id {
            pen.hit(area, 0, column, wide, Target::Action(id.into()));
        }
        column += wide + GAP;
    }
}

/// What is offered and fits, each with the action that it stands for.
fn parts(model: &Model, room: usize) -> Vec<(Part, Option<&'static str>)> {
    let mut all: Vec<(Part, Option<&'static str>)> = vec![];
    for (place, action) in actions::hints(model).enumerate() {
        let key = model.keymap.shown(action);
        // the way out and the way to all others stay
        let rank = match action.act {
            Act::Quit | Act::Back | Act::Help => 0,
            Act::Palette => 1,
            // a page is for looking: what it can do comes before what changes the stack
            Act::Operate(_) if !model.overlays.is_empty() => 100 + place as u8,
            _ => 2 + place as u8,
        };
        let words = vec![word(Role::Key, key), word(Role::Muted, format!(" {}", action.short))];
        all.push((Part { words, rank }, Some(action.id)));
    }
    if !model.writable && model.overlays.is_empty() {
        all.push((part(200, Role::Muted, "read-only: start with --write to act"), None));
    }
    let fitting = fit(all.iter().map(|(part, _)| part.clone()).collect(), room);
    all.retain(|(part, _)| fitting.contains(part));
    all
}
