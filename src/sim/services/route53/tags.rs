//! Tags of zones and health checks.

use super::{bare, invalid, no_such_check, no_such_zone};
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tags that a resource may have (botocore, ChangeTagsForResource: "up to 10").
const MOST: usize = 10;

#[derive(Deserialize)]
pub struct Change {
    ResourceType: String,
    ResourceId: String,
    AddTags: Option<Vec<Tag>>,
    RemoveTagKeys: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct Tag {
    Key: Option<String>,
    Value: Option<String>,
}

type Tags = BTreeMap<String, String>;

fn of<'a>(world: &'a mut World, kind: &str, id: &str) -> Answer<&'a mut Tags> {
    let id = bare(id);
    match kind {
        "hostedzone" => world.dns.zones.get_mut(id).map(|zone| &mut zone.tags).ok_or_else(|| no_such_zone(id)),
        "healthcheck" => world.dns.checks.get_mut(id).map(|check| &mut check.tags).ok_or_else(|| no_such_check(id)),
        other => Err(invalid(format!(
            "1 validation error detected: Value '{other}' at 'resourceType' failed to satisfy constraint: Member must satisfy enum value set: [healthcheck, hostedzone]"
        ))),
    }
}

pub fn change(world: &mut World, _: &Caller, ask: Change) -> Answer<Empty> {
    let tags = of(world, &ask.ResourceType, &ask.ResourceId)?;
    let mut after = tags.clone();
    for key in ask.RemoveTagKeys.iter().flatten() {
        after.remove(key);
    }
    for tag in ask.AddTags.into_iter().flatten() {
        let key = tag.Key.filter(|key| (1..=128).contains(&key.len()));
        let Some(key) = key else { return Err(invalid("A tag key must have 1 to 128 characters.")) };
        after.insert(key, tag.Value.unwrap_or_default());
    }
    if after.len() > MOST {
        return Err(invalid(format!("A resource can have at most {MOST} tags.")));
    }
    *tags = after;
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct List {
    ResourceType: String,
    ResourceId: String,
}

#[derive(Serialize)]
struct ResourceTagSet {
    ResourceType: String,
    ResourceId: String,
    Tags: Vec<Tag>,
}

#[derive(Serialize)]
pub struct Listed {
    ResourceTagSet: ResourceTagSet,
}

pub fn list(world: &mut World, _: &Caller, ask: List) -> Answer<Listed> {
    Ok(Listed { ResourceTagSet: set(world, &ask.ResourceType, &ask.ResourceId)? })
}

#[derive(Deserialize)]
pub struct ListMany {
    ResourceType: String,
    ResourceIds: Vec<String>,
}

#[derive(Serialize)]
pub struct ListedMany {
    ResourceTagSets: Vec<ResourceTagSet>,
}

pub fn list_many(world: &mut World, _: &Caller, ask: ListMany) -> Answer<ListedMany> {
    if !(1..=10).contains(&ask.ResourceIds.len()) {
        return Err(invalid(
            "1 validation error detected: Value at 'resourceIds' failed to satisfy constraint: Member must have length between 1 and 10",
        ));
    }
    let sets: Answer<Vec<_>> = ask.ResourceIds.iter().map(|id| set(world, &ask.ResourceType, id)).collect();
    Ok(ListedMany { ResourceTagSets: sets? })
}

fn set(world: &mut World, kind: &str, id: &str) -> Answer<ResourceTagSet> {
    let tags = of(world, kind, id)?;
    let tags = tags.iter().map(|(key, value)| Tag { Key: Some(key.clone()), Value: Some(value.clone()) });
    Ok(ResourceTagSet { Tags: tags.collect(), ResourceType: kind.into(), ResourceId: bare(id).into() })
}
