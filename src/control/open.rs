//! Operations that are open at some console, told in the control table to whoever would take the stack away. It is
//! news and no lock: a Region must be evacuated whether the table answers or not.

use super::lease::Table;
use crate::cloud::Aws;
use crate::cloud::control::{self, Condition, Item};
use crate::model::observed::elapsed;
use crate::model::outcome::CallError;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

const PK: &str = "open";

/// How long an operation counts that nobody has taken back: its console may be gone.
pub const COUNTS: Duration = Duration::from_secs(3600);

/// An operation that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Of its process and of itself: no other is called so.
    pub id: String,
    /// `alice@laptop`
    pub who: String,
    pub what: String,
    /// By the clock of its console.
    pub at: Timestamp,
}

impl Open {
    /// Whether it must be ended before the stack is taken away.
    pub fn counts(&self, now: Timestamp) -> bool {
        elapsed(self.at, now) < COUNTS
    }

    fn item(&self) -> Item {
        let members = [
            ("pk", json!(PK)),
            ("sk", json!(self.id)),
            ("who", json!(self.who)),
            ("what", json!(self.what)),
            ("at", json!(self.at.to_string())),
        ];
        members.map(|(name, value)| (name.to_string(), value)).into()
    }

    fn of(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_string);
        Some(Self { id: text("sk")?, who: text("who")?, what: text("what")?, at: text("at")?.parse().ok()? })
    }
}

/// Tells that it is open.
///
/// # Errors
/// As the table answers.
pub async fn tell(aws: &Aws, table: &Table, open: &Open) -> Result<(), CallError> {
    control::put_if(aws, &table.regions, &table.name, &open.item(), &Condition::Any).await.map(drop)
}

/// Takes it back: it is over.
///
/// # Errors
/// As the table answers.
pub async fn take_back(aws: &Aws, table: &Table, id: &str) -> Result<(), CallError> {
    control::delete_if(aws, &table.regions, &table.name, PK, id, &Condition::Any).await.map(drop)
}

/// All that were told and not taken back.
///
/// # Errors
/// As the table answers.
pub async fn all(aws: &Aws, table: &Table) -> Result<Vec<Open>, CallError> {
    let items = control::query(aws, &table.regions, &table.name, PK).await?;
    Ok(items.iter().filter_map(Open::of).collect())
}
