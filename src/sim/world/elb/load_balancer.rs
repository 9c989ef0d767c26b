//! A load balancer: its names, its zones and how it comes to life.

use super::attributes::{self, LOAD_BALANCER};
use super::measure::Minute;
use super::{Elb, Listener};
use crate::geo;
use crate::moment::Moment;
use crate::world::{ACCOUNT, World, hex_id};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Seconds from `provisioning` to `active`: assumed, AWS promises none.
pub const PROVISIONING_S: (f64, f64) = (60.0, 180.0);

/// The /24s that public addresses come from, in this order (RFC 5737: never routed).
const PUBLIC: [[u8; 3]; 3] = [[203, 0, 113], [198, 51, 100], [192, 0, 2]];

#[derive(Debug, Clone)]
pub struct LoadBalancer {
    pub name: String,
    pub arn: String,
    pub dns_name: String,
    pub internal: bool,
    pub created: Moment,
    pub active_at: Moment,
    pub active: bool,
    /// In order of their names.
    pub zones: Vec<Zone>,
    pub security_groups: Vec<String>,
    pub ip_address_type: String,
    pub attributes: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// By port.
    pub listeners: BTreeMap<u16, Listener>,
    /// What was counted this minute, by zone.
    pub(super) minute: Vec<Minute>,
}

/// A zone that a load balancer stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    pub name: String,
    pub subnet: String,
    /// Internal load balancers have private ones, which nobody outside reaches.
    pub address: Ipv4Addr,
}

/// What a new load balancer is to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub name: String,
    pub internal: bool,
    pub subnets: Vec<String>,
    pub security_groups: Vec<String>,
    pub ip_address_type: String,
    pub tags: BTreeMap<String, String>,
}

impl LoadBalancer {
    /// Whether it is what `wanted` describes; AWS compares settings, and tags are none.
    pub fn is(&self, wanted: &Wanted) -> bool {
        let sorted = |names: &[String]| {
            let mut names = names.to_vec();
            names.sort();
            names
        };
        let subnets: Vec<String> = self.zones.iter().map(|zone| zone.subnet.clone()).collect();
        self.internal == wanted.internal
            && self.ip_address_type == wanted.ip_address_type
            && sorted(&subnets) == sorted(&wanted.subnets)
            && sorted(&self.security_groups) == sorted(&wanted.security_groups)
    }

    /// The dimension value: `app/name/id`.
    pub fn dimension(&self) -> &str {
        self.arn.split_once(":loadbalancer/").map_or(&self.arn, |(_, rest)| rest)
    }

    pub(super) fn zone_index(&self, zone: &str) -> usize {
        self.zones.iter().position(|known| known.name == zone).unwrap_or(0)
    }
}

/// Makes a load balancer that is provisioning. `None`: the world has no address left.
pub fn create<'a>(world: &'a mut World, region: &str, wanted: Wanted) -> Option<&'a LoadBalancer> {
    let now = world.now;
    let mut subnets: Vec<(String, String)> =
        wanted.subnets.iter().map(|subnet| (geo::zone_of_subnet(region, subnet), subnet.clone())).collect();
    subnets.sort();
    let id = hex_id(&[region, "app", &wanted.name], 16);
    let addresses = if wanted.internal {
        private(&id, subnets.len())
    } else {
        let free = public(world, subnets.len())?;
        world.elb_in(region).given_out += free.len() as u32;
        free
    };
    let zones: Vec<Zone> =
        subnets.into_iter().zip(addresses).map(|((name, subnet), address)| Zone { name, subnet, address }).collect();
    let wait = world.chance.elb.between(PROVISIONING_S.0, PROVISIONING_S.1);
    let mut attributes = attributes::defaults(LOAD_BALANCER);
    if wanted.internal {
        attributes.insert("ipv6.deny_all_igw_traffic".into(), "true".into());
    }
    let load_balancer = LoadBalancer {
        arn: format!("arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:loadbalancer/app/{}/{id}", wanted.name),
        dns_name: dns_name(region, &wanted.name, wanted.internal),
        created: now,
        active_at: now + Duration::from_secs_f64(wait),
        active: false,
        internal: wanted.internal,
        minute: vec![Minute::default(); zones.len()],
        security_groups: wanted.security_groups,
        ip_address_type: wanted.ip_address_type,
        attributes,
        tags: wanted.tags,
        listeners: BTreeMap::new(),
        name: wanted.name.clone(),
        zones,
    };
    let elb = world.elb_in(region);
    if !load_balancer.internal {
        for zone in &load_balancer.zones {
            elb.nodes.insert(zone.address, (load_balancer.name.clone(), zone.name.clone()));
        }
    }
    elb.load_balancers.insert(wanted.name.clone(), load_balancer);
    elb.load_balancers.get(&wanted.name)
}

/// Takes it down with its listeners; the target groups stay.
pub fn delete(elb: &mut Elb, name: &str, now: Moment) {
    elb.load_balancers.remove(name);
    elb.nodes.retain(|_, (owner, _)| owner != name);
    elb.rewire(now);
}

/// What has been provisioned becomes active.
pub(super) fn activate(world: &mut World) {
    let now = world.now;
    for (region, elb) in &mut world.elb {
        let mut woken = false;
        for load_balancer in elb.load_balancers.values_mut().filter(|lb| !lb.active && lb.active_at <= now) {
            load_balancer.active = true;
            woken = true;
            world.truth.note(now, "lb.active", region, load_balancer.name.clone());
        }
        if woken {
            elb.rewire(now);
        }
    }
}

/// `<name>-<10 digits>.<region>.elb.amazonaws.com`.
fn dns_name(region: &str, name: &str, internal: bool) -> String {
    let number = u64::from_str_radix(&hex_id(&[region, "dns", name], 15), 16).unwrap_or(0);
    let prefix = if internal { "internal-" } else { "" };
    format!("{prefix}{name}-{}.{region}.elb.amazonaws.com", 1_000_000_000 + number % 9_000_000_000)
}

/// Addresses for `count` more zones of a load balancer.
pub(super) fn more(world: &World, found: &LoadBalancer, count: usize) -> Option<Vec<Ipv4Addr>> {
    if found.internal {
        let id = found.arn.rsplit('/').next().unwrap_or_default();
        let all = private(id, found.zones.len() + count);
        return Some(
            all.into_iter().filter(|ip| found.zones.iter().all(|zone| zone.address != *ip)).take(count).collect(),
        );
    }
    public(world, count)
}

/// The next `count` public addresses that nobody has.
fn public(world: &World, count: usize) -> Option<Vec<Ipv4Addr>> {
    let all = PUBLIC.len() as u32 * 254;
    let first: u32 = world.elb.values().map(|elb| elb.given_out).sum();
    let address = |n: u32| {
        let [a, b, c] = PUBLIC[(n / 254) as usize % PUBLIC.len()];
        Ipv4Addr::new(a, b, c, (n % 254 + 1) as u8)
    };
    let taken = |ip: &Ipv4Addr| world.elb.values().any(|elb| elb.nodes.contains_key(ip));
    let free: Vec<Ipv4Addr> =
        (0..all).map(|n| address((first + n) % all)).filter(|ip| !taken(ip)).take(count).collect();
    (free.len() == count).then_some(free)
}

/// Private addresses of an internal load balancer, one a zone (assumed: there is no VPC to take them from).
fn private(id: &str, count: usize) -> Vec<Ipv4Addr> {
    let host = u8::from_str_radix(&id[..2], 16).unwrap_or(0);
    (0..count).map(|zone| Ipv4Addr::new(10, 255, zone as u8, host.clamp(4, 250))).collect()
}
