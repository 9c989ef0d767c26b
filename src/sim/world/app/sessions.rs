//! The sessions of the people of a place: they are written in the Region that people are sent to, and read
//! there, wherever that was a minute ago.

use crate::moment::Moment;
use crate::truth::{Ack, Written};
use crate::world::{TICK, World, dynamo};
use std::collections::BTreeMap;
use std::time::Duration;

/// Of all requests, the share that writes the session (assumed: carts).
const WRITE_SESSION: f64 = 0.1;

/// Sessions of one place that are in use at a time (assumed).
const IN_USE: u64 = 48;

/// How long it takes a person whose connection went elsewhere to ask again, at least (assumed). Nobody is in two
/// Regions at once.
const MOVES: Duration = Duration::from_secs(3);

/// Every session, as it was last acknowledged.
#[derive(Debug, Clone, Default)]
pub struct Sessions(BTreeMap<(&'static str, u64), Newest>);

#[derive(Debug, Clone)]
struct Newest {
    version: u64,
    region: String,
    at: Moment,
}

impl Newest {
    /// Whether its owner may be in this Region now.
    fn may_be_in(&self, region: &str, now: Moment) -> bool {
        self.region == region || now.since(self.at) >= MOVES
    }
}

/// The people of `place` were answered `requests` times by `region` in this second: some wrote their session,
/// and one looks whether it still has what it last wrote.
pub fn visit(world: &mut World, place: &'static str, region: &str, requests: u64) {
    let Some(table) = super::super::ecs::sessions_table(world, region) else { return };
    let writes = world.chance.app.binomial(requests, WRITE_SESSION);
    let mut acknowledged = 0;
    for _ in 0..writes {
        let number = world.chance.app.below(IN_USE);
        let newest = world.sessions.0.get(&(place, number));
        if newest.is_some_and(|newest| !newest.may_be_in(region, world.now)) {
            continue;
        }
        let version = newest.map_or(1, |newest| newest.version + 1);
        if dynamo::put_session(world, region, &table, &id(place, number), version) {
            let newest = Newest { version, region: region.to_string(), at: world.now };
            world.sessions.0.insert((place, number), newest);
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
    let Some(newest) = world.sessions.0.get(&(place, number)) else { return };
    if !newest.may_be_in(region, world.now) {
        return;
    }
    let newest = newest.version;
    if let Some(found) = dynamo::session_version(world, region, &table, &id(place, number))
        && found.is_none_or(|found| found < newest)
    {
        world.truth.writes.stale_reads += 1;
    }
}

fn id(place: &str, number: u64) -> String {
    format!("{place}-{number:03}")
}
