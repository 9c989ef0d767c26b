//! What happened, newest first.

use super::{severity, title};
use crate::tui::model::{Model, Pane};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, pad, word};
use crate::tui::view::hits::Target;
use crate::tui::view::words;
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 3 {
        return;
    }
    let events = model.events();
    let room = usize::from(area.height).saturating_sub(2);
    let first = model.events_scroll.min(events.len().saturating_sub(room));
    let place = if first > 0 { format!(" {first} newer above ") } else { String::new() };
    let mut right = vec![word(Role::Muted, place)];
    let unread = model.unread();
    if unread > 0 {
        right.push(word(Role::Warn, format!(" ▲ {unread} not seen yet ")));
    }
    pen.hits.add(area, Target::Pane(Pane::Events));
    let inside = pad(pen.frame(area, &title("Events"), &right, model.pane == Pane::Events));
    if events.is_empty() {
        pen.left(inside, 0, &[word(Role::Muted, "none seen")]);
    }
    for (row, event) in events.into_iter().skip(first).take(room).enumerate() {
        let (role, symbol) = severity(event.severity);
        let mut line =
            vec![word(Role::Muted, format!("{} ", words::clock(event.at))), word(role, format!("{symbol} "))];
        if let Some(region) = &event.region {
            line.push(word(Role::Accent, format!("{region} ")));
        }
        line.push(word(Role::Text, event.text.clone()));
        pen.left(inside, row, &line);
    }
}
