//! The list of themes: moving shows a theme at once, Esc takes it back, Enter keeps it.

use super::actions::{Act, Context};
use super::{PAGE, confirm};
use crate::model::event::Severity;
use crate::tui::keys::Key;
use crate::tui::model::{Model, Overlay, ThemePicker};
use crate::tui::msg::Cmd;

pub(super) fn open(model: &mut Model) {
    let picker = ThemePicker { before: model.theme.clone(), ..ThemePicker::default() };
    model.overlays.push(Overlay::Themes(picker));
}

/// The names that the filter leaves, in the order of the screen.
pub fn matching<'a>(names: &'a [String], filter: &str) -> Vec<&'a str> {
    let wanted = filter.to_lowercase();
    names.iter().map(String::as_str).filter(|name| name.to_lowercase().contains(&wanted)).collect()
}

pub(super) fn pressed(model: &mut Model, key: Key) -> Vec<Cmd> {
    let act = super::unless_typed(model, Context::Themes, key);
    match act {
        Some(Act::Confirm) => keep(model),
        Some(Act::Back) => {
            if let Some(Overlay::Themes(picker)) = model.overlays.pop() {
                model.theme = picker.before;
            }
        }
        Some(Act::Up) => step(model, |place| place.saturating_sub(1)),
        Some(Act::Down) => step(model, |place| place.saturating_add(1)),
        Some(Act::PageUp) => step(model, |place| place.saturating_sub(PAGE)),
        Some(Act::PageDown) => step(model, |place| place.saturating_add(PAGE)),
        Some(_) => {}
        None => {
            let Some(Overlay::Themes(picker)) = model.overlays.last_mut() else { return vec![] };
            if let Some(request) = confirm::request(key) {
                picker.filter.0.handle(request);
                step(model, |place| place);
            }
        }
    }
    vec![]
}

/// Points elsewhere among the names that match; at the first of them when it pointed at none.
fn step(model: &mut Model, to: fn(usize) -> usize) {
    let Some(Overlay::Themes(picker)) = model.overlays.last() else { return };
    let names = matching(&model.themes, picker.filter.value());
    let next = match names.iter().position(|name| *name == model.theme) {
        Some(place) => names.get(to(place).min(names.len() - 1)),
        None => names.first(),
    };
    if let Some(name) = next {
        model.theme = (*name).to_string();
    }
}

pub(super) fn point(model: &mut Model, place: usize) {
    let Some(Overlay::Themes(picker)) = model.overlays.last() else { return };
    let name = matching(&model.themes, picker.filter.value()).get(place).map(ToString::to_string);
    model.theme = name.unwrap_or_else(|| model.theme.clone());
}

fn keep(model: &mut Model) {
    let Some(Overlay::Themes(picker)) = model.overlays.last() else { return };
    if !matching(&model.themes, picker.filter.value()).contains(&model.theme.as_str()) {
        return model.hint(Severity::Warn, "no theme has this in its name");
    }
    model.overlays.pop();
    let text = format!("theme {0} until you quit; for good: [ui] theme = \"{0}\" in config.toml", model.theme);
    model.hint(Severity::Info, crate::model::text::clean(&text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::Code;
    use crate::tui::scenes::{keys, model, typed};

    const T: Key = Key::char('t');

    fn of(code: Code) -> Key {
        Key::of(code)
    }

    #[test]
    fn moving_shows_a_theme_at_once_and_esc_takes_it_back() {
        let moved = keys(model(2), &[T, of(Code::Down), of(Code::Down)]);
        assert_eq!(moved.theme, moved.themes[2]);
        let back = keys(moved, &[of(Code::Esc)]);
        assert_eq!((back.theme.as_str(), back.overlays.len(), back.notice), ("dark", 0, None));
    }

    #[test]
    fn the_ends_hold() {
        assert_eq!(keys(model(2), &[T, of(Code::Up)]).theme, "dark");
        let last = keys(model(2), &[T, of(Code::PageDown), of(Code::PageDown), of(Code::PageDown), of(Code::Down)]);
        assert_eq!(Some(&last.theme), last.themes.last());
    }

    #[test]
    fn enter_keeps_it_and_says_how_to_keep_it_for_good() {
        let kept = keys(typed(keys(model(2), &[T]), "nord"), &[of(Code::Enter)]);
        assert_eq!((kept.theme.as_str(), kept.overlays.len()), ("nord", 0));
        assert!(kept.notice.unwrap().text.contains("[ui] theme = \"nord\" in config.toml"));
    }

    #[test]
    fn letters_filter_and_act_on_nothing() {
        let filtered = typed(keys(model(2), &[T]), "LIGHT");
        assert_eq!(filtered.theme, "light");
        assert_eq!(keys(filtered.clone(), &[of(Code::Down)]).theme, "high-contrast-light");
        assert_eq!(filtered.overlays.len(), 1, "no letter did anything else");
        let none = typed(filtered, "qqq");
        assert_eq!(none.theme, "light");
        let kept = keys(none, &[of(Code::Enter)]);
        assert_eq!(kept.overlays.len(), 1);
        assert_eq!(keys(kept, &[of(Code::Esc)]).theme, "dark");
    }
}
