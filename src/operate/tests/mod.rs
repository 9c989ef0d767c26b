use super::{PlanError, Scene, Wish, plan};
use crate::model::call::{Act, Call, ChangeAction};
use crate::model::fixtures::{answer, now, records, snapshot, stack};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::plan::{Kind, Plan, Progress, Until};
use crate::model::records::Routing;
use crate::model::snapshot::{Snapshot, SwitchPosition};
use jiff::ToSpan;

mod failover;
mod fence;
mod rollback;
mod weight;

fn ask_of(snapshot: &Snapshot, kind: Kind, region: &str) -> Result<Plan, PlanError> {
    let stack = stack();
    let scene = Scene { stack: &stack, snapshot, now: now(), open: None, held: &[], revisions: None, control: None };
    plan(scene, &Wish { kind, region: region.into(), tasks: None })
}

fn ask(snapshot: &Snapshot, kind: Kind, tasks: Option<u32>) -> Result<Plan, PlanError> {
    let stack = stack();
    let scene = Scene { stack: &stack, snapshot, now: now(), open: None, held: &[], revisions: None, control: None };
    plan(scene, &Wish { kind, region: "us-east-1".into(), tasks })
}

fn refusals(plan: &Plan) -> Vec<&str> {
    plan.checks.iter().filter(|check| check.refuses()).map(|check| check.rule.as_ref()).collect()
}

/// What a rule says.
fn why<'a>(plan: &'a Plan, rule: &str) -> &'a str {
    plan.checks.iter().find(|check| check.rule == rule).map_or("", |check| &check.why)
}

fn no_answer() -> CallError {
    CallError::new(ErrorClass::Timeout, "no answer")
}

fn lost(snapshot: &mut Snapshot, region: usize) {
    let why = no_answer;
    let at = now() - 60.seconds();
    let view = &mut snapshot.regions[region];
    view.service.failed(why(), at);
    view.targets.failed(why(), at);
    view.switches.failed(why(), at);
    view.scaling.failed(why(), at);
}

#[test]
fn scaling_moves_bounds_and_count_together() {
    let plan = ask(&snapshot(), Kind::Scale, Some(14)).unwrap();
    let calls: Vec<&Call> = plan.calls().collect();
    assert!(matches!(&calls[0].act, Act::RegisterScalableTarget { min: 14, max: 14, .. }), "{calls:?}");
    assert!(matches!(&calls[1].act, Act::UpdateService { desired: 14, .. }));
    assert!(!plan.refused());
    assert!(matches!(ask(&snapshot(), Kind::Scale, Some(0)), Err(PlanError::Impossible(_))));
}

#[test]
fn a_drain_makes_room_before_it_turns_the_dial() {
    let plan = ask(&snapshot(), Kind::Drain, None).unwrap();
    let services: Vec<(&str, &str)> = plan.calls().map(|call| (call.region.as_str(), call.service())).collect();
    assert_eq!(services[0], ("eu-west-1", "application-autoscaling"));
    assert!(services[1..].iter().all(|call| *call == ("us-east-1", "route53")));
    assert_eq!(services.len(), 1 + 4, "one step of room, four of the dial");
    assert!(matches!(&plan.held[0].act, Act::RegisterScalableTarget { min: 3, max: 12, .. }));
}

#[test]
fn each_step_of_the_dial_deletes_what_the_one_before_made() {
    let plan = ask(&snapshot(), Kind::Drain, None).unwrap();
    let mut weights = vec![];
    for call in plan.calls() {
        let Act::ChangeResourceRecordSets { changes, .. } = &call.act else { continue };
        for change in changes.iter().filter(|change| change.set.set_identifier.as_deref() == Some("us-east-1")) {
            let Routing::Weighted(weight) = change.set.routing else { panic!("the dial is weighted") };
            weights.push((change.action, weight));
        }
    }
    use ChangeAction::{Create, Delete};
    let expected = [(Delete, 100), (Create, 75), (Delete, 75), (Create, 50), (Delete, 50), (Create, 25)];
    assert_eq!(weights[..6], expected);
    assert_eq!(weights[6..], [(Delete, 25), (Create, 0)]);
}

#[test]
fn an_evacuation_asks_only_the_peers_and_never_route_53() {
    let mut seen = snapshot();
    lost(&mut seen, 0);
    let plan = ask(&seen, Kind::Evacuate, None).unwrap();
    assert!(refusals(&plan).is_empty(), "{:?}", plan.checks);
    let calls: Vec<&Call> = plan.calls().collect();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].region.as_str(), calls[0].service()), ("eu-west-1", "elbv2"));
    assert!(matches!(&calls[0].act, Act::ModifyRule { body, .. } if body == "EVACUATE us-east-1 2"));
}

#[test]
fn the_last_serving_region_is_not_taken_away() {
    let mut seen = snapshot();
    lost(&mut seen, 1);
    for kind in [Kind::Drain, Kind::Evacuate] {
        let plan = ask(&seen, kind, None).unwrap();
        assert_eq!(refusals(&plan), ["floor"], "{kind:?}");
        assert!(plan.checks[0].why.contains("0 Region(s) go on serving"), "{}", plan.checks[0].why);
    }
}

#[test]
fn stale_data_and_open_operations_refuse() {
    let mut seen = snapshot();
    seen.records.at = Some(now() - 10.minutes());
    assert_eq!(refusals(&ask(&seen, Kind::Drain, None).unwrap()), ["fresh data"]);
    let (stack, seen) = (stack(), snapshot());
    let scene = Scene {
        stack: &stack,
        snapshot: &seen,
        now: now(),
        open: Some("drain eu-west-1 (#1)"),
        held: &[],
        revisions: None,
        control: None,
    };
    let plan = plan(scene, &Wish { kind: Kind::Evacuate, region: "us-east-1".into(), tasks: None }).unwrap();
    assert_eq!(refusals(&plan), ["one at a time"]);
}

#[test]
fn a_restore_undoes_switch_dial_and_minimums() {
    let mut seen = snapshot();
    seen.records.value = Some(records(&stack(), 0));
    let switches = seen.regions[1].switches.value.as_mut().unwrap();
    switches.get_mut("us-east-1").unwrap().position = SwitchPosition::Evacuate;
    let held = [Call::new(
        "eu-west-1",
        Act::RegisterScalableTarget { resource: "service/shop/shop-web".into(), min: 3, max: 12 },
    )];
    let stack = stack();
    let scene =
        Scene { stack: &stack, snapshot: &seen, now: now(), open: None, held: &held, revisions: None, control: None };
    let plan = plan(scene, &Wish { kind: Kind::Restore, region: "us-east-1".into(), tasks: None }).unwrap();
    let services: Vec<&str> = plan.calls().map(Call::service).collect();
    let dial = ["route53"; 4];
    assert_eq!(services, [&["elbv2"][..], &dial[..], &["application-autoscaling"][..]].concat());
    assert!(matches!(ask(&snapshot(), Kind::Restore, None), Err(PlanError::Nothing(_))));
}

#[test]
fn a_step_of_the_dial_is_held_while_users_get_errors() {
    let mut seen = snapshot();
    let until = Until::Dialled { region: "us-east-1".into(), percent: 100 };
    let (early, late) = (now() - 10.seconds(), now() - 2.minutes());
    assert!(
        matches!(until.progress(&seen, early, now()), Progress::Waiting(what) if what.contains("old answers live"))
    );
    assert!(matches!(until.progress(&seen, late, now()), Progress::Met(_)));
    let mut bad = answer("london", "eu-west-1");
    bad.visit = crate::model::snapshot::Visit::Failed("connection timed out".into());
    seen.answers.seen(vec![bad], now());
    assert!(matches!(until.progress(&seen, late, now()), Progress::Waiting(what) if what.starts_with("held")));
}

#[test]
fn the_hash_changes_with_what_would_be_sent() {
    let hashes: Vec<String> =
        [5, 6, 6].iter().map(|n| ask(&snapshot(), Kind::Scale, Some(*n)).unwrap().hash()).collect();
    assert_ne!(hashes[0], hashes[1]);
    assert_eq!(hashes[1], hashes[2]);
}

#[test]
fn another_stacks_load_balancer_is_not_touched() {
    let mut seen = snapshot();
    seen.regions[1].balancer.value.as_mut().unwrap().owner = Some("bank".into());
    assert_eq!(refusals(&ask(&seen, Kind::Evacuate, None).unwrap()), ["our own"]);
    assert!(refusals(&ask(&seen, Kind::Scale, Some(6)).unwrap()).is_empty(), "scaling stays in its Region");
    seen.regions[1].balancer.value.as_mut().unwrap().owner = None;
    assert!(!ask(&seen, Kind::Evacuate, None).unwrap().refused(), "no tag is a warning");
}
