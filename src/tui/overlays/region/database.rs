//! The database, from one Region: the global cluster as it is told there, the Region's own cluster with its
//! instances, its lag in the last minutes, and what RDS told of it.

use super::{dim, head};
use crate::model::database::{self, ClusterView, GlobalView, KeptWrites, LagView, MemberView};
use crate::model::snapshot::{RegionView, Snapshot};
use crate::tui::panes::database::under_way;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;
use jiff::Timestamp;

/// Minutes of the series, and of their table.
const MINUTES: usize = 30;
const ROWS: usize = 8;

pub fn lines(lines: &mut Vec<Vec<Word>>, snapshot: &Snapshot, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Global database", &view.global, now);
    if let Some(global) = &view.global.value {
        global_lines(lines, global, current);
    }
    proof(lines, snapshot, now);
    lines.push(vec![]);
    let current = head(lines, "Cluster of this Region", &view.cluster, now);
    if let Some(cluster) = &view.cluster.value {
        cluster_lines(lines, cluster, current);
        instances(lines, cluster, current);
        cluster.kept_writes.iter().for_each(|kept| kept_lines(lines, kept));
    }
    lines.push(vec![]);
    lag(lines, snapshot, view, now);
    lines.push(vec![]);
    head(lines, "Events", &view.database_events, now);
    for event in view.database_events.value.iter().flatten() {
        lines.push(vec![
            word(Role::Muted, format!("  {}  ", words::clock(event.at))),
            word(Role::Text, event.text.clone()),
        ]);
    }
}

/// A label and what is told; what is not told is said to be.
fn fact(lines: &mut Vec<Vec<Word>>, label: &str, told: Option<String>, role: Role) {
    let told = told.map_or_else(|| word(Role::Unknown, "not told"), |told| word(role, told));
    lines.push(vec![word(Role::Muted, format!("  {label:<18}")), told]);
}

fn global_lines(lines: &mut Vec<Vec<Word>>, global: &GlobalView, current: bool) {
    let text = dim(current, Role::Text);
    let role = if global.status == "available" { text } else { dim(current, Role::Warn) };
    fact(lines, "name", Some(global.id.clone()), text);
    fact(lines, "status", Some(global.status.clone()), role);
    let engine = global.engine.clone().zip(global.engine_version.clone());
    fact(lines, "engine", engine.map(|(engine, version)| format!("{engine} {version}")), text);
    fact(lines, "writer endpoint", global.endpoint.clone(), text);
    if let Some(change) = &global.role_change {
        let lossy = if change.data_loss_allowed { ", DATA LOSS ALLOWED" } else { "" };
        fact(lines, "role change", Some(format!("{}{lossy}", under_way(change))), dim(current, Role::Warn));
    }
    let heading = format!("  {:<18}{:<8} {:<18} {}", "member", "role", "forwards writes", "synchronised");
    lines.push(vec![word(Role::Muted, heading)]);
    global.members.iter().for_each(|member| lines.push(member_line(member, current)));
}

fn member_line(member: &MemberView, current: bool) -> Vec<Word> {
    let role = if member.writer { "WRITER" } else { "reader" };
    let forwards = match (&member.forwarding, member.writer) {
        (Some(status), _) => status.as_str(),
        (None, true) => "when demoted",
        (None, false) => "not told",
    };
    let (state, sync) = match (member.synchronization.as_deref(), member.writer) {
        (_, true) => (Role::Muted, "-".to_string()),
        (Some("connected"), _) => (Role::Ok, "● connected".into()),
        (Some(other), _) => (Role::Bad, format!("✖ {other}")),
        (None, _) => (Role::Unknown, "? not told".into()),
    };
    vec![
        word(dim(current, Role::Text), format!("  {:<18}{role:<8} {forwards:<18} ", member.region)),
        word(dim(current, state), sync),
    ]
}

fn proof(lines: &mut Vec<Vec<Word>>, snapshot: &Snapshot, now: Timestamp) {
    let remark = words::remark(&snapshot.proof, now);
    let Some(proof) = &snapshot.proof.value else {
        return fact(lines, "last commit", remark.words.first().cloned(), Role::Unknown);
    };
    let age = words::ago(crate::model::observed::elapsed(proof.sent, now));
    let took = proof.took.map(|took| format!(", took {} ms", took.as_millis())).unwrap_or_default();
    let said = format!("{} epoch {} by {}, {age}{took}", proof.region, proof.epoch, proof.vantage);
    let role = if snapshot.proof.failing.is_some() { Role::Bad } else { Role::Text };
    fact(lines, "last commit", Some(said), role);
    if let Some(failing) = &snapshot.proof.failing {
        fact(
            lines,
            "",
            Some(format!("✖ NOT PROVEN since {}: {}", words::clock(failing.since), failing.why)),
            Role::Bad,
        );
    }
}

fn cluster_lines(lines: &mut Vec<Vec<Word>>, cluster: &ClusterView, current: bool) {
    let text = dim(current, Role::Text);
    let role = if cluster.status == "available" { text } else { dim(current, Role::Warn) };
    let asked = |asked: Option<bool>| asked.map(|on| if on { "asked for" } else { "off" }.to_string());
    fact(lines, "name", Some(cluster.id.clone()), text);
    fact(lines, "status", Some(cluster.status.clone()), role);
    fact(lines, "engine version", cluster.engine_version.clone(), text);
    fact(lines, "endpoint", cluster.writer_endpoint.clone(), text);
    fact(lines, "reader endpoint", cluster.reader_endpoint.clone(), text);
    fact(lines, "Data API", Some(if cluster.data_api { "on" } else { "off" }.into()), text);
    fact(lines, "global forwarding", asked(cluster.forwarding_requested), text);
    fact(lines, "local forwarding", cluster.local_forwarding.clone(), text);
    fact(lines, "parameter group", cluster.parameter_group.clone(), text);
    fact(lines, "backups kept", cluster.retention_days.map(|days| format!("{days} days")), text);
}

fn instances(lines: &mut Vec<Vec<Word>>, cluster: &ClusterView, current: bool) {
    let heading = format!("  {:<28} {:<16} {:<14} {:<8} {}", "instance", "class", "zone", "role", "status");
    lines.push(vec![word(Role::Muted, heading)]);
    for one in &cluster.instances {
        let role = if one.writer { "writer" } else { "reader" };
        let state = if one.status == "available" { Role::Ok } else { Role::Warn };
        let symbol = if one.status == "available" { "●" } else { "◔" };
        let (class, zone) = (one.class.as_deref().unwrap_or("-"), one.zone.as_deref().unwrap_or("-"));
        lines.push(vec![
            word(dim(current, Role::Text), format!("  {:<28} {class:<16} {zone:<14} {role:<8} ", one.id)),
            word(dim(current, state), format!("{symbol} {}", one.status)),
        ]);
    }
}

fn kept_lines(lines: &mut Vec<Vec<Word>>, kept: &KeptWrites) {
    let (role, tail) = match &kept.copy {
        Some(copy) => (Role::Text, format!("copied as {copy}")),
        None => (Role::Warn, "▲ expires with the backups: K keeps it".into()),
    };
    fact(lines, "lost writes", Some(format!("{} ({})", kept.id, kept.status)), Role::Text);
    fact(lines, "", Some(tail), role);
}

fn lag(lines: &mut Vec<Vec<Word>>, snapshot: &Snapshot, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Lag, the worst of each minute", &view.lag, now);
    if database::writer(snapshot) == Some(view.name.as_str()) {
        return lines.push(vec![word(Role::Muted, "  the writer has none")]);
    }
    let Some(seen) = view.lag.value.as_ref().filter(|seen| seen.last().is_some()) else {
        return lines.push(vec![word(Role::Unknown, "  no lag told: absent is not zero")]);
    };
    if seen.frozen() {
        lines.push(vec![word(Role::Warn, "  ▲ FROZEN: the metric stands still, so it says nothing")]);
    }
    series(lines, "replication", seen, current, |minute| minute.replication_ms);
    series(lines, "RPO", seen, current, |minute| minute.rpo_ms);
    series(lines, "progress", seen, current, |minute| minute.progress_ms);
    let told = |value: Option<f64>| value.map_or_else(|| "-".to_string(), words::latency);
    lines.push(vec![word(
        Role::Muted,
        format!("  {:<10} {:>12} {:>12} {:>12}", "minute", "replication", "RPO", "progress"),
    )]);
    for (at, minute) in seen.minutes.iter().rev().take(ROWS) {
        let (one, two, three) = (told(minute.replication_ms), told(minute.rpo_ms), told(minute.progress_ms));
        let row = format!("  {:<10} {one:>12} {two:>12} {three:>12}", words::clock(*at));
        lines.push(vec![word(dim(current, Role::Text), row)]);
    }
}

fn series(
    lines: &mut Vec<Vec<Word>>,
    name: &str,
    seen: &LagView,
    current: bool,
    pick: impl Fn(&database::LagMinute) -> Option<f64>,
) {
    let values: Vec<Option<f64>> = seen.minutes.iter().map(|(_, minute)| pick(minute)).collect();
    let told: Vec<f64> = values.iter().flatten().copied().collect();
    let (least, most) = (told.iter().copied().reduce(f64::min), told.iter().copied().reduce(f64::max));
    let span = least.zip(most).map_or_else(
        || "not told".into(),
        |(least, most)| format!("  {} to {}", words::latency(least), words::latency(most)),
    );
    lines.push(vec![
        word(Role::Muted, format!("  {name:<14}")),
        word(dim(current, Role::Spark), words::spark(&values, MINUTES)),
        word(dim(current, Role::Text), span),
    ]);
}
