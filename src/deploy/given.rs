//! What parts are given: who the stack is, and what the resources that stand already tell.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The tag that says whose a resource is.
pub const STACK: &str = "tandem:stack";
/// The tag that says what it is for the stack.
pub const LOGICAL_ID: &str = "tandem:logical-id";
/// The tag that says from what it was made.
pub const SPEC_HASH: &str = "tandem:spec-hash";

/// A resource that must stand first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{node} does not tell its {gift} yet")]
pub struct Missing {
    pub node: String,
    pub gift: String,
}

/// What is known at one moment of a run.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub stack: String,
    pub account: String,
    /// The tags that the operator wants on everything.
    pub tags: BTreeMap<String, String>,
    /// For a destroy: what the names of final snapshots of the database end with; `None`: there are none.
    pub final_snapshots: Option<String>,
    /// What each node that stands gives, by its id.
    nodes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Given {
    pub fn new(stack: &str, account: &str, tags: BTreeMap<String, String>) -> Self {
        Self { stack: stack.into(), account: account.into(), tags, ..Self::default() }
    }

    /// A node stands and gives this.
    pub fn learn(&mut self, node: &str, gives: BTreeMap<String, String>) {
        self.nodes.insert(node.into(), gives);
    }

    /// A node is gone.
    pub fn forget(&mut self, node: &str) {
        self.nodes.remove(node);
    }

    /// What the node gives.
    ///
    /// # Errors
    /// When it does not stand, or gives nothing by this name.
    pub fn of(&self, node: &str, gift: &str) -> Result<&str, Missing> {
        let found = self.nodes.get(node).and_then(|gives| gives.get(gift));
        found.map(String::as_str).ok_or_else(|| Missing { node: node.into(), gift: gift.into() })
    }

    /// The tags of a resource that was made from `want`, by name.
    pub fn tags_of(&self, id: &str, want: &Value) -> BTreeMap<String, String> {
        let mut tags = self.tags.clone();
        tags.insert(STACK.into(), self.stack.clone());
        tags.insert(LOGICAL_ID.into(), id.into());
        tags.insert(SPEC_HASH.into(), spec_hash(want));
        tags
    }

    /// `[{"Key": .., "Value": ..}]`, as most services take them.
    pub fn tag_list(&self, id: &str, want: &Value) -> Value {
        self.tags_of(id, want).into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
    }
}

/// Stands for a spec: sixteen hexadecimal digits. Secrets are references in it.
pub fn spec_hash(want: &Value) -> String {
    Sha256::digest(want.to_string()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
