//! What comes next for a resource.

use super::Difference;
use crate::model::call::Call;

/// Whether a resource can be built on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    Yes,
    /// What it is busy with, in AWS's words.
    NotYet(String),
    /// It will not come of itself.
    Failed(String),
}

impl Ready {
    /// By AWS's word for the state: `good` can be built on, `bad` will not come of itself.
    pub fn by(state: &str, good: &[&str], bad: &[&str]) -> Self {
        if good.contains(&state) {
            Ready::Yes
        } else if bad.contains(&state) {
            Ready::Failed(state.into())
        } else {
            Ready::NotYet(state.into())
        }
    }
}

/// What comes next on the way from what was seen to what is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Send(Call),
    /// Nothing but time: what for.
    Wait(String),
    Done,
    /// These members can only be had by making it anew.
    Replace(Vec<Difference>),
    /// A human must see to it: why, and what to do.
    Stuck(String),
}
