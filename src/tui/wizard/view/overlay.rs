//! What lies over the page.

use crate::deploy::cost::dollars;
use crate::deploy::plan::span;
use crate::tui::overlays::{field, scrolled};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word, wrap};
use crate::tui::view::hits::Target;
use crate::tui::wizard::fields::List;
use crate::tui::wizard::model::{Overlay, Place, Wizard};
use ratatui::layout::Rect;

/// The widest that text is drawn.
const WIDEST: u16 = 76;

pub(super) fn draw(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    match &wizard.overlay {
        None => {}
        Some(Overlay::Explain { scroll }) => {
            let head = wizard.focused().map_or(wizard.page.name(), |field| field.label.trim());
            sheet(pen, area, head, &explained(wizard, room(area)), *scroll);
        }
        Some(Overlay::Quit) => {
            let said = match (&wizard.by_hand, wizard.saved) {
                (Some(_), _) => "Nothing is made. The file stays as it is.".to_string(),
                (None, true) => {
                    format!("Your answers are in {}; the same line goes on from here.", wizard.path.display())
                }
                (None, false) => "Nothing is made. Your answers are kept: the same line goes on from here.".into(),
            };
            let mut lines = paragraph(Role::Text, &said, room(area));
            lines.push(vec![]);
            lines.push(vec![
                word(Role::Key, "enter"),
                word(Role::Muted, " leaves, "),
                word(Role::Key, "esc"),
                word(Role::Muted, " stays"),
            ]);
            sheet(pen, area, "Leave?", &lines, 0);
        }
        Some(Overlay::Pick { list, filter, place }) => {
            let found = wizard.narrowed(*list, filter.value());
            let height = (found.len() as u16 + 4).clamp(6, 16);
            let inside = pen.sheet(area, (50, height), &title(head_of(*list)), &[]);
            field::draw(pen, inside, 0, &[word(Role::Muted, "find ")], filter);
            let rows = usize::from(inside.height).saturating_sub(1);
            let first = (place + 1).saturating_sub(rows);
            for (row, one) in found.iter().enumerate().skip(first).take(rows) {
                let role = if row == *place { Role::Selection } else { Role::Text };
                pen.left(inside, 1 + row - first, &[word(role, format!(" {one} "))]);
                pen.hit(inside, 1 + row - first, 0, usize::from(inside.width), Target::Entry(row));
            }
            if found.is_empty() {
                let typed = filter.value().trim();
                let said =
                    if typed.is_empty() { "none is known: type one".into() } else { format!("enter takes {typed}") };
                pen.left(inside, 1, &[word(Role::Muted, said)]);
            }
        }
        Some(Overlay::Confirm(input)) => {
            let lines = confirmed(wizard, room(area));
            let inside = framed(pen, area, "Make it?", lines.len() as u16 + 2);
            let body = Rect { height: inside.height.saturating_sub(2), ..inside };
            scrolled(pen, body, &lines, 0);
            let label = [
                word(Role::Muted, "type "),
                word(Role::Title, wizard.stack_name()),
                word(Role::Muted, " then enter: "),
            ];
            field::draw(pen, inside, usize::from(inside.height.saturating_sub(1)), &label, input);
        }
    }
}

fn room(area: Rect) -> usize {
    usize::from(area.width.min(WIDEST)).saturating_sub(4).max(10)
}

fn framed(pen: &mut Pen<'_>, area: Rect, head: &str, rows: u16) -> Rect {
    pen.sheet(area, (WIDEST, rows + 2), &title(head), &[])
}

fn sheet(pen: &mut Pen<'_>, area: Rect, head: &str, lines: &[Vec<Word>], scroll: usize) {
    let inside = framed(pen, area, head, lines.len() as u16);
    scrolled(pen, inside, lines, scroll);
}

fn paragraph(role: Role, text: &str, room: usize) -> Vec<Vec<Word>> {
    wrap(text, room).into_iter().map(|line| vec![word(role, line)]).collect()
}

fn head_of(list: List) -> &'static str {
    match list {
        List::Regions => "Regions",
        List::Zones => "hosted zones of the account",
        List::Versions => "versions",
        List::Classes => "instance classes",
    }
}

/// The field's meaning, what is usual, what is wrong; on the review, what its keys do.
fn explained(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let Some(field) = wizard.focused() else {
        return paragraph(
            Role::Text,
            "The resources are what stands and what is to be made, the costs a month before anybody uses it; the IAM policy is what whoever runs this needs; config.toml is the file that is written. enter asks once more before anything is made.",
            room,
        );
    };
    let mut lines = paragraph(Role::Text, field.means, room);
    lines.push(vec![]);
    let usual = if field.usual.is_empty() { "nothing" } else { &field.usual };
    lines.extend(paragraph(Role::Muted, &format!("Usual: {usual}. In the file: {}", key_of(&field.id)), room));
    if let Some(said) = wizard.said_of(field) {
        lines.push(vec![]);
        lines.extend(paragraph(Role::Bad, &said, room));
    }
    lines
}

/// `[app] image`
fn key_of(id: &str) -> String {
    match id.split('.').collect::<Vec<_>>()[..] {
        ["regions", _, key] => format!("[[regions]] {key}"),
        [section, key] => format!("[{section}] {key}"),
        _ => id.to_string(),
    }
}

/// What is begun with the name.
fn confirmed(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let Some(survey) = wizard.surveyed() else { return vec![] };
    let (create, update) = (survey.plan.count("create"), survey.plan.count("update"));
    let changes = if update > 0 {
        format!("{create} resources are made and {update} changed")
    } else {
        format!("{create} resources are made")
    };
    let place = match &wizard.place {
        Place::Simulator => "in the simulator".to_string(),
        Place::Served(endpoint) => format!("behind {endpoint}"),
        Place::Aws(_) => "in AWS".into(),
    };
    let mut lines =
        paragraph(Role::Text, &format!("{changes} {place}, in about {}.", span(survey.plan.expected)), room);
    let cost = format!(
        "About ${} a month, ${:.2} an hour, before anybody uses it.",
        dollars(survey.estimate.total()),
        survey.estimate.an_hour()
    );
    lines.extend(paragraph(Role::Warn, &cost, room));
    if wizard.by_hand.is_none() {
        lines.extend(paragraph(Role::Muted, &format!("{} is written first.", wizard.path.display()), room));
    }
    lines
}
