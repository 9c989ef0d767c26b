//! Every scene at every size that matters: nothing panics, nothing that a terminal would obey is drawn.

use crate::tui::keys::Key;
use crate::tui::scenes::{EVIL, Scene, draw, hostile_model, keys};
use crate::tui::theme::Themes;
use ratatui::buffer::Buffer;

fn sound(scene: Scene, buffer: &Buffer) {
    for cell in &buffer.content {
        let bad = |c: char| {
            c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
        };
        assert!(!cell.symbol().contains(bad), "{}: {:?} at {:?}", scene.name, cell.symbol(), buffer.area);
    }
}

/// Every third scene of the list, so that several tests share the work.
fn share(first: usize) -> impl Iterator<Item = Scene> {
    Scene::ALL.iter().copied().skip(first).step_by(3)
}

fn every_small_size(first: usize) {
    let themes = Themes::built_in();
    for scene in share(first) {
        let model = scene.model();
        let theme = themes.named(&model.theme);
        for width in 1..=60 {
            for height in 1..=20 {
                sound(scene, &draw(&model, &theme, width, height));
            }
        }
    }
}

#[test]
fn every_scene_at_every_small_size_a() {
    every_small_size(0);
}

#[test]
fn every_scene_at_every_small_size_b() {
    every_small_size(1);
}

#[test]
fn every_scene_at_every_small_size_c() {
    every_small_size(2);
}

/// Spread over the plane up to 200 x 60, the same ones every time.
fn sampled() -> impl Iterator<Item = (u16, u16)> {
    (0..2000_u32).map(|n| (1 + (n * 83 % 200) as u16, 1 + (n * 29 / 200 % 60) as u16))
}

#[test]
fn scenes_at_every_breakpoint_and_at_sampled_sizes() {
    let themes = Themes::built_in();
    let whole = std::env::var_os("TANDEM_SWEEP").is_some();
    let breakpoints = [(40, 10), (60, 16), (80, 24), (120, 36), (120, 40), (200, 60)];
    for (place, scene) in Scene::ALL.iter().enumerate() {
        let model = scene.model();
        let theme = themes.named(&model.theme);
        for (width, height) in breakpoints {
            for (width, height) in [(width - 1, height - 1), (width, height), (width + 1, height + 1)] {
                sound(*scene, &draw(&model, &theme, width, height));
            }
        }
        // each size is drawn with one scene, in turns; with all of them when it is asked for
        let turn = |n: &usize| whole || n % Scene::ALL.len() == place;
        for (_, (width, height)) in sampled().enumerate().filter(|(n, _)| turn(n)) {
            sound(*scene, &draw(&model, &theme, width, height));
        }
    }
}

#[test]
fn every_page_bears_every_kind_of_text() {
    let theme = Themes::built_in().named("dark");
    for evil in EVIL {
        for page in '1'..='7' {
            for more in ["", "S", "c", "/"] {
                let mut pressed = vec![Key::char(page)];
                pressed.extend(more.chars().map(Key::char));
                let model = keys(hostile_model(evil), &pressed);
                for (width, height) in [(200, 60), (120, 36), (80, 24), (61, 17), (33, 9), (5, 5)] {
                    sound(Scene::named("hostile"), &draw(&model, &theme, width, height));
                }
            }
        }
    }
}

#[test]
fn every_region_has_its_verdict_on_small_screens() {
    for (scene, words) in
        [("unknown", ["UNKNOWN", "SERVING"]), ("down", ["DOWN", "SERVING"]), ("evacuated", ["EVACUATED", "SERVING"])]
    {
        for (width, height) in [(80, 24), (60, 16), (59, 15), (30, 4), (14, 2)] {
            let text = crate::tui::scenes::text(&Scene::named(scene).draw(width, height));
            for word in words {
                assert!(text.contains(word), "{scene} at {width}x{height} has no {word}:\n{text}");
            }
        }
    }
}

#[test]
fn no_screen_complains_of_its_size() {
    for scene in Scene::ALL {
        let text = crate::tui::scenes::text(&scene.draw(20, 5)).to_lowercase();
        assert!(!text.contains("too small"), "{}", scene.name);
    }
}
