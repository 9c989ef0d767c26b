//! The sessions of the people of a place: they are written in the Region that people are sent to, and read
//! there, wherever that was a minute ago.

use crate::truth::{Ack, Written};
use crate::world::{TICK, World, dynamo};
use std::collections::BTreeMap;

/// Of all requests, the share that writes the session (assumed: carts).
const WRITE_SESSION: f64 = 0.1;

/// Sessions of one place that are in use at a time (assumed).
const IN_USE: u64 = 48;

/// Every session: its newest acknowledged version, and when that was written.
#[derive(Debug, Clone, Default)]
pub struct Sessions(BTreeMap<(&'static str, u64), u64>);

/// The people of `place` were answered `requests` times by `region` in this second: some wrote their session,
/// and one looks whether it still has what it last wrote.
pub fn visit(world: &mut World, place: &'static str, region: &str, requests: u64) {
    let Some(table) = super::super::ecs::sessions_table(world, region) else { return };
    let writes = world.chance.app.binomial(requests, WRITE_SESSION);
    let mut acknowledged = 0;
    for _ in 0..writes {
        let number = world.chance.app.below(IN_USE);
        let version = world.sessions.0.get(&(place, number)).map_or(1, |version| version + 1);
        if dynamo::put_session(world, region, &table, &id(place, number), version) {
            world.sessions.0.insert((place, number), version);
            acknowledged += 1;
        }
    }
    let at = world.now.floor(TICK.as_secs());
    world.truth.acknowledge(Ack {
        at,
        what: Written::Session,
        via: region.into(),
        stored: region.into(),
        count: acknowledged,
        epoch: 0,
    });
    if requests == 0 {
        return;
    }
    let number = world.chance.app.below(IN_USE);
    let Some(newest) = world.sessions.0.get(&(place, number)).copied() else { return };
    if let Some(found) = dynamo::session_version(world, region, &table, &id(place, number))
        && found.is_none_or(|found| found < newest)
    {
        world.truth.writes.stale_reads += 1;
    }
}

fn id(place: &str, number: u64) -> String {
    format!("{place}-{number:03}")
}
