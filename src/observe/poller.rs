//! One source, looked at again and again.

use super::Eyes;
use super::budget::Budget;
use crate::model::observed::Observed;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::{RegionView, Snapshot};
use jiff::Timestamp;
use std::time::Duration;

/// However fast the clock runs, a source is looked at no more often than this of the machine's time.
const LEAST_WALL: Duration = Duration::from_millis(250);
/// However long a source fails, it is tried again after at most this.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// Where the value of a source stands in the snapshot.
pub(super) type Place<T> = Box<dyn Fn(&mut Snapshot) -> Option<&mut Observed<T>> + Send + Sync>;

/// The place of a source of one Region.
pub(super) fn of_region<T: 'static>(region: &str, pick: fn(&mut RegionView) -> &mut Observed<T>) -> Place<T> {
    let name = region.to_string();
    Box::new(move |snapshot: &mut Snapshot| snapshot.regions.iter_mut().find(|region| region.name == name).map(pick))
}

/// No more often than the machine can bear at this pace of the clock.
pub(super) fn bearable(eyes: &Eyes, every: Duration) -> Duration {
    every.max(LEAST_WALL.mul_f64(eyes.clock.speed()))
}

/// How a source is paced.
pub(super) struct Pace<'a> {
    pub every: Duration,
    pub budget: &'a Budget,
    /// Calls of one look.
    pub calls: f64,
}

/// Looks once, and writes down what came of it. Tells how long to wait before the next look.
pub(super) async fn look<T>(
    eyes: &Eyes,
    pace: Pace<'_>,
    failures: &mut u32,
    place: &Place<T>,
    look: impl Future<Output = Result<T, CallError>>,
) -> Duration {
    look_dated(eyes, pace, failures, place, async { Ok((look.await?, None)) }).await
}

/// The same for what tells itself when it was true; `None`: when it was asked for.
pub(super) async fn look_dated<T>(
    eyes: &Eyes,
    pace: Pace<'_>,
    failures: &mut u32,
    place: &Place<T>,
    look: impl Future<Output = Result<(T, Option<Timestamp>), CallError>>,
) -> Duration {
    let every = bearable(eyes, pace.every);
    pace.budget.take(&eyes.clock, pace.calls).await;
    let asked = eyes.board.now();
    let result = look.await;
    let throttled = matches!(&result, Err(e) if e.class == ErrorClass::Throttled);
    *failures = if result.is_ok() { 0 } else { *failures + 1 };
    eyes.board.update(|snapshot| {
        let Some(observed) = place(snapshot) else { return };
        observed.every = every;
        match result {
            Ok((value, at)) => observed.seen(value, at.unwrap_or(asked)),
            Err(why) => observed.failed(why, asked),
        }
    });
    if throttled { backoff(every, *failures).max(every) } else { backoff(every, *failures) }
}

/// Twice the wait with every failure, up to a bound that still sees a recovery soon.
fn backoff(every: Duration, failures: u32) -> Duration {
    if failures == 0 {
        return every;
    }
    let doubled = every.saturating_mul(1 << failures.min(6));
    doubled.min(LONGEST_BACKOFF.max(every))
}

/// What another source saw last; while it has seen nothing yet, why not.
pub(super) async fn seen<T: Clone>(
    eyes: &Eyes,
    pick: impl Fn(&Snapshot) -> Option<&Observed<T>>,
) -> Result<T, CallError> {
    loop {
        let seen = eyes.board.read(|snapshot| {
            let source = pick(snapshot)?;
            match (&source.value, &source.failing) {
                (Some(value), _) => Some(Ok(value.clone())),
                (None, Some(failing)) => Some(Err(failing.why.clone())),
                (None, None) => None,
            }
        });
        match seen {
            Some(seen) => return seen,
            None => eyes.clock.sleep(Duration::from_millis(200)).await,
        }
    }
}

/// Waits for the next look; a ring for refresh comes first. Tells whether it rang.
pub(super) async fn pause(eyes: &Eyes, wait: Duration) -> bool {
    tokio::select! {
        biased;
        () = eyes.refresh.notified() => true,
        () = rest(eyes, wait) => false,
    }
}

/// The same at one pace, whether anybody looks or not.
pub(super) async fn pause_steady(eyes: &Eyes, wait: Duration) -> bool {
    tokio::select! {
        biased;
        () = eyes.refresh.notified() => true,
        () = eyes.clock.sleep(wait) => false,
    }
}

/// Waits, and once more as long when nobody looks at what would be seen.
pub(super) async fn rest(eyes: &Eyes, wait: Duration) {
    eyes.clock.sleep(wait).await;
    if eyes.attention.slow() {
        eyes.clock.sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::backoff;
    use std::time::Duration;

    #[test]
    fn failures_slow_a_source_down_to_a_bound() {
        let every = Duration::from_secs(5);
        let waits: Vec<u64> = (0..5).map(|failures| backoff(every, failures).as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 30, 30]);
        assert_eq!(backoff(Duration::from_secs(60), 3).as_secs(), 60);
    }
}
