//! UpdateItem: an item is made or changed by an expression.

use super::items::{Written, capacity, given_key};
use super::refuse::{agreed, condition, invalid, key, legacy, not_written, open, size, unless, words};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dynamo::expression::Update;
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{self, ItemKey, Table};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Ask {
    TableName: String,
    Key: Doc,
    UpdateExpression: Option<String>,
    ConditionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ExpressionAttributeValues: Option<Doc>,
    ReturnValues: Option<String>,
    ReturnValuesOnConditionCheckFailure: Option<String>,
    ReturnConsumedCapacity: Option<String>,
    AttributeUpdates: Option<Doc>,
    Expected: Option<Doc>,
}

pub fn update(world: &mut World, caller: &Caller, ask: Ask) -> Answer<Written> {
    legacy(&[("AttributeUpdates", &ask.AttributeUpdates), ("Expected", &ask.Expected)])?;
    let at = key(caller, &ask.TableName);
    let table = open(world, &at)?;
    let item_key = given_key(table, &ask.Key)?;
    let mut words = words(ask.ExpressionAttributeNames, ask.ExpressionAttributeValues)?;
    let parse =
        |text| Update::parse(text, &mut words).map_err(|why| invalid(format!("Invalid UpdateExpression: {why}")));
    let change = ask.UpdateExpression.as_deref().map(parse).transpose()?;
    let condition = condition(ask.ConditionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    let table = agreed(world, &at)?;
    let there = table.get(&item_key).cloned();
    unless(condition.as_ref(), there.as_ref(), ask.ReturnValuesOnConditionCheckFailure.as_deref())?;
    let new = changed(table, &item_key, there.as_ref(), change.as_ref()).map_err(invalid)?;
    size(&new)?;
    let touched = change.as_ref().map(Update::touched).unwrap_or_default();
    let only = |item: &Item| -> Item {
        item.iter()
            .filter(|(name, _)| touched.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let attributes = match ask.ReturnValues.as_deref() {
        None | Some("NONE") => None,
        Some("ALL_OLD") => there.as_ref().map(value::write),
        Some("ALL_NEW") => Some(value::write(&new)),
        Some("UPDATED_OLD") => there.as_ref().map(|old| value::write(&only(old))),
        Some("UPDATED_NEW") => Some(value::write(&only(&new))),
        Some(other) => return Err(invalid(format!("ReturnValues cannot be {other}"))),
    };
    let used = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, value::size(&new), 1024);
    dynamo::store(world, &at, item_key, Some(new)).map_err(not_written)?;
    Ok(Written { Attributes: attributes, ConsumedCapacity: used })
}

/// The item after a change; one that was not there is made.
pub fn changed(table: &Table, key: &ItemKey, there: Option<&Item>, change: Option<&Update>) -> Result<Item, String> {
    let old = there.cloned().unwrap_or_else(|| keyed(table, key));
    match change {
        Some(change) => change.apply(&old, &table.key_names()),
        None => Ok(old),
    }
}

/// An item that has its key alone.
fn keyed(table: &Table, key: &ItemKey) -> Item {
    let range = table.range.clone().zip(key.range.clone());
    std::iter::once((table.hash.clone(), key.hash.clone())).chain(range).collect()
}
