//! Templates: `read` turns a body into a [`Template`] or AWS's words, `check` sees that all it refers to is there,
//! `refers` finds what refers to what, `parameters` takes values, `scope` works functions out.

mod check;
mod parameters;
mod read;
mod refers;
mod scope;
#[cfg(test)]
mod tests;

pub use parameters::{Given, Values, taken};
pub use read::read;
pub use scope::{Answers, Place, Scope, UNKNOWN, is_unknown};

use super::kinds::Kind;
use crate::doc::Doc;
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes of a template that is given in a request (CloudFormation quotas).
pub const MOST_BYTES: usize = 51_200;

#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// As it was given.
    pub body: String,
    pub description: Option<String>,
    pub parameters: BTreeMap<String, Parameter>,
    pub mappings: Map<String, Doc>,
    pub conditions: BTreeMap<String, Doc>,
    pub resources: BTreeMap<String, Declared>,
    pub outputs: BTreeMap<String, Output>,
}

/// A parameter as the template declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub kind: String,
    pub default: Option<String>,
    pub description: Option<String>,
    pub no_echo: bool,
    pub allowed: Vec<String>,
    pub pattern: Option<String>,
    pub length: (Option<u64>, Option<u64>),
    pub value: (Option<f64>, Option<f64>),
    pub constraint: Option<String>,
}

/// A resource as the template declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    pub kind: &'static Kind,
    pub properties: Map<String, Doc>,
    pub condition: Option<String>,
    pub depends_on: Vec<String>,
    pub deletion: Policy,
    /// UpdateReplacePolicy.
    pub replacement: Policy,
}

/// What becomes of a resource that its stack does not want any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Delete,
    Retain,
    RetainExceptOnCreate,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    pub value: Doc,
    pub description: Option<String>,
    pub export: Option<Doc>,
    pub condition: Option<String>,
}

impl Template {
    /// The resources that one needs before it can be made.
    pub fn needs(&self, logical: &str) -> BTreeSet<String> {
        let Some(declared) = self.resources.get(logical) else { return BTreeSet::new() };
        let mut names = refers::of_map(&declared.properties).resources();
        names.extend(declared.depends_on.iter().cloned());
        names.retain(|name| self.resources.contains_key(name));
        names
    }

    /// What it takes to make its IAM resources: nothing, CAPABILITY_IAM or CAPABILITY_NAMED_IAM, and the types
    /// that ask for it.
    pub fn capability(&self) -> Option<(&'static str, Vec<&'static str>)> {
        let iam = || self.resources.values().filter(|declared| declared.kind.global());
        let mut kinds: Vec<&'static str> = iam().map(|declared| declared.kind.name).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            return None;
        }
        let named = |declared: &Declared| {
            declared.kind.iam_name().is_some_and(|property| declared.properties.contains_key(property))
        };
        Some((if iam().any(named) { "CAPABILITY_NAMED_IAM" } else { "CAPABILITY_IAM" }, kinds))
    }
}

/// Whether Fn::GetAtt knows `attribute`; a part of one (`A.B`) goes by its first name.
fn has_attribute(kind: &Kind, attribute: &str) -> bool {
    kind.attributes.contains(&attribute.split('.').next().unwrap_or(attribute))
}
