//! The load balancer of a Region: its targets, and what its metrics tell.

use super::table::{Row, Table, cell, column};
use super::{Section, Seen, dim, fact, head, series};
use crate::model::snapshot::{TargetView, TrafficMinute};
use crate::tui::panes::traffic::load;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;

pub fn sections(seen: &Seen<'_>) -> Vec<Section> {
    vec![Section::Lines(balancer(seen)), Section::Table(targets(seen))]
}

fn balancer(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Load balancer", &seen.view.balancer, seen.now);
    let mut lines = vec![title];
    if let Some(balancer) = &seen.view.balancer.value {
        let state = if balancer.state == "active" { Role::Text } else { Role::Warn };
        fact(&mut lines, "state", Some(balancer.state.clone()), dim(current, state));
        fact(&mut lines, "name", Some(balancer.dns_name.clone()), dim(current, Role::Text));
    }
    lines.push(vec![]);
    let mut title = head("Metrics, each minute", &seen.view.traffic, seen.now).0;
    let remark = load(seen.view, seen.now).remark;
    if let Some(why) = remark.words.first().filter(|_| title.len() < 3) {
        title.push(word(Role::Stale, format!("  {why}")));
    }
    lines.push(title);
    let current = remark.current();
    let mut row = |name: &str, pick: fn(&TrafficMinute) -> Option<f64>, say: fn(f64) -> String| {
        let minutes = seen.view.traffic.value.iter().flat_map(|traffic| &traffic.minutes);
        let values: Vec<Option<f64>> = minutes.map(|(_, minute)| pick(minute)).collect();
        lines.push(series(name, &values, current, say));
    };
    row(
        "requests",
        |minute| minute.requests.map(|requests| requests / 60.0),
        |rate| format!("{} rps", words::rate(rate)),
    );
    row("5xx of targets", |minute| minute.target_5xx, words::rate);
    row("5xx of its own", |minute| minute.elb_5xx, words::rate);
    row("p99", |minute| minute.p99_ms, words::latency);
    lines.push(vec![]);
    lines
}

fn targets(seen: &Seen<'_>) -> Table {
    let (title, current) = head("Targets", &seen.view.targets, seen.now);
    let group = seen.view.balancer.value.as_ref().map_or("ARN", |balancer| balancer.target_group_arn.as_str());
    let row = |target: &TargetView| {
        let command = format!(
            "aws elbv2 describe-target-health --region {} --target-group-arn {group} --targets Id={}",
            seen.view.name, target.id
        );
        Row::new(target.address(), command, cells(target, current))
    };
    Table {
        title,
        columns: vec![column("target", 0), column("zone", 2), column("state", 0), column("reason", 1), column("", 3)],
        rows: seen.view.targets.value.iter().flatten().map(row).collect(),
        tree: false,
        none: vec![word(Role::Bad, "✖ no target")],
    }
}

fn cells(target: &TargetView, current: bool) -> Vec<super::table::Cell> {
    let role = |role| dim(current, role);
    let (state, symbol) = match target.state.as_str() {
        "healthy" => (Role::Ok, "●"),
        "unhealthy" => (Role::Bad, "✖"),
        "initial" | "draining" => (Role::Warn, "◔"),
        _ => (Role::Unknown, "?"),
    };
    vec![
        cell(role(Role::Text), target.address()),
        cell(role(Role::Text), target.zone.as_deref().unwrap_or("-")),
        cell(role(state), format!("{symbol} {}", target.state)),
        cell(role(Role::Muted), target.reason.as_deref().unwrap_or_default()),
        cell(role(Role::Muted), target.description.as_deref().unwrap_or_default()),
    ]
}
