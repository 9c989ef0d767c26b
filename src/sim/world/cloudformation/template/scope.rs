//! Works out functions, references and conditions.

use super::refers::{attribute, function, pieces};
use super::{Template, Values};
use crate::doc::Doc;
use crate::geo;
use crate::world::ACCOUNT;
use crate::world::cloudformation::cidr::Cidr;
use base64::Engine;
use serde_json::Map;

/// Pseudo parameters (CloudFormation User Guide).
pub const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// What stands in a change set for a value that only making the resource will tell (CloudFormation API Reference,
/// ResourceChange).
pub const UNKNOWN: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// Whether some part of a value is not known yet.
pub fn is_unknown(value: &Doc) -> bool {
    match value {
        Doc::String(text) => text.contains(UNKNOWN),
        Doc::Array(items) => items.iter().any(is_unknown),
        Doc::Object(members) => members.values().any(is_unknown),
        _ => false,
    }
}

/// Which stack a template is worked out for.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub region: String,
    pub stack: String,
    pub stack_id: String,
    pub notifications: Vec<String>,
}

/// What the world says of resources and exports.
pub trait Answers {
    /// The physical id of a resource (`attribute` is `None`) or an attribute of it. `None`: there is none.
    fn resource(&self, logical: &str, attribute: Option<&str>) -> Option<Doc>;
    /// The value of an export.
    fn export(&self, name: &str) -> Option<String>;
}

/// Everything that a template is worked out with.
pub struct Scope<'a> {
    pub template: &'a Template,
    pub values: &'a Values,
    pub place: &'a Place,
    pub answers: &'a dyn Answers,
}

type Worked = Result<Option<Doc>, String>;

fn error<T>(message: impl std::fmt::Display) -> Result<T, String> {
    Err(format!("Template error: {message}"))
}

impl Scope<'_> {
    /// Whether a condition holds; what has none, is.
    pub fn holds(&self, condition: Option<&str>) -> Result<bool, String> {
        let Some(name) = condition else { return Ok(true) };
        match self.template.conditions.get(name) {
            Some(condition) => self.truth(condition),
            None => error(format_args!("unresolved condition dependency {name} in the template")),
        }
    }

    /// The properties of a resource, worked out; what is AWS::NoValue is left out.
    pub fn properties(&self, given: &Map<String, Doc>) -> Result<Map<String, Doc>, String> {
        let mut worked = Map::new();
        for (name, value) in given {
            if let Some(value) = self.value(value)? {
                worked.insert(name.clone(), value);
            }
        }
        Ok(worked)
    }

    /// A value that must be text.
    pub fn text(&self, value: &Doc) -> Result<String, String> {
        let worked = self.value(value)?;
        super::read::text(worked.as_ref())
            .ok_or_else(|| "Template format error: Every Value member must be a string.".to_string())
    }

    /// A value; `None` is AWS::NoValue.
    pub fn value(&self, value: &Doc) -> Worked {
        match value {
            Doc::Array(items) => {
                let worked: Result<Vec<Option<Doc>>, String> = items.iter().map(|item| self.value(item)).collect();
                Ok(Some(Doc::Array(worked?.into_iter().flatten().collect())))
            }
            Doc::Object(members) => match function(members) {
                Some(("Condition", _)) | None => Ok(Some(Doc::Object(self.properties(members)?))),
                Some((name, argument)) => self.call(name, argument),
            },
            plain => Ok(Some(plain.clone())),
        }
    }

    fn call(&self, name: &str, argument: &Doc) -> Worked {
        match name {
            "Ref" => self.reference(argument.as_str().unwrap_or_default()),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::If" => match argument.as_array().map(Vec::as_slice) {
                Some([Doc::String(condition), yes, no]) => {
                    self.value(if self.holds(Some(condition))? { yes } else { no })
                }
                _ => error("Fn::If requires a list argument with three elements"),
            },
            "Fn::Sub" => self.substitute(argument),
            "Fn::Join" => self.join(argument),
            "Fn::Select" => self.select(argument),
            "Fn::Split" => match self.list(argument)?.as_slice() {
                [Doc::String(delimiter), Doc::String(text)] if !delimiter.is_empty() => {
                    Ok(Some(Doc::Array(text.split(delimiter.as_str()).map(|part| Doc::String(part.into())).collect())))
                }
                _ => error(
                    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
                ),
            },
            "Fn::GetAZs" => {
                let region = self.text(argument)?;
                let region = if region.is_empty() { &self.place.region } else { &region };
                if geo::region(region).is_none() {
                    return error(format_args!("Fn::GetAZs: {region} is not a valid region"));
                }
                Ok(Some(Doc::Array(
                    ["a", "b", "c"].iter().map(|zone| Doc::String(format!("{region}{zone}"))).collect(),
                )))
            }
            "Fn::Cidr" => self.cidr(argument),
            "Fn::ImportValue" => {
                let name = self.text(argument)?;
                let value = self.answers.export(&name).ok_or_else(|| format!("No export named {name} found"))?;
                Ok(Some(Doc::String(value)))
            }
            "Fn::FindInMap" => self.find(argument),
            "Fn::Base64" => {
                let text = self.text(argument)?;
                Ok(Some(Doc::String(base64::engine::general_purpose::STANDARD.encode(text))))
            }
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => error(format_args!(
                "{name} cannot be used here: conditions can only be used in the Conditions section of the template"
            )),
            _ => error(format_args!("unsupported function {name}")),
        }
    }

    fn reference(&self, name: &str) -> Worked {
        let text = |text: &str| Ok(Some(Doc::String(text.to_string())));
        match name {
            "AWS::NoValue" => Ok(None),
            "AWS::AccountId" => text(ACCOUNT),
            "AWS::Partition" => text("aws"),
            "AWS::Region" => text(&self.place.region),
            "AWS::StackId" => text(&self.place.stack_id),
            "AWS::StackName" => text(&self.place.stack),
            "AWS::URLSuffix" => text("amazonaws.com"),
            "AWS::NotificationARNs" => {
                Ok(Some(Doc::Array(self.place.notifications.iter().map(|arn| Doc::String(arn.clone())).collect())))
            }
            _ => match (self.template.parameters.get(name), self.values.get(name)) {
                (Some(parameter), Some(value)) => Ok(Some(parameter.doc(value))),
                _ => self.resource(name, None),
            },
        }
    }

    fn resource(&self, name: &str, attribute: Option<&str>) -> Worked {
        match self.answers.resource(name, attribute) {
            Some(value) => Ok(Some(value)),
            None => Err(format!(
                "Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
            )),
        }
    }

    fn attribute(&self, argument: &Doc) -> Worked {
        match attribute(argument) {
            Some((resource, attribute)) => self.resource(&resource, Some(&attribute)),
            None => error(
                "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
            ),
        }
    }

    fn substitute(&self, argument: &Doc) -> Worked {
        let (text, own) = match argument {
            Doc::String(text) => (text.as_str(), None),
            Doc::Array(items) => match items.as_slice() {
                [Doc::String(text), Doc::Object(own)] => (text.as_str(), Some(own)),
                _ => ("", None),
            },
            _ => ("", None),
        };
        if text.is_empty() {
            return error(
                "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
            );
        }
        let mut out = String::new();
        for piece in pieces(text) {
            let name = match piece {
                Ok(text) => {
                    out.push_str(&text);
                    continue;
                }
                Err(name) => name,
            };
            let value = match (own.and_then(|own| own.get(name)), name.split_once('.')) {
                (Some(value), _) => self.value(value)?,
                (None, Some((resource, attribute))) => self.resource(resource, Some(attribute))?,
                (None, None) => self.reference(name)?,
            };
            match super::read::text(value.as_ref()) {
                Some(value) => out.push_str(&value),
                None => return error(format_args!("Fn::Sub expression does not resolve to a string: {name}")),
            }
        }
        Ok(Some(Doc::String(out)))
    }

    /// A function's argument as a list, its elements worked out.
    fn list(&self, argument: &Doc) -> Result<Vec<Doc>, String> {
        match self.value(argument)? {
            Some(Doc::Array(items)) => Ok(items),
            Some(one) => Ok(vec![one]),
            None => Ok(vec![]),
        }
    }

    fn join(&self, argument: &Doc) -> Worked {
        let wrong = "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";
        let worked = self.list(argument)?;
        let [Doc::String(delimiter), Doc::Array(items)] = worked.as_slice() else {
            return match worked.as_slice() {
                [Doc::String(_), unknown] if is_unknown(unknown) => Ok(Some(Doc::String(UNKNOWN.into()))),
                _ => error(wrong),
            };
        };
        let texts: Option<Vec<String>> = items.iter().map(|item| super::read::text(Some(item))).collect();
        match texts {
            Some(texts) => Ok(Some(Doc::String(texts.join(delimiter)))),
            None => error(wrong),
        }
    }

    fn select(&self, argument: &Doc) -> Worked {
        let worked = self.list(argument)?;
        let [place, from] = worked.as_slice() else {
            return error("Fn::Select requires a list argument with two elements: an integer index and a list");
        };
        let index = super::read::text(Some(place)).and_then(|text| text.parse::<usize>().ok());
        let Some(index) = index else { return error("Fn::Select requires a list argument with a valid index value") };
        match from {
            Doc::Array(items) => match items.get(index) {
                Some(item) => Ok(Some(item.clone())),
                None if is_unknown(from) => Ok(Some(Doc::String(UNKNOWN.into()))),
                None => error(format_args!("Fn::Select cannot select nonexistent value at index {index}")),
            },
            unknown if is_unknown(unknown) => Ok(Some(Doc::String(UNKNOWN.into()))),
            _ => error("Fn::Select requires a list argument with two elements: an integer index and a list"),
        }
    }

    fn cidr(&self, argument: &Doc) -> Worked {
        let worked = self.list(argument)?;
        let number = |place: usize| super::read::text(worked.get(place)).and_then(|text| text.parse().ok());
        let (Some(block), Some(count)) = (super::read::text(worked.first()), number(1)) else {
            return error("every Fn::Cidr object requires two parameters, (1) a CIDR block and (2) a count");
        };
        if block.contains(UNKNOWN) {
            return Ok(Some(Doc::String(UNKNOWN.into())));
        }
        let bits = number(2).unwrap_or(8);
        let slices = Cidr::parse(&block).and_then(|block| block.slices(count, u32::try_from(bits).ok()?));
        match slices {
            Some(slices) => Ok(Some(Doc::Array(slices.iter().map(|slice| Doc::String(slice.to_string())).collect()))),
            None => {
                error(format_args!("Fn::Cidr: {block} cannot be divided into {count} blocks with {bits} bits each"))
            }
        }
    }

    fn find(&self, argument: &Doc) -> Worked {
        let worked = self.list(argument)?;
        let keys: Vec<String> = worked.iter().filter_map(|key| super::read::text(Some(key))).collect();
        let [map, top, second] = keys.as_slice() else {
            return error(
                "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
            );
        };
        let found = self.template.mappings.get(map).and_then(|m| m.get(top)).and_then(|t| t.get(second));
        match found {
            Some(value) => Ok(Some(value.clone())),
            None => error(format_args!("Unable to get mapping for {map}::{top}::{second}")),
        }
    }

    fn truth(&self, condition: &Doc) -> Result<bool, String> {
        let wrong = || {
            error(
                "Template condition is malformed: every condition is one of Fn::And, Fn::Equals, Fn::Not, Fn::Or and Condition",
            )
        };
        let Some((name, argument)) = condition.as_object().and_then(function) else { return wrong() };
        let items = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (name, items) {
            ("Condition", _) => self.holds(argument.as_str()),
            ("Fn::Equals", [one, other]) => {
                let plain =
                    |value: Option<Doc>| super::read::text(value.as_ref()).map_or(value, |t| Some(Doc::String(t)));
                Ok(plain(self.value(one)?) == plain(self.value(other)?))
            }
            ("Fn::Not", [one]) => Ok(!self.truth(one)?),
            ("Fn::And" | "Fn::Or", items) if (2..=10).contains(&items.len()) => {
                let truths: Result<Vec<bool>, String> = items.iter().map(|item| self.truth(item)).collect();
                let truths = truths?;
                Ok(if name == "Fn::And" { truths.iter().all(|t| *t) } else { truths.iter().any(|t| *t) })
            }
            ("Fn::And" | "Fn::Or", _) => error(format_args!(
                "every {name} object requires a list of at least 2 and at most 10 boolean parameters."
            )),
            _ => wrong(),
        }
    }
}
