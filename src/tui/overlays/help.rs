//! What the numbers of the pane below mean, every key from the table of actions, and what the symbols mean.

use super::about;
use super::scrolled;
use crate::model::operation::StepState;
use crate::model::verdict::Verdict;
use crate::tui::actions::keymap::EVERYWHERE;
use crate::tui::actions::{ACTIONS, Group, docs};
use crate::tui::model::Model;
use crate::tui::panes::{step_role, title, verdict_role};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word};
use ratatui::layout::Rect;

/// Columns of the keys.
const KEYS: usize = 20;

pub fn draw(model: &Model, scroll: usize, pen: &mut Pen<'_>, area: Rect) {
    let lines = lines(model);
    let inside = pen.sheet(area, (84, lines.len() as u16 + 2), &title("Help"), &[]);
    scrolled(pen, inside, &lines, scroll);
}

pub fn lines(model: &Model) -> Vec<Vec<Word>> {
    let mut lines = about::lines(model);
    for group in Group::ALL {
        if group == Group::Simulator && !model.breakable() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(vec![]);
        }
        lines.push(vec![word(Role::Title, group.title())]);
        for action in ACTIONS.iter().filter(|action| action.group == group) {
            let keys: Vec<String> = model.keymap.chords(action).iter().map(ToString::to_string).collect();
            let mut line =
                vec![word(Role::Key, format!("  {:<KEYS$}", keys.join(", "))), word(Role::Text, action.title)];
            if let Some(place) = docs::place(action) {
                line.push(word(Role::Muted, format!("  ({place})")));
            }
            lines.push(line);
        }
    }
    for (key, title) in EVERYWHERE {
        let key = format!("  {:<KEYS$}", key.to_string());
        lines.push(vec![word(Role::Key, key), word(Role::Text, title)]);
    }
    lines.push(vec![]);
    lines.push(vec![word(Role::Title, "Regions")]);
    for (verdict, meaning) in VERDICTS {
        let said = format!("  {} {:<14}", verdict.symbol(), verdict.word());
        lines.push(vec![word(verdict_role(*verdict), said), word(Role::Text, *meaning)]);
    }
    lines.push(vec![]);
    lines.push(vec![word(Role::Title, "Steps")]);
    for state in STEPS {
        lines.push(vec![word(step_role(*state), format!("  {} {}", state.symbol(), state.word()))]);
    }
    lines
}

const VERDICTS: &[(Verdict, &str)] = &[
    (Verdict::Serving, "users are sent here and are served"),
    (Verdict::Degraded, "serves with less than it should have"),
    (Verdict::Draining, "part of its users go elsewhere"),
    (Verdict::Drained, "its dial is at 0"),
    (Verdict::Evacuated, "its switch sends its users elsewhere"),
    (Verdict::Down, "no healthy target, or the checkers find it unhealthy"),
    (Verdict::Unknown, "it cannot be seen; that says nothing of its users"),
];

const STEPS: &[StepState] = &[
    StepState::NotStarted,
    StepState::Running,
    StepState::Completed,
    StepState::Failed,
    StepState::Skipped,
    StepState::Canceled,
];
