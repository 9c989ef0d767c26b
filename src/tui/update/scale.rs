//! The number of tasks to scale to.

use super::actions::{Act, Context};
use super::confirm;
use crate::model::event::Severity;
use crate::model::plan::Kind;
use crate::tui::keys::Key;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Cmd;
use tui_input::InputRequest;

/// The most digits of a number of tasks.
const DIGITS: usize = 5;

pub(super) fn pressed(model: &mut Model, key: Key, burst: bool) -> Vec<Cmd> {
    let act = super::unless_typed(model, Context::Scale, key);
    match act {
        Some(Act::Confirm) if burst => vec![],
        Some(Act::Confirm) => plan(model),
        Some(other) => super::act(model, Context::Scale, other),
        None => {
            let Some(Overlay::Scale(prompt)) = model.overlays.last_mut() else { return vec![] };
            let fits = match confirm::request(key) {
                Some(InputRequest::InsertChar(typed)) => typed.is_ascii_digit() && prompt.input.value().len() < DIGITS,
                _ => true,
            };
            if let Some(request) = confirm::request(key).filter(|_| fits) {
                prompt.input.0.handle(request);
            }
            vec![]
        }
    }
}

fn plan(model: &mut Model) -> Vec<Cmd> {
    let Some(Overlay::Scale(prompt)) = model.overlays.last() else { return vec![] };
    let Ok(tasks) = prompt.input.value().parse::<u32>() else {
        model.hint(Severity::Warn, "type a number of tasks");
        return vec![];
    };
    let region = prompt.region.clone();
    model.overlays.pop();
    model.overlays.push(Overlay::Planning { kind: Kind::Scale, region: region.clone() });
    vec![Cmd::Plan { kind: Kind::Scale, region, tasks: Some(tasks) }]
}
