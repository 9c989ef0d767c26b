//! The fault menu: what to break, where, for how long.

use super::actions::Act;
use super::main;
use crate::fault::{FaultBoard, FaultOrder};
use crate::tui::model::{FaultChoice, FaultMenu, Model, Overlay};
use crate::tui::msg::Cmd;

/// How long a fault may be asked to last, seconds.
pub const DURATIONS_S: [u64; 9] = [15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/// The place of the usual duration.
pub const USUAL: usize = 4;

impl FaultMenu {
    pub fn duration_s(&self) -> u64 {
        DURATIONS_S.get(self.duration).copied().unwrap_or(DURATIONS_S[USUAL])
    }
}

/// What can be pointed at, in the order of the screen: faults that hold, then kinds.
pub fn choices(board: &FaultBoard) -> Vec<FaultChoice> {
    let active = board.active.iter().map(|fault| FaultChoice::Active(fault.id));
    active.chain(board.kinds.iter().map(|kind| FaultChoice::Kind(kind.id.clone()))).collect()
}

/// What is pointed at: the choice if it is still there, else the first kind.
pub fn chosen(menu: &FaultMenu, board: &FaultBoard) -> Option<FaultChoice> {
    let all = choices(board);
    let first = all.get(board.active.len()).or(all.first()).cloned();
    menu.chosen.clone().filter(|choice| all.contains(choice)).or(first)
}

/// The Region that a fault of this kind would strike; `None` for one that strikes what all share.
pub fn struck<'a>(model: &'a Model, menu: &FaultMenu, board: &FaultBoard, kind: &str) -> Option<&'a str> {
    let takes = board.kinds.iter().any(|one| one.id == kind && one.takes_region());
    model.regions.get(menu.region).filter(|_| takes).map(String::as_str)
}

pub(super) fn up(model: &mut Model) {
    step(model, |place, _| place.saturating_sub(1));
}

pub(super) fn down(model: &mut Model) {
    step(model, |place, last| (place + 1).min(last));
}

fn step(model: &mut Model, to: fn(usize, usize) -> usize) {
    let Some(Ok(board)) = &model.faults else { return };
    let Some(Overlay::Faults(menu)) = model.overlays.last_mut() else { return };
    let all = choices(board);
    let place = chosen(menu, board).and_then(|choice| all.iter().position(|one| *one == choice)).unwrap_or(0);
    menu.chosen = all.get(to(place, all.len().saturating_sub(1))).cloned();
}

pub(super) fn act(model: &mut Model, act: Act) -> Vec<Cmd> {
    let regions = model.regions.len();
    let Some(Overlay::Faults(menu)) = model.overlays.last_mut() else { return vec![] };
    match act {
        Act::NextRegion => menu.region = (menu.region + 1).checked_rem(regions).unwrap_or(0),
        Act::PreviousRegion => menu.region = (menu.region + regions.max(1) - 1).checked_rem(regions).unwrap_or(0),
        Act::Faster => menu.duration = (menu.duration + 1).min(DURATIONS_S.len() - 1),
        Act::Slower => menu.duration = menu.duration.saturating_sub(1),
        Act::Confirm => return start(model),
        Act::EndFault => return end(model),
        Act::Theme => super::themes::open(model),
        Act::Help => main::help(model),
        _ => {}
    }
    vec![]
}

fn start(model: &Model) -> Vec<Cmd> {
    let (Some(Ok(board)), Some(Overlay::Faults(menu))) = (&model.faults, model.overlays.last()) else { return vec![] };
    let Some(FaultChoice::Kind(kind)) = chosen(menu, board) else { return vec![] };
    let order = FaultOrder {
        region: struck(model, menu, board, &kind).map(str::to_string),
        kind,
        duration_s: Some(menu.duration_s()),
        ..FaultOrder::default()
    };
    vec![Cmd::StartFault(order), Cmd::ListFaults]
}

fn end(model: &mut Model) -> Vec<Cmd> {
    let (Some(Ok(board)), Some(Overlay::Faults(menu))) = (&model.faults, model.overlays.last()) else { return vec![] };
    match chosen(menu, board) {
        Some(FaultChoice::Active(id)) => vec![Cmd::EndFault(id), Cmd::ListFaults],
        _ => {
            model.hint(crate::model::event::Severity::Info, "choose a fault that holds to end it");
            vec![]
        }
    }
}
