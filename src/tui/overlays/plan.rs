//! A plan before it runs: what changes for whom, what allows it, the exact calls, how to undo it.

use super::{field, made, scrolled};
use crate::model::call::Call;
use crate::model::plan::{Enough, Plan, Step};
use crate::tui::model::{Model, PlanReview};
use crate::tui::panes::{ruling, title};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, width, word, wrap};
use crate::tui::view::words;
use ratatui::layout::Rect;

/// The widest that a plan is drawn.
const WIDEST: u16 = 104;
/// Rows of the foot: a line, what to type, what was said of it.
const FOOT: u16 = 3;

pub fn draw(model: &Model, review: &PlanReview, pen: &mut Pen<'_>, area: Rect) {
    let wide = area.width.min(WIDEST);
    let lines = lines(&review.plan, review.cli, usize::from(wide).saturating_sub(4));
    let height = (lines.len() as u16).saturating_add(FOOT + 2);
    let mut head = title(&review.plan.title);
    if review.plan.loses_data() {
        head = vec![word(Role::Danger, format!(" {} ", review.plan.title))];
    }
    let right = [word(Role::Muted, format!(" plan {}  {} ", review.hash, made(model, review.made)))];
    let inside = pen.sheet(area, (wide, height), &head, &right);
    let foot = FOOT.min(inside.height);
    let body = Rect { height: inside.height - foot, ..inside };
    scrolled(pen, body, &lines, review.scroll);
    let foot = Rect { y: inside.y + body.height, height: foot, ..inside };
    pen.left(foot, 0, &[word(Role::Border, "─".repeat(usize::from(foot.width)))]);
    if let Some(check) = review.plan.checks.iter().find(|check| check.refuses()) {
        pen.left(
            foot,
            1,
            &[word(Role::Danger, " REFUSED "), word(Role::Bad, format!(" {}: {}", check.rule, check.why))],
        );
        pen.left(foot, 2, &[word(Role::Muted, "this plan cannot be confirmed; esc closes it")]);
        return;
    }
    let target = &review.plan.region;
    let elsewhere = *target != model.selected;
    let mut label = vec![word(Role::Muted, if elsewhere { "type the target " } else { "type " })];
    label.push(word(if review.plan.loses_data() { Role::Bad } else { Role::Title }, target));
    label.push(word(Role::Muted, " then enter: "));
    field::draw(pen, foot, 1, &label, &review.confirm.input);
    let note = review.confirm.note.clone();
    let (role, note) = match note {
        Some(note) => (Role::Warn, format!("▲ {note}")),
        None if !model.writable => (Role::Warn, "▲ read-only: start with --write".into()),
        None if review.confirm.input.value() == *target && review.plan.loses_data() => {
            (Role::Danger, " enter runs this plan: DATA LOSS ALLOWED ".into())
        }
        None if review.confirm.input.value() == *target => (Role::Accent, "enter runs this plan".into()),
        None if elsewhere => {
            (Role::Warn, format!("▲ it is for {target}, not for the selected {}; esc cancels", model.selected))
        }
        None => (Role::Muted, "nothing has been changed; esc cancels".into()),
    };
    pen.left(foot, 2, &[word(role, note)]);
}

fn lines(plan: &Plan, cli: bool, room: usize) -> Vec<Vec<Word>> {
    let mut lines = vec![];
    let head = |lines: &mut Vec<Vec<Word>>, text: &str| {
        if !lines.is_empty() {
            lines.push(vec![]);
        }
        lines.push(vec![word(Role::Title, text.to_string())]);
    };
    let mut effects = plan.effects.iter().peekable();
    if let Some(loss) = effects.next_if(|_| plan.loses_data()) {
        lines.push(vec![word(Role::Danger, " DATA LOSS ")]);
        paragraph(&mut lines, 2, Role::Bad, loss, room);
    }
    head(&mut lines, "Effect");
    for effect in effects {
        paragraph(&mut lines, 2, Role::Text, effect, room);
    }
    head(&mut lines, "Safety");
    for check in &plan.checks {
        let (role, symbol, said) = ruling(check.ruling);
        let first =
            vec![word(role, format!("  {symbol} {said:<7} ")), word(Role::Text, format!("{:<15} ", check.rule))];
        let start = 28;
        for (place, line) in wrap(&check.why, room.saturating_sub(start).max(20)).into_iter().enumerate() {
            let mut words = if place == 0 { first.clone() } else { vec![word(Role::Text, " ".repeat(start))] };
            words.push(word(Role::Muted, line));
            lines.push(words);
        }
    }
    head(&mut lines, if cli { "Steps, as shell commands" } else { "Steps" });
    for (place, step) in plan.steps.iter().enumerate() {
        steps(&mut lines, place, step, cli, room);
    }
    head(&mut lines, "Undo");
    paragraph(&mut lines, 2, Role::Text, &plan.undo, room);
    lines
}

fn steps(lines: &mut Vec<Vec<Word>>, place: usize, step: &Step, cli: bool, room: usize) {
    lines.push(vec![
        word(Role::Accent, format!("  {} ", place + 1)),
        word(Role::Text, step.title.clone()),
        word(Role::Muted, format!("  within {}", words::span(step.within))),
    ]);
    if step.enough == Enough::Any && step.calls.len() > 1 {
        lines.push(vec![word(Role::Muted, "      one of these calls is enough, the others are welcome")]);
    }
    for call in &step.calls {
        if cli {
            paragraph(lines, 6, Role::Muted, &call.cli(), room);
        } else {
            lines.extend(said(call, room));
        }
    }
}

/// Where the call goes, what it is, what it does; never cut.
pub fn said(call: &Call, room: usize) -> Vec<Vec<Word>> {
    let head = vec![
        word(Role::Muted, format!("      {:<14} ", call.region)),
        word(Role::Muted, format!("{}:{}  ", call.service(), call.operation())),
    ];
    let summary = word(Role::Text, call.summary());
    if width(&head) + width(std::slice::from_ref(&summary)) <= room {
        return vec![head.into_iter().chain([summary]).collect()];
    }
    let mut lines = vec![head];
    paragraph(&mut lines, 8, Role::Text, &summary.text, room);
    lines
}

fn paragraph(lines: &mut Vec<Vec<Word>>, indent: usize, role: Role, text: &str, room: usize) {
    for line in wrap(text, room.saturating_sub(indent).max(20)) {
        lines.push(vec![word(role, format!("{}{line}", " ".repeat(indent)))]);
    }
}
