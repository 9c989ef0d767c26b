//! What a client does: it resolves a name through its resolver, then connects to one address after
//! the other until one takes it.

use super::{FetchError, fetch};
use crate::faults::From;
use crate::geo::{Place, latency_ms, place_of, region};
use crate::random::Random;
use crate::world::World;
use crate::world::dns::{self, DnsAnswer, RecordData, RecordType};
use crate::world::elb::{self, HttpAnswer, HttpAsk, Scheme};
use std::net::{IpAddr, Ipv4Addr};

/// How many CNAMEs a resolver follows before it gives up; BIND and Unbound have similar limits
/// (assumed).
const CHAIN: usize = 8;

/// What a client that sits at `client` is told about `name`.
pub fn resolve_for(world: &World, name: &str, kind: RecordType, client: IpAddr) -> DnsAnswer {
    let place = place_of(client);
    dns::resolve(world, name, kind, place, roll(world, name, &client.to_string()))
}

/// The addresses of `name` as a client at `place` gets them, and for how many seconds they may be
/// kept: CNAMEs are followed, the shortest time to live counts.
pub fn addresses(world: &World, name: &str, place: &Place, roll: f64) -> (Vec<Ipv4Addr>, Option<u32>) {
    let (mut name, mut ttl_s) = (name.to_string(), None);
    for _ in 0..CHAIN {
        let answer = dns::resolve(world, &name, RecordType::A, place, roll);
        let (mut found, mut next) = (vec![], None);
        for record in &answer.records {
            match &record.data {
                RecordData::A(ip) => found.push(*ip),
                RecordData::Cname(to) => next = Some(to.clone()),
                _ => continue,
            }
            ttl_s = Some(ttl_s.map_or(record.ttl_s, |least: u32| least.min(record.ttl_s)));
        }
        match next {
            Some(to) if found.is_empty() => name = to,
            _ => return (found, ttl_s),
        }
    }
    (vec![], ttl_s)
}

/// A draw among weights for one lookup: the same client asking the same thing at the same moment is
/// told the same.
pub fn roll(world: &World, name: &str, client: &str) -> f64 {
    Random::stream(world.seed ^ world.now.0, &format!("{client} {name}")).unit()
}

/// Why a visit got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    #[error("could not resolve the host")]
    NotResolved,
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// One visit of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    pub answer: Result<HttpAnswer, VisitError>,
    /// The address that answered, or the last one tried.
    pub ip: Option<Ipv4Addr>,
    /// The Region of that address.
    pub region: Option<String>,
    /// Every address that the name had, in the order of trying.
    pub addresses: Vec<Ipv4Addr>,
    /// From the place to the Region and through it, milliseconds; `None` without an answer.
    pub latency_ms: Option<f64>,
}

/// Visits `scheme://host/path` from `place` as curl does: resolve, connect to the addresses in turn
/// until one takes the connection, follow no redirect.
pub fn visit(world: &World, place: &Place, scheme: Scheme, host: &str, path: &str) -> Visit {
    let roll = roll(world, host, place.name);
    let found = match host.parse::<Ipv4Addr>() {
        Ok(ip) => vec![ip],
        Err(_) => addresses(world, host, place, roll).0,
    };
    visit_at(world, place, scheme, host, path, found)
}

/// Like [`visit`], to addresses that are already known.
pub fn visit_at(
    world: &World,
    place: &Place,
    scheme: Scheme,
    host: &str,
    path: &str,
    addresses: Vec<Ipv4Addr>,
) -> Visit {
    let port = match scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    let ask = HttpAsk { method: "GET".into(), scheme, host: host.into(), path: path.into(), port };
    let mut visit =
        Visit { answer: Err(VisitError::NotResolved), ip: None, region: None, addresses: vec![], latency_ms: None };
    for ip in &addresses {
        visit.ip = Some(*ip);
        visit.region = elb::node_at(world, *ip).map(|node| node.region);
        visit.answer = fetch(world, From::Place(place), *ip, &ask).map_err(VisitError::Fetch);
        if let Ok(answer) = &visit.answer {
            let away = visit.region.as_deref().and_then(region).map_or(0.0, |region| latency_ms(place, region));
            // one round trip to connect, one for the request
            visit.latency_ms = Some(2.0 * away + answer.latency_ms);
            break;
        }
    }
    visit.addresses = addresses;
    visit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::PLACES;

    #[test]
    fn an_unknown_name_is_not_resolved() {
        let world = World::empty(1);
        let visit = visit(&world, &PLACES[0], Scheme::Http, "nowhere.example", "/");
        assert_eq!(visit.answer.unwrap_err(), VisitError::NotResolved);
        assert_eq!(visit.ip, None);
    }

    #[test]
    fn a_client_is_told_the_same_at_the_same_moment_and_draws_anew_later() {
        let mut world = World::empty(1);
        let first = roll(&world, "app", "198.18.0.1");
        assert_eq!(first.to_bits(), roll(&world, "app", "198.18.0.1").to_bits());
        assert_ne!(first.to_bits(), roll(&world, "app", "198.18.0.2").to_bits());
        world.now = world.now + std::time::Duration::from_secs(1);
        assert_ne!(first.to_bits(), roll(&world, "app", "198.18.0.1").to_bits());
    }
}
