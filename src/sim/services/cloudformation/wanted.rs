//! What CreateStack, UpdateStack and CreateChangeSet have in common: a template, values, tags and capabilities.

use super::refusals::{invalid, validation};
use crate::operation::{Answer, Refusal};
use crate::world::cloudformation::template::{self, Given, MOST_BYTES, Template, Values};
use crate::world::cloudformation::{Design, Stack};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tags of a stack (CloudFormation API Reference, CreateStack).
const MOST_TAGS: usize = 50;

#[derive(Debug, Clone, Deserialize)]
pub struct Parameter {
    ParameterKey: String,
    ParameterValue: Option<String>,
    UsePreviousValue: Option<bool>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Tag {
    pub Key: String,
    pub Value: String,
}

/// What is asked for.
#[derive(Debug)]
pub struct Wanted<'a> {
    pub body: Option<&'a str>,
    pub url: Option<&'a str>,
    pub previous: bool,
    pub parameters: &'a [Parameter],
    pub capabilities: &'a [String],
    pub tags: Option<&'a [Tag]>,
    pub role: Option<&'a str>,
    pub notifications: Option<&'a [String]>,
}

/// The design that is wanted for a new stack, or for one that is there.
pub fn design(wanted: &Wanted<'_>, stack: Option<&Stack>) -> Answer<Design> {
    let template = match (wanted.previous, stack) {
        (true, Some(stack)) if wanted.body.is_none() && wanted.url.is_none() => Arc::clone(&stack.design.template),
        (true, Some(_)) => {
            return invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.");
        }
        _ => Arc::new(read(wanted.body, wanted.url)?),
    };
    let none = Values::new();
    let previous = stack.map_or(&none, |stack| &stack.design.values);
    let values = template::taken(&template, &given(wanted.parameters)?, previous).map_err(validation)?;
    let tags = match (wanted.tags, stack) {
        (Some(tags), _) => tags_of(tags)?,
        (None, Some(stack)) => stack.design.tags.clone(),
        (None, None) => BTreeMap::new(),
    };
    capable(&template, wanted.capabilities)?;
    Ok(Design {
        template,
        values,
        tags,
        capabilities: wanted.capabilities.to_vec(),
        role: wanted.role.map(str::to_string).or_else(|| stack.and_then(|stack| stack.design.role.clone())),
        notifications: match (wanted.notifications, stack) {
            (Some(arns), _) => arns.to_vec(),
            (None, Some(stack)) => stack.design.notifications.clone(),
            (None, None) => vec![],
        },
    })
}

/// Reads a template that is given in a request.
pub fn read(body: Option<&str>, url: Option<&str>) -> Answer<Template> {
    let body = match (body, url) {
        (Some(_), Some(_)) | (None, None) => {
            return invalid("Either Template URL or Template Body must be specified.");
        }
        // This world has no S3.
        (None, Some(_)) => return invalid("TemplateURL must reference a valid S3 object to which you have access."),
        (Some(body), None) => body,
    };
    let constraint = match body.len() {
        0 => "Member must have length greater than or equal to 1",
        1..=MOST_BYTES => return template::read(body).map_err(validation),
        _ => "Member must have length less than or equal to 51200",
    };
    invalid(format!(
        "1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: {constraint}"
    ))
}

fn given(parameters: &[Parameter]) -> Answer<BTreeMap<String, Given>> {
    let mut given = BTreeMap::new();
    for parameter in parameters {
        let key = &parameter.ParameterKey;
        let value = match (&parameter.ParameterValue, parameter.UsePreviousValue) {
            (Some(_), Some(true)) => {
                return invalid(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty value for a parameter"
                ));
            }
            (None, Some(true)) => Given::Previous,
            (Some(value), _) => Given::Value(value.clone()),
            (None, _) => return invalid(format!("Parameter value for parameter name {key} is missing")),
        };
        if given.insert(key.clone(), value).is_some() {
            return invalid(format!("Parameter {key} is specified more than once"));
        }
    }
    Ok(given)
}

fn tags_of(tags: &[Tag]) -> Answer<BTreeMap<String, String>> {
    let mut read = BTreeMap::new();
    for Tag { Key, Value } in tags {
        if Key.is_empty() || Key.chars().count() > 128 || Value.chars().count() > 256 {
            return invalid(format!("Tag {Key} is not valid: keys have 1 to 128 characters, values up to 256"));
        }
        if Key.starts_with("aws:") {
            return invalid("aws: prefixed tag key names are not allowed for external use.");
        }
        if read.insert(Key.clone(), Value.clone()).is_some() {
            return invalid(format!(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive. [{Key}]"
            ));
        }
    }
    if read.len() > MOST_TAGS {
        return invalid(format!("Tags exceeded maximum size of {MOST_TAGS}"));
    }
    Ok(read)
}

const CAPABILITIES: &[&str] = &["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];

/// Whether what the template makes was acknowledged.
fn capable(template: &Template, given: &[String]) -> Answer<()> {
    if let Some(odd) = given.iter().find(|given| !CAPABILITIES.contains(&given.as_str())) {
        return invalid(format!(
            "1 validation error detected: Value '[{odd}]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [{}]]",
            CAPABILITIES.join(", ")
        ));
    }
    let Some((needed, _)) = template.capability() else { return Ok(()) };
    if given.iter().any(|given| given == needed || given == "CAPABILITY_NAMED_IAM") {
        return Ok(());
    }
    Err(Refusal::new(400, "InsufficientCapabilitiesException", format!("Requires capabilities : [{needed}]")))
}
