//! The session table, from one Region: its replicas, and how sessions of the others arrive.

use super::{dim, head};
use crate::model::sessions::{TableView, flow};
use crate::model::snapshot::{RegionView, Snapshot};
use crate::tui::panes::region::sessions::said;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;
use jiff::Timestamp;

/// Minutes of the series.
const MINUTES: usize = 30;

pub fn lines(lines: &mut Vec<Vec<Word>>, snapshot: &Snapshot, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Session table", &view.table, now);
    if let Some(table) = &view.table.value {
        table_lines(lines, table, current);
    }
    lines.push(vec![]);
    lines.push(vec![word(Role::Title, "Arrive here, measured by canaries")]);
    for peer in peers(snapshot, view) {
        let (role, wordings) = said(&peer.name, flow(snapshot, &peer.name, &view.name, now));
        lines.push(vec![word(role, format!("  {}", wordings.first().cloned().unwrap_or_default()))]);
    }
    lines.push(vec![]);
    let current =
        head(lines, "Sent from here, as DynamoDB reports it (0 or nothing may mean stalled)", &view.replication, now);
    for peer in peers(snapshot, view) {
        let series = view.replication.value.as_ref().and_then(|seen| seen.to.get(&peer.name));
        lines.push(reported(&peer.name, series.map_or(&[][..], Vec::as_slice), current));
    }
}

fn peers<'a>(snapshot: &'a Snapshot, view: &'a RegionView) -> impl Iterator<Item = &'a RegionView> {
    snapshot.regions.iter().filter(|peer| peer.name != view.name)
}

fn table_lines(lines: &mut Vec<Vec<Word>>, table: &TableView, current: bool) {
    let role = |role| dim(current, role);
    let mut fact = |label: &str, told: Option<String>, of: Role| {
        let told = told.map_or_else(|| word(Role::Unknown, "not told"), |told| word(role(of), told));
        lines.push(vec![word(Role::Muted, format!("  {label:<16}")), told]);
    };
    let active = if table.status == "ACTIVE" { Role::Text } else { Role::Warn };
    fact("name", Some(table.name.clone()), Role::Text);
    fact("status", Some(table.status.clone()), active);
    fact("consistency", Some(table.consistency.clone().unwrap_or_else(|| "one Region only".into())), Role::Text);
    fact("items", table.items.map(|items| format!("{items}, as of up to six hours ago")), Role::Muted);
    fact("billing", table.billing.clone(), Role::Text);
    let protected = table.deletion_protection.map(|on| if on { "protected" } else { "not protected" }.to_string());
    fact("deletion", protected, Role::Text);
    for replica in &table.replicas {
        let (state, symbol) = if replica.status == "ACTIVE" { (Role::Ok, "●") } else { (Role::Warn, "◔") };
        let progress = replica.progress.as_ref().map(|percent| format!(" {percent} %")).unwrap_or_default();
        lines.push(vec![
            word(Role::Muted, format!("  {:<16}", "replica")),
            word(role(Role::Text), format!("{:<16} ", replica.region)),
            word(role(state), format!("{symbol} {}{progress}", replica.status)),
        ]);
    }
}

fn reported(to: &str, series: &[(Timestamp, f64)], current: bool) -> Vec<Word> {
    let role = |role| dim(current, role);
    let Some((at, newest)) = series.last() else {
        return vec![word(role(Role::Muted), format!("  to {to:<16} nothing reported"))];
    };
    let values: Vec<Option<f64>> = series.iter().map(|(_, ms)| Some(*ms)).collect();
    let least = series.iter().map(|(_, ms)| *ms).fold(f64::INFINITY, f64::min);
    let most = series.iter().map(|(_, ms)| *ms).fold(0.0, f64::max);
    let span = format!(
        "  {} at {}, {} to {}",
        words::seconds(*newest),
        words::clock(*at),
        words::seconds(least),
        words::seconds(most)
    );
    vec![
        word(Role::Muted, format!("  to {to:<16}")),
        word(role(Role::Spark), words::spark(&values, MINUTES)),
        word(role(if *newest <= 0.0 { Role::Warn } else { Role::Text }), span),
        word(role(Role::Warn), if *newest <= 0.0 { "  ▲ 0: may be stalled" } else { "" }),
    ]
}
