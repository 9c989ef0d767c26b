//! What an operation that waits is told: retry, skip, cancel. Each is answered by typing.

use super::actions::{Act, Context};
use super::main;
use crate::model::event::Severity;
use crate::tui::keys::Key;
use crate::tui::model::{Ask, Asked, Confirm, Model, Overlay};
use crate::tui::msg::Cmd;

/// The shortest reason that is taken for one, in characters.
const REASON: usize = 4;

/// Keys on the details of an operation.
pub(super) fn open(model: &mut Model, act: Act) -> Vec<Cmd> {
    let what = match act {
        Act::Retry => Asked::Retry,
        Act::Skip => Asked::Skip,
        Act::Cancel => Asked::Cancel,
        other => return main::act(model, other),
    };
    let Some(Overlay::Operation { id, .. }) = model.overlays.last() else { return vec![] };
    let Some(region) = model.operation_by(*id).map(|run| run.plan.region.clone()) else { return vec![] };
    let ask = Ask { operation: *id, what, region, confirm: Confirm::default() };
    model.overlays.push(Overlay::Ask(ask));
    vec![]
}

pub(super) fn pressed(model: &mut Model, key: Key, burst: bool) -> Vec<Cmd> {
    let act = super::unless_typed(model, Context::Ask, key);
    match act {
        Some(Act::Confirm) => confirm(model, burst),
        Some(other) => super::act(model, Context::Ask, other),
        None => {
            if let Some(Overlay::Ask(ask)) = model.overlays.last_mut() {
                ask.confirm.edit(key, burst);
            }
            vec![]
        }
    }
}

fn confirm(model: &mut Model, burst: bool) -> Vec<Cmd> {
    let Some(Overlay::Ask(ask)) = model.overlays.last_mut() else { return vec![] };
    if burst {
        ask.confirm.burst();
        return vec![];
    }
    let (id, typed) = (ask.operation, ask.confirm.input.value().trim().to_string());
    let cmd = match ask.what {
        Asked::Skip if typed.chars().count() < REASON => {
            ask.confirm.note = Some("say why: the reason is kept".into());
            return vec![];
        }
        Asked::Retry | Asked::Cancel if typed != ask.region => {
            ask.confirm.note = Some(format!("type {} to confirm", ask.region));
            return vec![];
        }
        Asked::Retry => Cmd::Retry(id),
        Asked::Skip => Cmd::Skip(id, typed),
        Asked::Cancel => Cmd::CancelOperation(id),
    };
    let word = match ask.what {
        Asked::Retry => "retry of the failed step",
        Asked::Skip => "skip of the failed step",
        Asked::Cancel => "cancel",
    };
    let region = ask.region.clone();
    model.overlays.pop();
    model.say(Severity::Info, format!("{word} asked for, operation #{id} on {region}"));
    vec![cmd]
}
