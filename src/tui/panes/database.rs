//! The global database in a few words: who writes, what is under way, whether another Region could take over.

use crate::model::database::{self, LagMinute, Redundancy, RoleChange};
use crate::model::observed::elapsed;
use crate::model::outcome::ErrorClass;
use crate::model::snapshot::{RegionView, Snapshot};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Word, part, word};
use crate::tui::view::words::{self, remark};
use jiff::Timestamp;
use std::time::Duration;

/// A lag's newest minute may be this old and still be said as now's: a minute's metric comes some minutes later
/// (assumed).
const LAG_OLDEST: Duration = Duration::from_secs(240);
/// A commit older than this is no proof of now (assumed): heartbeats come every few seconds.
pub const PROOF_OLDEST: Duration = Duration::from_secs(30);

/// The role of a Region's member, for the title of its column with so much room; nothing when no Region tells
/// of it, or when its age would not fit.
pub fn badge(snapshot: &Snapshot, region: &str, now: Timestamp, room: usize) -> Option<Word> {
    let mut wordings = [false, true].into_iter().filter_map(|short| badge_word(snapshot, region, now, short));
    wordings.find(|word| word.text.chars().count() <= room)
}

fn badge_word(snapshot: &Snapshot, region: &str, now: Timestamp, short: bool) -> Option<Word> {
    let seen = database::newest(snapshot)?;
    let member = seen.value.as_ref()?.member(region)?;
    let said = match (member.writer, member.forwarding.as_deref()) {
        (true, _) if short => "◆",
        (true, _) => "◆ WRITER",
        (false, Some("enabled")) if !short => "forwards writes",
        (false, _) => "reader",
    };
    match remark(seen, now).words.last() {
        None if member.writer => Some(word(Role::Accent, format!("{said} "))),
        None => Some(word(Role::Muted, format!("{said} "))),
        Some(age) => Some(word(Role::Stale, format!("{said}? {age} "))),
    }
}

/// What the header says; nothing where there is no global database.
pub fn header(snapshot: &Snapshot, now: Timestamp) -> Vec<Part> {
    let Some(seen) = database::newest(snapshot) else {
        let asked = snapshot.regions.iter().any(|view| view.global.failing.is_some() && !view.global.absent());
        return if asked { vec![part(2, Role::Unknown, "? writer UNKNOWN")] } else { vec![] };
    };
    let mut parts = vec![];
    let writer = database::writer(snapshot);
    match (remark(seen, now).words.last(), writer) {
        (None, Some(writer)) if matches!(proven(snapshot, writer, now), Proven::Failing { .. }) => {
            parts.push(part(2, Role::Bad, format!("✖ writer {writer} NOT PROVEN")));
        }
        (None, Some(writer)) => parts.push(part(3, Role::Text, format!("writer {writer}"))),
        (None, None) => parts.push(part(2, Role::Bad, "✖ no writer")),
        (Some(_), None) => parts.push(part(2, Role::Unknown, "? writer UNKNOWN")),
        (Some(age), Some(writer)) => {
            parts.push(part(2, Role::Unknown, "? writer UNKNOWN"));
            parts.push(part(5, Role::Stale, format!("was {writer}, {age}")));
        }
    }
    if let Some(change) = database::under_way(snapshot) {
        parts.push(part(1, Role::Warn, format!("◔ {}", under_way(change))));
    }
    if let Redundancy::Lost { .. } = database::redundancy(snapshot, now) {
        parts.push(part(1, Role::Danger, " REDUNDANCY LOST "));
    }
    parts.extend(worst(snapshot, now));
    parts
}

/// `failing over to eu-west-1`
pub fn under_way(change: &RoleChange) -> String {
    let what = match change.status.as_str() {
        "pending" => "role change pending",
        "switching-over" => "switching over",
        "failing-over" => "failing over",
        "cancelling" => "cancelling the role change",
        other => other,
    };
    change.to.as_ref().map_or_else(|| what.to_string(), |to| format!("{what} to {to}"))
}

/// The lag of the secondary that is furthest behind.
fn worst(snapshot: &Snapshot, now: Timestamp) -> Option<Part> {
    let global = database::newest(snapshot)?.value.as_ref()?;
    let secondaries = global.members.iter().filter(|member| !member.writer);
    let lags: Vec<Lag> = secondaries.filter_map(|member| Some(lag(snapshot.region(&member.region)?, now))).collect();
    let ms = |lag: &Lag| lag.minute().and_then(LagMinute::behind_ms);
    let known = lags.iter().filter(|lag| matches!(lag, Lag::Told { age: None, .. }));
    let worst = known.filter_map(ms).max_by(f64::total_cmp);
    let blind = lags.iter().filter(|lag| !matches!(lag, Lag::Told { age: None, .. })).count();
    match (worst, blind) {
        (Some(ms), 0) => Some(part(4, Role::Text, format!("lag {}", words::latency(ms)))),
        (Some(ms), blind) => Some(part(4, Role::Unknown, format!("lag {}, {blind} not known", words::latency(ms)))),
        (None, 0) => None,
        (None, _) => Some(part(4, Role::Unknown, "lag UNKNOWN")),
    }
}

/// How far a secondary is behind, and whether that can be said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lag {
    /// `age` is there when the minute is not of now: since its end.
    Told { minute: LagMinute, age: Option<Duration> },
    /// The metric stands still, so it says nothing.
    Frozen { minute: LagMinute },
    /// No minute tells one.
    Untold,
}

impl Lag {
    pub fn minute(&self) -> Option<&LagMinute> {
        match self {
            Lag::Told { minute, .. } | Lag::Frozen { minute } => Some(minute),
            Lag::Untold => None,
        }
    }
}

pub fn lag(view: &RegionView, now: Timestamp) -> Lag {
    let Some(seen) = &view.lag.value else { return Lag::Untold };
    let newest = seen.minutes.iter().rev().find(|(_, minute)| minute.worst_ms().is_some());
    let Some((start, minute)) = newest else { return Lag::Untold };
    if seen.frozen() {
        return Lag::Frozen { minute: *minute };
    }
    let age = elapsed(*start, now).saturating_sub(Duration::from_secs(60));
    let current = view.lag.current(now).is_some() && age <= LAG_OLDEST;
    Lag::Told { minute: *minute, age: (!current).then_some(age) }
}

/// Whether the writer is proven to take writes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Proven {
    /// A commit so long ago.
    Now(Duration),
    /// Nobody has written since, or nobody has looked.
    Last(Duration),
    /// Commits fail: since when, the age of the last good one.
    Failing {
        since: Timestamp,
        last: Option<Duration>,
    },
    /// The last commit was in another Region.
    Elsewhere,
    Never,
    /// No user of the database writes heartbeats.
    Unwatched,
}

pub fn proven(snapshot: &Snapshot, region: &str, now: Timestamp) -> Proven {
    if snapshot.lacks.heartbeats {
        return Proven::Unwatched;
    }
    let seen = &snapshot.proof;
    let here = seen.value.as_ref().filter(|proof| proof.region == region);
    let age = here.map(|proof| elapsed(proof.sent, now));
    match (&seen.failing, age) {
        (Some(failing), _) if failing.why.class == ErrorClass::NotFound && seen.value.is_none() => Proven::Never,
        (Some(failing), last) => Proven::Failing { since: failing.since, last },
        (None, Some(age)) if seen.current(now).is_some() && age <= PROOF_OLDEST => Proven::Now(age),
        (None, Some(age)) => Proven::Last(age),
        (None, None) if seen.value.is_some() => Proven::Elsewhere,
        (None, None) => Proven::Never,
    }
}
