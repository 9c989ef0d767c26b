//! The task definition of a Region. A revision never changes: what differs is registered as a new one.

use super::database::opens;
use super::pieces::{id, lower, with};
use super::tasks::{CONTAINER, ECS};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen, differences};
use crate::model::outcome::CallError;
use crate::model::spec::{App, Spec};
use crate::probe::Boxed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub struct TaskDefinition {
    region: String,
    family: String,
    sessions_table: String,
    /// The node of the secret that opens the database here.
    opens: String,
    app: App,
}

impl TaskDefinition {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            family: spec.stack.service(region),
            sessions_table: spec.stack.sessions_table(),
            opens: opens(spec, region),
            app: spec.app.clone(),
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

    /// It gives `revision`; `arn` only when it is what is wanted. So a plan tells of the service too, which is going
    /// to run another revision.
    fn given_when_wanted(&self, mut seen: Seen, given: &Given) -> Seen {
        let Some(arn) = seen.gives.remove("arn") else { return seen };
        let wanted = self.want(given).is_ok_and(|want| differences(&want, &seen.is).is_empty());
        let seen = if wanted { seen.giving("arn", &arn) } else { seen };
        seen.giving("revision", arn)
    }

    fn register(&self, want: &Value, given: &Given) -> Call {
        let input = with(want.clone(), json!({ "tags": lower(given.tag_list("task-definition", want)) }));
        Call::request(&self.region, ECS, "RegisterTaskDefinition", input)
    }
}

impl Part for TaskDefinition {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let seen = look::ecs::task_definition(aws, &self.region, &self.family).await?;
            Ok(self.given_when_wanted(seen, given))
        })
    }

    /// A task that is told to stop has 20 seconds, less than a drain waits for.
    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "base");
        let environment = self.environment(given)?;
        let environment = environment.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        let secret = given.of(&self.opens, "arn")?;
        Ok(json!({
            "family": self.family,
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": self.app.cpu.to_string(),
            "memory": self.app.memory.to_string(),
            "executionRoleArn": given.of(&base, "execution_role")?,
            "taskRoleArn": given.of(&base, "task_role")?,
            "containerDefinitions": [{
                "name": CONTAINER,
                "image": self.app.image.replace("{region}", &self.region),
                "essential": true,
                "environment": environment.collect::<Value>(),
                "secrets": [{ "name": "DB_CREDENTIALS", "valueFrom": secret }],
                "portMappings": [{ "containerPort": self.app.port, "protocol": "tcp" }],
                "stopTimeout": 20,
                "logConfiguration": { "logDriver": "awslogs", "options": {
                    "awslogs-group": given.of(&base, "log_group")?,
                    "awslogs-region": self.region,
                    "awslogs-stream-prefix": CONTAINER,
                } },
            }],
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(self.register(want, given))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    /// Revisions before stay: a rollback needs them.
    fn update(&self, want: &Value, _: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.register(want, given)))
    }

    /// The newest; the next look finds the one before.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let input = json!({ "taskDefinition": seen.gift("revision") });
        Ok(Next::Send(Call::request(&self.region, ECS, "DeregisterTaskDefinition", input)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, sent};
    use super::*;

    fn part(environment: &[(&str, &str)]) -> TaskDefinition {
        let mut spec = fixtures::spec();
        spec.app.environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        TaskDefinition::new(&spec, "eu-west-1")
    }

    #[test]
    fn a_task_knows_where_it_is_and_what_it_uses() {
        let given = fixtures::given();
        let want = part(&[("LOG_LEVEL", "debug"), ("SESSIONS_TABLE", "other")]).want(&given).unwrap();
        let container = &want["containerDefinitions"][0];
        assert_eq!(container["image"], "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:1.0");
        let environment: Vec<(&str, &str)> = container["environment"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair["name"].as_str().unwrap(), pair["value"].as_str().unwrap()))
            .collect();
        assert_eq!(
            environment,
            [
                ("DB_HOST", "reader.eu-west-1.example"),
                ("DB_WRITER_HOST", "shop-db.global.example"),
                ("LOG_LEVEL", "debug"),
                ("SESSIONS_TABLE", "other"),
                ("TANDEM_REGION", "eu-west-1"),
            ]
        );
        assert!(container["secrets"][0]["valueFrom"].as_str().unwrap().contains(":secret:shop-master-"));
    }

    #[test]
    fn what_differs_is_registered_anew() {
        let given = fixtures::given();
        let is = part(&[]).want(&given).unwrap();
        let want = part(&[("LOG_LEVEL", "debug")]).want(&given).unwrap();
        let found = differences(&want, &is);
        assert_eq!(found.len(), 1);
        let (operation, input) = sent(part(&[]).update(&want, &Seen::there("ACTIVE", is), &found, &given).unwrap());
        assert_eq!((operation.as_str(), input["family"].as_str()), ("RegisterTaskDefinition", Some("shop-web")));
        assert_eq!(input["containerDefinitions"], want["containerDefinitions"]);
    }

    #[test]
    fn a_revision_that_is_not_wanted_any_more_is_told_to_nobody_but_itself() {
        let given = fixtures::given();
        let is = part(&[]).want(&given).unwrap();
        let seen = || Seen::there("ACTIVE", is.clone()).giving("arn", "arn:shop-web:7");
        let gifts = |environment: &[(&str, &str)]| {
            let seen = part(environment).given_when_wanted(seen(), &given);
            (seen.gift("arn").to_string(), seen.gift("revision").to_string())
        };
        assert_eq!(gifts(&[]), ("arn:shop-web:7".into(), "arn:shop-web:7".into()));
        assert_eq!(gifts(&[("LOG_LEVEL", "debug")]), (String::new(), "arn:shop-web:7".into()));
    }

    #[test]
    fn it_waits_for_the_database() {
        let mut given = fixtures::given();
        given.forget("eu-west-1/db");
        assert_eq!(part(&[]).want(&given).unwrap_err().node, "eu-west-1/db");
    }

    #[test]
    fn revisions_go_one_at_a_time() {
        let seen = Seen::there("ACTIVE", Value::Null).giving("revision", "arn:shop-web:7");
        let next = part(&[]).remove(&seen, &fixtures::given()).unwrap();
        assert_eq!(sent(next), ("DeregisterTaskDefinition".into(), json!({ "taskDefinition": "arn:shop-web:7" })));
    }
}
