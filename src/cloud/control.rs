//! Items of the control table: what a lease and a journal need of it.
//!
//! The table is strongly consistent in three Regions, so any of them may be asked: the next one is when one
//! does not answer. A write is sent once to a Region. Where it may have happened, the next Region is asked to
//! do it under the same condition, and what it finds tells whether it had; without an answer from any, the
//! outcome is not known and the error's class says so.

use super::Aws;
use super::error::call_error;
use crate::model::epoch::{self, Epoch};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use aws_smithy_types::retry::RetryConfig;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Texts and whole numbers, by name.
pub type Item = BTreeMap<String, Value>;

/// The attributes of the key.
pub const KEY: [&str; 2] = ["pk", "sk"];

/// How often a write is tried that was certainly not carried out.
const TRIES: u32 = 5;
/// The wait before the second try; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 1_000;

/// How a write ended that was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Put {
    Done,
    /// The condition does not hold: what is there instead.
    Refused(Option<Item>),
}

/// What must be so for a write to be carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// There is no such item.
    Absent,
    /// There is one, with this attribute.
    Same {
        attribute: String,
        value: Value,
    },
    Any,
}

/// What is written.
#[derive(Debug, Clone, Copy)]
enum Write<'a> {
    Put(&'a Item),
    Delete { pk: &'a str, sk: &'a str },
}

impl Write<'_> {
    /// Whether the table is as this write would leave it.
    fn shows(self, there: Option<&Item>) -> bool {
        match self {
            Write::Put(item) => there == Some(item),
            Write::Delete { .. } => there.is_none(),
        }
    }

    fn key(self) -> Result<(String, String), CallError> {
        let text = |item: &Item, name: &str| {
            let text = item.get(name).and_then(Value::as_str).map(str::to_string);
            text.ok_or_else(|| CallError::new(ErrorClass::Invalid, format!("an item needs a text {name}")))
        };
        match self {
            Write::Put(item) => Ok((text(item, KEY[0])?, text(item, KEY[1])?)),
            Write::Delete { pk, sk } => Ok((pk.into(), sk.into())),
        }
    }
}

/// The item as the last write left it; `regions` in the order in which they are asked.
///
/// # Errors
/// As the last Region's call ended.
pub async fn get(aws: &Aws, regions: &[String], table: &str, pk: &str, sk: &str) -> Result<Option<Item>, CallError> {
    let mut silent = nobody();
    for region in regions {
        match get_in(aws, region, table, pk, sk).await {
            Err(error) if error.class.may_have_happened() => silent = error,
            ended => return ended,
        }
    }
    Err(silent)
}

/// Every item with this partition key, by sort key.
///
/// # Errors
/// As the last Region's call ended.
pub async fn query(aws: &Aws, regions: &[String], table: &str, pk: &str) -> Result<Vec<Item>, CallError> {
    let mut silent = nobody();
    for region in regions {
        match query_in(aws, region, table, pk).await {
            Err(error) if error.class.may_have_happened() => silent = error,
            ended => return ended,
        }
    }
    Err(silent)
}

/// Writes the item when the condition holds. A [`Put::Refused`] tells what is there; it may have been written
/// after an earlier try of this call that nobody answered.
///
/// # Errors
/// When the outcome may not be known, by its class; else as the call ends.
pub async fn put_if(
    aws: &Aws,
    regions: &[String],
    table: &str,
    item: &Item,
    condition: &Condition,
) -> Result<Put, CallError> {
    write(aws, regions, table, Write::Put(item), condition).await
}

/// Writes who may write, over what was read before. To write it twice does no harm.
///
/// # Errors
/// A conflict when somebody else wrote another meanwhile; else as [`put_if`].
pub async fn write_epoch(
    aws: &Aws,
    region: &str,
    table: &str,
    before: Option<u64>,
    epoch: &Epoch,
) -> Result<Option<String>, CallError> {
    let condition = match before {
        Some(number) => Condition::Same { attribute: epoch::NUMBER.into(), value: number.into() },
        None => Condition::Absent,
    };
    let there = match put_if(aws, &[region.to_string()], table, &epoch.item(), &condition).await? {
        Put::Done => return Ok(None),
        Put::Refused(there) => there,
    };
    match there.as_ref().and_then(Epoch::of) {
        Some(found) if found == *epoch => Ok(None),
        Some(found) => {
            let text = format!("epoch {} was written meanwhile: {} writes", found.number, found.writer);
            Err(CallError::new(ErrorClass::Conflict, text))
        }
        None => Err(CallError::new(ErrorClass::Conflict, "what stands in its place is no epoch")),
    }
}

/// Deletes the item when the condition holds.
///
/// # Errors
/// As [`put_if`].
pub async fn delete_if(
    aws: &Aws,
    regions: &[String],
    table: &str,
    pk: &str,
    sk: &str,
    condition: &Condition,
) -> Result<Put, CallError> {
    write(aws, regions, table, Write::Delete { pk, sk }, condition).await
}

async fn write(
    aws: &Aws,
    regions: &[String],
    table: &str,
    what: Write<'_>,
    condition: &Condition,
) -> Result<Put, CallError> {
    let mut unknown: Option<CallError> = None;
    for region in regions {
        match patiently(aws, region, table, what, condition).await {
            Ok(Put::Refused(there)) if unknown.is_some() && what.shows(there.as_ref()) => return Ok(Put::Done),
            Err(error) if error.class.may_have_happened() => drop(unknown.get_or_insert(error)),
            // refused here; what an earlier Region did with it is still not known
            Err(error) => return Err(unknown.unwrap_or(error)),
            ended => return ended,
        }
    }
    Err(unknown.unwrap_or_else(nobody))
}

/// Writes in one Region, again when it was certainly not carried out.
async fn patiently(
    aws: &Aws,
    region: &str,
    table: &str,
    what: Write<'_>,
    condition: &Condition,
) -> Result<Put, CallError> {
    let mut wait = FIRST_WAIT;
    for left in (0..TRIES).rev() {
        let ended = once(aws, region, table, what, condition).await;
        let passing = |error: &CallError| {
            let code = error.code.as_deref().unwrap_or_default();
            error.class == ErrorClass::Throttled
                || matches!(code, "ReplicatedWriteConflictException" | "TransactionConflictException")
        };
        match ended {
            Err(error) if left > 0 && passing(&error) => aws.0.clock.sleep(wait).await,
            ended => return ended,
        }
        wait *= 2;
    }
    Err(nobody())
}

async fn once(aws: &Aws, region: &str, table: &str, what: Write<'_>, condition: &Condition) -> Result<Put, CallError> {
    let client = &aws.regional(region)?.dynamodb.writes;
    let (expression, named, value) = expression(condition)?;
    let told = ReturnValuesOnConditionCheckFailure::AllOld;
    // the item as the refusal tells it, when it tells
    let refused = match what {
        Write::Put(item) => {
            let mut call = client.put_item().table_name(table).set_item(Some(attributes(item)?.into_iter().collect()));
            if let (Some(name), Some(value)) = (named, value) {
                call = call.expression_attribute_names("#a", name).expression_attribute_values(":v", value);
            }
            let call = call.set_condition_expression(expression).return_values_on_condition_check_failure(told);
            match call.customize().config_override(single()).send().await {
                Ok(_) => return Ok(Put::Done),
                Err(error) => match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(refused)) => refused.item().map(read),
                    _ => return Err(call_error(error)),
                },
            }
        }
        Write::Delete { pk, sk } => {
            let mut call = client.delete_item().table_name(table).key(KEY[0], AttributeValue::S(pk.into()));
            call = call.key(KEY[1], AttributeValue::S(sk.into()));
            if let (Some(name), Some(value)) = (named, value) {
                call = call.expression_attribute_names("#a", name).expression_attribute_values(":v", value);
            }
            let call = call.set_condition_expression(expression).return_values_on_condition_check_failure(told);
            match call.customize().config_override(single()).send().await {
                Ok(_) => return Ok(Put::Done),
                Err(error) => match error.as_service_error() {
                    Some(DeleteItemError::ConditionalCheckFailedException(refused)) => refused.item().map(read),
                    _ => return Err(call_error(error)),
                },
            }
        }
    };
    if let Some(item) = refused {
        return Ok(Put::Refused(Some(item?)));
    }
    // not every endpoint tells the item with the refusal
    let (pk, sk) = what.key()?;
    let there = get_in(aws, region, table, &pk, &sk).await.map_err(|error| {
        let message = format!("the condition did not hold, and what is there cannot be read: {error}");
        CallError { class: ErrorClass::Conflict, message, ..error }
    })?;
    Ok(Put::Refused(there))
}

/// Sent once: a second sending would be refused by what the first one wrote.
fn single() -> Builder {
    aws_sdk_dynamodb::config::Config::builder().retry_config(RetryConfig::disabled())
}

/// The expression, and what `#a` and `:v` stand for in it.
type Expression = (Option<String>, Option<String>, Option<AttributeValue>);

fn expression(condition: &Condition) -> Result<Expression, CallError> {
    Ok(match condition {
        Condition::Absent => (Some(format!("attribute_not_exists({})", KEY[0])), None, None),
        Condition::Same { attribute: name, value } => {
            (Some("#a = :v".into()), Some(name.clone()), Some(attribute(name, value)?))
        }
        Condition::Any => (None, None, None),
    })
}

async fn get_in(aws: &Aws, region: &str, table: &str, pk: &str, sk: &str) -> Result<Option<Item>, CallError> {
    let call = aws.regional(region)?.dynamodb.reads.get_item().table_name(table).consistent_read(true);
    let call = call.key(KEY[0], AttributeValue::S(pk.into())).key(KEY[1], AttributeValue::S(sk.into()));
    let answer = call.customize().config_override(single()).send().await.map_err(call_error)?;
    answer.item().map(read).transpose()
}

async fn query_in(aws: &Aws, region: &str, table: &str, pk: &str) -> Result<Vec<Item>, CallError> {
    let client = &aws.regional(region)?.dynamodb.reads;
    let (mut items, mut start) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = client
            .query()
            .table_name(table)
            .consistent_read(true)
            .key_condition_expression("#k = :k")
            .expression_attribute_names("#k", KEY[0])
            .expression_attribute_values(":k", AttributeValue::S(pk.into()))
            .set_exclusive_start_key(start);
        let answer = call.customize().config_override(single()).send().await.map_err(call_error)?;
        for item in answer.items() {
            items.push(read(item)?);
        }
        start = answer.last_evaluated_key.filter(|key| !key.is_empty());
        if start.is_none() {
            break;
        }
    }
    Ok(items)
}

fn nobody() -> CallError {
    CallError::new(ErrorClass::Invalid, "the control table has no Regions")
}

fn attributes(item: &Item) -> Result<BTreeMap<String, AttributeValue>, CallError> {
    Write::Put(item).key()?;
    item.iter().map(|(name, value)| Ok((name.clone(), attribute(name, value)?))).collect()
}

fn attribute(name: &str, value: &Value) -> Result<AttributeValue, CallError> {
    match value {
        Value::String(text) => Ok(AttributeValue::S(text.clone())),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(AttributeValue::N(number.to_string())),
        _ => Err(CallError::new(ErrorClass::Invalid, format!("{name} is neither a text nor a whole number"))),
    }
}

/// Texts stay as they are: they are compared, and cleaned where they are shown.
fn read<'a>(item: impl IntoIterator<Item = (&'a String, &'a AttributeValue)>) -> Result<Item, CallError> {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => Some(Value::from(text.as_str())),
        AttributeValue::N(number) => number.parse::<i64>().ok().map(Value::from),
        _ => None,
    };
    let members = item.into_iter().map(|(name, found)| {
        let found = value(found);
        let why = || CallError::new(ErrorClass::Invalid, format!("{name} is neither a text nor a whole number"));
        Ok((name.clone(), found.ok_or_else(why)?))
    });
    members.collect()
}

#[cfg(test)]
mod tests;
