//! What more than one operation refuses, and how DynamoDB words it.

use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::dynamo::expression::{Condition, Words};
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{self, Key, NotWritten, Table};
use serde_json::json;
use std::collections::BTreeMap;

pub fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}

pub fn in_use(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ResourceInUseException", message)
}

pub fn not_found() -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", "Requested resource not found")
}

pub fn no_table(name: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", format!("Requested resource not found: Table: {name} not found"))
}

/// The table that a name or an ARN tells, in the caller's Region.
pub fn key(caller: &Caller, name: &str) -> Key {
    let name = name.rsplit_once(":table/").map_or(name, |(_, name)| name);
    (caller.region.clone(), name.to_string())
}

/// A table that takes reads and writes.
pub fn open<'w>(world: &'w World, key: &Key) -> Answer<&'w Table> {
    world.dynamo.tables.get(key).filter(|table| table.open()).ok_or_else(not_found)
}

/// The same, once it has the latest of every Region; only a strongly consistent table asks any.
pub fn agreed<'w>(world: &'w mut World, key: &Key) -> Answer<&'w Table> {
    open(world, key)?;
    dynamo::agree(world, key).map_err(not_written)?;
    open(world, key)
}

/// Names have 3 to 255 letters, digits, dots, hyphens and underscores (API Reference, CreateTable).
pub fn table_name(name: &str) -> Answer<()> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if plain && (3..=255).contains(&name.len()) {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length between 3 and 255"
    )))
}

/// Parameters that expressions replaced are refused rather than passed over.
pub fn legacy(given: &[(&str, &Option<Doc>)]) -> Answer<()> {
    match given.iter().find(|(_, value)| value.is_some()) {
        Some((name, _)) => Err(invalid(format!("{name} is a legacy parameter: use expressions instead"))),
        None => Ok(()),
    }
}

pub fn item(doc: &Doc) -> Answer<Item> {
    value::read(doc).map_err(invalid)
}

/// What `#names` and `:values` of a call stand for.
pub fn words(names: Option<BTreeMap<String, String>>, values: Option<Doc>) -> Answer<Words> {
    let values = values.as_ref().map(value::read).transpose();
    let values = values.map_err(|why| invalid(format!("ExpressionAttributeValues contains invalid value: {why}")))?;
    Ok(Words::new(names.unwrap_or_default(), values.unwrap_or_default()))
}

/// Reads the condition of a write.
pub fn condition(text: Option<&str>, words: &mut Words) -> Answer<Option<Condition>> {
    let parse =
        |text| Condition::parse(text, words).map_err(|why| invalid(format!("Invalid ConditionExpression: {why}")));
    text.map(parse).transpose()
}

/// The largest item (Developer Guide, limits).
const LARGEST: usize = 400 * 1024;

pub fn size(item: &Item) -> Answer<()> {
    if value::size(item) <= LARGEST {
        return Ok(());
    }
    Err(invalid("Item size has exceeded the maximum allowed size"))
}

/// Refuses a write whose condition does not hold; the item is told where that was asked for.
pub fn unless(condition: Option<&Condition>, there: Option<&Item>, asked: Option<&str>) -> Answer<()> {
    let told = told_on_failure(asked, there)?;
    let none = Item::new();
    if condition.is_none_or(|condition| condition.holds(there.unwrap_or(&none))) {
        return Ok(());
    }
    let refusal = Refusal::new(400, "ConditionalCheckFailedException", "The conditional request failed");
    Err(match told {
        Some(item) => refusal.with(json!({ "Item": item })),
        None => refusal,
    })
}

/// ReturnValuesOnConditionCheckFailure: nothing, or what is there.
pub fn told_on_failure(asked: Option<&str>, there: Option<&Item>) -> Answer<Option<Doc>> {
    match asked {
        None | Some("NONE") => Ok(None),
        Some("ALL_OLD") => Ok(there.map(value::write)),
        Some(_) => Err(invalid("ReturnValuesOnConditionCheckFailure can only be ALL_OLD or NONE")),
    }
}

pub fn not_written(why: NotWritten) -> Refusal {
    match why {
        NotWritten::NoTable => not_found(),
        NotWritten::Alone => Refusal::new(500, "InternalServerError", "Internal server error"),
        NotWritten::Conflict => Refusal::new(
            400,
            "ReplicatedWriteConflictException",
            "The request was rejected because one or more items in the request are being modified by a request in another Region.",
        ),
    }
}
