//! `[app] task_definition`: a file with what the application's task definition has beside what Tandem writes in it, in
//! the form that ECS takes and tells (RegisterTaskDefinition, DescribeTaskDefinition).

use crate::model::guard::STOP;
use crate::model::spec::{CONTAINER, Template};
use crate::model::text::nearest;
use serde_json::{Map, Value};

/// What a member of a container must be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Number,
    Flag,
    Texts,
    /// Texts by name.
    Pairs,
    /// With these members.
    Object(&'static [&'static str]),
    Objects(&'static [&'static str]),
}

/// What is passed on of a container.
const PASSED: &[(&str, Kind)] = &[
    ("name", Kind::Text),
    ("image", Kind::Text),
    ("essential", Kind::Flag),
    ("environment", Kind::Objects(&["name", "value"])),
    ("secrets", Kind::Objects(&["name", "valueFrom"])),
    ("portMappings", Kind::Objects(&["containerPort", "hostPort", "protocol"])),
    ("stopTimeout", Kind::Number),
    ("startTimeout", Kind::Number),
    ("command", Kind::Texts),
    ("entryPoint", Kind::Texts),
    ("dependsOn", Kind::Objects(&["containerName", "condition"])),
    ("healthCheck", Kind::Object(&["command", "interval", "timeout", "retries", "startPeriod"])),
    ("memory", Kind::Number),
    ("memoryReservation", Kind::Number),
    ("cpu", Kind::Number),
    ("readonlyRootFilesystem", Kind::Flag),
    ("workingDirectory", Kind::Text),
    ("user", Kind::Text),
    ("logConfiguration", Kind::Object(&["logDriver", "options"])),
    ("dockerLabels", Kind::Pairs),
];

impl Kind {
    /// What is wrong with a value, and at which member of it.
    fn mistake(self, value: &Value) -> Option<(String, String)> {
        let must = |is: bool, what: &str| (!is).then(|| (String::new(), format!("must be {what}")));
        match self {
            Kind::Text => must(value.is_string(), "a text"),
            Kind::Number => must(value.is_u64(), "a whole number"),
            Kind::Flag => must(value.is_boolean(), "true or false"),
            Kind::Texts => {
                must(value.as_array().is_some_and(|all| all.iter().all(Value::is_string)), "a list of texts")
            }
            Kind::Pairs => {
                must(value.as_object().is_some_and(|all| all.values().all(Value::is_string)), "texts by name")
            }
            Kind::Object(known) => members(value, known),
            Kind::Objects(known) => match value.as_array() {
                Some(all) => all.iter().find_map(|one| members(one, known)),
                None => must(false, "a list of objects"),
            },
        }
    }
}

fn members(value: &Value, known: &[&str]) -> Option<(String, String)> {
    let Some(all) = value.as_object() else { return Some((String::new(), "must be an object".into())) };
    let unknown = all.keys().find(|key| !known.contains(&key.as_str()))?;
    Some((format!(".{unknown}"), format!("this is not passed on to ECS: it has {}", known.join(", "))))
}

/// What is said of the whole elsewhere, or only told by ECS.
const ELSEWHERE: &[&str] = &[
    "family",
    "taskDefinitionArn",
    "revision",
    "status",
    "compatibilities",
    "requiresAttributes",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "tags",
];

/// What the deployment decides, and the key of the configuration that says it.
const DECIDED: &[(&str, &str)] = &[
    ("cpu", "[app] cpu"),
    ("memory", "[app] memory"),
    ("executionRoleArn", "[roles] execution"),
    ("taskRoleArn", "[roles] task"),
];

/// Reads the text of the file.
///
/// # Errors
/// What is wrong with it, and where in it.
pub(super) fn read(text: &str) -> Result<Template, String> {
    let whole: Value = serde_json::from_str(text).map_err(|why| format!("is no JSON: {why}"))?;
    let whole = whole.get("taskDefinition").cloned().unwrap_or(whole);
    let Value::Object(members) = without_empty(whole) else {
        return Err("is no object: it begins with a brace and has containerDefinitions".into());
    };
    for (name, value) in &members {
        top(name, value)?;
    }
    let Some(Value::Array(all)) = members.get("containerDefinitions") else {
        return Err("has no containerDefinitions: it is what `aws ecs register-task-definition` takes".into());
    };
    let mut containers = vec![];
    for (place, one) in all.iter().enumerate() {
        let container = container(place, one)?;
        let name = name_of(&container).to_string();
        if containers.iter().any(|other| name_of(other) == name) {
            return Err(format!("containerDefinitions[{place}].name: `{name}` stands twice: rename one"));
        }
        containers.push(container);
    }
    let named = containers.iter().position(|one| name_of(one) == CONTAINER);
    let app = match (named, containers.len()) {
        (Some(place), _) => place,
        (None, 1) => 0,
        (None, several) => {
            return Err(format!(
                "{several} containers, and none is called `{CONTAINER}`: that is the one that users meet: rename it"
            ));
        }
    };
    let app = containers.remove(app);
    Ok(Template { app, sidecars: containers })
}

fn top(name: &str, value: &Value) -> Result<(), String> {
    if let Some((_, key)) = DECIDED.iter().find(|(decided, _)| *decided == name) {
        return Err(format!("{name}: {key} of the configuration says it: remove it here"));
    }
    let fits = match name {
        "containerDefinitions" => true,
        "networkMode" => value == "awsvpc",
        "requiresCompatibilities" => value.as_array().is_some_and(|all| all.iter().any(|one| one == "FARGATE")),
        _ => ELSEWHERE.contains(&name),
    };
    match (fits, name) {
        (true, _) => Ok(()),
        (false, "networkMode" | "requiresCompatibilities") => {
            Err(format!("{name}: tasks run on FARGATE with awsvpc: remove it"))
        }
        _ => Err(format!("{name}: this is not passed on to ECS: remove it")),
    }
}

fn container(place: usize, one: &Value) -> Result<Map<String, Value>, String> {
    let at = |member: &str| format!("containerDefinitions[{place}]{member}");
    let Value::Object(members) = one else { return Err(format!("{}: is no object", at(""))) };
    for (member, value) in members {
        let Some((_, kind)) = PASSED.iter().find(|(known, _)| known == member) else {
            let known: Vec<&str> = PASSED.iter().map(|(known, _)| *known).collect();
            let hint = match nearest(member, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("what is passed on: {}", known.join(", ")),
            };
            return Err(format!("{}: this is not passed on to ECS: {hint}", at(&format!(".{member}"))));
        };
        if let Some((within, said)) = kind.mistake(value) {
            return Err(format!("{}: {said}", at(&format!(".{member}{within}"))));
        }
    }
    match name_of(members) {
        "" => return Err(format!("{}: a container needs one", at(".name"))),
        "guard" => return Err(format!("{}: `guard` is Tandem's own: rename it", at(".name"))),
        _ => {}
    }
    let longest = STOP.as_secs();
    if members.get("stopTimeout").and_then(Value::as_u64).is_some_and(|seconds| seconds > longest) {
        return Err(format!("{}: at most {longest}: a drain waits no longer", at(".stopTimeout")));
    }
    let mut members = members.clone();
    // with awsvpc it is the container's
    for port in members.get_mut("portMappings").and_then(Value::as_array_mut).into_iter().flatten() {
        port.as_object_mut().and_then(|port| port.remove("hostPort"));
    }
    Ok(members)
}

fn name_of(container: &Map<String, Value>) -> &str {
    container.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// ECS tells what is not set as empty lists.
fn without_empty(value: Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(all) => {
            let kept = all.into_iter().map(|(name, value)| (name, without_empty(value)));
            Value::Object(kept.filter(|(_, value)| !empty(value)).collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(without_empty).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ecs_tells_is_taken_as_it_is() {
        let told = r#"{ "taskDefinition": {
            "taskDefinitionArn": "arn:aws:ecs:us-east-1:1:task-definition/shop:3", "family": "shop", "revision": 3,
            "status": "ACTIVE", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "volumes": [],
            "containerDefinitions": [{ "name": "shop", "image": "shop:1", "command": ["serve"], "mountPoints": [],
                "portMappings": [{ "containerPort": 8080, "hostPort": 8080 }] }] }, "tags": [] }"#;
        let template = read(told).unwrap();
        assert_eq!((template.app["name"].as_str(), template.sidecars.len()), (Some("shop"), 0));
        assert_eq!(template.app.get("mountPoints"), None);
        assert_eq!(template.app["portMappings"], serde_json::json!([{ "containerPort": 8080 }]));
    }

    #[test]
    fn the_container_that_users_meet_is_found_and_the_others_run_beside_it() {
        let two = r#"{ "containerDefinitions": [{ "name": "proxy" }, { "name": "web", "user": "app" }] }"#;
        let template = read(two).unwrap();
        assert_eq!(
            (template.app["user"].as_str(), template.sidecars[0]["name"].as_str()),
            (Some("app"), Some("proxy"))
        );
    }

    #[test]
    fn mistakes_say_where_and_what_to_do() {
        let of = |containers: &str| format!(r#"{{ "containerDefinitions": [{containers}] }}"#);
        let cases = [
            ("{".to_string(), "is no JSON: EOF"),
            ("[]".into(), "is no object"),
            ("{}".into(), "has no containerDefinitions"),
            (of(r#"{ "image": "x" }"#), "containerDefinitions[0].name: a container needs one"),
            (of(r#"{ "name": "a" }, { "name": "b" }"#), "2 containers, and none is called `web`"),
            (of(r#"{ "name": "a" }, { "name": "a" }"#), "containerDefinitions[1].name: `a` stands twice"),
            (of(r#"{ "name": "guard" }"#), "`guard` is Tandem's own"),
            (
                of(r#"{ "name": "a", "comand": ["x"] }"#),
                "containerDefinitions[0].comand: this is not passed on to ECS: did you mean `command`?",
            ),
            (of(r#"{ "name": "a", "stopTimeout": 60 }"#), "at most 20"),
            (of(r#"{ "name": "a", "command": "serve" }"#), "containerDefinitions[0].command: must be a list of texts"),
            (
                of(r#"{ "name": "a", "environment": { "A": "b" } }"#),
                "containerDefinitions[0].environment: must be a list",
            ),
            (
                of(
                    r#"{ "name": "a", "logConfiguration": { "logDriver": "awslogs", "secretOptions": [{ "name": "x" }] } }"#,
                ),
                "containerDefinitions[0].logConfiguration.secretOptions: this is not passed on",
            ),
            (
                r#"{ "cpu": "256", "containerDefinitions": [{ "name": "a" }] }"#.into(),
                "cpu: [app] cpu of the configuration says it",
            ),
            (r#"{ "networkMode": "host", "containerDefinitions": [{ "name": "a" }] }"#.into(), "tasks run on FARGATE"),
            (
                r#"{ "volumes": [{ "name": "v" }], "containerDefinitions": [{ "name": "a" }] }"#.into(),
                "volumes: this is not passed on",
            ),
        ];
        for (text, wanted) in cases {
            let said = read(&text).unwrap_err();
            assert!(said.contains(wanted), "{text}: {said}");
        }
    }
}
