//! Names of resources, and tags as requests write them.

use crate::world::ACCOUNT;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `arn:aws:rds:<region>:<account>:<kind>:<name>`.
pub fn arn(region: &str, kind: &str, name: &str) -> String {
    format!("arn:aws:rds:{region}:{ACCOUNT}:{kind}:{name}")
}

/// Region, kind and name of an ARN of RDS; global clusters have no Region.
pub fn parse(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(7, ':');
    let mut next = || parts.next();
    let right = next()? == "arn" && next()? == "aws" && next()? == "rds";
    let (region, _account, kind, name) = (next()?, next()?, next()?, next()?);
    right.then_some((region, kind, name))
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tag {
    pub Key: String,
    #[serde(default)]
    pub Value: String,
}

pub fn tags(given: Option<Vec<Tag>>) -> BTreeMap<String, String> {
    given.unwrap_or_default().into_iter().map(|tag| (tag.Key, tag.Value)).collect()
}

pub fn told(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { Key: key.clone(), Value: value.clone() }).collect()
}

/// A filter of a Describe call.
#[derive(Debug, Clone, Deserialize)]
pub struct Filter {
    pub Name: String,
    #[serde(default)]
    pub Values: Vec<String>,
}

/// Whether a thing that has one of `names` passes the filters called `filter`.
pub fn passes(filters: Option<&[Filter]>, filter: &str, names: &[&str]) -> bool {
    let mut wanted = filters.unwrap_or_default().iter().filter(|one| one.Name == filter);
    wanted.all(|one| one.Values.iter().any(|value| names.contains(&value.as_str())))
}
