//! Takes a failed update back: what was changed is changed back, what was replaced is itself again, what is new goes.

use super::tear::{self, Doomed};
use super::{CHANGING_S, Run, later};
use crate::world::World;
use crate::world::cloudformation::make::{self, Order};
use crate::world::cloudformation::stack::{Resource, Stack, Status};
use crate::world::cloudformation::template::Policy;

/// Puts the old design back; resources follow.
pub(super) fn begin(stack: &mut Stack, run: &mut Run) {
    run.doomed.clear();
    let Some(before) = &run.before else { return };
    stack.design = before.design.clone();
    stack.outputs.clone_from(&before.outputs);
    stack.imports.clone_from(&before.imports);
    let fresh: Vec<Resource> = stack
        .resources
        .values()
        .filter(|resource| {
            let old = before.resources.get(&resource.logical);
            old.and_then(|old| old.physical.as_ref()) != resource.physical.as_ref() || old.is_none()
        })
        .cloned()
        .collect();
    run.doomed.extend(fresh.into_iter().map(|resource| Doomed::new(resource, Policy::Delete)));
}

/// A second of it. Whether something is left to do.
pub(super) fn step(world: &mut World, stack: &mut Stack, run: &mut Run) -> bool {
    let now = world.now;
    let Some(before) = run.before.clone() else { return false };
    for (logical, old) in &before.resources {
        let Some(current) = stack.resources.get(logical) else { continue };
        if let Some(due) = run.restoring.get(logical).copied() {
            if due <= now && current.status != "UPDATE_COMPLETE" {
                stack.mark(now, logical, "UPDATE_COMPLETE", None);
            }
            continue;
        }
        let touched = matches!(current.status, "UPDATE_FAILED" | "UPDATE_COMPLETE" | "UPDATE_IN_PROGRESS");
        let same = current.properties == old.properties && current.tags == old.tags && current.physical == old.physical;
        if same && !(touched && current.at >= run.began) {
            continue;
        }
        let replaced = current.physical != old.physical;
        let untouched = Resource { status: current.status, reason: None, at: now, ..old.clone() };
        stack.resources.insert(logical.clone(), untouched);
        stack.mark(now, logical, "UPDATE_IN_PROGRESS", None);
        let due = if replaced || same { now } else { later(world, CHANGING_S) };
        run.restoring.insert(logical.clone(), due);
        if replaced || same {
            continue;
        }
        let order = Order {
            region: &stack.region,
            stack: &stack.name,
            stack_id: &stack.id,
            logical,
            kind: old.kind,
            properties: &old.properties,
            tags: &old.tags,
            serial: world.next_id(),
        };
        if let Err(failure) = make::change(world, &order, old.physical.as_deref().unwrap_or_default()) {
            let words = failure.words(&[&stack.id, logical, "restore", &stack.events.len().to_string()]);
            stack.mark(now, logical, "UPDATE_FAILED", Some(words));
            let why = format!("The following resource(s) failed to update: [{logical}]. ");
            stack.replaced.extend(run.doomed.drain(..).map(Doomed::into_resource));
            stack.turn(now, Status::UpdateRollbackFailed, Some(why));
            return false;
        }
    }
    if run.restoring.values().any(|due| *due >= now) {
        return true;
    }
    stack.turn(now, Status::UpdateRollbackCompleteCleanupInProgress, None);
    tear::skip_retained(stack, run, now);
    true
}
