//! Two that want the same stack.

use crate::yard::{Until, Verb, Yard};
use tandem::control::lease::{LeaseError, Table};
use tandem::control::open::{self, Open};
use tandem::deploy::apply::{Ended, RunError};

#[tokio::test(start_paused = true)]
async fn of_two_that_apply_at_once_one_works_and_the_other_is_told_who() {
    let yard = Yard::empty(6);
    let (one, other) = tokio::join!(
        yard.process(Verb::Apply, "alice@laptop", Until::End),
        yard.process(Verb::Apply, "bob@desk", Until::End),
    );
    let (done, refused): (Vec<_>, Vec<_>) = [one.unwrap(), other.unwrap()].into_iter().partition(Result::is_ok);
    assert!(matches!(done[..], [Ok(Ended::Done(_))]), "{done:?}");
    let [Err(RunError::Lease(LeaseError::Held { who, what, .. }))] = &refused[..] else { panic!("{refused:?}") };
    assert!(["alice@laptop", "bob@desk"].contains(&who.as_str()) && what == "apply", "{who} {what}");
}

/// Whoever would take the stack away while somebody's operation is open is told whose it is, and nothing is deleted.
#[tokio::test(start_paused = true)]
async fn a_destroy_waits_for_operations_that_are_open_elsewhere() {
    let yard = Yard::empty(61);
    yard.run(Verb::Apply).await;
    let before = yard.inventory();
    let table = Table { name: yard.spec.stack.control_table(), regions: yard.spec.control_regions.clone() };
    let at = yard.stage.clock.now();
    let open = Open { id: "bob 1".into(), who: "bob@desk".into(), what: "Drain us-east-1".into(), at };
    open::tell(&yard.stage.aws, &table, &open).await.unwrap();
    let refused = yard.process(Verb::Destroy, "alice@laptop", Until::End).await.unwrap().unwrap_err().to_string();
    assert!(refused.contains("bob@desk has an operation open (Drain us-east-1, since "), "{refused}");
    assert_eq!(yard.inventory(), before, "nothing is deleted");
    assert_eq!(open::all(&yard.stage.aws, &table).await.unwrap().first(), Some(&open));
    open::take_back(&yard.stage.aws, &table, &open.id).await.unwrap();
    // one whose console is gone does not hold a stack up for ever
    open::tell(&yard.stage.aws, &table, &open).await.unwrap();
    yard.stage.clock.sleep(open::COUNTS).await;
    yard.run(Verb::Destroy).await;
}
