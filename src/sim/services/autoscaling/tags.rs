//! TagResource, UntagResource, ListTagsForResource: of scalable targets.

use super::check;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::World;
use crate::world::scaling::target::Target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct TagAsk {
    ResourceARN: Option<String>,
    Tags: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
pub struct UntagAsk {
    ResourceARN: Option<String>,
    TagKeys: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct ListAsk {
    ResourceARN: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    Tags: BTreeMap<String, String>,
}

pub fn tag_resource(world: &mut World, caller: &Caller, ask: TagAsk) -> Answer<Empty> {
    let tags = check::required(ask.Tags, "tags")?;
    let target = named(world, caller, ask.ResourceARN)?;
    let mut all = target.tags.clone();
    all.extend(tags);
    if all.len() > 50 {
        return Err(Refusal::new(400, "TooManyTagsException", "A resource can have at most 50 tags."));
    }
    target.tags = all;
    Ok(Empty {})
}

pub fn untag_resource(world: &mut World, caller: &Caller, ask: UntagAsk) -> Answer<Empty> {
    let keys = check::required(ask.TagKeys, "tagKeys")?;
    named(world, caller, ask.ResourceARN)?.tags.retain(|key, _| !keys.contains(key));
    Ok(Empty {})
}

pub fn list_tags_for_resource(world: &mut World, caller: &Caller, ask: ListAsk) -> Answer<Listed> {
    Ok(Listed { Tags: named(world, caller, ask.ResourceARN)?.tags.clone() })
}

fn named<'a>(world: &'a mut World, caller: &Caller, arn: Option<String>) -> Answer<&'a mut Target> {
    let arn = check::required(arn, "resourceARN")?;
    let target = world.scaling_in(&caller.region).targets.values_mut().find(|target| target.arn == arn);
    let message = format!("The resource with the specified ARN was not found: {arn}");
    target.ok_or_else(|| Refusal::new(400, "ResourceNotFoundException", message))
}
