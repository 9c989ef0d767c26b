//! A screen that stands still: what comes is kept aside, and only the newest of it.

use crate::tui::model::{Held, Model};
use crate::tui::msg::Msg;

/// Freezes the screen, or lets it go on.
pub(super) fn turn(model: &mut Model) {
    if model.frozen.is_some() {
        return thaw(model);
    }
    let held = Held { since: model.now, now: model.now, snapshot: None, operations: None };
    model.frozen = Some(Box::new(held));
}

/// Takes in what was kept aside.
pub(super) fn thaw(model: &mut Model) {
    let Some(held) = model.frozen.take() else { return };
    model.now = held.now;
    if let Some(snapshot) = held.snapshot {
        super::seen(model, snapshot);
    }
    if let Some(operations) = held.operations {
        model.operations = operations;
    }
}

/// Keeps a message aside; gives back one that a frozen screen still takes.
pub(super) fn hold(model: &mut Model, msg: Msg) -> Option<Msg> {
    let Some(held) = &mut model.frozen else { return Some(msg) };
    match msg {
        Msg::Tick(now) => held.now = now,
        Msg::Snapshot(snapshot) => held.snapshot = Some(snapshot),
        Msg::Operations(operations) => held.operations = Some(operations),
        other => return Some(other),
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::tui::keys::Key;
    use crate::tui::model::Overlay;
    use crate::tui::msg::Msg;
    use crate::tui::scenes::{Scene, draw, keys, model, now};
    use crate::tui::theme::Themes;
    use crate::tui::update::update;
    use jiff::SignedDuration;

    #[test]
    fn a_frozen_screen_does_not_change_and_misses_nothing() {
        let mut frozen = keys(model(2), &[Key::char('z')]);
        let theme = Themes::built_in().named("dark");
        let before = draw(&frozen, &theme, 120, 36);
        let later = Scene::named("down").model().snapshot.unwrap();
        for second in 1..30 {
            update(&mut frozen, Msg::Tick(now() + SignedDuration::from_secs(second)));
            update(&mut frozen, Msg::Snapshot(later.clone()));
        }
        assert_eq!(draw(&frozen, &theme, 120, 36), before);
        let thawed = keys(frozen, &[Key::char('z')]);
        assert_eq!((thawed.snapshot, thawed.now), (Some(later), now() + SignedDuration::from_secs(29)));
    }

    #[test]
    fn an_operation_lets_the_screen_go_on() {
        let planning = keys(model(2), &[Key::char('z'), Key::char('d')]);
        assert!(planning.frozen.is_none() && matches!(planning.overlays.last(), Some(Overlay::Planning { .. })));
    }
}
