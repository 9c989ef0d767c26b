//! Sessions as the application keeps them: one item each, whole.

use super::number::Number;
use super::table::ItemKey;
use super::value::Value;
use super::{World, store};

/// How long a session lives, seconds (assumed: a day).
const LIVES_S: u64 = 86_400;

/// Writes version `version` of session `id` as the application does: to the table's replica in `region`, with
/// the partition key of the table. False when the table takes no writes there.
pub fn put_session(world: &mut World, region: &str, table: &str, id: &str, version: u64) -> bool {
    let at = (region.to_string(), table.to_string());
    let Some(found) = world.dynamo.tables.get(&at).filter(|table| table.range.is_none()) else { return false };
    let key = Value::S(id.into());
    let number = |value: u64| Value::N(Number::from(value));
    let item = [
        (found.hash.clone(), key.clone()),
        ("version".into(), number(version)),
        ("last_region".into(), Value::S(region.into())),
        ("expires_at".into(), number(world.now.0 / 1000 + LIVES_S)),
    ];
    store(world, &at, ItemKey { hash: key, range: None }, Some(item.into())).is_ok()
}

/// The version of session `id` that an eventually consistent read finds in `region`; `None` when the table
/// cannot be read there, `Some(None)` when there is no such session.
pub fn session_version(world: &World, region: &str, table: &str, id: &str) -> Option<Option<u64>> {
    let found = world.dynamo.table(region, table).filter(|table| table.open())?;
    let item = found.get(&ItemKey { hash: Value::S(id.into()), range: None });
    Some(item.and_then(|item| match item.get("version") {
        Some(Value::N(version)) => Some(version.as_f64() as u64),
        _ => None,
    }))
}
