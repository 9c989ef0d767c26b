//! What the name servers know: the records of changes that are INSYNC, linked so that an answer needs
//! no search, each with its health of this second.

use super::check::Check;
use super::record::{Key, RecordSet, RrType};
use super::{names, outside};
use crate::geo::{self, PLACES, Place, Region};
use crate::world::World;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The records of a zone as the name servers have them.
#[derive(Debug, Clone, Default)]
pub struct LiveZone {
    pub origin: String,
    pub private: bool,
    /// In which order zones came: the first of several with the same name is the one delegated to.
    pub order: u64,
    pub records: BTreeMap<Key, RecordSet>,
}

#[derive(Debug, Clone, Default)]
pub struct Served {
    origins: BTreeMap<String, usize>,
    zones: Vec<Names>,
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone)]
pub struct Names {
    pub id: String,
    pub origin: String,
    pub names: BTreeMap<String, Vec<(RrType, usize)>>,
}

/// The record sets of one name and type.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: String,
    pub kind: RrType,
    pub members: Vec<Member>,
    /// No alias refers to it: people ask for it.
    root: bool,
    /// No member is healthy.
    dead: bool,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub policy: Policy,
    pub ttl: u32,
    pub target: Target,
    /// EvaluateTargetHealth.
    pub evaluate: bool,
    check: Option<String>,
    pub healthy: bool,
}

#[derive(Debug, Clone)]
pub enum Policy {
    Simple,
    Weighted(f64),
    Latency(Option<Distances>),
    Geo { continent: Option<String>, country: Option<String>, subdivision: bool },
    Primary,
    Secondary,
    Multivalue,
}

/// A Region, and how far every known place is from it, so that an answer needs no geometry.
#[derive(Debug, Clone)]
pub struct Distances {
    region: &'static Region,
    ms: Vec<f64>,
}

impl Distances {
    fn new(region: &'static Region) -> Self {
        Self { region, ms: PLACES.iter().map(|place| geo::latency_ms(place, region)).collect() }
    }

    /// `known` is the place's index in [`PLACES`], when it has one.
    pub fn from(&self, place: &Place, known: Option<usize>) -> f64 {
        known.and_then(|index| self.ms.get(index).copied()).unwrap_or_else(|| geo::latency_ms(place, self.region))
    }
}

#[derive(Debug, Clone)]
pub enum Target {
    Addresses(Vec<Ipv4Addr>),
    Texts(Vec<String>),
    Group(usize),
    /// By its DNS name.
    Balancer(String),
    Nothing,
}

impl Served {
    /// The zone that answers for `name`, which is normal.
    pub fn zone_of(&self, name: &str) -> Option<&Names> {
        names::suffixes(name).find_map(|suffix| self.origins.get(suffix)).map(|index| &self.zones[*index])
    }

    pub fn zone(&self, id: &str) -> Option<&Names> {
        self.zones.iter().find(|zone| zone.id == id)
    }

    pub fn link(live: &BTreeMap<String, LiveZone>) -> Self {
        let mut served = Served::default();
        let mut order: Vec<(&String, &LiveZone)> = live.iter().collect();
        order.sort_by_key(|(id, zone)| (zone.order, id.as_str()));
        for (id, zone) in order {
            if !zone.private {
                served.origins.entry(zone.origin.clone()).or_insert(served.zones.len());
            }
            let names = served.link_zone(id, zone);
            served.zones.push(Names { id: id.clone(), origin: zone.origin.clone(), names });
        }
        served
    }

    fn link_zone(&mut self, id: &str, zone: &LiveZone) -> BTreeMap<String, Vec<(RrType, usize)>> {
        let mut names: BTreeMap<String, Vec<(RrType, usize)>> = BTreeMap::new();
        for set in zone.records.values() {
            let here = names.entry(set.Name.clone()).or_default();
            if here.last().is_none_or(|(kind, _)| *kind != set.Type) {
                here.push((set.Type, self.groups.len()));
                let (name, kind) = (set.Name.clone(), set.Type);
                self.groups.push(Group { name, kind, members: vec![], root: true, dead: false });
            }
        }
        for set in zone.records.values() {
            let group =
                |name: &str| names.get(name)?.iter().find(|(kind, _)| *kind == set.Type).map(|(_, index)| *index);
            let target = match &set.AliasTarget {
                None if set.Type == RrType::A => {
                    Target::Addresses(set.values().filter_map(|value| value.parse().ok()).collect())
                }
                None => Target::Texts(set.values().map(String::from).collect()),
                Some(alias) if alias.HostedZoneId == id => group(&alias.DNSName).map_or(Target::Nothing, Target::Group),
                Some(alias) => Target::Balancer(alias.DNSName.clone()),
            };
            if let Target::Group(index) = target {
                self.groups[index].root = false;
            }
            let member = Member {
                policy: policy(set),
                ttl: set.TTL.and_then(|ttl| u32::try_from(ttl).ok()).unwrap_or(super::BALANCER_TTL_S),
                evaluate: set.AliasTarget.as_ref().is_some_and(|alias| alias.EvaluateTargetHealth),
                check: set.HealthCheckId.clone(),
                target,
                healthy: true,
            };
            if let Some(index) = group(&set.Name) {
                self.groups[index].members.push(member);
            }
        }
        names
    }

    /// Judges every record anew.
    pub fn judge(&mut self, world: &World, checks: &BTreeMap<String, Check>) {
        let mut known = vec![None; self.groups.len()];
        for index in 0..self.groups.len() {
            self.alive(index, world, checks, &mut known);
        }
    }

    /// Whether a record of the group is healthy. A circle of aliases is not.
    fn alive(
        &mut self,
        index: usize,
        world: &World,
        checks: &BTreeMap<String, Check>,
        known: &mut Vec<Option<bool>>,
    ) -> bool {
        if let Some(alive) = known[index] {
            return alive;
        }
        known[index] = Some(false);
        let mut alive = false;
        for place in 0..self.groups[index].members.len() {
            let member = &self.groups[index].members[place];
            let (evaluate, target) = (member.evaluate, member.target.link());
            // the status of a check that was deleted "can't be predicted" (DeleteHealthCheck); assumed: healthy
            let checked = member.check.as_ref().and_then(|id| checks.get(id)).is_none_or(|check| check.healthy);
            let healthy = checked
                && (!evaluate
                    || match target {
                        Some(next) => self.alive(next, world, checks, known),
                        None => self.groups[index].members[place].target.healthy(world),
                    });
            self.groups[index].members[place].healthy = healthy;
            alive |= healthy;
        }
        known[index] = Some(alive);
        alive
    }

    /// The roots that have come to be answered as a last resort, or no longer are.
    pub fn turned(&mut self) -> Vec<(String, bool)> {
        let mut turned = vec![];
        for group in self.groups.iter_mut().filter(|group| group.root) {
            let dead = group.members.iter().all(|member| !member.healthy);
            if dead != group.dead {
                group.dead = dead;
                turned.push((format!("{} {}", group.name, group.kind.name()), dead));
            }
        }
        turned
    }

    /// Takes over which groups were dead, so that linking anew tells nothing twice.
    pub fn remember(&mut self, before: &Served) {
        let dead: Vec<&Group> = before.groups.iter().filter(|group| group.dead).collect();
        for group in &mut self.groups {
            group.dead = dead.iter().any(|old| old.name == group.name && old.kind == group.kind);
        }
    }
}

impl Target {
    fn link(&self) -> Option<usize> {
        if let Target::Group(index) = self { Some(*index) } else { None }
    }

    fn healthy(&self, world: &World) -> bool {
        match self {
            Target::Balancer(name) => outside::balancer_healthy(world, name).unwrap_or(false),
            Target::Nothing => false,
            _ => true,
        }
    }
}

fn policy(set: &RecordSet) -> Policy {
    if let Some(weight) = set.Weight {
        return Policy::Weighted(weight as f64);
    }
    if let Some(region) = &set.Region {
        return Policy::Latency(geo::region(region).map(Distances::new));
    }
    if let Some(place) = &set.GeoLocation {
        return Policy::Geo {
            continent: place.ContinentCode.clone(),
            country: place.CountryCode.clone(),
            subdivision: place.SubdivisionCode.is_some(),
        };
    }
    match (set.Failover.as_deref(), set.MultiValueAnswer) {
        (Some("PRIMARY"), _) => Policy::Primary,
        (Some(_), _) => Policy::Secondary,
        (None, Some(true)) => Policy::Multivalue,
        _ => Policy::Simple,
    }
}
