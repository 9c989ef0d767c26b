//! What a message does to the model, and what it asks for. Pure and total: no I/O, no clock, no panic.

mod ask;
pub(super) mod confirm;
pub mod faults;
mod freeze;
pub mod main;
mod mouse;
mod palette;
mod plan;
mod scale;
pub mod themes;
mod zoom;

use super::actions::keymap::{INTERRUPT, Meaning, SUSPEND};
use super::actions::{self, ACTIONS, Act, Action, Context, Now};
use super::keys::{Code, Key};
use super::model::{Mode, Model, Overlay};
use super::msg::{Cmd, Msg};
use crate::fault::FaultBoard;
use crate::model::event::Severity;
use crate::model::snapshot::Snapshot;
use crate::model::text::clean;
use std::sync::Arc;
use std::time::Duration;

/// Keys that come closer together than this were not typed by a hand.
pub const BURST: Duration = Duration::from_millis(15);

/// How many lines a page key moves.
const PAGE: usize = 10;

/// Takes one message in.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Cmd> {
    let Some(msg) = freeze::hold(model, msg) else { return vec![] };
    match msg {
        Msg::Key { key, at } => pressed(model, key, at),
        Msg::Click { target, at } => {
            model.last_key = Some(at);
            model.pending.clear();
            mouse::clicked(model, target)
        }
        Msg::Wheel { target, up } => mouse::wheel(model, target.as_ref(), up),
        Msg::Paste(_) => pasted(model),
        Msg::Resize { width, height } => {
            (model.width, model.height) = (width, height);
            vec![]
        }
        Msg::Tick(now) => ticked(model, now),
        Msg::Snapshot(snapshot) => {
            seen(model, snapshot);
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
        Msg::Hint { severity, text } => {
            model.hint(severity, clean(&text));
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
            vec![Cmd::Attentive(false)]
        }
        Msg::FocusGained => {
            model.focused = true;
            vec![Cmd::Attentive(true), Cmd::Refresh]
        }
        Msg::Suspend | Msg::Continued => vec![],
    }
}

fn seen(model: &mut Model, snapshot: Arc<Snapshot>) {
    model.regions = snapshot.regions.iter().map(|region| region.name.clone()).collect();
    if !model.regions.contains(&model.selected) {
        model.selected = model.regions.first().cloned().unwrap_or_default();
    }
    model.snapshot = Some(snapshot);
}

fn ticked(model: &mut Model, now: jiff::Timestamp) -> Vec<Cmd> {
    model.now = now;
    let ticks = model.notice.as_mut().and_then(|notice| notice.ticks.as_mut());
    if let Some(ticks) = ticks {
        *ticks = ticks.saturating_sub(1);
        if *ticks == 0 {
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
    if key == SUSPEND {
        return vec![Cmd::Suspend];
    }
    let here = actions::context(model);
    if here.typing() {
        model.pending.clear();
        return match here {
            Context::Plan => plan::pressed(model, key, burst),
            Context::Scale => scale::pressed(model, key, burst),
            Context::Ask => ask::pressed(model, key, burst),
            Context::Themes => themes::pressed(model, key),
            Context::Palette => palette::pressed(model, key),
            _ => zoom::typed(model, key),
        };
    }
    if !model.pending.is_empty() && key == Key::of(Code::Esc) {
        model.pending.clear();
        return vec![];
    }
    model.pending.push(key);
    match model.keymap.meaning(here, &model.pending) {
        Meaning::Prefix => vec![],
        Meaning::Nothing => {
            if key == Key::of(Code::Esc) {
                model.notice = None;
            }
            let pressed: Vec<String> = model.pending.drain(..).map(|key| key.to_string()).collect();
            if pressed.len() > 1 {
                model.hint(Severity::Info, format!("{} does nothing here", pressed.join(" ")));
            }
            vec![]
        }
        Meaning::Action(place) => {
            model.pending.clear();
            ACTIONS.get(place).map(|action| perform(model, here, action)).unwrap_or_default()
        }
    }
}

/// What a key means where letters are text; `None` for what is typed.
fn unless_typed(model: &Model, here: Context, key: Key) -> Option<Act> {
    let action = if key.typed().is_none() { model.keymap.action(here, key) } else { None };
    action.map(|action| action.act)
}

/// Does what an action does, or says why it cannot be done now.
fn perform(model: &mut Model, here: Context, action: &'static Action) -> Vec<Cmd> {
    let possible = (action.when)(&Now::of(model));
    if let Err(why) = possible {
        model.hint(Severity::Warn, why);
        return vec![];
    }
    model.notice = None;
    if action.danger {
        freeze::thaw(model);
    }
    act(model, here, action.act)
}

fn act(model: &mut Model, here: Context, act: Act) -> Vec<Cmd> {
    match act {
        Act::Quit => vec![Cmd::Quit],
        Act::Back => back(model),
        _ if here == Context::Zoom => zoom::act(model, act).unwrap_or_else(|| main::act(model, act)),
        Act::Copy => match model.overlays.pop() {
            Some(Overlay::Card(card)) => vec![Cmd::Copy(card.command)],
            _ => vec![],
        },
        Act::Up | Act::Down if here == Context::Main => main::act(model, act),
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
    if zoom::back(model) {
        return vec![];
    }
    match model.overlays.pop() {
        Some(Overlay::Zoom(_)) => vec![Cmd::Zoomed(None)],
        _ => vec![],
    }
}

/// Nothing that scrolls is longer than this.
const FURTHEST: usize = 10_000;

fn scroll_events(model: &mut Model, to: fn(usize) -> usize) {
    model.events_scroll = to(model.events_scroll).min(FURTHEST);
}

/// Moves what scrolls here. Views hold it to their end, so it is held to something here as well.
fn scroll(model: &mut Model, to: fn(usize) -> usize, menu: fn(&mut Model)) -> Vec<Cmd> {
    let place = match model.overlays.last_mut() {
        None => {
            scroll_events(model, to);
            return vec![];
        }
        Some(Overlay::Plan(review)) => &mut review.scroll,
        Some(Overlay::Help { scroll } | Overlay::Operation { scroll, .. }) => scroll,
        Some(Overlay::Faults(_)) => {
            menu(model);
            return vec![];
        }
        Some(_) => return vec![],
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
