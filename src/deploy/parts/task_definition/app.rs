//! What answers users.

use super::super::database::opens;
use super::super::pieces::id;
use super::guard::Guard;
use super::template::{STOPS, met, placed};
use super::{Runs, logs, pairs};
use crate::deploy::given::{Given, Missing};
use crate::model::spec::{self, Spec};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) struct App {
    region: String,
    sessions_table: String,
    /// The node of the secret that opens the database here.
    opens: String,
    app: spec::App,
    guard: Option<Guard>,
}

impl App {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            sessions_table: spec.stack.sessions_table(),
            opens: opens(spec, region),
            app: spec.app.clone(),
            guard: Guard::of(spec, region),
        }
    }

    /// By name; what the operator says counts.
    fn environment(&self, given: &Given) -> Result<BTreeMap<String, String>, Missing> {
        let mut environment = BTreeMap::from([
            ("TANDEM_REGION".to_string(), self.region.clone()),
            ("SESSIONS_TABLE".to_string(), self.sessions_table.clone()),
            ("DB_HOST".to_string(), given.of(&id(&self.region, "db"), "reader_endpoint")?.to_string()),
            ("DB_WRITER_HOST".to_string(), given.of("global-db", "endpoint")?.to_string()),
        ]);
        environment.extend(self.app.environment.clone());
        Ok(environment)
    }
}

impl Runs for App {
    fn definition(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "base");
        let (secret, group) = (given.of(&self.opens, "arn")?, given.of(&base, "log_group")?);
        let name = self.app.container();
        let mut web = json!({
            "name": name,
            "image": self.app.image.replace("{region}", &self.region),
            "essential": true,
            "environment": pairs(&self.environment(given)?),
            "secrets": [{ "name": "DB_CREDENTIALS", "valueFrom": secret }],
            "portMappings": [{ "containerPort": self.app.port, "protocol": "tcp" }],
            "stopTimeout": STOPS,
            "logConfiguration": logs(&self.region, group, name),
        });
        if self.guard.is_some() {
            web["dependsOn"] = Guard::awaited();
        }
        let mut containers = vec![];
        match (&self.app.template, web) {
            (Some(template), Value::Object(web)) => {
                let given = placed(&template.app, &self.region, group);
                containers.push(Value::Object(met(given, web)));
                let beside = template.sidecars.iter().map(|one| Value::Object(placed(one, &self.region, group)));
                containers.extend(beside);
            }
            (_, web) => containers.push(web),
        }
        containers.extend(self.guard.as_ref().map(|guard| guard.container(group)));
        Ok(json!({
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": self.app.cpu.to_string(),
            "memory": self.app.memory.to_string(),
            "executionRoleArn": given.of(&base, "execution_role")?,
            "taskRoleArn": given.of(&base, "task_role")?,
            "containerDefinitions": containers,
        }))
    }
}
