//! The number of tasks is set so that autoscaling leaves it alone.

use crate::desk::{Desk, IRELAND};
use tandem::cloud;
use tandem::model::call::{Act, Call};
use tandem::model::outcome::Outcome;
use tandem::model::plan::Kind;
use tandem::operate::Wish;

/// Desired, running and healthy.
fn tasks(desk: &Desk) -> (u32, u32, u32) {
    let snapshot = desk.snapshot();
    let view = snapshot.region(IRELAND).unwrap();
    let service = view.service.current(desk.now()).unwrap();
    let healthy = tandem::model::verdict::healthy_targets(view, desk.now()).unwrap();
    (service.desired, service.running, healthy)
}

#[tokio::test(start_paused = true)]
async fn a_scale_holds() {
    let desk = Desk::open(7).await;
    assert_eq!(tasks(&desk), (3, 3, 3));
    let before = desk.served();
    desk.carry_out(&Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(6) }, 900).await;
    assert_eq!(tasks(&desk), (6, 6, 6));
    for minute in 1..=15 {
        desk.pass(60).await;
        assert_eq!(tasks(&desk), (6, 6, 6), "minute {minute}");
    }
    assert!(desk.failing_since(before) < 0.001);
    // and down again, below what autoscaling had as its minimum
    desk.carry_out(&Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(2) }, 900).await;
    assert_eq!(tasks(&desk), (2, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_count_alone_below_the_minimum_is_undone() {
    let desk = Desk::open(8).await;
    let snapshot = desk.snapshot();
    let service = snapshot.region(IRELAND).unwrap().service.value.as_ref().unwrap();
    let act = Act::UpdateService { cluster: service.cluster.clone(), service: service.name.clone(), desired: 1 };
    let sent = cloud::send(&desk.stage.aws, &Call::new(IRELAND, act)).await;
    assert!(matches!(sent, Outcome::Done { .. }), "{sent:?}");
    desk.until("one task", 60, |desk| tasks(desk).0 == 1).await;
    let took = desk.until("autoscaling takes it back to its minimum", 900, |desk| tasks(desk) == (3, 3, 3)).await;
    println!("undone after {took} s");
}
