//! A spec and what nodes give, for the tests of parts.

use crate::deploy::given::Given;
use crate::model::call::Call;
use crate::model::deploy::Next;
use crate::model::resources::Resources;
use crate::model::spec::*;
use crate::model::stack::Stack;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The shop of the simulator's ready stack.
pub fn spec() -> Spec {
    let site = |name: &str| Site {
        name: name.into(),
        network: Network::Made { cidr: "10.0.0.0/16".into(), zones: 3, nat: Nat::PerZone },
        certificate: None,
    };
    Spec {
        stack: Stack {
            name: "shop".into(),
            environment: "test".into(),
            regions: vec!["us-east-1".into(), "eu-west-1".into()],
            zone: "shop.example".into(),
            policy: "app.shop.example".into(),
            https: false,
            health_path: "/health".into(),
            ramp: vec![75, 50, 25, 0],
            floor_regions: 1,
            capacity_headroom: 1.2,
            fails_over: Default::default(),
            fence: Default::default(),
            accepts_unproven_fence: false,
            max_data_loss: Duration::from_secs(5),
            resources: Resources::default(),
        },
        tags: BTreeMap::new(),
        app: App {
            image: "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0".into(),
            port: 8080,
            cpu: 1024,
            memory: 2048,
            desired: 3,
            autoscaling: Some(Autoscaling { min: 3, max: 12, cpu_percent: 60 }),
            container_insights: true,
            environment: BTreeMap::new(),
            log_retention_days: 30,
            template: None,
        },
        regions: vec![site("us-east-1"), site("eu-west-1")],
        roles: Roles::default(),
        database: Database { version: "16.6".into(), class: "db.r6g.large".into(), instances: 2, backup_days: 7 },
        sessions: Sessions { ttl_attribute: "expires".into() },
        control_regions: vec!["us-east-1".into(), "us-east-2".into(), "us-west-2".into()],
        routing: Routing::Latency,
        alerts: Alerts::default(),
        watch: Watch::default(),
    }
}

/// What the nodes give that others make, in eu-west-1.
pub fn given() -> Given {
    let mut given = Given::new("shop", "123456789012", BTreeMap::from([("team".into(), "shop".into())]));
    let alb = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop-web/50dc6c495c0c9188";
    let group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-web/73e2d6bc24d8a067";
    let nodes: [(&str, &[(&str, &str)]); 10] = [
        (
            "eu-west-1/base",
            &[
                ("vpc", "vpc-1"),
                ("public_subnets", "subnet-b,subnet-a"),
                ("private_subnets", "subnet-d,subnet-c"),
                ("alb_security_group", "sg-alb"),
                ("app_security_group", "sg-app"),
                ("execution_role", "arn:aws:iam::123456789012:role/shop-execution"),
                ("task_role", "arn:aws:iam::123456789012:role/shop-task"),
                ("log_group", "/tandem/shop"),
            ],
        ),
        (
            "eu-west-1/secret-master",
            &[("arn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-master-a1b2c3")],
        ),
        ("global-db", &[("endpoint", "shop-db.global.example")]),
        ("eu-west-1/db", &[("reader_endpoint", "reader.eu-west-1.example")]),
        ("eu-west-1/alb", &[("arn", alb)]),
        ("eu-west-1/target-group", &[("arn", group)]),
        ("eu-west-1/listener", &[("arn", "arn:listener"), ("priorities", "")]),
        ("eu-west-1/task-definition", &[("arn", "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-web:7")]),
        (
            "us-east-1/alb",
            &[("arn", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop-web/1")],
        ),
        (
            "us-east-1/target-group",
            &[("arn", "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-web/2")],
        ),
    ];
    for (node, gives) in nodes {
        given.learn(node, gives.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect());
    }
    given
}

/// Operation and input of a request.
pub fn request(call: &Call) -> (String, Value) {
    (call.operation().into(), call.input())
}

/// The same of the call that comes next.
pub fn sent(next: Next) -> (String, Value) {
    match next {
        Next::Send(call) => request(&call),
        other => panic!("nothing is sent: {other:?}"),
    }
}
