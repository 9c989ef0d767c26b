//! What a Region's column says of the session table: whether sessions of the other Regions arrive, and how long
//! that takes.

use super::lines::{Line, SPARK};
use crate::model::sessions::{Flow, flow};
use crate::model::snapshot::{RegionView, Snapshot};
use crate::tui::model::Topic;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, part};
use crate::tui::view::words::{self, Remark, remark};
use jiff::Timestamp;

pub fn line(snapshot: &Snapshot, view: &RegionView, now: Timestamp, rank: u8, room: usize) -> Line {
    if view.table.absent() {
        return Line::new(Topic::Sessions, rank, Remark::default(), vec![part(0, Role::Bad, "✖ no table")]);
    }
    let mut parts = vec![];
    let remark = remark(&view.table, now);
    match view.table.value.as_ref().map(|table| table.status.as_str()) {
        Some("ACTIVE") => parts.push(part(if remark.current() { 4 } else { 0 }, Role::Muted, "ACTIVE")),
        Some(status) => parts.push(part(0, Role::Warn, format!("◔ {status}"))),
        None => {}
    }
    if !remark.current() {
        return Line::new(Topic::Sessions, rank, remark, parts);
    }
    let peers = snapshot.regions.iter().filter(|peer| peer.name != view.name);
    let mut flows: Vec<(&RegionView, Flow)> =
        peers.map(|peer| (peer, flow(snapshot, &peer.name, &view.name, now))).collect();
    flows.sort_by_key(|(_, flow)| std::cmp::Reverse(badness(flow)));
    let worst = flows.first().map(|(peer, _)| *peer);
    for (place, (peer, flow)) in flows.iter().enumerate() {
        let (role, wordings) = said(&peer.name, *flow);
        let fitting = wordings.iter().find(|text| text.chars().count() <= room).or(wordings.last());
        let held = matches!(flow, Flow::Held { .. });
        let place = if held { 0 } else { place.min(3) as u8 };
        parts.push(part(place, role, fitting.cloned().unwrap_or_default()));
    }
    let Some(worst) = worst else { return Line::new(Topic::Sessions, rank, Remark::default(), parts) };
    parts.push(reported(worst, &view.name, now));
    let spark = spark(worst, &view.name);
    let last_right = spark.is_some();
    parts.extend(spark);
    Line { last_right, ..Line::new(Topic::Sessions, rank, Remark::default(), parts) }
}

/// What to show first: held, then unproven, then the slowest.
fn badness(flow: &Flow) -> (u8, std::time::Duration) {
    match flow {
        Flow::Held { since } => (2, *since),
        Flow::Unproven { last } => (1, last.unwrap_or(std::time::Duration::MAX)),
        Flow::Arrives { took } => (0, took.unwrap_or_default()),
        Flow::Unwatched => (0, std::time::Duration::ZERO),
    }
}

/// A flow in words, the longest wording first.
pub fn said(from: &str, flow: Flow) -> (Role, Vec<String>) {
    match flow {
        Flow::Arrives { took: Some(took) } => {
            let took = words::seconds(took.as_secs_f64() * 1000.0);
            (Role::Text, vec![format!("from {from} in {took}"), format!("arrive in {took}")])
        }
        Flow::Arrives { took: None } => (Role::Text, vec![format!("arrive from {from}"), "arrive".into()]),
        Flow::Held { since } => {
            let since = words::span(since);
            (
                Role::Bad,
                vec![
                    format!("✖ HELD from {from} for {since}"),
                    format!("✖ HELD for {since}"),
                    format!("✖ HELD {since}"),
                ],
            )
        }
        Flow::Unproven { last: Some(age) } => {
            let age = words::ago(age);
            (Role::Stale, vec![format!("from {from} last proof {age}"), format!("last proof {age}"), age])
        }
        Flow::Unproven { last: None } => (Role::Unknown, vec![format!("from {from} not proven"), "not proven".into()]),
        Flow::Unwatched => (Role::Muted, vec!["not ours: no canaries".into(), "no canaries".into()]),
    }
}

/// What the sending Region reports. Neither nothing nor 0 says that all is well.
pub fn reported(from: &RegionView, to: &str, now: Timestamp) -> Part {
    let remark = remark(&from.replication, now);
    let last = from.replication.value.as_ref().and_then(|seen| seen.to.get(to)?.last());
    match (last, remark.words.last()) {
        (Some((_, ms)), None) if *ms <= 0.0 => part(2, Role::Warn, "▲ reported 0: may be stalled"),
        (Some((_, ms)), None) => part(3, Role::Muted, format!("reported {}", words::seconds(*ms))),
        (Some((_, ms)), Some(age)) => part(3, Role::Stale, format!("reported {}, {age}", words::seconds(*ms))),
        (None, Some(age)) => part(3, Role::Unknown, format!("reported {age}")),
        (None, None) => part(3, Role::Muted, "none reported: may be stalled"),
    }
}

fn spark(from: &RegionView, to: &str) -> Option<Part> {
    let series = from.replication.value.as_ref()?.to.get(to)?;
    let values: Vec<Option<f64>> = series.iter().map(|(_, ms)| Some(*ms)).collect();
    let told = !values.is_empty() && from.replication.failing.is_none();
    told.then(|| part(5, Role::Spark, words::spark(&values, SPARK)))
}
