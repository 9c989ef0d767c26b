//! What a stack is doing: `build` makes and changes what its template wants, `restore` takes an update back, `tear`
//! deletes in the opposite order, `live` answers for what is there. The stack's status tells which of them acts.

mod build;
mod live;
mod restore;
mod tear;

pub use live::Live;

use super::stack::{Design, OnFailure, Resource, Stack, Status, Told};
use super::template::Policy;
use crate::moment::Moment;
use crate::world::World;
use build::Job;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tear::Doomed;

/// Seconds that changing a resource in place takes (assumed).
const CHANGING_S: (f64, f64) = (2.0, 8.0);

/// An operation on a stack that is under way.
#[derive(Debug, Clone)]
pub struct Run {
    began: Moment,
    /// What is to be made or changed, by logical id.
    jobs: BTreeMap<String, Job>,
    /// What is to be deleted.
    doomed: Vec<Doomed>,
    /// The stack as it was before an update.
    before: Option<Box<Before>>,
    /// What a failed update of this kind does: nothing, or a rollback.
    keep_failed: bool,
    /// Logical ids that a deletion leaves alone.
    retained: BTreeSet<String>,
    /// When a rollback has changed each resource back.
    restoring: BTreeMap<String, Moment>,
}

#[derive(Debug, Clone)]
struct Before {
    design: Design,
    resources: BTreeMap<String, Resource>,
    outputs: Vec<Told>,
    imports: BTreeSet<String>,
}

impl Run {
    fn new(now: Moment) -> Self {
        Self {
            began: now,
            jobs: BTreeMap::new(),
            doomed: vec![],
            before: None,
            keep_failed: false,
            retained: BTreeSet::new(),
            restoring: BTreeMap::new(),
        }
    }
}

/// What users begin.
const USER: &str = "User Initiated";

/// Puts a stack that a change set is to create under review.
pub fn begin_review(stack: &mut Stack, now: Moment) {
    stack.turn(now, Status::ReviewInProgress, Some(USER.into()));
}

/// A deletion that is refused after it was accepted.
pub fn refuse_delete(stack: &mut Stack, now: Moment, why: String) {
    stack.turn(now, Status::DeleteFailed, Some(why));
}

/// Begins to create a stack that is new or was only reviewed.
pub fn begin_create(stack: &mut Stack, now: Moment) {
    stack.run = Some(Run::new(now));
    stack.turn(now, Status::CreateInProgress, Some(USER.into()));
}

/// Begins to give a stack another design; `keep_failed` leaves it as it is where that fails.
pub fn begin_update(stack: &mut Stack, now: Moment, design: Design, keep_failed: bool) {
    let before = Before {
        design: std::mem::replace(&mut stack.design, design),
        resources: stack.resources.clone(),
        outputs: stack.outputs.clone(),
        imports: std::mem::take(&mut stack.imports),
    };
    stack.run = Some(Run { before: Some(Box::new(before)), keep_failed, ..Run::new(now) });
    stack.updated = Some(now);
    stack.turn(now, Status::UpdateInProgress, Some(USER.into()));
}

/// Begins to delete a stack, but for the resources that are to be retained.
pub fn begin_delete(stack: &mut Stack, now: Moment, retained: BTreeSet<String>) {
    let mut leftover = stack.run.take();
    stack.turn(now, Status::DeleteInProgress, Some(USER.into()));
    build::cancel(stack, leftover.as_mut(), now);
    let mut run = Run { retained, ..Run::new(now) };
    tear::doom_all(stack, &mut run, Policy::Retain);
    stack.run = Some(run);
}

/// A second of a stack's operation.
pub(super) fn step(world: &mut World, stack: &mut Stack) {
    let Some(mut run) = stack.run.take() else { return };
    let going_on = match stack.status {
        Status::CreateInProgress | Status::UpdateInProgress => build::step(world, stack, &mut run),
        Status::UpdateRollbackInProgress => restore::step(world, stack, &mut run),
        Status::RollbackInProgress
        | Status::DeleteInProgress
        | Status::UpdateCompleteCleanupInProgress
        | Status::UpdateRollbackCompleteCleanupInProgress => tear::step(world, stack, &mut run),
        _ => false,
    };
    if going_on {
        stack.run = Some(run);
    }
}

/// What becomes of a stack whose creation or update has failed, `why`. Whether something is left to do.
fn failed(stack: &mut Stack, run: &mut Run, now: Moment, why: &str) -> bool {
    build::cancel(stack, Some(run), now);
    let why = why.trim_end_matches([' ', '.']);
    if stack.status == Status::UpdateInProgress {
        if run.keep_failed {
            stack.replaced.extend(run.doomed.drain(..).map(Doomed::into_resource));
            stack.turn(now, Status::UpdateFailed, Some(format!("{why}. ")));
            return false;
        }
        stack.turn(now, Status::UpdateRollbackInProgress, Some(format!("{why}. ")));
        restore::begin(stack, run);
        return true;
    }
    match stack.on_failure {
        OnFailure::DoNothing => {
            stack.turn(now, Status::CreateFailed, Some(format!("{why}. ")));
            return false;
        }
        OnFailure::Rollback => {
            stack.turn(now, Status::RollbackInProgress, Some(format!("{why}. Rollback requested by user.")));
        }
        OnFailure::Delete => {
            stack.turn(now, Status::DeleteInProgress, Some(format!("{why}. Delete requested by user.")));
        }
    }
    tear::doom_all(stack, run, Policy::RetainExceptOnCreate);
    true
}

/// A moment between the least and the most seconds from now.
fn later(world: &mut World, (least, most): (f64, f64)) -> Moment {
    let wait = world.chance.cloudformation.between(least, most);
    world.now + Duration::from_secs_f64(wait)
}
