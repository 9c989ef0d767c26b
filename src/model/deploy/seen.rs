//! A resource as a look found it.

use serde_json::Value;
use std::collections::BTreeMap;

/// What a look found. Texts are clean.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    pub exists: bool,
    /// AWS's own word for its state; empty where it has none.
    pub state: String,
    /// Its members by the names that the call that makes it has for them: comparable with what is wanted.
    /// Lists whose order means nothing are sorted.
    pub is: Value,
    pub tags: BTreeMap<String, String>,
    /// What others need to know of it: `arn`, `id`, `dns_name`.
    pub gives: BTreeMap<String, String>,
}

impl Seen {
    /// There is none.
    pub fn absent() -> Self {
        Self::default()
    }

    /// It is there, in this state.
    pub fn there(state: impl Into<String>, is: Value) -> Self {
        Self { exists: true, state: state.into(), is, ..Self::default() }
    }

    #[must_use]
    pub fn giving(mut self, name: &str, value: impl Into<String>) -> Self {
        self.gives.insert(name.into(), value.into());
        self
    }

    #[must_use]
    pub fn tagged(mut self, tags: BTreeMap<String, String>) -> Self {
        self.tags = tags;
        self
    }

    /// What it gives by this name; empty when it gives no such thing.
    pub fn gift(&self, name: &str) -> &str {
        self.gives.get(name).map_or("", String::as_str)
    }
}
