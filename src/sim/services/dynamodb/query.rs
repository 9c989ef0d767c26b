//! Query and Scan: pages of items in the order of their keys.

use super::items::{Capacity, capacity, given_key, projection};
use super::refuse::{agreed, invalid, key, legacy, open, words};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dynamo::expression::{Condition, KeyCondition, Words};
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{ItemKey, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one page looks at, bytes (API Reference, Query: 1 MB).
const PAGE: usize = 1024 * 1024;

#[derive(Deserialize)]
pub struct Ask {
    TableName: String,
    IndexName: Option<String>,
    KeyConditionExpression: Option<String>,
    FilterExpression: Option<String>,
    ProjectionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ExpressionAttributeValues: Option<Doc>,
    ScanIndexForward: Option<bool>,
    Limit: Option<u64>,
    ExclusiveStartKey: Option<Doc>,
    ConsistentRead: Option<bool>,
    Select: Option<String>,
    ReturnConsumedCapacity: Option<String>,
    Segment: Option<u64>,
    KeyConditions: Option<Doc>,
    QueryFilter: Option<Doc>,
    ScanFilter: Option<Doc>,
}

#[derive(Serialize)]
pub struct Page {
    Items: Option<Vec<Doc>>,
    Count: u64,
    ScannedCount: u64,
    LastEvaluatedKey: Option<Doc>,
    ConsumedCapacity: Option<Capacity>,
}

pub fn query(world: &mut World, caller: &Caller, ask: Ask) -> Answer<Page> {
    legacy(&[("KeyConditions", &ask.KeyConditions), ("QueryFilter", &ask.QueryFilter)])?;
    let table = open(world, &key(caller, &ask.TableName))?;
    let mut words = words(ask.ExpressionAttributeNames.clone(), ask.ExpressionAttributeValues.clone())?;
    let text = ask.KeyConditionExpression.as_deref();
    let text = text.ok_or_else(|| {
        invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    })?;
    let wanted = KeyCondition::parse(text, &mut words, &table.hash, table.range.as_deref()).map_err(invalid)?;
    let inside = |key: &ItemKey| {
        key.hash == wanted.hash
            && wanted.range.as_ref().is_none_or(|range| key.range.as_ref().is_some_and(|value| range.holds(value)))
    };
    page(world, caller, &ask, words, inside)
}

pub fn scan(world: &mut World, caller: &Caller, ask: Ask) -> Answer<Page> {
    legacy(&[("ScanFilter", &ask.ScanFilter)])?;
    if ask.Segment.is_some() {
        return Err(invalid("Parallel scans are not known here"));
    }
    let words = words(ask.ExpressionAttributeNames.clone(), ask.ExpressionAttributeValues.clone())?;
    page(world, caller, &ask, words, |_| true)
}

fn page(
    world: &mut World,
    caller: &Caller,
    ask: &Ask,
    mut words: Words,
    inside: impl Fn(&ItemKey) -> bool,
) -> Answer<Page> {
    let at = key(caller, &ask.TableName);
    open(world, &at)?;
    if let Some(index) = &ask.IndexName {
        return Err(invalid(format!("The table does not have the specified index: {index}")));
    }
    let parse =
        |text| Condition::parse(text, &mut words).map_err(|why| invalid(format!("Invalid FilterExpression: {why}")));
    let filter = ask.FilterExpression.as_deref().map(parse).transpose()?;
    let projection = projection(ask.ProjectionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    let table = if ask.ConsistentRead == Some(true) { agreed(world, &at)? } else { open(world, &at)? };
    let limit = ask.Limit.unwrap_or(u64::MAX);
    if limit == 0 {
        return Err(invalid(
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ));
    }
    let start = ask.ExclusiveStartKey.as_ref().map(|doc| given_key(table, doc)).transpose()?;
    let forward = ask.ScanIndexForward.unwrap_or(true);
    let mut found: Vec<(&ItemKey, &Item)> = table.all().filter(|(key, _)| inside(key)).collect();
    if !forward {
        found.reverse();
    }
    let after = |key: &ItemKey| start.as_ref().is_none_or(|start| if forward { key > start } else { key < start });
    let (mut items, mut count, mut scanned, mut bytes, mut last) = (vec![], 0, 0, 0, None);
    let mut rest = found.into_iter().filter(|(key, _)| after(key)).peekable();
    while let Some((item_key, item)) = rest.next() {
        scanned += 1;
        bytes += value::size(item);
        if filter.as_ref().is_none_or(|filter| filter.holds(item)) {
            count += 1;
            items.push(value::write(&projection.as_ref().map_or_else(|| item.clone(), |only| only.pick(item))));
        }
        if scanned >= limit || bytes >= PAGE && rest.peek().is_some() {
            last = Some(told(table, item_key));
            break;
        }
    }
    let used = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, bytes, 8192);
    let counted = ask.Select.as_deref() == Some("COUNT");
    Ok(Page {
        Items: (!counted).then_some(items),
        Count: count,
        ScannedCount: scanned,
        LastEvaluatedKey: last,
        ConsumedCapacity: used,
    })
}

fn told(table: &Table, key: &ItemKey) -> Doc {
    let range = table.range.clone().zip(key.range.clone());
    value::write(&std::iter::once((table.hash.clone(), key.hash.clone())).chain(range).collect())
}
