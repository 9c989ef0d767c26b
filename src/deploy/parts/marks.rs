//! Tags that are put on after a resource was made: a part has them in what it wants, so that it differs while
//! they are missing.

use super::super::given::{Given, SPEC_HASH};
use serde_json::Value;
use std::collections::BTreeMap;

/// The tags of a resource by name, save for the one that tells from what it was made.
pub fn marks(given: &Given, role: &str) -> Value {
    let mut tags = given.tags_of(role, &Value::Null);
    tags.remove(SPEC_HASH);
    by_name(&tags)
}

/// Tags that were seen, to be compared with [`marks`].
pub fn by_name(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect::<serde_json::Map<_, _>>().into()
}
