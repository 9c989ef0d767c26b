//! TagResource, UntagResource, ListTagsForResource: of alarms and dashboards.

use super::refuse;
use super::shapes::Tag;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct TagAsk {
    ResourceARN: Option<String>,
    Tags: Option<Vec<Tag>>,
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
    Tags: Vec<Tag>,
}

pub fn tag_resource(world: &mut World, caller: &Caller, ask: TagAsk) -> Answer<Empty> {
    let tags = refuse::required(ask.Tags, "Tags")?;
    let tagged = tags_of(world, caller, ask.ResourceARN)?;
    let mut all = tagged.clone();
    for tag in tags {
        refuse::length("Tags.member.Key", &tag.Key, 128)?;
        if tag.Key.to_lowercase().starts_with("aws:") {
            return Err(refuse::value("Tag keys that begin with aws: are reserved for system use."));
        }
        all.insert(tag.Key, tag.Value);
    }
    if all.len() > 50 {
        return Err(refuse::value("A resource can have at most 50 tags."));
    }
    *tagged = all;
    Ok(Empty {})
}

pub fn untag_resource(world: &mut World, caller: &Caller, ask: UntagAsk) -> Answer<Empty> {
    let keys = refuse::required(ask.TagKeys, "TagKeys")?;
    tags_of(world, caller, ask.ResourceARN)?.retain(|key, _| !keys.contains(key));
    Ok(Empty {})
}

pub fn list_tags_for_resource(world: &mut World, caller: &Caller, ask: ListAsk) -> Answer<Listed> {
    let pairs = tags_of(world, caller, ask.ResourceARN)?.iter();
    Ok(Listed { Tags: pairs.map(|(key, value)| Tag { Key: key.clone(), Value: value.clone() }).collect() })
}

fn tags_of<'a>(world: &'a mut World, caller: &Caller, arn: Option<String>) -> Answer<&'a mut BTreeMap<String, String>> {
    let arn = refuse::required(arn, "ResourceARN")?;
    let unknown = || Refusal::new(404, "ResourceNotFoundException", format!("Unknown resource: {arn}"));
    if let Some(name) = arn.strip_prefix(&format!("arn:aws:cloudwatch::{ACCOUNT}:dashboard/")) {
        return world.dashboards.get_mut(name).map(|found| &mut found.tags).ok_or_else(unknown);
    }
    let Some((_, name)) = arn.split_once(":alarm:").filter(|_| arn.starts_with("arn:aws:cloudwatch:")) else {
        return Err(refuse::value(format!("Invalid resource ARN: {arn}")));
    };
    let alarm = world.metrics_in(&caller.region).alarms.get_mut(name).filter(|alarm| alarm.arn == arn);
    alarm.map(|alarm| &mut alarm.tags).ok_or_else(unknown)
}
