//! Keys on the panes, and on the details of a Region.

use super::actions::Act;
use crate::model::plan::Kind;
use crate::tui::model::{FaultMenu, Field, Mode, Model, Overlay, Pane, ScalePrompt, Tab, Topic, Zoom};
use crate::tui::msg::Cmd;

/// The paces that `+` and `-` step through, simulated seconds a second.
pub const PACES: [f64; 10] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];

pub(super) fn act(model: &mut Model, act: Act) -> Vec<Cmd> {
    match act {
        Act::Operate(Kind::Scale) => {
            ask_number(model);
            vec![]
        }
        Act::Operate(kind) => {
            let region = model.selected.clone();
            model.overlays.push(Overlay::Planning { kind, region: region.clone() });
            vec![Cmd::Plan { kind, region, tasks: None }]
        }
        Act::NextRegion => next(model, 1),
        Act::PreviousRegion => next(model, model.regions.len().saturating_sub(1)),
        Act::NextPane => pane(model, 1),
        Act::PreviousPane => pane(model, Pane::ALL.len() - 1),
        Act::Up => step(model, |place| place.saturating_sub(1)),
        Act::Down => step(model, |place| place.saturating_add(1)),
        Act::Zoom => zoom(model),
        Act::Tab(tab) => super::zoom::turn(model, tab),
        Act::Operations => {
            if let Some(id) = model.operation().map(|run| run.id) {
                model.overlays.push(Overlay::Operation { id, scroll: 0 });
            }
            vec![]
        }
        Act::Palette => {
            super::palette::open(model);
            vec![]
        }
        Act::Freeze => {
            super::freeze::turn(model);
            vec![]
        }
        Act::LocalTime => {
            model.local_time = !model.local_time;
            vec![]
        }
        Act::Faults => {
            let menu = FaultMenu { region: model.column(), duration: super::faults::USUAL, ..FaultMenu::default() };
            model.overlays.push(Overlay::Faults(menu));
            vec![Cmd::ListFaults]
        }
        Act::Faster => pace(model, true),
        Act::Slower => pace(model, false),
        Act::Refresh => {
            model.hint(crate::model::event::Severity::Info, "looking at everything now");
            vec![Cmd::Refresh]
        }
        Act::Theme => {
            super::themes::open(model);
            vec![]
        }
        Act::Help => {
            help(model);
            vec![]
        }
        _ => vec![],
    }
}

/// Opens the page of what is pointed at.
pub(super) fn zoom(model: &mut Model) -> Vec<Cmd> {
    let tab = match model.pane {
        Pane::Regions => model.topic.page(),
        Pane::Traffic => Tab::Traffic,
        Pane::Events => Tab::Events,
        Pane::Operations if model.operations.is_empty() => {
            model.hint(crate::model::event::Severity::Info, "no operation has run yet");
            return vec![];
        }
        Pane::Operations => return act(model, Act::Operations),
    };
    super::zoom::open(model, Zoom::on(tab))
}

fn pane(model: &mut Model, step: usize) -> Vec<Cmd> {
    let at = Pane::ALL.iter().position(|pane| *pane == model.pane).unwrap_or(0);
    model.pane = Pane::ALL[(at + step) % Pane::ALL.len()];
    vec![]
}

/// Moves through what the pane lists.
fn step(model: &mut Model, to: fn(usize) -> usize) -> Vec<Cmd> {
    match model.pane {
        Pane::Regions => {
            let at = Topic::ALL.iter().position(|topic| *topic == model.topic).unwrap_or(0);
            model.topic = Topic::ALL[to(at).min(Topic::ALL.len() - 1)];
        }
        Pane::Traffic => {
            let place = to(model.column()).min(model.regions.len().saturating_sub(1));
            let name = model.regions.get(place).cloned();
            return name.map(|name| select(model, &name)).unwrap_or_default();
        }
        Pane::Events | Pane::Operations => super::scroll_events(model, to),
    }
    vec![]
}

pub(super) fn help(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::Help { .. }) => drop(model.overlays.pop()),
        _ => model.overlays.push(Overlay::Help { scroll: 0 }),
    }
}

fn next(model: &mut Model, step: usize) -> Vec<Cmd> {
    let Some(next) = (model.column() + step).checked_rem(model.regions.len()) else { return vec![] };
    let Some(name) = model.regions.get(next).cloned() else { return vec![] };
    select(model, &name)
}

/// A page of a Region shows the one that is selected.
pub(super) fn select(model: &mut Model, name: &str) -> Vec<Cmd> {
    model.selected = name.to_string();
    match model.overlays.last_mut() {
        Some(Overlay::Zoom(zoom)) => {
            zoom.row = None;
            vec![Cmd::Zoomed(Some(model.selected.clone()))]
        }
        _ => vec![],
    }
}

fn ask_number(model: &mut Model) {
    let view = model.snapshot.as_ref().and_then(|snapshot| snapshot.region(&model.selected));
    let now = view.and_then(|view| view.service.value.as_ref()).map(|service| service.desired);
    // Empty: digits typed behind a number that stands already would ask for ten times as many.
    let input = Field::new(String::new());
    model.overlays.push(Overlay::Scale(ScalePrompt { region: model.selected.clone(), now, input }));
}

fn pace(model: &Model, faster: bool) -> Vec<Cmd> {
    let Mode::Simulated { speed, .. } = model.mode else { return vec![] };
    let next =
        if faster { PACES.iter().find(|pace| **pace > speed) } else { PACES.iter().rev().find(|pace| **pace < speed) };
    next.map(|pace| Cmd::SetSpeed(*pace)).into_iter().collect()
}
