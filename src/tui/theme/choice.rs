//! Which theme the operator asked for. The terminal is never asked for its background: over SSH a late
//! reply would be read as keys, and here keys act.

/// `[ui] theme` and `--theme`.
pub use crate::config::ThemeChoice;

/// The name of the theme to begin with. `colorfgbg` is the variable that some terminals set to the
/// numbers of their colours, such as `15;0`; without it the background is taken for dark.
pub fn choose(choice: &ThemeChoice, colorfgbg: Option<&str>) -> String {
    let bright = colorfgbg.is_some_and(bright);
    match choice {
        ThemeChoice::Auto => if bright { "light" } else { "dark" }.into(),
        ThemeChoice::Named(name) => name.clone(),
        ThemeChoice::Pair { light, .. } if bright => light.clone(),
        ThemeChoice::Pair { dark, .. } => dark.clone(),
    }
}

/// The last part is the background: light grey, or a bright colour other than "bright black".
fn bright(colorfgbg: &str) -> bool {
    colorfgbg
        .rsplit(';')
        .next()
        .and_then(|part| part.trim().parse::<u8>().ok())
        .is_some_and(|number| matches!(number, 7 | 9..=15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_follows_what_the_terminal_says_unasked() {
        let pair = ThemeChoice::Pair { dark: "nord".into(), light: "gruvbox-light".into() };
        for (says, auto, of_pair) in [
            (None, "dark", "nord"),
            (Some("15;0"), "dark", "nord"),
            (Some("0;15"), "light", "gruvbox-light"),
            (Some("0;default;7"), "light", "gruvbox-light"),
            (Some("7;8"), "dark", "nord"),
            (Some("15;default"), "dark", "nord"),
            (Some(""), "dark", "nord"),
        ] {
            assert_eq!(choose(&ThemeChoice::Auto, says), auto, "{says:?}");
            assert_eq!(choose(&pair, says), of_pair, "{says:?}");
        }
        assert_eq!(choose(&ThemeChoice::Named("mono".into()), Some("0;15")), "mono");
    }
}
