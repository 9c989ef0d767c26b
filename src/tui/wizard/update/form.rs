//! Keys on a page that asks.

use super::{back, forward, keep};
use crate::tui::keys::{Code, Key};
use crate::tui::model::Field as Input;
use crate::tui::update::confirm::request;
use crate::tui::wizard::fields::{Kind, is_asked};
use crate::tui::wizard::model::{Live, Overlay, Wizard};
use crate::tui::wizard::msg::Cmd;
use tui_input::InputRequest;

/// What can be typed into a field at most, in characters.
const LONGEST: usize = 2000;

pub(super) fn pressed(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    match key.code {
        Code::Enter | Code::Tab | Code::Down => return step(wizard, key.code),
        Code::BackTab | Code::Up => {
            previous(wizard);
            return vec![];
        }
        Code::Esc => return back(wizard),
        Code::Char('r') if key.ctrl => return again(wizard),
        Code::Char(' ') => return open(wizard),
        _ => {}
    }
    let Some(field) = wizard.focused() else { return vec![] };
    if let Kind::Choice(words) = field.kind {
        let by = match key.code {
            Code::Left => words.len() - 1,
            Code::Right => 1,
            _ => return vec![],
        };
        turn(wizard, by);
        return vec![];
    }
    if let Some(request) = request(key) {
        let full = wizard.input.value().chars().count() >= LONGEST;
        if !(full && matches!(request, InputRequest::InsertChar(_))) {
            wizard.input.0.handle(request);
            typed(wizard);
        }
    }
    vec![]
}

/// What stands in the field is the answer.
pub(super) fn typed(wizard: &mut Wizard) {
    let (id, text) = (wizard.focus.clone(), wizard.input.value().to_string());
    if wizard.answer(&id) != text {
        wizard.take(&id, text);
    }
}

/// Puts text where the cursor is.
pub(super) fn insert(input: &mut Input, text: &str) {
    for character in text.chars().take(LONGEST.saturating_sub(input.value().chars().count())) {
        input.0.handle(InputRequest::InsertChar(character));
    }
}

/// To the next field; after the last of them to the next page, but with Down.
fn step(wizard: &mut Wizard, code: Code) -> Vec<Cmd> {
    let ids: Vec<String> = wizard.asked().map(|field| field.id.clone()).collect();
    let place = ids.iter().position(|id| *id == wizard.focus);
    match place.map_or(ids.first(), |place| ids.get(place + 1)) {
        Some(next) => {
            wizard.focus_on(next);
            keep(wizard)
        }
        None if code == Code::Down => vec![],
        None => forward(wizard),
    }
}

fn previous(wizard: &mut Wizard) {
    let ids: Vec<String> = wizard.asked().map(|field| field.id.clone()).collect();
    let place = ids.iter().position(|id| *id == wizard.focus).unwrap_or(0);
    if let Some(before) = place.checked_sub(1).and_then(|place| ids.get(place)) {
        wizard.focus_on(before);
    }
}

/// The list of a field that has one; the next word of a choice; else a blank is typed.
pub(super) fn open(wizard: &mut Wizard) -> Vec<Cmd> {
    match wizard.focused().map(|field| field.kind) {
        Some(Kind::Pick(list)) => {
            let here = wizard.input.value().to_string();
            let place = wizard.choices(list).iter().position(|one| *one == here).unwrap_or(0);
            wizard.overlay = Some(Overlay::Pick { list, filter: Input::new(""), place });
        }
        Some(Kind::Choice(_)) => turn(wizard, 1),
        Some(_) => {
            wizard.input.0.handle(InputRequest::InsertChar(' '));
            typed(wizard);
        }
        None => {}
    }
    vec![]
}

/// So many words further in a choice.
fn turn(wizard: &mut Wizard, by: usize) {
    let Some(field) = wizard.focused() else { return };
    let Kind::Choice(words) = field.kind else { return };
    let (id, now) = (field.id.clone(), wizard.answers.to(field));
    let place = words.iter().position(|(word, _)| *word == now).unwrap_or(0);
    if let Some((word, _)) = words.get((place + by) % words.len()) {
        wizard.take(&id, (*word).to_string());
        wizard.focus_on(&id);
    }
    // the field that had the keys may be asked no longer
    if !wizard.focused().is_some_and(|field| is_asked(field, &wizard.answers)) {
        wizard.turn_to(wizard.page);
    }
}

/// Asks AWS once more for what it could not tell.
fn again(wizard: &mut Wizard) -> Vec<Cmd> {
    (wizard.who, wizard.zones) = (Live::Asked, Live::Asked);
    vec![Cmd::Identify, Cmd::Zones]
}
