//! A stack whose names somebody else made: weighted aliases straight to the load balancers.

use super::refusals;
use crate::model::call::{Act, Call, ChangeAction};
use crate::model::fixtures::{now, snapshot, stack};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::plan::{Kind, Plan, Progress, Until};
use crate::model::records::{Alias, RecordSet, Routing};
use crate::model::snapshot::{Records, Snapshot};
use crate::model::stack::Stack;
use crate::model::steering;
use crate::model::verdict::{self, Verdict};
use crate::operate::{PlanError, Scene, Wish, plan};
use jiff::ToSpan;
use std::collections::BTreeMap;

const HERE: &str = "us-east-1";

fn foreign() -> Stack {
    let mut stack = stack();
    stack.resources.global_cluster = Some("arn:aws:rds::123456789012:global-cluster:orders".into());
    stack
}

fn balancer(region: &str) -> String {
    format!("edge-1.{region}.elb.amazonaws.com")
}

fn alias(region: &str, kind: &str, routing: Routing) -> RecordSet {
    RecordSet {
        name: stack().policy,
        kind: kind.into(),
        set_identifier: Some(format!("{region}-{kind}")),
        routing,
        alias: Some(Alias {
            dns_name: format!("dualstack.{}.", balancer(region)),
            zone_id: "Z35".into(),
            evaluate_target_health: true,
        }),
        ttl_s: None,
        values: vec![],
        health_check: Some(format!("hc-{region}")),
    }
}

/// What is seen with these records: no switch, no dial.
fn seen(sets: Vec<RecordSet>) -> Snapshot {
    let mut seen = snapshot();
    let mut balancers = BTreeMap::new();
    for view in &mut seen.regions {
        view.switches.value = Some(BTreeMap::new());
        view.balancer.value.as_mut().unwrap().dns_name = balancer(&view.name);
        balancers.insert(view.name.clone(), balancer(&view.name));
    }
    let straight = steering::straight(&sets, &stack().policy, &balancers);
    seen.records.value = Some(Records { zone_id: "Z1".into(), sets, dials: BTreeMap::new(), straight });
    seen
}

fn weighted(here: i64, there: i64) -> Snapshot {
    let set = |region: &str, kind: &str, weight| alias(region, kind, Routing::Weighted(weight));
    seen(vec![
        set(HERE, "A", here),
        set(HERE, "AAAA", here),
        set("eu-west-1", "A", there),
        set("eu-west-1", "AAAA", there),
    ])
}

fn ask(seen: &Snapshot, kind: Kind, held: &[Call]) -> Result<Plan, PlanError> {
    let stack = foreign();
    let scene = Scene { stack: &stack, snapshot: seen, now: now(), open: None, held, revisions: None, control: None };
    plan(scene, &Wish { kind, region: HERE.into(), tasks: Some(6) })
}

fn refusal(asked: Result<Plan, PlanError>) -> String {
    asked.map_or_else(|why| why.to_string(), |plan| format!("planned {}", plan.title))
}

fn weights(call: &Call) -> Vec<(ChangeAction, String, i64)> {
    let Act::ChangeResourceRecordSets { changes, .. } = &call.act else { return vec![] };
    let one = |change: &crate::model::call::Change| match change.set.routing {
        Routing::Weighted(weight) => (change.action, change.set.kind.clone(), weight),
        _ => panic!("not weighted"),
    };
    changes.iter().map(one).collect()
}

#[test]
fn a_drain_takes_the_weight_to_0_and_the_restore_gives_back_exactly_that() {
    use ChangeAction::{Create, Delete};
    let before = weighted(3, 1);
    let drain = ask(&before, Kind::Drain, &[]).unwrap();
    assert!(refusals(&drain).is_empty(), "{:?}", drain.checks);
    assert_eq!(drain.title, "Drain us-east-1: weight 3 to 0");
    let turns: Vec<&Call> = drain.calls().filter(|call| call.service() == "route53").collect();
    assert_eq!(turns.len(), 1, "one batch");
    let a = |action, kind: &str, weight| (action, kind.to_string(), weight);
    assert_eq!(weights(turns[0]), [a(Delete, "A", 3), a(Create, "A", 0), a(Delete, "AAAA", 3), a(Create, "AAAA", 0)]);
    let restore = ask(&weighted(0, 1), Kind::Restore, &drain.held).unwrap();
    let back = restore.calls().next().unwrap();
    assert_eq!(weights(back), [a(Delete, "A", 0), a(Create, "A", 3), a(Delete, "AAAA", 0), a(Create, "AAAA", 3)]);
    let services: Vec<&str> = restore.calls().map(Call::service).collect();
    assert_eq!(services, ["route53", "application-autoscaling"], "once each");
    assert!(matches!(&restore.steps[0].until, Until::Weighed { weight: 3, live_s: 60, .. }));
}

#[test]
fn a_region_without_weight_is_drained_and_has_nothing_more_to_lose() {
    let seen = weighted(0, 1);
    assert_eq!(verdict::of_region(&seen, &seen.regions[0], now()), Verdict::Drained);
    assert_eq!(verdict::of_region(&seen, &seen.regions[1], now()), Verdict::Serving);
    assert!(matches!(ask(&seen, Kind::Drain, &[]), Err(PlanError::Nothing(_))));
    assert!(refusal(ask(&seen, Kind::Restore, &[])).contains("`tandem journal` has the line that undoes it"));
    // 0 for all sends users to all of them
    let all = weighted(0, 0);
    assert_eq!(verdict::of_region(&all, &all.regions[0], now()), Verdict::Serving);
}

#[test]
fn what_cannot_be_turned_is_refused_with_what_would_do() {
    let latency = seen(vec![alias(HERE, "A", Routing::Latency(HERE.into()))]);
    let said = refusal(ask(&latency, Kind::Drain, &[]));
    assert!(said.contains("by latency, and such a record cannot be turned down: put weighted aliases"), "{said}");
    let said = refusal(ask(&seen(vec![]), Kind::Drain, &[]));
    assert!(said.contains("no record of app.shop.example leads to the load balancer of us-east-1"), "{said}");
    let said = refusal(ask(&weighted(1, 1), Kind::Evacuate, &[]));
    assert_eq!(said, "no load balancer of a peer has a switch for us-east-1: drain it instead");
}

#[test]
fn the_weight_must_be_seen_for_as_long_as_answers_live() {
    let until = Until::Weighed { region: HERE.into(), weight: 0, live_s: 60 };
    let waits = |seen: &Snapshot, ago: i64| match until.progress(seen, now() - ago.seconds(), now()) {
        Progress::Waiting(what) => what,
        Progress::Met(what) => format!("met: {what}"),
    };
    assert_eq!(waits(&weighted(3, 1), 300), "weight 3 of 0");
    assert_eq!(waits(&weighted(0, 1), 20), "weight 0, old answers live 40 s more");
    assert_eq!(waits(&weighted(0, 1), 90), "met: weight 0, 2/2 places are served");
}

#[test]
fn a_service_that_nothing_scales_is_scaled_by_its_count_alone() {
    let mut seen = weighted(1, 1);
    seen.regions[0].scaling.value = None;
    assert!(matches!(ask(&seen, Kind::Scale, &[]), Err(PlanError::NeverSeen { .. })), "not seen is not absent");
    seen.regions[0].scaling.failed(CallError::new(ErrorClass::NotFound, "no target"), now());
    let plan = ask(&seen, Kind::Scale, &[]).unwrap();
    assert_eq!(plan.calls().map(Call::operation).collect::<Vec<_>>(), ["UpdateService"]);
    assert!(refusals(&plan).is_empty(), "{:?}", plan.checks);
}

#[test]
fn a_failover_without_heartbeats_says_that_nothing_proves_it() {
    let stack = foreign();
    let seen = weighted(1, 1);
    let scene =
        Scene { stack: &stack, snapshot: &seen, now: now(), open: None, held: &[], revisions: None, control: None };
    let plan = plan(scene, &Wish { kind: Kind::Failover, region: "eu-west-1".into(), tasks: None }).unwrap();
    assert_eq!(plan.calls().map(Call::operation).collect::<Vec<_>>(), ["SwitchoverGlobalCluster"]);
    let proof = plan.checks.iter().find(|check| check.rule == "proof").unwrap();
    assert!(!proof.refuses() && proof.why.contains("heartbeat_secret"), "{}", proof.why);
}
