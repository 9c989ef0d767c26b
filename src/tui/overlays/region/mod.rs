//! A Region in detail: tasks and targets, its member of the database, its session table.

mod database;
mod sessions;

use super::scrolled;
use crate::model::observed::{Observed, elapsed};
use crate::model::snapshot::{RegionView, TargetView, TaskView};
use crate::model::verdict;
use crate::tui::model::{Model, Tab};
use crate::tui::panes::{region::why, title, verdict_role};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word};
use crate::tui::view::words;
use jiff::Timestamp;
use ratatui::layout::Rect;

pub fn draw(model: &Model, tab: Tab, scroll: usize, pen: &mut Pen<'_>, area: Rect) {
    let name = &model.selected;
    let view = model.snapshot.as_ref().and_then(|snapshot| Some((snapshot, snapshot.region(name)?)));
    let Some((snapshot, view)) = view else {
        let inside = pen.sheet(area, (area.width, area.height), &title(name), &[]);
        return pen.left(inside, 0, &[word(Role::Unknown, "? UNKNOWN  not seen yet")]);
    };
    let verdict = verdict::of_region(snapshot, view, model.now);
    let right = [word(verdict_role(verdict), format!(" {} {} ", verdict.symbol(), verdict.word()))];
    let inside = pen.sheet(area, (area.width, area.height), &title(name), &right);
    let mut lines = vec![tabs(tab), vec![]];
    if let Some(why) = why(snapshot, view, verdict, model).into_iter().next() {
        lines.push(vec![word(verdict_role(verdict), why)]);
        lines.push(vec![]);
    }
    match tab {
        Tab::Tasks => {
            service(&mut lines, view, model.now);
            tasks(&mut lines, view, model.now);
            targets(&mut lines, view, model.now);
        }
        Tab::Database => database::lines(&mut lines, snapshot, view, model.now),
        Tab::Sessions => sessions::lines(&mut lines, snapshot, view, model.now),
    }
    scrolled(pen, inside, &lines, scroll);
}

/// The tabs with their keys; the one that is open stands out.
fn tabs(open: Tab) -> Vec<Word> {
    let mut line = vec![];
    for (key, tab) in (1..).zip(Tab::ALL) {
        let role = if tab == open { Role::Selection } else { Role::Muted };
        line.push(word(Role::Key, format!("{key} ")));
        line.push(word(role, format!(" {} ", tab.title())));
        line.push(word(Role::Text, "   "));
    }
    line
}

/// The role of what is told, unless it is old.
fn dim(current: bool, role: Role) -> Role {
    if current { role } else { Role::Stale }
}

fn head<T>(lines: &mut Vec<Vec<Word>>, text: &str, seen: &Observed<T>, now: Timestamp) -> bool {
    let remark = words::remark(seen, now);
    let mut line = vec![word(Role::Title, text.to_string())];
    if let Some(why) = remark.words.first() {
        line.push(word(if remark.unknown { Role::Unknown } else { Role::Stale }, format!("  {why}")));
    } else if let Some(age) = seen.age(now) {
        line.push(word(Role::Muted, format!("  {}", words::ago(age))));
    }
    lines.push(line);
    remark.current()
}

fn service(lines: &mut Vec<Vec<Word>>, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Service", &view.service, now);
    let role = |role| dim(current, role);
    let Some(service) = &view.service.value else { return lines.push(vec![]) };
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
        lines.push(vec![word(
            role(Role::Muted),
            format!(
                "  {:<8} {rollout:<12} {name}  {}/{} running{failed}",
                deployment.status, deployment.running, deployment.desired
            ),
        )]);
    }
    lines.push(vec![]);
}

fn tasks(lines: &mut Vec<Vec<Word>>, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Tasks", &view.tasks, now);
    let Some(tasks) = &view.tasks.value else { return lines.push(vec![]) };
    lines.push(vec![word(
        Role::Muted,
        format!(
            "  {:<12} {:<16} {:<15} {:<10} {:<10} {:>9}  {}",
            "task", "zone", "address", "status", "health", "age", "why stopped"
        ),
    )]);
    for task in tasks {
        lines.push(task_line(task, current, now));
    }
    lines.push(vec![]);
}

fn task_line(task: &TaskView, current: bool, now: Timestamp) -> Vec<Word> {
    let role = |role| dim(current, role);
    let age = task.started.or(task.created).map(|since| words::span(elapsed(since, now))).unwrap_or_default();
    let id: String = task.short_id().chars().take(12).collect();
    let health = task.health.as_deref().unwrap_or("-");
    let healthy = match health {
        "HEALTHY" => Role::Ok,
        "UNHEALTHY" => Role::Bad,
        _ => Role::Muted,
    };
    let status = if task.status == task.desired_status { Role::Text } else { Role::Warn };
    let stopped = task.stopped_reason.as_deref().or(task.stop_code.as_deref()).unwrap_or_default();
    vec![
        word(role(Role::Text), format!("  {id:<12} {:<16} {:<15} ", task.zone, task.address.as_deref().unwrap_or("-"))),
        word(role(status), format!("{:<10} ", task.status)),
        word(role(healthy), format!("{health:<10} ")),
        word(role(Role::Muted), format!("{age:>9}  ")),
        word(role(Role::Warn), stopped.to_string()),
    ]
}

fn targets(lines: &mut Vec<Vec<Word>>, view: &RegionView, now: Timestamp) {
    let current = head(lines, "Targets", &view.targets, now);
    let Some(targets) = &view.targets.value else { return };
    lines.push(vec![word(Role::Muted, format!("  {:<21} {:<16} {:<12} {}", "target", "zone", "state", "reason"))]);
    for target in targets {
        lines.push(target_line(target, current));
    }
}

fn target_line(target: &TargetView, current: bool) -> Vec<Word> {
    let role = |role| dim(current, role);
    let (state, symbol) = match target.state.as_str() {
        "healthy" => (Role::Ok, "●"),
        "unhealthy" => (Role::Bad, "✖"),
        "initial" | "draining" => (Role::Warn, "◔"),
        _ => (Role::Unknown, "?"),
    };
    let address = target.port.map_or_else(|| target.id.clone(), |port| format!("{}:{port}", target.id));
    let reason = target.description.as_deref().or(target.reason.as_deref()).unwrap_or_default();
    vec![
        word(role(Role::Text), format!("  {address:<21} {:<16} ", target.zone.as_deref().unwrap_or("-"))),
        word(role(state), format!("{symbol} {:<10} ", target.state)),
        word(role(Role::Muted), reason.to_string()),
    ]
}
