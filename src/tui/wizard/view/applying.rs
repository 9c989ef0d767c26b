//! The stack on its way: bars of what is made, what went wrong, and the log.

use crate::deploy::board::{Row, State};
use crate::deploy::plan;
use crate::model::observed::elapsed;
use crate::model::text::clean;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, pad, word, wrap};
use crate::tui::view::words::span;
use crate::tui::wizard::model::{Running, Wizard};
use crate::tui::wizard::msg::End;
use ratatui::layout::Rect;
use std::time::Duration;

/// Cells of a bar.
const BAR: usize = 16;

pub(super) fn draw(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let Some(running) = &wizard.running else { return };
    let area = pad(area);
    let mut lines = head(wizard, running);
    lines.extend(failures(running, usize::from(area.width)));
    lines.extend(bars(wizard, running, usize::from(area.height) / 2));
    let room = usize::from(area.height).saturating_sub(1);
    let top = lines.len().min(if lines.len() + 3 > room { room } else { lines.len() });
    lines.iter().take(top).enumerate().for_each(|(row, line)| pen.left(area, row, line));
    let rows = usize::from(area.height).saturating_sub(top + 1);
    if rows > 0 {
        pen.left(area, top, &[word(Role::Border, "─".repeat(usize::from(area.width)))]);
        log(wizard, running, pen, Rect { y: area.y + top as u16 + 1, height: rows as u16, ..area });
    }
}

fn head(wizard: &Wizard, running: &Running) -> Vec<Vec<Word>> {
    let view = &running.view;
    let count = format!("{} of {} resources", view.done(), view.rows.len());
    let passed = elapsed(running.began, wizard.now);
    let bar = bar(passed, running.expected);
    match &running.ended {
        None if view.rows.is_empty() => vec![vec![word(Role::Accent, "beginning: taking the lease")]],
        None if running.stopping => vec![vec![word(Role::Warn, format!("stopping  {count}"))]],
        None => vec![vec![
            word(Role::Title, count),
            word(Role::Accent, format!("  {bar}  ")),
            word(Role::Text, format!("{} of about {}", span(passed), plan::span(running.expected))),
        ]],
        Some(End::Done) => vec![vec![word(Role::Ok, format!("✔ done: {count}, {} calls", view.sent()))]],
        Some(End::Failed) => vec![vec![
            word(Role::Bad, format!("✖ {} failed", view.failures().count())),
            word(Role::Text, format!("  {count} done; r goes on from here")),
        ]],
        Some(End::Stopped) => vec![vec![word(Role::Warn, format!("▲ stopped: {count} done; r goes on from here"))]],
        Some(End::Broken(why)) => vec![vec![word(Role::Bad, format!("✖ {why}"))]],
    }
}

fn failures(running: &Running, room: usize) -> Vec<Vec<Word>> {
    let mut lines = vec![];
    for (row, failure) in running.view.failures() {
        let request = failure.request_id.as_deref().map(|id| format!(" (request id {id})")).unwrap_or_default();
        let said = format!("✖ {}: {}{request}", row.id, failure.why);
        lines.extend(wrap(&clean(&said), room).into_iter().map(|line| vec![word(Role::Bad, line)]));
        lines.extend(wrap(&clean(&failure.advice), room).into_iter().map(|line| vec![word(Role::Warn, line)]));
    }
    if matches!(running.ended, Some(End::Done)) {
        for (row, remark) in running.view.remarks() {
            let said = clean(&format!("▲ {}: {remark}", row.id));
            lines.extend(wrap(&said, room).into_iter().map(|line| vec![word(Role::Warn, line)]));
        }
    }
    lines
}

fn bars(wizard: &Wizard, running: &Running, most: usize) -> Vec<Vec<Word>> {
    let runs: Vec<(&Row, &str)> = running
        .view
        .rows
        .iter()
        .filter_map(|row| match &row.state {
            State::Runs(what) => Some((row, what.as_str())),
            _ => None,
        })
        .collect();
    let more = runs.len().saturating_sub(most);
    let mut lines: Vec<Vec<Word>> = runs
        .iter()
        .take(most)
        .map(|(row, what)| {
            let passed = row.began.map_or(Duration::ZERO, |began| elapsed(began, wizard.now));
            vec![
                word(Role::Text, format!("{:<26} ", row.id)),
                word(Role::Accent, bar(passed, row.expected)),
                word(Role::Muted, format!(" {} of {}  {}", span(passed), span(row.expected), clean(what))),
            ]
        })
        .collect();
    if more > 0 {
        lines.push(vec![word(Role::Muted, format!("and {more} more"))]);
    }
    lines
}

fn bar(passed: Duration, expected: Duration) -> String {
    let share = passed.as_secs_f64() / expected.as_secs_f64().max(1.0);
    let full = (share.min(1.0) * BAR as f64) as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// The last lines, or earlier ones when it was scrolled.
fn log(wizard: &Wizard, running: &Running, pen: &mut Pen<'_>, area: Rect) {
    let lines = &running.view.lines;
    let rows = usize::from(area.height);
    let last = lines.len().saturating_sub(wizard.scroll.min(lines.len().saturating_sub(rows)));
    for (row, line) in lines[last.saturating_sub(rows)..last].iter().enumerate() {
        let words = [
            word(Role::Muted, format!("{}  ", line.at.strftime("%H:%M:%SZ"))),
            word(Role::Text, format!("{:<26} ", line.id)),
            word(Role::Muted, clean(&line.text)),
        ];
        pen.left(area, row, &words);
    }
}
