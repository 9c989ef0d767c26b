//! What parts are put together from.

use crate::model::deploy::Difference;
use serde_json::{Map, Value, json};

/// The id of a Region's node.
pub fn id(region: &str, role: &str) -> String {
    format!("{region}/{role}")
}

/// A list as nodes give it, in alphabetical order.
pub fn items(gift: &str) -> Vec<&str> {
    let mut items: Vec<&str> = gift.split(',').filter(|item| !item.is_empty()).collect();
    items.sort_unstable();
    items
}

/// An input with more members.
pub fn with(mut input: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut input, more) {
        members.extend(more);
    }
    input
}

/// An input without some of its members.
pub fn without(mut input: Value, names: &[&str]) -> Value {
    if let Value::Object(members) = &mut input {
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
    input
}

/// Those members of what is wanted in which something differs.
pub fn differing(want: &Value, differences: &[Difference]) -> Map<String, Value> {
    let members = want.as_object().into_iter().flatten();
    members.filter(|(name, _)| differs(name, differences)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether something differs in the member called `name`.
pub fn differs(name: &str, differences: &[Difference]) -> bool {
    differences
        .iter()
        .any(|one| one.member.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// Tags as ECS spells them.
pub fn lower(tags: Value) -> Value {
    let tags = tags.as_array().cloned().unwrap_or_default();
    tags.into_iter().map(|tag| json!({ "key": tag["Key"], "value": tag["Value"] })).collect()
}

/// Attributes as Elastic Load Balancing takes them.
pub fn attributes(want: &Value) -> Value {
    let attributes = want["Attributes"].as_object().into_iter().flatten();
    attributes.map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::deploy::differences;

    #[test]
    fn a_member_differs_when_something_in_it_does() {
        let want = json!({ "Port": 80, "Ports": [1], "Config": { "Path": "/", "Deep": { "A": 1 } } });
        let found =
            differences(&want, &json!({ "Port": 80, "Ports": [2], "Config": { "Path": "/", "Deep": { "A": 2 } } }));
        assert_eq!(differing(&want, &found).keys().collect::<Vec<_>>(), ["Config", "Ports"]);
        assert!(!differs("Port", &found));
    }

    #[test]
    fn lists_are_sorted_and_may_be_empty() {
        assert_eq!(items("b,a"), ["a", "b"]);
        assert_eq!(items(""), Vec::<&str>::new());
    }
}
