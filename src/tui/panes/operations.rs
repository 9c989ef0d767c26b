//! The operation that is open, else the last one: its steps, what they wait for, how long it takes.

use super::{run_role, run_symbol, step_role, title};
use crate::model::observed::elapsed;
use crate::model::operation::{Operation, StepRun, StepState};
use crate::tui::model::{Model, Pane};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, pad, width, word};
use crate::tui::view::hits::Target;
use crate::tui::view::words;
use jiff::Timestamp;
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 3 {
        return;
    }
    let focus = model.pane == Pane::Operations;
    pen.hits.add(area, Target::Pane(Pane::Operations));
    let Some(run) = model.operation() else {
        let inside = pad(pen.frame(area, &title("Operations"), &[], focus));
        pen.left(inside, 0, &[word(Role::Muted, "none in this session")]);
        return;
    };
    let right = [word(run_role(run.state), format!(" {} {} ", run_symbol(run.state), run.state.word()))];
    let inside = pad(pen.frame(area, &title("Operations"), &right, focus));
    pen.left(inside, 0, &[word(Role::Title, run.name())]);
    pen.right(inside, 0, &[word(Role::Muted, words::span(run.elapsed(model.now)))]);
    let room = usize::from(inside.height).saturating_sub(1);
    let mut lines: Vec<(Vec<Word>, Vec<Word>)> = vec![];
    let mut here = 0;
    for (place, ran) in run.steps.iter().enumerate() {
        if Some(place) == run.current() {
            here = lines.len();
        }
        lines.push(step(run, place, model.now));
        if matches!(ran.state, StepState::Running | StepState::Failed) && !ran.note.is_empty() {
            lines.push((vec![word(step_role(ran.state), format!("    {}", ran.note))], vec![]));
        }
    }
    // the current step stays in sight, with its note
    let first = (here + 2).saturating_sub(room).min(lines.len().saturating_sub(room));
    for (row, (left, right)) in lines.iter().skip(first).take(room).enumerate() {
        pen.left(inside, row + 1, left);
        if width(left) + width(right) + 2 <= usize::from(inside.width) {
            pen.right(inside, row + 1, right);
        }
    }
}

/// A step in one line, and how long it has taken.
pub fn step(run: &Operation, place: usize, now: Timestamp) -> (Vec<Word>, Vec<Word>) {
    let Some(plan) = run.plan.steps.get(place) else { return (vec![], vec![]) };
    let Some(StepRun { state, started, ended, .. }) = run.steps.get(place) else { return (vec![], vec![]) };
    let role = step_role(*state);
    let left =
        vec![word(role, format!("{} {:<11} ", state.symbol(), state.word())), word(Role::Text, plan.title.clone())];
    let took = started.map(|from| words::span(elapsed(from, ended.or(run.ended).unwrap_or(now))));
    (left, took.map(|took| word(Role::Muted, took)).into_iter().collect())
}
