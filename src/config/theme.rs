//! `[ui] theme`: `"auto"`, a name, or one name for each kind of terminal.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// Which theme is wanted. Whether there is one of that name is the console's matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// `dark` or `light`, as the terminal says.
    #[default]
    Auto,
    Named(String),
    /// One for dark and one for light terminals.
    Pair {
        dark: String,
        light: String,
    },
}

impl ThemeChoice {
    /// A word of the command line or the file.
    pub fn word(word: &str) -> Self {
        if word == "auto" { ThemeChoice::Auto } else { ThemeChoice::Named(word.into()) }
    }
}

impl<'de> Deserialize<'de> for ThemeChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Choice)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    dark: String,
    light: String,
}

struct Choice;

impl<'de> Visitor<'de> for Choice {
    type Value = ThemeChoice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"auto\", the name of a theme, or { dark = \"..\", light = \"..\" }")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<ThemeChoice, E> {
        Ok(ThemeChoice::word(word))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<ThemeChoice, M::Error> {
        let Pair { dark, light } = Pair::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ThemeChoice::Pair { dark, light })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Ui {
        theme: ThemeChoice,
    }

    fn read(text: &str) -> Result<ThemeChoice, String> {
        toml::from_str::<Ui>(text).map(|ui| ui.theme).map_err(|error| error.message().to_string())
    }

    #[test]
    fn a_theme_is_auto_a_name_or_a_pair() {
        assert_eq!(read("theme = \"auto\""), Ok(ThemeChoice::Auto));
        assert_eq!(read("theme = \"nord\""), Ok(ThemeChoice::Named("nord".into())));
        let pair = ThemeChoice::Pair { dark: "nord".into(), light: "light".into() };
        assert_eq!(read("theme = { dark = \"nord\", light = \"light\" }"), Ok(pair));
    }

    #[test]
    fn anything_else_says_what_it_may_be() {
        assert!(read("theme = 3").unwrap_err().contains("the name of a theme, or {"));
        assert!(read("theme = { dark = \"nord\" }").unwrap_err().contains("missing field `light`"));
        assert!(read("theme = { dark = \"a\", lite = \"b\" }").unwrap_err().contains("unknown field `lite`"));
    }
}
