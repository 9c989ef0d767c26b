//! TransactGetItems and TransactWriteItems: all of it or nothing, in one Region. Global tables replicate the writes one
//! by one, and strongly consistent ones take no transactions (Developer Guide, global tables: how it works).

use super::items::{given_key, projection};
use super::refuse::{condition, invalid, item, key, not_written, open, size, told_on_failure, words};
use super::update_item::changed;
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Empty, Refusal, output};
use crate::world::World;
use crate::world::dynamo::expression::{Condition, Update};
use crate::world::dynamo::value::{self, Item};
use crate::world::dynamo::{self, ItemKey, Key, Table};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// How many items a transaction has, and how long a token is remembered (API Reference, TransactWriteItems).
const MOST: usize = 100;
const REMEMBERED: Duration = Duration::from_secs(600);

const TWICE: &str = "Transaction request cannot include multiple operations on one item";

fn count(items: usize) -> Answer<()> {
    if (1..=MOST).contains(&items) {
        return Ok(());
    }
    let bound = if items == 0 { "greater than or equal to 1".into() } else { format!("less than or equal to {MOST}") };
    Err(invalid(format!(
        "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length {bound}"
    )))
}

/// A table that takes transactions.
fn eventual<'w>(world: &'w World, at: &Key) -> Answer<&'w Table> {
    let table = open(world, at)?;
    if table.strong == Some(true) {
        // (recalled)
        return Err(invalid(
            "Transactions are not supported for global tables with MultiRegionConsistency set to STRONG.",
        ));
    }
    Ok(table)
}

#[derive(Deserialize)]
pub struct Gets {
    TransactItems: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    Get: Get,
}

#[derive(Deserialize)]
struct Get {
    TableName: String,
    Key: Doc,
    ProjectionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Got {
    Responses: Vec<Found>,
}

#[derive(Serialize)]
struct Found {
    Item: Option<Doc>,
}

pub fn get(world: &mut World, caller: &Caller, ask: Gets) -> Answer<Got> {
    count(ask.TransactItems.len())?;
    let mut seen: Vec<(Key, ItemKey)> = vec![];
    let mut found = vec![];
    for One { Get: ask } in ask.TransactItems {
        let at = key(caller, &ask.TableName);
        let table = eventual(world, &at)?;
        let item_key = given_key(table, &ask.Key)?;
        let mut words = words(ask.ExpressionAttributeNames, None)?;
        let projection = projection(ask.ProjectionExpression.as_deref(), &mut words)?;
        words.all_used().map_err(invalid)?;
        let pick = |item: &Item| projection.as_ref().map_or_else(|| item.clone(), |only| only.pick(item));
        found.push(Found { Item: table.get(&item_key).map(pick).as_ref().map(value::write) });
        once(&mut seen, at, item_key)?;
    }
    Ok(Got { Responses: found })
}

fn once(seen: &mut Vec<(Key, ItemKey)>, at: Key, key: ItemKey) -> Answer<()> {
    let one = (at, key);
    if seen.contains(&one) {
        return Err(invalid(TWICE));
    }
    seen.push(one);
    Ok(())
}

#[derive(Deserialize)]
pub struct Writes {
    TransactItems: Vec<Action>,
    ClientRequestToken: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Action {
    Put: Option<Part>,
    Update: Option<Part>,
    Delete: Option<Part>,
    ConditionCheck: Option<Part>,
}

#[derive(Deserialize, Serialize)]
struct Part {
    TableName: String,
    Item: Option<Doc>,
    Key: Option<Doc>,
    UpdateExpression: Option<String>,
    ConditionExpression: Option<String>,
    ExpressionAttributeNames: Option<BTreeMap<String, String>>,
    ExpressionAttributeValues: Option<Doc>,
    ReturnValuesOnConditionCheckFailure: Option<String>,
}

/// A part once it is read: what it is about, under which condition, and what it does.
struct Plan {
    at: Key,
    key: ItemKey,
    condition: Option<Condition>,
    told: Option<String>,
    effect: Effect,
}

enum Effect {
    Put(Item),
    Change(Update),
    Delete,
    Nothing,
}

pub fn write(world: &mut World, caller: &Caller, ask: Writes) -> Answer<Empty> {
    count(ask.TransactItems.len())?;
    let token = token(world, caller, &ask)?;
    if token.as_ref().is_some_and(|(key, _)| world.dynamo.tokens.contains_key(key)) {
        return Ok(Empty {});
    }
    let (mut plans, mut seen) = (vec![], vec![]);
    for action in ask.TransactItems {
        let plan = read(world, caller, action)?;
        once(&mut seen, plan.at.clone(), plan.key.clone())?;
        plans.push(plan);
    }
    let mut writes = vec![];
    let mut reasons = vec![];
    for plan in plans {
        match outcome(world, &plan)? {
            Ok(Some(write)) => {
                writes.push((plan.at, plan.key, write));
                reasons.push(json!({ "Code": "None" }));
            }
            Ok(None) => reasons.push(json!({ "Code": "None" })),
            Err(reason) => reasons.push(reason),
        }
    }
    if reasons.iter().any(|reason| reason["Code"] != "None") {
        return Err(cancelled(reasons));
    }
    for (at, key, new) in writes {
        dynamo::store(world, &at, key, new).map_err(not_written)?;
    }
    if let Some((key, asked)) = token {
        world.dynamo.tokens.insert(key, (asked, world.now));
    }
    Ok(Empty {})
}

fn cancelled(reasons: Vec<Doc>) -> Refusal {
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    // its message is spelt with a capital, unlike those of other errors (API model)
    let details = json!({ "Message": message, "CancellationReasons": reasons });
    Refusal::new(400, "TransactionCanceledException", message).with(details)
}

/// What a token stands for; one that stands for something else already is refused.
fn token(world: &mut World, caller: &Caller, ask: &Writes) -> Answer<Option<(Key, Doc)>> {
    let Some(token) = &ask.ClientRequestToken else { return Ok(None) };
    if !(1..=36).contains(&token.chars().count()) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and 36"
        )));
    }
    let now = world.now;
    world.dynamo.tokens.retain(|_, (_, at)| now.since(*at) < REMEMBERED);
    let (key, asked) = ((caller.region.clone(), token.clone()), output(&ask.TransactItems)?);
    if world.dynamo.tokens.get(&key).is_some_and(|(before, _)| *before != asked) {
        return Err(Refusal::new(
            400,
            "IdempotentParameterMismatchException",
            "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical",
        ));
    }
    Ok(Some((key, asked)))
}

fn read(world: &World, caller: &Caller, action: Action) -> Answer<Plan> {
    let parts = [
        ("Put", action.Put),
        ("Update", action.Update),
        ("Delete", action.Delete),
        ("ConditionCheck", action.ConditionCheck),
    ];
    let mut parts = parts.into_iter().filter_map(|(what, part)| part.map(|part| (what, part)));
    let (Some((what, part)), None) = (parts.next(), parts.next()) else {
        return Err(invalid("TransactItems can only contain one of Check, Put, Update or Delete"));
    };
    let at = key(caller, &part.TableName);
    let table = eventual(world, &at)?;
    let mut words = words(part.ExpressionAttributeNames, part.ExpressionAttributeValues)?;
    let missing = |member: &str| {
        invalid(format!(
            "1 validation error detected: Value null at 'transactItems.{}.{member}' failed to satisfy constraint: Member must not be null",
            what.to_lowercase()
        ))
    };
    let keyed = || given_key(table, part.Key.as_ref().ok_or_else(|| missing("key"))?);
    let (key, effect) = match what {
        "Put" => {
            let new = item(part.Item.as_ref().ok_or_else(|| missing("item"))?)?;
            size(&new)?;
            (table.key_of(&new).map_err(invalid)?, Effect::Put(new))
        }
        "Update" => {
            let text = part.UpdateExpression.as_deref().ok_or_else(|| missing("updateExpression"))?;
            let change = Update::parse(text, &mut words);
            (keyed()?, Effect::Change(change.map_err(|why| invalid(format!("Invalid UpdateExpression: {why}")))?))
        }
        "Delete" => (keyed()?, Effect::Delete),
        _ if part.ConditionExpression.is_none() => return Err(missing("conditionExpression")),
        _ => (keyed()?, Effect::Nothing),
    };
    let condition = condition(part.ConditionExpression.as_deref(), &mut words)?;
    words.all_used().map_err(invalid)?;
    Ok(Plan { at, key, condition, told: part.ReturnValuesOnConditionCheckFailure, effect })
}

/// What a part writes, if anything, or the reason for which it cancels the transaction.
fn outcome(world: &World, plan: &Plan) -> Answer<Result<Option<Option<Item>>, Doc>> {
    let table = eventual(world, &plan.at)?;
    let there = table.get(&plan.key);
    let told = told_on_failure(plan.told.as_deref(), there)?;
    let none = Item::new();
    if plan.condition.as_ref().is_some_and(|condition| !condition.holds(there.unwrap_or(&none))) {
        let mut reason = json!({ "Code": "ConditionalCheckFailed", "Message": "The conditional request failed" });
        if let Some(item) = told {
            reason["Item"] = item;
        }
        return Ok(Err(reason));
    }
    Ok(match &plan.effect {
        Effect::Put(new) => Ok(Some(Some(new.clone()))),
        Effect::Change(change) => {
            let new = changed(table, &plan.key, there, Some(change));
            let new = new.and_then(|new| size(&new).map(|()| new).map_err(|refusal| refusal.message));
            new.map(|new| Some(Some(new))).map_err(|why| json!({ "Code": "ValidationError", "Message": why }))
        }
        Effect::Delete => Ok(there.is_some().then_some(None)),
        Effect::Nothing => Ok(None),
    })
}
