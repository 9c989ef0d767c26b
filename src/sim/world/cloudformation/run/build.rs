//! Makes and changes what the template wants, each resource as soon as all that it needs is there.

use super::live::Live;
use super::tear::{self, Doomed};
use super::{CHANGING_S, Run, failed, later};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::world::TICK;
use crate::world::World;
use crate::world::cloudformation::failure::Failure;
use crate::world::cloudformation::kinds::{coerced, complaints};
use crate::world::cloudformation::make::{self, Order};
use crate::world::cloudformation::plan;
use crate::world::cloudformation::stack::{Resource, Stack, Status};
use crate::world::cloudformation::template::{Declared, Scope};
use serde_json::Map;
use std::collections::BTreeSet;
use std::time::Duration;

/// A resource that is being made or changed.
#[derive(Debug, Clone)]
pub(super) struct Job {
    act: Act,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Make,
    Change,
    Replace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The service is asked then.
    Asking(Moment),
    /// It will be done then.
    Working(Moment),
    Done,
}

/// What a step of a resource came to.
type Stepped = Result<(), Failure>;

/// A second of it. Whether something is left to do.
pub(super) fn step(world: &mut World, stack: &mut Stack, run: &mut Run) -> bool {
    let now = world.now;
    let late = stack.timeout_minutes.map(|minutes| run.began + Duration::from_secs(60 * minutes));
    if stack.status == Status::CreateInProgress && late.is_some_and(|late| late <= now) {
        return failed(stack, run, now, "Stack creation time exceeded the specified timeout");
    }
    let wanted = match wanted(world, stack) {
        Ok(wanted) => wanted,
        Err(why) => return failed(stack, run, now, &why),
    };
    let mut failures: Vec<(String, bool)> = vec![];
    for logical in &wanted {
        let stepped = match run.jobs.get(logical).map(|job| (job.act, job.state)) {
            None if ready(stack, run, logical, &wanted) => match begin(world, stack, run, logical) {
                Err(Trouble::Stack(why)) => return failed(stack, run, now, &why),
                Err(Trouble::Resource(failure)) => Err(failure),
                Ok(()) => Ok(()),
            },
            Some((act, State::Asking(at))) if at <= now => ask(world, stack, run, logical, act),
            Some((act, State::Working(due))) if due <= now && settled(world, stack, logical) => {
                let status = if act == Act::Make { "CREATE_COMPLETE" } else { "UPDATE_COMPLETE" };
                stack.mark(now, logical, status, None);
                run.jobs.insert(logical.clone(), Job { act, state: State::Done });
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(failure) = stepped {
            let making = run.jobs.get(logical).is_none_or(|job| job.act == Act::Make);
            let status = if making { "CREATE_FAILED" } else { "UPDATE_FAILED" };
            let words = failure.words(&[&stack.id, logical, &stack.events.len().to_string()]);
            stack.mark(now, logical, status, Some(words));
            run.jobs.remove(logical);
            failures.push((logical.clone(), making));
        }
    }
    if !failures.is_empty() {
        let why = listed(&failures);
        return failed(stack, run, now, &why);
    }
    let done = |logical: &String| run.jobs.get(logical).is_some_and(|job| job.state == State::Done);
    if wanted.iter().all(done) { finish(world, stack, run, &wanted) } else { true }
}

/// `The following resource(s) failed to create: [A, B]`.
fn listed(failures: &[(String, bool)]) -> String {
    let of = |making: bool, verb: &str| {
        let names: Vec<&str> = failures.iter().filter(|(_, m)| *m == making).map(|(n, _)| n.as_str()).collect();
        (!names.is_empty()).then(|| format!("The following resource(s) failed to {verb}: [{}]. ", names.join(", ")))
    };
    [of(true, "create"), of(false, "update")].into_iter().flatten().collect()
}

/// The logical ids that the template wants, as its conditions are.
fn wanted(world: &World, stack: &Stack) -> Result<BTreeSet<String>, String> {
    let (live, place) = (Live::new(&world.cloudformation, &stack.region, &stack.resources), stack.place());
    let template = &stack.design.template;
    let scope = Scope { template, values: &stack.design.values, place: &place, answers: &live };
    plan::active(&scope)
}

/// Whether nothing but time was still to pass for a resource.
fn settled(world: &World, stack: &Stack, logical: &str) -> bool {
    let Some(resource) = stack.resources.get(logical) else { return true };
    resource.physical.as_deref().is_none_or(|id| make::settled(world, &stack.region, resource.kind, id))
}

fn ready(stack: &Stack, run: &Run, logical: &str, wanted: &BTreeSet<String>) -> bool {
    let done = |need: &String| run.jobs.get(need).is_some_and(|job| job.state == State::Done);
    stack.design.template.needs(logical).iter().filter(|need| wanted.contains(*need)).all(done)
}

/// Why a resource was not begun.
enum Trouble {
    /// The stack as a whole cannot go on.
    Stack(String),
    Resource(Failure),
}

fn begin(world: &mut World, stack: &mut Stack, run: &mut Run, logical: &str) -> Result<(), Trouble> {
    let now = world.now;
    let template = stack.design.template.clone();
    let Some(declared) = template.resources.get(logical) else { return Ok(()) };
    let (worked, imported) = worked(world, stack, declared);
    stack.imports.extend(imported);
    let properties = worked.map_err(Trouble::Stack)?;
    let tags = plan::tags(stack, logical, declared.kind, &properties);
    let resource = Resource {
        logical: logical.to_string(),
        kind: declared.kind,
        physical: None,
        properties,
        tags,
        needs: template.needs(logical),
        deletion: declared.deletion,
        replacement: declared.replacement,
        status: "CREATE_IN_PROGRESS",
        reason: None,
        at: now,
    };
    let (act, status, reason) = match stack.resources.get(logical).filter(|there| there.physical.is_some()) {
        None => (Act::Make, "CREATE_IN_PROGRESS", None),
        Some(there) => {
            let changed = plan::changed(there, &resource.properties, &resource.tags);
            if changed.is_empty() {
                settle(stack, run, resource);
                return Ok(());
            }
            if changed.iter().any(|property| property.replaces) {
                let why = "Requested update requires the creation of a new physical resource; hence creating one.";
                (Act::Replace, "UPDATE_IN_PROGRESS", Some(why.to_string()))
            } else {
                (Act::Change, "UPDATE_IN_PROGRESS", None)
            }
        }
    };
    let complaints = complaints(declared.kind.properties, &resource.properties);
    let shown = match stack.resources.get(logical) {
        Some(there) => Resource { physical: there.physical.clone(), ..resource.clone() },
        None => resource.clone(),
    };
    let known = stack.resources.insert(logical.to_string(), shown);
    run.jobs.insert(logical.to_string(), Job { act, state: State::Asking(now + TICK) });
    stack.mark(now, logical, status, reason);
    if !complaints.is_empty() {
        restore_properties(stack, logical, known);
        let lines = complaints.join("\n");
        let words = format!("Properties validation failed for resource {logical} with message:\n{lines}");
        return Err(Trouble::Resource(Failure::Plain(words)));
    }
    if act == Act::Replace && named_alike(&resource, known.as_ref()) {
        let id = known.as_ref().and_then(|known| known.physical.clone()).unwrap_or_default();
        restore_properties(stack, logical, known);
        return Err(Trouble::Resource(Failure::Plain(format!(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {id} and update the stack again."
        ))));
    }
    Ok(())
}

/// What was not applied is not the resource's.
fn restore_properties(stack: &mut Stack, logical: &str, known: Option<Resource>) {
    if let (Some(resource), Some(known)) = (stack.resources.get_mut(logical), known) {
        (resource.properties, resource.tags) = (known.properties, known.tags);
    }
}

/// Properties that name a resource.
const NAMES: &[&str] =
    &["RoleName", "ManagedPolicyName", "LogGroupName", "DBSubnetGroupName", "GroupName", "AliasName"];

fn named_alike(new: &Resource, old: Option<&Resource>) -> bool {
    let name = |resource: &Resource| NAMES.iter().find_map(|name| resource.properties.get(*name).cloned());
    name(new).is_some_and(|new| old.and_then(name) == Some(new))
}

/// Nothing changes but what only CloudFormation keeps.
fn settle(stack: &mut Stack, run: &mut Run, new: Resource) {
    if let Some(there) = stack.resources.get_mut(&new.logical) {
        (there.needs, there.deletion, there.replacement) = (new.needs, new.deletion, new.replacement);
    }
    run.jobs.insert(new.logical, Job { act: Act::Change, state: State::Done });
}

type Worked = (Result<Map<String, Doc>, String>, BTreeSet<String>);

fn worked(world: &World, stack: &Stack, declared: &Declared) -> Worked {
    let (live, place) = (Live::new(&world.cloudformation, &stack.region, &stack.resources), stack.place());
    let template = &stack.design.template;
    let scope = Scope { template, values: &stack.design.values, place: &place, answers: &live };
    let properties = scope.properties(&declared.properties).map(|given| coerced(declared.kind.properties, given));
    (properties, live.imported.into_inner())
}

/// Asks the service.
fn ask(world: &mut World, stack: &mut Stack, run: &mut Run, logical: &str, act: Act) -> Stepped {
    let now = world.now;
    let Some(resource) = stack.resources.get(logical).cloned() else { return Ok(()) };
    let order = Order {
        region: &stack.region,
        stack: &stack.name,
        stack_id: &stack.id,
        logical,
        kind: resource.kind,
        properties: &resource.properties,
        tags: &resource.tags,
        serial: world.next_id(),
    };
    let due = if act == Act::Change {
        make::change(world, &order, resource.physical.as_deref().unwrap_or_default())?;
        later(world, CHANGING_S)
    } else {
        let made = make::make(world, &order)?;
        if act == Act::Replace
            && let Some(old) = run.before.as_ref().and_then(|before| before.resources.get(logical))
        {
            run.doomed.push(Doomed::new(old.clone(), old.replacement));
        }
        if let Some(resource) = stack.resources.get_mut(logical) {
            resource.physical = Some(made.id);
        }
        let status = if act == Act::Make { "CREATE_IN_PROGRESS" } else { "UPDATE_IN_PROGRESS" };
        for note in made.notes {
            stack.mark(now, logical, status, Some(note));
        }
        stack.mark(now, logical, status, Some("Resource creation Initiated".into()));
        later(world, resource.kind.making_s)
    };
    run.jobs.insert(logical.to_string(), Job { act, state: State::Working(due) });
    Ok(())
}

/// All resources are there: outputs and exports, then what is not wanted any more.
fn finish(world: &mut World, stack: &mut Stack, run: &mut Run, wanted: &BTreeSet<String>) -> bool {
    let now = world.now;
    let (outputs, imported) = {
        let (live, place) = (Live::new(&world.cloudformation, &stack.region, &stack.resources), stack.place());
        let template = &stack.design.template;
        let scope = Scope { template, values: &stack.design.values, place: &place, answers: &live };
        (plan::outputs(&scope), live.imported.into_inner())
    };
    stack.imports.extend(imported);
    let outputs = match outputs.and_then(|outputs| plan::exportable(&world.cloudformation, stack, outputs)) {
        Ok(outputs) => outputs,
        Err(why) => return failed(stack, run, now, &why),
    };
    stack.outputs = outputs;
    if stack.status == Status::CreateInProgress {
        stack.turn(now, Status::CreateComplete, None);
        return false;
    }
    let unwanted: Vec<Resource> =
        stack.resources.values().filter(|resource| !wanted.contains(&resource.logical)).cloned().collect();
    run.doomed.extend(unwanted.into_iter().map(|resource| {
        let policy = resource.deletion;
        Doomed::new(resource, policy)
    }));
    tear::doom_replaced(stack, run);
    stack.turn(now, Status::UpdateCompleteCleanupInProgress, None);
    tear::skip_retained(stack, run, now);
    true
}

/// Resources that are being made or changed are so no more.
pub(super) fn cancel(stack: &mut Stack, run: Option<&mut Run>, now: Moment) {
    let Some(run) = run else { return };
    for (logical, job) in std::mem::take(&mut run.jobs) {
        let (status, reason) = match (job.state, job.act) {
            (State::Done, _) => continue,
            (_, Act::Make) => ("CREATE_FAILED", "Resource creation cancelled"),
            (_, Act::Change | Act::Replace) => ("UPDATE_FAILED", "Resource update cancelled"),
        };
        stack.mark(now, &logical, status, Some(reason.into()));
    }
}
