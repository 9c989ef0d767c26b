//! The list of themes, at the right edge and without shade: the rest of the screen is the preview.

use super::field;
use crate::tui::model::{Model, ThemePicker};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::update::themes::matching;
use crate::tui::view::draw::{Pen, pad, word, wrap};
use crate::tui::view::hits::Target;
use ratatui::layout::Rect;

const WIDTH: u16 = 38;
/// Rows around the list: borders, the filter, a blank, the states, two lines on how to keep it.
const AROUND: u16 = 8;

pub fn draw(model: &Model, picker: &ThemePicker, pen: &mut Pen<'_>, area: Rect) {
    let (width, wanted) = (WIDTH.min(area.width), (model.themes.len() as u16).saturating_add(AROUND));
    let height = wanted.min(area.height);
    let place = Rect { x: area.right() - width, y: area.y + (area.height - height) / 2, width, height };
    pen.clear(place);
    let inside = pad(pen.frame(place, &title("Themes"), &[], true));
    field::draw(pen, inside, 0, &[word(Role::Muted, "filter: ")], &picker.filter);
    let foot = 4.min(inside.height.saturating_sub(2));
    let body = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1 + foot), ..inside };
    list(model, picker, pen, body.intersection(inside));
    let foot = Rect { y: inside.bottom() - foot, height: foot, ..inside };
    let states = [
        word(Role::Ok, "● ok  "),
        word(Role::Warn, "◐ warn  "),
        word(Role::Bad, "✖ bad  "),
        word(Role::Unknown, "? unknown"),
    ];
    pen.left(foot, 1, &states);
    let good = format!("for good: [ui] theme = \"{}\" in config.toml", model.theme);
    for (row, line) in wrap(&good, usize::from(foot.width)).into_iter().take(2).enumerate() {
        pen.left(foot, row + 2, &[word(Role::Muted, line)]);
    }
}

fn list(model: &Model, picker: &ThemePicker, pen: &mut Pen<'_>, area: Rect) {
    let names = matching(&model.themes, picker.filter.value());
    if names.is_empty() {
        return pen.left(area, 0, &[word(Role::Warn, "▲ no theme has this in its name")]);
    }
    let room = usize::from(area.height);
    let at = names.iter().position(|name| *name == model.theme).unwrap_or(0);
    let first = (at + 1).saturating_sub(room);
    for (row, name) in names.iter().skip(first).take(room).enumerate() {
        pen.left(area, row, &[word(Role::Text, format!("  {name}"))]);
        if *name == model.theme {
            pen.bar(area, row, Role::Selection);
            pen.left(area, row, &[word(Role::Selection, format!("▸ {name}"))]);
        }
        pen.hit(area, row, 0, usize::from(area.width), Target::Entry(first + row));
    }
}
