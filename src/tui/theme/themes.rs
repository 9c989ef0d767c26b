//! The themes that can be chosen, each resolved through what it inherits.

use super::built_in::BUILT_IN;
use super::parse::{self, Sheet, Source, Warning};
use super::{Role, Theme, folder};
use crate::host::Disk;
use ratatui::style::Color;
use std::collections::BTreeMap;
use std::path::Path;

/// How deep `inherits` may go.
const DEEPEST: usize = 8;

/// The themes that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Themes {
    list: Vec<Theme>,
    pub warnings: Vec<Warning>,
}

/// A theme's file, read.
struct Node {
    source: Source,
    sheet: Sheet,
    /// The user's.
    own: bool,
}

impl Themes {
    pub fn built_in() -> Self {
        Self::with(vec![])
    }

    /// The built-in themes and those of the user's folder.
    pub fn of(disk: &dyn Disk, folder: &Path) -> Self {
        let (own, unread) = folder::read(disk, folder);
        let mut themes = Self::with(own);
        themes.warnings.splice(0..0, unread);
        themes
    }

    /// The built-in themes and these; one with a built-in's name replaces it.
    pub fn with(own: Vec<Source>) -> Self {
        let mut warnings = vec![];
        let mut nodes: Vec<Node> = vec![];
        let built_in =
            BUILT_IN.iter().map(|(name, text)| Source { name: (*name).into(), text: (*text).into(), file: None });
        let own = own.into_iter().map(|source| (source, true));
        for (source, own) in built_in.map(|source| (source, false)).chain(own) {
            let sheet = match parse::sheet(&source, &mut warnings) {
                Some(sheet) => sheet,
                // What cannot be read at all replaces nothing, and looks like the first theme.
                None if nodes.iter().any(|node| node.source.name == source.name) => continue,
                None => {
                    let inherits = BUILT_IN.first().map(|(name, _)| ((*name).into(), 1));
                    Sheet { inherits, ..Sheet::default() }
                }
            };
            nodes.retain(|node| !(own && node.own && node.source.name == source.name));
            nodes.push(Node { source, sheet, own });
        }
        let replaced = |name: &str| nodes.iter().position(|node| node.own && node.source.name == name);
        let mut list = vec![];
        for node in nodes.iter().filter(|node| !node.own) {
            let shown = replaced(&node.source.name).map_or(node, |place| &nodes[place]);
            list.push(resolve(shown, &nodes, &mut warnings));
        }
        for node in nodes.iter().filter(|node| node.own) {
            if !list.iter().any(|theme| theme.name == node.source.name) {
                list.push(resolve(node, &nodes, &mut warnings));
            }
        }
        Self { list, warnings }
    }

    pub fn list(&self) -> &[Theme] {
        &self.list
    }

    pub fn names(&self) -> Vec<String> {
        self.list.iter().map(|theme| theme.name.clone()).collect()
    }

    pub fn find(&self, name: &str) -> Option<&Theme> {
        self.list.iter().find(|theme| theme.name == name)
    }

    /// The theme of this name, or the first.
    pub fn named(&self, name: &str) -> Theme {
        self.find(name).or(self.list.first()).cloned().unwrap_or_default()
    }
}

/// What a theme is made of, itself first. One of the user's that has a built-in's name may inherit from
/// it; what is built in inherits only from what is built in.
fn chain<'a>(node: &'a Node, nodes: &'a [Node], warnings: &mut Vec<Warning>) -> Vec<&'a Sheet> {
    let mut chain = vec![node];
    while let Some((at, (wanted, line))) = chain.last().and_then(|at| Some((*at, at.sheet.inherits.as_ref()?))) {
        let named = |other: &&Node| other.source.name == *wanted && (at.own || !other.own);
        let fresh = |other: &&Node| !chain.iter().any(|known| std::ptr::eq(*known, *other));
        let next = nodes.iter().rev().filter(named).find(fresh).filter(|_| chain.len() < DEEPEST);
        let Some(next) = next else {
            let why = match nodes.iter().any(|other| named(&other)) {
                true => "that goes round in circles, or too deep",
                false => "there is no such theme",
            };
            let why = format!("cannot inherit from `{wanted}`: {why}");
            // Said of the file where it stands, once.
            let warning = Warning::new(&at.source.name, at.source.file.as_deref(), *line, &why);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
            break;
        };
        chain.push(next);
    }
    chain.into_iter().map(|node| &node.sheet).collect()
}

fn resolve(node: &Node, nodes: &[Node], warnings: &mut Vec<Warning>) -> Theme {
    let Node { source, sheet: own, .. } = node;
    let chain = chain(node, nodes, warnings);
    let mut palette: BTreeMap<String, (Color, usize)> = BTreeMap::new();
    let mut roles = BTreeMap::new();
    for sheet in chain.iter().rev() {
        palette.extend(sheet.palette.iter().map(|(key, colour)| (key.clone(), *colour)));
        roles.extend(sheet.roles.iter().map(|(role, (words, _))| (*role, words)));
    }
    let mut theme = Theme {
        name: source.name.clone(),
        about: own.about.clone(),
        kind: chain.iter().find_map(|sheet| sheet.kind).unwrap_or_default(),
        file: source.file.clone(),
        ..Theme::default()
    };
    for (role, words) in roles {
        let line = line_in(own, role, words);
        match parse::style(words, &palette) {
            Ok(style) => {
                theme.styles.insert(role, style);
                theme.lines.insert(role, line);
            }
            // Said of the theme that wrote it, not of all that inherit it.
            Err(text) if own.roles.contains_key(&role) => {
                warnings.push(Warning::new(&source.name, source.file.as_deref(), line, &text));
            }
            Err(_) => {}
        }
    }
    theme
}

/// The line of a theme's own file that decides a role: the role's, else that of its colour, else where
/// it inherits.
fn line_in(own: &Sheet, role: Role, words: &str) -> usize {
    let written = own.roles.get(&role).map(|(_, line)| *line);
    let colour = || words.split_whitespace().find_map(|word| own.palette.get(word)).map(|(_, line)| *line);
    let inherits = || own.inherits.as_ref().map(|(_, line)| *line);
    written.or_else(colour).or_else(inherits).unwrap_or(1)
}
