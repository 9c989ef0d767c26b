//! Deletes, each resource as soon as nothing that needs it is left.

use super::{Run, later};
use crate::moment::Moment;
use crate::world::World;
use crate::world::cloudformation::make;
use crate::world::cloudformation::stack::{Resource, Stack, Status};
use crate::world::cloudformation::template::Policy;
use std::time::Duration;

/// How long CloudFormation asks again while something still uses a resource, and how often, seconds (assumed).
const PATIENCE_S: u64 = 300;
const AGAIN_S: u64 = 10;

/// A resource that is to be deleted.
#[derive(Debug, Clone)]
pub(super) struct Doomed {
    resource: Resource,
    policy: Policy,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// Since when it is tried, and when the next time.
    Going(Moment, Moment),
    Failed,
    Gone,
}

impl Doomed {
    pub(super) fn new(resource: Resource, policy: Policy) -> Self {
        Self { resource, policy, state: State::Waiting }
    }

    pub(super) fn into_resource(self) -> Resource {
        self.resource
    }
}

/// Dooms everything that a stack has; `spared` is the policy that keeps a resource all the same.
pub(super) fn doom_all(stack: &mut Stack, run: &mut Run, spared: Policy) {
    run.doomed = vec![];
    for resource in stack.resources.values().filter(|resource| !is_gone(resource)) {
        // A rollback of a creation deletes what RetainExceptOnCreate keeps later.
        let kept = match resource.deletion {
            Policy::RetainExceptOnCreate => spared == Policy::Retain,
            policy => policy == Policy::Retain,
        };
        let kept = kept || run.retained.contains(&resource.logical);
        let policy = if kept { Policy::Retain } else { Policy::Delete };
        run.doomed.push(Doomed::new(resource.clone(), policy));
    }
    doom_replaced(stack, run);
}

/// Dooms what a failed update had replaced.
pub(super) fn doom_replaced(stack: &mut Stack, run: &mut Run) {
    run.doomed.extend(stack.replaced.drain(..).map(|resource| {
        let policy = resource.replacement;
        Doomed::new(resource, policy)
    }));
}

fn is_gone(resource: &Resource) -> bool {
    matches!(resource.status, "DELETE_COMPLETE" | "DELETE_SKIPPED")
}

/// What is retained is skipped at once, and so is what was never made.
pub(super) fn skip_retained(stack: &mut Stack, run: &mut Run, now: Moment) {
    for doomed in run.doomed.iter_mut().filter(|doomed| doomed.state == State::Waiting) {
        let status = match (&doomed.resource.physical, doomed.policy) {
            (None, _) => "DELETE_COMPLETE",
            (Some(_), Policy::Delete) => continue,
            (Some(_), Policy::Retain | Policy::RetainExceptOnCreate) => "DELETE_SKIPPED",
        };
        show(stack, doomed, now, status, None);
        doomed.state = State::Gone;
    }
}

/// Tells it, and notes it where the stack has no successor of the resource.
fn show(stack: &mut Stack, doomed: &mut Doomed, now: Moment, status: &'static str, reason: Option<String>) {
    (doomed.resource.status, doomed.resource.reason, doomed.resource.at) = (status, reason, now);
    stack.tell(now, &doomed.resource);
    let own = stack.resources.get_mut(&doomed.resource.logical);
    if let Some(own) = own.filter(|own| own.physical == doomed.resource.physical) {
        own.clone_from(&doomed.resource);
    }
}

/// A second of it. Whether something is left to do.
pub(super) fn step(world: &mut World, stack: &mut Stack, run: &mut Run) -> bool {
    let now = world.now;
    skip_retained(stack, run, now);
    for place in 0..run.doomed.len() {
        match run.doomed[place].state {
            State::Waiting if !needed(&run.doomed, place) => {
                let due = later(world, run.doomed[place].resource.kind.going_s);
                run.doomed[place].state = State::Going(now, due);
                show(stack, &mut run.doomed[place], now, "DELETE_IN_PROGRESS", None);
            }
            State::Going(since, due) if due <= now => {
                let doomed = &mut run.doomed[place];
                let id = doomed.resource.physical.clone().unwrap_or_default();
                match make::delete(world, &stack.region, doomed.resource.kind, &id) {
                    Ok(()) => {
                        doomed.state = State::Gone;
                        show(stack, doomed, now, "DELETE_COMPLETE", None);
                    }
                    Err(_) if now.since(since) < Duration::from_secs(PATIENCE_S) => {
                        doomed.state = State::Going(since, now + Duration::from_secs(AGAIN_S));
                    }
                    Err(failure) => {
                        let words = failure.words(&[&stack.id, &id, "delete", &stack.events.len().to_string()]);
                        doomed.state = State::Failed;
                        show(stack, doomed, now, "DELETE_FAILED", Some(words));
                    }
                }
            }
            _ => {}
        }
    }
    let moving = |place: usize| match run.doomed[place].state {
        State::Going(..) => true,
        State::Waiting => !needed(&run.doomed, place),
        State::Failed | State::Gone => false,
    };
    (0..run.doomed.len()).any(moving) || finish(stack, run, now)
}

/// Whether something that needs it is still there.
fn needed(doomed: &[Doomed], place: usize) -> bool {
    let logical = &doomed[place].resource.logical;
    let needs = |other: &Doomed| other.state != State::Gone && other.resource.needs.contains(logical);
    doomed.iter().enumerate().any(|(other, one)| other != place && needs(one))
}

/// Everything is gone that can go. False: nothing is left to do.
fn finish(stack: &mut Stack, run: &Run, now: Moment) -> bool {
    let failed: Vec<&str> =
        run.doomed.iter().filter(|d| d.state == State::Failed).map(|d| d.resource.logical.as_str()).collect();
    let why =
        (!failed.is_empty()).then(|| format!("The following resource(s) failed to delete: [{}]. ", failed.join(", ")));
    match (stack.status, why) {
        (Status::DeleteInProgress, None) => {
            stack.deleted = Some(now);
            stack.outputs.clear();
            stack.imports.clear();
            stack.turn(now, Status::DeleteComplete, None);
        }
        (Status::DeleteInProgress, why) => stack.turn(now, Status::DeleteFailed, why),
        (Status::RollbackInProgress, None) => {
            stack.imports.clear();
            stack.turn(now, Status::RollbackComplete, None);
        }
        (Status::RollbackInProgress, why) => stack.turn(now, Status::RollbackFailed, why),
        // What a cleanup cannot delete stays behind: the update is complete all the same.
        (status, _) => {
            let back = status == Status::UpdateRollbackCompleteCleanupInProgress;
            forget(stack, run, back);
            let status = if back { Status::UpdateRollbackComplete } else { Status::UpdateComplete };
            stack.turn(now, status, None);
        }
    }
    false
}

/// Resources that a stack has no more after an update, or after the rollback of one.
fn forget(stack: &mut Stack, run: &Run, back: bool) {
    for doomed in &run.doomed {
        let logical = &doomed.resource.logical;
        let own = stack.resources.get(logical).is_some_and(|own| own.physical == doomed.resource.physical);
        let old = run.before.as_ref().is_some_and(|before| before.resources.contains_key(logical));
        if own && (!back || !old) {
            stack.resources.remove(logical);
        }
    }
}
