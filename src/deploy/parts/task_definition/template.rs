//! What an operator gives of a task definition, beside what the deployment writes in it.

use super::{logs, pairs};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a task that is told to stop has, in seconds: less than a drain waits for, and what a guard's lease counts on.
pub(super) const STOPS: u64 = crate::model::guard::STOP.as_secs();

/// A container of the operator's as it is in a Region: it writes its log where all do, unless it says otherwise.
pub(super) fn placed(container: &Map<String, Value>, region: &str, log_group: &str) -> Map<String, Value> {
    let mut placed: Map<String, Value> =
        container.iter().map(|(name, value)| (name.clone(), in_region(value, region))).collect();
    let name = placed.get("name").and_then(Value::as_str).unwrap_or_default().to_string();
    placed.entry("essential").or_insert(json!(true));
    placed.entry("stopTimeout").or_insert(json!(STOPS));
    placed.entry("logConfiguration").or_insert_with(|| logs(region, log_group, &name));
    for (member, second) in [("environment", "value"), ("secrets", "valueFrom")] {
        if let Some(Value::Array(all)) = placed.get_mut(member) {
            all.sort_by_key(|one| (text(one, "name"), text(one, second)));
        }
    }
    placed
}

/// The container that users meet: what the deployment says of it counts more than what the operator gives.
pub(super) fn met(mut given: Map<String, Value>, ours: Map<String, Value>) -> Map<String, Value> {
    for (member, mine) in ours {
        let both = match (member.as_str(), given.remove(&member)) {
            ("environment", Some(theirs)) => pairs(&by_name(theirs, mine, "value")),
            ("secrets", Some(theirs)) => {
                let all = by_name(theirs, mine, "valueFrom");
                all.iter().map(|(name, value)| json!({ "name": name, "valueFrom": value })).collect()
            }
            ("portMappings", Some(Value::Array(theirs))) => {
                let port = &mine[0]["containerPort"];
                let others = theirs.into_iter().filter(|one| one["containerPort"] != *port);
                mine.as_array().cloned().unwrap_or_default().into_iter().chain(others).collect()
            }
            ("dependsOn", Some(Value::Array(theirs))) => {
                mine.as_array().cloned().unwrap_or_default().into_iter().chain(theirs).collect()
            }
            ("stopTimeout" | "logConfiguration", Some(theirs)) => theirs,
            (_, _) => mine,
        };
        given.insert(member, both);
    }
    given
}

/// What is told twice is what is told last.
fn by_name(first: Value, then: Value, second: &str) -> BTreeMap<String, String> {
    let all = [first, then].into_iter().filter_map(|all| all.as_array().cloned()).flatten();
    all.map(|one| (text(&one, "name"), text(&one, second))).collect()
}

fn text(of: &Value, member: &str) -> String {
    of[member].as_str().unwrap_or_default().into()
}

fn in_region(value: &Value, region: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("{region}", region)),
        Value::Array(all) => all.iter().map(|one| in_region(one, region)).collect(),
        Value::Object(all) => {
            Value::Object(all.iter().map(|(name, value)| (name.clone(), in_region(value, region))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures;
    use super::super::TaskDefinition;
    use super::*;
    use crate::deploy::part::Part;
    use crate::model::deploy::differences;
    use crate::model::spec::Template;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn template() -> Template {
        let app = object(json!({
            "name": "shop", "user": "app", "command": ["serve", "{region}"],
            "environment": [{ "name": "MODE", "value": "{region}" }, { "name": "DB_HOST", "value": "theirs" }],
            "secrets": [{ "name": "MAIL", "valueFrom": "arn:aws:ssm:{region}:123456789012:parameter/mail" }],
            "portMappings": [{ "containerPort": 8080 }, { "containerPort": 9000 }],
            "dependsOn": [{ "containerName": "proxy", "condition": "START" }],
        }));
        Template {
            app,
            sidecars: vec![object(json!({ "name": "proxy", "image": "proxy:{region}", "essential": false }))],
        }
    }

    #[test]
    fn what_is_given_and_what_is_deployed_come_together() {
        let mut spec = fixtures::spec();
        spec.app.template = Some(template());
        spec.watch.guard_image = Some("tandem:1".into());
        let want = TaskDefinition::new(&spec, "eu-west-1").want(&fixtures::given()).unwrap();
        let (app, proxy) = (&want["containerDefinitions"][0], &want["containerDefinitions"][1]);
        assert_eq!(
            (&app["name"], &app["user"], &app["command"][1]),
            (&json!("shop"), &json!("app"), &json!("eu-west-1"))
        );
        let environment = |name: &str| {
            let all = app["environment"].as_array().unwrap();
            all.iter().find(|pair| pair["name"] == name).map(|pair| pair["value"].clone())
        };
        assert_eq!(environment("MODE"), Some(json!("eu-west-1")));
        assert_eq!(environment("DB_HOST"), Some(json!("reader.eu-west-1.example")), "the deployment's counts");
        let names: Vec<&str> =
            app["secrets"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(names, ["DB_CREDENTIALS", "MAIL"]);
        assert_eq!(app["portMappings"].as_array().unwrap().len(), 2);
        let waits: Vec<&str> =
            app["dependsOn"].as_array().unwrap().iter().filter_map(|one| one["containerName"].as_str()).collect();
        assert_eq!(waits, ["guard", "proxy"]);
        assert_eq!((&proxy["image"], &proxy["stopTimeout"]), (&json!("proxy:eu-west-1"), &json!(20)));
        assert_eq!(proxy["logConfiguration"]["options"]["awslogs-stream-prefix"], "proxy");
        assert_eq!(want["containerDefinitions"][2]["name"], "guard");
    }

    #[test]
    fn what_is_no_longer_given_is_a_difference() {
        let given = fixtures::given();
        let mut spec = fixtures::spec();
        let bare = TaskDefinition::new(&spec, "eu-west-1").want(&given).unwrap();
        spec.app.template = Some(Template { app: object(json!({ "name": "web", "user": "app" })), sidecars: vec![] });
        let with = TaskDefinition::new(&spec, "eu-west-1").want(&given).unwrap();
        assert_eq!(differences(&bare, &with).len(), 1);
        assert_eq!(differences(&with, &bare).len(), 1);
        let (_, input) = fixtures::request(&TaskDefinition::new(&spec, "eu-west-1").create(&with, &given).unwrap());
        assert_eq!(input["containerDefinitions"][0].get("command"), None, "what is not there is not sent");
    }
}
