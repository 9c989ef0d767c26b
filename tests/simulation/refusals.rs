//! What an operation does not do, and says why.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use tandem::cloud;
use tandem::model::call::{Act, Call};
use tandem::model::outcome::Outcome;
use tandem::model::plan::{Kind, Plan};
use tandem::model::verdict::Verdict;
use tandem::operate::Wish;
use tandem::operate::run::StartError;

/// The rules that forbid the plan.
fn forbidden(plan: &Plan) -> Vec<&str> {
    plan.checks.iter().filter(|check| check.refuses()).map(|check| check.rule.as_ref()).collect()
}

fn refused(desk: &Desk, plan: &Plan, rule: &str) {
    match desk.operator.start(plan) {
        Err(StartError::Refused(why)) => assert!(why.starts_with(rule), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_serving_region_stays() {
    let desk = Desk::open(9).await;
    desk.fault("F17", Some(IRELAND), 60);
    desk.until("Ireland is lost", 60, |desk| desk.verdict(IRELAND) == Verdict::Unknown).await;
    let began = desk.now();
    for kind in [Kind::Drain, Kind::Evacuate] {
        let plan = desk.plan(&Desk::wish(kind, VIRGINIA)).await;
        assert_eq!(forbidden(&plan), ["floor"], "{kind:?}");
        refused(&desk, &plan, "floor");
    }
    desk.pass(30).await;
    assert_eq!(desk.mutations(began), vec![]);
    assert!(desk.operator.operations().borrow().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nobody_drains_by_an_old_map() {
    let desk = Desk::open(10).await;
    desk.break_virginia("F21", 60);
    desk.pass(120).await;
    let plan = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    assert_eq!(forbidden(&plan), ["fresh data"]);
    refused(&desk, &plan, "fresh data");
    let switch = desk.plan(&Desk::wish(Kind::Evacuate, VIRGINIA)).await;
    assert_eq!(forbidden(&switch), Vec::<&str>::new(), "the switch needs no map");
}

#[tokio::test(start_paused = true)]
async fn one_operation_at_a_time() {
    let desk = Desk::open(11).await;
    let drain = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    let id = desk.operator.start(&drain).unwrap();
    desk.pass(5).await;
    for kind in [Kind::Evacuate, Kind::Drain] {
        let plan = desk.plan(&Desk::wish(kind, IRELAND)).await;
        assert!(forbidden(&plan).contains(&"one at a time"), "{:?}", plan.checks);
        assert!(desk.operator.start(&plan).is_err());
    }
    desk.operator.cancel(id);
    let plan = desk.plan(&Desk::wish(Kind::Evacuate, VIRGINIA)).await;
    assert!(!plan.refused(), "{:?}", plan.checks);
}

#[tokio::test(start_paused = true)]
async fn a_plan_for_another_world_is_not_started() {
    let desk = Desk::open(12).await;
    let scale = Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(6) };
    let shown = desk.plan(&scale).await;
    let drain = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    // someone else is faster
    let other = Act::RegisterScalableTarget { resource: desk.stack.scaling_resource(IRELAND), min: 5, max: 20 };
    assert!(matches!(cloud::send(&desk.stage.aws, &Call::new(IRELAND, other)).await, Outcome::Done { .. }));
    let turn = drain.calls().find(|call| call.service() == "route53").unwrap();
    assert!(matches!(cloud::send(&desk.stage.aws, turn).await, Outcome::Done { .. }));
    desk.pass(60).await;
    let began = desk.now();
    for stale in [&shown, &drain] {
        match desk.operator.start(stale) {
            Err(StartError::Changed { shown, now }) => assert_ne!(shown, now),
            other => panic!("{:?}: {other:?}", stale.kind),
        }
    }
    desk.pass(30).await;
    assert_eq!(desk.mutations(began), vec![]);
    let again = desk.plan(&scale).await;
    assert!(desk.operator.start(&again).is_ok());
}
