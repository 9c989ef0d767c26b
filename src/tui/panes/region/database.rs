//! What a Region's column says of its member of the global database.

use super::lines::{Line, SPARK};
use crate::model::database;
use crate::model::observed::elapsed;
use crate::model::snapshot::{RegionView, Snapshot};
use crate::tui::model::Topic;
use crate::tui::panes::database::{Lag, Proven, lag, proven};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, part};
use crate::tui::view::words::{self, Remark, remark};
use jiff::Timestamp;

/// The line, for columns that have so much room behind the labels.
pub fn line(snapshot: &Snapshot, view: &RegionView, now: Timestamp, rank: u8, room: usize) -> Line {
    let global = database::newest(snapshot);
    let Some(seen) = global else {
        if view.global.absent() {
            return Line::new(Topic::Aurora, rank, Remark::default(), vec![part(0, Role::Muted, "no global database")]);
        }
        return Line::new(Topic::Aurora, rank, remark(&view.global, now), vec![]);
    };
    let member = seen.value.as_ref().and_then(|global| global.member(&view.name));
    let Some(member) = member else {
        return Line::new(Topic::Aurora, rank, remark(seen, now), vec![part(0, Role::Muted, "no member here")]);
    };
    let mut parts = vec![part(3, Role::Text, if member.writer { "writer" } else { "reader" })];
    let spark = if member.writer {
        parts.push(commits(snapshot, view, now, room));
        None
    } else {
        parts.push(synchronisation(member.synchronization.as_deref(), remark(seen, now).words.last()));
        parts.extend(behind(view, now));
        spark(view)
    };
    parts.extend(status(view, now));
    let last_right = spark.is_some();
    parts.extend(spark);
    Line { last_right, ..Line::new(Topic::Aurora, rank, Remark::default(), parts) }
}

/// The one proof that the database takes writes.
fn commits(snapshot: &Snapshot, view: &RegionView, now: Timestamp, room: usize) -> Part {
    match proven(snapshot, &view.name, now) {
        Proven::Now(age) => part(0, Role::Text, format!("commits proven {}", words::ago(age))),
        Proven::Last(age) => part(0, Role::Stale, format!("last commit {}", words::ago(age))),
        Proven::Failing { since, last } => {
            let since =
                last.and_then(|age| now.checked_sub(jiff::SignedDuration::try_from(age).ok()?).ok()).unwrap_or(since);
            let long = format!("✖ NOT PROVEN since {}", words::clock(since));
            let short = format!("✖ NOT PROVEN {}", words::span(elapsed(since, now)));
            part(0, Role::Bad, if long.chars().count() <= room { long } else { short })
        }
        Proven::Elsewhere => part(0, Role::Warn, "▲ no commit here yet"),
        Proven::Never => part(0, Role::Unknown, "no commit seen yet"),
        Proven::Unwatched => part(0, Role::Muted, "no heartbeats"),
    }
}

fn synchronisation(state: Option<&str>, age: Option<&String>) -> Part {
    let said = state.unwrap_or("not told");
    match (state, age) {
        (_, Some(age)) => part(0, Role::Stale, format!("{said}, {age}")),
        (Some("connected"), None) => part(1, Role::Text, said),
        (Some(_), None) => part(0, Role::Bad, format!("✖ {said}")),
        (None, None) => part(1, Role::Unknown, format!("sync {said}")),
    }
}

fn behind(view: &RegionView, now: Timestamp) -> Vec<Part> {
    let (minute, role, tail) = match lag(view, now) {
        Lag::Untold => {
            let why = remark(&view.lag, now).words.last().map(|age| format!(", {age}")).unwrap_or_default();
            return vec![part(0, Role::Unknown, format!("no lag told{why}"))];
        }
        Lag::Frozen { minute } => {
            let ms = minute.behind_ms().unwrap_or_default();
            return vec![part(0, Role::Warn, format!("▲ lag FROZEN at {}", words::latency(ms)))];
        }
        Lag::Told { minute, age: None } => (minute, Role::Text, String::new()),
        Lag::Told { minute, age: Some(age) } => (minute, Role::Stale, format!(", {}", words::ago(age))),
    };
    let mut parts = vec![];
    if let Some(ms) = minute.behind_ms() {
        parts.push(part(0, role, format!("lag {}{tail}", words::latency(ms))));
    }
    if let Some(ms) = minute.rpo_ms {
        let role = if role == Role::Text { Role::Muted } else { role };
        parts.push(part(2, role, format!("RPO {}{tail}", words::seconds(ms))));
    }
    parts
}

/// Only what is out of the ordinary, and what is not current.
fn status(view: &RegionView, now: Timestamp) -> Option<Part> {
    if view.cluster.absent() {
        return Some(part(1, Role::Bad, "✖ no cluster"));
    }
    let status = view.cluster.value.as_ref().map(|cluster| cluster.status.as_str());
    let remark = remark(&view.cluster, now);
    let age = remark.words.last();
    match (status, age) {
        (Some("available"), None) => Some(part(4, Role::Muted, "available")),
        (Some(status), None) => Some(part(1, Role::Warn, format!("◔ {status}"))),
        (Some(status), Some(age)) => Some(part(2, Role::Stale, format!("{status}, {age}"))),
        (None, Some(age)) => Some(part(2, Role::Unknown, format!("cluster {age}"))),
        (None, None) => None,
    }
}

fn spark(view: &RegionView) -> Option<Part> {
    let minutes = &view.lag.value.as_ref()?.minutes;
    let values: Vec<Option<f64>> = minutes.iter().map(|(_, minute)| minute.behind_ms()).collect();
    let told = values.iter().any(Option::is_some) && view.lag.failing.is_none();
    told.then(|| part(3, Role::Spark, words::spark(&values, SPARK)))
}
