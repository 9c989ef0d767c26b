//! Task definitions: what answers users, and what watches. A revision never changes: what differs is registered as a new
//! one.

mod app;
mod guard;
mod template;
mod watcher;

use super::pieces::{lower, with};
use super::tasks::ECS;
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen, differences, or_none};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::text::brief;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct TaskDefinition {
    region: String,
    family: String,
    /// Of its node.
    role: &'static str,
    runs: Box<dyn Runs>,
}

/// What a revision is registered with, beside its family and tags.
trait Runs: Send + Sync {
    fn definition(&self, given: &Given) -> Result<Value, Missing>;
}

impl TaskDefinition {
    /// Of what answers users in a Region, with a guard beside it where the spec has one.
    pub fn new(spec: &Spec, region: &str) -> Self {
        let runs = Box::new(app::App::new(spec, region));
        Self { region: region.into(), family: spec.stack.service(region), role: "task-definition", runs }
    }

    /// Of the watcher in a Region.
    pub fn of_watcher(spec: &Spec, region: &str) -> Self {
        let runs = Box::new(watcher::Watcher::new(spec, region));
        Self { region: region.into(), family: spec.stack.watch_name(), role: "watch-task", runs }
    }

    fn whole(&self, given: &Given) -> Result<Value, Missing> {
        Ok(with(self.runs.definition(given)?, json!({ "family": self.family })))
    }

    /// It gives `revision`; `arn` only when it is what is wanted. So a plan tells of the service too, which is going
    /// to run another revision.
    fn given_when_wanted(&self, mut seen: Seen, given: &Given) -> Seen {
        let Some(arn) = seen.gives.remove("arn") else { return seen };
        let wanted = self.want(given).is_ok_and(|want| differences(&want, &seen.is).is_empty());
        let seen = if wanted { seen.giving("arn", &arn) } else { seen };
        seen.giving("revision", arn)
    }

    fn register(&self, given: &Given) -> Result<Call, Missing> {
        let whole = self.whole(given)?;
        let tags = lower(given.tag_list(self.role, &briefly(whole.clone())));
        let input = with(whole, json!({ "tags": tags }));
        Ok(Call::request(&self.region, ECS, "RegisterTaskDefinition", input))
    }
}

/// What a container may have. What is not wanted must not be there: a file of the operator's may have said it before.
const MEMBERS: &[&str] = &[
    "environment",
    "secrets",
    "portMappings",
    "stopTimeout",
    "startTimeout",
    "command",
    "entryPoint",
    "dependsOn",
    "healthCheck",
    "memory",
    "memoryReservation",
    "cpu",
    "readonlyRootFilesystem",
    "workingDirectory",
    "user",
    "dockerLabels",
];

/// Compared as a whole: a member that is empty is one that is not there.
fn filled(mut definition: Value) -> Value {
    for container in definition["containerDefinitions"].as_array_mut().into_iter().flatten() {
        for member in MEMBERS {
            let value = &mut container[*member];
            *value = or_none(value.take());
        }
        container["essential"] = or_none(container["essential"].take());
    }
    definition
}

/// Values of the environment as a look tells them.
fn briefly(mut definition: Value) -> Value {
    for container in definition["containerDefinitions"].as_array_mut().into_iter().flatten() {
        for pair in container["environment"].as_array_mut().into_iter().flatten() {
            if let Some(value) = pair["value"].as_str().map(brief) {
                pair["value"] = Value::String(value);
            }
        }
    }
    definition
}

impl Part for TaskDefinition {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let seen = look::ecs::task_definition(aws, &self.region, &self.family).await?;
            Ok(self.given_when_wanted(seen, given))
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        self.whole(given).map(briefly).map(filled)
    }

    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        self.register(given)
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    /// Revisions before stay: a rollback needs them.
    fn update(&self, _: &Value, _: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        self.register(given).map(Next::Send)
    }

    /// The newest; the next look finds the one before.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let input = json!({ "taskDefinition": seen.gift("revision") });
        Ok(Next::Send(Call::request(&self.region, ECS, "DeregisterTaskDefinition", input)))
    }
}

/// Where a container's lines go.
fn logs(region: &str, group: &str, container: &str) -> Value {
    json!({ "logDriver": "awslogs", "options": {
        "awslogs-group": group,
        "awslogs-region": region,
        "awslogs-stream-prefix": container,
    } })
}

/// `[{"name": .., "value": ..}]`
fn pairs<'a>(environment: impl IntoIterator<Item = (&'a String, &'a String)>) -> Value {
    environment.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
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
    fn a_guard_stands_beside_it_and_the_app_waits_for_it() {
        let given = fixtures::given();
        let mut spec = fixtures::spec();
        let bare = TaskDefinition::new(&spec, "eu-west-1").want(&given).unwrap();
        assert_eq!(bare["containerDefinitions"][0]["dependsOn"], Value::Null);
        spec.watch.guard_image = Some("tandem:1".into());
        let want = TaskDefinition::new(&spec, "eu-west-1").want(&given).unwrap();
        let containers = &want["containerDefinitions"];
        assert_eq!(containers[0]["dependsOn"], json!([{ "containerName": "guard", "condition": "HEALTHY" }]));
        assert_eq!((&containers[1]["name"], &containers[1]["essential"]), (&json!("guard"), &json!(true)));
        assert_eq!(containers[1]["logConfiguration"]["options"]["awslogs-stream-prefix"], "guard");
        let found = differences(&want, &bare);
        assert_eq!(found.iter().map(|one| one.member.as_str()).collect::<Vec<_>>(), ["containerDefinitions"]);
        assert_eq!(differences(&bare, &want).len(), 1, "to take it away is a revision, too");
    }

    #[test]
    fn a_watcher_is_sent_its_whole_file_and_compared_by_what_stands_for_it() {
        let mut spec = fixtures::spec();
        let mut given = fixtures::given();
        spec.watch.image = Some("tandem:{region}".into());
        spec.watch.file = format!("[stack]\nname = \"shop\"\n# {}\n", "x".repeat(3_000));
        let part = TaskDefinition::of_watcher(&spec, "us-east-2");
        assert_eq!(part.want(&given).unwrap_err().node, "us-east-2/watch-base");
        let gifts = [("execution_role", "arn:e"), ("task_role", "arn:t"), ("log_group", "/tandem/shop/watch")];
        given.learn("us-east-2/watch-base", gifts.map(|(name, value)| (name.into(), value.into())).into());
        let want = part.want(&given).unwrap();
        let (operation, input) = fixtures::request(&part.create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["family"]), ("RegisterTaskDefinition", &json!("shop-watch")));
        let container = &input["containerDefinitions"][0];
        assert_eq!(container["environment"], json!([{ "name": "TANDEM_CONFIG", "value": spec.watch.file }]));
        assert_eq!(container["command"], json!(["watch", "--write", "--from", "us-east-2"]));
        assert_eq!((&container["image"], &input["cpu"]), (&json!("tandem:us-east-2"), &json!("256")));
        let told = want["containerDefinitions"][0]["environment"][0]["value"].as_str().unwrap();
        assert!(told.starts_with("sha256:"), "{told}");
        spec.watch.file.push('\n');
        let other = TaskDefinition::of_watcher(&spec, "us-east-2").want(&given).unwrap();
        assert_eq!(differences(&other, &want).len(), 1);
    }

    #[test]
    fn what_differs_is_registered_anew() {
        let given = fixtures::given();
        let is = part(&[]).want(&given).unwrap();
        let part = part(&[("LOG_LEVEL", "debug")]);
        let want = part.want(&given).unwrap();
        let found = differences(&want, &is);
        assert_eq!(found.len(), 1);
        let (operation, input) = sent(part.update(&want, &Seen::there("ACTIVE", is), &found, &given).unwrap());
        assert_eq!((operation.as_str(), input["family"].as_str()), ("RegisterTaskDefinition", Some("shop-web")));
        assert_eq!(filled(input)["containerDefinitions"], want["containerDefinitions"]);
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
