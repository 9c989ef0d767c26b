//! How a name is answered: by policy, then health; back out of dead branches; as a last resort
//! everything is healthy (Developer Guide, "How Route 53 chooses records when health checking is
//! configured").

use super::record::RrType;
use super::served::{Group, Member, Names, Policy, Served, Target};
use super::{BALANCER_TTL_S, ResponseCode, names, outside};
use crate::geo::{PLACES, Place};
use crate::world::World;
use std::net::Ipv4Addr;

/// An answer with what every record type can hold.
#[derive(Debug)]
pub struct Found {
    pub code: ResponseCode,
    pub records: Vec<FoundRecord>,
    pub last_resort: bool,
}

#[derive(Debug)]
pub struct FoundRecord {
    pub name: String,
    pub kind: RrType,
    pub ttl_s: u32,
    pub value: Value,
}

#[derive(Debug)]
pub enum Value {
    Address(Ipv4Addr),
    Text(String),
}

/// How many CNAMEs are followed. Assumed, as resolvers do.
const HOPS: usize = 8;
/// How deep aliases may refer to aliases. Assumed.
const DEPTH: u32 = 16;
/// A multivalue answer holds at most this many (Developer Guide, "Multivalue answer routing").
const MULTIVALUE: usize = 8;

/// What the zone that holds `name` answers, CNAMEs followed.
pub fn resolve(world: &World, name: &str, kind: RrType, place: &Place, roll: f64) -> Found {
    let mut name = names::normal(name).into_owned();
    let mut found = Found { code: ResponseCode::Refused, records: vec![], last_resort: false };
    for hop in 0..HOPS {
        let Some(zone) = world.dns.served.zone_of(&name) else {
            if name.ends_with(".elb.amazonaws.com.") {
                balancer(world, name, kind, roll, &mut found);
            }
            // beyond the account a resolver goes on by itself
            break;
        };
        let step = in_zone(world, zone, &name, kind, place, roll);
        if hop == 0 || step.code != ResponseCode::NoError {
            found.code = step.code;
        }
        found.last_resort |= step.last_resort;
        let next = match step.records.first() {
            Some(FoundRecord { kind: RrType::Cname, value: Value::Text(target), .. }) if kind != RrType::Cname => {
                Some(names::normal(target).into_owned())
            }
            _ => None,
        };
        found.records.extend(step.records);
        match next {
            Some(next) => name = next,
            None => break,
        }
    }
    found
}

/// The zones that AWS itself serves for load balancers.
fn balancer(world: &World, name: String, kind: RrType, roll: f64, found: &mut Found) {
    let mut addresses = outside::balancer_addresses(world, &name);
    found.code = if addresses.is_empty() { ResponseCode::NxDomain } else { ResponseCode::NoError };
    if kind == RrType::A {
        let first = start(addresses.len(), roll);
        addresses.rotate_left(first);
        let record = |ip| FoundRecord { name: name.clone(), kind, ttl_s: BALANCER_TTL_S, value: Value::Address(ip) };
        found.records.extend(addresses.into_iter().map(record));
    }
}

/// What one zone answers: records of `kind`, or the CNAME that stands in their place.
pub fn in_zone(world: &World, zone: &Names, name: &str, kind: RrType, place: &Place, roll: f64) -> Found {
    let mut found = Found { code: ResponseCode::NoError, records: vec![], last_resort: false };
    let Some(here) = zone.names.get(name).or_else(|| wildcard(zone, name)) else {
        let parent = zone.names.keys().any(|known| names::within(known, name));
        found.code = if parent { ResponseCode::NoError } else { ResponseCode::NxDomain };
        return found;
    };
    let of = |wanted: RrType| here.iter().find(|(kind, _)| *kind == wanted).map(|(_, group)| (wanted, *group));
    if let Some((kind, group)) = of(kind).or_else(|| of(RrType::Cname)) {
        let served = &world.dns.served;
        let known = PLACES.iter().position(|known| known.name == place.name);
        let mut walk = Walk { world, served, kind, place, known, last_resort: false, leaves: vec![] };
        walk.group(group, roll, 0);
        found.last_resort = walk.last_resort;
        found.records.extend(walk.leaves.into_iter().map(|(ttl_s, value)| FoundRecord {
            name: name.to_string(),
            kind,
            ttl_s,
            value,
        }));
    }
    found
}

/// The closest `*` above a name that does not exist itself (RFC 4592).
fn wildcard<'a>(zone: &'a Names, name: &str) -> Option<&'a Vec<(RrType, usize)>> {
    let above = names::suffixes(name).skip(1).take_while(|above| names::within(above, &zone.origin));
    for above in above {
        let star = format!("\\052.{above}");
        if let Some(here) = zone.names.get(&star) {
            return Some(here);
        }
        if zone.names.contains_key(above) {
            return None;
        }
    }
    None
}

/// Where a list of `count` begins: servers turn it to spread load.
fn start(count: usize, roll: f64) -> usize {
    if count == 0 { 0 } else { (roll.clamp(0.0, 1.0) * count as f64) as usize % count }
}

struct Walk<'a> {
    world: &'a World,
    served: &'a Served,
    kind: RrType,
    place: &'a Place,
    /// Its index in [`PLACES`]; checkers stand elsewhere.
    known: Option<usize>,
    last_resort: bool,
    leaves: Vec<(u32, Value)>,
}

impl Walk<'_> {
    /// Answers from the group; when nothing in it is healthy everything is.
    fn group(&mut self, index: usize, roll: f64, depth: u32) -> bool {
        if self.choose(index, roll, depth, true) {
            return true;
        }
        let found = self.choose(index, roll, depth, false);
        self.last_resort |= found;
        found
    }

    fn choose(&mut self, index: usize, roll: f64, depth: u32, strict: bool) -> bool {
        if depth > DEPTH {
            return false;
        }
        let served = self.served;
        let group = &served.groups[index];
        if matches!(group.members.first(), Some(Member { policy: Policy::Multivalue, .. })) {
            return self.several(group, roll, strict);
        }
        let mut tried = 0_u128;
        while let Some((at, roll)) = self.next(group, tried, roll, strict) {
            if self.take(&group.members[at], roll, depth, strict) {
                return true;
            }
            tried |= 1 << at;
        }
        false
    }

    /// The best member that was not tried, and what is left of the roll once it has chosen.
    fn next(&self, group: &Group, tried: u128, roll: f64, strict: bool) -> Option<(usize, f64)> {
        let open = || {
            let members = group.members.iter().enumerate().take(u128::BITS as usize);
            members.filter(|(at, member)| tried & (1 << at) == 0 && (member.healthy || !strict))
        };
        if matches!(open().next()?.1.policy, Policy::Weighted(_)) {
            return by_weight(open, roll);
        }
        let ranked = open().filter_map(|(at, member)| Some((at, self.rank(&member.policy)?)));
        ranked.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| (at, roll))
    }

    /// Smaller is better; `None`: not for this place.
    fn rank(&self, policy: &Policy) -> Option<f64> {
        match policy {
            Policy::Latency(Some(region)) => Some(region.from(self.place, self.known)),
            Policy::Latency(None) => Some(f64::MAX),
            // no place of this world has a subdivision
            Policy::Geo { subdivision: true, .. } => None,
            Policy::Geo { country: Some(country), .. } if country == "*" => Some(3.0),
            Policy::Geo { country: Some(country), .. } => (country == self.place.country).then_some(1.0),
            Policy::Geo { continent, .. } => (continent.as_deref() == Some(self.place.continent)).then_some(2.0),
            Policy::Secondary => Some(1.0),
            Policy::Simple | Policy::Weighted(_) | Policy::Primary | Policy::Multivalue => Some(0.0),
        }
    }

    fn several(&mut self, group: &Group, roll: f64, strict: bool) -> bool {
        let mut chosen: Vec<&Member> = group.members.iter().filter(|member| member.healthy || !strict).collect();
        let first = start(chosen.len(), roll);
        chosen.rotate_left(first);
        let before = self.leaves.len();
        for member in chosen.into_iter().take(MULTIVALUE) {
            self.take(member, 0.0, 0, strict);
        }
        self.leaves.len() > before
    }

    fn take(&mut self, member: &Member, roll: f64, depth: u32, strict: bool) -> bool {
        match &member.target {
            Target::Addresses(addresses) => self.addresses(member.ttl, addresses, roll),
            // every load balancer of this world is IPv4: an AAAA alias has no records
            Target::Balancer(_) if self.kind != RrType::A => true,
            Target::Balancer(name) => {
                self.addresses(BALANCER_TTL_S, &outside::balancer_addresses(self.world, name), roll)
            }
            Target::Texts(texts) => {
                self.leaves.extend(texts.iter().map(|text| (member.ttl, Value::Text(text.clone()))));
                !texts.is_empty()
            }
            Target::Group(index) if strict && member.evaluate => self.choose(*index, roll, depth + 1, true),
            Target::Group(index) => self.group(*index, roll, depth + 1),
            Target::Nothing => false,
        }
    }

    fn addresses(&mut self, ttl_s: u32, addresses: &[Ipv4Addr], roll: f64) -> bool {
        let (after, before) = addresses.split_at(start(addresses.len(), roll));
        self.leaves.extend(before.iter().chain(after).map(|ip| (ttl_s, Value::Address(*ip))));
        !addresses.is_empty()
    }
}

/// Draws among the weights that are not 0; among all alike when every one is.
fn by_weight<'g, I>(open: impl Fn() -> I, roll: f64) -> Option<(usize, f64)>
where
    I: Iterator<Item = (usize, &'g Member)>,
{
    let weight = |member: &Member| if let Policy::Weighted(weight) = member.policy { weight } else { 0.0 };
    let total: f64 = open().map(|(_, member)| weight(member)).sum();
    let share = |member: &Member| if total > 0.0 { weight(member) } else { 1.0 };
    let all = if total > 0.0 { total } else { open().count() as f64 };
    let mut left = roll.clamp(0.0, 1.0) * all;
    let mut last = None;
    for (at, member) in open().filter(|(_, member)| share(member) > 0.0) {
        let share = share(member);
        if left < share {
            return Some((at, left / share));
        }
        left -= share;
        last = Some((at, 0.999_999));
    }
    last
}
