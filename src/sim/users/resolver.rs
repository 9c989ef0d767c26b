//! A resolver with the people behind it: what it remembers, and what they are connected to.

use crate::front_door::names;
use crate::geo::Place;
use crate::moment::Moment;
use crate::random::Random;
use crate::world::World;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Connection pools behind one resolver (assumed): the grain in which traffic moves.
pub const POOLS: usize = 16;

/// How long a resolver remembers that there is no answer, seconds (RFC 2308 leaves it to the SOA;
/// Route 53's SOA says 86400 as minimum and 900 as its own TTL, resolvers cap it: assumed).
const NEGATIVE_TTL_S: u64 = 60;

/// How long those keep an answer who ignore its time to live, seconds (assumed).
const IGNORING_TTL_S: (f64, f64) = (300.0, 3600.0);

/// Connections end between this share of the load balancer's keep-alive and the whole of it: people
/// leave, too (assumed).
const SHORTEST_LIFE: f64 = 0.5;

#[derive(Debug, Clone)]
pub struct Resolver {
    /// Of the users of the place.
    pub share: f64,
    pub honours_ttl: bool,
    pub answer: Vec<Ipv4Addr>,
    expires: Moment,
    pub pools: Vec<Pool>,
}

/// Some of the connections behind a resolver: all to one address.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    pub ip: Option<Ipv4Addr>,
    until: Moment,
}

impl Resolver {
    /// One that has asked nothing yet.
    pub fn new(share: f64, honours_ttl: bool) -> Self {
        Self { share, honours_ttl, answer: vec![], expires: Moment(0), pools: vec![Pool::default(); POOLS] }
    }

    /// Asks anew when the answer has expired.
    pub fn look_up(&mut self, world: &mut World, host: &str, place: &Place) {
        if world.now < self.expires {
            return;
        }
        let first = self.expires == Moment(0);
        let roll = world.chance.users.unit();
        let (answer, ttl_s) = names::addresses(world, host, place, roll);
        let ttl_s = match ttl_s {
            Some(ttl_s) if !answer.is_empty() => u64::from(ttl_s.max(1)),
            _ => NEGATIVE_TTL_S,
        };
        let chance = &mut world.chance.users;
        let mut keep_ms = ttl_s * 1000;
        if !self.honours_ttl && !answer.is_empty() {
            keep_ms = keep_ms.max((chance.between(IGNORING_TTL_S.0, IGNORING_TTL_S.1) * 1000.0) as u64);
        }
        if first {
            // others asked it before us: what it has is some time old
            keep_ms = 1 + (keep_ms as f64 * chance.unit()) as u64;
        }
        self.answer = answer;
        self.expires = world.now + Duration::from_millis(keep_ms);
    }

    /// Connects the pools that have no connection or whose time is up. Tells whether any of them went
    /// to another address than before.
    pub fn connect(&mut self, now: Moment, keep_alive: impl Fn(Ipv4Addr) -> Duration, chance: &mut Random) -> bool {
        let mut moved = false;
        for pool in &mut self.pools {
            if pool.ip.is_some() && now < pool.until {
                continue;
            }
            let Some(ip) = pick(&self.answer, pool.ip.filter(|_| pool.until == Moment(0)), chance) else {
                moved |= pool.ip.is_some();
                *pool = Pool::default();
                continue;
            };
            let first = pool.ip.is_none();
            moved |= pool.ip != Some(ip);
            let life = if first { chance.unit() } else { chance.between(SHORTEST_LIFE, 1.0) };
            *pool = Pool { ip: Some(ip), until: now + keep_alive(ip).mul_f64(life).max(Duration::from_secs(1)) };
        }
        moved
    }

    /// The connections to `ip` broke: they are made anew at the next second, elsewhere when the
    /// answer has more than this address.
    pub fn break_connections(&mut self, ip: Ipv4Addr) {
        for pool in self.pools.iter_mut().filter(|pool| pool.ip == Some(ip)) {
            pool.until = Moment(0);
        }
    }
}

/// One of the answer's addresses; not the one that failed, when there is another.
fn pick(answer: &[Ipv4Addr], failed: Option<Ipv4Addr>, chance: &mut Random) -> Option<Ipv4Addr> {
    match (answer, failed.and_then(|failed| answer.iter().position(|ip| *ip == failed))) {
        ([], _) => None,
        ([only], _) => Some(*only),
        (_, None) => answer.get(chance.below(answer.len() as u64) as usize).copied(),
        (_, Some(failed)) => {
            let step = 1 + chance.below(answer.len() as u64 - 1) as usize;
            answer.get((failed + step) % answer.len()).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
    const B: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 2);

    fn resolver(answer: &[Ipv4Addr]) -> Resolver {
        let mut resolver = Resolver::new(1.0, true);
        resolver.answer = answer.to_vec();
        resolver
    }

    fn connected(resolver: &Resolver, ip: Ipv4Addr) -> usize {
        resolver.pools.iter().filter(|pool| pool.ip == Some(ip)).count()
    }

    #[test]
    fn connections_outlive_dns_until_the_keep_alive_ends() {
        let (mut chance, mut resolver) = (Random::stream(1, "users"), resolver(&[A]));
        let life = |_| Duration::from_secs(300);
        let start = Moment::START;
        assert!(resolver.connect(start, life, &mut chance));
        assert_eq!(connected(&resolver, A), POOLS);
        resolver.answer = vec![B];
        resolver.connect(start + Duration::from_secs(1), life, &mut chance);
        assert!(connected(&resolver, A) > POOLS / 2, "an answer alone moves nobody");
        for second in 2..=300 {
            resolver.connect(start + Duration::from_secs(second), life, &mut chance);
        }
        assert_eq!(connected(&resolver, B), POOLS);
    }

    #[test]
    fn broken_connections_are_made_anew_at_the_next_second_to_another_address() {
        let (mut chance, mut resolver) = (Random::stream(1, "users"), resolver(&[A, B]));
        let life = |_| Duration::from_secs(3600);
        resolver.connect(Moment::START, life, &mut chance);
        let before = connected(&resolver, A);
        assert!(before > 0 && before < POOLS);
        resolver.break_connections(A);
        assert!(resolver.connect(Moment::START + Duration::from_secs(1), life, &mut chance));
        assert_eq!((connected(&resolver, A), connected(&resolver, B)), (0, POOLS));
    }

    #[test]
    fn with_one_address_a_broken_connection_goes_back_to_it_until_the_answer_changes() {
        let (mut chance, mut resolver) = (Random::stream(1, "users"), resolver(&[A]));
        let life = |_| Duration::from_secs(3600);
        resolver.connect(Moment::START, life, &mut chance);
        resolver.break_connections(A);
        resolver.connect(Moment::START + Duration::from_secs(1), life, &mut chance);
        assert_eq!(connected(&resolver, A), POOLS);
        resolver.break_connections(A);
        resolver.answer = vec![B];
        resolver.connect(Moment::START + Duration::from_secs(2), life, &mut chance);
        assert_eq!(connected(&resolver, B), POOLS);
    }
}
