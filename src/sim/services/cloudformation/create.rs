//! CreateStack.

use super::refusals::{invalid, stack_name, unsupported, validation};
use super::tokens;
use super::wanted::{self, Parameter, Tag, Wanted};
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::cloudformation::{self, Design, OnFailure, Stack, Status, plan, template::Place};
use crate::world::{ACCOUNT, World, uuid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Deserialize)]
pub struct Create {
    StackName: String,
    TemplateBody: Option<String>,
    TemplateURL: Option<String>,
    #[serde(default)]
    Parameters: Vec<Parameter>,
    DisableRollback: Option<bool>,
    RollbackConfiguration: Option<Doc>,
    TimeoutInMinutes: Option<u32>,
    NotificationARNs: Option<Vec<String>>,
    #[serde(default)]
    Capabilities: Vec<String>,
    ResourceTypes: Option<Doc>,
    RoleARN: Option<String>,
    OnFailure: Option<String>,
    StackPolicyBody: Option<Doc>,
    StackPolicyURL: Option<Doc>,
    Tags: Option<Vec<Tag>>,
    ClientRequestToken: Option<String>,
    EnableTerminationProtection: Option<bool>,
    RetainExceptOnCreate: Option<bool>,
}

#[derive(Serialize)]
pub struct Created {
    pub StackId: String,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Created> {
    let (print, token) = (tokens::print("CreateStack", &ask), ask.ClientRequestToken.clone());
    if let Some(StackId) = tokens::known(world, caller, token.as_deref(), &print)? {
        return Ok(Created { StackId });
    }
    stack_name(&ask.StackName)?;
    unsupported(&[
        ("RollbackConfiguration", ask.RollbackConfiguration.as_ref().is_some_and(is_given)),
        ("ResourceTypes", ask.ResourceTypes.as_ref().is_some_and(is_given)),
        ("StackPolicyBody", ask.StackPolicyBody.is_some()),
        ("StackPolicyURL", ask.StackPolicyURL.is_some()),
        ("RetainExceptOnCreate", ask.RetainExceptOnCreate == Some(true)),
    ])?;
    if ask.TimeoutInMinutes == Some(0) {
        return invalid(
            "1 validation error detected: Value '0' at 'timeoutInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1",
        );
    }
    let on_failure = match (ask.OnFailure.as_deref(), ask.DisableRollback) {
        (Some(_), Some(_)) => return invalid("You can specify either DisableRollback or OnFailure, but not both."),
        (given, disabled) => on_failure(given, disabled == Some(true))?,
    };
    let design = wanted::design(
        &Wanted {
            body: ask.TemplateBody.as_deref(),
            url: ask.TemplateURL.as_deref(),
            previous: false,
            parameters: &ask.Parameters,
            capabilities: &ask.Capabilities,
            tags: ask.Tags.as_deref(),
            role: ask.RoleARN.as_deref(),
            notifications: ask.NotificationARNs.as_deref(),
        },
        None,
    )?;
    let mut stack = new(world, caller, &ask.StackName, design)?;
    let place = stack.place();
    foreseen(world, &place, &stack)?;
    stack.on_failure = on_failure;
    stack.timeout_minutes = ask.TimeoutInMinutes.map(u64::from);
    stack.protected = ask.EnableTerminationProtection.unwrap_or(false);
    stack.token = token.clone();
    cloudformation::begin_create(&mut stack, world.now);
    let id = stack.id.clone();
    world.cloudformation.stacks.insert((caller.region.clone(), id.clone()), stack);
    tokens::remember(world, caller, token.as_deref(), print, &id);
    Ok(Created { StackId: id })
}

/// What is not there or empty is not given.
pub fn is_given(doc: &Doc) -> bool {
    match doc {
        Doc::Null => false,
        Doc::String(text) => !text.is_empty(),
        Doc::Array(items) => !items.is_empty(),
        Doc::Object(members) => !members.is_empty(),
        _ => true,
    }
}

/// What only working a template out would find.
fn foreseen(world: &World, place: &Place, stack: &Stack) -> Answer<()> {
    plan::plan(&world.cloudformation, place, &BTreeMap::new(), &stack.design).map(|_| ()).map_err(validation)
}

pub fn on_failure(given: Option<&str>, disabled: bool) -> Answer<OnFailure> {
    match given {
        None if disabled => Ok(OnFailure::DoNothing),
        None | Some("ROLLBACK") => Ok(OnFailure::Rollback),
        Some("DELETE") => Ok(OnFailure::Delete),
        Some("DO_NOTHING") => Ok(OnFailure::DoNothing),
        Some(other) => invalid(format!(
            "1 validation error detected: Value '{other}' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]"
        )),
    }
}

/// A stack that is nothing yet but a name that nobody has.
pub fn new(world: &mut World, caller: &Caller, name: &str, design: Design) -> Answer<Stack> {
    if world.cloudformation.stack(&caller.region, name).is_some() {
        return Err(Refusal::new(400, "AlreadyExistsException", format!("Stack [{name}] already exists")));
    }
    let number = world.next_id().to_string();
    let id = uuid(&["stack", &caller.region, name, &number]);
    Ok(Stack {
        region: caller.region.clone(),
        name: name.to_string(),
        id: format!("arn:aws:cloudformation:{}:{ACCOUNT}:stack/{name}/{id}", caller.region),
        created: world.now,
        updated: None,
        deleted: None,
        status: Status::ReviewInProgress,
        reason: None,
        design,
        on_failure: OnFailure::Rollback,
        timeout_minutes: None,
        protected: false,
        resources: BTreeMap::new(),
        outputs: vec![],
        replaced: vec![],
        imports: BTreeSet::new(),
        events: vec![],
        change_sets: BTreeMap::new(),
        executed: None,
        token: None,
        run: None,
    })
}
