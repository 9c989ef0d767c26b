//! The operation that is open, else the last one: its steps, what they wait for, how long it takes.

use super::{run_role, run_symbol, step_role, title};
use crate::model::observed::elapsed;
use crate::model::operation::{Operation, StepRun};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, pad, width, word};
use crate::tui::view::words;
use jiff::Timestamp;
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 3 {
        return;
    }
    let Some(run) = model.operation() else {
        let inside = pad(pen.frame(area, &title("Operations"), &[], false));
        pen.left(inside, 0, &[word(Role::Muted, "none in this session")]);
        return;
    };
    let right = [word(run_role(run.state), format!(" {} {} ", run_symbol(run.state), run.state.word()))];
    let inside = pad(pen.frame(area, &title("Operations"), &right, false));
    pen.left(inside, 0, &[word(Role::Title, run.name())]);
    pen.right(inside, 0, &[word(Role::Muted, words::span(run.elapsed(model.now)))]);
    let room = usize::from(inside.height).saturating_sub(1);
    let steps = run.plan.steps.len();
    // the current step stays in sight
    let current = run.current().unwrap_or(steps.saturating_sub(1));
    let first = (current + 2).saturating_sub(room).min(steps.saturating_sub(room));
    for (row, place) in (first..steps).take(room).enumerate() {
        let (left, right) = step(run, place, model.now);
        pen.left(inside, row + 1, &left);
        if width(&left) + width(&right) + 2 <= usize::from(inside.width) {
            pen.right(inside, row + 1, &right);
        }
    }
}

/// A step in one line, and how long it has taken.
pub fn step(run: &Operation, place: usize, now: Timestamp) -> (Vec<Word>, Vec<Word>) {
    let Some(plan) = run.plan.steps.get(place) else { return (vec![], vec![]) };
    let Some(StepRun { state, started, ended, note, .. }) = run.steps.get(place) else { return (vec![], vec![]) };
    let role = step_role(*state);
    let mut left =
        vec![word(role, format!("{} {:<11} ", state.symbol(), state.word())), word(Role::Text, plan.title.clone())];
    if !note.is_empty() {
        left.push(word(Role::Muted, format!("  {note}")));
    }
    let took = started.map(|from| words::span(elapsed(from, ended.or(run.ended).unwrap_or(now))));
    (left, took.map(|took| word(Role::Muted, took)).into_iter().collect())
}
