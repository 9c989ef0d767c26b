//! What humans and watchers tell each other in the control table: the global off switch, and the promotion that blocks
//! the next one.

use super::PK;
use crate::cloud::Aws;
use crate::cloud::control::{self, Condition, Item, Put};
use crate::control::lease::Table;
use crate::model::outcome::CallError;
use crate::model::watch::inputs::{Off, Promoted};
use serde_json::{Value, json};

/// The sort keys.
pub const OFF: &str = "off";
pub const PROMOTED: &str = "promoted";

/// How a change of what blocks ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// It is not as was thought; this is how.
    Not(Option<Promoted>),
}

fn text(item: &Item, name: &str) -> String {
    item.get(name).and_then(Value::as_str).unwrap_or_default().to_string()
}

/// The off switch of an item.
pub fn off_of(item: &Item) -> Off {
    let text = |name: &str| crate::model::text::clean(&text(item, name));
    Off { who: text("who"), why: text("why"), at: text("at") }
}

/// The promotion of an item.
pub fn promoted_of(item: &Item) -> Promoted {
    let acknowledged = Some(text(item, "acknowledged")).filter(|who| !who.is_empty());
    let clean = |name: &str| crate::model::text::clean(&text(item, name));
    Promoted {
        id: text(item, "id"),
        by: clean("by"),
        from: clean("from"),
        to: clean("to"),
        at: clean("at"),
        acknowledged: acknowledged.map(|who| crate::model::text::clean(&who)),
    }
}

fn item(promoted: &Promoted) -> Item {
    let members = [
        ("pk", PK),
        ("sk", PROMOTED),
        ("id", &promoted.id),
        ("by", &promoted.by),
        ("from", &promoted.from),
        ("to", &promoted.to),
        ("at", &promoted.at),
        ("acknowledged", promoted.acknowledged.as_deref().unwrap_or_default()),
    ];
    members.map(|(name, value)| (name.to_string(), json!(value))).into()
}

/// Whether watchers are switched off, as the last write left it.
///
/// # Errors
/// As the table answers.
pub async fn off(aws: &Aws, table: &Table) -> Result<Option<Off>, CallError> {
    Ok(control::get(aws, &table.regions, &table.name, PK, OFF).await?.as_ref().map(off_of))
}

/// Switches every watcher off.
///
/// # Errors
/// As the table answers.
pub async fn turn_off(aws: &Aws, table: &Table, off: &Off) -> Result<(), CallError> {
    let members = [("pk", PK), ("sk", OFF), ("who", &off.who), ("why", &off.why), ("at", &off.at)];
    let item: Item = members.map(|(name, value)| (name.to_string(), json!(value))).into();
    control::put_if(aws, &table.regions, &table.name, &item, &Condition::Any).await.map(drop)
}

/// Switches them on again.
///
/// # Errors
/// As the table answers.
pub async fn turn_on(aws: &Aws, table: &Table) -> Result<(), CallError> {
    control::delete_if(aws, &table.regions, &table.name, PK, OFF, &Condition::Any).await.map(drop)
}

/// The last promotion that a watcher made.
///
/// # Errors
/// As the table answers.
pub async fn promoted(aws: &Aws, table: &Table) -> Result<Option<Promoted>, CallError> {
    Ok(control::get(aws, &table.regions, &table.name, PK, PROMOTED).await?.as_ref().map(promoted_of))
}

/// Writes down a promotion that is about to begin, in the place of `before` and of nothing else: of two that would
/// begin one is refused.
///
/// # Errors
/// As the table answers; it may stand there all the same, by the error's class.
pub async fn block(
    aws: &Aws,
    table: &Table,
    promotion: &Promoted,
    before: Option<&Promoted>,
) -> Result<Changed, CallError> {
    let condition = match before {
        None => Condition::Absent,
        Some(before) => Condition::Same { attribute: "id".into(), value: json!(before.id) },
    };
    put(aws, table, promotion, &condition).await
}

/// Takes back a promotion that did not begin.
///
/// # Errors
/// As the table answers.
pub async fn unblock(aws: &Aws, table: &Table, promotion: &Promoted) -> Result<(), CallError> {
    let same = Condition::Same { attribute: "id".into(), value: json!(promotion.id) };
    control::delete_if(aws, &table.regions, &table.name, PK, PROMOTED, &same).await.map(drop)
}

/// A human has seen the promotion.
///
/// # Errors
/// As the table answers.
pub async fn acknowledge(aws: &Aws, table: &Table, promotion: &Promoted, who: &str) -> Result<Changed, CallError> {
    let seen = Promoted { acknowledged: Some(who.into()), ..promotion.clone() };
    let same = Condition::Same { attribute: "id".into(), value: json!(promotion.id) };
    put(aws, table, &seen, &same).await
}

async fn put(aws: &Aws, table: &Table, promotion: &Promoted, condition: &Condition) -> Result<Changed, CallError> {
    let ended = control::put_if(aws, &table.regions, &table.name, &item(promotion), condition).await?;
    Ok(match ended {
        Put::Done => Changed::Done,
        Put::Refused(there) => Changed::Not(there.as_ref().map(promoted_of)),
    })
}
