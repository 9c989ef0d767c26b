//! How many calls a source may make: well below AWS's own limits, so that an operator's calls and
//! other tools find room.

use crate::host::Clock;
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Calls a second, with a burst.
pub(super) struct Budget {
    per_s: f64,
    burst: f64,
    state: Mutex<Option<(f64, Timestamp)>>,
}

impl Budget {
    pub fn new(per_s: f64, burst: f64) -> Self {
        Self { per_s, burst, state: Mutex::new(None) }
    }

    /// Waits until `calls` more may be made.
    pub async fn take(&self, clock: &Clock, calls: f64) {
        let wait = self.reserve(clock.now(), calls);
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
    }

    fn reserve(&self, now: Timestamp, calls: f64) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = state.unwrap_or((self.burst, now));
        let refilled = now.duration_since(since).as_secs_f64().max(0.0) * self.per_s;
        let left = (left + refilled).min(self.burst) - calls;
        *state = Some((left, now));
        if left >= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(-left / self.per_s) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_allows_a_burst_and_then_its_rate() {
        let (budget, start) = (Budget::new(2.0, 4.0), Timestamp::UNIX_EPOCH);
        assert!((0..4).all(|_| budget.reserve(start, 1.0).is_zero()));
        assert_eq!(budget.reserve(start, 1.0), Duration::from_millis(500));
        let later = start + jiff::SignedDuration::from_secs(10);
        assert_eq!(budget.reserve(later, 1.0), Duration::ZERO);
    }
}
