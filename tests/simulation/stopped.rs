//! A process that is stopped, or sleeps with its machine, goes on where it was.

use crate::desk::{Desk, VIRGINIA};
use std::time::Duration;
use tandem::model::operation::{RunState, StepState};
use tandem::model::plan::Kind;

#[tokio::test(start_paused = true)]
async fn an_operation_goes_on_after_a_stop_that_was_longer_than_its_step_may_take() {
    let desk = Desk::open(6).await;
    let plan = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    let id = desk.operator.start(&plan).unwrap();
    desk.pass(5).await;
    let run = desk.operation(id);
    let step = run.current().unwrap();
    assert_eq!(run.steps[step].state, StepState::Running);
    let stop = run.plan.steps[step].within * 3;
    tokio::time::advance(stop).await;
    desk.pass(3).await;
    assert_eq!(desk.operation(id).state, RunState::InProgress, "{:#?}", desk.operation(id).steps[step]);
    let ended = desk.ended(id, 7_200).await;
    assert!(ended.steps.iter().all(|step| step.state == StepState::Completed));
    assert!(ended.elapsed(desk.now()) > stop + Duration::from_secs(60));
}
