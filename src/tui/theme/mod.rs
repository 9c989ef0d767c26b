//! Themes: TOML files in `/themes` with a palette and semantic roles. A theme never stops the start:
//! what is wrong in one is a [`Warning`], and what is missing falls back.

mod parse;
mod quantise;
pub mod role;

pub use parse::Warning;
pub use role::Role;

use parse::Sheet;
use ratatui::style::{Color, Modifier, Style};
use std::collections::BTreeMap;

const BUILT_IN: &[(&str, &str)] =
    &[("dark", include_str!("../../../themes/dark.toml")), ("light", include_str!("../../../themes/light.toml"))];

/// How deep `inherits` may go.
const DEEPEST: usize = 8;

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    True,
    /// The 256 colours of xterm.
    Indexed,
    /// None (`NO_COLOR`): modifiers, symbols and words carry everything.
    None,
}

/// A style for every role.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    pub name: String,
    styles: BTreeMap<Role, Style>,
}

impl Theme {
    pub fn style(&self, role: Role) -> Style {
        let mut at = Some(role);
        while let Some(role) = at {
            if let Some(style) = self.styles.get(&role) {
                return *style;
            }
            at = role.fallback();
        }
        Style::new()
    }

    /// The theme for a terminal of this depth.
    #[must_use]
    pub fn at_depth(&self, depth: Depth) -> Self {
        let map = |(role, style): (&Role, &Style)| {
            let style = match depth {
                Depth::True => *style,
                Depth::Indexed => {
                    Style { fg: style.fg.map(quantise::nearest), bg: style.bg.map(quantise::nearest), ..*style }
                }
                Depth::None => colourless(*role, *style),
            };
            (*role, style)
        };
        Self { name: self.name.clone(), styles: self.styles.iter().map(map).collect() }
    }
}

/// Without colours: what stood out by its background is reversed instead.
fn colourless(role: Role, style: Style) -> Style {
    let plain = Style { fg: None, bg: None, ..style };
    if style.bg.is_some() && role != Role::Background { plain.add_modifier(Modifier::REVERSED) } else { plain }
}

/// The themes that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Themes {
    list: Vec<Theme>,
    pub warnings: Vec<Warning>,
}

impl Themes {
    pub fn built_in() -> Self {
        Self::with(&[])
    }

    /// The built-in themes and these (name, text of the file); one with a built-in's name replaces it.
    pub fn with(own: &[(String, String)]) -> Self {
        let mut warnings = vec![];
        let mut sheets: Vec<(String, Sheet)> = vec![];
        let built_in = BUILT_IN.iter().map(|(name, text)| (*name, *text));
        for (name, text) in built_in.chain(own.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            let sheet = parse::sheet(name, text, &mut warnings);
            match sheets.iter_mut().find(|(known, _)| known == name) {
                Some(place) => place.1 = sheet,
                None => sheets.push((name.into(), sheet)),
            }
        }
        let list = sheets.iter().map(|(name, _)| resolve(name, &sheets, &mut warnings)).collect();
        Self { list, warnings }
    }

    pub fn names(&self) -> Vec<String> {
        self.list.iter().map(|theme| theme.name.clone()).collect()
    }

    /// The theme of this name, or the first.
    pub fn named(&self, name: &str) -> Theme {
        let found = self.list.iter().find(|theme| theme.name == name).or(self.list.first());
        found.cloned().unwrap_or(Theme { name: name.into(), styles: BTreeMap::new() })
    }
}

fn resolve(name: &str, sheets: &[(String, Sheet)], warnings: &mut Vec<Warning>) -> Theme {
    let mut chain: Vec<(&str, &Sheet)> = vec![];
    let mut next = Some(name);
    while let Some(wanted) = next {
        let found = sheets.iter().find(|(known, _)| known == wanted);
        let Some((known, sheet)) = found.filter(|_| chain.len() < DEEPEST) else {
            let text = format!("cannot inherit from `{wanted}`");
            warnings.push(Warning { theme: name.into(), line: 1, text });
            break;
        };
        chain.push((known, sheet));
        next = sheet.inherits.as_deref();
    }
    let mut palette: BTreeMap<String, Color> = BTreeMap::new();
    let mut roles = BTreeMap::new();
    for (from, sheet) in chain.iter().rev() {
        palette.extend(sheet.palette.iter().map(|(key, colour)| (key.clone(), *colour)));
        roles.extend(sheet.roles.iter().map(|(role, (words, line))| (*role, (*from, words, *line))));
    }
    let mut styles = BTreeMap::new();
    for (role, (from, words, line)) in roles {
        match parse::style(words, &palette) {
            Ok(style) => drop(styles.insert(role, style)),
            Err(text) => {
                let warning = Warning { theme: from.into(), line, text };
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
    }
    Theme { name: name.into(), styles }
}

#[cfg(test)]
mod tests;
