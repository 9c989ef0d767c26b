//! How many tasks a Region shall have.

use super::field;
use crate::tui::model::{Model, ScalePrompt};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, word};
use crate::tui::view::words;
use ratatui::layout::Rect;

pub fn draw(model: &Model, prompt: &ScalePrompt, pen: &mut Pen<'_>, area: Rect) {
    let inside = pen.sheet(area, (56, 7), &title(&format!("Scale {}", prompt.region)), &[]);
    let view = model.snapshot.as_ref().and_then(|snapshot| snapshot.region(&prompt.region));
    let age = view.map(|view| words::remark(&view.service, model.now)).and_then(|remark| remark.words.first().cloned());
    let now = match (prompt.now, age) {
        (Some(now), None) => word(Role::Text, format!("{now} tasks are desired now")),
        (Some(now), Some(age)) => word(Role::Stale, format!("{now} tasks were desired ({age})")),
        (None, _) => word(Role::Unknown, "how many are desired is UNKNOWN"),
    };
    pen.left(inside, 0, &[now]);
    field::draw(pen, inside, 2, &[word(Role::Muted, "tasks: ")], &prompt.input);
    pen.left(inside, 4, &[word(Role::Muted, "enter shows the plan; nothing changes yet")]);
}
