//! Amazon ECS: clusters and services by name, task definitions by family.

mod cluster;
mod service;
mod task_definition;

pub use cluster::cluster;
pub use service::service;
pub use task_definition::task_definition;

use crate::cloud::edge::text;
use aws_sdk_ecs::types::Tag;
use std::collections::BTreeMap;

pub(super) fn tags(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter().map(|tag| (text(tag.key()), text(tag.value()))).collect()
}
