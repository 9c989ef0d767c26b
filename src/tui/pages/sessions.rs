//! The session table: its replicas, how sessions travel between every two Regions as measured by canaries,
//! and what DynamoDB reports of it.

use super::table::{Cell, Row, Table, cell, column, measured, number};
use super::{Section, Seen, dim, fact, head};
use crate::model::sessions::{Flow, TableView, flow};
use crate::model::snapshot::RegionView;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;

/// Minutes of the course.
const MINUTES: usize = 20;

pub fn sections(seen: &Seen<'_>) -> Vec<Section> {
    vec![
        Section::Lines(facts(seen)),
        Section::Table(replicas(seen)),
        Section::Lines(vec![vec![]]),
        Section::Table(paths(seen)),
    ]
}

fn facts(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Session table", &seen.view.table, seen.now);
    let mut lines = vec![title];
    if let Some(table) = &seen.view.table.value {
        table_facts(&mut lines, table, current);
    }
    lines.push(vec![]);
    lines
}

fn table_facts(lines: &mut Vec<Vec<Word>>, table: &TableView, current: bool) {
    let text = dim(current, Role::Text);
    let active = if table.status == "ACTIVE" { Role::Text } else { Role::Warn };
    fact(lines, "name", Some(table.name.clone()), text);
    fact(lines, "status", Some(table.status.clone()), dim(current, active));
    fact(lines, "consistency", Some(table.consistency.clone().unwrap_or_else(|| "one Region only".into())), text);
    let items = table.items.map(|items| format!("{items}, as of up to six hours ago"));
    fact(lines, "items", items, dim(current, Role::Muted));
    fact(lines, "billing", table.billing.clone(), text);
    let protected = table.deletion_protection.map(|on| if on { "protected" } else { "not protected" }.to_string());
    fact(lines, "deletion", protected, text);
}

fn replicas(seen: &Seen<'_>) -> Table {
    let (title, current) = head("Replicas, as told here", &seen.view.table, seen.now);
    let row = |(region, status, progress): (&str, &str, Option<&String>)| {
        let name = seen.view.table.value.as_ref().map_or("TABLE", |table| table.name.as_str());
        let (state, symbol) = if status == "ACTIVE" { (Role::Ok, "●") } else { (Role::Warn, "◔") };
        let progress = progress.map(|percent| format!(" {percent} %")).unwrap_or_default();
        let cells = vec![
            cell(dim(current, Role::Text), region),
            cell(dim(current, state), format!("{symbol} {status}{progress}")),
        ];
        Row::new(
            format!("replica/{region}"),
            format!("aws dynamodb describe-table --region {region} --table-name {name}"),
            cells,
        )
    };
    let table = seen.view.table.value.as_ref();
    let here = table.map(|table| row((&seen.view.name, &table.status, None)));
    let others = table.iter().flat_map(|table| &table.replicas);
    let others = others.map(|replica| row((&replica.region, &replica.status, replica.progress.as_ref())));
    Table {
        title,
        columns: vec![column("replica", 0), column("status", 0)],
        rows: here.into_iter().chain(others).collect(),
        tree: false,
        none: vec![word(Role::Bad, "✖ no table")],
    }
}

/// One row for each way between two Regions: those that end here first.
fn paths(seen: &Seen<'_>) -> Table {
    let all = &seen.snapshot.regions;
    let mut ways: Vec<(&RegionView, &RegionView)> = all
        .iter()
        .flat_map(|from| all.iter().map(move |to| (from, to)))
        .filter(|(from, to)| from.name != to.name)
        .collect();
    ways.sort_by_key(|(_, to)| to.name != seen.view.name);
    Table {
        title: vec![
            word(Role::Title, "Sessions on their way"),
            word(Role::Muted, "  measured by canaries; reported 0 or nothing may mean stalled"),
        ],
        columns: vec![
            column("from", 0),
            column("to", 0),
            column("measured", 0),
            number("reported", 0),
            column("the last minutes", 2),
            column("minute", 3),
        ],
        rows: ways.into_iter().map(|(from, to)| way(seen, from, to)).collect(),
        tree: false,
        none: vec![],
    }
}

fn way(seen: &Seen<'_>, from: &RegionView, to: &RegionView) -> Row {
    let name = from.table.value.as_ref().map_or("TABLE", |table| table.name.as_str());
    let command = format!(
        "aws cloudwatch get-metric-statistics --region {} --namespace AWS/DynamoDB --metric-name ReplicationLatency \
         --dimensions Name=TableName,Value={name} Name=ReceivingRegion,Value={} --statistics Average --period 60 \
         --start-time $(date -u -d -30min +%FT%TZ) --end-time $(date -u +%FT%TZ)",
        from.name, to.name
    );
    let mut cells = vec![
        cell(Role::Text, from.name.clone()),
        cell(Role::Text, to.name.clone()),
        measured_cell(flow(seen.snapshot, &from.name, &to.name, seen.now)),
    ];
    cells.extend(reported(seen, from, to));
    Row::new(format!("{}>{}", from.name, to.name), command, cells)
}

fn measured_cell(flow: Flow) -> Cell {
    match flow {
        Flow::Arrives { took: Some(took) } => {
            let ms = took.as_secs_f64() * 1000.0;
            measured(Role::Ok, format!("● in {}", words::seconds(ms)), ms)
        }
        Flow::Arrives { took: None } => cell(Role::Ok, "● arrive"),
        Flow::Held { since } => cell(Role::Bad, format!("✖ HELD for {}", words::span(since))),
        Flow::Unproven { last: Some(age) } => cell(Role::Stale, format!("? last proof {}", words::ago(age))),
        Flow::Unproven { last: None } => cell(Role::Unknown, "? not proven"),
        Flow::Unwatched => cell(Role::Muted, "no canaries"),
    }
}

fn reported(seen: &Seen<'_>, from: &RegionView, to: &RegionView) -> Vec<Cell> {
    let current = from.replication.current(seen.now).is_some();
    let series = from.replication.value.as_ref().and_then(|told| told.to.get(&to.name)).map_or(&[][..], Vec::as_slice);
    let Some((at, newest)) = series.last() else {
        return vec![cell(Role::Muted, "nothing"), cell(Role::Muted, ""), cell(Role::Muted, "-")];
    };
    let values: Vec<Option<f64>> = series.iter().map(|(_, ms)| Some(*ms)).collect();
    let newest = match *newest <= 0.0 {
        true => measured(dim(current, Role::Warn), "▲ 0", 0.0),
        false => measured(dim(current, Role::Text), words::seconds(*newest), *newest),
    };
    vec![
        newest,
        cell(dim(current, Role::Spark), words::spark(&values, MINUTES)),
        cell(dim(current, Role::Muted), words::clock(*at)),
    ]
}
