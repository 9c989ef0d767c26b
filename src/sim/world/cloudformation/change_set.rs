//! Change sets: what an update or a creation would do, to be looked at before it is done.

use super::plan::Change;
use super::stack::{Design, OnFailure};
use crate::moment::Moment;
use std::time::Duration;

/// Seconds that making a change set takes (assumed).
pub const MAKING_S: u64 = 4;

#[derive(Debug, Clone)]
pub struct ChangeSet {
    pub name: String,
    /// Its ARN.
    pub id: String,
    pub description: Option<String>,
    pub created: Moment,
    pub design: Design,
    /// What it would change; or why it failed.
    pub changes: Result<Vec<Change>, String>,
    /// It creates its stack.
    pub creates: bool,
    pub on_failure: Option<OnFailure>,
    pub executed: Executed,
}

/// Whether a change set was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Executed {
    Not,
    /// How far it is, its stack tells.
    Begun,
}

impl ChangeSet {
    fn made(&self, now: Moment) -> bool {
        now >= self.created + Duration::from_secs(MAKING_S)
    }

    pub fn status(&self, now: Moment) -> &'static str {
        match &self.changes {
            _ if now <= self.created => "CREATE_PENDING",
            _ if !self.made(now) => "CREATE_IN_PROGRESS",
            Ok(_) => "CREATE_COMPLETE",
            Err(_) => "FAILED",
        }
    }

    pub fn reason(&self, now: Moment) -> Option<&str> {
        self.changes.as_ref().err().map(String::as_str).filter(|_| self.made(now))
    }

    pub fn execution(&self, now: Moment) -> &'static str {
        match self.executed {
            Executed::Begun => "EXECUTE_IN_PROGRESS",
            Executed::Not if self.made(now) && self.changes.is_ok() => "AVAILABLE",
            Executed::Not => "UNAVAILABLE",
        }
    }
}
