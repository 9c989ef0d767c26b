//! The database's writer is lost with its Region, and moves by a key.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use crate::screen::Screen;
use std::time::Duration;
use tandem::control::epoch;
use tandem::model::call::Act;
use tandem::model::database::{self, Loss, Redundancy};
use tandem::model::epoch::Epoch;
use tandem::model::guard::PROMOTER_WAITS;
use tandem::model::observed::elapsed;
use tandem::model::operation::RunState;
use tandem::model::plan::Kind;
use tandem::tui::Msg;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::truth::{Ack, Written};

/// Rows that users wrote in one Region, by the ledger, while `seconds` passed.
async fn rows(desk: &Desk, via: &str, seconds: u64) -> u64 {
    let began = desk.now().as_millisecond() as u64;
    desk.pass(seconds).await;
    desk.world(|world| {
        let of_users = |ack: &&Ack| ack.what == Written::Row && ack.via == via && ack.at.0 >= began;
        world.truth.writes.log().iter().filter(of_users).map(|ack| ack.count).sum()
    })
}

fn redundancy(desk: &Desk) -> Redundancy {
    database::redundancy(&desk.snapshot(), desk.now())
}

fn shown(desk: &Desk) -> String {
    let mut screen = Screen::new(&desk.stack, desk.now());
    screen.take(Msg::Snapshot(desk.snapshot()));
    screen.take(Msg::Tick(desk.now())).1
}

#[tokio::test(start_paused = true)]
async fn writes_come_back_through_the_same_endpoint_and_nothing_is_told_too_well() {
    let desk = Desk::open(21).await;
    assert_eq!(redundancy(&desk), Redundancy::Intact { connected: 1 });
    assert!(rows(&desk, IRELAND, 60).await > 60, "Ireland writes through its reader endpoint");
    let epoch = desk.snapshot().proof.value.clone().expect("a proof").epoch;
    let began = desk.now();
    desk.break_virginia("F17", 40);
    desk.pass(30).await;
    assert_eq!(rows(&desk, IRELAND, 30).await, 0, "nobody takes writes");
    let before = desk.served();
    desk.pass(30).await;
    assert!(desk.failing_since(before) < 0.7, "reads go on in Ireland");
    assert!(desk.snapshot().proof.current(desk.now()).is_none(), "a commit that does not come proves nothing");

    let plan = desk.plan(&Desk::wish(Kind::Failover, IRELAND)).await;
    let view = desk.snapshot().region(IRELAND).unwrap().clone();
    let Loss::AtMost { bound, .. } = database::predicted_loss(&view, desk.now()) else { panic!("a lag is known") };
    assert!(plan.calls().all(|call| call.region == IRELAND), "nothing is asked of the lost Region");
    let id = desk.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
    let run = desk.ended(id, 1200).await;
    println!(
        "failed over in {} s: {:?}",
        run.elapsed(desk.now()).as_secs(),
        run.steps.iter().map(|s| &s.note).collect::<Vec<_>>()
    );
    let proof = desk.snapshot().proof.value.clone().unwrap();
    assert_eq!((proof.region.as_str(), proof.epoch), (IRELAND, epoch + 1));
    assert!(rows(&desk, IRELAND, 60).await > 60, "the tasks' endpoint is what it was");
    assert!(matches!(redundancy(&desk), Redundancy::Lost { .. }), "{:?}", redundancy(&desk));
    let screen = shown(&desk);
    assert!(screen.contains("REDUNDANCY LOST") && screen.contains("writer eu-west-1"), "{screen}");
    let lost = desk.world(|world| world.truth.writes.rows_lost);
    // 15 rows a second and a heartbeat now and then; the ledger counts in rows, the console in seconds
    assert!(lost as f64 <= bound.as_secs_f64() * 40.0, "{lost} rows are lost, {bound:?} were told");
    assert!(bound >= Duration::from_secs(30), "the age of the lag is part of it: {bound:?}");
    assert_eq!(desk.world(|world| world.truth.writes.rows_split), 0, "nobody reached the old writer");

    // it comes back, is rebuilt as a secondary, and what was lost can be kept
    desk.until("the other member is connected", 4 * 3600, |desk| {
        redundancy(desk) == Redundancy::Intact { connected: 1 }
    })
    .await;
    println!("redundant again after {} s", elapsed(began, desk.now()).as_secs());
    assert!(!shown(&desk).contains("REDUNDANCY LOST"));
    if lost > 0 {
        let kept = |desk: &Desk| {
            let snapshot = desk.snapshot();
            snapshot.region(VIRGINIA).unwrap().cluster.value.as_ref().is_some_and(|c| !c.kept_writes.is_empty())
        };
        desk.until("the snapshot of the lost writes is seen", 120, kept).await;
        desk.carry_out(&Desk::wish(Kind::Keep, VIRGINIA), 3600).await;
    }
    let before = desk.world(|world| world.truth.writes.rows_lost);
    desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 1800).await;
    let back = desk.carry_out(&Desk::wish(Kind::Failover, VIRGINIA), 1200).await;
    assert!(back.plan.calls().any(|call| call.operation() == "SwitchoverGlobalCluster" && call.region == IRELAND));
    assert_eq!(desk.world(|world| world.truth.writes.rows_lost), before, "a switchover loses nothing");
    assert!(rows(&desk, VIRGINIA, 60).await > 60 && rows(&desk, IRELAND, 60).await > 60);
}

#[tokio::test(start_paused = true)]
async fn a_promotion_that_writes_nothing_is_not_done() {
    let desk = Desk::open(22).await;
    desk.break_virginia("F17", 120);
    desk.fault("F26", Some(IRELAND), 20);
    desk.pass(60).await;
    let plan = desk.plan(&Desk::wish(Kind::Failover, IRELAND)).await;
    let id = desk.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
    desk.until("the proof fails", 1200, |desk| {
        desk.operation(id).state == tandem::model::operation::RunState::PausedByFailedStep
    })
    .await;
    let run = desk.operation(id);
    assert_eq!(run.current(), Some(run.steps.len() - 1), "the writer has moved, but it does not write: {run:#?}");
    desk.pass(20 * 60).await;
    desk.operator.retry(id);
    desk.ended(id, 600).await;
    assert!(rows(&desk, IRELAND, 60).await > 60);
}

/// The lost Region is deposed and its leases have ended before another is promoted; it is let in again by hand.
#[tokio::test(start_paused = true)]
async fn a_deposed_writer_has_no_lease_left_when_another_is_promoted() {
    let desk = Desk::guarded(22).await;
    let told = async || epoch::read(&desk.stage.aws, &desk.control()).await.unwrap();
    assert_eq!(told().await, None);
    desk.break_virginia("F17", 40);
    desk.pass(60).await;
    let plan = desk.plan(&Desk::wish(Kind::Failover, IRELAND)).await;
    let number = plan.calls().find_map(|call| match &call.act {
        Act::WriteEpoch { epoch, .. } => Some(epoch.number),
        _ => None,
    });
    let id = desk.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
    let run = desk.ended(id, 1200).await;
    let deposed = Epoch::after(None, number.unwrap(), VIRGINIA, IRELAND);
    assert_eq!(told().await, Some(deposed.clone()));
    let began = |title: &str| {
        let place = plan.steps.iter().position(|step| step.title.starts_with(title)).unwrap();
        run.steps[place].started.unwrap()
    };
    assert!(began("Switch us-east-1 to EVACUATE") < began("Depose us-east-1"));
    let waited = elapsed(began("Depose us-east-1"), began("Promote eu-west-1"));
    assert!(waited >= PROMOTER_WAITS, "{waited:?}");
    assert!(
        waited < PROMOTER_WAITS + Duration::from_secs(45),
        "it does not wait for the lost Region's answer: {waited:?}"
    );

    desk.until("Virginia follows", 4 * 3600, |desk| redundancy(desk) == Redundancy::Intact { connected: 1 }).await;
    desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 1800).await;
    assert_eq!(told().await, Some(deposed.opened(VIRGINIA)));
}

/// What nobody knows to be written deposes nobody: without it nothing is promoted.
#[tokio::test(start_paused = true)]
async fn an_epoch_that_was_not_written_promotes_nobody() {
    let desk = Desk::guarded(23).await;
    desk.break_virginia("F17", 60);
    desk.pass(60).await;
    let plan = desk.plan(&Desk::wish(Kind::Failover, IRELAND)).await;
    for region in desk.control().regions {
        let silent = FaultSpec {
            kind: "F1".into(),
            region: Some(region),
            service: Some("dynamodb".into()),
            duration_s: Some(3600.0),
            ..FaultSpec::default()
        };
        desk.world(|world| faults::start(world, silent)).unwrap();
    }
    let began = desk.now();
    let id = desk.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
    desk.until("it is paused", 900, |desk| desk.operation(id).state == RunState::PausedByFailedStep).await;
    let run = desk.operation(id);
    let paused = run.current().unwrap();
    assert!(plan.steps[paused].title.starts_with("Depose us-east-1"), "{}", plan.steps[paused].title);
    desk.pass(600).await;
    let sent = desk.mutations(began);
    assert!(sent.iter().all(|call| call.operation != "FailoverGlobalCluster"), "{sent:?}");
}
