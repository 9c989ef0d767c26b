//! DescribeStacks and ListStacks.

use super::refusals::{page, seen};
use super::wanted::Tag;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::cloudformation::{Design, OnFailure, Stack, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Describe {
    StackName: Option<String>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    Stacks: Vec<Told>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Told {
    StackId: String,
    StackName: String,
    ChangeSetId: Option<String>,
    Description: Option<String>,
    Parameters: Vec<Parameter>,
    CreationTime: Moment,
    DeletionTime: Option<Moment>,
    LastUpdatedTime: Option<Moment>,
    RollbackConfiguration: Empty,
    StackStatus: &'static str,
    StackStatusReason: Option<String>,
    DisableRollback: bool,
    NotificationARNs: Vec<String>,
    TimeoutInMinutes: Option<u64>,
    Capabilities: Vec<String>,
    Outputs: Vec<Output>,
    RoleARN: Option<String>,
    Tags: Vec<Tag>,
    EnableTerminationProtection: bool,
    DriftInformation: Drift,
}

#[derive(Serialize)]
pub struct Parameter {
    ParameterKey: String,
    ParameterValue: String,
}

#[derive(Serialize)]
struct Output {
    OutputKey: String,
    OutputValue: String,
    Description: Option<String>,
    ExportName: Option<String>,
}

#[derive(Serialize)]
pub struct Drift {
    StackDriftStatus: &'static str,
}

impl Drift {
    const UNCHECKED: Self = Self { StackDriftStatus: "NOT_CHECKED" };
}

/// The values of a design; those that must not be shown are not.
pub fn parameters(design: &Design) -> Vec<Parameter> {
    let told = |(key, value): (&String, &String)| {
        let secret = design.template.parameters.get(key).is_some_and(|parameter| parameter.no_echo);
        Parameter { ParameterKey: key.clone(), ParameterValue: if secret { "****".into() } else { value.clone() } }
    };
    design.values.iter().map(told).collect()
}

pub fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { Key: key.clone(), Value: value.clone() }).collect()
}

fn told(stack: &Stack) -> Told {
    let output = |told: &crate::world::cloudformation::Told| Output {
        OutputKey: told.key.clone(),
        OutputValue: told.value.clone(),
        Description: told.description.clone(),
        ExportName: told.export.clone(),
    };
    Told {
        StackId: stack.id.clone(),
        StackName: stack.name.clone(),
        ChangeSetId: stack.executed.clone(),
        Description: stack.design.template.description.clone(),
        Parameters: parameters(&stack.design),
        CreationTime: stack.created,
        DeletionTime: stack.deleted,
        LastUpdatedTime: stack.updated,
        RollbackConfiguration: Empty {},
        StackStatus: stack.status.name(),
        StackStatusReason: stack.reason.clone(),
        DisableRollback: stack.on_failure == OnFailure::DoNothing,
        NotificationARNs: stack.design.notifications.clone(),
        TimeoutInMinutes: stack.timeout_minutes,
        Capabilities: stack.design.capabilities.clone(),
        Outputs: stack.outputs.iter().map(output).collect(),
        RoleARN: stack.design.role.clone(),
        Tags: tags(&stack.design.tags),
        EnableTerminationProtection: stack.protected,
        DriftInformation: Drift::UNCHECKED,
    }
}

/// Newest first.
fn order(stack: &Stack) -> String {
    format!("{:020}{}", u64::MAX - stack.created.0, stack.id)
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let cloudformation = &world.cloudformation;
    if let Some(name) = &ask.StackName {
        let stack = seen(cloudformation, &caller.region, name)?;
        return Ok(Described { Stacks: vec![told(stack)], NextToken: None });
    }
    let standing = cloudformation.in_region(&caller.region).filter(|stack| stack.status != Status::DeleteComplete);
    let mut stacks: Vec<&Stack> = standing.collect();
    stacks.sort_by_key(|stack| order(stack));
    let (stacks, NextToken) = page(stacks, |stack| order(stack), ask.NextToken.as_deref())?;
    Ok(Described { Stacks: stacks.into_iter().map(told).collect(), NextToken })
}

#[derive(Deserialize)]
pub struct List {
    NextToken: Option<String>,
    #[serde(default)]
    StackStatusFilter: Vec<String>,
}

#[derive(Serialize)]
pub struct Listed {
    StackSummaries: Vec<Summary>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    StackId: String,
    StackName: String,
    TemplateDescription: Option<String>,
    CreationTime: Moment,
    LastUpdatedTime: Option<Moment>,
    DeletionTime: Option<Moment>,
    StackStatus: &'static str,
    StackStatusReason: Option<String>,
    DriftInformation: Drift,
}

/// How long a deleted stack is listed (CloudFormation API Reference, ListStacks: 90 days).
const LISTED_S: u64 = 90 * 86_400;

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let now = world.now;
    let wanted = |stack: &&Stack| {
        let filter = &ask.StackStatusFilter;
        (filter.is_empty() || filter.iter().any(|status| status == stack.status.name()))
            && stack.deleted.is_none_or(|at| now.since(at).as_secs() <= LISTED_S)
    };
    let mut stacks: Vec<&Stack> = world.cloudformation.in_region(&caller.region).filter(wanted).collect();
    stacks.sort_by_key(|stack| order(stack));
    let (stacks, NextToken) = page(stacks, |stack| order(stack), ask.NextToken.as_deref())?;
    let summary = |stack: &Stack| Summary {
        StackId: stack.id.clone(),
        StackName: stack.name.clone(),
        TemplateDescription: stack.design.template.description.clone(),
        CreationTime: stack.created,
        LastUpdatedTime: stack.updated,
        DeletionTime: stack.deleted,
        StackStatus: stack.status.name(),
        StackStatusReason: stack.reason.clone(),
        DriftInformation: Drift::UNCHECKED,
    };
    Ok(Listed { StackSummaries: stacks.into_iter().map(summary).collect(), NextToken })
}
