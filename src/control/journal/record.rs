//! What stands in the journal.

use crate::model::call::Call;
use crate::model::outcome::Outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One record. Records of a process are ordered by `seq`, not by the clock, which may be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub seq: u64,
    /// The stack's time.
    pub at: Timestamp,
    #[serde(flatten)]
    pub what: What,
}

/// A call of a step of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOf {
    pub operation: u64,
    pub step: usize,
    pub call: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The first record of a file.
    Began { version: u32, tandem: String, who: String },
    /// An operation was confirmed; `account` and `as_` as AWS told them.
    Started {
        operation: u64,
        title: String,
        region: String,
        plan: String,
        account: Option<String>,
        #[serde(rename = "as")]
        as_: Option<String>,
    },
    /// A call is about to be sent: written before it is.
    Sending {
        #[serde(flatten)]
        of: CallOf,
        region: String,
        /// The line for a shell that does the same.
        command: String,
    },
    /// What became of it. Without this record, whether it was done is not known.
    Ended {
        #[serde(flatten)]
        of: CallOf,
        outcome: Outcome,
    },
    /// What puts back what the operation takes: written before anything is sent.
    Held { operation: u64, call: Call },
    /// A step is over, or waits for its operator.
    Step { operation: u64, step: usize, state: String, note: String },
    /// What the operator said to a step that failed.
    Told { operation: u64, word: String, reason: Option<String> },
    /// The operation is over, or the process left it.
    Over { operation: u64, state: String },
    /// A deployment began: `apply` or `destroy`.
    Run { verb: String, plan: String },
    /// A call of a deployment is about to be sent: written before it is.
    Intent { node: String, call: Call },
    /// What became of the node's last call.
    Outcome { node: String, outcome: Outcome },
    /// A node is where it should be (`done`), or will not come there (`failed`, `stopped`).
    Node { node: String, state: String },
    /// The deployment is over: `done`, `failed` or `stopped`.
    RunOver { verb: String, state: String },
}
