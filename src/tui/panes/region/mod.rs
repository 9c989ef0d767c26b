//! One column a Region: its verdict, then a line for each thing that is seen of it, each with its own
//! age when it is not current.

mod database;
mod lines;
pub mod sessions;

use crate::model::observed::Freshness;
use crate::model::snapshot::{RegionView, Snapshot};
use crate::model::verdict::{self, Verdict};
use crate::tui::model::{Model, Pane};
use crate::tui::panes::verdict_role;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, fit, join, pad, parts_width, width, word};
use crate::tui::view::hits::Target;
use crate::tui::view::words::{self, Remark};
use lines::Line;
use ratatui::layout::Rect;

/// Rows inside a column.
pub const ROWS: usize = 11;
/// The narrowest column.
const NARROWEST: u16 = 26;
/// Columns of a frame beside its title and what stands at the right of it.
const BORDERS: usize = 5;
/// Columns of a line's label.
const LABEL: usize = 9;

/// The columns that fit, always with the selected one.
pub fn draw_all(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let all = model.regions.len();
    if all == 0 || area.height < 3 {
        return;
    }
    let fitting = usize::from(area.width / NARROWEST).clamp(1, all);
    let selected = model.column();
    let first = selected.saturating_sub(fitting - 1).min(all - fitting);
    for (place, name) in model.regions.iter().enumerate().skip(first).take(fitting) {
        let column = place - first;
        let start = usize::from(area.width) * column / fitting;
        let end = usize::from(area.width) * (column + 1) / fitting;
        let area = Rect { x: area.x + start as u16, width: (end - start) as u16, ..area };
        let more = match (column == 0 && first > 0, column + 1 == fitting && first + fitting < all) {
            (true, _) => format!(" ‹ {first} more "),
            (_, true) => format!(" {} more › ", all - first - fitting),
            _ => String::new(),
        };
        draw(model, name, &more, pen, area);
    }
}

fn draw(model: &Model, name: &str, more: &str, pen: &mut Pen<'_>, area: Rect) {
    let selected = name == model.selected;
    let title =
        if selected { word(Role::FocusTitle, format!(" ▸ {name} ")) } else { word(Role::Title, format!(" {name} ")) };
    let seen = model.snapshot.as_ref().and_then(|snapshot| Some((snapshot, snapshot.region(name)?)));
    let Some((snapshot, view)) = seen else {
        let inside = pad(pen.frame(area, &[title], &[word(Role::Muted, more)], selected));
        pen.left(inside, 0, &[word(Role::Unknown, "? UNKNOWN")]);
        pen.left(inside, 1, &[word(Role::Muted, "not seen yet")]);
        return;
    };
    let mut title = vec![title];
    let age = match view.service.freshness(model.now) {
        Freshness::Fresh(age) => format!(" {} ", words::ago(age)),
        _ => String::new(),
    };
    let right = if more.is_empty() { age } else { more.to_string() };
    let taken = width(&title) + right.chars().count() + BORDERS;
    title.extend(super::database::badge(snapshot, name, model.now, usize::from(area.width).saturating_sub(taken)));
    let focus = selected && model.pane == Pane::Regions;
    pen.hits.add(area, Target::Region(name.to_string()));
    let inside = pad(pen.frame(area, &title, &[word(Role::Muted, right)], focus));
    let verdict = verdict::of_region(snapshot, view, model.now);
    head(snapshot, view, verdict, model, pen, inside);
    let lines = lines::of(snapshot, view, model.now, usize::from(inside.width).saturating_sub(LABEL));
    let room = usize::from(inside.height).saturating_sub(2);
    let mut shown: Vec<&Line> = lines.iter().collect();
    while shown.len() > room {
        let least = shown.iter().enumerate().max_by_key(|(_, line)| line.rank).map(|(place, _)| place);
        shown.remove(least.unwrap_or(0));
    }
    for (place, line) in shown.into_iter().enumerate() {
        let label = if focus && line.topic == model.topic { Role::Selection } else { Role::Muted };
        pen.left(inside, place + 2, &[word(label, line.topic.label())]);
        draw_line(line, pen, inside, place + 2);
        pen.hit(inside, place + 2, 0, usize::from(inside.width), Target::Topic(name.to_string(), line.topic));
    }
}

/// Two rows: the verdict, and why it is not a better one.
fn head(snapshot: &Snapshot, view: &RegionView, verdict: Verdict, model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let role = verdict_role(verdict);
    pen.left(area, 0, &[word(role, format!("{} {}", verdict.symbol(), verdict.word()))]);
    let whys = why(snapshot, view, verdict, model);
    let room = usize::from(area.width);
    let first = verdict.word().len() + 4;
    let Some(longest) = whys.first() else { return };
    if first + longest.chars().count() <= room {
        return pen.at(area, 0, first, &[word(role, longest)]);
    }
    let fitting = whys.iter().find(|why| why.chars().count() <= room).or(whys.last());
    pen.left(area, 1, &[word(role, fitting.cloned().unwrap_or_default())]);
}

/// Why the Region is not simply serving, the longest wording first.
pub fn why(snapshot: &Snapshot, view: &RegionView, verdict: Verdict, model: &Model) -> Vec<String> {
    let now = model.now;
    let one = match verdict {
        Verdict::Serving => None,
        Verdict::Degraded => view
            .service
            .value
            .as_ref()
            .zip(verdict::healthy_targets(view, now))
            .map(|(service, healthy)| format!("{} of {} run, {healthy} healthy", service.running, service.desired)),
        Verdict::Draining => verdict::dial(snapshot, &view.name).map(|percent| format!("dial {percent} %")),
        Verdict::Drained if verdict::dial(snapshot, &view.name).is_none() => Some("weight 0".into()),
        Verdict::Drained => Some("dial 0 %".into()),
        Verdict::Evacuated => {
            let (at, of) = verdict::switch_agreement(snapshot, now, &view.name, true);
            Some(format!("switch set at {at} of {of} peers"))
        }
        Verdict::Down if verdict::healthy_targets(view, now) == Some(0) => Some("no healthy target".into()),
        Verdict::Down => Some("checkers find it unhealthy".into()),
        Verdict::Unknown => {
            let service = words::remark(&view.service, now);
            let remark = if service.current() { words::remark(&view.targets, now) } else { service };
            return remark.words.iter().map(|text| text.trim_start_matches("UNKNOWN: ").to_string()).collect();
        }
    };
    one.into_iter().collect()
}

fn draw_line(line: &Line, pen: &mut Pen<'_>, area: Rect, row: usize) {
    let value =
        Rect { x: area.x + (LABEL as u16).min(area.width), width: area.width.saturating_sub(LABEL as u16), ..area };
    let room = usize::from(value.width);
    if line.remark.current() {
        let mut parts = fit(line.parts.clone(), room);
        if parts_width(&parts) > room {
            return pen.left(value, row, &join(parts));
        }
        let last = parts.pop();
        let used = parts_width(&parts);
        pen.left(value, row, &join(parts));
        let Some(last) = last else { return };
        if line.last_right && used > 0 {
            pen.right(value, row, &join(vec![last]));
        } else {
            pen.at(value, row, if used > 0 { used + 2 } else { 0 }, &join(vec![last]));
        }
        return;
    }
    stale(line, &line.remark, pen, value, row);
}

/// A value that is not current: dim, and never without its age.
fn stale(line: &Line, remark: &Remark, pen: &mut Pen<'_>, area: Rect, row: usize) {
    let room = usize::from(area.width);
    let role = if remark.unknown { Role::Unknown } else { Role::Stale };
    let mut parts: Vec<_> = line.parts.iter().filter(|part| part.rank < 2).cloned().collect();
    for word in parts.iter_mut().flat_map(|part| &mut part.words) {
        word.role = Role::Stale;
    }
    for parts in [parts.clone(), parts.into_iter().filter(|part| part.rank == 0).collect()] {
        for why in &remark.words {
            let tail = [word(role, why.clone())];
            let used = width(&tail);
            if parts_width(&parts) + 2 + used <= room {
                pen.left(area, row, &join(parts));
                pen.right(area, row, &tail);
                return;
            }
        }
    }
    let fitting = remark.words.iter().find(|why| why.chars().count() <= room).or(remark.words.last());
    pen.left(area, row, &[word(role, fitting.cloned().unwrap_or_default())]);
}
