//! The zones of a load balancer that stands already.

use super::load_balancer::{self, Zone};
use super::measure::Minute;
use crate::geo;
use crate::world::World;
use std::net::Ipv4Addr;

/// Lets the load balancer called `name` stand in these subnets: zones that it was in keep their addresses and
/// what they counted. `None`: there is no such load balancer, or no address left.
pub fn set(world: &mut World, region: &str, name: &str, subnets: &[String]) -> Option<()> {
    let now = world.now;
    let before = world.elb.get(region)?.load_balancers.get(name)?.clone();
    let mut wanted: Vec<(String, String)> =
        subnets.iter().map(|subnet| (geo::zone_of_subnet(region, subnet), subnet.clone())).collect();
    wanted.sort();
    let place = |zone: &str| before.zones.iter().position(|known| known.name == zone);
    let new = wanted.iter().filter(|(zone, _)| place(zone).is_none()).count();
    let mut addresses = load_balancer::more(world, &before, new)?.into_iter();
    let (mut zones, mut minute) = (vec![], vec![]);
    for (zone, subnet) in wanted {
        let (address, counted) = match place(&zone) {
            Some(place) => (before.zones[place].address, before.minute[place].clone()),
            None => (addresses.next()?, Minute::default()),
        };
        zones.push(Zone { name: zone, subnet, address });
        minute.push(counted);
    }
    let elb = world.elb_in(region);
    elb.given_out += if before.internal { 0 } else { new as u32 };
    elb.nodes.retain(|_, (owner, _)| owner != name);
    let public = |zone: &Zone| (zone.address, (name.to_string(), zone.name.clone()));
    let nodes: Vec<(Ipv4Addr, (String, String))> =
        if before.internal { vec![] } else { zones.iter().map(public).collect() };
    elb.nodes.extend(nodes);
    let found = elb.load_balancers.get_mut(name)?;
    (found.zones, found.minute) = (zones, minute);
    elb.rewire(now);
    Some(())
}
