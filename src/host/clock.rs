//! The only time above `main`: pollers, windows, retries and the SDK's signatures all ask here.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::time::Instant;

/// A clock that can be shared. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// The machine's own time, for AWS, and when this clock was made.
    Wall(Instant),
    /// Simulated time that runs `speed` times as fast as tokio's clock (which a test may pause), and when it began.
    Scaled(watch::Sender<Pace>, Timestamp),
}

#[derive(Debug, Clone, Copy)]
struct Pace {
    since: Instant,
    then: Timestamp,
    speed: f64,
    /// Time stands still.
    held: bool,
}

impl Pace {
    fn now(&self) -> Timestamp {
        if self.held {
            return self.then;
        }
        let passed = self.since.elapsed().mul_f64(self.speed);
        SignedDuration::try_from(passed).ok().and_then(|d| self.then.checked_add(d).ok()).unwrap_or(Timestamp::MAX)
    }
}

/// The slowest and the fastest pace of a simulated clock.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=3600.0;

impl Clock {
    /// The machine's time.
    pub fn wall() -> Self {
        Self(Arc::new(Kind::Wall(Instant::now())))
    }

    /// Simulated time that begins at `start`. Needs a tokio runtime; `speed` is held to [`SPEEDS`].
    pub fn scaled(start: Timestamp, speed: f64) -> Self {
        let pace = Pace {
            since: Instant::now(),
            then: start,
            speed: speed.clamp(*SPEEDS.start(), *SPEEDS.end()),
            held: false,
        };
        Self(Arc::new(Kind::Scaled(watch::Sender::new(pace), start)))
    }

    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's time")]
            Kind::Wall(_) => Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH),
            Kind::Scaled(pace, _) => pace.borrow().now(),
        }
    }

    /// How much of this clock's time has passed since it was made. It never jumps, whatever the machine's time does.
    pub fn running(&self) -> Duration {
        match &*self.0 {
            Kind::Wall(since) => since.elapsed(),
            Kind::Scaled(pace, start) => {
                Duration::try_from(pace.borrow().now().duration_since(*start)).unwrap_or_default()
            }
        }
    }

    /// How many seconds of this clock pass in one of the machine's.
    pub fn speed(&self) -> f64 {
        match &*self.0 {
            Kind::Wall(_) => 1.0,
            Kind::Scaled(pace, _) => pace.borrow().speed,
        }
    }

    /// Changes the pace from now on, also for those who sleep already. The machine's time has no
    /// other pace: there it does nothing.
    pub fn set_speed(&self, speed: f64) {
        if let Kind::Scaled(pace, _) = &*self.0 {
            pace.send_modify(|pace| {
                *pace = Pace {
                    since: Instant::now(),
                    then: pace.now(),
                    speed: speed.clamp(*SPEEDS.start(), *SPEEDS.end()),
                    held: pace.held,
                };
            });
        }
    }

    /// Lets time stand still, or go on from where it stood. The machine's time does not stand still.
    pub fn hold(&self, held: bool) {
        if let Kind::Scaled(pace, _) = &*self.0 {
            pace.send_if_modified(|pace| {
                let changes = pace.held != held;
                *pace = Pace { since: Instant::now(), then: pace.now(), held, ..*pace };
                changes
            });
        }
    }

    /// Waits for this much of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        let Kind::Scaled(pace, _) = &*self.0 else { return tokio::time::sleep(duration).await };
        let mut changes = pace.subscribe();
        let Some(end) = SignedDuration::try_from(duration).ok().and_then(|d| self.now().checked_add(d).ok()) else {
            return std::future::pending().await;
        };
        loop {
            let pace = *changes.borrow_and_update();
            let left = Duration::try_from(end.duration_since(pace.now())).unwrap_or_default();
            tokio::select! {
                biased;
                changed = changes.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(left.div_f64(pace.speed)), if !pace.held => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn simulated_time_runs_at_its_pace() {
        let clock = Clock::scaled(Timestamp::UNIX_EPOCH, 60.0);
        let machine = Instant::now();
        clock.sleep(Duration::from_secs(600)).await;
        assert_eq!(clock.now().as_second(), 600);
        assert_eq!(machine.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_is_held_stands_still_for_those_who_sleep_too() {
        let clock = Clock::scaled(Timestamp::UNIX_EPOCH, 10.0);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(100)).await }
        });
        tokio::time::sleep(Duration::from_secs(4)).await;
        clock.hold(true);
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert!(!sleeper.is_finished() && clock.now().as_second() == 40);
        clock.hold(false);
        let machine = Instant::now();
        sleeper.await.unwrap();
        assert_eq!((machine.elapsed().as_secs(), clock.now().as_second()), (6, 100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_of_pace_reaches_those_who_sleep() {
        let clock = Clock::scaled(Timestamp::UNIX_EPOCH, 1.0);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(100)).await }
        });
        let machine = Instant::now();
        tokio::time::sleep(Duration::from_secs(10)).await;
        clock.set_speed(90.0);
        sleeper.await.unwrap();
        assert_eq!(machine.elapsed().as_secs(), 11);
    }
}
