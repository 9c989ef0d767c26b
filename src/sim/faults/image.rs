//! The past that stale reads are answered from: one image of the world, renewed before it is too old.

use crate::calls::Recent;
use crate::doc::{Doc, Input};
use crate::operation::Operation;
use crate::world::{TICK, World};
use std::mem;
use std::time::Duration;

/// Takes a new image where the next tick would find the old one older than a fault allows, and drops it
/// once no fault needs it.
pub(super) fn renew(world: &mut World) {
    let now = world.now;
    let stale = world.faults.active(now).filter(|fault| fault.kind.id == "F9" && fault.delay > Duration::ZERO);
    let Some(most) = stale.map(|fault| fault.delay).min() else {
        world.faults.image = None;
        return;
    };
    if world.faults.image.as_ref().is_none_or(|image| (now + TICK).since(image.now) > most) {
        world.faults.image = None;
        world.faults.image = Some(Box::new(taken(world)));
    }
}

/// A copy of everything that AWS would answer from: without users and without records.
fn taken(world: &mut World) -> World {
    let truth = mem::take(&mut world.truth);
    let users = mem::take(&mut world.users);
    let calls = mem::replace(&mut world.calls, Recent::new(1));
    let log = mem::replace(&mut world.log, Recent::new(1));
    let image = world.clone();
    (world.truth, world.users, world.calls, world.log) = (truth, users, calls, log);
    image
}

/// Reads from the image, unless there is none or it is older than `most`: then from the world. What a
/// read may leave in the image (an answer's chance, a Region that sprang into being) the world never has.
pub fn through<T>(world: &mut World, most: Duration, read: impl FnOnce(&mut World) -> T) -> T {
    match world.faults.image.take() {
        Some(mut image) if world.now.since(image.now) <= most => {
            let told = read(&mut image);
            world.faults.image = Some(image);
            told
        }
        image => {
            world.faults.image = image;
            read(world)
        }
    }
}

/// Whether a read is one of DynamoDB's that are never stale.
pub fn consistent(operation: &Operation, input: &Input) -> bool {
    let Input::Typed(doc) = input else { return false };
    let asked = |doc: &Doc| doc.get("ConsistentRead").and_then(Doc::as_bool) == Some(true);
    let tables = doc.get("RequestItems").and_then(Doc::as_object);
    operation.name == "TransactGetItems" || asked(doc) || tables.is_some_and(|tables| tables.values().any(asked))
}
