use crate::tui::scenes::{Scene, text};

#[test]
fn main_scenes_at_120x36() {
    for name in [
        "steady",
        "first-frame",
        "unknown",
        "never-seen",
        "late",
        "down",
        "evacuated",
        "no-route53",
        "draining",
        "failed-detail",
        "plan",
        "plan-commands",
        "plan-refused",
        "scale",
        "faults",
        "help",
        "details",
        "tasks-sorted",
        "tasks-filtered",
        "targets",
        "dns",
        "traffic",
        "events",
        "command",
        "row",
        "palette",
        "chord",
        "frozen",
        "three",
        "five",
        "read-only",
        "themes",
        "themes-filtered",
        "writer-lost",
        "failing-over",
        "redundancy-lost",
        "sessions-held",
        "lag-frozen",
        "no-database",
        "plan-switchover",
        "plan-failover",
        "database",
        "lag",
        "sessions",
    ] {
        insta::assert_snapshot!(format!("{name}-120x36"), text(&Scene::named(name).draw(120, 36)));
    }
}

#[test]
fn main_scenes_at_80x24() {
    for name in [
        "steady",
        "unknown",
        "down",
        "failed-step",
        "writer-lost",
        "redundancy-lost",
        "plan",
        "faults",
        "three",
        "five",
        "aws",
        "ask-skip",
        "hostile",
        "themes",
        "database",
        "dns",
        "palette",
    ] {
        insta::assert_snapshot!(format!("{name}-80x24"), text(&Scene::named(name).draw(80, 24)));
    }
}

#[test]
fn small_screens() {
    for (name, width, height) in [("unknown", 59, 15), ("draining", 40, 6), ("three", 24, 3), ("plan", 40, 12)] {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), text(&Scene::named(name).draw(width, height)));
    }
}
