//! The fault menu: faults that hold with their time left, then everything that can be broken.

use crate::fault::{ActiveFault, FaultBoard};
use crate::model::observed::elapsed;
use crate::tui::model::{FaultChoice, FaultMenu, Model};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::update::faults::{chosen, struck};
use crate::tui::view::draw::{Pen, Word, word, wrap};
use crate::tui::view::words;
use ratatui::layout::Rect;
use std::time::Duration;

/// Rows of the foot: the description (two lines), then what Enter does.
const FOOT: u16 = 4;

pub fn draw(model: &Model, menu: &FaultMenu, pen: &mut Pen<'_>, area: Rect) {
    let rows = match &model.faults {
        Some(Ok(board)) => board.kinds.len() + board.active.len().max(1) + 3,
        _ => 3,
    };
    let size = (area.width.min(92), (rows as u16).saturating_add(FOOT + 2));
    let inside = pen.sheet(area, size, &title("Faults"), &[word(Role::BadgeSimulated, " simulator ")]);
    let board = match &model.faults {
        Some(Ok(board)) => board,
        Some(Err(why)) => {
            return pen.left(inside, 0, &[word(Role::Bad, format!("✖ the lever does not answer: {why}"))]);
        }
        None => return pen.left(inside, 0, &[word(Role::Muted, "asking what can be broken")]),
    };
    let choice = chosen(menu, board);
    let foot = FOOT.min(inside.height);
    let body = Rect { height: inside.height - foot, ..inside };
    list(model, board, choice.as_ref(), pen, body);
    let foot = Rect { y: inside.y + body.height, height: foot, ..inside };
    pen.left(foot, 0, &[word(Role::Border, "─".repeat(usize::from(foot.width)))]);
    for (place, line) in about(board, choice.as_ref(), usize::from(foot.width)).into_iter().take(2).enumerate() {
        pen.left(foot, place + 1, &[word(Role::Muted, line)]);
    }
    let span = words::span(Duration::from_secs(menu.duration_s()));
    let order = match &choice {
        Some(FaultChoice::Active(_)) => vec![word(Role::Key, "x"), word(Role::Text, " ends it now")],
        kind => {
            let region = match kind {
                Some(FaultChoice::Kind(id)) => struck(model, menu, board, id),
                _ => None,
            };
            let mut order = match region {
                Some(region) => vec![word(Role::Key, "←→"), word(Role::Text, format!(" {region}   "))],
                None => vec![word(Role::Text, "global   ")],
            };
            order.extend([
                word(Role::Key, "- +"),
                word(Role::Text, format!(" {span}   ")),
                word(Role::Key, "enter"),
                word(Role::Text, " starts it"),
            ]);
            order
        }
    };
    pen.left(foot, 3, &order);
}

fn list(model: &Model, board: &FaultBoard, choice: Option<&FaultChoice>, pen: &mut Pen<'_>, area: Rect) {
    let mut lines: Vec<(Option<FaultChoice>, Vec<Word>)> = vec![(None, vec![word(Role::Title, "Holding now")])];
    if board.active.is_empty() {
        lines.push((None, vec![word(Role::Muted, "  nothing")]));
    }
    for fault in &board.active {
        let words = vec![
            word(Role::Bad, format!("  ✖ {:<5}", fault.kind)),
            word(Role::Text, format!("{}  {}  ", fault.title, fault.target)),
            word(Role::Warn, left(fault, model)),
        ];
        lines.push((Some(FaultChoice::Active(fault.id)), words));
    }
    lines.push((None, vec![]));
    lines.push((None, vec![word(Role::Title, "Break something")]));
    for kind in &board.kinds {
        let words = vec![word(Role::Accent, format!("    {:<5}", kind.id)), word(Role::Text, kind.title.clone())];
        lines.push((Some(FaultChoice::Kind(kind.id.clone())), words));
    }
    let room = usize::from(area.height);
    let at = lines.iter().position(|(one, _)| one.is_some() && one.as_ref() == choice).unwrap_or(0);
    let first = (at + 2).saturating_sub(room).min(lines.len().saturating_sub(room));
    for (row, (one, words)) in lines.iter().enumerate().skip(first).take(room) {
        pen.left(area, row - first, words);
        if one.is_some() && one.as_ref() == choice {
            pen.bar(area, row - first, Role::Selection);
            pen.left(area, row - first, &[word(Role::Selection, "▸")]);
        }
    }
}

fn left(fault: &ActiveFault, model: &Model) -> String {
    match fault.ends {
        None => "until it is ended".into(),
        Some(ends) if ends <= model.now => "has ended".into(),
        Some(ends) => format!("{} left", words::span(elapsed(model.now, ends))),
    }
}

fn about(board: &FaultBoard, choice: Option<&FaultChoice>, room: usize) -> Vec<String> {
    match choice {
        Some(FaultChoice::Kind(id)) => {
            board.kinds.iter().find(|kind| kind.id == *id).map_or(vec![], |kind| wrap(&kind.description, room))
        }
        _ => vec![],
    }
}
