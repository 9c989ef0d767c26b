//! Others act on the stack too: operations run one after another, and are told.

use crate::desk::{Desk, IRELAND};
use tandem::control::lease::{self, Holder, Seat, Table};
use tandem::control::{ledger, open};
use tandem::model::operation::{CallState, RunState};
use tandem::model::plan::Kind;
use tandem::operate::Wish;

fn holder(who: &str) -> Holder {
    Holder { who: who.into(), id: format!("{who} 1"), what: "console".into() }
}

/// Of two that would act, one begins; the other names it, and begins when it is done.
#[tokio::test(start_paused = true)]
async fn an_operation_waits_for_the_lease_of_another() {
    let desk = Desk::open(10).await;
    let table = Table { name: desk.stack.control_table(), regions: vec!["us-east-1".into()] };
    let (aws, clock) = (&desk.stage.aws, &desk.stage.clock);
    let mut theirs = lease::take(aws, clock, table.clone(), Seat::Stack, holder("bob@laptop"), |_| {}).await.unwrap();
    let operator = desk.operator.clone().sharing(table.clone(), holder("alice@laptop"));
    let plan = desk.plan(&Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(5) }).await;
    let id = operator.start(&plan).unwrap();
    let keeps = async {
        theirs.keep(aws, clock).await;
    };
    tokio::select! {
        biased;
        () = keeps => panic!("nobody takes it"),
        _ = desk.until("it is refused", 300, |desk| desk.operation(id).state == RunState::PausedByFailedStep) => {}
    }
    let refused = desk.operation(id);
    assert!(refused.steps[0].note.contains("bob@laptop holds the lease"), "{}", refused.steps[0].note);
    assert!(refused.steps[0].calls.iter().all(|call| *call == CallState::NotSent));
    theirs.release(aws).await;
    operator.retry(id);
    desk.ended(id, 900).await;
    desk.pass(5).await;
    let entries = ledger::read(aws, &table).await.unwrap();
    let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
    let last = format!("{} completed: plan {}", plan.title, plan.hash());
    assert_eq!(texts.last().copied(), Some(last.as_str()), "{texts:?}");
    let next = lease::take(aws, clock, table, Seat::Stack, holder("carol@laptop"), |_| {}).await.unwrap();
    assert!(next.token > entries.last().unwrap().token, "it was given back");
}

/// The stack's lease is for changes that wait; an evacuation does not.
#[tokio::test(start_paused = true)]
async fn an_evacuation_waits_for_nobody_and_a_silent_table_stops_nobody() {
    let desk = Desk::open(11).await;
    let table = Table { name: desk.stack.control_table(), regions: vec!["us-east-1".into()] };
    let (aws, clock) = (&desk.stage.aws, &desk.stage.clock);
    let theirs = lease::take(aws, clock, table.clone(), Seat::Stack, holder("bob@laptop"), |_| {}).await.unwrap();
    let operator = desk.operator.clone().sharing(table, holder("alice@laptop"));
    let plan = desk.plan(&Wish { kind: Kind::Evacuate, region: IRELAND.into(), tasks: None }).await;
    let id = operator.start(&plan).unwrap();
    desk.ended(id, 900).await;
    theirs.release(aws).await;
    let nowhere = Table { name: "no-such-table".into(), regions: vec!["us-east-1".into()] };
    let operator = operator.sharing(nowhere, holder("alice@laptop"));
    let plan = desk.plan(&Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(5) }).await;
    let id = operator.start(&plan).unwrap();
    desk.ended(id, 900).await;
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_told_to_others_as_long_as_it_is_open() {
    let desk = Desk::open(9).await;
    let table = Table { name: desk.stack.control_table(), regions: vec!["us-east-1".into()] };
    let operator = desk.operator.clone().sharing(table.clone(), holder("alice@laptop"));
    let told = async || open::all(&desk.stage.aws, &table).await.unwrap();
    let wish = Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(5) };
    let plan = desk.plan(&wish).await;
    let id = operator.start(&plan).unwrap();
    desk.pass(5).await;
    let open = told().await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].who == "alice@laptop" && open[0].what == plan.title && open[0].counts(desk.now()), "{open:?}");
    desk.ended(id, 900).await;
    desk.pass(5).await;
    assert_eq!(told().await, []);
}
