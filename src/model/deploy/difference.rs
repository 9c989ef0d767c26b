//! Where a resource differs from what is wanted of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// One member that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Its name, with dots between levels: `HealthCheckConfig.Port`.
    pub member: String,
    pub wanted: Value,
    /// `null`: it is not set, or cannot be read.
    pub seen: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.member, short(&self.seen), short(&self.wanted))
    }
}

/// A value in a few words.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Null => "unset".to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        text
    } else {
        format!("{}…", text.chars().take(LONGEST).collect::<String>())
    }
}

/// Every member of `wanted` that `seen` has not, or has otherwise. Members that only `seen` has are
/// defaults of AWS. Numbers are compared by value, so 60 equals 60.0.
pub fn differences(wanted: &Value, seen: &Value) -> Vec<Difference> {
    let mut found = vec![];
    compare("", wanted, seen, &mut found);
    found
}

fn compare(path: &str, wanted: &Value, seen: &Value, found: &mut Vec<Difference>) {
    if let Value::Object(members) = wanted
        && (seen.is_object() || path.is_empty())
    {
        for (name, value) in members {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            compare(&path, value, seen.get(name).unwrap_or(&Value::Null), found);
        }
        return;
    }
    if !same(wanted, seen) {
        found.push(Difference { member: path.into(), wanted: wanted.clone(), seen: seen.clone() });
    }
}

fn same(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        // an item of a list, of which only what is wanted counts
        (Value::Object(a), Value::Object(b)) => {
            a.iter().all(|(name, value)| same(value, b.get(name).unwrap_or(&Value::Null)))
        }
        _ => wanted == seen,
    }
}

/// An empty value, zero and false are as good as none: services tell what was never set in one of these ways.
#[must_use]
pub fn or_none(value: Value) -> Value {
    let empty = match &value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
    };
    if empty { Value::Null } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_wanted_and_is_not_so_differs() {
        let wanted = json!({ "Port": 80, "Config": { "Path": "/health", "Every": 10 }, "Zones": ["a", "b"] });
        let seen =
            json!({ "Port": 80.0, "Config": { "Path": "/", "Every": 10, "More": 1 }, "Zones": ["a"], "Extra": 1 });
        let found: Vec<String> = differences(&wanted, &seen).iter().map(Difference::to_string).collect();
        assert_eq!(found, [r#"Config.Path / -> /health"#, r#"Zones ["a"] -> ["a","b"]"#]);
        assert_eq!(differences(&wanted, &wanted), []);
    }

    #[test]
    fn what_cannot_be_read_differs_from_everything_but_nothing() {
        assert_eq!(differences(&json!({ "A": null }), &Value::Null), []);
        assert_eq!(differences(&json!({ "A": { "B": 1 } }), &Value::Null).len(), 1);
    }
}
