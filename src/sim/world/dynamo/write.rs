//! Storing an item, and who must hear of it.

use super::table::{ItemKey, Stamp, Stored};
use super::value::Item;
use super::{Key, World, replicate};
use crate::faults;
use std::time::Duration;

/// Why an item was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWritten {
    /// There is no such table here, or it takes no writes yet.
    NoTable,
    /// A strongly consistent table reaches no other Region.
    Alone,
    /// Another Region wrote the item at the same time.
    Conflict,
}

/// How long a write of a strongly consistent table is in the other Regions' way (assumed).
const IN_THE_WAY: Duration = Duration::from_millis(150);

/// Stores an item, or deletes it, in the replica of one Region.
///
/// # Errors
/// When the table takes no writes there.
pub fn store(world: &mut World, at: &Key, key: ItemKey, item: Option<Item>) -> Result<(), NotWritten> {
    let table = world.dynamo.tables.get(at).filter(|table| table.open()).ok_or(NotWritten::NoTable)?;
    let strong = table.strong == Some(true);
    let others: Vec<String> = table.replicas.keys().cloned().collect();
    if strong {
        if !others.iter().any(|other| reached(world, &at.0, other)) {
            return Err(NotWritten::Alone);
        }
        let newest = table.items.get(&key).map(|stored| &stored.stamp);
        let clashes = newest.is_some_and(|stamp| stamp.region != at.0 && stamp.at + IN_THE_WAY > world.now);
        if clashes {
            return Err(NotWritten::Conflict);
        }
    }
    let stamp = Stamp { at: world.now, number: world.dynamo.next(), region: at.0.clone() };
    if let Some(table) = world.dynamo.tables.get_mut(at) {
        match (&item, others.is_empty()) {
            (None, true) => drop(table.items.remove(&key)),
            _ => drop(table.items.insert(key.clone(), Stored { item: item.clone(), stamp: stamp.clone() })),
        }
    }
    for other in others {
        let flight = replicate::Flight {
            table: at.1.clone(),
            from: at.0.clone(),
            to: other.clone(),
            key: key.clone(),
            item: item.clone(),
            stamp: stamp.clone(),
        };
        if strong && reached(world, &at.0, &other) {
            replicate::arrive(world, flight);
        } else {
            replicate::send(world, flight);
        }
    }
    Ok(())
}

/// Whether writes get from one Region to the other.
pub(super) fn reached(world: &World, from: &str, to: &str) -> bool {
    let paused = |region| faults::striking(world, "F31", region).is_some();
    faults::linked(world, from, to) && !paused(from) && !paused(to)
}

/// The replica that a strongly consistent read asks: the local one, which for a strongly consistent table must
/// reach another Region.
pub fn consistent(world: &World, at: &Key) -> Result<(), NotWritten> {
    let table = world.dynamo.tables.get(at).ok_or(NotWritten::NoTable)?;
    if table.strong == Some(true) && !table.replicas.keys().any(|other| reached(world, &at.0, other)) {
        return Err(NotWritten::Alone);
    }
    Ok(())
}
