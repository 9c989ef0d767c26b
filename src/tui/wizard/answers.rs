//! What was answered, as it was typed.

use super::fields::Field;
use super::pages::Page;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text by field. A field that is not in it has its usual answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    /// The answer to a field, the usual one if there is none of its own.
    pub fn to<'a>(&'a self, field: &'a Field) -> &'a str {
        self.own(&field.id).unwrap_or(&field.usual)
    }

    /// What was answered to the field of this id.
    pub fn own(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// Keeps an answer; the usual one is none of its own.
    pub fn set(&mut self, field: &Field, text: String) {
        if text == field.usual {
            self.0.remove(&field.id);
        } else {
            self.0.insert(field.id.clone(), text);
        }
    }
}

/// What is kept between two sittings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub page: Page,
    pub answers: Answers,
}
