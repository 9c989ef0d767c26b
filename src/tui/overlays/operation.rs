//! An operation in detail: every step, every call with how it ended, and what a failed step waits for.

use super::plan::said;
use super::scrolled;
use crate::model::operation::{Operation, RunState};
use crate::model::outcome::Outcome;
use crate::tui::model::Model;
use crate::tui::panes::{operations::step, run_role, run_symbol, title};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word, wrap};
use crate::tui::view::words;
use jiff::Timestamp;
use ratatui::layout::Rect;

pub fn draw(model: &Model, id: u64, scroll: usize, pen: &mut Pen<'_>, area: Rect) {
    let Some(run) = model.operation_by(id) else {
        let inside = pen.sheet(area, (60, 3), &title(&format!("Operation #{id}")), &[]);
        return pen.left(inside, 0, &[word(Role::Muted, "not known any more")]);
    };
    let width = area.width.min(104);
    let lines = lines(run, model.now, usize::from(width).saturating_sub(4));
    let right = [word(run_role(run.state), format!(" {} {} ", run_symbol(run.state), run.state.word()))];
    let inside = pen.sheet(area, (width, lines.len() as u16 + 2), &title(&run.name()), &right);
    scrolled(pen, inside, &lines, scroll);
}

fn lines(run: &Operation, now: Timestamp, room: usize) -> Vec<Vec<Word>> {
    let mut lines = vec![vec![
        word(Role::Muted, format!("began {}, ", words::clock(run.started))),
        word(Role::Text, words::span(run.elapsed(now))),
        word(Role::Muted, format!(", plan {}", run.plan.hash())),
    ]];
    if run.state == RunState::PausedByFailedStep {
        lines.push(vec![
            word(Role::Danger, " WAITS FOR YOU "),
            word(Role::Text, "  a step failed: "),
            word(Role::Key, "r"),
            word(Role::Text, " retry   "),
            word(Role::Key, "s"),
            word(Role::Text, " skip   "),
            word(Role::Key, "x"),
            word(Role::Text, " cancel"),
        ]);
    }
    lines.push(vec![]);
    for (place, (planned, ran)) in run.plan.steps.iter().zip(&run.steps).enumerate() {
        let (left, took) = step(run, place, now);
        let mut head = left;
        head.extend(took.into_iter().map(|word| Word { text: format!("  {}", word.text), ..word }));
        lines.push(head);
        for line in wrap(&ran.note, room.saturating_sub(6).max(20)).into_iter().filter(|line| !line.is_empty()) {
            lines.push(vec![word(crate::tui::panes::step_role(ran.state), format!("      {line}"))]);
        }
        for (place, call) in planned.calls.iter().enumerate() {
            lines.extend(said(call, room));
            if let Some(outcome) = ran.outcome(place) {
                lines.push(ended(outcome));
            }
        }
    }
    lines.push(vec![]);
    lines.push(vec![word(Role::Title, "Undo")]);
    for line in wrap(&run.plan.undo, room.saturating_sub(2).max(20)) {
        lines.push(vec![word(Role::Text, format!("  {line}"))]);
    }
    lines
}

fn ended(outcome: &Outcome) -> Vec<Word> {
    let (role, text) = match outcome {
        Outcome::Done { request_id } => (Role::Ok, format!("✔ done  {}", request_id.as_deref().unwrap_or_default())),
        Outcome::Refused(error) => (Role::Bad, format!("✖ refused  {error}")),
        Outcome::Unknown(error) => (Role::Unknown, format!("? UNKNOWN whether it was done  {error}")),
    };
    vec![word(role, format!("        {text}"))]
}
