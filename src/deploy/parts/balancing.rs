//! What takes users' requests in a Region: a load balancer, its target group, its listeners, and the switches
//! of the other Regions.

use super::listener::Listener;
use super::load_balancer::LoadBalancer;
use super::pieces::id;
use super::switch_rule::SwitchRule;
use super::target_group::TargetGroup;
use crate::deploy::node::Node;
use crate::model::spec::{Site, Spec};
use std::time::Duration;

pub(super) const ELB: &str = "elbv2";

/// For a load balancer to become active: two minutes are usual.
const ACTIVE: Duration = Duration::from_secs(3 * 60);

/// The nodes of every Region.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    spec.regions.iter().flat_map(|site| region(spec, site)).collect()
}

fn region(spec: &Spec, site: &Site) -> Vec<Node> {
    let (region, stack) = (site.name.as_str(), &spec.stack);
    let here = |role: &str| id(region, role);
    let mut nodes = vec![
        Node::new(here("alb"), region, ELB, stack.balancer(region), LoadBalancer::new(spec, region))
            .needs([here("base")])
            .takes(ACTIVE),
        Node::new(here("target-group"), region, ELB, stack.target_group(region), TargetGroup::new(spec, region))
            .needs([here("base")]),
        Node::new(here("listener"), region, ELB, stack.balancer(region), Listener::main(spec, site))
            .needs([here("alb"), here("target-group")])
            .needs(site.makes_certificate().then(|| here("certificate"))),
    ];
    if site.certificate.is_some() {
        let redirect = Node::new(here("redirect"), region, ELB, stack.balancer(region), Listener::redirect(spec, site));
        // until no check asks port 80 any more, it answers by itself
        let healths = spec.region_names().map(|region| id(region, "health"));
        nodes.push(redirect.needs([here("listener")]).follows(healths));
    }
    for part in SwitchRule::all(spec, site) {
        let role = here(&part.role());
        nodes.push(Node::new(role, region, ELB, part.path(), part).needs([here("listener")]));
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;
    use crate::model::spec::Certificate;

    #[test]
    fn a_redirect_comes_after_the_checks_that_ask_port_80_and_brings_none_along() {
        let mut spec = crate::config::simulated_spec();
        spec.regions.iter_mut().for_each(|site| site.certificate = Some(Certificate::Made));
        spec.stack.https = true;
        let graph = crate::deploy::stack::graph(&spec).unwrap();
        let place = |id: &str| graph.nodes().iter().position(|node| node.id == id);
        for health in ["us-east-1/health", "eu-west-1/health"] {
            assert!(place(health) < place("us-east-1/redirect"), "{health}");
        }
        let part = graph.only(&["balancing".into()]).unwrap();
        let has = |id: &str| part.node(id).is_some();
        assert!(has("us-east-1/redirect") && has("us-east-1/certificate") && !has("us-east-1/health"));
    }

    #[test]
    fn a_region_redirects_only_when_it_has_a_certificate() {
        let mut spec = fixtures::spec();
        let ids = |spec: &Spec| nodes(spec).iter().map(|node| node.id.clone()).collect::<Vec<_>>();
        let plain = ["us-east-1/alb", "us-east-1/target-group", "us-east-1/listener", "us-east-1/switch-eu-west-1"];
        assert_eq!(ids(&spec)[..4], plain);
        assert_eq!(ids(&spec).len(), 8);
        let given = Certificate::Given("arn:aws:acm:eu-west-1:123456789012:certificate/1".into());
        for (certificate, waits) in [(given, false), (Certificate::Made, true)] {
            spec.regions[1].certificate = Some(certificate);
            assert!(ids(&spec).contains(&"eu-west-1/redirect".to_string()));
            assert_eq!(ids(&spec).len(), 9);
            let listener = nodes(&spec).into_iter().find(|node| node.id == "eu-west-1/listener").unwrap();
            assert_eq!(listener.needs.contains(&"eu-west-1/certificate".to_string()), waits);
        }
    }
}
