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
    /// Writes that were acknowledged to whoever made them.
    pub writes: Writes,
}

/// What was written: rows in databases and sessions in tables.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    log: Vec<Ack>,
    /// Rows that were acknowledged, by the epoch under which they were.
    pub rows: BTreeMap<u64, u64>,
    /// Sessions that were acknowledged.
    pub sessions: u64,
    /// Acknowledged rows that no member of the database has any more.
    pub rows_lost: u64,
    /// Acknowledged rows by a writer that was no longer the one, after the next epoch had begun.
    pub rows_split: u64,
    /// Sessions that were read in an older version than one acknowledged before.
    pub stale_reads: u64,
}

/// Writes of one second that were acknowledged to clients in one Region. Those of an acknowledgement are
/// spread evenly over its second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ack {
    /// The beginning of the second.
    pub at: Moment,
    pub what: Written,
    /// The Region whose clients wrote.
    pub via: String,
    /// The Region that stored it.
    pub stored: String,
    pub count: u64,
    /// Which writer of the database it was: 1 for the first, one more with every promotion. 0 for sessions.
    pub epoch: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Written {
    Row,
    Session,
}

impl Writes {
    /// The newest acknowledgements, oldest first.
    pub fn log(&self) -> &[Ack] {
        &self.log
    }

    /// Rows that were acknowledged in all.
    pub fn rows_acknowledged(&self) -> u64 {
        self.rows.values().sum()
    }
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

    /// Writes down what was acknowledged. Every acknowledged write comes here, whoever made it.
    pub fn acknowledge(&mut self, ack: Ack) {
        if ack.count == 0 {
            return;
        }
        match ack.what {
            Written::Row => *self.writes.rows.entry(ack.epoch).or_default() += ack.count,
            Written::Session => self.writes.sessions += ack.count,
        }
        let Ack { at, what, via, stored, count, epoch } = &ack;
        self.digest.update(format!("{} {what:?} {via} {stored} {count} {epoch}\n", at.0));
        self.writes.log.push(ack);
        if self.writes.log.len() > 2 * KEPT {
            self.writes.log.drain(..KEPT);
        }
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
