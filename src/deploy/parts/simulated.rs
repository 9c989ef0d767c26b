//! Tables and names in the simulator: the SDK's calls, the world's answers, a paused clock.

use super::sample::spec;
use super::{names, tables};
use crate::cloud::control::{self, Condition, Put};
use crate::cloud::discover::{self, Wanted};
use crate::cloud::{elbv2, route53, send};
use crate::deploy::decide::{Verdict, judge, lower, raise};
use crate::deploy::given::Given;
use crate::deploy::graph::Graph;
use crate::deploy::node::Node;
use crate::model::call::{Act, Call};
use crate::model::deploy::{Next, Seen};
use crate::model::outcome::{ErrorClass, Outcome};
use crate::model::records::Tree;
use crate::model::spec::Spec;
use crate::stage::Stage;
use crate::stage::simulator::{Shape, Simulator, ready};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tandem_sim::World;

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const EVERYWHERE: [&str; 4] = ["us-east-1", "eu-west-1", "us-east-2", "us-west-2"];
/// Steps until a node must be where it should be.
const PATIENCE: usize = 200;

fn given() -> Given {
    Given::new("shop", "123456789012", BTreeMap::new())
}

fn stage(simulator: &Simulator) -> Stage {
    simulator.stage(EVERYWHERE.map(String::from).to_vec())
}

/// Both families, each after what it needs.
fn all() -> Vec<Node> {
    let build = || {
        let spec = spec(&REGIONS);
        tables::nodes(&spec).into_iter().chain(names::nodes(&spec)).collect::<Vec<_>>()
    };
    let mut nodes = build();
    let known: Vec<String> = nodes.iter().map(|node| node.id.clone()).collect();
    // what other families make is given
    nodes.iter_mut().for_each(|node| node.needs.retain(|needs| known.contains(needs)));
    let graph = Graph::new(nodes).unwrap();
    let mut by_id: BTreeMap<String, Node> = build().into_iter().map(|node| (node.id.clone(), node)).collect();
    graph.nodes().iter().filter_map(|node| by_id.remove(&node.id)).collect()
}

fn up(node: &Node, seen: &Seen, given: &Given) -> Next {
    raise(node, seen, given)
}

/// Looks, decides and sends until nothing is left to do; tells what was sent.
async fn walk(stage: &Stage, node: &Node, given: &mut Given, decide: fn(&Node, &Seen, &Given) -> Next) -> Vec<String> {
    let (mut sent, mut waits) = (vec![], String::new());
    for _ in 0..PATIENCE {
        let seen = node.part.look(&stage.aws, given).await.unwrap();
        match decide(node, &seen, given) {
            Next::Done if seen.exists => {
                given.learn(&node.id, seen.gives);
                return sent;
            }
            Next::Done => {
                given.forget(&node.id);
                return sent;
            }
            Next::Wait(what) => waits = what,
            Next::Send(call) => match send(&stage.aws, &call).await {
                Outcome::Done { .. } => sent.push(format!("{} {}", call.region, call.operation())),
                Outcome::Refused(error) if error.class == ErrorClass::Conflict => {}
                other => panic!("{}: {call:?} ended as {other:?}", node.id),
            },
            other => panic!("{}: {other:?}", node.id),
        }
        stage.clock.sleep(Duration::from_secs(5)).await;
    }
    panic!("{} never ends: {sent:?}, waits for {waits}", node.id)
}

fn node(nodes: Vec<Node>, id: &str) -> Node {
    nodes.into_iter().find(|node| node.id == id).unwrap()
}

#[tokio::test(start_paused = true)]
async fn sessions_are_made_joined_found_whole_and_removed() {
    let simulator = Simulator::new(World::empty(7), 1.0);
    let (stage, spec, mut given) = (stage(&simulator), spec(&REGIONS), given());
    let home = node(tables::nodes(&spec), "sessions");
    let replica = node(tables::nodes(&spec), "eu-west-1/sessions");
    let sent = walk(&stage, &home, &mut given, up).await;
    assert_eq!(sent, ["us-east-1 CreateTable", "us-east-1 UpdateTimeToLive", "us-east-1 UpdateContinuousBackups"]);
    let sent = walk(&stage, &replica, &mut given, up).await;
    assert_eq!(
        sent,
        [
            "us-east-1 UpdateTable",
            "eu-west-1 UpdateTable",
            "eu-west-1 UpdateContinuousBackups",
            "eu-west-1 TagResource",
        ]
    );
    for node in [&home, &replica] {
        assert_eq!(walk(&stage, node, &mut given, up).await, Vec::<String>::new(), "{}", node.id);
    }
    assert_eq!(walk(&stage, &replica, &mut given, lower).await, ["eu-west-1 UpdateTable", "us-east-1 UpdateTable"]);
    assert_eq!(walk(&stage, &home, &mut given, lower).await, ["us-east-1 UpdateTable", "us-east-1 DeleteTable"]);
    assert!(!home.part.look(&stage.aws, &given).await.unwrap().exists);
}

#[tokio::test(start_paused = true)]
async fn the_control_table_is_made_in_three_regions_and_keeps_one_holder() {
    let simulator = Simulator::new(World::empty(7), 1.0);
    let (stage, spec, mut given) = (stage(&simulator), spec(&REGIONS), given());
    let table = node(tables::nodes(&spec), "control");
    let sent = walk(&stage, &table, &mut given, up).await;
    assert_eq!(sent.len(), 2 + 2 + 2, "made, joined, two protected, two tagged: {sent:?}");
    assert!(given.of("control", "generation").unwrap().parse::<i64>().is_ok());

    let (aws, regions, name) = (&stage.aws, &spec.control_regions, "shop-control");
    let item = |holder: &str, epoch: i64| {
        let members =
            [("pk", json!("lease")), ("sk", json!("apply")), ("holder", json!(holder)), ("epoch", json!(epoch))];
        members.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<control::Item>()
    };
    let (first, second) = (item("alice", 1), item("bob", 2));
    assert_eq!(control::put_if(aws, regions, name, &first, &Condition::Absent).await, Ok(Put::Done));
    let refused = control::put_if(aws, regions, name, &second, &Condition::Absent).await;
    assert_eq!(refused, Ok(Put::Refused(Some(first.clone()))));
    // what one Region took every other one knows
    let elsewhere: Vec<String> = regions.iter().rev().cloned().collect();
    assert_eq!(control::get(aws, &elsewhere, name, "lease", "apply").await, Ok(Some(first)));
    let expired = Condition::Same { attribute: "epoch".into(), value: json!(1) };
    assert_eq!(control::put_if(aws, &elsewhere, name, &second, &expired).await, Ok(Put::Done));
    assert_eq!(control::query(aws, regions, name, "lease").await, Ok(vec![second.clone()]));
    let gone = control::delete_if(aws, regions, name, "lease", "apply", &expired).await;
    assert_eq!(gone, Ok(Put::Refused(Some(second))));
    assert_eq!(control::delete_if(aws, regions, name, "lease", "apply", &Condition::Any).await, Ok(Put::Done));

    let sent = walk(&stage, &table, &mut given, lower).await;
    let (unprotected, rest) = sent.split_at(3);
    assert!(unprotected.iter().all(|one| one.ends_with(" UpdateTable")), "{sent:?}");
    assert_eq!(rest, ["us-east-1 UpdateTable", "us-east-1 DeleteTable"]);
    assert!(!table.part.look(&stage.aws, &given).await.unwrap().exists);
}

/// What the other families give of the ready stack, as far as names need it.
async fn found(stage: &Stage) -> (Given, Spec) {
    let (mut given, spec, aws) = (given(), spec(&REGIONS), &stage.aws);
    let regions = REGIONS.map(String::from).to_vec();
    let zone = route53::zone(aws, "shop.example").await.unwrap();
    let tree = Tree::new("app.shop.example");
    let records = route53::records(aws, &zone, &tree, &regions).await.unwrap();
    for region in REGIONS {
        let wanted = Wanted { stack: "shop", balancer: "shop-web", target_group: "shop-web", listener: None };
        let balancer = discover::balancer(aws, region, wanted).await.unwrap();
        let origin = records.sets.iter().find(|set| set.name == tree.origin(region)).unwrap();
        let gift = |name: &str, value: &str| BTreeMap::from([(name.to_string(), value.to_string())]);
        let mut alb = gift("zone", &origin.alias.as_ref().unwrap().zone_id);
        alb.extend(gift("dns_name", &balancer.dns_name));
        given.learn(&format!("{region}/alb"), alb);
        let listener = balancer.listener_arn.unwrap();
        for (peer, switch) in elbv2::switches(aws, region, &listener).await.unwrap() {
            given.learn(&format!("{region}/switch-{peer}"), gift("arn", &switch.rule_arn));
        }
        given.learn(&format!("{region}/listener"), gift("arn", &listener));
    }
    (given, spec)
}

#[tokio::test(start_paused = true)]
async fn a_ready_stack_looks_as_if_it_was_made_here() {
    let simulator = ready(7, &Shape::default(), 1.0).unwrap();
    let stage = stage(&simulator);
    let (mut given, _) = found(&stage).await;
    for node in all() {
        let seen = node.part.look(&stage.aws, &given).await.unwrap();
        assert_eq!(judge(&node, &seen, &given), Verdict::Unchanged, "{}: {:#}", node.id, seen.is);
        given.learn(&node.id, seen.gives);
    }
}

#[tokio::test(start_paused = true)]
async fn names_are_removed_made_anew_and_proven() {
    let simulator = ready(7, &Shape::default(), 1.0).unwrap();
    let stage = stage(&simulator);
    let (mut given, spec) = found(&stage).await;
    let mut nodes = all();
    for node in &nodes {
        let seen = node.part.look(&stage.aws, &given).await.unwrap();
        given.learn(&node.id, seen.gives);
    }
    nodes.retain(|node| node.service == "route53");
    let mut sent = vec![];
    for node in nodes.iter().rev() {
        sent.extend(walk(&stage, node, &mut given, lower).await);
    }
    assert_eq!(sent.first().map(String::as_str), Some("us-east-1 ChangeResourceRecordSets"), "users leave first");
    assert_eq!(sent.iter().filter(|one| one.ends_with("DeleteHealthCheck")).count(), 6, "{sent:?}");
    for node in &nodes {
        let seen = node.part.look(&stage.aws, &given).await.unwrap();
        assert!(!seen.exists || node.id == "zone", "{} stands", node.id);
    }

    // as they are when they have just been made
    for (region, peer) in [("us-east-1", "eu-west-1"), ("eu-west-1", "us-east-1")] {
        let rule_arn = given.of(&format!("{peer}/switch-{region}"), "arn").unwrap().to_string();
        let body = format!("SERVE {region} 1");
        assert!(matches!(
            send(&stage.aws, &Call::new(peer, Act::ModifyRule { rule_arn, body })).await,
            Outcome::Done { .. }
        ));
    }
    let mut flips = vec![];
    for node in &nodes {
        let sent = walk(&stage, node, &mut given, up).await;
        flips.extend(sent.into_iter().filter(|one| one.ends_with("ModifyRule")));
    }
    flips.sort();
    assert_eq!(flips, ["eu-west-1 ModifyRule", "eu-west-1 ModifyRule", "us-east-1 ModifyRule", "us-east-1 ModifyRule"]);
    let regions = REGIONS.map(String::from).to_vec();
    let zone = route53::zone(&stage.aws, &spec.stack.zone).await.unwrap();
    let records = route53::records(&stage.aws, &zone, &spec.stack.tree(), &regions).await.unwrap();
    assert_eq!(records.dials.values().copied().collect::<Vec<_>>(), [100, 100]);
    let checks = route53::checks(&stage.aws, &records, &spec.stack.tree(), &regions).await.unwrap();
    assert!(checks.values().all(|seen| seen.health.as_ref().is_some_and(|check| check.healthy)), "{checks:#?}");
    for region in REGIONS {
        let listener = given.of(&format!("{region}/listener"), "arn").unwrap();
        let switches = elbv2::switches(&stage.aws, region, listener).await.unwrap();
        assert!(switches.values().all(|switch| switch.epoch == 3), "{switches:?}");
    }

    // one that somebody deleted is made again, though its reference is remembered
    let by_id = |id: &str| nodes.iter().find(|node| node.id == id).unwrap();
    let health = by_id("us-east-1/health");
    walk(&stage, health, &mut given, lower).await;
    let made = walk(&stage, health, &mut given, up).await;
    assert_eq!(made, ["us-east-1 CreateHealthCheck", "us-east-1 ChangeTagsForResource"]);
    assert_eq!(walk(&stage, by_id("dns/records"), &mut given, up).await, ["us-east-1 ChangeResourceRecordSets"]);
    assert_eq!(walk(&stage, by_id("switch-proof"), &mut given, up).await, Vec::<String>::new());
}
