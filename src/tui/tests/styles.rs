//! What a text snapshot does not see.

use crate::tui::keys::{Code, Key};
use crate::tui::scenes::{Scene, draw, text};
use crate::tui::theme::{Role, Themes};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// The style of the first cell of this text.
fn style_of(buffer: &Buffer, wanted: &str) -> Style {
    let all = text(buffer);
    let (row, line) = all
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(wanted))
        .unwrap_or_else(|| panic!("no {wanted:?} in\n{all}"));
    let column = unicode_width::UnicodeWidthStr::width(line.split(wanted).next().unwrap());
    buffer.cell((column as u16, row as u16)).unwrap().style()
}

fn is(buffer: &Buffer, wanted: &str, role: Role) {
    let style = Themes::built_in().named("dark").style(role);
    let seen = style_of(buffer, wanted);
    assert_eq!((seen.fg, seen.add_modifier), (style.fg, style.add_modifier), "{wanted} is not {role:?}");
}

#[test]
fn verdicts_have_the_colour_of_their_role() {
    for (scene, verdict, role) in [
        ("steady", "● SERVING", Role::Ok),
        ("unknown", "? UNKNOWN", Role::Unknown),
        ("down", "✖ DOWN", Role::Bad),
        ("evacuated", "◇ EVACUATED", Role::Accent),
        ("draining", "◔ DRAINING", Role::Warn),
    ] {
        is(&Scene::named(scene).draw(120, 36), verdict, role);
        let small = Scene::named(scene).draw(40, 6);
        assert_eq!(style_of(&small, verdict).fg, Themes::built_in().named("dark").style(role).fg, "{verdict}");
    }
}

#[test]
fn a_stale_number_never_looks_current() {
    let buffer = Scene::named("unknown").draw(120, 36);
    is(&buffer, "6/6 running", Role::Stale);
    is(&buffer, "4/4 running", Role::Text);
    let rows: Vec<String> = text(&buffer).lines().map(ToString::to_string).collect();
    let row = rows.iter().find(|row| row.contains("6/6 running")).unwrap();
    assert!(row.contains("UNKNOWN 2 m 10 s"), "{row}");
    let traffic = rows.iter().find(|row| row.contains("us-east-1") && row.contains("rps")).unwrap();
    assert!(!traffic.contains('%') && traffic.contains("2 m 10 s"), "a share from a stale load: {traffic}");
}

#[test]
fn the_last_line_of_traffic_fits() {
    for (width, height) in [(80, 24), (100, 30), (120, 36)] {
        let all = text(&Scene::named("steady").draw(width, height));
        let line = all.lines().find(|line| line.contains("probes ok")).unwrap();
        assert!(line.contains("probes ok 5/5") && line.ends_with('│'), "{line}");
    }
}

#[test]
fn what_can_hurt_stands_out() {
    is(&Scene::named("plan-refused").draw(120, 36), "✖ REFUSED floor", Role::Bad);
    let theme = Themes::built_in().named("dark");
    assert_eq!(
        style_of(&Scene::named("plan-refused").draw(120, 36), " REFUSED  floor").bg,
        theme.style(Role::Danger).bg
    );
    assert_eq!(style_of(&Scene::named("steady").draw(120, 36), "WRITE").bg, theme.style(Role::BadgeWrite).bg);
    assert_eq!(style_of(&Scene::named("failed-step").draw(120, 36), "A STEP FAILED").bg, theme.style(Role::Danger).bg);
}

#[test]
fn without_colour_the_selection_is_reversed_and_states_have_words() {
    let buffer = Scene::named("steady").draw_without_colour(120, 36);
    for cell in &buffer.content {
        assert_eq!(
            (cell.style().fg, cell.style().bg),
            (Some(ratatui::style::Color::Reset), Some(ratatui::style::Color::Reset))
        );
    }
    assert!(style_of(&buffer, "▸ us-east-1").add_modifier.contains(Modifier::REVERSED));
    assert!(style_of(&buffer, "WRITE").add_modifier.contains(Modifier::REVERSED));
    let menu = Scene::named("faults").draw_without_colour(120, 36);
    assert!(style_of(&menu, "▸   F").add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn moving_through_the_themes_draws_the_whole_screen_in_each() {
    let (themes, mut model) = (Themes::built_in(), Scene::named("steady").model());
    crate::tui::scenes::press(&mut model, &[Key::char('t')]);
    for name in themes.names() {
        let theme = themes.named(&name);
        assert_eq!(model.theme, name);
        let buffer = draw(&model, &theme, 120, 36);
        let fg = |role: Role| theme.style(role).fg.or(theme.style(Role::Background).fg).or(Some(Color::Reset));
        assert_eq!(style_of(&buffer, "● SERVING").fg, fg(Role::Ok), "{name}");
        assert!(!style_of(&buffer, "● SERVING").add_modifier.contains(Modifier::DIM), "{name}: the preview is shaded");
        assert_eq!(style_of(&buffer, "? unknown").fg, fg(Role::Unknown), "{name}");
        assert_eq!(style_of(&buffer, &format!("▸ {name}")).fg, fg(Role::Selection), "{name}");
        let paper = theme.style(Role::Background).bg.unwrap_or(Color::Reset);
        assert_eq!(buffer.cell((0, 35)).unwrap().style().bg, Some(paper), "{name}");
        crate::tui::scenes::press(&mut model, &[Key::of(Code::Down)]);
    }
}

#[test]
fn production_is_marked_by_more_than_its_name() {
    let prod = Scene::named("steady").draw(120, 36);
    is(&prod, "prod ", Role::Prod);
    assert_eq!(style_of(&prod, "prod ").bg, Themes::built_in().named("dark").style(Role::Prod).bg);
    is(&prod, "┏", Role::ProdBorder);
    let staging = Scene::named("staging").draw(120, 36);
    is(&staging, "staging", Role::OtherEnvironment);
    is(&staging, "┏", Role::FocusBorder);
}

#[test]
fn trouble_of_the_database_stands_out_as_what_it_is() {
    for (scene, wanted, role) in [
        ("redundancy-lost", " REDUNDANCY LOST ", Role::Danger),
        ("redundancy-lost", "✖ pending-resync", Role::Bad),
        ("writer-lost", "✖ writer us-east-1 NOT PROVEN", Role::Bad),
        ("sessions-held", "✖ HELD", Role::Bad),
        ("lag-frozen", "▲ lag FROZEN", Role::Warn),
        ("plan-failover", "DATA LOSS ALLOWED", Role::Danger),
    ] {
        is(&Scene::named(scene).draw(120, 40), wanted, role);
    }
}
