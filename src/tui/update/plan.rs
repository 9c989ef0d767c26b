//! The plan on the screen: read it, type the Region's name, Enter.

use super::actions::{Act, Context};
use crate::model::event::Severity;
use crate::model::plan::{Kind, Plan};
use crate::model::text::clean;
use crate::tui::keys::Key;
use crate::tui::model::{Confirm, Model, Overlay, PlanReview};
use crate::tui::msg::Cmd;

/// The plan that was asked for came, or it could not be made. One that nobody waits for is dropped.
pub(super) fn planned(model: &mut Model, kind: Kind, region: &str, answer: Result<Plan, String>) {
    let waiting = |overlay: &Overlay| *overlay == Overlay::Planning { kind, region: region.into() };
    let Some(place) = model.overlays.iter().position(waiting) else { return };
    match answer {
        Ok(plan) => {
            let review = PlanReview {
                hash: plan.hash(),
                plan,
                made: model.now,
                confirm: Confirm::default(),
                scroll: 0,
                cli: false,
            };
            model.overlays[place] = Overlay::Plan(Box::new(review));
        }
        Err(why) => {
            model.overlays.remove(place);
            model.say(Severity::Bad, format!("no plan: {}", clean(&why)));
        }
    }
}

pub(super) fn pressed(model: &mut Model, key: Key, burst: bool) -> Vec<Cmd> {
    let act = super::unless_typed(model, Context::Plan, key);
    match act {
        Some(Act::Confirm) => confirm(model, burst),
        Some(Act::ShowCommands) => {
            if let Some(Overlay::Plan(review)) = model.overlays.last_mut() {
                review.cli = !review.cli;
            }
            vec![]
        }
        Some(other) => super::act(model, Context::Plan, other),
        None => {
            if let Some(Overlay::Plan(review)) = model.overlays.last_mut() {
                review.confirm.edit(key, burst);
            }
            vec![]
        }
    }
}

fn confirm(model: &mut Model, burst: bool) -> Vec<Cmd> {
    let writable = model.writable;
    let Some(Overlay::Plan(review)) = model.overlays.last_mut() else { return vec![] };
    if burst {
        review.confirm.burst();
        return vec![];
    }
    let note = if !writable {
        Some("read-only: start with --write".into())
    } else if let Some(check) = review.plan.checks.iter().find(|check| check.refuses()) {
        Some(format!("refused by {}: {}", check.rule, check.why))
    } else if review.confirm.input.value() != review.plan.region {
        Some(format!("type {} to confirm", review.plan.region))
    } else {
        None
    };
    if note.is_some() {
        review.confirm.note = note;
        return vec![];
    }
    let (plan, hash) = (review.plan.clone(), review.hash.clone());
    model.overlays.pop();
    model.say(Severity::Info, format!("{} {} confirmed, plan {hash}", plan.kind.word(), plan.region));
    vec![Cmd::Run(plan, hash)]
}
