//! What breaks, as data: a kind, a target, a beginning and an end. Faults end by themselves.
//!
//! [`catalogue`] lists the kinds, [`start`] begins and ends them, and the two questions that the rest
//! of the world asks are what becomes of a call ([`on_call`], in `call`) and of a packet ([`reaches`]).
//! [`image`] keeps the past that stale reads are answered from, [`pages`] ends lists early, `words` has
//! each service's own refusals. [`limits`] are no faults, but refuse calls in the same place.

mod call;
pub mod catalogue;
pub mod image;
pub mod limits;
pub mod pages;
mod start;
#[cfg(test)]
mod tests;
mod words;

use crate::geo::Place;
use crate::moment::Moment;
use crate::world::World;
pub use call::{CallEffect, MALFORMED, on_call, silent};
pub use catalogue::{CATALOGUE, Kind, Parameter};
pub use start::{FaultError, FaultSpec, end, end_all, start};
use std::time::Duration;

/// Every fault that is active or still to come.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    list: Vec<Fault>,
    /// How many were ever started; names the next one.
    started: u64,
    /// The past that stale reads see; none while no fault needs it.
    image: Option<Box<World>>,
}

/// A fault that was started.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub id: String,
    pub kind: &'static Kind,
    /// `None`: every Region.
    pub region: Option<&'static str>,
    pub zone: Option<String>,
    /// SigV4 signing name; `None`: every service.
    pub service: Option<&'static str>,
    pub operation: Option<String>,
    pub from: Option<Sender>,
    /// The code of a quota; `None`: every quota.
    pub quota: Option<String>,
    /// What a quota is.
    pub value: f64,
    /// The share of calls that is hit, 0 to 1.
    pub rate: f64,
    pub delay: Duration,
    pub period: Duration,
    pub starts: Moment,
    /// The first moment at which it is over.
    pub ends: Moment,
    begun: bool,
}

/// Whose packets a partition stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Route 53's continent code: people and Regions there.
    Continent(&'static str),
    Place(&'static str),
    Region(&'static str),
}

impl Sender {
    pub fn name(self) -> &'static str {
        match self {
            Sender::Continent(name) | Sender::Place(name) | Sender::Region(name) => name,
        }
    }

    fn is(self, from: From<'_>) -> bool {
        match (self, from) {
            (Sender::Continent(code), From::Place(place)) => place.continent == code,
            (Sender::Continent(code), From::Region(region)) => continent(region) == code,
            (Sender::Place(name), From::Place(place)) => place.name == name,
            (Sender::Region(name), From::Region(region)) => region == name,
            _ => false,
        }
    }
}

/// The continent that a Region is on, by its name.
fn continent(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("us" | "ca" | "mx") => "NA",
        Some("sa") => "SA",
        Some("eu") => "EU",
        Some("af") => "AF",
        Some("ap") if region.starts_with("ap-southeast-2") => "OC",
        _ => "AS",
    }
}

impl Fault {
    pub fn active(&self, now: Moment) -> bool {
        self.starts <= now && now < self.ends
    }

    /// Whether the data plane of its Region is down because of it.
    fn cuts_region(&self, now: Moment) -> bool {
        match self.kind.id {
            "F15" | "F17" => true,
            "F20" => {
                let period = self.period.as_millis().max(1);
                now.since(self.starts).as_millis() % period < period / 2
            }
            _ => false,
        }
    }

    /// The Region, zone or service that it hits, in words.
    pub fn target(&self) -> String {
        let parts = [
            self.zone.as_deref().or(self.region),
            self.service,
            self.operation.as_deref(),
            self.from.map(Sender::name),
            self.quota.as_deref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "everywhere".into() } else { parts.join(" ") }
    }
}

impl Faults {
    /// Every fault that is active or still to come, oldest first.
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    fn active(&self, now: Moment) -> impl Iterator<Item = &Fault> {
        self.list.iter().filter(move |fault| fault.active(now))
    }
}

/// Whether the control planes that live in us-east-1 for the whole partition are down: Route 53's API
/// refuses, `AWS/Route53` metrics are absent, and changes that were PENDING are never heard of again.
/// DNS answers and health checkers go on.
pub fn global_control_plane_down(world: &World) -> bool {
    world.faults.active(world.now).any(|fault| fault.kind.id == "F21")
}

/// Who sends packets to a Region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum From<'a> {
    Place(&'a Place),
    /// A Route 53 checker or another AWS Region.
    Region(&'a str),
}

/// Whether packets from there arrive in this availability zone (`None`: in the Region at all) now.
pub fn reaches(world: &World, from: From<'_>, region: &str, zone: Option<&str>) -> bool {
    !world.faults.active(world.now).filter(|fault| fault.region == Some(region)).any(|fault| match fault.kind.id {
        "F18" => zone.is_some() && fault.zone.as_deref() == zone,
        "F19" => fault.from.is_some_and(|sender| sender.is(from)),
        _ => fault.cuts_region(world.now),
    })
}

/// Whether the Region's data plane is down and was so `ago` already, for whoever hears of it late. Of
/// an end everyone hears at once.
pub fn cut_since(world: &World, region: &str, ago: Duration) -> bool {
    let then = Moment(world.now.0.saturating_sub(ago.as_millis() as u64));
    let here = |fault: &&Fault| fault.region == Some(region) && fault.active(then);
    world.faults.active(world.now).filter(here).any(|fault| fault.cuts_region(world.now) && fault.cuts_region(then))
}

/// Whether packets of each of two Regions arrive in the other.
pub fn linked(world: &World, one: &str, other: &str) -> bool {
    one == other || reaches(world, From::Region(one), other, None) && reaches(world, From::Region(other), one, None)
}

/// The active fault of this kind (`F24`) that strikes `region`, or strikes everywhere.
pub fn striking<'w>(world: &'w World, kind: &str, region: &str) -> Option<&'w Fault> {
    let here = |fault: &&Fault| fault.kind.id == kind && fault.region.is_none_or(|hit| hit == region);
    world.faults.active(world.now).find(here)
}

/// What a fault makes of a quota in `region`.
pub fn quota(world: &World, region: &str, code: &str) -> Option<f64> {
    let hits = |fault: &&Fault| {
        let here = fault.region.is_none_or(|hit| hit == region);
        fault.kind.id == "F32" && here && fault.quota.as_deref().is_none_or(|hit| hit == code)
    };
    world.faults.active(world.now).find(hits).map(|fault| fault.value)
}

/// Whether a fault of this kind strikes anywhere.
pub fn strikes(world: &World, kind: &str) -> bool {
    world.faults.active(world.now).any(|fault| fault.kind.id == kind)
}

/// Begins what is due, and ends what is over.
pub fn tick(world: &mut World) {
    let World { faults, truth, now, .. } = world;
    for fault in faults.list.iter_mut().filter(|fault| fault.starts <= *now && !fault.begun) {
        fault.begun = true;
        note(truth, *now, "fault.begun", fault);
    }
    for over in faults.list.extract_if(.., |fault| fault.ends <= *now) {
        if over.begun {
            note(truth, *now, "fault.ended", &over);
        }
    }
    image::renew(world);
}

fn note(truth: &mut crate::truth::Truth, now: Moment, kind: &'static str, fault: &Fault) {
    let what = format!("{} {} {} {}", fault.kind.id, fault.kind.name, fault.id, fault.target());
    truth.note(now, kind, fault.region.unwrap_or("global"), what);
}
