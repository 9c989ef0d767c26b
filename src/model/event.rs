//! What happened, for the Events pane.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Info,
    Good,
    Warn,
    Bad,
}

/// One event; its text is clean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    pub severity: Severity,
    /// `None`: of the whole stack.
    pub region: Option<String>,
    pub text: String,
}
