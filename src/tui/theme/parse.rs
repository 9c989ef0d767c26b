//! A theme file: `[palette]` names colours, `[roles]` gives each role words such as
//! `"text on raised bold"`. Whatever is wrong is a warning with its line; the rest still counts.

use super::role::Role;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// Something in a theme file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub theme: String,
    /// Counted from 1.
    pub line: usize,
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "theme {}, line {}: {}", self.theme, self.line, self.text)
    }
}

/// A theme file, read but not yet resolved.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub inherits: Option<String>,
    pub palette: BTreeMap<String, Color>,
    /// Words of each role with their line.
    pub roles: BTreeMap<Role, (String, usize)>,
}

#[derive(Deserialize)]
struct File {
    inherits: Option<String>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(flatten)]
    rest: BTreeMap<String, toml::Value>,
}

pub(super) fn sheet(name: &str, text: &str, warnings: &mut Vec<Warning>) -> Sheet {
    let mut warn = |line, text| warnings.push(Warning { theme: name.into(), line, text });
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            warn(line, error.message().to_string());
            return Sheet::default();
        }
    };
    for key in file.rest.keys() {
        warn(line_of_key(text, key), format!("unknown key `{key}`"));
    }
    let mut sheet = Sheet { inherits: file.inherits, ..Sheet::default() };
    for (key, value) in file.palette {
        match value.get_ref().as_str().and_then(colour) {
            Some(colour) => drop(sheet.palette.insert(key, colour)),
            None => warn(line_of(text, value.span().start), format!("`{key}` is no colour like \"#1a2b3c\"")),
        }
    }
    for (key, value) in file.roles {
        let line = line_of(text, value.span().start);
        match (Role::named(&key), value.get_ref().as_str()) {
            (Some(role), Some(words)) => drop(sheet.roles.insert(role, (words.into(), line))),
            (Some(_), None) => warn(line, format!("`{key}` must be words such as \"text on raised bold\"")),
            (None, _) => warn(line, format!("unknown role `{key}`")),
        }
    }
    sheet
}

/// The style that the words say: `[colour] [on colour] [modifier ..]`.
pub(super) fn style(words: &str, palette: &BTreeMap<String, Color>) -> Result<Style, String> {
    let mut style = Style::new();
    let mut background = false;
    for word in words.split_whitespace() {
        let modifier = match word {
            "on" => {
                background = true;
                continue;
            }
            "bold" => Some(Modifier::BOLD),
            "dim" => Some(Modifier::DIM),
            "italic" => Some(Modifier::ITALIC),
            "underlined" => Some(Modifier::UNDERLINED),
            "reversed" => Some(Modifier::REVERSED),
            _ => None,
        };
        if let Some(modifier) = modifier {
            style = style.add_modifier(modifier);
            continue;
        }
        let Some(colour) = palette.get(word).copied().or_else(|| colour(word)) else {
            return Err(format!("`{word}` is neither in the palette nor a colour nor a modifier"));
        };
        style = if background { style.bg(colour) } else { style.fg(colour) };
    }
    Ok(style)
}

/// `#rgb`, `#rrggbb`, or one of the sixteen colours by name.
fn colour(text: &str) -> Option<Color> {
    if let Some(digits) = text.strip_prefix('#') {
        let digits: Vec<u8> = digits.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
        return match digits[..] {
            [r, g, b] => Some(Color::Rgb(r * 17, g * 17, b * 17)),
            [r, s, g, h, b, c] => Some(Color::Rgb(r * 16 + s, g * 16 + h, b * 16 + c)),
            _ => None,
        };
    }
    text.parse().ok().filter(|_| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic() || c == '-'))
}

fn line_of(text: &str, place: usize) -> usize {
    text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

fn line_of_key(text: &str, key: &str) -> usize {
    let plain = |line: &str| line.trim_start().trim_start_matches(['[', '"']).starts_with(key);
    text.lines().position(plain).map_or(1, |place| place + 1)
}
