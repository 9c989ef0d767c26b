//! Remote text that wants to be obeyed or to break the screen, wherever remote text can be.

use super::{fixtures, running, showing, tables};
use crate::model::event::Severity;
use crate::model::operation::Happening;
use crate::model::snapshot::Snapshot;
use crate::tui::model::Model;
use crate::tui::msg::Msg;
use crate::tui::update::update;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// Controls, bidi, wide, combining, joined, and a text that is far too long.
pub const EVIL: [&str; 6] = [
    "x\u{1b}]52;c;eA==\u{7}\u{202e}gro\u{200b}日本語e\u{301}\u{301}👩‍👩‍👧‍👦\r\n\u{9b}31m",
    "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語",
    "\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
    "\u{2066}\u{202d}שלום\u{2069}\u{61c}مرحبا",
    "\u{feff}\u{e0001}\u{2028}\u{85}\u{ad}\u{115f}",
    "a/very:long-name.with?every=thing&in it \t a/very:long-name.with?every=thing&in it",
];

/// The snapshot with this text in the place of every text that is not the name of a Region of ours.
pub fn snapshot(evil: &str) -> Snapshot {
    static PLACES: OnceLock<(Value, Vec<String>)> = OnceLock::new();
    let (json, places) = PLACES.get_or_init(|| {
        let mut plain = fixtures::snapshot(2);
        tables(&mut plain);
        super::database::held(&mut plain);
        let json = serde_json::to_value(plain).unwrap();
        let mut places = vec![];
        texts(&json, &mut String::new(), &mut places);
        places.retain(|place| takes_any(&json, place));
        (json, places)
    });
    let mut json = json.clone();
    for place in places {
        *json.pointer_mut(place).unwrap() = evil.into();
    }
    serde_json::from_value(json).unwrap()
}

fn texts(json: &Value, at: &mut String, places: &mut Vec<String>) {
    let mut below = |key: &str, value: &Value| {
        let before = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        texts(value, at, places);
        at.truncate(before);
    };
    match json {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| below(&place.to_string(), value)),
        Value::String(_) => places.push(at.clone()),
        _ => {}
    }
}

/// Whether any text may stand there: no moment, no word of an enumeration; and no name of a Region of ours.
fn takes_any(json: &Value, place: &str) -> bool {
    let parts: Vec<&str> = place.split('/').collect();
    if matches!(parts.as_slice(), ["", "regions", _, "name"]) {
        return false;
    }
    let mut changed = json.clone();
    *changed.pointer_mut(place).unwrap() = "any".into();
    serde_json::from_value::<Snapshot>(changed).is_ok()
}

/// Everything that is shown, hostile: an operation and a notice as well.
pub fn model(evil: &str) -> Model {
    let mut model = showing(running(true), |shown| *shown = snapshot(evil));
    let mut operations = model.operations.as_ref().clone();
    for run in &mut operations {
        run.apply(Happening::Retried, super::now());
        run.steps[2].note = evil.into();
        run.plan.title = evil.into();
        run.plan.undo = evil.into();
    }
    update(&mut model, Msg::Operations(Arc::new(operations)));
    update(&mut model, Msg::Notice { severity: Severity::Warn, text: evil.into() });
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_text_is_replaced() {
        let evil = snapshot(EVIL[0]);
        let text = serde_json::to_string(&evil).unwrap();
        for plain in ["shop-web", "RUNNING", "aurora", "ACTIVE", "arn:aws", "amazonaws"] {
            assert!(!text.contains(plain), "{plain} is still there");
        }
    }
}
