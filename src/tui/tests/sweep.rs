use crate::tui::scenes::{Scene, draw};
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

#[test]
fn every_scene_draws_at_every_size() {
    let themes = Themes::built_in();
    let whole = std::env::var_os("TANDEM_SWEEP").is_some();
    for scene in Scene::ALL {
        let model = scene.model();
        let theme = themes.named(&model.theme);
        let step = if whole { 1 } else { 3 };
        for width in 1..=60 {
            for height in (1..=20).filter(|height| whole || height % step == width % step || width < 8) {
                sound(*scene, &draw(&model, &theme, width, height));
            }
        }
        let edges =
            [(59, 15), (60, 16), (61, 17), (79, 24), (80, 24), (81, 25), (119, 36), (120, 36), (121, 37), (200, 60)];
        // spread over the plane, the same ones every time
        let spread = (0..40_u32).map(|n| (61 + (n * 83 % 140) as u16, 16 + (n * 29 % 45) as u16));
        for (width, height) in edges.into_iter().chain(spread) {
            sound(*scene, &draw(&model, &theme, width, height));
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
