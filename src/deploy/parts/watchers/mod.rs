//! Watchers: in every Region of the stack, and in one of the control table's that has nothing else of it. Each stands on
//! a CloudFormation stack of its own and is one task in a cluster of its own, with an alarm that watches it.
//!
//! They come when everything else of the stack stands, for they move traffic away from what does not serve, and go
//! before anything else goes.

mod alarm;

use super::cluster::Cluster;
use super::foundation::{Stack, site};
use super::pieces::id;
use super::service::Service;
use super::task_definition::TaskDefinition;
use super::tasks::ECS;
use super::watching::CLOUDWATCH;
use crate::deploy::foundation::{Mistakes, watch};
use crate::deploy::node::Node;
use crate::deploy::policy;
use crate::model::spec::Spec;
use alarm::DeadMan;
use std::collections::BTreeMap;
use std::time::Duration;

/// CPU units and MiB of a watcher: the smallest task of Fargate.
pub const CPU: u32 = 256;
pub const MEMORY: u32 = 512;

/// What every role of theirs begins with.
pub const ROLES: &str = "watch";

/// For a task to start and the deployment to be called complete.
const STEADY: Duration = Duration::from_secs(2 * 60);

/// The nodes of every Region that watches. `others`: all other nodes of the stack.
///
/// # Errors
/// All that is wrong with names and roles.
pub fn nodes(spec: &Spec, others: &[Node]) -> Result<Vec<Node>, Mistakes> {
    let all: Vec<&str> = others.iter().map(|node| node.id.as_str()).collect();
    let mut nodes = vec![];
    for region in spec.watch_regions() {
        nodes.extend(nodes_of(spec, region, &all)?);
    }
    Ok(nodes)
}

fn nodes_of(spec: &Spec, region: &str, others: &[&str]) -> Result<Vec<Node>, Mistakes> {
    let here = |role: &str| id(region, role);
    let name = spec.stack.watch_name();
    let template = watch(&site(spec), region, policy::watcher(spec, "${AWS::AccountId}"))?;
    let base = Stack::new("watch-base", template, &BTreeMap::new()).node(here("watch-base"), |stack| stack);
    let (cluster, task) = (Cluster::of_watcher(spec, region), TaskDefinition::of_watcher(spec, region));
    let (service, alarm) = (Service::of_watcher(spec, region), DeadMan::new(spec, region));
    Ok(vec![
        base,
        Node::new(here("watch-cluster"), region, ECS, &name, cluster),
        Node::new(here("watch-task"), region, ECS, &name, task).needs([here("watch-base")]),
        Node::new(here("watch-service"), region, ECS, &name, service)
            .needs([here("watch-base"), here("watch-cluster"), here("watch-task")])
            .follows(others.iter().copied())
            .takes(STEADY),
        Node::new(here("watch-alarm"), region, CLOUDWATCH, &name, alarm).needs([here("watch-service")]),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::parts::sample;
    use crate::deploy::stack::graph;

    fn watched() -> Spec {
        let mut spec = sample::spec(&["us-east-1", "eu-west-1"]);
        spec.watch.image = Some("tandem:1".into());
        spec
    }

    #[test]
    fn they_run_in_every_region_and_in_one_outside() {
        let graph = graph(&watched()).unwrap();
        for role in ["watch-base", "watch-cluster", "watch-task", "watch-service", "watch-alarm"] {
            let of = graph.nodes().iter().filter(|node| node.role() == role);
            let mut regions: Vec<&str> = of.map(|node| node.region.as_str()).collect();
            regions.sort_unstable();
            assert_eq!(regions, ["eu-west-1", "us-east-1", "us-east-2"], "{role}");
        }
        let without = crate::deploy::stack::graph(&sample::spec(&["us-east-1", "eu-west-1"])).unwrap();
        assert!(without.nodes().iter().all(|node| !node.role().starts_with(ROLES)));
    }

    #[test]
    fn they_come_last_and_go_first() {
        let graph = graph(&watched()).unwrap();
        let place = |id: &str| graph.nodes().iter().position(|node| node.id == id).unwrap();
        let service = place("us-east-2/watch-service");
        for (at, node) in graph.nodes().iter().enumerate().filter(|(_, node)| !node.role().starts_with(ROLES)) {
            assert!(graph.needs(service).contains(&at), "{} stands first", node.id);
        }
        assert!(graph.needed_by()[place("dns/records")].contains(&service), "and goes after it");
        assert_eq!(graph.needed_by()[service], [place("us-east-2/watch-alarm")]);
    }

    #[test]
    fn they_can_be_made_alone() {
        let only = |word: &str| graph(&watched()).unwrap().only(&[word.to_string()]).unwrap();
        let alone = only("watchers");
        let ids: Vec<&str> = alone.nodes().iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids.len(), 1 + 3 * 5, "{ids:?}");
        assert!(ids.contains(&"control") && ids.contains(&"us-east-2/watch-alarm"));
        for area in ["foundation", "tasks", "watching"] {
            assert!(only(area).nodes().iter().all(|node| !node.role().starts_with(ROLES)), "{area}");
        }
    }
}
