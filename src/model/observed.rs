//! A thing that was looked at, with the age of the look. Missing is not zero, old is not current,
//! and a look that failed says nothing of the thing.

use crate::model::outcome::{CallError, ErrorClass};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The last good look at something, and how looking goes since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observed<T> {
    pub value: Option<T>,
    /// When the value was true.
    pub at: Option<Timestamp>,
    /// Set while looking fails: since when, and why the last look failed.
    pub failing: Option<Failing>,
    /// How often it is meant to be looked at.
    pub every: Duration,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failing {
    pub since: Timestamp,
    pub why: CallError,
}

/// How far a value can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub enum Freshness {
    /// Looked at when it should have been.
    Fresh(Duration),
    /// The next look is overdue, but none has failed.
    Late(Duration),
    /// Looks fail: the age of the last good one, if there was one.
    Failed { age: Option<Duration>, since: Duration },
    /// Never seen and never failed.
    Never,
}

impl<T> Observed<T> {
    pub fn never(every: Duration) -> Self {
        Self { value: None, at: None, failing: None, every }
    }

    pub fn seen(&mut self, value: T, at: Timestamp) {
        self.value = Some(value);
        self.at = Some(at);
        self.failing = None;
    }

    /// A look failed at `at`; the last good value stays.
    pub fn failed(&mut self, why: CallError, at: Timestamp) {
        let since = self.failing.as_ref().map_or(at, |failing| failing.since);
        self.failing = Some(Failing { since, why });
    }

    /// Whether looking found that there is no such thing.
    pub fn absent(&self) -> bool {
        self.value.is_none() && self.failing.as_ref().is_some_and(|failing| failing.why.class == ErrorClass::NotFound)
    }

    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        self.at.map(|at| elapsed(at, now))
    }

    pub fn freshness(&self, now: Timestamp) -> Freshness {
        match (&self.failing, self.age(now)) {
            (Some(failing), age) => Freshness::Failed { age, since: elapsed(failing.since, now) },
            (None, None) => Freshness::Never,
            (None, Some(age)) if age > self.every * 3 + Duration::from_secs(2) => Freshness::Late(age),
            (None, Some(age)) => Freshness::Fresh(age),
        }
    }

    /// The value, only when it may be acted upon.
    pub fn current(&self, now: Timestamp) -> Option<&T> {
        match self.freshness(now) {
            Freshness::Fresh(_) => self.value.as_ref(),
            _ => None,
        }
    }
}

/// The time from one moment to a later one; zero when it is not later.
pub fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(s: i64) -> Timestamp {
        Timestamp::from_second(s).unwrap()
    }

    #[test]
    fn a_value_grows_late_and_a_failure_keeps_it() {
        let mut tasks = Observed::never(Duration::from_secs(5));
        assert_eq!(tasks.freshness(second(0)), Freshness::Never);
        tasks.seen(6, second(10));
        assert_eq!(tasks.freshness(second(12)), Freshness::Fresh(Duration::from_secs(2)));
        assert_eq!(tasks.freshness(second(40)), Freshness::Late(Duration::from_secs(30)));
        tasks.failed(CallError::new(ErrorClass::Timeout, "no answer"), second(50));
        tasks.failed(CallError::new(ErrorClass::Timeout, "no answer"), second(60));
        let expected = Freshness::Failed { age: Some(Duration::from_secs(60)), since: Duration::from_secs(20) };
        assert_eq!(tasks.freshness(second(70)), expected);
        assert_eq!((tasks.value, tasks.current(second(70))), (Some(6), None));
    }
}
