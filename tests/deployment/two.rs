//! Two that want the same stack.

use crate::yard::{Until, Verb, Yard};
use tandem::control::lease::LeaseError;
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
