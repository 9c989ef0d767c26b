//! DescribeStackResources and ListStackResources.

use super::refusals::{invalid, page, seen};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::cloudformation::{Resource, Stack};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Describe {
    StackName: Option<String>,
    LogicalResourceId: Option<String>,
    PhysicalResourceId: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    StackResources: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    StackName: String,
    StackId: String,
    LogicalResourceId: String,
    PhysicalResourceId: Option<String>,
    ResourceType: &'static str,
    Timestamp: Moment,
    ResourceStatus: &'static str,
    ResourceStatusReason: Option<String>,
    DriftInformation: Drift,
}

#[derive(Serialize)]
struct Drift {
    StackResourceDriftStatus: &'static str,
}

impl Drift {
    const UNCHECKED: Self = Self { StackResourceDriftStatus: "NOT_CHECKED" };
}

/// DescribeStackResources answers with 100 at most (CloudFormation API Reference).
const MOST: usize = 100;

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let cloudformation = &world.cloudformation;
    let stack = match (&ask.StackName, &ask.PhysicalResourceId) {
        (Some(_), Some(_)) | (None, None) => {
            return invalid("You must specify either StackName or PhysicalResourceId, but not both.");
        }
        (Some(name), None) => seen(cloudformation, &caller.region, name)?,
        (None, Some(id)) => {
            let has = |stack: &&Stack| stack.resources.values().any(|resource| resource.physical.as_ref() == Some(id));
            match cloudformation.in_region(&caller.region).find(has) {
                Some(stack) => stack,
                None => return invalid(format!("Stack for {id} does not exist")),
            }
        }
    };
    let wanted = |resource: &&Resource| ask.LogicalResourceId.as_ref().is_none_or(|name| resource.logical == *name);
    let told = |resource: &Resource| Told {
        StackName: stack.name.clone(),
        StackId: stack.id.clone(),
        LogicalResourceId: resource.logical.clone(),
        PhysicalResourceId: resource.physical.clone(),
        ResourceType: resource.kind.name,
        Timestamp: resource.at,
        ResourceStatus: resource.status,
        ResourceStatusReason: resource.reason.clone(),
        DriftInformation: Drift::UNCHECKED,
    };
    Ok(Described { StackResources: stack.resources.values().filter(wanted).take(MOST).map(told).collect() })
}

#[derive(Deserialize)]
pub struct List {
    StackName: String,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    StackResourceSummaries: Vec<Summary>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    LogicalResourceId: String,
    PhysicalResourceId: Option<String>,
    ResourceType: &'static str,
    LastUpdatedTimestamp: Moment,
    ResourceStatus: &'static str,
    ResourceStatusReason: Option<String>,
    DriftInformation: Drift,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let stack = seen(&world.cloudformation, &caller.region, &ask.StackName)?;
    let (resources, NextToken) =
        page(stack.resources.values(), |resource| resource.logical.clone(), ask.NextToken.as_deref())?;
    let summary = |resource: &Resource| Summary {
        LogicalResourceId: resource.logical.clone(),
        PhysicalResourceId: resource.physical.clone(),
        ResourceType: resource.kind.name,
        LastUpdatedTimestamp: resource.at,
        ResourceStatus: resource.status,
        ResourceStatusReason: resource.reason.clone(),
        DriftInformation: Drift::UNCHECKED,
    };
    Ok(Listed { StackResourceSummaries: resources.into_iter().map(summary).collect(), NextToken })
}
