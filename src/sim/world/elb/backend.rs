//! Who answers behind a load balancer.

use crate::faults::{self, From};
use crate::world::World;
use crate::world::app;
use crate::world::aurora;
use crate::world::ecs::{self, TaskAnswer};
use std::net::Ipv4Addr;

/// The other end of a target's connection.
pub(super) trait Backend {
    /// Whether packets of the load balancer arrive in this zone (`None`: it is not known) of `region`.
    fn reaches(&self, world: &World, region: &str, zone: Option<&str>) -> bool;
    /// `None`: nothing listens there.
    fn ask(&self, world: &World, region: &str, ip: Ipv4Addr, port: u16, path: &str) -> Option<TaskAnswer>;
    /// The share of `requests` that overload turns into errors (0 to 1), and the latency, ms.
    fn load(&self, world: &mut World, region: &str, ip: Ipv4Addr, requests: u64) -> (f64, f64);
}

/// The tasks of this world.
pub(super) struct Fargate;

impl Backend for Fargate {
    fn reaches(&self, world: &World, region: &str, zone: Option<&str>) -> bool {
        faults::reaches(world, From::Region(region), region, zone)
    }

    fn ask(&self, world: &World, region: &str, ip: Ipv4Addr, port: u16, path: &str) -> Option<TaskAnswer> {
        let answer = ecs::ask(world, region, ip, port, path)?;
        let needs_writer = touches_writer(world, region, path) && !writes(world, region, ip);
        Some(if needs_writer { TaskAnswer { status: 503, ..answer } } else { answer })
    }

    fn load(&self, world: &mut World, region: &str, ip: Ipv4Addr, requests: u64) -> (f64, f64) {
        let (share, latency_ms) = ecs::load(world, region, ip, requests);
        let Some(wiring) = ecs::wiring(world, region, ip) else { return (share, latency_ms) };
        let answered = (requests as f64 * (1.0 - share)).round() as u64;
        let strain = app::rows(world, region, &wiring, answered);
        (share + (1.0 - share) * strain.failing, latency_ms + strain.added_ms)
    }
}

/// Whether what is asked is a health path that touches the database's writer (F36).
pub(super) fn touches_writer(world: &World, region: &str, path: &str) -> bool {
    let checked =
        || world.elb.get(region).is_some_and(|elb| elb.target_groups.values().any(|one| one.check.path == path));
    faults::strikes(world, "F36") && checked()
}

/// Whether a task can write to its database, if it has one.
fn writes(world: &World, region: &str, ip: Ipv4Addr) -> bool {
    let host = ecs::wiring(world, region, ip).and_then(|wiring| wiring.database.clone());
    host.is_none_or(|host| aurora::takes(world, region, &host))
}
