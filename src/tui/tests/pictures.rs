//! The pictures in `screenshots/`. `UPDATE_SCREENSHOTS=1` draws them anew.

use crate::tui::scenes::Scene;
use crate::tui::svg::svg;
use crate::tui::theme::{Role, Themes};
use std::path::Path;

const PICTURES: &[(&str, &str, u16, u16)] = &[
    ("overview", "steady", 120, 30),
    ("region-lost", "unknown", 120, 30),
    ("plan", "plan", 120, 36),
    ("faults", "faults", 120, 30),
    ("light", "light", 120, 30),
    ("failover", "plan-failover", 120, 40),
    ("redundancy-lost", "redundancy-lost", 120, 30),
    ("database", "database", 120, 44),
    ("80x24", "three", 80, 24),
];

#[test]
fn screenshots_are_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let mut stale = vec![];
    for (name, scene, width, height) in PICTURES {
        let scene = Scene::named(scene);
        let theme = Themes::built_in().named(&scene.model().theme);
        let (text, paper) = (theme.style(Role::Text).fg.unwrap(), theme.style(Role::Background).bg.unwrap());
        let title = format!("tandem, {name}, {width} by {height}");
        let drawn = svg(&scene.draw(*width, *height), &title, text, paper);
        let path = folder.join(format!("{name}.svg"));
        if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &drawn).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&drawn) {
            stale.push(*name);
        }
    }
    assert!(stale.is_empty(), "{stale:?} differ from what is drawn; UPDATE_SCREENSHOTS=1 draws them anew");
}
