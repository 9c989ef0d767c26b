//! TagResource and UntagResource; replicas have their primary's tags.

use super::refuse::{changeable, of, parameter};
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::World;
use crate::world::secrets::touched;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub struct Tag {
    pub Key: String,
    pub Value: String,
}

/// How many tags a secret has at most (User Guide, Quotas).
const MOST: usize = 50;

pub fn read(tags: Vec<Tag>) -> Answer<BTreeMap<String, String>> {
    if let Some(tag) = tags.iter().find(|tag| tag.Key.is_empty() || tag.Key.to_lowercase().starts_with("aws:")) {
        return Err(parameter(format!("Tag key '{}' isn't valid.", tag.Key)));
    }
    limited(tags.into_iter().map(|tag| (tag.Key, tag.Value)).collect())
}

fn limited(tags: BTreeMap<String, String>) -> Answer<BTreeMap<String, String>> {
    if tags.len() > MOST {
        let message = format!("A secret can have at most {MOST} tags.");
        return Err(Refusal::new(400, "LimitExceededException", message));
    }
    Ok(tags)
}

#[derive(Deserialize)]
pub struct Add {
    SecretId: String,
    Tags: Vec<Tag>,
}

pub fn add(world: &mut World, caller: &Caller, ask: Add) -> Answer<Empty> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let added = read(ask.Tags)?;
    let secret = of(world, &key)?;
    let mut tags = secret.tags.clone();
    tags.extend(added);
    secret.tags = limited(tags)?;
    touched(world, &key);
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Remove {
    SecretId: String,
    TagKeys: Vec<String>,
}

pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<Empty> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let secret = of(world, &key)?;
    secret.tags.retain(|tag, _| !ask.TagKeys.contains(tag));
    touched(world, &key);
    Ok(Empty {})
}
