//! Regions and their networks, one by one and together.

use super::super::mistake::Mistake;
use super::super::site::Region;
use super::Place;
use super::shape::is_region;
use crate::model::cidr::{Cidr, SMALLEST_MADE};
use crate::model::shapes::is_id;
use crate::model::spec::{Nat, Network};
use std::collections::BTreeSet;

pub(super) fn regions<'a>(regions: &'a [Region], wrong: &mut Vec<Mistake>) -> Vec<Place<'a>> {
    if regions.len() < 2 {
        wrong.push(Mistake::TooFewRegions { count: regions.len() });
    }
    let mut seen = BTreeSet::new();
    let mut places: Vec<Place<'_>> = Vec::new();
    for Region { name, network } in regions {
        if !is_region(name) {
            wrong.push(Mistake::RegionName { region: name.clone() });
        }
        if !seen.insert(name) {
            wrong.push(Mistake::RegionTwice { region: name.clone() });
        }
        let cidr = match Cidr::vpc(network.cidr()) {
            Ok(cidr) => cidr,
            Err(error) => {
                wrong.push(Mistake::Cidr { region: name.clone(), error });
                continue;
            }
        };
        self::network(name, network, cidr, wrong);
        let overlaps = places.iter().filter(|other| other.region != name && other.cidr.overlaps(cidr));
        wrong.extend(overlaps.map(|other| Mistake::Overlap {
            a: other.region.into(),
            a_cidr: other.cidr,
            b: name.clone(),
            b_cidr: cidr,
        }));
        places.push(Place { region: name, cidr, network });
    }
    places
}

fn network(region: &str, network: &Network, cidr: Cidr, wrong: &mut Vec<Mistake>) {
    let region = || region.to_string();
    match network {
        Network::Made { zones, nat, .. } => {
            if cidr.prefix() > SMALLEST_MADE {
                wrong.push(Mistake::TooSmall { region: region(), cidr, smallest: SMALLEST_MADE });
            }
            if !(2..=3).contains(zones) {
                wrong.push(Mistake::Zones { region: region(), zones: *zones });
            }
            if *nat == Nat::None && region().starts_with("cn-") {
                wrong.push(Mistake::EndpointsInChina { region: region() });
            }
        }
        Network::Given { vpc, public, private, route_tables, .. } => {
            let subnets = public.iter().chain(private).map(|id| ("subnet", "subnet-", id));
            let tables = route_tables.iter().map(|id| ("route table", "rtb-", id));
            let mut seen = BTreeSet::new();
            for (what, prefix, id) in [("VPC", "vpc-", vpc)].into_iter().chain(subnets).chain(tables) {
                if !is_id(id, prefix) {
                    wrong.push(Mistake::Id { region: region(), what, value: id.clone(), prefix });
                } else if !seen.insert(id) {
                    wrong.push(Mistake::IdTwice { region: region(), id: id.clone() });
                }
            }
            for (kind, count) in [("public", public.len()), ("private", private.len())] {
                if count < 2 {
                    wrong.push(Mistake::TooFewSubnets { region: region(), kind, count });
                }
            }
            if route_tables.is_empty() {
                wrong.push(Mistake::NoRouteTables { region: region() });
            }
        }
    }
}
