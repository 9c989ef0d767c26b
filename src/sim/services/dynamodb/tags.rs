//! Tags of a replica: they are not replicated.

use super::refuse::not_found;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::World;
use crate::world::dynamo::Table;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub struct Tag {
    pub Key: String,
    pub Value: String,
}

pub fn read(tags: Option<Vec<Tag>>) -> BTreeMap<String, String> {
    tags.unwrap_or_default().into_iter().map(|tag| (tag.Key, tag.Value)).collect()
}

fn of<'w>(world: &'w mut World, caller: &Caller, arn: &str) -> Answer<&'w mut Table> {
    let Some((_, name)) = arn.split_once(":table/") else {
        return Err(Refusal::new(
            400,
            "ValidationException",
            format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}"),
        ));
    };
    world.dynamo.tables.get_mut(&(caller.region.clone(), name.to_string())).ok_or_else(not_found)
}

#[derive(Deserialize)]
pub struct Add {
    ResourceArn: String,
    Tags: Vec<Tag>,
}

pub fn add(world: &mut World, caller: &Caller, ask: Add) -> Answer<Empty> {
    of(world, caller, &ask.ResourceArn)?.tags.extend(read(Some(ask.Tags)));
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Remove {
    ResourceArn: String,
    TagKeys: Vec<String>,
}

pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<Empty> {
    let table = of(world, caller, &ask.ResourceArn)?;
    ask.TagKeys.iter().for_each(|key| drop(table.tags.remove(key)));
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct List {
    ResourceArn: String,
}

#[derive(Serialize)]
pub struct Listed {
    Tags: Vec<Tag>,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let table = of(world, caller, &ask.ResourceArn)?;
    let tag = |(key, value): (&String, &String)| Tag { Key: key.clone(), Value: value.clone() };
    Ok(Listed { Tags: table.tags.iter().map(tag).collect() })
}
