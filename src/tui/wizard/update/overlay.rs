//! Keys on what lies over the page.

use super::{apply, keep};
use crate::model::event::Severity;
use crate::tui::keys::{Code, Key};
use crate::tui::model::Field as Input;
use crate::tui::update::confirm::request;
use crate::tui::wizard::model::{Overlay, Wizard};
use crate::tui::wizard::msg::Cmd;

pub(super) fn pressed(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    let Some(overlay) = wizard.overlay.take() else { return vec![] };
    if key.code == Code::Esc && !matches!(overlay, Overlay::Quit) {
        return vec![];
    }
    match overlay {
        Overlay::Explain { scroll } => {
            let scroll = match key.code {
                Code::Up | Code::PageUp => scroll.saturating_sub(1),
                Code::Down | Code::PageDown => scroll + 1,
                _ => return vec![],
            };
            wizard.overlay = Some(Overlay::Explain { scroll });
        }
        Overlay::Quit => return quit(wizard, key),
        Overlay::Pick { .. } => return pick(wizard, overlay, key),
        Overlay::Confirm(mut input) => {
            if key.code == Code::Enter {
                if input.value().trim() == wizard.stack_name() {
                    return apply(wizard);
                }
                let name = wizard.stack_name().to_string();
                wizard.say(Severity::Warn, format!("type {name} to begin, esc goes back"));
            } else if key == Key::ctrl('c') {
                wizard.overlay = Some(Overlay::Quit);
                return vec![];
            } else if let Some(request) = request(key) {
                input.0.handle(request);
            }
            wizard.overlay = Some(Overlay::Confirm(input));
        }
    }
    vec![]
}

fn quit(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    let yes = matches!(key.code, Code::Enter | Code::Char('y' | 'q')) || key == Key::ctrl('c');
    if !yes {
        return vec![];
    }
    let mut cmds = keep(wizard);
    cmds.push(Cmd::Quit);
    cmds
}

fn pick(wizard: &mut Wizard, overlay: Overlay, key: Key) -> Vec<Cmd> {
    let Overlay::Pick { list, mut filter, mut place } = overlay else { return vec![] };
    let found = wizard.narrowed(list, filter.value());
    match key.code {
        Code::Enter | Code::Tab => {
            // what is in no list may be meant all the same
            let chosen = found.get(place).cloned().unwrap_or_else(|| filter.value().trim().to_string());
            return choose(wizard, chosen);
        }
        Code::Up => place = place.saturating_sub(1),
        Code::Down => place = (place + 1).min(found.len().saturating_sub(1)),
        Code::PageUp => place = place.saturating_sub(8),
        Code::PageDown => place = (place + 8).min(found.len().saturating_sub(1)),
        _ if key == Key::ctrl('c') => return vec![],
        _ => {
            if let Some(request) = request(key) {
                filter.0.handle(request);
                place = 0;
            }
        }
    }
    wizard.overlay = Some(Overlay::Pick { list, filter, place });
    vec![]
}

fn choose(wizard: &mut Wizard, chosen: String) -> Vec<Cmd> {
    if !chosen.is_empty() {
        let id = wizard.focus.clone();
        wizard.take(&id, chosen);
        wizard.focus_on(&id);
    }
    keep(wizard)
}

/// A click on an entry of the list: the first one points, the second one chooses.
pub(super) fn entry(wizard: &mut Wizard, place: usize) -> Vec<Cmd> {
    let Some(Overlay::Pick { list, filter, place: here }) = &mut wizard.overlay else { return vec![] };
    if *here != place {
        *here = place;
        return vec![];
    }
    let (list, filter) = (*list, filter.value().to_string());
    wizard.overlay = None;
    match wizard.narrowed(list, &filter).get(place).cloned() {
        Some(chosen) => choose(wizard, chosen),
        None => vec![],
    }
}

/// The field of a confirmation, empty.
pub(super) fn confirm(wizard: &mut Wizard) {
    wizard.overlay = Some(Overlay::Confirm(Input::new("")));
}
