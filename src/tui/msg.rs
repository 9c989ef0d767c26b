//! What the console is told, and what it asks for.

use super::keys::Key;
use super::view::hits::Target;
use crate::fault::{FaultBoard, FaultOrder};
use crate::model::event::Severity;
use crate::model::json::{float, shared};
use crate::model::operation::Operation;
use crate::model::plan::{Kind, Plan};
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Msg {
    /// A key, and when it came: the machine's time since the console began. Tells typing from bursts.
    Key {
        key: Key,
        at: Duration,
    },
    /// A click on something, and when it came.
    Click {
        target: Target,
        at: Duration,
    },
    /// The wheel was turned over something.
    Wheel {
        target: Option<Target>,
        up: bool,
    },
    /// Text that the terminal says was pasted.
    Paste(String),
    Resize {
        width: u16,
        height: u16,
    },
    /// Once a second of the machine's time, with the stack's time.
    Tick(Timestamp),
    Snapshot(#[serde(with = "shared")] Arc<Snapshot>),
    /// Every run of this session, oldest first.
    Operations(#[serde(with = "shared")] Arc<Vec<Operation>>),
    /// The answer to [`Cmd::Plan`].
    Planned {
        kind: Kind,
        /// That was asked for: a failover of the writer's own Region is planned for another one.
        region: String,
        plan: Result<Plan, String>,
    },
    Faults(Result<FaultBoard, String>),
    Notice {
        severity: Severity,
        text: String,
    },
    /// What goes on the hint line only.
    Hint {
        severity: Severity,
        text: String,
    },
    /// The simulated clock has a new pace.
    Speed(#[serde(with = "float")] f64),
    FocusLost,
    FocusGained,
    /// A signal wants the terminal for a shell. The screen's thread carries it out.
    Suspend,
    /// The process goes on after it was stopped.
    Continued,
}

/// Something to be done by the runner, which answers with messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Cmd {
    /// Read again and plan; answered by [`Msg::Planned`]. `tasks` for a scale.
    Plan {
        kind: Kind,
        region: String,
        tasks: Option<u32>,
    },
    /// Run the plan that was confirmed, if it still has this hash.
    Run(Plan, String),
    /// Try the failed step of the operation again.
    Retry(u64),
    /// Go on without the failed step, for this reason.
    Skip(u64, String),
    CancelOperation(u64),
    ListFaults,
    StartFault(FaultOrder),
    EndFault(u64),
    SetSpeed(f64),
    /// Look at everything now.
    Refresh,
    /// The Region whose tasks and targets are on the screen.
    Zoomed(Option<String>),
    /// Put text into the operator's clipboard.
    Copy(String),
    /// Whether anybody has the console before them.
    Attentive(bool),
    /// Give the terminal to the shell and stop. Carried out by the screen's thread.
    Suspend,
    Quit,
}
