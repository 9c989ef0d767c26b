//! What is wrong with the answers, by the rules of the configuration and of the graph.

use super::answers::Answers;
use super::fields::Field;
use super::pages::Page;
use super::written::{self, Written};
use crate::config::{self, Config};
use crate::deploy::stack;
use std::collections::BTreeMap;
use std::path::Path;

/// The answers, checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    pub written: Written,
    /// When nothing is wrong.
    pub config: Option<Config>,
    /// By the field.
    pub mistakes: BTreeMap<String, String>,
    /// What is wrong with no single field.
    pub others: Vec<String>,
}

impl Checked {
    pub fn of(fields: &[Field], answers: &Answers) -> Self {
        let written = written::write(fields, answers);
        let mut checked = Self { mistakes: written.unread.clone(), written, ..Self::default() };
        let config = match config::parse(Path::new("config.toml"), &checked.written.text) {
            Ok(config) => config,
            Err(error) => {
                for (line, said) in error.mistakes {
                    match line.and_then(|line| checked.written.lines.get(&line)) {
                        Some(field) => drop(checked.mistakes.entry(field.clone()).or_insert(said)),
                        None => checked.others.push(said),
                    }
                }
                return checked;
            }
        };
        if let Err(error) = stack::graph(&config.spec) {
            checked.others.extend(error.to_string().lines().map(String::from));
        } else if checked.mistakes.is_empty() {
            checked.config = Some(config);
        }
        checked
    }

    /// What is wrong with a field.
    pub fn mistake(&self, field: &Field) -> Option<&str> {
        self.mistakes.get(&field.id).map(String::as_str)
    }

    /// How many fields of a page are wrong.
    pub fn wrong_on(&self, page: Page, fields: &[Field]) -> usize {
        fields.iter().filter(|field| field.page == page && self.mistakes.contains_key(&field.id)).count()
    }

    /// What must be corrected before anything can be made, and on which page.
    pub fn first(&self, fields: &[Field]) -> Option<(Page, String)> {
        let mistake = fields.iter().find_map(|field| Some((field.page, self.mistake(field)?.to_string())));
        mistake.or_else(|| self.others.first().map(|said| (Page::Regions, said.clone())))
    }
}
