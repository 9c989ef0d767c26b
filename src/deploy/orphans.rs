//! What carries the stack's tag and is no node of its graph any more: a Region that was taken out of the file, a thing
//! that has another name now. A plan tells of it, and nobody but a human takes it away.

use super::graph::Graph;
use super::node::Node;
use super::parts::names::is_reference;
use super::walk::{End, walk};
use crate::cloud::Aws;
use crate::cloud::look::strays;
use crate::model::deploy::Stray;
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::text::clean;
use crate::probe::Boxed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// What is left over, and what could not be asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Orphans {
    /// In the order in which they can be taken away.
    pub found: Vec<Stray>,
    /// Where and why nothing is known.
    pub unseen: Vec<String>,
}

type Looked = (Vec<Stray>, Vec<(&'static str, CallError)>);

/// Looks in every Region that the file names, where the database and the sessions have a copy, and where the names of
/// what is left over point.
pub async fn search(aws: &Aws, spec: &Spec, graph: &Graph) -> Orphans {
    let mut regions: BTreeSet<String> = spec.region_names().map(String::from).collect();
    regions.extend(spec.control_regions.iter().cloned());
    regions.insert(crate::model::call::ROUTE53_HOME.into());
    let (copies, checks) = tokio::join!(strays::copies(aws, &spec.stack), strays::health_checks(aws, &spec.stack));
    regions.extend(copies);
    let (mut all, mut orphans, mut seen) = (vec![], Orphans::default(), BTreeSet::new());
    match checks {
        Ok(checks) => all.extend(left(checks, spec, graph)),
        Err(why) => orphans.unseen.push(format!("health checks: {why}")),
    }
    while !regions.is_empty() {
        let next: Vec<String> = std::mem::take(&mut regions).into_iter().collect();
        for (region, (found, unseen)) in everywhere(&aws.in_regions(next.clone()), &next, spec).await {
            let words = |(service, why): (&str, CallError)| format!("{region} {service}: {}", clean(&why.to_string()));
            orphans.unseen.extend(unseen.into_iter().map(words));
            all.extend(left(found, spec, graph));
        }
        seen.extend(next);
        regions = all.iter().flat_map(|one| regions_in(&one.name)).filter(|region| !seen.contains(region)).collect();
    }
    // a global cluster is told in every Region
    let mut globals = BTreeSet::new();
    all.retain(|one| !is_global(one) || globals.insert(one.name.clone()));
    all.sort_by_key(turn);
    orphans.found = all;
    orphans
}

/// When it can go: what tells and routes first, networks last of all; within a Region as they were found.
fn turn(stray: &Stray) -> usize {
    const TURNS: [&str; 7] =
        ["route53", "cloudwatch", "application-autoscaling", "ecs", "elbv2", "rds", "secretsmanager"];
    let base = stray.service == "cloudformation" && stray.name.ends_with("-base");
    let place = TURNS.iter().position(|service| *service == stray.service).unwrap_or(TURNS.len());
    if base || stray.service == "cloudformation" { TURNS.len() + 1 + usize::from(base) } else { place }
}

fn is_global(stray: &Stray) -> bool {
    stray.remove.iter().any(|call| call.operation() == "DeleteGlobalCluster")
}

/// Regions do not wait for one another.
async fn everywhere(aws: &Aws, regions: &[String], spec: &Spec) -> BTreeMap<String, Looked> {
    let looked = Mutex::new(BTreeMap::new());
    walk(&vec![vec![]; regions.len()], |place| {
        let (region, looked) = (&regions[place], &looked);
        let future: Boxed<'_, End> = Box::pin(async move {
            let found = strays::of_region(aws, region, &spec.stack).await;
            looked.lock().unwrap_or_else(PoisonError::into_inner).insert(region.clone(), found);
            End::Well
        });
        Some(future)
    })
    .await;
    looked.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Those that no node stands for.
fn left(strays: Vec<Stray>, spec: &Spec, graph: &Graph) -> Vec<Stray> {
    let known = |stray: &Stray| graph.nodes().iter().any(|node| stands_for(node, stray, spec));
    strays.into_iter().filter(|stray| !known(stray)).collect()
}

fn stands_for(node: &Node, stray: &Stray, spec: &Spec) -> bool {
    if node.service != stray.service {
        return false;
    }
    if stray.service == "route53" {
        return is_reference(&stray.name, &node.name);
    }
    let everywhere = |regions: &[String]| regions.contains(&stray.region);
    let here = match stray.service {
        // one node stands for the control table and its replicas
        "dynamodb" if node.name == spec.stack.control_table() => everywhere(&spec.control_regions),
        "rds" if is_global(stray) => true,
        _ => node.region == stray.region,
    };
    here && node.name.split(", ").any(|name| name == stray.name)
}

/// The Regions that a name holds: `shop-peering-eu-west-1-us-east-1`.
fn regions_in(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(['-', '/', '.']).filter(|word| !word.is_empty()).collect();
    let is = |words: &&[&str]| {
        let [country, direction, number] = words else { return false };
        let letters = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        country.len() == 2
            && letters(country)
            && direction.len() > 3
            && letters(direction)
            && number.parse::<u8>().is_ok_and(|number| (1..10).contains(&number))
    };
    words.windows(3).filter(is).map(|words| words.join("-")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::simulated_spec;
    use crate::deploy::stack;

    fn stray(region: &str, service: &'static str, name: &str) -> Stray {
        Stray { region: region.into(), service, name: name.into(), logical_id: None, remove: vec![] }
    }

    #[test]
    fn what_a_node_stands_for_is_no_orphan() {
        let spec = simulated_spec();
        let graph = stack::graph(&spec).unwrap();
        let known = [
            stray("eu-west-1", "ecs", "shop"),
            stray("eu-west-1", "ecs", "shop-web"),
            stray("us-east-1", "rds", "shop-db-us-east-1-1"),
            stray("eu-west-1", "secretsmanager", "shop-master"),
            stray("us-west-2", "dynamodb", "shop-control"),
            stray("eu-west-1", "cloudwatch", "shop-5xx"),
            stray("us-east-1", "route53", "shop-endpoint-eu-west-1-0123abcd-2"),
            stray("us-east-1", "elbv2", "/.tandem/switch/eu-west-1"),
            stray("us-east-1", "cloudformation", "shop-base"),
        ];
        assert_eq!(left(known.to_vec(), &spec, &graph), vec![]);
        let strange = [
            stray("eu-central-1", "ecs", "shop"),
            stray("us-east-1", "rds", "shop-db-us-east-1-9"),
            stray("eu-central-1", "secretsmanager", "shop-master"),
            stray("us-east-1", "route53", "shop-endpoint-eu-central-1-0123abcd"),
            stray("us-east-1", "elbv2", "/.tandem/switch/eu-central-1"),
            stray("us-east-1", "cloudformation", "shop-peering-eu-central-1-us-east-1"),
        ];
        assert_eq!(left(strange.to_vec(), &spec, &graph), strange.to_vec());
    }

    #[test]
    fn networks_go_last() {
        let mut all = [
            stray("a", "cloudformation", "shop-base"),
            stray("b", "cloudformation", "shop-peering-a-b"),
            stray("b", "dynamodb", "shop-sessions"),
            stray("a", "ecs", "shop-web"),
            stray("us-east-1", "route53", "shop-health-a-0123abcd"),
        ];
        all.sort_by_key(turn);
        let order = all.map(|one| one.service);
        assert_eq!(order, ["route53", "ecs", "dynamodb", "cloudformation", "cloudformation"]);
        assert_eq!(turn(&stray("a", "cloudformation", "shop-base")), 9);
    }

    #[test]
    fn names_point_to_regions() {
        assert_eq!(regions_in("shop-peering-eu-central-1-us-east-1"), ["eu-central-1", "us-east-1"]);
        assert_eq!(regions_in("/.tandem/switch/ap-northeast-1"), ["ap-northeast-1"]);
        assert_eq!(regions_in("shop-web-1"), Vec::<String>::new());
    }
}
