//! What answers users' requests in a Region: a cluster, a task definition, a service, and what scales it.

use super::cluster::Cluster;
use super::database::opens;
use super::pieces::id;
use super::scaling::{Policy, Target};
use super::service::Service;
use super::task_definition::TaskDefinition;
use crate::deploy::node::Node;
use crate::model::spec::Spec;
use std::time::Duration;

pub(super) const ECS: &str = "ecs";
pub(super) const SCALING: &str = "application-autoscaling";

/// For tasks to start, to be healthy and for the deployment to be called complete.
const STEADY: Duration = Duration::from_secs(4 * 60);

/// The nodes of every Region.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    spec.region_names().flat_map(|region| nodes_of(spec, region)).collect()
}

fn nodes_of(spec: &Spec, region: &str) -> Vec<Node> {
    let stack = &spec.stack;
    let here = |role: &str| id(region, role);
    let sessions = if region == spec.home() { "sessions".to_string() } else { here("sessions") };
    let mut service = Node::new(here("service"), region, ECS, stack.service(region), Service::new(spec, region))
        .needs([here("ecs"), here("task-definition"), here("listener"), sessions])
        .takes(STEADY);
    if spec.database.instances > 0 {
        service = service.needs([here("db-1")]);
    }
    let mut nodes = vec![
        Node::new(here("ecs"), region, ECS, stack.cluster(region), Cluster::new(spec, region)),
        Node::new(here("task-definition"), region, ECS, stack.service(region), TaskDefinition::new(spec, region))
            .needs([here("base"), here("db"), "global-db".into(), opens(spec, region)]),
        service,
    ];
    if let Some(bounds) = &spec.app.autoscaling {
        let (target, policy) = (Target::new(spec, region, bounds), Policy::new(spec, region, bounds));
        let name = policy.name();
        nodes.push(
            Node::new(here("scaling"), region, SCALING, stack.scaling_resource(region), target)
                .needs([here("service")]),
        );
        nodes.push(Node::new(here("scaling-policy"), region, SCALING, name, policy).needs([here("scaling")]));
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn nothing_scales_a_fixed_count() {
        let mut spec = fixtures::spec();
        assert_eq!(nodes(&spec).len(), 10);
        spec.app.autoscaling = None;
        assert!(nodes(&spec).iter().all(|node| node.service == ECS));
    }

    #[test]
    fn tasks_start_when_all_that_they_use_is_there() {
        let nodes = nodes(&fixtures::spec());
        let needs = |id: &str| nodes.iter().find(|node| node.id == id).unwrap().needs.clone();
        assert!(needs("us-east-1/service").contains(&"sessions".to_string()));
        assert!(needs("eu-west-1/service").contains(&"eu-west-1/sessions".to_string()));
        assert!(needs("eu-west-1/service").contains(&"eu-west-1/db-1".to_string()));
        assert_eq!(needs("eu-west-1/scaling-policy"), ["eu-west-1/scaling"]);
    }
}
