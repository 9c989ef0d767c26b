//! A cluster: a name that services and tasks stand under.

use super::{Service, Tags};
use crate::doc::Doc;
use crate::world::ACCOUNT;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Cluster {
    pub name: String,
    /// False once deleted: it stays visible as INACTIVE.
    pub active: bool,
    pub services: BTreeMap<String, Service>,
    pub tags: Tags,
    /// Settings, configuration and capacity providers as they were given.
    pub given: serde_json::Map<String, Doc>,
}

impl Cluster {
    pub fn arn(&self, region: &str) -> String {
        format!("arn:aws:ecs:{region}:{ACCOUNT}:cluster/{}", self.name)
    }
}
