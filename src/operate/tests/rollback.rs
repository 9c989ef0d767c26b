use super::*;
use crate::model::revisions::{Revision, Revisions};
use crate::model::snapshot::DeploymentView;

fn revision(number: u32, image: &str) -> Revision {
    Revision { arn: format!("arn:aws:ecs:eu-west-1:1:task-definition/shop-web:{number}"), images: vec![image.into()] }
}

fn seen() -> Snapshot {
    let mut seen = snapshot();
    seen.regions[1].service.value.as_mut().unwrap().task_definition = revision(7, "").arn;
    seen
}

fn roll_back(seen: &Snapshot, before: Option<Revision>) -> Result<Plan, PlanError> {
    let stack = stack();
    let revisions = Revisions { region: "eu-west-1".into(), now: revision(7, "web:2"), before };
    let scene = Scene {
        stack: &stack,
        snapshot: seen,
        now: now(),
        open: None,
        held: &[],
        revisions: Some(&revisions),
        control: None,
    };
    plan(scene, &Wish { kind: Kind::RollBack, region: "eu-west-1".into(), tasks: None })
}

#[test]
fn a_roll_back_goes_to_the_revision_before_and_says_what_the_file_will_want() {
    let plan = roll_back(&seen(), Some(revision(5, "web:1"))).unwrap();
    assert_eq!(plan.title, "Roll eu-west-1 back from shop-web:7 to shop-web:5");
    assert_eq!(plan.effects[0], "eu-west-1 runs web:1 instead of web:2");
    let calls: Vec<&Call> = plan.calls().collect();
    assert_eq!(
        calls[0].cli(),
        "aws ecs update-service --region eu-west-1 --cluster shop --service shop-web --task-definition arn:aws:ecs:eu-west-1:1:task-definition/shop-web:5"
    );
    assert!(!plan.refused() && why(&plan, "the file").contains("`tandem plan` will want"), "{:?}", plan.checks);
    assert_eq!(plan.tasks(), None);
}

#[test]
fn there_must_be_a_revision_before_and_the_service_as_it_was_looked_at() {
    assert!(matches!(roll_back(&seen(), None), Err(PlanError::Nothing(_))));
    let mut moved = seen();
    moved.regions[1].service.value.as_mut().unwrap().task_definition = revision(8, "").arn;
    assert!(matches!(roll_back(&moved, Some(revision(5, "web:1"))), Err(PlanError::Impossible(_))));
    assert!(matches!(ask_of(&seen(), Kind::RollBack, "eu-west-1"), Err(PlanError::NeverSeen { .. })));
}

#[test]
fn it_is_done_when_every_task_runs_it_and_nothing_is_under_way() {
    let until = Until::Runs { region: "eu-west-1".into(), revision: revision(5, "").arn };
    let met = |number, rollout: &str, more: bool| {
        let mut seen = seen();
        let service = seen.regions[1].service.value.as_mut().unwrap();
        let deployment = |status: &str, number, rollout: &str| DeploymentView {
            status: status.into(),
            rollout: Some(rollout.into()),
            task_definition: revision(number, "").arn,
            desired: 4,
            running: 4,
            pending: 0,
            failed: 0,
        };
        service.deployments = vec![deployment("PRIMARY", number, rollout)];
        if more {
            service.deployments.push(deployment("ACTIVE", 7, "COMPLETED"));
        }
        matches!(until.progress(&seen, now(), now()), Progress::Met(_))
    };
    assert!(met(5, "COMPLETED", false));
    assert!(!met(5, "IN_PROGRESS", false) && !met(7, "COMPLETED", false) && !met(5, "COMPLETED", true));
}
