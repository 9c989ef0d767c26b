//! One second of requests: from the connections through the front door to the tasks, and what came
//! back to whom.

use super::cohort::Cohort;
use super::resolver::POOLS;
use super::{Load, Totals};
use crate::faults::{self, From};
use crate::random::Random;
use crate::truth::Served;
use crate::world::World;
use crate::world::app;
use crate::world::elb::{self, HttpAsk, Node};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// An address that people are connected to, in this second.
struct Address {
    ip: Ipv4Addr,
    node: Option<Node>,
    /// Whether packets arrive, by the index of the cohort.
    reached: Vec<bool>,
    /// Requests that arrived.
    arrived: u64,
    /// Of those, the ones that failed and are not yet laid on anyone.
    failed: u64,
    refused: bool,
    got: Served,
}

/// What the users of one resolver ask of one address.
struct Bundle {
    cohort: usize,
    resolver: usize,
    /// Index of the address; `None` when the name has no address.
    address: Option<usize>,
    requests: u64,
}

/// Makes the requests of this second.
pub fn run(world: &mut World, load: &Load, cohorts: &mut [Cohort], totals: &mut Totals) {
    connect(world, cohorts);
    let mut addresses = addresses(world, cohorts);
    let bundles = bundles(world, load, cohorts, &mut addresses);
    for address in addresses.iter_mut().filter(|address| address.arrived > 0) {
        let path = load.path(world.chance.users.unit()).to_string();
        let ask =
            HttpAsk { method: "GET".into(), scheme: load.scheme, host: load.host.clone(), path, port: load.port() };
        match elb::serve(world, address.ip, &ask, address.arrived) {
            Some(served) => address.failed = address.arrived - served.ok.min(address.arrived),
            None => (address.failed, address.refused) = (address.arrived, true),
        }
    }
    account(world, cohorts, totals, &mut addresses, &bundles);
}

fn connect(world: &mut World, cohorts: &mut [Cohort]) {
    for cohort in cohorts {
        let mut chance = world.chance.users.clone();
        let keep_alive = |ip| elb::client_keep_alive(world, ip);
        let mut moved = false;
        for resolver in &mut cohort.resolvers {
            moved |= resolver.connect(world.now, keep_alive, &mut chance);
        }
        world.chance.users = chance;
        if moved {
            cohort.notice_move(world);
        }
    }
}

/// Every address with a connection, and who reaches it.
fn addresses(world: &World, cohorts: &[Cohort]) -> Vec<Address> {
    let mut known: Vec<Ipv4Addr> = vec![];
    for (ip, _) in cohorts.iter().flat_map(|cohort| &cohort.resolvers).flat_map(|resolver| &resolver.held) {
        if !known.contains(ip) {
            known.push(*ip);
        }
    }
    known.sort_unstable();
    let of = |ip| {
        let node = elb::node_at(world, ip);
        let reaches = |cohort: &Cohort| {
            let from = From::Place(cohort.place);
            node.as_ref().is_some_and(|node| faults::reaches(world, from, &node.region, Some(&node.zone)))
        };
        let reached = cohorts.iter().map(reaches).collect();
        Address { ip, node, reached, arrived: 0, failed: 0, refused: false, got: Served::default() }
    };
    known.into_iter().map(of).collect()
}

/// Draws how many requests each resolver's users make on each address.
fn bundles(world: &mut World, load: &Load, cohorts: &[Cohort], addresses: &mut [Address]) -> Vec<Bundle> {
    let mut bundles = vec![];
    let mut held = vec![];
    for (cohort_index, cohort) in cohorts.iter().enumerate() {
        let rate = cohort.rate(load.requests_per_s, world.now);
        for (resolver_index, resolver) in cohort.resolvers.iter().enumerate() {
            let by_pool = rate * resolver.share / POOLS as f64;
            let find = |ip: &Ipv4Addr| addresses.binary_search_by_key(ip, |address| address.ip).ok();
            held.clear();
            held.extend(resolver.held.iter().map(|(ip, pools)| (find(ip), *pools)));
            held.push((None, resolver.nowhere()));
            for (address, pools) in held.iter().copied().filter(|(_, pools)| *pools > 0) {
                let requests = world.chance.users.poisson(by_pool * pools as f64);
                if let Some(address) = address.and_then(|index| addresses.get_mut(index)) {
                    address.arrived += if address.reached[cohort_index] { requests } else { 0 };
                }
                bundles.push(Bundle { cohort: cohort_index, resolver: resolver_index, address, requests });
            }
        }
    }
    bundles
}

/// Tells everyone what they got, and breaks the connections that failed.
fn account(
    world: &mut World,
    cohorts: &mut [Cohort],
    totals: &mut Totals,
    addresses: &mut [Address],
    bundles: &[Bundle],
) {
    let mut got = vec![(Served::default(), Served::default()); cohorts.len()];
    // by cohort and address: names are looked at once, not for every bundle
    let mut answered: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for bundle in bundles {
        let resolver = &mut cohorts[bundle.cohort].resolvers[bundle.resolver];
        let mut failed = bundle.requests;
        if let Some(address) = bundle.address.and_then(|index| addresses.get_mut(index)) {
            let reached = address.reached[bundle.cohort];
            if reached {
                failed = share_of_failures(&mut world.chance.users, bundle.requests, address);
            }
            if !reached || address.refused {
                resolver.break_connections(address.ip);
            }
            add(&mut address.got, bundle.requests - failed, failed);
        }
        let ok = bundle.requests - failed;
        if let Some(index) = bundle.address.filter(|_| ok > 0) {
            *answered.entry((bundle.cohort, index)).or_insert(0) += ok;
        }
        add(if resolver.honours_ttl { &mut totals.honouring } else { &mut totals.ignoring }, ok, failed);
        let got = &mut got[bundle.cohort];
        add(if resolver.honours_ttl { &mut got.0 } else { &mut got.1 }, ok, failed);
    }
    for address in addresses.iter() {
        if let Some(node) = &address.node {
            add(totals.regions.entry(node.region.clone()).or_default(), address.got.ok, address.got.failed);
        }
    }
    let mut visits: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for ((cohort, index), requests) in answered {
        if let Some(node) = &addresses[index].node {
            *visits.entry((cohorts[cohort].place.name, node.region.as_str())).or_insert(0) += requests;
        }
    }
    for ((place, region), requests) in visits {
        app::visit(world, place, region, requests);
    }
    for (cohort, (honouring, ignoring)) in cohorts.iter_mut().zip(got) {
        let (ok, failed) = (honouring.ok + ignoring.ok, honouring.failed + ignoring.failed);
        world.truth.serve(world.now, cohort.place.name, ok, failed);
        cohort.notice_errors(world, honouring.ok, honouring.failed);
    }
}

/// How many of `requests` are among the failed ones of their address; the last bundle takes the rest.
fn share_of_failures(chance: &mut Random, requests: u64, address: &mut Address) -> u64 {
    let others = address.arrived - requests;
    let failed = match address.failed {
        0 => 0,
        all if all == address.arrived => requests,
        some => {
            let drawn = chance.binomial(requests, some as f64 / address.arrived as f64);
            drawn.min(some).max(some.saturating_sub(others))
        }
    };
    address.arrived = others;
    address.failed -= failed;
    failed
}

fn add(served: &mut Served, ok: u64, failed: u64) {
    served.ok += ok;
    served.failed += failed;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_failure_is_laid_on_someone(bundles in prop::collection::vec(0_u64..200, 1..40), share in 0.0..=1.0, seed: u64) {
            let arrived: u64 = bundles.iter().sum();
            let failed = (arrived as f64 * share) as u64;
            let ip = Ipv4Addr::LOCALHOST;
            let mut address =
                Address { ip, node: None, reached: vec![], arrived, failed, refused: false, got: Served::default() };
            let mut chance = Random::stream(seed, "users");
            let mut laid = 0;
            for requests in bundles {
                let of_these = share_of_failures(&mut chance, requests, &mut address);
                prop_assert!(of_these <= requests);
                laid += of_these;
            }
            prop_assert_eq!(laid, failed);
        }
    }
}
