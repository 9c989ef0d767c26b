//! What really happened, for tests and for checking drills. Nothing that acts may read it.

use crate::moment::Moment;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One true event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    pub at: Moment,
    /// Of a small fixed vocabulary: `task.running`, `fault.begun`, `user.moved`, ...
    pub kind: &'static str,
    /// Where; `global` for what has no Region.
    pub region: String,
    pub what: String,
}

/// The log, and what users got in all.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    events: Vec<Event>,
    digest: Sha256,
    kinds: BTreeMap<&'static str, u64>,
    /// By place and minute.
    pub served: BTreeMap<(Moment, &'static str), Served>,
}

/// What the users of one place got in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Served {
    pub ok: u64,
    pub failed: u64,
}

/// How many events are kept; the digest and the counts cover all of them.
const KEPT: usize = 20_000;

impl Truth {
    pub fn note(&mut self, at: Moment, kind: &'static str, region: &str, what: impl Into<String>) {
        let event = Event { at, kind, region: region.to_string(), what: what.into() };
        self.digest.update(format!("{} {} {} {}\n", event.at.0, event.kind, event.region, event.what));
        *self.kinds.entry(kind).or_default() += 1;
        self.events.push(event);
        if self.events.len() > 2 * KEPT {
            self.events.drain(..KEPT);
        }
    }

    /// Counts what users of `place` got.
    pub fn serve(&mut self, at: Moment, place: &'static str, ok: u64, failed: u64) {
        let minute = self.served.entry((at.floor(60), place)).or_default();
        minute.ok += ok;
        minute.failed += failed;
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How often each kind of event came.
    pub fn kinds(&self) -> &BTreeMap<&'static str, u64> {
        &self.kinds
    }

    /// A hash over every event and over what users got: equal worlds have equal ones.
    pub fn digest(&self) -> String {
        let mut digest = self.digest.clone();
        for ((minute, place), served) in &self.served {
            digest.update(format!("{} {place} {} {}\n", minute.0, served.ok, served.failed));
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Requests that users made, and how many of them failed.
    pub fn requests(&self) -> (u64, u64) {
        self.served.values().fold((0, 0), |(all, failed), s| (all + s.ok + s.failed, failed + s.failed))
    }
}
