use super::{ask_of, refusals, why};
use crate::model::call::{Act, Call};
use crate::model::database::{KeptWrites, RoleChange};
use crate::model::fixtures::{now, snapshot, stack};
use crate::model::plan::{Kind, Plan, Progress, Until};
use crate::model::safety::Ruling;
use crate::model::snapshot::{Snapshot, SwitchPosition};
use crate::model::stack::{FailsOver, Stack};
use crate::operate::{PlanError, Scene, Wish, plan};
use jiff::ToSpan;

fn fail_over(seen: &Snapshot, to: &str) -> Plan {
    ask_of(seen, Kind::Failover, to).unwrap()
}

fn acts(plan: &Plan) -> Vec<(&str, &str)> {
    plan.calls().map(|call| (call.region.as_str(), call.operation())).collect()
}

/// The writer's Region does not answer any more.
pub(super) fn writer_lost() -> Snapshot {
    let mut seen = snapshot();
    super::lost(&mut seen, 0);
    let at = now() - 60.seconds();
    seen.regions[0].global.failed(super::no_answer(), at);
    seen.regions[0].cluster.failed(super::no_answer(), at);
    seen.proof.failed(super::no_answer(), at);
    seen.proof.value.as_mut().unwrap().sent = now() - 62.seconds();
    seen
}

#[test]
fn where_both_sides_answer_it_is_a_switchover_called_in_the_writers_region() {
    let plan = fail_over(&snapshot(), "eu-west-1");
    assert!(!plan.refused(), "{:?}", plan.checks);
    assert_eq!(acts(&plan), [("us-east-1", "SwitchoverGlobalCluster"), ("eu-west-1", "ExecuteStatement")]);
    assert_eq!(plan.steps[0].until, Until::Writer { region: "eu-west-1".into() });
    assert_eq!(plan.steps[1].until, Until::Proven { region: "eu-west-1".into(), epoch: 2 });
    assert!(plan.effects[0].contains("no acknowledged write is lost"), "{:?}", plan.effects);
}

#[test]
fn a_lost_writer_is_failed_over_in_the_targets_region_and_its_users_are_kept_away() {
    let plan = fail_over(&writer_lost(), "eu-west-1");
    assert!(!plan.refused(), "{:?}", plan.checks);
    let expected =
        [("eu-west-1", "ModifyRule"), ("eu-west-1", "FailoverGlobalCluster"), ("eu-west-1", "ExecuteStatement")];
    assert_eq!(acts(&plan), expected, "nothing is asked of the lost Region");
    let call = plan.calls().find(|call| call.operation() == "FailoverGlobalCluster").unwrap();
    assert_eq!(call.input()["AllowDataLoss"], true);
    assert!(plan.title.contains("DATA LOSS"), "{}", plan.title);
    // the fixture's newest lag: 162 ms, a minute old
    assert!(plan.effects[0].contains("60.2 s"), "{}", plan.effects[0]);
}

#[test]
fn the_selected_writer_means_the_other_region() {
    let plan = fail_over(&snapshot(), "us-east-1");
    assert_eq!(plan.region, "eu-west-1", "its name confirms the plan");
}

#[test]
fn a_region_that_was_evacuated_before_is_not_evacuated_again() {
    let mut seen = writer_lost();
    let switches = seen.regions[1].switches.value.as_mut().unwrap();
    switches.get_mut("us-east-1").unwrap().position = SwitchPosition::Evacuate;
    assert_eq!(acts(&fail_over(&seen, "eu-west-1"))[0].1, "FailoverGlobalCluster");
}

#[test]
fn a_forced_failover_loses_data_even_where_both_answer_and_says_that_the_old_writer_commits() {
    let plan = ask_of(&snapshot(), Kind::ForcedFailover, "eu-west-1").unwrap();
    assert!(acts(&plan).contains(&("eu-west-1", "FailoverGlobalCluster")));
    let check = plan.checks.iter().find(|check| check.rule == "old writer").unwrap();
    assert_eq!(check.ruling, Ruling::Warn);
    assert!(check.why.contains("STILL COMMITS"), "{}", check.why);
}

#[test]
fn a_switchover_is_refused_while_the_members_differ_or_are_not_in_sync() {
    let mut seen = snapshot();
    seen.regions[1].cluster.value.as_mut().unwrap().engine_version = Some("16.5".into());
    assert_eq!(refusals(&fail_over(&seen, "eu-west-1")), ["same engine"]);
    assert!(why(&fail_over(&seen, "eu-west-1"), "versions").contains("AWS refuses a failover between minor versions"));
    seen = writer_lost();
    seen.regions[1].cluster.value.as_mut().unwrap().engine_version = Some("16.8".into());
    let plan = fail_over(&seen, "eu-west-1");
    assert!(!plan.refused(), "whoever has lost the writer must be able to try");
    assert!(why(&plan, "versions").starts_with("us-east-1 runs 16.6, eu-west-1 runs 16.8"), "{:?}", plan.checks);
    let mut seen = snapshot();
    for view in &mut seen.regions {
        let members = &mut view.global.value.as_mut().unwrap().members;
        members[1].synchronization = Some("pending-resync".into());
    }
    assert_eq!(refusals(&fail_over(&seen, "eu-west-1")), ["synchronised"]);
}

#[test]
fn one_role_change_at_a_time_and_never_to_a_region_without_an_instance() {
    let mut seen = snapshot();
    for view in &mut seen.regions {
        view.global.value.as_mut().unwrap().role_change = Some(RoleChange {
            status: "switching-over".into(),
            from: Some("us-east-1".into()),
            to: Some("eu-west-1".into()),
            data_loss_allowed: false,
        });
    }
    assert_eq!(refusals(&fail_over(&seen, "eu-west-1")), ["one role change"]);
    let mut seen = writer_lost();
    seen.regions[1].cluster.value.as_mut().unwrap().instances.clear();
    assert_eq!(refusals(&fail_over(&seen, "eu-west-1")), ["promotable"]);
}

#[test]
fn a_loss_beyond_the_policy_warns_and_an_unknown_one_says_so() {
    let mut seen = writer_lost();
    seen.regions[1].lag.value.as_mut().unwrap().minutes.clear();
    let plan = fail_over(&seen, "eu-west-1");
    assert!(!plan.refused());
    assert!(why(&plan, "predicted loss").contains("UNKNOWN"), "{}", why(&plan, "predicted loss"));
}

#[test]
fn where_forwarding_is_off_the_plan_warns() {
    let mut seen = snapshot();
    seen.regions[1].cluster.value.as_mut().unwrap().local_forwarding = Some("disabled".into());
    let plan = fail_over(&seen, "eu-west-1");
    assert!(why(&plan, "forwarding").contains("no local write forwarding"));
    let mut seen = snapshot();
    seen.regions[0].cluster.value.as_mut().unwrap().forwarding_requested = Some(false);
    let plan = fail_over(&seen, "eu-west-1");
    assert!(why(&plan, "forwarding").contains("us-east-1 has no global write forwarding"), "{:?}", plan.checks);
}

#[test]
fn a_database_that_was_never_seen_cannot_be_failed_over() {
    let mut seen = snapshot();
    seen.regions.iter_mut().for_each(|view| view.global.value = None);
    assert!(matches!(ask_of(&seen, Kind::Failover, "eu-west-1"), Err(PlanError::NeverSeen { .. })));
}

#[test]
fn the_writer_has_moved_only_when_nothing_is_under_way_any_more() {
    let until = Until::Writer { region: "eu-west-1".into() };
    let mut seen = snapshot();
    assert!(matches!(until.progress(&seen, now(), now()), Progress::Waiting(_)));
    for view in &mut seen.regions {
        let global = view.global.value.as_mut().unwrap();
        global.members.iter_mut().for_each(|member| member.writer = member.region == "eu-west-1");
        global.status = "switching-over".into();
    }
    assert!(matches!(until.progress(&seen, now(), now()), Progress::Waiting(_)));
    seen.regions.iter_mut().for_each(|view| view.global.value.as_mut().unwrap().status = "available".into());
    assert!(matches!(until.progress(&seen, now(), now()), Progress::Met(_)));
}

#[test]
fn only_a_commit_of_the_new_epoch_after_the_step_began_proves_it() {
    let until = Until::Proven { region: "us-east-1".into(), epoch: 2 };
    let mut seen = snapshot();
    let met = |seen: &Snapshot| matches!(until.progress(seen, now(), now()), Progress::Met(_));
    assert!(!met(&seen), "epoch 1 proves nothing of epoch 2");
    seen.proof.value.as_mut().unwrap().epoch = 2;
    assert!(met(&seen));
    seen.proof.value.as_mut().unwrap().sent = now() - 1.second();
    assert!(!met(&seen), "an old commit proves nothing");
    seen.proof.value.as_mut().unwrap().region = "eu-west-1".into();
    assert!(!met(&seen));
}

#[test]
fn a_snapshot_of_lost_writes_is_copied_once() {
    let mut seen = snapshot();
    assert!(matches!(ask_of(&seen, Kind::Keep, "us-east-1"), Err(PlanError::Nothing(_))));
    let kept = KeptWrites {
        id: "rds:unplanned-global-failover-shop-db-us-east-1-2026-01-05-14-00".into(),
        arn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:rds:unplanned".into(),
        status: "available".into(),
        created: Some(now()),
        copy: None,
    };
    seen.regions[0].cluster.value.as_mut().unwrap().kept_writes = vec![kept];
    let plan = ask_of(&seen, Kind::Keep, "us-east-1").unwrap();
    let calls: Vec<&Call> = plan.calls().collect();
    let Act::CopyDbClusterSnapshot { target_id, .. } = &calls[0].act else { panic!("{calls:?}") };
    assert_eq!(target_id, "kept-unplanned-global-failover-shop-db-us-east-1-2026-01-05-14-00");
    seen.regions[0].cluster.value.as_mut().unwrap().kept_writes[0].copy = Some(target_id.clone());
    assert!(matches!(ask_of(&seen, Kind::Keep, "us-east-1"), Err(PlanError::Nothing(_))));
}

#[test]
fn a_writer_that_nobody_may_move_is_moved_by_no_plan() {
    let stack = Stack { fails_over: FailsOver::Nobody, ..stack() };
    let seen = writer_lost();
    for kind in [Kind::Failover, Kind::ForcedFailover] {
        let scene =
            Scene { stack: &stack, snapshot: &seen, now: now(), open: None, held: &[], revisions: None, control: None };
        let plan = plan(scene, &Wish { kind, region: "eu-west-1".into(), tasks: None }).unwrap();
        assert_eq!(refusals(&plan), ["who may"]);
        assert!(why(&plan, "who may").contains("[failover] by"), "the key is named");
    }
}
