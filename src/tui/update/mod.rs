//! What a message does to the model, and what it asks for. Pure and total: no I/O, no clock, no panic.

mod ask;
mod confirm;
pub mod faults;
pub mod main;
mod plan;
mod scale;
pub mod themes;

use super::actions::{self, Act, Context, INTERRUPT};
use super::keys::Key;
use super::model::{Mode, Model, Overlay};
use super::msg::{Cmd, Msg};
use crate::fault::FaultBoard;
use crate::model::event::Severity;
use crate::model::text::clean;
use std::time::Duration;

/// Keys that come closer together than this were not typed by a hand.
pub const BURST: Duration = Duration::from_millis(15);

/// How many lines a page key moves.
const PAGE: usize = 10;

/// Takes one message in.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Cmd> {
    match msg {
        Msg::Key { key, at } => pressed(model, key, at),
        Msg::Paste(_) => pasted(model),
        Msg::Resize { width, height } => {
            (model.width, model.height) = (width, height);
            vec![]
        }
        Msg::Tick(now) => ticked(model, now),
        Msg::Snapshot(snapshot) => {
            model.regions = snapshot.regions.iter().map(|region| region.name.clone()).collect();
            if !model.regions.contains(&model.selected) {
                model.selected = model.regions.first().cloned().unwrap_or_default();
            }
            model.snapshot = Some(snapshot);
            vec![]
        }
        Msg::Operations(operations) => {
            model.operations = operations;
            vec![]
        }
        Msg::Planned { kind, region, plan } => {
            plan::planned(model, kind, &region, plan);
            vec![]
        }
        Msg::Faults(answer) => {
            model.faults = Some(answer.map(clean_board).map_err(|why| clean(&why)));
            vec![]
        }
        Msg::Notice { severity, text } => {
            model.say(severity, text);
            vec![]
        }
        Msg::Speed(pace) => {
            if let Mode::Simulated { speed, .. } = &mut model.mode {
                *speed = pace;
            }
            vec![]
        }
        Msg::FocusLost => {
            model.focused = false;
            vec![]
        }
        Msg::FocusGained => {
            model.focused = true;
            vec![Cmd::Refresh]
        }
    }
}

fn ticked(model: &mut Model, now: jiff::Timestamp) -> Vec<Cmd> {
    model.now = now;
    if let Some(notice) = &mut model.notice {
        notice.ticks = notice.ticks.saturating_sub(1);
        if notice.ticks == 0 {
            model.notice = None;
        }
    }
    if matches!(model.overlays.last(), Some(Overlay::Faults(_))) { vec![Cmd::ListFaults] } else { vec![] }
}

fn pressed(model: &mut Model, key: Key, at: Duration) -> Vec<Cmd> {
    let burst = model.last_key.is_some_and(|last| at.saturating_sub(last) < BURST);
    model.last_key = Some(at);
    if key == INTERRUPT {
        return vec![Cmd::Quit];
    }
    let here = actions::context(model);
    match here {
        Context::Plan => return plan::pressed(model, key, burst),
        Context::Scale => return scale::pressed(model, key, burst),
        Context::Ask => return ask::pressed(model, key, burst),
        Context::Themes => return themes::pressed(model, key),
        _ => {}
    }
    let Some(action) = actions::find(here, key) else { return vec![] };
    if let Err(why) = (action.when)(model) {
        model.hint(Severity::Warn, why);
        return vec![];
    }
    model.notice = None;
    act(model, here, action.act)
}

fn act(model: &mut Model, here: Context, act: Act) -> Vec<Cmd> {
    match act {
        Act::Quit => vec![Cmd::Quit],
        Act::Back => back(model),
        Act::Up => scroll(model, |place| place.saturating_sub(1), faults::up),
        Act::Down => scroll(model, |place| place.saturating_add(1), faults::down),
        Act::PageUp => scroll(model, |place| place.saturating_sub(PAGE), faults::up),
        Act::PageDown => scroll(model, |place| place.saturating_add(PAGE), faults::down),
        _ if here == Context::Faults => faults::act(model, act),
        _ if here == Context::Operation => ask::open(model, act),
        _ => main::act(model, act),
    }
}

/// Closes what lies on top.
fn back(model: &mut Model) -> Vec<Cmd> {
    match model.overlays.pop() {
        Some(Overlay::Region { .. }) => vec![Cmd::Zoomed(None)],
        _ => vec![],
    }
}

/// Moves what scrolls here. Views hold it to their end, so it is held to something here as well.
fn scroll(model: &mut Model, to: fn(usize) -> usize, menu: fn(&mut Model)) -> Vec<Cmd> {
    const FURTHEST: usize = 10_000;
    let place = match model.overlays.last_mut() {
        None => &mut model.events_scroll,
        Some(Overlay::Plan(review)) => &mut review.scroll,
        Some(Overlay::Help { scroll } | Overlay::Region { scroll, .. } | Overlay::Operation { scroll, .. }) => scroll,
        Some(Overlay::Faults(_)) => {
            menu(model);
            return vec![];
        }
        Some(Overlay::Scale(_) | Overlay::Ask(_) | Overlay::Planning { .. } | Overlay::Themes(_)) => return vec![],
    };
    *place = to(*place).min(FURTHEST);
    vec![]
}

fn pasted(model: &mut Model) -> Vec<Cmd> {
    let confirm = match model.overlays.last_mut() {
        Some(Overlay::Plan(review)) => &mut review.confirm,
        Some(Overlay::Ask(ask)) => &mut ask.confirm,
        _ => return vec![],
    };
    confirm.note = Some("pasted text does not count: type it".into());
    vec![]
}

/// A board whose texts are safe to draw.
fn clean_board(mut board: FaultBoard) -> FaultBoard {
    for kind in &mut board.kinds {
        (kind.title, kind.description) = (clean(&kind.title), clean(&kind.description));
    }
    for active in &mut board.active {
        (active.title, active.target) = (clean(&active.title), clean(&active.target));
    }
    board
}

#[cfg(test)]
mod tests;
