//! The global database: its members and their instances in every Region, this Region's cluster, how far it is
//! behind, and what RDS told of it.

use super::table::{Row, Table, cell, column, measured, number};
use super::{Section, Seen, dim, fact, head, series};
use crate::model::database::{self, ClusterView, GlobalView, InstanceView, KeptWrites, LagMinute, MemberView};
use crate::model::observed::elapsed;
use crate::tui::panes::database::{Lag, lag, under_way};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;

pub fn sections(seen: &Seen<'_>) -> Vec<Section> {
    vec![
        Section::Lines(global(seen)),
        Section::Table(members(seen)),
        Section::Lines([vec![vec![]], own_cluster(seen), vec![vec![]], behind(seen), vec![vec![]]].concat()),
        Section::Table(events(seen)),
    ]
}

fn global(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Global database", &seen.view.global, seen.now);
    let mut lines = vec![title];
    if let Some(global) = &seen.view.global.value {
        facts(&mut lines, global, current);
    }
    proof(&mut lines, seen);
    lines.push(vec![]);
    lines
}

fn facts(lines: &mut Vec<Vec<Word>>, global: &GlobalView, current: bool) {
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
}

fn proof(lines: &mut Vec<Vec<Word>>, seen: &Seen<'_>) {
    let observed = &seen.snapshot.proof;
    if seen.snapshot.lacks.heartbeats {
        let said = "no heartbeats: [resources] names no heartbeat_secret, so no commit proves the writer";
        return fact(lines, "last commit", Some(said.into()), Role::Muted);
    }
    let Some(proof) = &observed.value else {
        return fact(lines, "last commit", words::remark(observed, seen.now).words.first().cloned(), Role::Unknown);
    };
    let age = words::ago(elapsed(proof.sent, seen.now));
    let took = proof.took.map(|took| format!(", took {} ms", took.as_millis())).unwrap_or_default();
    let said = format!("{} epoch {} by {}, {age}{took}", proof.region, proof.epoch, proof.vantage);
    fact(lines, "last commit", Some(said), if observed.failing.is_some() { Role::Bad } else { Role::Text });
    if let Some(failing) = &observed.failing {
        let said = format!("✖ NOT PROVEN since {}: {}", words::clock(failing.since), failing.why);
        fact(lines, "", Some(said), Role::Bad);
    }
}

/// Each member with the instances that its own Region tells of.
fn members(seen: &Seen<'_>) -> Table {
    let (title, current) = head("Members", &seen.view.global, seen.now);
    let global = seen.view.global.value.as_ref();
    let mut rows = vec![];
    for member in global.iter().flat_map(|global| &global.members) {
        rows.push(member_row(seen, member, current));
        let Some(view) = seen.snapshot.region(&member.region) else { continue };
        let current = view.cluster.current(seen.now).is_some();
        let instances = view.cluster.value.iter().flat_map(|cluster| &cluster.instances);
        rows.extend(instances.map(|instance| instance_row(&member.region, instance, current)));
    }
    Table {
        title,
        columns: vec![
            column("member", 0),
            column("role", 0),
            column("status", 0),
            column("synchronised", 1),
            number("lag", 0),
            number("RPO", 1),
            column("forwards writes", 3),
            column("class", 4),
            column("zone", 5),
        ],
        rows,
        tree: true,
        none: vec![word(Role::Muted, "no member")],
    }
}

fn member_row(seen: &Seen<'_>, member: &MemberView, current: bool) -> Row {
    let role = |role| dim(current, role);
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
    let view = seen.snapshot.region(&member.region);
    let cluster = view.and_then(|view| view.cluster.value.as_ref());
    let name = cluster.map_or(member.cluster_arn.as_str(), |cluster| cluster.id.as_str());
    let command = format!(
        "aws rds describe-db-clusters --region {} --db-cluster-identifier {}",
        member.region,
        name.rsplit(':').next().unwrap_or(name)
    );
    let (lag_cell, rpo) = match view.filter(|_| !member.writer).map(|view| lag(view, seen.now)) {
        None => (cell(Role::Muted, "-"), cell(Role::Muted, "-")),
        Some(Lag::Untold) => (cell(Role::Unknown, "? not told"), cell(Role::Unknown, "-")),
        Some(Lag::Frozen { minute }) => (
            cell(Role::Warn, format!("▲ FROZEN {}", words::latency(minute.behind_ms().unwrap_or_default()))),
            cell(Role::Warn, "-"),
        ),
        Some(Lag::Told { minute, age }) => {
            let of = |ms: Option<f64>| {
                let late = age.map(|age| format!(", {}", words::ago(age))).unwrap_or_default();
                let role = if age.is_some() { Role::Stale } else { Role::Text };
                ms.map_or(cell(Role::Muted, "-"), |ms| measured(role, words::latency(ms) + &late, ms))
            };
            (of(minute.behind_ms()), of(minute.rpo_ms))
        }
    };
    let cells = vec![
        cell(role(Role::Title), member.region.clone()),
        if member.writer { cell(role(Role::Accent), "◆ WRITER") } else { cell(role(Role::Text), "reader") },
        status(
            cluster.map(|cluster| cluster.status.as_str()),
            view.is_some_and(|view| view.cluster.current(seen.now).is_some()),
        ),
        cell(role(state), sync),
        lag_cell,
        rpo,
        cell(role(Role::Text), forwards),
        cell(Role::Text, ""),
        cell(Role::Text, ""),
    ];
    Row::new(member.cluster_arn.clone(), command, cells)
}

fn status(status: Option<&str>, current: bool) -> super::table::Cell {
    match status {
        Some("available") => cell(dim(current, Role::Ok), "● available"),
        Some(other) => cell(dim(current, Role::Warn), format!("◔ {other}")),
        None => cell(Role::Unknown, "? not told"),
    }
}

fn instance_row(region: &str, instance: &InstanceView, current: bool) -> Row {
    let text = |text: &str| cell(dim(current, Role::Text), text);
    let command = format!("aws rds describe-db-instances --region {region} --db-instance-identifier {}", instance.id);
    let cells = vec![
        text(&instance.id),
        text(if instance.writer { "writer" } else { "reader" }),
        status(Some(&instance.status), current),
        text(""),
        text(""),
        text(""),
        text(""),
        text(instance.class.as_deref().unwrap_or("-")),
        text(instance.zone.as_deref().unwrap_or("-")),
    ];
    Row { depth: 1, ..Row::new(format!("{region}/{}", instance.id), command, cells) }
}

fn own_cluster(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Cluster of this Region", &seen.view.cluster, seen.now);
    let mut lines = vec![title];
    if let Some(cluster) = &seen.view.cluster.value {
        cluster_facts(&mut lines, cluster, current);
        cluster.kept_writes.iter().for_each(|kept| kept_lines(&mut lines, kept));
    }
    lines
}

fn cluster_facts(lines: &mut Vec<Vec<Word>>, cluster: &ClusterView, current: bool) {
    let text = dim(current, Role::Text);
    let asked = |asked: Option<bool>| asked.map(|on| if on { "asked for" } else { "off" }.to_string());
    fact(lines, "name", Some(cluster.id.clone()), text);
    fact(lines, "engine version", cluster.engine_version.clone(), text);
    fact(lines, "endpoint", cluster.writer_endpoint.clone(), text);
    fact(lines, "reader endpoint", cluster.reader_endpoint.clone(), text);
    fact(lines, "Data API", Some(if cluster.data_api { "on" } else { "off" }.into()), text);
    fact(lines, "global forwarding", asked(cluster.forwarding_requested), text);
    fact(lines, "local forwarding", cluster.local_forwarding.clone(), text);
    fact(lines, "parameter group", cluster.parameter_group.clone(), text);
    fact(lines, "backups kept", cluster.retention_days.map(|days| format!("{days} days")), text);
}

fn kept_lines(lines: &mut Vec<Vec<Word>>, kept: &KeptWrites) {
    let (role, tail) = match &kept.copy {
        Some(copy) => (Role::Text, format!("copied as {copy}")),
        None => (Role::Warn, "▲ expires with the backups: keep it by a copy".into()),
    };
    fact(lines, "lost writes", Some(format!("{} ({})", kept.id, kept.status)), Role::Text);
    fact(lines, "", Some(tail), role);
}

fn behind(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Behind, the worst of each minute", &seen.view.lag, seen.now);
    let mut lines = vec![title];
    if database::writer(seen.snapshot) == Some(seen.view.name.as_str()) {
        lines.push(vec![word(Role::Muted, "  the writer has none")]);
        return lines;
    }
    let Some(told) = seen.view.lag.value.as_ref().filter(|told| told.last().is_some()) else {
        lines.push(vec![word(Role::Unknown, "  no lag told: absent is not zero")]);
        return lines;
    };
    if told.frozen() {
        lines.push(vec![word(Role::Warn, "  ▲ FROZEN: the metric stands still, so it says nothing")]);
    }
    let mut row = |name: &str, pick: fn(&LagMinute) -> Option<f64>| {
        let values: Vec<Option<f64>> = told.minutes.iter().map(|(_, minute)| pick(minute)).collect();
        lines.push(series(name, &values, current, words::latency));
    };
    row("replication", |minute| minute.replication_ms);
    row("RPO", |minute| minute.rpo_ms);
    row("progress", |minute| minute.progress_ms);
    lines
}

fn events(seen: &Seen<'_>) -> Table {
    let (title, current) = head("Events of the cluster", &seen.view.database_events, seen.now);
    let name = seen.view.cluster.value.as_ref().map_or("CLUSTER", |cluster| cluster.id.as_str());
    let command = format!(
        "aws rds describe-events --region {} --source-type db-cluster --source-identifier {name} --duration 1440",
        seen.view.name
    );
    let row = |(place, event): (usize, &crate::model::event::Event)| {
        let cells = vec![
            cell(dim(current, Role::Muted), words::clock(event.at)),
            cell(dim(current, Role::Text), event.text.clone()),
        ];
        Row::new(format!("{}#{place}", event.at), command.clone(), cells)
    };
    Table {
        title,
        columns: vec![column("time", 0), column("event", 0)],
        rows: seen.view.database_events.value.iter().flatten().enumerate().map(row).collect(),
        tree: false,
        none: vec![word(Role::Muted, "none in the last day")],
    }
}
