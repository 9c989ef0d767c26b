//! What is on the screen when nothing lies over it, one file a pane.

pub mod compact;
pub mod database;
pub mod events;
pub mod header;
pub mod hints;
pub mod operations;
pub mod region;
pub mod traffic;

use super::theme::Role;
use super::view::draw::{Word, word};
use crate::model::event::Severity;
use crate::model::operation::{RunState, StepState};
use crate::model::safety::Ruling;
use crate::model::verdict::Verdict;

pub fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Serving => Role::Ok,
        Verdict::Degraded | Verdict::Draining => Role::Warn,
        Verdict::Drained | Verdict::Evacuated => Role::Accent,
        Verdict::Down => Role::Bad,
        Verdict::Unknown => Role::Unknown,
    }
}

pub fn step_role(state: StepState) -> Role {
    match state {
        StepState::NotStarted => Role::Muted,
        StepState::Running => Role::Accent,
        StepState::Completed => Role::Ok,
        StepState::Failed => Role::Bad,
        StepState::Skipped | StepState::Canceled => Role::Warn,
    }
}

pub fn run_role(state: RunState) -> Role {
    match state {
        RunState::Pending | RunState::InProgress => Role::Accent,
        RunState::PausedByFailedStep => Role::Bad,
        RunState::Completed => Role::Ok,
        RunState::Canceled => Role::Warn,
    }
}

pub fn run_symbol(state: RunState) -> &'static str {
    match state {
        RunState::Pending => "·",
        RunState::InProgress => "▸",
        RunState::PausedByFailedStep => "✖",
        RunState::Completed => "✔",
        RunState::Canceled => "⊘",
    }
}

pub fn severity(severity: Severity) -> (Role, &'static str) {
    match severity {
        Severity::Info => (Role::Muted, "·"),
        Severity::Good => (Role::Ok, "✔"),
        Severity::Warn => (Role::Warn, "▲"),
        Severity::Bad => (Role::Bad, "✖"),
    }
}

pub fn ruling(ruling: Ruling) -> (Role, &'static str, &'static str) {
    match ruling {
        Ruling::Pass => (Role::Ok, "✔", "PASS"),
        Ruling::Warn => (Role::Warn, "▲", "WARN"),
        Ruling::Refuse => (Role::Bad, "✖", "REFUSED"),
    }
}

/// ` Title `
pub fn title(text: &str) -> Vec<Word> {
    vec![word(Role::Title, format!(" {text} "))]
}
