//! One item: put, got, deleted.

use super::refuse::{agreed, condition, invalid, item, key, legacy, not_written, open, size, unless, words};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dynamo::expression::Projection;
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{self, ItemKey, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Put {
    TableName: String,
    Item: Doc,
    ConditionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ExpressionAttributeValues: Option<Doc>,
    ReturnValues: Option<String>,
    ReturnValuesOnConditionCheckFailure: Option<String>,
    ReturnConsumedCapacity: Option<String>,
    Expected: Option<Doc>,
}

#[derive(Serialize)]
pub struct Written {
    pub Attributes: Option<Doc>,
    pub ConsumedCapacity: Option<Capacity>,
}

#[derive(Serialize)]
pub struct Capacity {
    TableName: String,
    CapacityUnits: f64,
}

/// What a call used, when that was asked for.
pub fn capacity(asked: Option<&str>, table: &str, bytes: usize, unit: usize) -> Option<Capacity> {
    asked.filter(|asked| *asked != "NONE")?;
    Some(Capacity { TableName: table.into(), CapacityUnits: bytes.div_ceil(unit).max(1) as f64 })
}

pub fn put(world: &mut World, caller: &Caller, ask: Put) -> Answer<Written> {
    legacy(&[("Expected", &ask.Expected)])?;
    let at = key(caller, &ask.TableName);
    let table = open(world, &at)?;
    let new = item(&ask.Item)?;
    size(&new)?;
    let item_key = table.key_of(&new).map_err(invalid)?;
    let mut words = words(ask.ExpressionAttributeNames, ask.ExpressionAttributeValues)?;
    let condition = condition(ask.ConditionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    let table = agreed(world, &at)?;
    let old = old_only(ask.ReturnValues.as_deref(), table.get(&item_key))?;
    unless(condition.as_ref(), table.get(&item_key), ask.ReturnValuesOnConditionCheckFailure.as_deref())?;
    let used = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, value::size(&new), 1024);
    dynamo::store(world, &at, item_key, Some(new)).map_err(not_written)?;
    Ok(Written { Attributes: old, ConsumedCapacity: used })
}

/// ReturnValues of a put or a deletion: nothing, or what was there.
fn old_only(asked: Option<&str>, there: Option<&Item>) -> Answer<Option<Doc>> {
    match asked {
        None | Some("NONE") => Ok(None),
        Some("ALL_OLD") => Ok(there.map(value::write)),
        Some(_) => Err(invalid("ReturnValues can only be ALL_OLD or NONE")),
    }
}

#[derive(Deserialize)]
pub struct Get {
    TableName: String,
    Key: Doc,
    ConsistentRead: Option<bool>,
    ProjectionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ReturnConsumedCapacity: Option<String>,
    AttributesToGet: Option<Doc>,
}

#[derive(Serialize)]
pub struct Got {
    Item: Option<Doc>,
    ConsumedCapacity: Option<Capacity>,
}

pub fn get(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    legacy(&[("AttributesToGet", &ask.AttributesToGet)])?;
    let at = key(caller, &ask.TableName);
    let table = open(world, &at)?;
    let item_key = given_key(table, &ask.Key)?;
    let mut words = words(ask.ExpressionAttributeNames, None)?;
    let projection = projection(ask.ProjectionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    let table = if ask.ConsistentRead == Some(true) { agreed(world, &at)? } else { open(world, &at)? };
    let found = table.get(&item_key);
    let used = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, found.map_or(0, value::size), 4096);
    let picked = found.map(|item| projection.as_ref().map_or_else(|| item.clone(), |only| only.pick(item)));
    Ok(Got { Item: picked.as_ref().map(value::write), ConsumedCapacity: used })
}

pub fn projection(
    text: Option<&str>,
    words: &mut crate::world::dynamo::expression::Words,
) -> Answer<Option<Projection>> {
    let parse =
        |text| Projection::parse(text, words).map_err(|why| invalid(format!("Invalid ProjectionExpression: {why}")));
    text.map(parse).transpose()
}

/// A key that is given by itself: exactly the attributes of the schema.
pub fn given_key(table: &Table, doc: &Doc) -> Answer<ItemKey> {
    let given = item(doc)?;
    let names = table.key_names();
    if given.len() != names.len() || names.iter().any(|name| !given.contains_key(name)) {
        return Err(invalid("The provided key element does not match the schema"));
    }
    table.key_of(&given).map_err(invalid)
}

#[derive(Deserialize)]
pub struct Delete {
    TableName: String,
    Key: Doc,
    ConditionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ExpressionAttributeValues: Option<Doc>,
    ReturnValues: Option<String>,
    ReturnValuesOnConditionCheckFailure: Option<String>,
    Expected: Option<Doc>,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Written> {
    legacy(&[("Expected", &ask.Expected)])?;
    let at = key(caller, &ask.TableName);
    let table = open(world, &at)?;
    let item_key = given_key(table, &ask.Key)?;
    let mut words = words(ask.ExpressionAttributeNames, ask.ExpressionAttributeValues)?;
    let condition = condition(ask.ConditionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    let table = agreed(world, &at)?;
    let old = old_only(ask.ReturnValues.as_deref(), table.get(&item_key))?;
    unless(condition.as_ref(), table.get(&item_key), ask.ReturnValuesOnConditionCheckFailure.as_deref())?;
    if table.get(&item_key).is_some() {
        dynamo::store(world, &at, item_key, None).map_err(not_written)?;
    }
    Ok(Written { Attributes: old, ConsumedCapacity: None })
}
