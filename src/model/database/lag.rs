//! How far a secondary is behind, and what a failover would lose.

use crate::model::json::maybe_float;
use crate::model::observed::elapsed;
use crate::model::snapshot::RegionView;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One minute of a secondary's lag, milliseconds: the maximum of the minute. The writer has none, and neither
/// has a member that is not connected: absent is not zero (Aurora User Guide, CloudWatch metrics).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LagMinute {
    #[serde(with = "maybe_float")]
    pub replication_ms: Option<f64>,
    #[serde(with = "maybe_float")]
    pub rpo_ms: Option<f64>,
    #[serde(with = "maybe_float")]
    pub progress_ms: Option<f64>,
}

impl LagMinute {
    /// How far the member is behind: the replication lag, else the RPO lag.
    pub fn behind_ms(&self) -> Option<f64> {
        self.replication_ms.or(self.rpo_ms)
    }

    /// What a failover would lose: the RPO lag, else the replication lag (Aurora User Guide, disaster recovery).
    pub fn worst_ms(&self) -> Option<f64> {
        match (self.rpo_ms, self.replication_ms) {
            (Some(rpo), Some(replication)) => Some(rpo.max(replication)),
            (one, other) => one.or(other),
        }
    }
}

/// The last minutes of a secondary's lag, oldest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LagView {
    pub minutes: Vec<(Timestamp, LagMinute)>,
}

/// Minutes with the very same lag after which a metric is taken to be frozen (assumed): a real one never
/// stands still to the last digit.
const FROZEN: usize = 5;

impl LagView {
    /// The newest minute that tells a lag.
    pub fn last(&self) -> Option<(Timestamp, f64)> {
        self.minutes.iter().rev().find_map(|(at, minute)| Some((*at, minute.worst_ms()?)))
    }

    /// Whether the metric has stood still for so long that it says nothing.
    pub fn frozen(&self) -> bool {
        let mut told = self.minutes.iter().rev().filter_map(|(_, minute)| minute.worst_ms()).take(FROZEN);
        let Some(newest) = told.next() else { return false };
        let rest: Vec<f64> = told.collect();
        rest.len() + 1 == FROZEN && rest.iter().all(|value| value.to_bits() == newest.to_bits())
    }
}

/// What promoting a Region would lose of the writes that were acknowledged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// At most the writes of this long: the last lag, and the time since it was true.
    AtMost { bound: Duration, lag: Duration, age: Duration },
    /// No lag is known that could be trusted.
    Unknown { frozen: bool },
}

impl Loss {
    pub fn words(self) -> String {
        match self {
            Loss::AtMost { bound, lag, age } => format!(
                "at most the writes of {:.1} s: last lag {:.1} s, told {:.0} s ago",
                bound.as_secs_f64(),
                lag.as_secs_f64(),
                age.as_secs_f64()
            ),
            Loss::Unknown { frozen: true } => "UNKNOWN: the lag's metric stands still".into(),
            Loss::Unknown { frozen: false } => "UNKNOWN: no lag was ever told".into(),
        }
    }
}

/// What promoting `region` would lose now: its last good lag plus the age of it, which is never less than
/// what is really lost.
pub fn predicted_loss(region: &RegionView, now: Timestamp) -> Loss {
    let Some(view) = &region.lag.value else { return Loss::Unknown { frozen: false } };
    if view.frozen() {
        return Loss::Unknown { frozen: true };
    }
    match view.last() {
        Some((at, ms)) => {
            let (lag, age) = (Duration::from_secs_f64(ms.max(0.0) / 1000.0), elapsed(at, now));
            Loss::AtMost { bound: lag + age, lag, age }
        }
        None => Loss::Unknown { frozen: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};

    fn view(lags: &[f64]) -> LagView {
        let minute = |(place, ms): (usize, &f64)| {
            let at = now() - jiff::SignedDuration::from_mins((lags.len() - place) as i64);
            (at, LagMinute { rpo_ms: Some(*ms), ..LagMinute::default() })
        };
        LagView { minutes: lags.iter().enumerate().map(minute).collect() }
    }

    #[test]
    fn a_loss_is_the_last_lag_and_its_age() {
        let mut region = snapshot().regions[1].clone();
        region.lag.seen(view(&[300.0, 900.0]), now());
        let Loss::AtMost { bound, lag, age } = predicted_loss(&region, now()) else { panic!("a lag was told") };
        assert_eq!((lag.as_millis(), age.as_secs(), bound.as_millis()), (900, 60, 60_900));
    }

    #[test]
    fn a_metric_that_stands_still_says_nothing() {
        let mut region = snapshot().regions[1].clone();
        region.lag.seen(view(&[200.0, 84.0, 84.0, 84.0, 84.0, 84.0]), now());
        assert_eq!(predicted_loss(&region, now()), Loss::Unknown { frozen: true });
        region.lag.seen(view(&[84.0, 84.0, 84.0, 84.0]), now());
        assert!(matches!(predicted_loss(&region, now()), Loss::AtMost { .. }), "four minutes may agree by chance");
    }

    #[test]
    fn absent_is_not_zero() {
        let mut region = snapshot().regions[1].clone();
        region.lag.seen(LagView { minutes: vec![(now(), LagMinute::default())] }, now());
        assert_eq!(predicted_loss(&region, now()), Loss::Unknown { frozen: false });
    }
}
