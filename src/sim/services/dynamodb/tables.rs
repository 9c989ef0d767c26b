//! Tables are made, told, listed and deleted.

use super::refuse::{in_use, invalid, key, no_table, not_found, table_name};
use super::replicas::{one_replica, stays};
use super::shape::{self, Attribute, KeyElement, Stream, Told};
use super::tags::{self, Tag};
use super::update_table::free;
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::paging;
use crate::world::dynamo::{self, Status, Table};
use crate::world::{World, hex_id};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Create {
    TableName: String,
    AttributeDefinitions: Vec<Attribute>,
    KeySchema: Vec<KeyElement>,
    BillingMode: Option<String>,
    ProvisionedThroughput: Option<Throughput>,
    StreamSpecification: Option<Stream>,
    DeletionProtectionEnabled: Option<bool>,
    Tags: Option<Vec<Tag>>,
    LocalSecondaryIndexes: Option<Doc>,
    GlobalSecondaryIndexes: Option<Doc>,
}

#[derive(Deserialize)]
pub struct Throughput {
    ReadCapacityUnits: u64,
    WriteCapacityUnits: u64,
}

impl Throughput {
    pub fn units(&self) -> (u64, u64) {
        (self.ReadCapacityUnits, self.WriteCapacityUnits)
    }
}

#[derive(Serialize)]
pub struct Made {
    TableDescription: Told,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Made> {
    table_name(&ask.TableName)?;
    let at = key(caller, &ask.TableName);
    if world.dynamo.tables.contains_key(&at) {
        return Err(in_use(format!("Table already exists: {}", at.1)));
    }
    if ask.LocalSecondaryIndexes.is_some() || ask.GlobalSecondaryIndexes.is_some() {
        return Err(invalid("Secondary indexes are not known here"));
    }
    let (hash, range) = schema(&ask.KeySchema, &ask.AttributeDefinitions)?;
    let provisioned = match (ask.BillingMode.as_deref().unwrap_or("PROVISIONED"), ask.ProvisionedThroughput) {
        ("PAY_PER_REQUEST", None) => None,
        ("PAY_PER_REQUEST", Some(_)) => {
            return Err(invalid(
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
            ));
        }
        (_, Some(wanted)) if wanted.ReadCapacityUnits > 0 && wanted.WriteCapacityUnits > 0 => Some(wanted.units()),
        _ => {
            return Err(invalid(
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
            ));
        }
    };
    let due = dynamo::soon(world);
    let table = Table {
        region: at.0.clone(),
        name: at.1.clone(),
        id: hex_id(&["table", &at.0, &at.1], 32),
        definitions: ask.AttributeDefinitions.into_iter().map(|one| (one.AttributeName, one.AttributeType)).collect(),
        hash,
        range,
        provisioned,
        stream: ask
            .StreamSpecification
            .filter(|stream| stream.StreamEnabled)
            .map(|stream| stream.StreamViewType.unwrap_or_else(|| "NEW_AND_OLD_IMAGES".into())),
        protected: ask.DeletionProtectionEnabled.unwrap_or(false),
        status: Status::Creating,
        due: Some(world.now + due),
        created: world.now,
        stream_label: world.now,
        ttl: None,
        recovery: None,
        tags: tags::read(ask.Tags),
        replicas: BTreeMap::new(),
        strong: None,
        witness: None,
        items: BTreeMap::new(),
        behind: false,
        source: None,
    };
    let answer = Made { TableDescription: shape::told(&table, world.now) };
    world.truth.note(world.now, "table.created", &at.0, &at.1);
    world.dynamo.tables.insert(at, table);
    Ok(answer)
}

/// The key's attributes, which must be defined, and nothing else may be.
fn schema(elements: &[KeyElement], defined: &[Attribute]) -> Answer<(String, Option<String>)> {
    let (hash, range) = match elements {
        [hash] if hash.KeyType == "HASH" => (hash.AttributeName.clone(), None),
        [hash, range] if hash.KeyType == "HASH" && range.KeyType == "RANGE" => {
            (hash.AttributeName.clone(), Some(range.AttributeName.clone()))
        }
        _ => {
            return Err(invalid(
                "Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or the second is not a RANGE key type",
            ));
        }
    };
    let names: Vec<&String> = std::iter::once(&hash).chain(&range).collect();
    if let Some(name) = names.iter().find(|name| !defined.iter().any(|one| one.AttributeName == ***name)) {
        return Err(invalid(format!(
            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [{name}]"
        )));
    }
    if defined.len() != names.len() {
        return Err(invalid(
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
        ));
    }
    if let Some(one) = defined.iter().find(|one| !matches!(one.AttributeType.as_str(), "S" | "N" | "B")) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{}' at 'attributeDefinitions' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
            one.AttributeType
        )));
    }
    Ok((hash, range))
}

#[derive(Deserialize)]
pub struct Named {
    TableName: String,
}

#[derive(Serialize)]
pub struct Described {
    Table: Told,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Named) -> Answer<Described> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    Ok(Described { Table: shape::told(table, world.now) })
}

#[derive(Deserialize)]
pub struct List {
    ExclusiveStartTableName: Option<String>,
    Limit: Option<u64>,
}

#[derive(Serialize)]
pub struct Listed {
    TableNames: Vec<String>,
    LastEvaluatedTableName: Option<String>,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let limit = ask.Limit.unwrap_or(100);
    if !(1..=100).contains(&limit) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100"
        )));
    }
    let after = ask.ExclusiveStartTableName.unwrap_or_default();
    let names =
        world.dynamo.tables.keys().filter(|key| key.0 == caller.region && key.1 > after).map(|key| key.1.clone());
    let (names, next) = paging::page(names, String::clone, None, limit as usize, "ValidationException")?;
    let last = next.and(names.last().cloned());
    Ok(Listed { TableNames: names, LastEvaluatedTableName: last })
}

pub fn delete(world: &mut World, caller: &Caller, ask: Named) -> Answer<Made> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    free(table)?;
    if table.strong == Some(true) {
        return Err(one_replica());
    }
    stays(world, &at)?;
    dynamo::deleted(world, &at);
    let table = world.dynamo.tables.get(&at).ok_or_else(not_found)?;
    Ok(Made { TableDescription: shape::told(table, world.now) })
}
