//! The service of a Region and its tasks.

use super::table::{Cell, Row, Table, cell, column, measured, number};
use super::{Section, Seen, dim, head, series};
use crate::model::observed::elapsed;
use crate::model::snapshot::{ServiceView, TaskView};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;
use jiff::Timestamp;

pub fn sections(seen: &Seen<'_>) -> Vec<Section> {
    vec![Section::Lines(service(seen)), Section::Table(tasks(seen))]
}

fn service(seen: &Seen<'_>) -> Vec<Vec<Word>> {
    let (title, current) = head("Service", &seen.view.service, seen.now);
    let mut lines = vec![title];
    if let Some(service) = &seen.view.service.value {
        service_lines(&mut lines, service, current);
    }
    if let Some(traffic) = &seen.view.traffic.value {
        let cpu: Vec<Option<f64>> = traffic.minutes.iter().map(|(_, minute)| minute.cpu_percent).collect();
        if cpu.iter().any(Option::is_some) {
            let current = seen.view.traffic.current(seen.now).is_some();
            lines.push(series("CPU of the service", &cpu, current, |percent| format!("{percent:.0} %")));
        }
    }
    lines.push(vec![]);
    lines
}

fn service_lines(lines: &mut Vec<Vec<Word>>, service: &ServiceView, current: bool) {
    let role = |role| dim(current, role);
    lines.push(vec![word(
        role(Role::Text),
        format!(
            "  {}/{}  {}  {} desired, {} running, {} pending",
            service.cluster, service.name, service.status, service.desired, service.running, service.pending
        ),
    )]);
    for deployment in &service.deployments {
        let rollout = deployment.rollout.as_deref().unwrap_or("-");
        let failed = if deployment.failed > 0 { format!(", {} failed", deployment.failed) } else { String::new() };
        let name = deployment.task_definition.rsplit('/').next().unwrap_or_default();
        let said = format!(
            "  {:<8} {rollout:<12} {name}  {}/{} running{failed}",
            deployment.status, deployment.running, deployment.desired
        );
        lines.push(vec![word(role(Role::Muted), said)]);
    }
}

fn tasks(seen: &Seen<'_>) -> Table {
    let (title, current) = head("Tasks", &seen.view.tasks, seen.now);
    let cluster = seen.view.service.value.as_ref().map_or("CLUSTER", |service| service.cluster.as_str());
    let row = |task: &TaskView| {
        let command = format!(
            "aws ecs describe-tasks --region {} --cluster {cluster} --tasks {}",
            seen.view.name,
            task.short_id()
        );
        Row::new(task.arn.clone(), command, cells(task, current, seen.now))
    };
    Table {
        title,
        columns: vec![
            column("task", 0),
            column("zone", 2),
            column("address", 4),
            column("status", 0),
            column("health", 0),
            number("age", 1),
            column("definition", 5),
            column("image", 6),
            column("why stopped", 3),
        ],
        rows: seen.view.tasks.value.iter().flatten().map(row).collect(),
        tree: false,
        none: vec![word(Role::Muted, "no task")],
    }
}

fn cells(task: &TaskView, current: bool, now: Timestamp) -> Vec<Cell> {
    let role = |role| dim(current, role);
    let age = task.started.or(task.created).map(|since| elapsed(since, now));
    let health = task.health.as_deref().unwrap_or("-");
    let (healthy, symbol) = match health {
        "HEALTHY" => (Role::Ok, "● "),
        "UNHEALTHY" => (Role::Bad, "✖ "),
        _ => (Role::Muted, ""),
    };
    let status = match task.status == task.desired_status {
        true => cell(role(Role::Text), task.status.clone()),
        false => cell(role(Role::Warn), format!("{} → {}", task.status, task.desired_status)),
    };
    let why = match (&task.stop_code, &task.stopped_reason) {
        (Some(code), Some(reason)) => format!("{code}: {reason}"),
        (code, reason) => code.iter().chain(reason).next().cloned().unwrap_or_default(),
    };
    let digest = task.image_digest.as_deref().unwrap_or("-");
    let digest: String = digest.trim_start_matches("sha256:").chars().take(12).collect();
    vec![
        cell(role(Role::Text), task.short_id().chars().take(12).collect::<String>()),
        cell(role(Role::Text), task.zone.clone()),
        cell(role(Role::Muted), task.address.as_deref().unwrap_or("-")),
        status,
        cell(role(healthy), format!("{symbol}{health}")),
        match age {
            Some(age) => measured(role(Role::Muted), words::span(age), age.as_secs_f64()),
            None => cell(role(Role::Muted), "-"),
        },
        cell(role(Role::Muted), task.task_definition.rsplit('/').next().unwrap_or_default()),
        cell(role(Role::Muted), digest),
        cell(role(Role::Warn), why),
    ]
}
