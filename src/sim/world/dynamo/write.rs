//! Storing an item, and who must hear of it.

use super::table::{ItemKey, Stamp, Stored};
use super::value::Item;
use super::{Key, World, replicate, strong};
use crate::faults;
use std::time::Duration;

/// Why an item was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWritten {
    /// There is no such table here, or it takes no writes yet.
    NoTable,
    /// A strongly consistent table reaches neither of its other Regions.
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
    world.dynamo.tables.get(at).filter(|table| table.open()).ok_or(NotWritten::NoTable)?;
    strong::agree(world, at)?;
    let table = world.dynamo.tables.get(at).ok_or(NotWritten::NoTable)?;
    let (strong, others) = (table.strong == Some(true), table.replicas.keys().cloned().collect::<Vec<_>>());
    let newest = table.items.get(&key).map(|stored| &stored.stamp);
    if strong && newest.is_some_and(|stamp| stamp.region != at.0 && stamp.at + IN_THE_WAY > world.now) {
        return Err(NotWritten::Conflict);
    }
    let stamp = Stamp { at: world.now, number: world.dynamo.next(), region: at.0.clone() };
    if strong {
        strong::keep(world, at, &key, &Stored { item, stamp });
        return Ok(());
    }
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
            to: other,
            key: key.clone(),
            item: item.clone(),
            stamp: stamp.clone(),
        };
        replicate::send(world, flight);
    }
    Ok(())
}

/// Whether writes get from one Region to the other.
pub(super) fn reached(world: &World, from: &str, to: &str) -> bool {
    let paused = |region| faults::striking(world, "F31", region).is_some();
    faults::linked(world, from, to) && !paused(from) && !paused(to)
}
