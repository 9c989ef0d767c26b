//! Processes that are killed, and those that go on after them.

use crate::yard::{Until, Verb, Yard, told};

/// How many places of a run a process is killed at, spread over the whole of it; `TANDEM_KILLS` for more.
fn kills() -> u64 {
    std::env::var("TANDEM_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6)
}

/// How often a run of `verb` is polled that is left alone.
async fn polls(seed: u64, prepare: Option<Verb>, verb: Verb) -> (u64, Vec<String>) {
    let yard = Yard::empty(seed);
    if let Some(prepare) = prepare {
        yard.run(prepare).await;
    }
    let counted = std::sync::atomic::AtomicU64::new(0);
    let mut run = std::pin::pin!(yard.process(verb, "alice@laptop", Until::End));
    std::future::poll_fn(|context| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        run.as_mut().poll(context)
    })
    .await;
    (counted.into_inner(), yard.inventory())
}

#[tokio::test(start_paused = true)]
async fn an_apply_that_was_killed_anywhere_is_brought_to_the_same_end() {
    let (all, undisturbed) = polls(7, None, Verb::Apply).await;
    for kill in 0..kills() {
        let yard = Yard::empty(7);
        let at = (kill + 1) * all / (kills() + 1);
        assert!(yard.process(Verb::Apply, "alice@laptop", Until::Polls(at)).await.is_none(), "killed at poll {at}");
        yard.run(Verb::Apply).await;
        assert_eq!(told(&yard.plan().await), Vec::<String>::new(), "killed at poll {at} of {all}");
        assert_eq!(yard.inventory(), undisturbed, "killed at poll {at} of {all}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_was_killed_anywhere_leaves_nothing_in_the_end() {
    let (all, nothing) = polls(8, Some(Verb::Apply), Verb::Destroy).await;
    for kill in 0..kills() {
        let yard = Yard::empty(8);
        yard.run(Verb::Apply).await;
        let at = (kill + 1) * all / (kills() + 1);
        assert!(yard.process(Verb::Destroy, "alice@laptop", Until::Polls(at)).await.is_none(), "killed at poll {at}");
        yard.run(Verb::Destroy).await;
        assert_eq!(yard.inventory(), nothing, "killed at poll {at} of {all}");
    }
}

/// A journal that cannot be written stops a process before the call that it could not note.
#[tokio::test(start_paused = true)]
async fn a_process_that_ends_at_any_record_is_brought_to_the_same_end() {
    let whole = Yard::empty(9);
    whole.run(Verb::Apply).await;
    let (records, undisturbed) = (whole.paper.records().len(), whole.inventory());
    for kill in 0..kills() as usize {
        let yard = Yard::empty(9);
        let at = (kill + 1) * records / (kills() as usize + 1);
        yard.paper.takes(Some(at));
        let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await;
        assert!(!matches!(ended, Some(Ok(tandem::deploy::apply::Ended::Done(_)))), "ended at record {at}");
        yard.paper.takes(None);
        yard.run(Verb::Apply).await;
        assert_eq!(yard.inventory(), undisturbed, "ended at record {at} of {records}");
    }
}
