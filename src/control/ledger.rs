//! The journal that everybody shares: what runs began and how they ended, in the control table. Entries are
//! ordered by the token of the lease under which they were written, then by their number: clocks differ.

use super::lease::Table;
use crate::cloud::Aws;
use crate::cloud::control::{self, Condition, Item};
use crate::model::outcome::CallError;
use serde_json::{Value, json};

const PK: &str = "journal";

/// What happened, under a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub token: u64,
    pub number: u64,
    /// The clock of whoever wrote it, for people.
    pub at: String,
    pub who: String,
    pub text: String,
}

impl Entry {
    fn item(&self) -> Item {
        let members = [
            ("pk", json!(PK)),
            ("sk", json!(format!("{:012}-{:06}", self.token, self.number))),
            ("token", json!(self.token)),
            ("number", json!(self.number)),
            ("at", json!(self.at)),
            ("who", json!(self.who)),
            ("text", json!(self.text)),
        ];
        members.map(|(name, value)| (name.to_string(), value)).into()
    }

    fn of(item: &Item) -> Self {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
        let number = |name: &str| item.get(name).and_then(Value::as_u64).unwrap_or(0);
        Self { token: number("token"), number: number("number"), at: text("at"), who: text("who"), text: text("text") }
    }
}

/// Writes an entry. To write it twice does no harm.
///
/// # Errors
/// As the table answers.
pub async fn write(aws: &Aws, table: &Table, entry: &Entry) -> Result<(), CallError> {
    control::put_if(aws, &table.regions, &table.name, &entry.item(), &Condition::Any).await.map(|_| ())
}

/// All entries, oldest first.
///
/// # Errors
/// As the table answers.
pub async fn read(aws: &Aws, table: &Table) -> Result<Vec<Entry>, CallError> {
    let items = control::query(aws, &table.regions, &table.name, PK).await?;
    Ok(items.iter().map(Entry::of).collect())
}
