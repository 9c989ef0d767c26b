//! Writes on their way to the other replicas: the last writer wins, item by item.

use super::World;
use super::table::{ItemKey, Stamp, Status, Stored};
use super::value::Item;
use super::write::reached;
use crate::geo;
use crate::moment::Moment;
use std::time::Duration;

/// How long a write takes besides the way, milliseconds ("typically within a second": Developer Guide; assumed).
const REPLICATES_MS: (f64, f64) = (300.0, 900.0);

/// A write for one other replica.
#[derive(Debug, Clone)]
pub struct Flight {
    pub table: String,
    pub from: String,
    pub to: String,
    pub key: ItemKey,
    pub item: Option<Item>,
    pub stamp: Stamp,
}

/// Sends a write on its way.
pub fn send(world: &mut World, flight: Flight) {
    let way = match (geo::region(&flight.from), geo::region(&flight.to)) {
        (Some(one), Some(other)) => {
            geo::round_trip_ms((one.latitude, one.longitude), (other.latitude, other.longitude)) / 2.0
        }
        _ => 0.0,
    };
    let ms = way + world.chance.dynamo.between(REPLICATES_MS.0, REPLICATES_MS.1);
    let arrives = world.now + Duration::from_micros((ms * 1000.0) as u64);
    let number = world.dynamo.next();
    world.dynamo.flights.insert((arrives, number), flight);
}

/// Applies a write to its replica, unless that has a later one.
pub fn arrive(world: &mut World, flight: Flight) {
    let now = world.now;
    world.dynamo.measures.took(&flight.from, &flight.table, &flight.to, now.since(flight.stamp.at));
    let key = (flight.to, flight.table);
    let Some(table) = world.dynamo.tables.get_mut(&key) else { return };
    let newer = table.items.get(&flight.key).is_some_and(|stored| stored.stamp > flight.stamp);
    if newer {
        world.dynamo.suppressed += 1;
        return;
    }
    table.items.insert(flight.key, Stored { item: flight.item, stamp: flight.stamp });
}

pub fn tick(world: &mut World) {
    release(world);
    let now = world.now;
    while let Some((at, _)) = world.dynamo.flights.keys().next().cloned() {
        if at > now {
            break;
        }
        let Some((_, flight)) = world.dynamo.flights.pop_first() else { break };
        let made = world.dynamo.table(&flight.to, &flight.table).map(|table| table.status);
        match made {
            None | Some(Status::Deleting) => continue,
            Some(_) if reached(world, &flight.from, &flight.to) => arrive(world, flight),
            Some(_) => hold(world, flight),
        }
    }
}

fn hold(world: &mut World, flight: Flight) {
    let way = (flight.from.clone(), flight.to.clone(), flight.table.clone());
    let now = world.now;
    if !world.dynamo.held.contains_key(&way) {
        world.truth.note(now, "replication.held", &way.1, format!("{} from {}", way.2, way.0));
    }
    world.dynamo.held.entry(way).or_default().push(flight);
}

/// Delivers what was held between Regions that reach each other again.
fn release(world: &mut World) {
    let ways: Vec<_> = world.dynamo.held.keys().cloned().collect();
    for way in ways.into_iter().filter(|way| reached(world, &way.0, &way.1)).collect::<Vec<_>>() {
        let Some(flights) = world.dynamo.held.remove(&way) else { continue };
        let (now, count, before): (Moment, usize, u64) = (world.now, flights.len(), world.dynamo.suppressed);
        flights.into_iter().for_each(|flight| arrive(world, flight));
        let late = world.dynamo.suppressed - before;
        let what = format!("{} from {}: {count} writes, {late} of them too late", way.2, way.0);
        world.truth.note(now, "replication.delivered", &way.1, what);
    }
}
