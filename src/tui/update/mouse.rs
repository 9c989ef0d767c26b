//! Clicks and the wheel. A first click points, a second one on the same thing opens it; none ever confirms.

use super::{act, main, palette, themes, zoom};
use crate::tui::actions::{Act, Action, Context, context};
use crate::tui::model::{FaultMenu, Model, Overlay, Pane};
use crate::tui::msg::Cmd;
use crate::tui::view::hits::Target;

/// Lines that the wheel moves.
const WHEEL: usize = 3;

pub(super) fn clicked(model: &mut Model, target: Target) -> Vec<Cmd> {
    match target {
        Target::Action(id) => {
            let here = context(model);
            let known = Action::named(&id).filter(|action| action.contexts.contains(&here));
            return known.map(|action| super::perform(model, here, action)).unwrap_or_default();
        }
        Target::Pane(pane) if model.pane == pane => return main::zoom(model),
        Target::Pane(pane) => model.pane = pane,
        Target::Region(name) => {
            model.pane = Pane::Regions;
            return main::select(model, &name);
        }
        Target::Topic(name, topic) => {
            let again = model.selected == name && model.topic == topic && model.pane == Pane::Regions;
            (model.pane, model.topic) = (Pane::Regions, topic);
            let mut cmds = main::select(model, &name);
            if again {
                cmds.extend(main::zoom(model));
            }
            return cmds;
        }
        Target::Tab(tab) => return zoom::turn(model, tab),
        Target::Row(id) => {
            let again = matches!(model.overlays.last(), Some(Overlay::Zoom(zoom)) if zoom.row.as_ref() == Some(&id));
            zoom::point(model, &id);
            if again {
                return zoom::act(model, Act::Row).unwrap_or_default();
            }
        }
        Target::Column(name) => zoom::sort_by(model, &name),
        Target::Entry(place) => return entry(model, place),
    }
    vec![]
}

fn entry(model: &mut Model, place: usize) -> Vec<Cmd> {
    match model.overlays.last_mut() {
        Some(Overlay::Palette(open)) => {
            let again = open.place == place;
            palette::point(model, place);
            if again { palette::run(model) } else { vec![] }
        }
        Some(Overlay::Themes(_)) => {
            themes::point(model, place);
            vec![]
        }
        Some(Overlay::Faults(menu)) => {
            if let Some(Ok(board)) = &model.faults {
                *menu = FaultMenu { chosen: super::faults::choices(board).get(place).cloned(), ..menu.clone() };
            }
            vec![]
        }
        _ => vec![],
    }
}

/// Moves the list on top; on the panes, the Events.
pub(super) fn wheel(model: &mut Model, over: Option<&Target>, up: bool) -> Vec<Cmd> {
    let here = context(model);
    if matches!(here, Context::Scale | Context::Ask | Context::Planning | Context::Card) {
        return vec![];
    }
    if here == Context::Main {
        if matches!(over, Some(Target::Pane(Pane::Events)) | None) {
            let to = if up {
                |place: usize| place.saturating_sub(WHEEL)
            } else {
                |place: usize| place.saturating_add(WHEEL)
            };
            super::scroll_events(model, to);
        }
        return vec![];
    }
    let what = if up { Act::Up } else { Act::Down };
    (0..WHEEL).flat_map(|_| act(model, here, what)).collect()
}
