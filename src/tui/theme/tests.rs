use super::*;

fn luminance(colour: Color) -> f64 {
    let Color::Rgb(r, g, b) = colour else { panic!("{colour:?}") };
    let linear = |value: u8| {
        let part = f64::from(value) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// WCAG 2.2, contrast ratio.
fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_built_in_themes_are_sound_and_can_be_read() {
    let themes = Themes::built_in();
    assert_eq!(themes.warnings, []);
    for theme in &themes.list {
        let base = theme.style(Role::Background).bg.unwrap();
        for (role, name, _) in role::ROLES {
            let style = theme.style(*role);
            let least = match role {
                Role::Border | Role::FocusBorder | Role::BarRest => 2.8,
                _ => 4.5,
            };
            let found = contrast(style.fg.unwrap(), style.bg.unwrap_or(base));
            assert!(found >= least, "{}: {name} has contrast {found:.2}", theme.name);
        }
    }
}

#[test]
fn the_light_theme_takes_the_roles_of_dark_with_its_own_palette() {
    let themes = Themes::built_in();
    let (dark, light) = (themes.named("dark"), themes.named("light"));
    assert_ne!(dark.style(Role::Ok).fg, light.style(Role::Ok).fg);
    assert_eq!(dark.style(Role::Danger).add_modifier, light.style(Role::Danger).add_modifier);
}

#[test]
fn a_bad_theme_is_warned_of_by_line_and_the_rest_counts() {
    let text = "inherits = \"dark\"\n[palette]\nbase = \"#12\"\n[roles]\nok = \"gren\"\nwarn = \"#fff bold\"\nsmell = \"red\"\n";
    let themes = Themes::with(&[("own".into(), text.into())]);
    let seen: Vec<String> = themes.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        seen,
        [
            "theme own, line 3: `base` is no colour like \"#1a2b3c\"",
            "theme own, line 7: unknown role `smell`",
            "theme own, line 5: `gren` is neither in the palette nor a colour nor a modifier",
        ]
    );
    let own = themes.named("own");
    assert_eq!(own.style(Role::Warn).fg, Some(Color::Rgb(255, 255, 255)));
    assert_eq!(own.style(Role::Muted), themes.named("dark").style(Role::Muted));
}

#[test]
fn text_that_is_no_toml_or_goes_round_in_circles_still_gives_a_theme() {
    let own = [("broken".into(), "[palette\n".into()), ("round".into(), "inherits = \"round\"".into())];
    let themes = Themes::with(&own);
    assert_eq!(themes.warnings[0].line, 1);
    assert!(themes.warnings.iter().any(|warning| warning.text.contains("cannot inherit")), "{:?}", themes.warnings);
    assert_eq!(themes.named("broken").style(Role::Ok), Style::new());
    assert_eq!(themes.named("no such").name, "dark");
}

#[test]
fn a_missing_role_takes_its_fallback() {
    let themes = Themes::with(&[("bare".into(), "[roles]\naccent = \"#0a0b0c\"".into())]);
    assert_eq!(themes.named("bare").style(Role::BarD).fg, Some(Color::Rgb(10, 11, 12)));
}

#[test]
fn without_colour_modifiers_stay_and_backgrounds_are_reversed() {
    let dark = Themes::built_in().named("dark").at_depth(Depth::None);
    for (role, ..) in role::ROLES {
        assert_eq!((dark.style(*role).fg, dark.style(*role).bg), (None, None));
    }
    assert!(dark.style(Role::Selection).add_modifier.contains(Modifier::REVERSED | Modifier::BOLD));
    assert!(dark.style(Role::Bad).add_modifier.contains(Modifier::BOLD));
    assert!(!dark.style(Role::Background).add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn states_stay_apart_in_256_colours() {
    let dark = Themes::built_in().named("dark").at_depth(Depth::Indexed);
    let seen: Vec<Color> =
        [Role::Ok, Role::Warn, Role::Bad, Role::Unknown, Role::Text].map(|role| dark.style(role).fg.unwrap()).into();
    for (place, colour) in seen.iter().enumerate() {
        assert!(matches!(colour, Color::Indexed(_)));
        assert!(!seen[..place].contains(colour), "{seen:?}");
    }
}
