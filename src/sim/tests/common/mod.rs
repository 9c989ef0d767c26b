//! What every test of the ready stack needs.
#![allow(dead_code, reason = "no test needs all of it")]

use serde_json::Value;
use std::time::Duration;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::operation::{Answer, Caller, Operation, Service};
use tandem_sim::ready::{self, Shape};
use tandem_sim::truth::Event;
use tandem_sim::{World, services};

pub fn ready(seed: u64) -> World {
    match ready::world(seed, &Shape::default()) {
        Ok(world) => world,
        Err(error) => panic!("{error}"),
    }
}

pub fn operation(service: &str, name: &str) -> (&'static Service, &'static Operation) {
    let service = services::ALL.iter().find(|table| table.scope == service).unwrap();
    (service, service.operations.iter().find(|operation| operation.name == name).unwrap())
}

/// A call as a signed request makes it, past the door where faults stand.
pub fn call(world: &mut World, service: &str, name: &str, region: &str, input: Value) -> Answer<Value> {
    let caller = Caller { region: region.into(), principal: "AKIATEST".into(), now: world.now };
    let (service, operation) = operation(service, name);
    (operation.run)(world, &caller, ready::decoded(service, input))
}

pub fn run(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

/// The share of the connections of `place` that go to `region`.
pub fn share(world: &World, place: &str, region: &str) -> f64 {
    let shares = world.users.shares(world);
    shares.iter().filter(|(at, to, _)| *at == place && to == region).map(|(_, _, share)| share).sum()
}

/// What share of requests failed while `seconds` passed, of users who honour the time to live.
pub fn failures(world: &mut World, seconds: u64) -> f64 {
    let before = world.users.totals.honouring;
    run(world, seconds);
    let after = world.users.totals.honouring;
    let failed = after.failed - before.failed;
    failed as f64 / (after.ok - before.ok + failed).max(1) as f64
}

/// The events of a kind about a place, since the world was handed over.
pub fn about<'a>(world: &'a World, kind: &str, place: &str) -> Vec<&'a Event> {
    let start = tandem_sim::Moment::START;
    let wanted = |event: &&Event| event.at >= start && event.kind == kind && event.what.starts_with(place);
    world.truth.events().iter().filter(wanted).collect()
}

/// Breaks `region` from now on, for `seconds`.
pub fn break_region(world: &mut World, kind: &str, region: &str, seconds: u64) {
    let (region, zone) = match kind {
        "F21" => (None, None),
        "F18" => (Some(region.to_string()), Some("a".to_string())),
        _ => (Some(region.to_string()), None),
    };
    let duration_s = Some(seconds as f64);
    let spec = FaultSpec { kind: kind.into(), region, zone, duration_s, ..FaultSpec::default() };
    faults::start(world, spec).unwrap_or_else(|error| panic!("{error}"));
}
