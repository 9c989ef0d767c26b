//! The first line: which stack, what kind of world, what the console may do, how many Regions serve.

use super::database;
use crate::model::verdict::{self, Overall};
use crate::tui::model::{Mode, Model};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Pen, Word, fit, join, part, parts_width, word};
use crate::tui::view::{COMPACT, words};
use ratatui::layout::Rect;

/// Columns of the clock, with a gap before it.
const CLOCK: usize = 11;

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let room = usize::from(area.width).saturating_sub(2);
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    // the clock stays: what is said without it has no time
    let clock = if area.width >= COMPACT.0 { CLOCK } else { 0 };
    let left = fit(left(model), room.saturating_sub(clock));
    let right = fit(right(model), room.saturating_sub(parts_width(&left) + 2));
    pen.left(area, 0, &join(left));
    pen.right(area, 0, &join(right));
}

/// The most important parts, for screens with one line for all.
pub fn left(model: &Model) -> Vec<Part> {
    let mut parts = vec![
        Part { words: vec![word(Role::Title, format!("{}/", model.stack)), environment(model)], rank: 0 },
        world(model),
        badge(model),
    ];
    if let Some(snapshot) = &model.snapshot {
        let (serving, all) = (verdict::serving(snapshot, model.now), snapshot.regions.len());
        let (role, symbol) = match verdict::of_stack(snapshot, model.now) {
            Overall::Healthy => (Role::Ok, "●"),
            Overall::Degraded if serving == 0 => (Role::Bad, "✖"),
            Overall::Degraded => (Role::Warn, "◐"),
            Overall::Unknown => (Role::Unknown, "?"),
        };
        parts.push(part(1, role, format!("{symbol} serving {serving}/{all}")));
        parts.extend(database::header(snapshot, model.now));
    } else {
        parts.push(part(1, Role::Unknown, "? not seen yet"));
    }
    if model.waiting() > 0 {
        parts.push(part(1, Role::Danger, " A STEP FAILED "));
    }
    parts
}

fn environment(model: &Model) -> Word {
    word(Role::environment(&model.environment), model.environment.clone())
}

fn world(model: &Model) -> Part {
    match &model.mode {
        Mode::Simulated { speed, .. } if *speed < 1.0 => {
            part(0, Role::BadgeSimulated, format!("SIMULATED x{speed:.1}"))
        }
        Mode::Simulated { speed, .. } => part(0, Role::BadgeSimulated, format!("SIMULATED x{speed:.0}")),
        Mode::Served { endpoint, .. } => part(0, Role::BadgeSimulated, endpoint.clone()),
        Mode::Aws => part(0, Role::Title, "AWS"),
    }
}

fn badge(model: &Model) -> Part {
    if model.writable { part(0, Role::BadgeWrite, " WRITE ") } else { part(0, Role::BadgeRead, "READ-ONLY") }
}

fn right(model: &Model) -> Vec<Part> {
    let mut parts = vec![];
    if let Some(snapshot) = &model.snapshot {
        let remark = words::remark(&snapshot.identity, model.now);
        let who = snapshot.identity.value.as_ref().map(|identity| {
            let name = identity.arn.rsplit('/').next().unwrap_or(&identity.arn);
            format!("{name}@{}", identity.account)
        });
        match (who, remark.words.first()) {
            (Some(who), None) => parts.push(part(2, Role::Muted, who)),
            (Some(who), Some(_)) => parts.push(part(2, Role::Stale, who)),
            (None, Some(why)) => parts.push(part(3, Role::Unknown, format!("identity {why}"))),
            (None, None) => {}
        }
    }
    parts.push(part(1, Role::Title, words::clock(model.now)));
    parts
}
