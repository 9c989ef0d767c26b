//! Attribute values.

use super::number::Number;
use crate::doc::Doc;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    S(String),
    N(Number),
    B(Vec<u8>),
    Bool(bool),
    Null,
    M(BTreeMap<String, Value>),
    L(Vec<Value>),
    Ss(BTreeSet<String>),
    Ns(BTreeSet<Number>),
    Bs(BTreeSet<Vec<u8>>),
}

/// An item: its attributes by name.
pub type Item = BTreeMap<String, Value>;

/// How deep values may be nested (Developer Guide, limits: 32 levels).
const DEEPEST: usize = 32;

impl Value {
    /// Reads `{"S": "text"}`.
    ///
    /// # Errors
    /// What DynamoDB says of a value that is none.
    pub fn read(doc: &Doc) -> Result<Self, String> {
        Self::read_at(doc, 0)
    }

    fn read_at(doc: &Doc, depth: usize) -> Result<Self, String> {
        let empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
        if depth > DEEPEST {
            return Err("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit".into());
        }
        let members = doc.as_object().filter(|members| !members.is_empty()).ok_or(empty)?;
        if members.len() > 1 {
            return Err("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes".into());
        }
        let (kind, value) = members.iter().next().ok_or(empty)?;
        let text = || value.as_str().ok_or_else(|| format!("{kind} must be a string"));
        let list = || value.as_array().ok_or_else(|| format!("{kind} must be a list"));
        Ok(match kind.as_str() {
            "S" => Self::S(text()?.into()),
            "N" => Self::N(Number::parse(text()?)?),
            "B" => Self::B(bytes(text()?)?),
            "BOOL" => Self::Bool(value.as_bool().ok_or("BOOL must be a boolean")?),
            "NULL" => Self::Null,
            "M" => {
                let members = value.as_object().ok_or("M must be a map")?;
                let read = |(name, value): (&String, &Doc)| Ok((name.clone(), Self::read_at(value, depth + 1)?));
                Self::M(members.iter().map(read).collect::<Result<_, String>>()?)
            }
            "L" => Self::L(list()?.iter().map(|value| Self::read_at(value, depth + 1)).collect::<Result<_, _>>()?),
            "SS" => Self::Ss(set("string", list()?, |text| Ok(text.to_string()))?),
            "NS" => Self::Ns(set("number", list()?, Number::parse)?),
            "BS" => Self::Bs(set("binary", list()?, bytes)?),
            _ => return Err(empty.into()),
        })
    }

    pub fn write(&self) -> Doc {
        match self {
            Self::S(text) => json!({ "S": text }),
            Self::N(number) => json!({ "N": number.to_string() }),
            Self::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
            Self::Bool(value) => json!({ "BOOL": value }),
            Self::Null => json!({ "NULL": true }),
            Self::M(members) => json!({ "M": write(members) }),
            Self::L(list) => json!({ "L": list.iter().map(Self::write).collect::<Vec<_>>() }),
            Self::Ss(set) => json!({ "SS": set }),
            Self::Ns(set) => json!({ "NS": set.iter().map(Number::to_string).collect::<Vec<_>>() }),
            Self::Bs(set) => json!({ "BS": set.iter().map(|bytes| STANDARD.encode(bytes)).collect::<Vec<_>>() }),
        }
    }

    /// The name of its type, as `attribute_type` takes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
        }
    }

    /// Bytes, as they are counted and billed (Developer Guide, item sizes and formats).
    pub fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::M(members) => 3 + size(members) + members.len(),
            Self::L(list) => 3 + list.iter().map(|value| value.size() + 1).sum::<usize>(),
            Self::Ss(set) => set.iter().map(String::len).sum(),
            Self::Ns(set) => set.iter().map(Number::size).sum(),
            Self::Bs(set) => set.iter().map(Vec::len).sum(),
        }
    }

    /// The order of two scalars of one type; `None` where there is none.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(one), Self::S(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
            (Self::N(one), Self::N(other)) => Some(one.cmp(other)),
            (Self::B(one), Self::B(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|_| "Base64 encoded length is unexpected or the text is not Base64".to_string())
}

fn set<T: Ord>(kind: &str, list: &[Doc], read: impl Fn(&str) -> Result<T, String>) -> Result<BTreeSet<T>, String> {
    if list.is_empty() {
        return Err(format!("One or more parameter values were invalid: An {kind} set  may not be empty"));
    }
    let read = |value: &Doc| value.as_str().ok_or_else(|| format!("a {kind} set holds strings")).and_then(&read);
    let found: BTreeSet<T> = list.iter().map(read).collect::<Result<_, _>>()?;
    if found.len() < list.len() {
        return Err("One or more parameter values were invalid: Input collection contains duplicates.".into());
    }
    Ok(found)
}

/// Reads an item from its document.
///
/// # Errors
/// As [`Value::read`].
pub fn read(doc: &Doc) -> Result<Item, String> {
    let members = doc.as_object().ok_or("an item is a map of attribute values")?;
    members.iter().map(|(name, value)| Ok((name.clone(), Value::read(value)?))).collect()
}

pub fn write(item: &Item) -> Doc {
    Doc::Object(item.iter().map(|(name, value)| (name.clone(), value.write())).collect())
}

/// Bytes of an item: names and values.
pub fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_wire() {
        let doc = json!({"M": {"a": {"S": "é"}, "b": {"N": "1.5"}, "c": {"BOOL": false}, "d": {"NULL": true},
            "e": {"L": [{"B": "AP8="}]}, "f": {"SS": ["a", "b"]}, "g": {"NS": ["1", "2"]}}});
        assert_eq!(Value::read(&doc).unwrap().write(), doc);
    }

    #[test]
    fn values_that_are_none_are_refused() {
        for (doc, why) in [
            (json!({}), "empty"),
            (json!({"S": "a", "N": "1"}), "more than one"),
            (json!({"SS": []}), "may not be empty"),
            (json!({"SS": ["a", "a"]}), "duplicates"),
            (json!({"N": "x"}), "numeric"),
            (json!({"X": "a"}), "empty"),
        ] {
            let told = Value::read(&doc).unwrap_err();
            assert!(told.contains(why), "{doc}: {told}");
        }
    }
}
