//! What lies over the panes, one file each.

mod about;
mod ask;
mod card;
pub mod chord;
mod faults;
pub(super) mod field;
mod help;
mod operation;
mod palette;
mod plan;
mod scale;
mod themes;
mod zoom;

use super::model::{Model, Overlay};
use super::theme::Role;
use super::view::draw::{Pen, word};
use super::view::words;
use crate::model::plan::Kind;
use ratatui::layout::Rect;

/// Draws the overlay on top, and the one that asks below it.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(top) = model.overlays.last() else { return };
    let small = matches!(top, Overlay::Ask(_) | Overlay::Themes(_) | Overlay::Palette(_) | Overlay::Card(_));
    if let (true, [.., below, _]) = (small, &model.overlays[..]) {
        one(model, below, pen, area);
    }
    one(model, top, pen, area);
}

fn one(model: &Model, overlay: &Overlay, pen: &mut Pen<'_>, area: Rect) {
    match overlay {
        Overlay::Planning { kind, region } => {
            let inside = pen.sheet(area, (64, 5), &super::panes::title("Planning"), &[]);
            let writes = model.snapshot.as_ref().and_then(|snapshot| crate::model::database::writer(snapshot));
            let what = match kind {
                Kind::Failover | Kind::ForcedFailover if writes == Some(region.as_str()) => {
                    format!("move the writer away from {region}")
                }
                _ => format!("{} {region}", kind.word()),
            };
            pen.left(inside, 1, &[word(Role::Text, format!("{what}: reading everything again"))]);
        }
        Overlay::Plan(review) => plan::draw(model, review, pen, area),
        Overlay::Scale(prompt) => scale::draw(model, prompt, pen, area),
        Overlay::Faults(menu) => faults::draw(model, menu, pen, area),
        Overlay::Help { scroll } => help::draw(model, *scroll, pen, area),
        Overlay::Zoom(open) => zoom::draw(model, open, pen, area),
        Overlay::Operation { id, scroll } => operation::draw(model, *id, *scroll, pen, area),
        Overlay::Ask(ask) => ask::draw(ask, pen, area),
        Overlay::Themes(picker) => themes::draw(model, picker, pen, area),
        Overlay::Palette(open) => palette::draw(model, open, pen, area),
        Overlay::Card(open) => card::draw(open, pen, area),
    }
}

/// Lines from the scroll position, which is held to the end, and what more there is.
pub(super) fn scrolled(pen: &mut Pen<'_>, area: Rect, lines: &[Vec<super::view::draw::Word>], scroll: usize) {
    let room = usize::from(area.height);
    let first = scroll.min(lines.len().saturating_sub(room));
    for (row, line) in lines.iter().skip(first).take(room).enumerate() {
        pen.left(area, row, line);
    }
    let below = lines.len().saturating_sub(first + room);
    if below > 0 && room > 1 {
        pen.right(area, room - 1, &[word(Role::Key, format!(" ↓ {below} more "))]);
    }
}

/// `made 12 s ago`
fn made(model: &Model, at: jiff::Timestamp) -> String {
    format!("made {}", words::ago(crate::model::observed::elapsed(at, model.now)))
}

#[cfg(test)]
pub use help::lines as help_lines;
