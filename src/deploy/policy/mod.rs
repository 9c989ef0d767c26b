//! What whoever deploys and flies a stack must be allowed to do: no more, and nothing in words that an asterisk ends.
//!
//! - [`actions`]: the table of actions;
//! - [`scope`]: the resources and Regions that they are limited to.
//!
//! All of it is longer than a managed policy of IAM may be ([`LONGEST`]). So there are four: who is on call needs the
//! first, who changes what serves the first two, who makes or takes away a stack all of them.

pub mod actions;
pub mod scope;

use crate::model::spec::Spec;
use actions::{GRANTS, Grant, Part};
use scope::Names;
use serde_json::{Map, Value, json};

/// The most characters of a managed policy; whitespace does not count (IAM User Guide, IAM and STS quotas).
pub const LONGEST: usize = 6144;

/// Services of which a watcher reads nothing: plans and the doctor do.
const UNWATCHED: [&str; 3] = ["cloudformation", "ecr", "servicequotas"];

impl Part {
    /// What people need; a watcher's own is in its role ([`watcher`]).
    pub const ALL: [Part; 4] = [Part::Fly, Part::Deploy, Part::Data, Part::Foundation];

    /// The end of the policy's name.
    pub fn word(self) -> &'static str {
        match self {
            Part::Fly => "fly",
            Part::Deploy => "deploy",
            Part::Data => "data",
            Part::Watch => "watch",
            Part::Foundation => "foundation",
        }
    }
}

/// Everything, as one policy document. It is too long for a managed policy.
///
/// `account`: twelve digits, or `*` for any.
pub fn policy(spec: &Spec, account: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements(spec, account, &Part::ALL) })
}

/// One of the documents.
pub fn document(spec: &Spec, account: &str, part: Part) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements(spec, account, &[part]) })
}

/// The documents by the names of the policies that they are for, as JSON.
pub fn text(spec: &Spec, account: &str) -> String {
    let name = |part: Part| format!("{}-{}", spec.stack.name, part.word());
    let documents: Map<String, Value> =
        Part::ALL.into_iter().map(|part| (name(part), document(spec, account, part))).collect();
    format!("{:#}\n", Value::Object(documents))
}

/// What the role of a watcher allows, by the names of its policies: as much as flying a stack takes.
pub fn watcher(spec: &Spec, account: &str) -> Vec<(&'static str, Vec<Value>)> {
    let needed = |part| {
        let of = move |grant: &&Grant| {
            grant.part == part && !(grant.on == scope::On::Everything && UNWATCHED.contains(&grant.service))
        };
        granted(spec, account, GRANTS.iter().filter(of).collect(), false)
    };
    [Part::Fly, Part::Watch].into_iter().map(|part| (part.word(), needed(part))).collect()
}

fn statements(spec: &Spec, account: &str, parts: &[Part]) -> Vec<Value> {
    granted(spec, account, GRANTS.iter().filter(|grant| parts.contains(&grant.part)).collect(), parts.len() > 1)
}

fn granted(spec: &Spec, account: &str, mut grants: Vec<&Grant>, several: bool) -> Vec<Value> {
    let names = Names { spec, account };
    let mut statements = vec![];
    while let Some(first) = grants.first().copied() {
        let (these, others) = grants.iter().partition(|one| (one.part, one.sid) == (first.part, first.sid));
        grants = others;
        statements.extend(statement(&names, first, &these, several));
    }
    statements
}

/// `None` when the stack has nothing that it is about.
fn statement(names: &Names<'_>, first: &Grant, grants: &[&Grant], with_part: bool) -> Option<Value> {
    let resources = names.resources(first.on);
    if resources.is_empty() {
        return None;
    }
    let actions: Vec<String> = grants.iter().flat_map(|grant| grant.actions()).collect();
    // a Sid is unique in its document
    let part = if with_part { first.part.word() } else { "" };
    let mut statement = json!({
        "Sid": capital(part) + first.sid, "Effect": "Allow", "Action": actions, "Resource": resources,
    });
    if let Some(condition) = names.condition(first.on, first.place) {
        statement["Condition"] = condition;
    }
    Some(statement)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests;
