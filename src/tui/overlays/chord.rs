//! What may follow the keys that were pressed, at the right of the bottom.

use crate::tui::actions::{self, Now};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, pad, width, word};
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    if model.pending.is_empty() {
        return;
    }
    let now = Now::of(model);
    let next = model.keymap.after(actions::context(model), &model.pending);
    let lines: Vec<_> = next
        .iter()
        .map(|(chord, action)| {
            let role = if action.possible(&now) { Role::Text } else { Role::Muted };
            vec![word(Role::Key, format!("{:<7}", chord.to_string())), word(role, action.title)]
        })
        .collect();
    let wide = lines.iter().map(|line| width(line)).max().unwrap_or(0) as u16 + 4;
    let (wide, high) = (wide.min(area.width), (lines.len() as u16 + 2).min(area.height));
    let place = Rect { x: area.right() - wide, y: area.bottom() - high, width: wide, height: high };
    pen.clear(place);
    let begun: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
    let inside = pad(pen.frame(place, &[word(Role::Title, format!(" {} … ", begun.join(" ")))], &[], true));
    for (row, line) in lines.iter().enumerate() {
        pen.left(inside, row, line);
    }
}
