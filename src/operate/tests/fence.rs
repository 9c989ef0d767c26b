use super::super::Control;
use super::failover::writer_lost;
use super::{refusals, why};
use crate::control::lease::Table;
use crate::model::call::{Act, Call};
use crate::model::epoch::Epoch;
use crate::model::fixtures::{now, snapshot, stack};
use crate::model::guard::PROMOTER_WAITS;
use crate::model::plan::{Enough, Kind, Plan, Progress, Until};
use crate::model::snapshot::{Snapshot, SwitchPosition};
use crate::model::stack::{Fence, Stack};
use crate::operate::{PlanError, Scene, Wish, plan};
use jiff::ToSpan;

fn control(epoch: Result<Option<Epoch>, String>) -> Control {
    let regions = ["us-east-1", "us-east-2", "us-west-2"].map(String::from).to_vec();
    Control { table: Table { name: "shop-control".into(), regions }, epoch }
}

fn asked(seen: &Snapshot, fence: Fence, control: &Control, kind: Kind, region: &str) -> Result<Plan, PlanError> {
    let stack = Stack { fence, ..stack() };
    let scene = Scene {
        stack: &stack,
        snapshot: seen,
        now: now(),
        open: None,
        held: &[],
        revisions: None,
        control: Some(control),
    };
    plan(scene, &Wish { kind, region: region.into(), tasks: None })
}

fn operations(plan: &Plan) -> Vec<(&str, &str)> {
    plan.calls().map(|call| (call.region.as_str(), call.operation())).collect()
}

fn deposed() -> Epoch {
    Epoch::after(None, 4, "us-east-1", "eu-west-1")
}

#[test]
fn the_lost_writer_is_deposed_before_another_is_promoted() {
    let plan = asked(&writer_lost(), Fence::Guard, &control(Ok(None)), Kind::Failover, "eu-west-1").unwrap();
    assert!(!plan.refused(), "{:?}", plan.checks);
    assert_eq!(
        operations(&plan),
        [
            ("eu-west-1", "ModifyRule"),
            ("us-east-2", "PutItem"),
            ("us-west-2", "PutItem"),
            ("us-east-1", "PutItem"),
            ("eu-west-1", "FailoverGlobalCluster"),
            ("eu-west-1", "ExecuteStatement"),
        ],
        "the lost Region is asked last, and need not answer"
    );
    let step = &plan.steps[1];
    assert_eq!(step.enough, Enough::Any);
    let at = |seconds: i64| step.until.progress(&snapshot(), now(), now() + seconds.seconds());
    let wait = i64::try_from(PROMOTER_WAITS.as_secs()).unwrap();
    assert!(matches!(at(wait - 1), Progress::Waiting(_)));
    assert!(matches!(at(wait), Progress::Met(_)));
    assert!(why(&plan, "fence").contains("150 s"), "{}", why(&plan, "fence"));
    let Act::WriteEpoch { before, epoch, .. } = &step.calls[0].act else { panic!("{:?}", step.calls[0]) };
    assert_eq!((*before, epoch), (None, &Epoch::after(None, 2, "us-east-1", "eu-west-1")));
    assert_eq!(plan.steps.last().unwrap().until, Until::Proven { region: "eu-west-1".into(), epoch: 2 });
}

#[test]
fn an_epoch_follows_all_that_were_seen() {
    let control = control(Ok(Some(Epoch::after(None, 7, "eu-west-1", "us-east-1"))));
    let plan = asked(&writer_lost(), Fence::AppLease, &control, Kind::Failover, "eu-west-1").unwrap();
    let Act::WriteEpoch { before, epoch, .. } = &plan.steps[1].calls[0].act else { panic!("{:?}", plan.steps[1]) };
    assert_eq!((*before, epoch.number), (Some(7), 8));
    assert!(epoch.deposed.contains("us-east-1") && !epoch.deposed.contains("eu-west-1"));
}

#[test]
fn without_leases_or_a_table_the_fence_is_unproven_and_nothing_is_waited_for() {
    for (fence, epoch) in [(Fence::Aurora, Ok(None)), (Fence::Guard, Err("no answer".to_string()))] {
        let plan = asked(&writer_lost(), fence, &control(epoch), Kind::Failover, "eu-west-1").unwrap();
        assert!(!plan.refused() && operations(&plan).iter().all(|(_, one)| *one != "PutItem"), "{plan:?}");
        assert!(why(&plan, "fence").starts_with("UNPROVEN"), "{}", why(&plan, "fence"));
    }
}

/// A guard that cannot read the control table stays open while every switch says SERVE.
#[test]
fn a_guard_proves_nothing_while_no_switch_is_turned() {
    let mut seen = writer_lost();
    seen.regions[1].switches.value.as_mut().unwrap().clear();
    let plan = asked(&seen, Fence::Guard, &control(Ok(None)), Kind::Failover, "eu-west-1").unwrap();
    assert!(why(&plan, "fence").starts_with("UNPROVEN: no peer's switch"), "{}", why(&plan, "fence"));
    assert!(!plan.refused(), "a human may go on: {:?}", plan.checks);
    let plan = asked(&seen, Fence::AppLease, &control(Ok(None)), Kind::Failover, "eu-west-1").unwrap();
    assert!(why(&plan, "fence").contains("150 s"), "an application asks the table alone");
}

#[test]
fn a_switchover_deposes_nobody_and_opens_a_deposed_target() {
    let plan = asked(&snapshot(), Fence::Guard, &control(Ok(None)), Kind::Failover, "eu-west-1").unwrap();
    assert_eq!(operations(&plan)[0].1, "SwitchoverGlobalCluster");
    let deposed = Epoch::after(None, 4, "eu-west-1", "us-east-1");
    let plan = asked(&snapshot(), Fence::Guard, &control(Ok(Some(deposed))), Kind::Failover, "eu-west-1").unwrap();
    assert_eq!(operations(&plan)[0].1, "PutItem");
    assert_eq!(operations(&plan)[3].1, "SwitchoverGlobalCluster");
}

#[test]
fn a_deposed_region_is_opened_when_its_database_follows() {
    let control = control(Ok(Some(deposed())));
    let restored = |seen: &Snapshot| asked(seen, Fence::Guard, &control, Kind::Restore, "us-east-1").unwrap();
    let mut seen = snapshot();
    for view in &mut seen.regions {
        for member in &mut view.global.value.as_mut().unwrap().members {
            member.writer = member.region == "eu-west-1";
            member.synchronization = Some("connected".into());
        }
    }
    seen.regions[0].targets.value.as_mut().unwrap().clear();
    let plan = restored(&seen);
    assert!(!plan.refused(), "no target is healthy before its guards open: {:?}", plan.checks);
    assert_eq!(plan.steps[0].calls.len(), 3);
    assert_eq!(plan.steps[1].until, Until::Healthy { region: "us-east-1".into(), targets: 1 });
    let Act::WriteEpoch { before: Some(4), epoch, .. } = &plan.steps[0].calls[0].act else { panic!("{plan:?}") };
    assert_eq!((epoch.number, epoch.deposed.len()), (4, 0));
    for view in &mut seen.regions {
        let members = &mut view.global.value.as_mut().unwrap().members;
        members.iter_mut().for_each(|member| member.synchronization = Some("pending-resync".into()));
    }
    assert_eq!(refusals(&restored(&seen)), ["follows"]);
    for view in &mut seen.regions {
        view.global.value.as_mut().unwrap().members.retain(|member| member.region != "us-east-1");
    }
    assert!(why(&restored(&seen), "follows").contains("no member"), "{:?}", restored(&seen).checks);
}

/// The switches that a restore turns open the guards of a Region whose deposing nobody can read.
#[test]
fn while_the_table_is_silent_only_a_region_whose_database_follows_is_restored() {
    let mut seen = snapshot();
    for view in &mut seen.regions {
        let members = &mut view.global.value.as_mut().unwrap().members;
        members.iter_mut().for_each(|member| member.synchronization = Some("pending-resync".into()));
    }
    let switches = seen.regions[0].switches.value.as_mut().unwrap();
    switches.get_mut("eu-west-1").unwrap().position = SwitchPosition::Evacuate;
    let silent = control(Err("no answer".into()));
    let restored = |fence| asked(&seen, fence, &silent, Kind::Restore, "eu-west-1").unwrap();
    assert_eq!(refusals(&restored(Fence::Guard)), ["follows"]);
    assert!(!restored(Fence::Aurora).refused(), "{:?}", restored(Fence::Aurora).checks);
}

#[test]
fn what_is_shown_is_a_conditional_put() {
    let act = Act::WriteEpoch { table: "shop-control".into(), before: Some(3), epoch: deposed() };
    let line = Call::new("us-west-2", act).cli();
    assert!(line.starts_with("aws dynamodb put-item --region us-west-2 --condition-expression '#a = :v'"), "{line}");
    assert!(line.contains(r#""number":{"N":"4"}"#) && line.contains(r#"":v":{"N":"3"}"#), "{line}");
}
