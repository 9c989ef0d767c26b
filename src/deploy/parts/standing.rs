//! What balances, runs and watches, in the simulator: made, bent and mended, and taken away.

use super::{balancing, fixtures, tasks, watching};
use crate::cloud::{Aws, look, send};
use crate::control::journal::Journal;
use crate::deploy::board::{Board, View};
use crate::deploy::engine::{Engine, Way};
use crate::deploy::given::{Given, Missing};
use crate::deploy::graph::Graph;
use crate::deploy::node::Node;
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::{CallError, Outcome};
use crate::model::spec::{Certificate, Spec};
use crate::probe::Boxed;
use crate::stage::Stage;
use crate::stage::simulator::Simulator;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tandem_sim::World;

const EU: &str = "eu-west-1";

/// What others make, and what it gives.
struct Stands(BTreeMap<String, String>);

impl Part for Stands {
    fn look<'a>(&'a self, _: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async { Ok(Seen { exists: true, is: json!({}), gives: self.0.clone(), ..Seen::default() }) })
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({}))
    }

    fn create(&self, _: &Value, _: &Given) -> Result<Call, Missing> {
        Err(Missing { node: "it".into(), gift: "stands".into() })
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, _: &Value, _: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn tagged(&self) -> bool {
        false
    }
}

fn gives(id: &str) -> BTreeMap<String, String> {
    let given: &[(&str, &str)] = match id.rsplit('/').next().unwrap_or_default() {
        "base" => &[
            ("vpc", "vpc-1"),
            ("public_subnets", "subnet-1a,subnet-1b"),
            ("private_subnets", "subnet-2b,subnet-2a"),
            ("alb_security_group", "sg-alb"),
            ("app_security_group", "sg-app"),
            ("execution_role", "arn:aws:iam::123456789012:role/shop-execution"),
            ("task_role", "arn:aws:iam::123456789012:role/shop-task"),
            ("log_group", "/tandem/shop"),
        ],
        "master" => &[("arn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-master-a1")],
        "secret-master" => &[("arn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-master-a1")],
        "global-db" => &[("endpoint", "shop-db.global.example")],
        "db" => &[("reader_endpoint", "shop-db.reader.example")],
        _ => &[],
    };
    given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

/// The family, and what it needs.
fn graph(spec: &Spec) -> Graph {
    let mut nodes = balancing::nodes(spec);
    nodes.extend(tasks::nodes(spec));
    nodes.extend(watching::nodes(spec));
    let own: BTreeSet<String> = nodes.iter().map(|node| node.id.clone()).collect();
    let needs: BTreeSet<String> = nodes.iter().flat_map(|node| node.needs.clone()).collect();
    let others = needs.difference(&own).map(|id| Node::new(id.as_str(), "us-east-1", "none", id, Stands(gives(id))));
    nodes.extend(others);
    Graph::new(nodes).unwrap()
}

fn stand() -> Stage {
    Simulator::new(World::empty(7), 1.0).stage(vec!["us-east-1".into(), EU.into()])
}

async fn run(stage: &Stage, spec: &Spec, way: Way) -> View {
    let (graph, journal) = (graph(spec), Journal::off());
    let board = Board::new(&graph);
    let given = Given::new("shop", "123456789012", spec.tags.clone());
    let engine = Engine::new(&stage.aws, &stage.clock, &graph, &journal, &board, given);
    engine.run(way, |_| true).await;
    let view = board.view();
    assert_eq!(view.done(), view.rows.len(), "{:#?}", view.failures().collect::<Vec<_>>());
    view
}

/// What would be changed, by node.
async fn changes(stage: &Stage, spec: &Spec) -> Vec<String> {
    let (graph, journal) = (graph(spec), Journal::off());
    let board = Board::new(&graph);
    let given = Given::new("shop", "123456789012", spec.tags.clone());
    let plan = Engine::new(&stage.aws, &stage.clock, &graph, &journal, &board, given).survey().await;
    plan.changes().map(|row| format!("{} {}", row.id, row.action.word())).collect()
}

async fn bend(stage: &Stage, service: &str, operation: &str, input: Value) {
    let outcome = send(&stage.aws, &Call::request(EU, service, operation, input)).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{operation}: {outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_made_and_seen_and_taken_away() {
    let (stage, spec) = (stand(), fixtures::spec());
    assert!(changes(&stage, &spec).await.iter().all(|change| change.ends_with(" create")));
    let made = run(&stage, &spec, Way::Up).await;
    assert!(made.sent() > 20, "{}", made.sent());
    assert_eq!(changes(&stage, &spec).await, Vec::<String>::new());
    assert_eq!(run(&stage, &spec, Way::Up).await.sent(), 0);
    let service = look::ecs::service(&stage.aws, EU, "shop", "shop-web").await.unwrap();
    assert_eq!((&service.is["runningCount"], &service.is["desiredCount"]), (&json!(3), &json!(3)));
    run(&stage, &spec, Way::Down).await;
    let left = changes(&stage, &spec).await;
    assert!(left.iter().all(|change| change.ends_with(" create")), "{left:?}");
    assert_eq!(run(&stage, &spec, Way::Down).await.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn https_has_a_redirect_beside_it() {
    let (stage, mut spec) = (stand(), fixtures::spec());
    spec.regions[1].certificate = Some(Certificate::Given("arn:aws:acm:eu-west-1:123456789012:certificate/1".into()));
    run(&stage, &spec, Way::Up).await;
    let seen = look::elbv2::listener(&stage.aws, EU, "shop-web", 443).await.unwrap();
    assert_eq!((&seen.is["Protocol"], seen.gift("priorities")), (&json!("HTTPS"), "1"));
    assert!(look::elbv2::listener(&stage.aws, EU, "shop-web", 80).await.unwrap().exists);
    assert_eq!(changes(&stage, &spec).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_was_bent_is_mended_and_what_runs_is_left() {
    let (stage, mut spec) = (stand(), fixtures::spec());
    run(&stage, &spec, Way::Up).await;
    let aws = &stage.aws;
    let alb = look::elbv2::load_balancer(aws, EU, "shop-web").await.unwrap().gift("arn").to_string();
    let group = look::elbv2::target_group(aws, EU, "shop-web").await.unwrap().gift("arn").to_string();
    let path = "/.tandem/switch/us-east-1";
    let rule = look::elbv2::rule(aws, EU, "shop-web", 80, path).await.unwrap().gift("arn").to_string();
    let attributes = json!([{ "Key": "client_keep_alive.seconds", "Value": "3600" }]);
    let says = json!([{
        "Type": "fixed-response",
        "FixedResponseConfig": { "StatusCode": "503", "ContentType": "text/plain", "MessageBody": "EVACUATE us-east-1 2" },
    }]);
    let resource = json!({
        "ServiceNamespace": "ecs", "ResourceId": "service/shop/shop-web", "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 5, "MaxCapacity": 10,
    });
    let settings = json!([{ "name": "containerInsights", "value": "disabled" }]);
    for (service, operation, input) in [
        ("elbv2", "ModifyLoadBalancerAttributes", json!({ "LoadBalancerArn": alb, "Attributes": attributes })),
        ("elbv2", "SetSecurityGroups", json!({ "LoadBalancerArn": alb, "SecurityGroups": ["sg-other"] })),
        ("elbv2", "SetSubnets", json!({ "LoadBalancerArn": alb, "Subnets": ["subnet-1a", "subnet-1c"] })),
        ("elbv2", "ModifyTargetGroup", json!({ "TargetGroupArn": group, "HealthCheckPath": "/" })),
        ("elbv2", "ModifyRule", json!({ "RuleArn": rule, "Actions": says })),
        ("ecs", "UpdateClusterSettings", json!({ "cluster": "shop", "settings": settings })),
        (
            "ecs",
            "UpdateService",
            json!({ "cluster": "shop", "service": "shop-web", "healthCheckGracePeriodSeconds": 5 }),
        ),
        ("application-autoscaling", "RegisterScalableTarget", resource),
        ("cloudwatch", "DeleteAlarms", json!({ "AlarmNames": ["shop-5xx"] })),
    ] {
        bend(&stage, service, operation, input).await;
    }
    spec.app.environment.insert("LOG_LEVEL".into(), "debug".into());
    let bent = changes(&stage, &spec).await;
    for role in ["alb", "target-group", "switch-us-east-1", "ecs", "task-definition", "scaling", "alarms"] {
        assert!(bent.contains(&format!("{EU}/{role} update")), "{role} {bent:?}");
    }
    assert!(bent.contains(&format!("{EU}/service later")), "its revision is still to be made: {bent:?}");
    run(&stage, &spec, Way::Up).await;
    assert_eq!(changes(&stage, &spec).await, Vec::<String>::new());
    let rule = look::elbv2::rule(aws, EU, "shop-web", 80, path).await.unwrap();
    assert_eq!(
        rule.is["Actions"][0]["FixedResponseConfig"],
        json!({ "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "EVACUATE us-east-1 2" })
    );
    let bounds = look::autoscaling::scalable_target(aws, EU, "service/shop/shop-web").await.unwrap();
    assert_eq!((&bounds.is["MinCapacity"], &bounds.is["MaxCapacity"]), (&json!(5), &json!(12)));
    let service = look::ecs::service(aws, EU, "shop", "shop-web").await.unwrap();
    assert!(service.is["taskDefinition"].as_str().unwrap().ends_with("/shop-web:2"), "{}", service.is);
}
