//! What every ECS operation shares: names and ARNs, tags, failures, pages and refusals.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Answer, Caller, Refusal};
use crate::world::ecs::{Cluster, Ecs, Tags};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterException", message)
}

pub fn client(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ClientException", message)
}

pub fn no_cluster() -> Refusal {
    Refusal::new(400, "ClusterNotFoundException", "Cluster not found.")
}

pub fn no_service() -> Refusal {
    Refusal::new(400, "ServiceNotFoundException", "Service not found.")
}

/// What was asked for and is not there.
#[derive(Debug, Serialize)]
pub struct Failure {
    pub arn: String,
    pub reason: &'static str,
}

impl Failure {
    pub fn missing(arn: String) -> Self {
        Self { arn, reason: "MISSING" }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tag {
    pub key: String,
    #[serde(default)]
    pub value: String,
}

/// Most tags a resource may have (ECS API, TagResource).
const TAGS: usize = 50;

pub fn tags_in(tags: Option<Vec<Tag>>) -> Answer<Tags> {
    let given = tags.unwrap_or_default();
    let count = given.len();
    let tags: Tags = given.into_iter().map(|tag| (tag.key, tag.value)).collect();
    if tags.len() < count {
        return Err(invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
    check_tags(&tags)?;
    Ok(tags)
}

pub fn check_tags(tags: &Tags) -> Answer<()> {
    if tags.keys().filter(|key| !key.starts_with("aws:")).count() > TAGS {
        return Err(invalid(format!("The maximum number of tags is {TAGS}.")));
    }
    if tags.iter().any(|(key, value)| key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256) {
        return Err(invalid(
            "Some tags contain invalid characters. Valid characters: UTF-8 letters, spaces, numbers and _ . / = + - : @.",
        ));
    }
    Ok(())
}

pub fn tags_out(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

/// Whether `include` holds `TAGS`.
pub fn with_tags(include: &Option<Vec<String>>) -> bool {
    include.as_ref().is_some_and(|include| include.iter().any(|field| field == "TAGS"))
}

/// The rest of `arn:aws:ecs:<region>:<account>:<kind>/...`, or a bare name as it is. `None`: an ARN of
/// another Region, account or kind.
pub fn rest<'a>(region: &str, kind: &str, name: &'a str) -> Option<&'a str> {
    if !name.starts_with("arn:") {
        return Some(name);
    }
    name.strip_prefix(&format!("arn:aws:ecs:{region}:{ACCOUNT}:{kind}/"))
}

/// The name that `cluster` (a name, an ARN or nothing) means.
pub fn cluster_name<'a>(caller: &Caller, cluster: &'a Option<String>) -> Option<&'a str> {
    match cluster.as_deref() {
        None | Some("") => Some("default"),
        Some(name) => rest(&caller.region, "cluster", name),
    }
}

/// The name of a service: of `web`, `arn:...:service/shop/web` and `arn:...:service/web`.
pub fn service_name<'a>(caller: &Caller, cluster: &str, service: &'a str) -> Option<&'a str> {
    in_cluster(caller, cluster, "service", service)
}

/// The id of a task: of itself and of `arn:...:task/shop/<id>`.
pub fn task_id<'a>(caller: &Caller, cluster: &str, task: &'a str) -> Option<&'a str> {
    in_cluster(caller, cluster, "task", task)
}

fn in_cluster<'a>(caller: &Caller, cluster: &str, kind: &str, name: &'a str) -> Option<&'a str> {
    let rest = rest(&caller.region, kind, name)?;
    match rest.split_once('/') {
        Some((of, name)) => (of == cluster).then_some(name),
        None => Some(rest),
    }
}

/// The ARN of what was asked for by name or ARN.
pub fn arn(caller: &Caller, kind: &str, name: &str) -> String {
    match name.starts_with("arn:") {
        true => name.to_string(),
        false => format!("arn:aws:ecs:{}:{ACCOUNT}:{kind}/{name}", caller.region),
    }
}

static NOTHING: LazyLock<Ecs> = LazyLock::new(Ecs::default);

/// ECS of the caller's Region, to look at.
pub fn ecs<'a>(world: &'a World, caller: &Caller) -> &'a Ecs {
    world.ecs.get(&caller.region).unwrap_or(&NOTHING)
}

/// The ACTIVE cluster that was asked for.
pub fn cluster<'a>(world: &'a World, caller: &Caller, cluster: &Option<String>) -> Answer<&'a Cluster> {
    let name = cluster_name(caller, cluster).ok_or_else(no_cluster)?;
    ecs(world, caller).clusters.get(name).filter(|cluster| cluster.active).ok_or_else(no_cluster)
}

/// Names of clusters, services and families.
pub fn is_name(name: &str) -> bool {
    (1..=255).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A page size between 1 and `most`.
pub fn page_size(asked: Option<i64>, default: usize, most: usize) -> Answer<usize> {
    match asked {
        None => Ok(default),
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| (1..=most).contains(size))
            .ok_or_else(|| invalid(format!("maxResults must be between 1 and {most}."))),
    }
}
