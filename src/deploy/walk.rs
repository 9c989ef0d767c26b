//! Walks a graph: a node begins when all that it waits for has ended well.

use crate::probe::Boxed;
use std::future::poll_fn;
use std::task::{Context, Poll};

/// How a node's part of a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Well,
    /// What waits for it does not begin.
    Badly,
}

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waits,
    Runs,
    Ended(End),
}

/// Runs what `begin` makes of each place of `waits_for`, as soon as everything that it waits for has ended
/// well. `None` from `begin`: no more is begun. Ends when nothing runs any more; what could not begin never
/// did. All futures are polled by the caller, in the order of their places.
pub async fn walk<'a>(waits_for: &[Vec<usize>], mut begin: impl FnMut(usize) -> Option<Boxed<'a, End>>) {
    let mut states = vec![State::Waits; waits_for.len()];
    let mut running: Vec<Option<Boxed<'a, End>>> = waits_for.iter().map(|_| None).collect();
    let mut stopped = false;
    poll_fn(|context| {
        loop {
            if !stopped {
                stopped = !start(waits_for, &mut states, &mut running, &mut begin);
            }
            if !advance(&mut states, &mut running, context) {
                break;
            }
        }
        if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Begins what can begin. Whether more may begin later.
fn start<'a>(
    waits_for: &[Vec<usize>],
    states: &mut [State],
    running: &mut [Option<Boxed<'a, End>>],
    begin: &mut impl FnMut(usize) -> Option<Boxed<'a, End>>,
) -> bool {
    for place in 0..states.len() {
        let free = || waits_for[place].iter().all(|other| states[*other] == State::Ended(End::Well));
        if states[place] == State::Waits && free() {
            let Some(future) = begin(place) else { return false };
            running[place] = Some(future);
            states[place] = State::Runs;
        }
    }
    true
}

/// Polls everything that runs. Whether something ended.
fn advance(states: &mut [State], running: &mut [Option<Boxed<'_, End>>], context: &mut Context<'_>) -> bool {
    let mut ended = false;
    for (state, slot) in states.iter_mut().zip(running) {
        let Some(future) = slot else { continue };
        if let Poll::Ready(end) = future.as_mut().poll(context) {
            *slot = None;
            *state = State::Ended(end);
            ended = true;
        }
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::time::Duration;

    /// What began and ended, in order, when place 1 ends as told.
    async fn walked(end: End, most: usize) -> Vec<String> {
        let told = Mutex::new(vec![]);
        let waits_for = [vec![], vec![0], vec![0], vec![1, 2]];
        let mut begun = 0;
        walk(&waits_for, |place| {
            begun += 1;
            if begun > most {
                return None;
            }
            let told = &told;
            told.lock().unwrap().push(format!("+{place}"));
            Some(Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(10 - place as u64)).await;
                told.lock().unwrap().push(format!("-{place}"));
                if place == 1 { end } else { End::Well }
            }))
        })
        .await;
        told.into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_begins_when_all_that_it_waits_for_has_ended_well() {
        assert_eq!(walked(End::Well, 9).await, ["+0", "-0", "+1", "+2", "-2", "-1", "+3", "-3"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_stops_its_branch_only() {
        assert_eq!(walked(End::Badly, 9).await, ["+0", "-0", "+1", "+2", "-2", "-1"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_runs_is_finished_when_no_more_may_begin() {
        assert_eq!(walked(End::Well, 2).await, ["+0", "-0", "+1", "-1"]);
    }
}
