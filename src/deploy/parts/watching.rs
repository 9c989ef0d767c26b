//! What tells people how the stack is: alarms in every Region, one dashboard for all.

use super::alarms::Alarms;
use super::dashboard::Dashboard;
use super::pieces::id;
use crate::deploy::given::{Given, Missing};
use crate::deploy::node::Node;
use crate::model::spec::Spec;

pub(super) const CLOUDWATCH: &str = "cloudwatch";

/// The nodes of every Region, and the dashboard.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    let balanced = |region: &str| [id(region, "alb"), id(region, "target-group")];
    let mut nodes: Vec<Node> = spec
        .region_names()
        .map(|region| {
            let part = Alarms::new(spec, region);
            Node::new(id(region, "alarms"), region, CLOUDWATCH, part.names().join(", "), part).needs(balanced(region))
        })
        .collect();
    let dashboard = Node::new("dashboard", spec.home(), CLOUDWATCH, spec.stack.name.clone(), Dashboard::new(spec));
    nodes.push(dashboard.needs(spec.region_names().flat_map(balanced)));
    nodes
}

/// What CloudWatch calls the load balancer and the target group of a Region: the ends of their ARNs.
pub(super) fn dimensions(region: &str, given: &Given) -> Result<(String, String), Missing> {
    let end = |arn: &str, kind: &str| arn.split_once(kind).map_or(arn, |(_, rest)| rest).to_string();
    let balancer = end(given.of(&id(region, "alb"), "arn")?, ":loadbalancer/");
    let group = end(given.of(&id(region, "target-group"), "arn")?, ":targetgroup/");
    Ok((balancer, format!("targetgroup/{group}")))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn there_is_one_dashboard_for_all_regions() {
        let nodes = nodes(&fixtures::spec());
        let ids: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["us-east-1/alarms", "eu-west-1/alarms", "dashboard"]);
        assert_eq!(nodes[2].needs.len(), 4);
        assert_eq!(nodes[2].region, "us-east-1");
    }

    #[test]
    fn the_ends_of_arns_are_what_metrics_are_told_by() {
        let (balancer, group) = dimensions("eu-west-1", &fixtures::given()).unwrap();
        assert_eq!(balancer, "app/shop-web/50dc6c495c0c9188");
        assert_eq!(group, "targetgroup/shop-web/73e2d6bc24d8a067");
        assert!(dimensions("ap-south-1", &fixtures::given()).is_err());
    }
}
