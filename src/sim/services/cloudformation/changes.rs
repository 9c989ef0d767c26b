//! A change as DescribeChangeSet tells it.

use crate::world::cloudformation::plan::{self, Action, Replacement};
use serde::Serialize;

#[derive(Serialize)]
pub struct Change {
    Type: &'static str,
    ResourceChange: ResourceChange,
}

#[derive(Serialize)]
struct ResourceChange {
    Action: &'static str,
    LogicalResourceId: String,
    PhysicalResourceId: Option<String>,
    ResourceType: &'static str,
    Replacement: Option<&'static str>,
    Scope: Vec<&'static str>,
    Details: Vec<Detail>,
}

#[derive(Serialize)]
struct Detail {
    Target: Target,
    Evaluation: &'static str,
    ChangeSource: &'static str,
}

#[derive(Serialize)]
struct Target {
    Attribute: &'static str,
    Name: Option<&'static str>,
    RequiresRecreation: &'static str,
}

pub fn told(change: &plan::Change) -> Change {
    let mut scope: Vec<&'static str> = change.properties.iter().map(|(name, ..)| attribute(name)).collect();
    scope.sort_unstable();
    scope.dedup();
    Change {
        Type: "Resource",
        ResourceChange: ResourceChange {
            Action: match change.action {
                Action::Add => "Add",
                Action::Modify => "Modify",
                Action::Remove => "Remove",
            },
            LogicalResourceId: change.logical.clone(),
            PhysicalResourceId: change.physical.clone(),
            ResourceType: change.kind.name,
            Replacement: change.replacement.map(|replacement| match replacement {
                Replacement::False => "False",
                Replacement::Conditional => "Conditional",
                Replacement::True => "True",
            }),
            Scope: scope,
            Details: change.properties.iter().map(detail).collect(),
        },
    }
}

fn attribute(property: &str) -> &'static str {
    if property == "Tags" { "Tags" } else { "Properties" }
}

fn detail((name, replacement, unknown): &(&'static str, Replacement, bool)) -> Detail {
    let attribute = attribute(name);
    Detail {
        Target: Target {
            Attribute: attribute,
            Name: (attribute == "Properties").then_some(*name),
            RequiresRecreation: match replacement {
                Replacement::False => "Never",
                Replacement::Conditional => "Conditionally",
                Replacement::True => "Always",
            },
        },
        Evaluation: if *unknown { "Dynamic" } else { "Static" },
        ChangeSource: if *unknown { "ResourceReference" } else { "DirectModification" },
    }
}
