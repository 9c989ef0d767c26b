//! For small screens: a line a Region, the most important word first, and never an excuse.

use super::{header, run_role, run_symbol, severity, verdict_role};
use crate::model::observed::Freshness;
use crate::model::verdict::{self, Verdict};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Pen, fit, join, part, word};
use crate::tui::view::hits::Target;
use crate::tui::view::words;
use ratatui::layout::Rect;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let (room, height) = (usize::from(area.width), usize::from(area.height));
    let all = model.regions.len();
    let mut row = 0;
    // a head only when every Region still has its line
    if height > all {
        pen.left(area, 0, &join(fit(header::left(model), room)));
        row = 1;
    }
    let shown = (height - row).min(all);
    let first = (model.column() + 1).saturating_sub(shown).min(all - shown);
    for name in model.regions.iter().skip(first).take(shown) {
        pen.left(area, row, &join(fit(line(model, name), room)));
        if *name == model.selected && room > 3 {
            pen.bar(area, row, Role::Selection);
            pen.left(area, row, &join(fit(line(model, name), room)));
        }
        pen.hit(area, row, 0, room, Target::Region(name.clone()));
        row += 1;
    }
    if let Some(run) = model.operation().filter(|_| row < height) {
        let parts = vec![
            part(0, run_role(run.state), format!("{} {}", run_symbol(run.state), run.name())),
            part(1, run_role(run.state), run.state.word()),
            part(2, Role::Muted, words::span(run.elapsed(model.now))),
        ];
        pen.left(area, row, &join(fit(parts, room)));
        row += 1;
    }
    if let Some(notice) = model.notice.as_ref().filter(|_| row < height) {
        let (role, symbol) = severity(notice.severity);
        pen.left(area, row, &[word(role, format!("{symbol} {}", notice.text))]);
        row += 1;
    }
    for event in model.events().into_iter().take(height.saturating_sub(row + 1)) {
        let (role, symbol) = severity(event.severity);
        let text = event.region.iter().chain([&event.text]).cloned().collect::<Vec<_>>().join(" ");
        pen.left(area, row, &[word(role, format!("{symbol} ")), word(Role::Muted, text)]);
        row += 1;
    }
}

fn line(model: &Model, name: &str) -> Vec<Part> {
    let seen = model.snapshot.as_ref().and_then(|snapshot| Some((snapshot, snapshot.region(name)?)));
    let Some((snapshot, view)) = seen else {
        return vec![
            part(0, Role::Unknown, "? UNKNOWN"),
            part(1, Role::Text, name),
            part(2, Role::Muted, "not seen yet"),
        ];
    };
    let verdict = verdict::of_region(snapshot, view, model.now);
    let tasks = view
        .service
        .value
        .as_ref()
        .map_or_else(|| "tasks ?".into(), |service| format!("{}/{}", service.running, service.desired));
    let (fresh, age) = match view.service.freshness(model.now) {
        Freshness::Fresh(age) => (true, words::ago(age)),
        Freshness::Late(age) | Freshness::Failed { age: Some(age), .. } => (false, words::ago(age)),
        Freshness::Failed { age: None, .. } | Freshness::Never => (false, "never seen".into()),
    };
    let role = if fresh { Role::Text } else { Role::Stale };
    let head = if verdict == Verdict::Unknown {
        "? UNKNOWN  ".into()
    } else {
        format!("{} {:<9}", verdict.symbol(), verdict.word())
    };
    vec![
        part(0, verdict_role(verdict), head),
        part(0, Role::Text, name),
        part(3, role, tasks),
        // a stale number is not shown without its age
        part(2, if fresh { Role::Muted } else { Role::Unknown }, age),
    ]
}
