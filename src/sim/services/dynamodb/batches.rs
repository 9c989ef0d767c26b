//! BatchGetItem and BatchWriteItem: several items at once, each for itself. Nothing is done where one of them is
//! misshapen; what could not be done is told back.

use super::items::{Capacity, capacity, given_key, projection};
use super::refuse::{agreed, invalid, item, key, legacy, not_written, open, size, words};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{self, ItemKey, NotWritten};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many items one call reads and writes, and how much it tells, bytes (API Reference, BatchGetItem and
/// BatchWriteItem).
const READS: usize = 100;
const WRITES: usize = 25;
const LARGEST: usize = 16 * 1024 * 1024;

const DUPLICATES: &str = "Provided list of item keys contains duplicates";

#[derive(Deserialize)]
pub struct Get {
    RequestItems: BTreeMap<String, Keys>,
    ReturnConsumedCapacity: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Keys {
    Keys: Vec<Doc>,
    ConsistentRead: Option<bool>,
    ProjectionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing)]
    AttributesToGet: Option<Doc>,
}

#[derive(Serialize)]
pub struct Got {
    Responses: BTreeMap<String, Vec<Doc>>,
    UnprocessedKeys: BTreeMap<String, Keys>,
    ConsumedCapacity: Option<Vec<Capacity>>,
}

fn at_least_one<T>(asked: &BTreeMap<String, T>) -> Answer<()> {
    if asked.is_empty() {
        return Err(invalid(
            "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    Ok(())
}

/// Refuses a key that is there twice.
fn unique(keys: &[ItemKey]) -> Answer<()> {
    let mut sorted: Vec<&ItemKey> = keys.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid(DUPLICATES));
    }
    Ok(())
}

pub fn get(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    at_least_one(&ask.RequestItems)?;
    if ask.RequestItems.values().map(|asked| asked.Keys.len()).sum::<usize>() > READS {
        return Err(invalid("Too many items requested for the BatchGetItem call"));
    }
    let mut wanted = vec![];
    for (name, asked) in ask.RequestItems {
        legacy(&[("AttributesToGet", &asked.AttributesToGet)])?;
        let at = key(caller, &name);
        let table = open(world, &at)?;
        let keys = asked.Keys.iter().map(|doc| given_key(table, doc)).collect::<Answer<Vec<ItemKey>>>()?;
        unique(&keys)?;
        let mut words = words(asked.ExpressionAttributeNames.clone(), None)?;
        let projection = projection(asked.ProjectionExpression.as_deref(), &mut words)?;
        words.all_used().map_err(invalid)?;
        wanted.push((name, at, asked, keys, projection));
    }
    let mut got = Got { Responses: BTreeMap::new(), UnprocessedKeys: BTreeMap::new(), ConsumedCapacity: None };
    let mut told = 0;
    for (name, at, mut asked, keys, projection) in wanted {
        let table = if asked.ConsistentRead == Some(true) { agreed(world, &at)? } else { open(world, &at)? };
        let (mut bytes, mut rest) = (0, vec![]);
        let found = got.Responses.entry(name.clone()).or_default();
        for (doc, key) in asked.Keys.drain(..).zip(&keys) {
            let there = table.get(key);
            let more = there.map_or(0, value::size);
            if told + more > LARGEST {
                rest.push(doc);
                continue;
            }
            (told, bytes) = (told + more, bytes + more);
            let pick = |item: &Item| projection.as_ref().map_or_else(|| item.clone(), |only| only.pick(item));
            found.extend(there.map(pick).as_ref().map(value::write));
        }
        if let Some(used) = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, bytes, 4096) {
            got.ConsumedCapacity.get_or_insert_default().push(used);
        }
        if !rest.is_empty() {
            asked.Keys = rest;
            got.UnprocessedKeys.insert(name, asked);
        }
    }
    Ok(got)
}

#[derive(Deserialize)]
pub struct Write {
    RequestItems: BTreeMap<String, Vec<One>>,
    ReturnConsumedCapacity: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct One {
    PutRequest: Option<Put>,
    DeleteRequest: Option<Delete>,
}

#[derive(Deserialize, Serialize)]
struct Put {
    Item: Doc,
}

#[derive(Deserialize, Serialize)]
struct Delete {
    Key: Doc,
}

#[derive(Serialize)]
pub struct Written {
    UnprocessedItems: BTreeMap<String, Vec<One>>,
    ConsumedCapacity: Option<Vec<Capacity>>,
}

pub fn write(world: &mut World, caller: &Caller, ask: Write) -> Answer<Written> {
    at_least_one(&ask.RequestItems)?;
    if ask.RequestItems.values().map(Vec::len).sum::<usize>() > WRITES {
        return Err(invalid("Too many items requested for the BatchWriteItem call"));
    }
    let mut wanted = vec![];
    for (name, requests) in ask.RequestItems {
        let at = key(caller, &name);
        let table = open(world, &at)?;
        let mut writes: Vec<(ItemKey, Option<Item>)> = vec![];
        for request in &requests {
            writes.push(match (&request.PutRequest, &request.DeleteRequest) {
                (Some(put), None) => {
                    let new = item(&put.Item)?;
                    size(&new)?;
                    (table.key_of(&new).map_err(invalid)?, Some(new))
                }
                (None, Some(delete)) => (given_key(table, &delete.Key)?, None),
                _ => {
                    return Err(invalid(
                        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
                    ));
                }
            });
        }
        unique(&writes.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>())?;
        wanted.push((name, at, requests, writes));
    }
    let mut written = Written { UnprocessedItems: BTreeMap::new(), ConsumedCapacity: None };
    let (mut done, mut failed) = (0, None);
    for (name, at, requests, writes) in wanted {
        let mut bytes = 0;
        for (request, (key, new)) in requests.into_iter().zip(writes) {
            let larger = new.as_ref().map_or(0, value::size);
            match dynamo::store(world, &at, key, new) {
                Ok(()) => (done, bytes) = (done + 1, bytes + larger),
                Err(NotWritten::NoTable) => return Err(not_written(NotWritten::NoTable)),
                Err(why) => {
                    failed = Some(why);
                    written.UnprocessedItems.entry(name.clone()).or_default().push(request);
                }
            }
        }
        if let Some(used) = capacity(ask.ReturnConsumedCapacity.as_deref(), &at.1, bytes, 1024) {
            written.ConsumedCapacity.get_or_insert_default().push(used);
        }
    }
    // where nothing could be done the call fails (API Reference, BatchWriteItem)
    match failed.filter(|_| done == 0) {
        Some(why) => Err(not_written(why)),
        None => Ok(written),
    }
}
