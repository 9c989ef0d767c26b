//! A stack as CloudFormation is asked for it.

use super::mistake::Mistake;
use super::site::Site;
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The longest body that goes with the call itself (CloudFormation quotas, template body size).
const LARGEST_BODY: usize = 51_200;

/// The tag that says whose a resource is.
const STACK: &str = "tandem:stack";
/// The tag that says what it is for the stack.
const ROLE: &str = "tandem:logical-id";
/// The tag that says which of the stack's environments it serves.
const ENVIRONMENT: &str = "tandem:environment";

/// What CreateStack and UpdateStack need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The stack's name.
    pub name: String,
    /// Where the stack is made.
    pub region: String,
    /// JSON, the same bytes for the same site.
    pub body: String,
    pub parameters: BTreeMap<String, Value>,
    /// CloudFormation puts them on the stack and on all that it makes.
    pub tags: BTreeMap<String, String>,
    pub capabilities: Vec<&'static str>,
    /// How long making it should take: an estimate to show, never a limit to act on.
    pub expected: Duration,
}

/// Where a parameter comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Known(String),
    /// An output of another stack, to be read when that stands.
    Output {
        region: String,
        stack: String,
        key: &'static str,
    },
    /// The id of the hosted zone, as Route 53 tells it.
    HostedZone,
}

/// A template's text in the making.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document {
    #[serde(rename = "AWSTemplateFormatVersion")]
    version: &'static str,
    description: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, Json>,
    resources: BTreeMap<String, Json>,
    outputs: BTreeMap<String, Json>,
}

impl Document {
    pub(super) fn new(description: String) -> Self {
        Self {
            version: "2010-09-09",
            description,
            parameters: BTreeMap::new(),
            resources: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    pub(super) fn parameter(&mut self, id: &str, parameter: Json) {
        self.parameters.insert(id.into(), parameter);
    }

    pub(super) fn add(&mut self, id: &str, kind: &str, properties: Json) {
        self.with(id, kind, properties, json!({}));
    }

    /// With attributes beside the properties, like `DependsOn`.
    pub(super) fn with(&mut self, id: &str, kind: &str, properties: Json, mut attributes: Json) {
        attributes["Type"] = kind.into();
        attributes["Properties"] = properties;
        self.resources.insert(id.into(), attributes);
    }

    pub(super) fn output(&mut self, key: &str, value: Json) {
        self.outputs.insert(key.into(), json!({ "Value": value }));
    }

    /// Laid out for those who review it.
    pub(super) fn body(mut self, name: &str) -> Result<String, Mistake> {
        // Feature unification may switch serde_json to insertion order: the bytes must not notice.
        for part in [&mut self.parameters, &mut self.resources, &mut self.outputs] {
            part.values_mut().for_each(Json::sort_all_objects);
        }
        let body = serde_json::to_string_pretty(&self)
            .map_err(|error| Mistake::Unwritable { name: name.into(), why: error.to_string() })?;
        if body.len() > LARGEST_BODY {
            return Err(Mistake::TooLarge { name: name.into(), bytes: body.len(), limit: LARGEST_BODY });
        }
        Ok(body)
    }
}

/// The tags of the stack, the user's among them.
pub(super) fn stack_tags(site: &Site) -> BTreeMap<String, String> {
    let own = [(STACK, &site.stack), (ENVIRONMENT, &site.environment)];
    let own = own.into_iter().map(|(key, value)| (key.to_string(), value.clone()));
    site.tags.clone().into_iter().chain(own).collect()
}

/// The tags of one resource. Those of the stack come to it from CloudFormation.
pub(super) fn tags(site: &Site, role: &str) -> Json {
    json!([
        { "Key": "Name", "Value": site.group(role) },
        { "Key": ROLE, "Value": role },
    ])
}

pub(super) fn reference(id: &str) -> Json {
    json!({ "Ref": id })
}

pub(super) fn attribute(id: &str, name: &str) -> Json {
    json!({ "Fn::GetAtt": [id, name] })
}

/// Text with AWS's pseudo parameters, like `${AWS::AccountId}`.
pub(super) fn sub(text: impl Into<String>) -> Json {
    json!({ "Fn::Sub": text.into() })
}

/// One text, with commas between. Known texts stay plain.
pub(super) fn joined(parts: &[Json]) -> Json {
    match parts.iter().map(Json::as_str).collect::<Option<Vec<_>>>() {
        Some(known) => known.join(",").into(),
        None => json!({ "Fn::Join": [",", parts] }),
    }
}
