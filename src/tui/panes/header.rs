//! The first line: which stack, what kind of world, what the console may do, how many Regions serve.

use super::database;
use crate::model::observed::{Observed, elapsed};
use crate::model::outcome::ErrorClass;
use crate::model::snapshot::Identity;
use crate::model::verdict::{self, Overall};
use crate::tui::model::{Mode, Model};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Pen, Word, fit, join, part, parts_width, word};
use crate::tui::view::{COMPACT, words};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::time::Duration;

/// Columns of the clock, with a gap before it.
const CLOCK: usize = 11;

/// Credentials that live shorter than this are a matter of concern.
const SHORT: Duration = Duration::from_secs(15 * 60);

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
    if let Some(held) = &model.frozen {
        parts.push(part(0, Role::Danger, format!(" FROZEN at {} ", words::clock(held.since))));
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

/// How long the credentials live, when they run out at all.
fn credentials(identity: &Observed<Identity>, now: Timestamp) -> Option<Part> {
    let refused = identity.failing.as_ref().is_some_and(|failing| failing.why.class == ErrorClass::Expired);
    let expires = identity.value.as_ref().and_then(|identity| identity.expires);
    if refused || expires.is_some_and(|at| at <= now) {
        return Some(part(1, Role::Bad, "cred EXPIRED"));
    }
    let left = elapsed(now, expires?);
    let minutes = Duration::from_secs(left.as_secs() / 60 * 60);
    let text = format!("cred {}", words::span(if minutes.is_zero() { left } else { minutes }));
    Some(if left < SHORT { part(1, Role::Warn, text) } else { part(2, Role::Muted, text) })
}

fn right(model: &Model) -> Vec<Part> {
    let mut parts = vec![];
    if let Some(snapshot) = &model.snapshot {
        parts.extend(credentials(&snapshot.identity, model.now));
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
    if model.local_time {
        let local = model.now.to_zoned_datetime(model.zone.clone());
        parts.push(part(1, Role::Muted, local.strftime("%H:%M:%S %Z").to_string()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::CallError;
    use jiff::SignedDuration;

    fn shown(identity: &Observed<Identity>) -> Option<(Role, String)> {
        let part = credentials(identity, now())?;
        Some((part.words[0].role, part.words[0].text.clone()))
    }

    #[test]
    fn credentials_say_how_long_they_live() {
        let mut identity = snapshot().identity;
        assert_eq!(shown(&identity), None, "these do not run out");
        for (seconds, role, text) in [
            (3 * 3600 + 300, Role::Muted, "cred 3 h 5 m"),
            (41 * 60 + 59, Role::Muted, "cred 41 m"),
            (15 * 60, Role::Muted, "cred 15 m"),
            (15 * 60 - 1, Role::Warn, "cred 14 m"),
            (42, Role::Warn, "cred 42 s"),
            (0, Role::Bad, "cred EXPIRED"),
            (-5, Role::Bad, "cred EXPIRED"),
        ] {
            identity.value.as_mut().unwrap().expires = Some(now() + SignedDuration::from_secs(seconds));
            assert_eq!(shown(&identity), Some((role, text.into())));
        }
    }

    #[test]
    fn what_aws_says_counts_more_than_the_hour() {
        let mut identity = snapshot().identity;
        identity.failed(CallError::new(ErrorClass::Expired, "expired"), now());
        assert_eq!(shown(&identity), Some((Role::Bad, "cred EXPIRED".into())));
    }
}
