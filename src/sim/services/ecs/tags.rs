//! TagResource, UntagResource, ListTagsForResource.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Tag};
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::World;
use crate::world::ecs::{Ecs, ServiceStatus, Tags};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
pub struct TagThese {
    resourceArn: String,
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
pub struct UntagThese {
    resourceArn: String,
    tagKeys: Vec<String>,
}

#[derive(Deserialize)]
pub struct List {
    resourceArn: String,
}

#[derive(Serialize)]
pub struct Listed {
    tags: Vec<Tag>,
}

pub fn tag(world: &mut World, caller: &Caller, ask: TagThese) -> Answer<Empty> {
    let more = names::tags_in(Some(ask.tags))?;
    let tags = tags_of(world.ecs_in(&caller.region), caller, &ask.resourceArn)?;
    let mut all = tags.clone();
    all.extend(more);
    names::check_tags(&all)?;
    *tags = all;
    Ok(Empty {})
}

pub fn untag(world: &mut World, caller: &Caller, ask: UntagThese) -> Answer<Empty> {
    let tags = tags_of(world.ecs_in(&caller.region), caller, &ask.resourceArn)?;
    tags.retain(|key, _| !ask.tagKeys.contains(key));
    Ok(Empty {})
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let tags = tags_of(world.ecs_in(&caller.region), caller, &ask.resourceArn)?;
    Ok(Listed { tags: names::tags_out(tags) })
}

fn tags_of<'a>(ecs: &'a mut Ecs, caller: &Caller, arn: &str) -> Answer<&'a mut Tags> {
    let after = |kind| if arn.starts_with("arn:") { names::rest(&caller.region, kind, arn) } else { None };
    if let Some(name) = after("cluster") {
        let cluster = ecs.clusters.get_mut(name).filter(|cluster| cluster.active);
        return cluster.map(|cluster| &mut cluster.tags).ok_or_else(names::no_cluster);
    }
    if let Some((cluster, name)) = after("service").map(|rest| rest.split_once('/').unwrap_or(("default", rest))) {
        let service = ecs.service_mut(cluster, name).filter(|service| service.status != ServiceStatus::Inactive);
        return service.map(|service| &mut service.tags).ok_or_else(|| not_found("service"));
    }
    if let Some(id) = after("task").and_then(|rest| rest.rsplit('/').next()) {
        let task = ecs.pool.ids.get(id).and_then(|number| ecs.pool.tasks.get_mut(number));
        return task.map(|task| &mut task.tags).ok_or_else(|| not_found("task"));
    }
    if let Some((family, revision)) = after("task-definition").and_then(|rest| rest.split_once(':')) {
        let revisions = ecs.definitions.get_mut(family);
        let definition = revisions.and_then(|all| all.get_mut(&revision.parse().ok()?));
        return match definition {
            Some(definition) => Ok(&mut Arc::make_mut(definition).tags),
            None => Err(not_found("task-definition")),
        };
    }
    Err(names::invalid("Invalid identifier: Identifier is for an unsupported resource or Region."))
}

fn not_found(what: &str) -> Refusal {
    Refusal::new(
        400,
        "ResourceNotFoundException",
        format!("The specified {what} is inactive or was not found. Specify an active {what} and try again."),
    )
}
