//! Tags of load balancers, target groups, listeners and rules.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{invalid, no_listener, no_load_balancer, no_rule, no_target_group, refuse};
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::elb::Elb;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tags that a resource may have (quotas).
const MOST: usize = 50;

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Tag {
    Key: String,
    #[serde(default)]
    Value: Option<String>,
}

type Tags = BTreeMap<String, String>;

/// Reads the tags of a new resource.
pub fn read(tags: Vec<Tag>) -> Answer<Tags> {
    let mut read = Tags::new();
    for Tag { Key, Value } in tags {
        if Key.is_empty() || Key.chars().count() > 128 {
            return invalid(format!("Tag key '{Key}' must be between 1 and 128 characters"));
        }
        if Key.starts_with("aws:") {
            return invalid("Tag keys cannot begin with 'aws:'");
        }
        let value = Value.unwrap_or_default();
        if value.chars().count() > 256 {
            return invalid(format!("The value of tag '{Key}' cannot be longer than '256' characters"));
        }
        if read.insert(Key.clone(), value).is_some() {
            return refuse("DuplicateTagKeys", format!("Tag key '{Key}' was specified more than once"));
        }
    }
    few_enough(&read)?;
    Ok(read)
}

fn few_enough(tags: &Tags) -> Answer<()> {
    if tags.len() <= MOST {
        return Ok(());
    }
    refuse("TooManyTags", format!("The maximum number of tags on a resource is '{MOST}'"))
}

fn of<'a>(elb: &'a mut Elb, arn: &str) -> Answer<&'a mut Tags> {
    match arn.split(':').nth(5).and_then(|resource| resource.split('/').next()) {
        Some("loadbalancer") => {
            elb.load_balancer_mut(arn).map(|found| &mut found.tags).ok_or_else(|| no_load_balancer(arn))
        }
        Some("targetgroup") => elb.group_mut(arn).map(|found| &mut found.tags).ok_or_else(|| no_target_group(arn)),
        Some("listener") => elb.listener_mut(arn).map(|found| &mut found.tags).ok_or_else(no_listener),
        Some("listener-rule") => {
            let listener = elb.listener_of_rule(arn).map(|found| found.arn.clone()).ok_or_else(no_rule)?;
            let listener = elb.listener_mut(&listener).ok_or_else(no_rule)?;
            if listener.default_arn == arn {
                return Ok(&mut listener.default_tags);
            }
            listener.rules.values_mut().find(|rule| rule.arn == arn).map(|rule| &mut rule.tags).ok_or_else(no_rule)
        }
        _ => invalid(format!("'{arn}' is not a valid resource ARN")),
    }
}

#[derive(Deserialize)]
pub struct Add {
    ResourceArns: Vec<String>,
    Tags: Vec<Tag>,
}

pub fn add(world: &mut World, caller: &Caller, ask: Add) -> Answer<Empty> {
    let tags = read(ask.Tags)?;
    let elb = world.elb_in(&caller.region);
    for arn in &ask.ResourceArns {
        let mut merged = of(elb, arn)?.clone();
        merged.extend(tags.clone());
        few_enough(&merged)?;
    }
    for arn in &ask.ResourceArns {
        of(elb, arn)?.extend(tags.clone());
    }
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Remove {
    ResourceArns: Vec<String>,
    TagKeys: Vec<String>,
}

pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<Empty> {
    let elb = world.elb_in(&caller.region);
    for arn in &ask.ResourceArns {
        of(elb, arn)?;
    }
    for arn in &ask.ResourceArns {
        of(elb, arn)?.retain(|key, _| !ask.TagKeys.contains(key));
    }
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Describe {
    ResourceArns: Vec<String>,
}

#[derive(Serialize)]
pub struct Described {
    TagDescriptions: Vec<TagDescription>,
}

#[derive(Serialize)]
struct TagDescription {
    ResourceArn: String,
    Tags: Vec<Tag>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    if ask.ResourceArns.len() > 20 {
        return invalid("The maximum number of resources is '20'");
    }
    let elb = world.elb_in(&caller.region);
    let describe = |arn: String| {
        let tags = of(elb, &arn)?.iter().map(|(key, value)| Tag { Key: key.clone(), Value: Some(value.clone()) });
        Ok(TagDescription { Tags: tags.collect(), ResourceArn: arn })
    };
    Ok(Described { TagDescriptions: ask.ResourceArns.into_iter().map(describe).collect::<Answer<_>>()? })
}
