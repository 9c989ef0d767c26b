//! The people of one place: their day, their resolvers, and what they notice.

use super::resolver::{POOLS, Resolver};
use crate::geo::Place;
use crate::moment::Moment;
use crate::world::World;
use crate::world::elb;
use std::collections::BTreeMap;

/// Resolvers of a place that honour the time to live; one more does not (assumed).
const RESOLVERS: usize = 7;

/// The share of users behind resolvers that ignore the time to live (assumed).
const IGNORING: f64 = 0.05;

/// How far the day swings around its mean (assumed).
const SWING: f64 = 0.4;

/// The local hour at which most people are active (assumed).
const PEAK_HOUR: f64 = 15.0;

/// What people call broken: the share of failed requests.
const BROKEN: f64 = 0.05;

/// The share of a place's traffic that makes a Region its own: above a half, so that a ramp at 50 %
/// does not swing to and fro.
const MOST: f64 = 0.6;

/// How fast impressions fade, a second (assumed: a quarter of a minute).
const FADE: f64 = 1.0 / 15.0;

#[derive(Debug, Clone)]
pub struct Cohort {
    pub place: &'static Place,
    pub resolvers: Vec<Resolver>,
    /// The Region that most of its connections go to.
    pub majority: Option<String>,
    asked: f64,
    failed: f64,
    broken: bool,
}

impl Cohort {
    pub fn new(place: &'static Place) -> Self {
        let mut resolvers = vec![Resolver::new((1.0 - IGNORING) / RESOLVERS as f64, true); RESOLVERS];
        resolvers.push(Resolver::new(IGNORING, false));
        Self { place, resolvers, majority: None, asked: 0.0, failed: 0.0, broken: false }
    }

    /// Requests a second at `now` of a world that makes `requests_per_s` at the mean.
    pub fn rate(&self, requests_per_s: f64, now: Moment) -> f64 {
        let hour = now.seconds() / 3600.0 + self.place.longitude / 15.0;
        let day = 1.0 + SWING * ((hour - PEAK_HOUR) / 24.0 * std::f64::consts::TAU).cos();
        requests_per_s * f64::from(self.place.share) / 100.0 * day
    }

    pub fn look_up(&mut self, world: &mut World, host: &str) {
        for resolver in &mut self.resolvers {
            resolver.look_up(world, host, self.place);
        }
    }

    /// Its connections by Region, as shares of all.
    pub fn shares(&self, world: &World) -> BTreeMap<String, f64> {
        let mut addresses = BTreeMap::new();
        for resolver in &self.resolvers {
            for ip in resolver.pools.iter().filter_map(|pool| pool.ip) {
                *addresses.entry(ip).or_insert(0.0) += resolver.share / POOLS as f64;
            }
        }
        let mut regions = BTreeMap::new();
        for (ip, share) in addresses {
            if let Some(node) = elb::node_at(world, ip) {
                *regions.entry(node.region).or_insert(0.0) += share;
            }
        }
        regions
    }

    /// Connections have moved: writes down when most of them go elsewhere now.
    pub fn notice_move(&mut self, world: &mut World) {
        let shares = self.shares(world);
        let Some((region, share)) = shares.into_iter().find(|(_, share)| *share > MOST) else { return };
        if self.majority.as_deref() == Some(region.as_str()) {
            return;
        }
        if let Some(before) = self.majority.replace(region.clone()) {
            let what = format!("{}: {:.0} % of traffic now, most went to {before}", self.place.name, share * 100.0);
            world.truth.note(world.now, "user.moved", &region, what);
        }
    }

    /// Writes down when more than a twentieth of what people ask fails, and when it no longer does.
    pub fn notice_errors(&mut self, world: &mut World, ok: u64, failed: u64) {
        self.asked += FADE * ((ok + failed) as f64 - self.asked);
        self.failed += FADE * (failed as f64 - self.failed);
        let share = if self.asked > 0.0 { self.failed / self.asked } else { 0.0 };
        if (share > BROKEN) == self.broken {
            return;
        }
        self.broken = share > BROKEN;
        let region = self.majority.as_deref().unwrap_or("global");
        let what = match self.broken {
            true => format!("{}: more than 5 % of requests fail", self.place.name),
            false => format!("{}: less than 5 % of requests fail again", self.place.name),
        };
        world.truth.note(world.now, "user.errors", region, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::PLACES;
    use std::time::Duration;

    #[test]
    fn a_day_has_a_peak_in_the_local_afternoon_and_the_mean_that_was_asked_for() {
        let cohort = Cohort::new(&PLACES[0]);
        let day: Vec<f64> =
            (0..24).map(|h| cohort.rate(300.0, Moment::START + Duration::from_secs(h * 3600))).collect();
        let mean = day.iter().sum::<f64>() / 24.0;
        assert!((mean - 300.0 * 0.22).abs() < 0.01, "{mean}");
        let peak = day.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(hour, _)| hour);
        // new-york is 4.9 hours behind; START is at 14:00
        assert_eq!(peak, Some(6));
    }

    #[test]
    fn a_place_notices_errors_once_and_their_end_once() {
        let mut world = World::empty(1);
        let mut cohort = Cohort::new(&PLACES[0]);
        for failed in [0, 50, 0] {
            for _ in 0..120 {
                cohort.notice_errors(&mut world, 100 - failed, failed);
            }
        }
        assert_eq!(world.truth.kinds().get("user.errors"), Some(&2));
    }
}
