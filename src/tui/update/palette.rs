//! The palette: type a part of a name, go there or do it.

use super::{PAGE, confirm};
use crate::model::event::Severity;
use crate::tui::actions::{Act, Action, Context, context};
use crate::tui::keys::Key;
use crate::tui::model::{Model, Overlay, Palette, Zoom};
use crate::tui::msg::Cmd;
use crate::tui::palette::{Goal, entries, found};

/// Entries that are remembered.
const REMEMBERED: usize = 50;

pub(super) fn open(model: &mut Model) {
    model.overlays.push(Overlay::Palette(Palette::default()));
}

pub(super) fn pressed(model: &mut Model, key: Key) -> Vec<Cmd> {
    let act = super::unless_typed(model, Context::Palette, key);
    match act {
        Some(Act::Confirm) => return run(model),
        Some(Act::Back) => drop(model.overlays.pop()),
        Some(Act::Up) => step(model, |place| place.saturating_sub(1)),
        Some(Act::Down) => step(model, |place| place + 1),
        Some(Act::PageUp) => step(model, |place| place.saturating_sub(PAGE)),
        Some(Act::PageDown) => step(model, |place| place + PAGE),
        Some(_) => {}
        None => {
            let Some(Overlay::Palette(palette)) = model.overlays.last_mut() else { return vec![] };
            if let Some(request) = confirm::request(key) {
                palette.input.0.handle(request);
                palette.place = 0;
            }
        }
    }
    vec![]
}

fn step(model: &mut Model, to: impl Fn(usize) -> usize) {
    let Some(Overlay::Palette(palette)) = model.overlays.last() else { return };
    let last = found(&entries(model), palette.input.value(), &model.history).len().saturating_sub(1);
    let next = to(palette.place).min(last);
    point(model, next);
}

pub(super) fn point(model: &mut Model, place: usize) {
    if let Some(Overlay::Palette(palette)) = model.overlays.last_mut() {
        palette.place = place;
    }
}

/// Does what is pointed at; what cannot be done now says why, and the palette stays.
pub(super) fn run(model: &mut Model) -> Vec<Cmd> {
    let Some(Overlay::Palette(palette)) = model.overlays.last() else { return vec![] };
    let all = entries(model);
    let found = found(&all, palette.input.value(), &model.history);
    let Some(entry) = found.get(palette.place.min(found.len().saturating_sub(1))).and_then(|place| all.get(*place))
    else {
        model.hint(Severity::Warn, "nothing has this in its name");
        return vec![];
    };
    if let Some(why) = entry.refused {
        model.hint(Severity::Warn, why);
        return vec![];
    }
    model.history.retain(|id| *id != entry.id);
    model.history.insert(0, entry.id.clone());
    model.history.truncate(REMEMBERED);
    model.overlays.pop();
    match &entry.goal {
        Goal::Action(id) => {
            let Some(action) = Action::named(id) else { return vec![] };
            let here = context(model);
            super::perform(model, here, action)
        }
        Goal::Region(name) => super::main::select(model, name),
        Goal::Theme(name) => {
            model.theme.clone_from(name);
            vec![]
        }
        Goal::Row { tab, region, id } => {
            if let Some(region) = region {
                model.selected.clone_from(region);
            }
            let zoom = Zoom { row: Some(id.clone()), ..Zoom::on(*tab) };
            super::zoom::open(model, zoom)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::keys::{Code, Key};
    use crate::tui::model::{Model, Overlay, Tab};
    use crate::tui::scenes::{keys, model, typed};

    const ENTER: Key = Key::of(Code::Enter);

    fn ran(model: Model, text: &str) -> Model {
        keys(typed(keys(model, &[Key::char(':')]), text), &[ENTER])
    }

    #[test]
    fn letters_find_an_action_and_enter_does_it() {
        let evacuating = ran(model(2), "evacuate");
        assert!(matches!(evacuating.overlays.as_slice(), [Overlay::Planning { .. }]));
        assert_eq!(evacuating.history, ["evacuate"]);
        let again = keys(keys(Model { overlays: vec![], ..evacuating }, &[Key::char(':')]), &[ENTER]);
        assert!(matches!(again.overlays.as_slice(), [Overlay::Planning { .. }]), "what was done last comes first");
    }

    #[test]
    fn what_cannot_be_done_says_why_and_stays() {
        let refused = ran(Model { writable: false, ..model(2) }, "drain: ramp");
        assert!(matches!(refused.overlays.as_slice(), [Overlay::Palette(_)]));
        assert_eq!(refused.notice.unwrap().text, "read-only: start with --write");
        assert!(ran(model(2), "qqqqqq").notice.unwrap().text.contains("nothing"));
    }

    #[test]
    fn anything_with_a_name_can_be_jumped_to() {
        assert_eq!(ran(model(2), "eu-west-1").selected, "eu-west-1");
        assert_eq!(ran(model(2), "theme nord").theme, "nord");
        let there = ran(model(2), "shop-db-eu-west-1");
        let Some(Overlay::Zoom(zoom)) = there.overlays.last() else { panic!("{:?}", there.overlays) };
        assert_eq!((zoom.tab, there.selected.as_str()), (Tab::Database, "eu-west-1"));
        let page = crate::tui::pages::page(&there, zoom);
        let row = page.rows().nth(page.pointed(zoom).unwrap()).unwrap();
        assert!(row.id.contains("eu-west-1"), "{row:?}");
    }
}
