//! The session table: its replicas, and how long sessions take from one Region to another.

use super::json::series;
use super::observed::elapsed;
use super::snapshot::Snapshot;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// The table as one Region tells it (DynamoDB API Reference, TableDescription). Statuses are AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    pub name: String,
    pub status: String,
    /// `EVENTUAL` or `STRONG`; absent for a table of one Region.
    pub consistency: Option<String>,
    /// Every replica but the one that tells.
    pub replicas: Vec<ReplicaView>,
    /// As of some six hours ago.
    pub items: Option<u64>,
    pub billing: Option<String>,
    pub deletion_protection: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaView {
    pub region: String,
    pub status: String,
    /// While it is made: percent.
    pub progress: Option<String>,
}

/// `ReplicationLatency` in the last minutes, milliseconds, as the sending Region tells it: by the receiving
/// Region, oldest first. A minute without replication has none, and 0 may mean that it is stalled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReplicationView {
    #[serde(with = "series")]
    pub to: BTreeMap<String, Vec<(Timestamp, f64)>>,
}

/// The newest canary of another Region that was found here. Canaries are sessions that Tandem writes where
/// writing is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When it was written there.
    pub sent: Timestamp,
    /// How long it took to be seen here, when that was watched.
    pub took: Option<Duration>,
}

/// How sessions get from one Region to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// They arrive.
    Arrives { took: Option<Duration> },
    /// The newest that arrived is so old that newer ones must be held up.
    Held { since: Duration },
    /// Nobody has proven it lately; the age of the last proof, if there was one.
    Unproven { last: Option<Duration> },
    /// The table is somebody else's: nothing of ours is written to it, so nothing can be proven.
    Unwatched,
}

/// How often a canary is written. One that is twice as old as canaries are looked for, and a little, is held up.
pub const CANARY_EVERY: Duration = Duration::from_secs(15);

/// How sessions that are written in `from` arrive in `to`.
pub fn flow(snapshot: &Snapshot, from: &str, to: &str, now: Timestamp) -> Flow {
    if snapshot.lacks.canaries {
        return Flow::Unwatched;
    }
    let Some(receiver) = snapshot.region(to) else { return Flow::Unproven { last: None } };
    let seen = receiver.arrivals.value.as_ref().and_then(|arrivals| arrivals.get(from));
    let Some(arrival) = seen else { return Flow::Unproven { last: None } };
    let age = elapsed(arrival.sent, now);
    if receiver.arrivals.current(now).is_none() {
        return Flow::Unproven { last: Some(age) };
    }
    // A canary that is old because nobody wrote another is not held up.
    let newer = snapshot.region(from).and_then(|sender| sender.canary.value).filter(|sent| *sent > arrival.sent);
    match newer {
        _ if age <= held_after(receiver.arrivals.every) => Flow::Arrives { took: arrival.took },
        Some(_) => Flow::Held { since: age },
        None => Flow::Unproven { last: Some(age) },
    }
}

/// Where the clock is fast, or canaries are only read, they are looked for less often.
fn held_after(every: Duration) -> Duration {
    every.max(CANARY_EVERY) * 2 + Duration::from_secs(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use jiff::SignedDuration;

    fn arrived(ago_s: i64, written_ago_s: i64) -> Flow {
        let mut seen = snapshot();
        let arrival =
            Arrival { sent: now() - SignedDuration::from_secs(ago_s), took: Some(Duration::from_millis(800)) };
        seen.regions[1].arrivals.seen(BTreeMap::from([("us-east-1".to_string(), arrival)]), now());
        seen.regions[0].canary.seen(now() - SignedDuration::from_secs(written_ago_s), now());
        flow(&seen, "us-east-1", "eu-west-1", now())
    }

    #[test]
    fn sessions_are_held_when_a_newer_one_was_written_and_only_an_old_one_came() {
        assert_eq!(arrived(10, 10), Flow::Arrives { took: Some(Duration::from_millis(800)) });
        assert_eq!(arrived(50, 5), Flow::Held { since: Duration::from_secs(50) });
        assert_eq!(arrived(300, 300), Flow::Unproven { last: Some(Duration::from_secs(300)) }, "nobody writes");
    }

    #[test]
    fn nothing_is_proven_of_a_table_that_is_somebody_elses() {
        let mut seen = snapshot();
        seen.lacks.canaries = true;
        assert_eq!(flow(&seen, "us-east-1", "eu-west-1", now()), Flow::Unwatched);
    }

    #[test]
    fn what_was_never_seen_is_unproven() {
        let mut seen = snapshot();
        seen.regions[1].arrivals.value = None;
        assert_eq!(flow(&seen, "us-east-1", "eu-west-1", now()), Flow::Unproven { last: None });
    }
}
