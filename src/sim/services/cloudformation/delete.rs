//! DeleteStack and UpdateTerminationProtection.

use super::refusals::{found, invalid};
use super::tokens;
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::cloudformation::{self, Stack, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Deserialize)]
pub struct Delete {
    StackName: String,
    #[serde(default)]
    RetainResources: Vec<String>,
    /// The role that would do it: roles permit everything in this world.
    #[allow(dead_code, reason = "part of what tells a request from another")]
    RoleARN: Option<String>,
    ClientRequestToken: Option<String>,
    DeletionMode: Option<String>,
}

/// A stack that is not there is deleted.
pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    let (print, token) = (tokens::print("DeleteStack", &ask), ask.ClientRequestToken.clone());
    if tokens::known(world, caller, token.as_deref(), &print)?.is_some() {
        return Ok(Empty {});
    }
    let region = caller.region.as_str();
    let Some(stack) = world.cloudformation.stack(region, &ask.StackName) else { return Ok(Empty {}) };
    if matches!(stack.status, Status::DeleteComplete | Status::DeleteInProgress) {
        return Ok(Empty {});
    }
    let (name, id) = (stack.name.clone(), stack.id.clone());
    if stack.protected {
        return invalid(format!("Stack [{name}] cannot be deleted while TerminationProtection is enabled"));
    }
    let busy =
        stack.status.in_progress() && !matches!(stack.status, Status::CreateInProgress | Status::ReviewInProgress);
    if busy {
        return invalid(format!("Stack [{name}] cannot be deleted while in status {}", stack.status.name()));
    }
    let retained = retained(stack, &ask)?;
    let used = stack.exports().find_map(|(export, _)| {
        let user = world.cloudformation.importers(region, export).next()?;
        Some(format!("Delete canceled. Cannot delete export {export} as it is in use by {}.", user.name))
    });
    let now = world.now;
    if let Some(stack) = world.cloudformation.stack_mut(region, &id) {
        stack.token.clone_from(&token);
        match used {
            Some(why) => cloudformation::refuse_delete(stack, now, why),
            None => cloudformation::begin_delete(stack, now, retained),
        }
    }
    tokens::remember(world, caller, token.as_deref(), print, &id);
    Ok(Empty {})
}

/// What a deletion that failed before leaves alone now.
fn retained(stack: &Stack, ask: &Delete) -> Answer<BTreeSet<String>> {
    let failed = stack.status == Status::DeleteFailed;
    match ask.DeletionMode.as_deref() {
        None | Some("STANDARD") => {}
        Some("FORCE_DELETE_STACK") if failed => {
            let stuck = stack.resources.values().filter(|resource| resource.status == "DELETE_FAILED");
            return Ok(stuck.map(|resource| resource.logical.clone()).collect());
        }
        Some("FORCE_DELETE_STACK") => {
            return invalid(
                "Invalid operation on stack. DeletionMode FORCE_DELETE_STACK can only be specified when the stack is in DELETE_FAILED state.",
            );
        }
        Some(other) => {
            return invalid(format!(
                "1 validation error detected: Value '{other}' at 'deletionMode' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, FORCE_DELETE_STACK]"
            ));
        }
    }
    if ask.RetainResources.is_empty() {
        return Ok(BTreeSet::new());
    }
    if !failed {
        return invalid(format!(
            "Invalid operation on stack [{}]. RetainResources can only be specified when the stack is in DELETE_FAILED state.",
            stack.id
        ));
    }
    let stuck = |name: &&String| stack.resources.get(*name).is_some_and(|resource| resource.status == "DELETE_FAILED");
    if let Some(odd) = ask.RetainResources.iter().find(|name| !stuck(name)) {
        return invalid(format!(
            "The specified resources to retain must be in a valid state. Do not specify resources that are in other states or [{odd}]"
        ));
    }
    Ok(ask.RetainResources.iter().cloned().collect())
}

#[derive(Debug, Deserialize)]
pub struct Protect {
    StackName: String,
    EnableTerminationProtection: bool,
}

#[derive(Serialize)]
pub struct Protected {
    StackId: String,
}

pub fn protect(world: &mut World, caller: &Caller, ask: Protect) -> Answer<Protected> {
    let stack = found(&world.cloudformation, &caller.region, &ask.StackName)?;
    let StackId = stack.id.clone();
    if matches!(stack.status, Status::DeleteInProgress | Status::DeleteComplete) {
        let (name, status) = (&stack.name, stack.status.name());
        return invalid(format!("Termination protection cannot be changed for stack [{name}] in status {status}"));
    }
    if let Some(stack) = world.cloudformation.stack_mut(&caller.region, &StackId) {
        stack.protected = ask.EnableTerminationProtection;
    }
    Ok(Protected { StackId })
}
