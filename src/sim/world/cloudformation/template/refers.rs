//! What refers to what.

use crate::doc::Doc;
use serde_json::Map;
use std::collections::BTreeSet;

/// Everything that some part of a template refers to.
#[derive(Debug, Default, PartialEq)]
pub struct References {
    /// Ref and `${Name}`.
    pub refs: BTreeSet<String>,
    /// Fn::GetAtt: resource, attribute.
    pub attributes: BTreeSet<(String, String)>,
    /// `${Name.Attribute}`.
    pub substituted: BTreeSet<(String, String)>,
    /// Of Fn::If and Condition.
    pub conditions: BTreeSet<String>,
    /// Of Fn::FindInMap, where its name is plain text.
    pub mappings: BTreeSet<String>,
    /// Functions that CloudFormation does not have.
    pub unknown: BTreeSet<String>,
}

/// Functions of templates that need no transform.
pub const FUNCTIONS: &[&str] = &[
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
];

impl References {
    /// Names that may be resources.
    pub fn resources(self) -> BTreeSet<String> {
        let owners = self.attributes.into_iter().chain(self.substituted).map(|(resource, _)| resource);
        self.refs.into_iter().chain(owners).collect()
    }
}

pub fn of_map(members: &Map<String, Doc>) -> References {
    let mut found = References::default();
    members.values().for_each(|value| look(&mut found, value));
    found
}

pub fn of(value: &Doc) -> References {
    let mut found = References::default();
    look(&mut found, value);
    found
}

fn look(found: &mut References, value: &Doc) {
    match value {
        Doc::Array(items) => items.iter().for_each(|item| look(found, item)),
        Doc::Object(members) => {
            if let Some((name, argument)) = function(members) {
                note(found, name, argument);
            }
            members.values().for_each(|member| look(found, member));
        }
        _ => {}
    }
}

/// The one function that an object is, if it is one.
pub fn function(members: &Map<String, Doc>) -> Option<(&str, &Doc)> {
    let (name, argument) = members.iter().next().filter(|_| members.len() == 1)?;
    let is = name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && argument.is_string());
    is.then_some((name.as_str(), argument))
}

fn note(found: &mut References, name: &str, argument: &Doc) {
    let first = argument.as_array().and_then(|items| items.first()).and_then(Doc::as_str);
    match (name, argument) {
        ("Ref", Doc::String(to)) => _ = found.refs.insert(to.clone()),
        ("Condition", Doc::String(condition)) => _ = found.conditions.insert(condition.clone()),
        ("Fn::If", _) => found.conditions.extend(first.map(str::to_string)),
        ("Fn::FindInMap", _) => found.mappings.extend(first.map(str::to_string)),
        ("Fn::GetAtt", _) => found.attributes.extend(attribute(argument)),
        ("Fn::Sub", _) => {
            let text = argument.as_str().or(first).unwrap_or_default();
            let own = argument.as_array().and_then(|items| items.get(1)).and_then(Doc::as_object);
            for name in pieces(text).into_iter().filter_map(|piece| piece.err()) {
                match name.split_once('.') {
                    _ if own.is_some_and(|own| own.contains_key(name)) => {}
                    Some((resource, attribute)) => {
                        found.substituted.insert((resource.to_string(), attribute.to_string()));
                    }
                    None => _ = found.refs.insert(name.to_string()),
                }
            }
        }
        _ if name.starts_with("Fn::") && !FUNCTIONS.contains(&name) => _ = found.unknown.insert(name.to_string()),
        _ => {}
    }
}

/// `["Vpc", "CidrBlock"]` and `"Vpc.CidrBlock"`.
pub fn attribute(argument: &Doc) -> Option<(String, String)> {
    match argument {
        Doc::String(text) => {
            text.split_once('.').map(|(resource, attribute)| (resource.to_string(), attribute.to_string()))
        }
        Doc::Array(items) => match items.as_slice() {
            [Doc::String(resource), Doc::String(attribute)] => Some((resource.clone(), attribute.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The pieces of a text of Fn::Sub: text as it is (`Ok`) and names in `${}` (`Err`). `${!x}` is the text `${x}`.
pub fn pieces(text: &str) -> Vec<Result<String, &str>> {
    let mut found = vec![];
    let mut rest = text;
    while let Some(begin) = rest.find("${") {
        let Some(length) = rest[begin..].find('}') else { break };
        let (before, name) = (&rest[..begin], &rest[begin + 2..begin + length]);
        match name.strip_prefix('!') {
            Some(literal) => found.push(Ok(format!("{before}${{{literal}}}"))),
            None => {
                found.push(Ok(before.to_string()));
                found.push(Err(name.trim()));
            }
        }
        rest = &rest[begin + length + 1..];
    }
    found.push(Ok(rest.to_string()));
    found
}
