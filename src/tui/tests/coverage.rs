//! That the scenes show all there is: every action where it is possible, every overlay, every page.

use crate::tui::actions::{ACTIONS, Act, Context, Group, Now, context, docs, hints, keymap::Keymap};
use crate::tui::model::{Overlay, Tab};
use crate::tui::scenes::{Scene, text};
use std::collections::BTreeSet;

#[test]
fn every_action_is_possible_in_a_scene() {
    let models: Vec<_> = Scene::ALL.iter().map(|scene| scene.model()).collect();
    for action in ACTIONS {
        let possible =
            models.iter().any(|model| action.contexts.contains(&context(model)) && action.possible(&Now::of(model)));
        assert!(possible, "no scene for {}", action.id);
    }
}

#[test]
fn every_overlay_and_every_page_has_a_scene() {
    let mut overlays = BTreeSet::new();
    let mut pages = BTreeSet::new();
    for scene in Scene::ALL {
        let model = scene.model();
        overlays.insert(context(&model));
        pages.extend(model.overlays.iter().filter_map(|overlay| match overlay {
            Overlay::Zoom(zoom) => Some(zoom.tab.title()),
            _ => None,
        }));
    }
    use Context::*;
    let all = [Main, Zoom, Filter, Operation, Plan, Scale, Faults, Ask, Help, Planning, Themes, Palette, Card];
    assert_eq!(overlays, BTreeSet::from(all));
    assert_eq!(pages.len(), Tab::ALL.len());
}

#[test]
fn the_hint_line_offers_only_what_is_possible() {
    for scene in Scene::ALL {
        let model = scene.model();
        for action in hints(&model) {
            assert!(
                action.possible(&Now::of(&model)) && action.contexts.contains(&context(&model)),
                "{} {}",
                scene.name,
                action.id
            );
        }
    }
}

#[test]
fn what_changes_the_stack_needs_write() {
    let mut model = crate::tui::scenes::model(2);
    model.writable = false;
    for action in ACTIONS.iter().filter(|action| action.danger) {
        assert_eq!((action.when)(&Now::of(&model)), Err("read-only: start with --write"), "{}", action.id);
    }
}

#[test]
fn help_docs_and_palette_know_every_action() {
    let map = Keymap::default();
    let (markdown, plain) = (docs::markdown(&map), docs::plain(&map));
    let model = crate::tui::scenes::model(2);
    let helped: String =
        crate::tui::overlays::help_lines(&model).concat().into_iter().map(|word| word.text + "\n").collect();
    let offered: Vec<String> = crate::tui::palette::entries(&model).into_iter().map(|entry| entry.id).collect();
    for action in ACTIONS {
        assert!(markdown.contains(&format!("| `{}` |", action.id)) && plain.contains(action.id), "{}", action.id);
        assert!(helped.contains(action.title), "{} is not in the help", action.id);
        let moves = action.group == Group::Move || matches!(action.act, Act::Palette | Act::Back | Act::Confirm);
        if action.contexts.contains(&Context::Main) && !moves {
            assert!(offered.contains(&action.id.to_string()), "{} is not in the palette", action.id);
        }
    }
}

#[test]
fn a_state_is_never_a_colour_alone() {
    for (scene, wanted) in [
        ("down", "✖ DOWN"),
        ("unknown", "? UNKNOWN"),
        ("evacuated", "EVACUATED"),
        ("details", "✖ UNHEALTHY"),
        ("database", "✖ pending-resync"),
        ("dns", "● healthy"),
        ("sessions", "✖ HELD"),
        ("events", "▲ warning"),
        ("lag-frozen", "▲ lag FROZEN"),
    ] {
        let drawn = text(&Scene::named(scene).draw_without_colour(120, 40));
        assert!(drawn.contains(wanted), "{scene} says no {wanted}:\n{drawn}");
    }
}
