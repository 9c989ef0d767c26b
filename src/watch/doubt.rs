//! Whether this machine can be trusted: its clock goes as time does, and its disk takes what is written.

use crate::host::{Clock, Disk};
use crate::model::observed::elapsed;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How far the clock may go away from time between two rounds: it is slewed, not set.
const DRIFT: Duration = Duration::from_secs(5);

/// Compares the clock with time that nobody sets.
pub struct Steady {
    clock: Clock,
    last: (Timestamp, Instant),
}

impl Steady {
    pub fn new(clock: Clock) -> Self {
        let last = (clock.now(), Instant::now());
        Self { clock, last }
    }

    /// What is wrong with the clock since it was last asked.
    pub fn doubt(&mut self) -> Option<String> {
        let (now, instant) = (self.clock.now(), Instant::now());
        let (before, then) = std::mem::replace(&mut self.last, (now, instant));
        let speed = self.clock.speed();
        let passed = (instant - then).mul_f64(speed);
        let told = if now >= before { elapsed(before, now) } else { Duration::ZERO };
        let apart = told.abs_diff(passed);
        (now < before || apart > DRIFT.mul_f64(speed.max(1.0)))
            .then(|| format!("the clock says that {} s passed, and {} s did", told.as_secs(), passed.as_secs()))
    }
}

/// A small file that is written again and again, beside the journals.
#[derive(Clone)]
pub struct Paper {
    pub disk: Arc<dyn Disk>,
    pub path: PathBuf,
}

impl Paper {
    /// Why nothing could be journalled now.
    pub fn doubt(&self, now: Timestamp) -> Option<String> {
        let why = self.disk.replace(&self.path, &format!("{now}\n")).err()?;
        Some(format!("{} cannot be written: {why}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_was_held_is_doubted_once() {
        let clock = Clock::scaled(Timestamp::UNIX_EPOCH, 1.0);
        let mut steady = Steady::new(clock.clone());
        clock.sleep(Duration::from_secs(10)).await;
        assert_eq!(steady.doubt(), None);
        clock.hold(true);
        tokio::time::sleep(Duration::from_secs(60)).await;
        clock.hold(false);
        assert_eq!(steady.doubt().unwrap(), "the clock says that 0 s passed, and 60 s did");
        clock.sleep(Duration::from_secs(10)).await;
        assert_eq!(steady.doubt(), None);
    }
}
