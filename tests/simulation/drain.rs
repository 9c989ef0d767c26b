//! Users are led away step by step, and back.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use std::collections::BTreeSet;
use tandem::cloud;
use tandem::model::call::{Act, Call};
use tandem::model::observed::elapsed;
use tandem::model::operation::{Operation, RunState, StepState};
use tandem::model::outcome::Outcome;
use tandem::model::plan::Kind;
use tandem::model::verdict::Verdict;
use tandem_sim::calls;

fn bounds(desk: &Desk, region: &str) -> (u32, u32) {
    let snapshot = desk.snapshot();
    let scaling = snapshot.region(region).unwrap().scaling.value.clone().unwrap();
    (scaling.min, scaling.max)
}

#[tokio::test(start_paused = true)]
async fn a_drain_makes_room_turns_the_dial_and_comes_back() {
    for seed in [6, 106] {
        drain_and_restore(seed).await;
    }
}

/// Shown when the test fails, or with `--nocapture`.
fn tell(run: &Operation) {
    for (step, planned) in run.steps.iter().zip(&run.plan.steps) {
        let took = elapsed(step.started.unwrap(), step.ended.unwrap()).as_secs();
        println!("{took:5} s  {}: {}", planned.title, step.note);
    }
}

async fn drain_and_restore(seed: u64) {
    let desk = Desk::open(seed).await;
    let (before_bounds, before) = (bounds(&desk, IRELAND), desk.served());
    let (sent, _) = desk.places(VIRGINIA);
    let began = desk.now();
    let plan = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    let id = desk.operator.start(&plan).unwrap();
    let mut dials = BTreeSet::new();
    let drained = loop {
        let run = desk.operation(id);
        let dial = desk.snapshot().records.value.as_ref().unwrap().dials[VIRGINIA];
        dials.insert(dial);
        match run.state {
            RunState::Completed => break run,
            RunState::Pending | RunState::InProgress => desk.pass(1).await,
            _ => panic!("{:#?}\n{:?}", run.steps, desk.world(|world| world.users.totals.clone())),
        }
    };
    tell(&drained);
    assert_eq!(dials.into_iter().collect::<Vec<_>>(), [0, 25, 50, 75, 100]);
    assert!(drained.steps.iter().all(|step| step.state == StepState::Completed));
    let first = &drained.steps[0];
    assert!(drained.plan.steps[0].title.contains(IRELAND) && first.note.contains("healthy"), "{first:?}");
    desk.pass(35).await;
    assert!(bounds(&desk, IRELAND).0 >= before_bounds.0 + 4, "room for those who come: {:?}", bounds(&desk, IRELAND));
    assert_eq!(desk.verdict(VIRGINIA), Verdict::Drained);
    assert_eq!(desk.places(VIRGINIA), (0, 0));
    assert!(desk.failing_since(before) < 0.001, "{}", desk.failing_since(before));
    for place in ["new-york", "san-francisco", "sao-paulo"] {
        let stays = desk.connected(place, VIRGINIA);
        assert!(stays < 0.06, "{place}: only those who ignore the time to live stay: {stays}");
    }
    let made = desk.mutations(began);
    assert!(made.iter().all(|call| call.outcome == calls::Outcome::Done && call.attempt == 1), "{made:?}");
    assert_eq!(made.iter().filter(|call| call.service == "route53").count(), 4, "{made:?}");

    let before = desk.served();
    let restored = desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 3600).await;
    tell(&restored);
    desk.pass(90).await;
    assert_eq!(desk.snapshot().records.value.as_ref().unwrap().dials[VIRGINIA], 100);
    assert_eq!(bounds(&desk, IRELAND), before_bounds);
    assert_eq!(desk.verdict(VIRGINIA), Verdict::Serving);
    assert_eq!(desk.places(VIRGINIA), (sent, 0));
    assert!(desk.failing_since(before) < 0.001, "{}", desk.failing_since(before));
}

#[tokio::test(start_paused = true)]
async fn what_canceled_drains_raised_is_put_back() {
    let desk = Desk::open(16).await;
    let before = bounds(&desk, IRELAND);
    for _ in 0..2 {
        let plan = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
        let id = desk.operator.start(&plan).unwrap();
        desk.pass(90).await;
        desk.operator.cancel(id);
        desk.pass(60).await;
        // somebody else lowers it meanwhile, so that the second drain has to raise it again
        let other = Act::RegisterScalableTarget { resource: desk.stack.scaling_resource(IRELAND), min: 4, max: 12 };
        assert!(bounds(&desk, IRELAND).0 > before.0, "{:?}", bounds(&desk, IRELAND));
        assert!(matches!(cloud::send(&desk.stage.aws, &Call::new(IRELAND, other)).await, Outcome::Done { .. }));
        desk.pass(60).await;
    }
    desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 3600).await;
    desk.pass(60).await;
    assert_eq!(bounds(&desk, IRELAND), before);
    let dial = desk.snapshot().records.value.as_ref().unwrap().dials[VIRGINIA];
    assert_eq!(dial, 100);
}

#[tokio::test(start_paused = true)]
async fn a_canceled_restore_forgets_nothing() {
    let desk = Desk::open(17).await;
    let before = bounds(&desk, IRELAND);
    let plan = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    let drain = desk.operator.start(&plan).unwrap();
    desk.pass(180).await;
    desk.operator.cancel(drain);
    let plan = desk.plan(&Desk::wish(Kind::Restore, VIRGINIA)).await;
    let restore = desk.operator.start(&plan).unwrap();
    desk.pass(2).await;
    desk.operator.cancel(restore);
    desk.pass(60).await;
    desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 3600).await;
    desk.pass(60).await;
    assert_eq!(bounds(&desk, IRELAND), before);
}
