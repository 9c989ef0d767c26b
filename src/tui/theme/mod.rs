//! Themes: TOML files in `/themes` with a palette and semantic roles. A theme never stops the start:
//! what is wrong in one is a [`Warning`], and what is missing falls back.

mod built_in;
pub mod check;
pub mod choice;
mod contrast;
mod difference;
pub mod folder;
mod parse;
mod quantise;
pub mod role;
mod themes;
mod vision;

pub use parse::{Kind, Source, Warning};
pub use role::Role;
pub use themes::Themes;

use ratatui::style::{Modifier, Style};
use std::collections::BTreeMap;
use std::path::PathBuf;

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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Theme {
    pub name: String,
    /// A few words for lists.
    pub about: String,
    pub kind: Kind,
    /// `None` when it is built in.
    pub file: Option<PathBuf>,
    styles: BTreeMap<Role, Style>,
    /// Where in its own file a role gets its style.
    lines: BTreeMap<Role, usize>,
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

    /// The line of its file that decides a role's style.
    fn line(&self, role: Role) -> usize {
        let mut at = Some(role);
        while let Some(role) = at {
            if let Some(line) = self.lines.get(&role) {
                return *line;
            }
            at = role.fallback();
        }
        1
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
        Self { styles: self.styles.iter().map(map).collect(), ..self.clone() }
    }
}

/// Without colours: what stood out by its background is reversed instead.
fn colourless(role: Role, style: Style) -> Style {
    let plain = Style { fg: None, bg: None, ..style };
    if style.bg.is_some() && role != Role::Background { plain.add_modifier(Modifier::REVERSED) } else { plain }
}

#[cfg(test)]
mod tests;
