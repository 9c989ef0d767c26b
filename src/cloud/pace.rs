//! Calls that must not come faster than a pace.

use crate::host::Clock;
use crate::model::observed::elapsed;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Lets one caller through every `gap`, in the order in which they came.
#[derive(Debug)]
pub struct Pacer {
    clock: Clock,
    gap: SignedDuration,
    next: Mutex<Timestamp>,
}

impl Pacer {
    pub fn new(clock: Clock, gap: Duration) -> Self {
        let gap = SignedDuration::try_from(gap).unwrap_or(SignedDuration::ZERO);
        Self { clock, gap, next: Mutex::new(Timestamp::MIN) }
    }

    /// Waits for one's turn.
    pub async fn turn(&self) {
        let now = self.clock.now();
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(now);
            *next = mine.checked_add(self.gap).unwrap_or(mine);
            mine
        };
        if mine > now {
            self.clock.sleep(elapsed(now, mine)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_fourth_call_waits_three_gaps() {
        let start = Timestamp::UNIX_EPOCH;
        let pacer = Pacer::new(Clock::scaled(start, 1.0), Duration::from_millis(400));
        for _ in 0..4 {
            pacer.turn().await;
        }
        assert_eq!(pacer.clock.now().as_millisecond(), 1200);
    }
}
