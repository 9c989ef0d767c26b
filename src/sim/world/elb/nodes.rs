//! What DNS and clients see of load balancers: names, addresses, health.

use super::attributes::{self, DNS_COUNT, DNS_PERCENT};
use super::{Elb, LoadBalancer, Node, TargetGroup};
use crate::faults;
use crate::world::World;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Which load balancer node has this public address.
pub fn node_at(world: &World, ip: Ipv4Addr) -> Option<Node> {
    let (region, load_balancer, zone) = find(world, ip)?;
    Some(Node { region: region.to_string(), load_balancer: load_balancer.name.clone(), zone: zone.to_string() })
}

/// The same without copying: Region, load balancer and zone.
pub(super) fn find(world: &World, ip: Ipv4Addr) -> Option<(&str, &LoadBalancer, &str)> {
    world.elb.iter().find_map(|(region, elb)| {
        let (name, zone) = elb.nodes.get(&ip)?;
        Some((region.as_str(), elb.load_balancers.get(name)?, zone.as_str()))
    })
}

/// `client_keep_alive.seconds` of a load balancer that was told nothing else (API reference,
/// LoadBalancerAttribute).
pub const CLIENT_KEEP_ALIVE: Duration = Duration::from_secs(3600);

/// How long the load balancer at `ip` keeps a client's connection at most.
pub fn client_keep_alive(world: &World, ip: Ipv4Addr) -> Duration {
    let told = find(world, ip).and_then(|(_, found, _)| found.attributes.get("client_keep_alive.seconds"));
    told.and_then(|value| value.parse().ok()).map_or(CLIENT_KEEP_ALIVE, Duration::from_secs)
}

/// The addresses of the load balancer with this DNS name (any case, with or without the trailing dot
/// or `dualstack.`): one per zone that has a healthy target; all of them when none has. None before it
/// is active.
pub fn addresses(world: &World, dns_name: &str) -> Vec<Ipv4Addr> {
    let Some((_, elb, load_balancer)) = named(world, dns_name).filter(|(.., found)| found.active) else {
        return vec![];
    };
    let serves = |zone: &str| {
        groups_of(elb, load_balancer).any(|group| {
            group.tally.iter().any(|(at, (healthy, _))| *healthy > 0 && at.as_deref().is_none_or(|at| at == zone))
        })
    };
    let healthy: Vec<Ipv4Addr> =
        load_balancer.zones.iter().filter(|zone| serves(&zone.name)).map(|zone| zone.address).collect();
    if healthy.is_empty() { load_balancer.zones.iter().map(|zone| zone.address).collect() } else { healthy }
}

/// How long it takes until Route 53 hears that load balancers are out of reach: as long as a checker that
/// asks every 10 s and wants two answers alike (assumed).
const HEARD: Duration = Duration::from_secs(20);

/// What EvaluateTargetHealth says of the load balancer with this DNS name; `None` when there is none.
///
/// Every target group in use needs registered targets and enough healthy ones (API reference,
/// Route 53 AliasTarget; `dns_failover` attributes). That a Region whose data plane is down makes its
/// load balancers unhealthy after [`HEARD`], and that one is unhealthy before it is active, is assumed.
pub fn alias_healthy(world: &World, dns_name: &str) -> Option<bool> {
    let (region, elb, load_balancer) = named(world, dns_name)?;
    let up = load_balancer.active && !faults::cut_since(world, region, HEARD);
    Some(up && groups_of(elb, load_balancer).all(enough))
}

fn enough(group: &TargetGroup) -> bool {
    let (healthy, all) = group.counts();
    all > 0 && healthy >= attributes::needed(&group.attributes, DNS_COUNT, DNS_PERCENT, all)
}

fn groups_of<'a>(elb: &'a Elb, load_balancer: &'a LoadBalancer) -> impl Iterator<Item = &'a TargetGroup> {
    elb.target_groups
        .values()
        .filter(|group| group.used_by.as_ref().is_some_and(|user| user.name == load_balancer.name))
}

fn named<'a>(world: &'a World, dns_name: &str) -> Option<(&'a str, &'a Elb, &'a LoadBalancer)> {
    let name = dns_name.trim_end_matches('.').to_ascii_lowercase();
    let name = name.strip_prefix("dualstack.").unwrap_or(&name);
    let region = name.strip_suffix(".elb.amazonaws.com")?.split('.').nth(1)?;
    let (region, elb) = world.elb.get_key_value(region)?;
    let found = elb.load_balancers.values().find(|lb| lb.dns_name.eq_ignore_ascii_case(name))?;
    Some((region, elb, found))
}
