//! What watches.

use super::super::pieces::id;
use super::template::STOPS;
use super::{Runs, logs, pairs};
use crate::deploy::given::{Given, Missing};
use crate::model::spec::Spec;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The container that watches.
const CONTAINER: &str = "watch";

/// Where a watcher finds the configuration: it has no file.
const FILE: &str = "TANDEM_CONFIG";

pub(super) struct Watcher {
    region: String,
    image: String,
    environment: BTreeMap<String, String>,
}

impl Watcher {
    pub fn new(spec: &Spec, region: &str) -> Self {
        let image = spec.watch.image.as_deref().unwrap_or_default().replace("{region}", region);
        let environment = BTreeMap::from([(FILE.to_string(), spec.watch.file.clone())]);
        Self { region: region.into(), image, environment }
    }
}

impl Runs for Watcher {
    /// The smallest task that there is. Its root file system is not read-only: what it does it writes down first.
    fn definition(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "watch-base");
        Ok(json!({
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": super::super::watchers::CPU.to_string(),
            "memory": super::super::watchers::MEMORY.to_string(),
            "executionRoleArn": given.of(&base, "execution_role")?,
            "taskRoleArn": given.of(&base, "task_role")?,
            "containerDefinitions": [{
                "name": CONTAINER,
                "image": self.image,
                "essential": true,
                "command": ["watch", "--write", "--from", self.region],
                "environment": pairs(&self.environment),
                "secrets": [],
                "portMappings": [],
                "stopTimeout": STOPS,
                "logConfiguration": logs(&self.region, given.of(&base, "log_group")?, CONTAINER),
            }],
        }))
    }
}
