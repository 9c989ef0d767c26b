//! What else tasks have: the operator's own containers and settings.

use crate::yard::{Verb, Yard, asked, told};
use serde_json::{Map, Value, json};
use tandem::model::spec::Template;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// The containers of the newest revision.
fn containers(yard: &Yard, region: &str) -> Value {
    yard.simulator.with(|world| {
        let input = json!({ "taskDefinition": "shop-web" });
        asked(world, region, "ecs", "DescribeTaskDefinition", input)["taskDefinition"]["containerDefinitions"].take()
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_given_runs_in_every_region_and_goes_with_its_file() {
    let mut yard = Yard::empty(81);
    let app = json!({
        "name": "shop", "user": "app", "command": ["serve"], "dockerLabels": { "team": "shop" },
        "environment": [{ "name": "PLACE", "value": "{region}" }],
        "secrets": [{ "name": "MAIL", "valueFrom": "arn:aws:ssm:{region}:123456789012:parameter/mail" }],
        "healthCheck": { "command": ["CMD", "/bin/true"] },
    });
    let proxy = json!({ "name": "proxy", "image": "proxy:1", "essential": false, "readonlyRootFilesystem": true });
    yard.spec.app.template = Some(Template { app: object(app), sidecars: vec![object(proxy)] });
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let there = containers(&yard, "eu-west-1");
    assert_eq!(
        (&there[0]["name"], &there[0]["user"], &there[1]["image"]),
        (&json!("shop"), &json!("app"), &json!("proxy:1"))
    );
    assert!(there[0]["environment"].to_string().contains(r#""name":"PLACE","value":"eu-west-1""#), "{there:#}");
    let base = yard.simulator.with(|world| {
        let input = json!({ "StackName": "shop-base" });
        asked(world, "eu-west-1", "cloudformation", "GetTemplate", input).to_string()
    });
    assert!(base.contains("arn:aws:ssm:eu-west-1:123456789012:parameter/mail"), "what starts tasks may read it");

    // the name stays, so that the load balancer finds it
    yard.spec.app.template = Some(Template { app: object(json!({ "name": "shop" })), sidecars: vec![] });
    let said = told(&yard.plan().await);
    assert!(said.iter().any(|line| line.starts_with("update us-east-1/task-definition")), "{said:#?}");
    yard.run(Verb::Apply).await;
    let there = containers(&yard, "us-east-1");
    assert_eq!((there.as_array().unwrap().len(), &there[0]["user"]), (1, &Value::Null));
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    yard.run(Verb::Destroy).await;
}
