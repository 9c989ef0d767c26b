//! Keys on the panes, and on the details of a Region.

use super::actions::Act;
use crate::model::plan::Kind;
use crate::tui::model::{FaultMenu, Field, Mode, Model, Overlay, ScalePrompt, Tab};
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
        Act::NextRegion => select(model, 1),
        Act::PreviousRegion => select(model, model.regions.len().saturating_sub(1)),
        Act::Details => details(model, Tab::Tasks),
        Act::Tab(tab) => details(model, tab),
        Act::Operations => {
            if let Some(id) = model.operation().map(|run| run.id) {
                model.overlays.push(Overlay::Operation { id, scroll: 0 });
            }
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

/// Opens the details, or turns to another part of them.
fn details(model: &mut Model, to: Tab) -> Vec<Cmd> {
    if let Some(Overlay::Region { tab, scroll }) = model.overlays.last_mut() {
        (*tab, *scroll) = (to, 0);
        return vec![];
    }
    model.overlays.push(Overlay::Region { tab: to, scroll: 0 });
    vec![Cmd::Zoomed(Some(model.selected.clone()))]
}

pub(super) fn help(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::Help { .. }) => drop(model.overlays.pop()),
        _ => model.overlays.push(Overlay::Help { scroll: 0 }),
    }
}

fn select(model: &mut Model, step: usize) -> Vec<Cmd> {
    let Some(next) = (model.column() + step).checked_rem(model.regions.len()) else { return vec![] };
    let Some(name) = model.regions.get(next) else { return vec![] };
    model.selected = name.clone();
    match model.overlays.last_mut() {
        Some(Overlay::Region { scroll, .. }) => {
            *scroll = 0;
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
