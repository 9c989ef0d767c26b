//! The people whom the stack serves: cohorts per place, with resolvers that cache and connections
//! that outlive DNS.
//!
//! - [`cohort`]: a place's day, its resolvers, and what its people notice;
//! - [`resolver`]: a cache with its own phase, and the connections of those who use it;
//! - [`requests`]: one second of requests, from the connections through the front door and back.
//!
//! Nobody is modelled alone: a resolver's users hold a fixed number of connection pools, each to one
//! address until the load balancer's keep-alive ends it or it fails.

mod cohort;
mod requests;
mod resolver;

use crate::geo::PLACES;
use crate::truth::Served;
use crate::world::World;
use crate::world::elb::Scheme;
use cohort::Cohort;
use std::collections::BTreeMap;

/// What people ask for, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Of all places together, the mean over a day.
    pub requests_per_s: f64,
    pub scheme: Scheme,
    pub host: String,
    /// Paths with their shares, which add up to 1.
    pub paths: Vec<(String, f64)>,
}

impl Load {
    /// People who look at a shop: 300 requests a second (assumed).
    pub fn of_a_shop(host: &str) -> Self {
        let path = |path: &str, share| (path.to_string(), share);
        Self {
            requests_per_s: 300.0,
            scheme: Scheme::Http,
            host: host.to_string(),
            paths: vec![path("/", 0.7), path("/search?q=tandem", 0.15), path("/cart", 0.1), path("/checkout", 0.05)],
        }
    }

    fn port(&self) -> u16 {
        match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    /// The path for a draw from 0 to 1.
    fn path(&self, mut draw: f64) -> &str {
        for (path, share) in &self.paths {
            if draw < *share {
                return path;
            }
            draw -= share;
        }
        self.paths.first().map_or("/", |(path, _)| path)
    }
}

/// Everyone, and what they got since they came.
#[derive(Debug, Clone, Default)]
pub struct Users {
    load: Option<Load>,
    cohorts: Vec<Cohort>,
    pub totals: Totals,
}

/// What users got in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Users whose resolvers honour the time to live of an answer.
    pub honouring: Served,
    /// Users whose resolvers keep an answer for longer than they may.
    pub ignoring: Served,
    /// By the Region that the request was sent to.
    pub regions: BTreeMap<String, Served>,
}

impl Totals {
    /// Requests made, and how many of them failed.
    pub fn requests(&self) -> (u64, u64) {
        let failed = self.honouring.failed + self.ignoring.failed;
        (self.honouring.ok + self.ignoring.ok + failed, failed)
    }
}

impl Users {
    pub fn load(&self) -> Option<&Load> {
        self.load.as_ref()
    }

    /// Changes how much is asked from now on; nothing when nobody is there.
    pub fn set_requests_per_s(&mut self, requests_per_s: f64) {
        if let Some(load) = &mut self.load {
            load.requests_per_s = requests_per_s.max(0.0);
        }
    }

    /// Where the traffic of each place goes: place, Region, share of its connections (0 to 1).
    pub fn shares(&self, world: &World) -> Vec<(&'static str, String, f64)> {
        let of = |cohort: &Cohort| {
            let name = cohort.place.name;
            cohort.shares(world).into_iter().map(move |(region, share)| (name, region, share)).collect::<Vec<_>>()
        };
        self.cohorts.iter().flat_map(of).collect()
    }
}

/// People come and use what `load` says, from the next tick on.
pub fn begin(world: &mut World, load: Load) {
    let cohorts = PLACES.iter().map(Cohort::new).collect();
    world.truth.note(
        world.now,
        "user.begun",
        "global",
        format!("{:.0} requests/s for {}", load.requests_per_s, load.host),
    );
    world.users = Users { load: Some(load), cohorts, totals: Totals::default() };
}

/// One second of their lives.
pub fn tick(world: &mut World) {
    if world.users.load.is_none() {
        return;
    }
    let mut users = std::mem::take(&mut world.users);
    if let Some(load) = &users.load {
        for cohort in &mut users.cohorts {
            cohort.look_up(world, &load.host);
        }
        requests::run(world, load, &mut users.cohorts, &mut users.totals);
    }
    world.users = users;
}

#[cfg(test)]
mod tests;
