//! Retry, skip or cancel, confirmed by typing.

use super::field;
use crate::tui::model::{Ask, Asked};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, word};
use ratatui::layout::Rect;

pub fn draw(ask: &Ask, pen: &mut Pen<'_>, area: Rect) {
    let (head, what, label) = match ask.what {
        Asked::Retry => (
            "Retry the failed step",
            "its calls are sent again",
            vec![word(Role::Muted, "type "), word(Role::Title, &ask.region), word(Role::Muted, " then enter: ")],
        ),
        Asked::Skip => {
            ("Skip the failed step", "the run goes on without it", vec![word(Role::Muted, "reason, then enter: ")])
        }
        Asked::Cancel => (
            "Cancel the operation",
            "what is done stays done, nothing is undone",
            vec![word(Role::Muted, "type "), word(Role::Title, &ask.region), word(Role::Muted, " then enter: ")],
        ),
    };
    let inside = pen.sheet(area, (70, 7), &title(&format!("{head} of #{}", ask.operation)), &[]);
    pen.left(inside, 0, &[word(Role::Text, what)]);
    field::draw(pen, inside, 2, &label, &ask.confirm.input);
    match &ask.confirm.note {
        Some(note) => pen.left(inside, 4, &[word(Role::Warn, format!("▲ {note}"))]),
        None => pen.left(inside, 4, &[word(Role::Muted, "esc goes back")]),
    }
}
