//! UpdateStack.

use super::create::{Created, is_given};
use super::refusals::{found, invalid, unsupported, validation};
use super::tokens;
use super::wanted::{self, Parameter, Tag, Wanted};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::cloudformation::plan::{self, Plan};
use crate::world::cloudformation::{self, CloudFormation, Design, Stack, Status};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Update {
    StackName: String,
    TemplateBody: Option<String>,
    TemplateURL: Option<String>,
    UsePreviousTemplate: Option<bool>,
    #[serde(default)]
    Parameters: Vec<Parameter>,
    #[serde(default)]
    Capabilities: Vec<String>,
    ResourceTypes: Option<Doc>,
    RoleARN: Option<String>,
    RollbackConfiguration: Option<Doc>,
    StackPolicyBody: Option<Doc>,
    StackPolicyURL: Option<Doc>,
    StackPolicyDuringUpdateBody: Option<Doc>,
    StackPolicyDuringUpdateURL: Option<Doc>,
    NotificationARNs: Option<Vec<String>>,
    Tags: Option<Vec<Tag>>,
    DisableRollback: Option<bool>,
    ClientRequestToken: Option<String>,
    RetainExceptOnCreate: Option<bool>,
}

pub fn update(world: &mut World, caller: &Caller, ask: Update) -> Answer<Created> {
    let (print, token) = (tokens::print("UpdateStack", &ask), ask.ClientRequestToken.clone());
    if let Some(StackId) = tokens::known(world, caller, token.as_deref(), &print)? {
        return Ok(Created { StackId });
    }
    unsupported(&[
        ("RollbackConfiguration", ask.RollbackConfiguration.as_ref().is_some_and(is_given)),
        ("ResourceTypes", ask.ResourceTypes.as_ref().is_some_and(is_given)),
        ("StackPolicyBody", ask.StackPolicyBody.is_some()),
        ("StackPolicyURL", ask.StackPolicyURL.is_some()),
        ("StackPolicyDuringUpdateBody", ask.StackPolicyDuringUpdateBody.is_some()),
        ("StackPolicyDuringUpdateURL", ask.StackPolicyDuringUpdateURL.is_some()),
        ("RetainExceptOnCreate", ask.RetainExceptOnCreate == Some(true)),
    ])?;
    let stack = found(&world.cloudformation, &caller.region, &ask.StackName)?;
    updatable(stack)?;
    let design = wanted::design(
        &Wanted {
            body: ask.TemplateBody.as_deref(),
            url: ask.TemplateURL.as_deref(),
            previous: ask.UsePreviousTemplate == Some(true),
            parameters: &ask.Parameters,
            capabilities: &ask.Capabilities,
            tags: ask.Tags.as_deref(),
            role: ask.RoleARN.as_deref(),
            notifications: ask.NotificationARNs.as_deref(),
        },
        Some(stack),
    )?;
    let plan = planned(&world.cloudformation, stack, &design)?;
    if is_same(stack, &design, &plan) {
        return invalid("No updates are to be performed.");
    }
    let (id, now) = (stack.id.clone(), world.now);
    if let Some(stack) = world.cloudformation.stack_mut(&caller.region, &id) {
        stack.token.clone_from(&token);
        cloudformation::begin_update(stack, now, design, ask.DisableRollback == Some(true));
    }
    tokens::remember(world, caller, token.as_deref(), print, &id);
    Ok(Created { StackId: id })
}

/// Refuses a stack that cannot be updated as it is.
pub fn updatable(stack: &Stack) -> Answer<()> {
    let settled = matches!(
        stack.status,
        Status::CreateComplete | Status::UpdateComplete | Status::UpdateRollbackComplete | Status::UpdateFailed
    );
    if settled {
        return Ok(());
    }
    invalid(format!("Stack:{} is in {} state and can not be updated.", stack.id, stack.status.name()))
}

pub fn planned(world: &CloudFormation, stack: &Stack, design: &Design) -> Answer<Plan> {
    plan::plan(world, &stack.place(), &stack.resources, design).map_err(validation)
}

/// Whether a design would change nothing. What a failed update left is never the same.
pub fn is_same(stack: &Stack, design: &Design, plan: &Plan) -> bool {
    stack.status != Status::UpdateFailed
        && plan.changes.is_empty()
        && plan.outputs == stack.outputs
        && design.tags == stack.design.tags
}
