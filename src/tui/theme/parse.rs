//! A theme file: `[palette]` names colours, `[roles]` gives each role words such as
//! `"text on raised bold"`. Whatever is wrong is a warning with its line; the rest still counts.

use super::role::Role;
use crate::model::text::clean;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// What a theme is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Dark,
    Light,
    /// The terminal's own colours, by name.
    Terminal,
    /// Modifiers only.
    Mono,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Dark, Kind::Light, Kind::Terminal, Kind::Mono];

    /// As in a theme file.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Dark => "dark",
            Kind::Light => "light",
            Kind::Terminal => "terminal",
            Kind::Mono => "mono",
        }
    }
}

/// The text of a theme file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
    /// `None` for a theme that is built in.
    pub file: Option<PathBuf>,
}

/// Something in a theme that was passed over, or that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub theme: String,
    /// `None` for a theme that is built in.
    pub file: Option<PathBuf>,
    /// Counted from 1.
    pub line: usize,
    pub text: String,
}

impl Warning {
    pub(super) fn new(theme: &str, file: Option<&Path>, line: usize, text: &str) -> Self {
        Self { theme: theme.into(), file: file.map(Path::to_path_buf), line, text: clean(text) }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "theme {}", self.theme)?;
        if let Some(file) = &self.file {
            write!(f, " ({})", clean(&file.display().to_string()))?;
        }
        write!(f, ", line {}: {}", self.line, self.text)
    }
}

/// A theme file, read but not yet resolved.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub about: String,
    pub kind: Option<Kind>,
    /// Where it says what it inherits from.
    pub inherits: Option<(String, usize)>,
    /// Colours with their line.
    pub palette: BTreeMap<String, (Color, usize)>,
    /// Words of each role with their line.
    pub roles: BTreeMap<Role, (String, usize)>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    about: String,
    kind: Option<Spanned<String>>,
    inherits: Option<Spanned<String>>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(flatten)]
    rest: BTreeMap<String, toml::Value>,
}

/// `None` when the text is no TOML of a theme at all.
pub(super) fn sheet(source: &Source, warnings: &mut Vec<Warning>) -> Option<Sheet> {
    let text = source.text.as_str();
    let mut warn = |line, said: String| {
        warnings.push(Warning::new(&source.name, source.file.as_deref(), line, &said));
    };
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            warn(line, error.message().to_string());
            return None;
        }
    };
    for key in file.rest.keys() {
        warn(line_of_key(text, key), format!("unknown key `{key}`"));
    }
    let inherits = file.inherits.map(|from| (from.get_ref().clone(), line_of(text, from.span().start)));
    let mut sheet = Sheet { about: clean(&file.about), inherits, ..Sheet::default() };
    if let Some(word) = file.kind {
        sheet.kind = Kind::ALL.into_iter().find(|kind| kind.word() == word.get_ref());
        if sheet.kind.is_none() {
            let line = line_of(text, word.span().start);
            warn(line, format!("kind `{}` is none of dark, light, terminal, mono", word.get_ref()));
        }
    }
    for (key, value) in file.palette {
        let line = line_of(text, value.span().start);
        match value.get_ref().as_str().and_then(colour) {
            Some(colour) => drop(sheet.palette.insert(key, (colour, line))),
            None => warn(line, format!("`{key}` is no colour like \"#1a2b3c\"")),
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
    Some(sheet)
}

/// The style that the words say: `[colour] [on colour] [modifier ..]`.
pub(super) fn style(words: &str, palette: &BTreeMap<String, (Color, usize)>) -> Result<Style, String> {
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
        let Some(colour) = palette.get(word).map(|(colour, _)| *colour).or_else(|| colour(word)) else {
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
