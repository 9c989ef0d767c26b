//! DynamoDB: the sessions in every Region of the stack, and the control table in three.

mod control;
mod replica;
mod sessions;
#[cfg(test)]
mod tests;

use super::super::node::Node;
use crate::model::call::Call;
use crate::model::spec::Spec;
use control::Control;
use replica::Replica;
use serde_json::{Value, json};
use sessions::Sessions;
use std::time::Duration;

const SERVICE: &str = "dynamodb";
const ACTIVE: &str = crate::cloud::look::dynamodb::ACTIVE;
/// States that do not pass by themselves (API Reference, TableDescription and ReplicaDescription).
const LASTING: &[&str] = &[
    "CREATION_FAILED",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
    "REGION_DISABLED",
    "ARCHIVED",
    "REPLICATION_NOT_AUTHORIZED",
];

/// The control table of a stack.
pub fn control_table(stack: &str) -> String {
    format!("{stack}-control")
}

/// The tables that a spec asks for. A table is changed once at a time: Regions that join the sessions while another
/// one does are refused until it has, and none waits for one that is silent.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    let (home, table) = (spec.home(), spec.stack.sessions_table());
    let control = Control::of(spec);
    let first = spec.control_regions.first().map_or(home, String::as_str).to_string();
    let mut nodes = vec![
        Node::new("control", &first, SERVICE, control_table(&spec.stack.name), control)
            .takes(Duration::from_secs(240))
            .with_data(),
        Node::new("sessions", home, SERVICE, table.clone(), Sessions::of(spec))
            .needs(["control"])
            .takes(Duration::from_secs(30))
            .with_data(),
    ];
    for region in spec.region_names().filter(|region| *region != home) {
        let id = format!("{region}/sessions");
        let node = Node::new(&id, region, SERVICE, table.clone(), Replica::of(spec, region));
        nodes.push(node.needs(["control", "sessions"]).takes(Duration::from_secs(150)).with_data());
    }
    nodes
}

fn request(region: &str, operation: &str, input: Value) -> Call {
    Call::request(region, SERVICE, operation, input)
}

/// UpdateTable with one member beside the name.
fn change(region: &str, table: &str, member: &str, value: Value) -> Call {
    request(region, "UpdateTable", json!({ "TableName": table, member: value }))
}

/// The tags of a table in one Region: each replica has its own.
fn tag(region: &str, arn: &str, tags: Value) -> Call {
    request(region, "TagResource", json!({ "ResourceArn": arn, "Tags": tags }))
}

/// A text of what was seen; empty when it is none.
fn text<'a>(is: &'a Value, name: &str) -> &'a str {
    is[name].as_str().unwrap_or_default()
}

/// The names in an object of what was seen.
fn names(members: &Value) -> Vec<&str> {
    members.as_object().map(|members| members.keys().map(String::as_str).collect()).unwrap_or_default()
}
