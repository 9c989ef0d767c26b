//! AWS CloudFormation over awsQuery: stacks, their events and resources, change sets, exports.
//!
//! `wanted` reads what Create, Update and CreateChangeSet have in common, `tokens` remembers client tokens,
//! `refusals` words what several operations refuse. Wordings that no public page shows are recalled.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod change_sets;
mod changes;
mod create;
mod delete;
mod events;
mod exports;
mod refusals;
mod resources;
mod stacks;
mod templates;
#[cfg(test)]
mod tests;
mod tokens;
mod update;
mod wanted;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const CLOUDFORMATION: Service = Service {
    scope: "cloudformation",
    speaks: &[Protocol::Query { xmlns: "http://cloudformation.amazonaws.com/doc/2010-05-15/" }],
    items: &[],
    misshapen: "ValidationError",
    global: false,
    operations: operations![
        CreateStack => create::create;
        UpdateStack => update::update;
        DeleteStack => delete::delete;
        DescribeStacks => stacks::describe, reads;
        ListStacks => stacks::list, reads;
        DescribeStackEvents => events::describe, reads;
        DescribeStackResources => resources::describe, reads;
        ListStackResources => resources::list, reads;
        GetTemplate => templates::get, reads;
        ValidateTemplate => templates::validate, reads;
        CreateChangeSet => change_sets::create;
        DescribeChangeSet => change_sets::describe, reads;
        ExecuteChangeSet => change_sets::execute;
        DeleteChangeSet => change_sets::delete;
        ListChangeSets => change_sets::list, reads;
        ListExports => exports::list, reads;
        UpdateTerminationProtection => delete::protect;
    ],
};
