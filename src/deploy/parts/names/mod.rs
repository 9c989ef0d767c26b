//! Route 53: origins, health checks, the proof of every switch, and only then the records that users follow.
//!
//! ```text
//! app                 policy  aliases to R.app, by latency or by continent
//!  R.app              dial    weighted: ALB R with hc(R), and rest-R.app
//!   rest-R.app        latency aliases to the ALBs of the peers P, each with hc(P)
//! origin-R.app        ALB R, without a check
//! hc(R)               all of: endpoint(R); switch(R) at every peer, inverted
//! _*                  what proves the names of certificates that are made, written by CloudFormation
//! ```
//!
//! Origins stand before their checks: a checker that asks for a name that is not there remembers for some time
//! that there is none (RFC 2308). Removal goes the other way, so what users follow goes first of all.

mod alarms;
mod batch;
mod checks;
mod former;
mod geo;
mod named;
mod origins;
mod proof;
mod record;
#[cfg(test)]
mod tests;
mod tree;
mod validation;
mod zone;

pub(in crate::deploy) use checks::is_reference;

use super::super::node::Node;
use super::super::part::Part;
use super::certificates::VALIDATION;
use super::watching::CLOUDWATCH;
use crate::model::call::ROUTE53_HOME;
use crate::model::spec::{Site, Spec};
use checks::Check;
use std::time::Duration;

const SERVICE: &str = "route53";

fn node(id: &str, name: impl Into<String>, part: impl Part + 'static) -> Node {
    Node::new(id, ROUTE53_HOME, SERVICE, name, part)
}

/// The names that a spec asks for.
pub fn nodes(spec: &Spec) -> Vec<Node> {
    let (stack, policy) = (&spec.stack.name, &spec.stack.policy);
    let of = |what: &str| spec.region_names().map(|region| format!("{region}/{what}")).collect::<Vec<_>>();
    let mut nodes = vec![
        node("zone", spec.stack.zone.clone(), zone::Zone::of(spec)),
        node("dns/origins", format!("origin-*.{policy}"), origins::Origins::of(spec))
            .needs(["zone", "control"])
            .needs(of("alb")),
    ];
    if spec.regions.iter().any(Site::makes_certificate) {
        nodes.push(node(VALIDATION, format!("_*.{policy}"), validation::Validation::of(spec)).needs(["zone"]));
    }
    let mut proven: Vec<String> = ["listener", "service"].iter().flat_map(|what| of(what)).collect();
    for region in spec.region_names() {
        let mut children = vec![format!("{region}/check-endpoint")];
        let endpoint = Check::endpoint(spec, region);
        nodes.push(node(&children[0], endpoint.name(), endpoint).needs(["control", "dns/origins"]));
        for peer in spec.stack.peers(region) {
            let id = format!("{region}/check-switch-{peer}");
            let switch = Check::switch(spec, region, peer);
            nodes.push(node(&id, switch.name(), switch).needs(["control", "dns/origins"]));
            proven.push(format!("{peer}/switch-{region}"));
            children.push(id);
        }
        let health = Check::health(spec, region);
        nodes.push(
            node(&format!("{region}/health"), health.name(), health)
                .needs(["control", "switch-proof"])
                .needs(children.clone()),
        );
        proven.extend(children);
    }
    let proof = node("switch-proof", format!("{stack}-switches"), proof::Proof::of(spec));
    nodes.push(proof.needs(proven).takes(Duration::from_secs(90)));
    let records = node("dns/records", policy.clone(), tree::Records::of(spec));
    let records = records.needs(["zone", "dns/origins", "switch-proof"]).needs(of("alb")).needs(of("health"));
    nodes.push(records);
    // without anybody to tell they would say no more than the metrics do
    if let Some(alarms) = alarms::Alarms::of(spec) {
        let names = alarms.names().join(", ");
        nodes.push(Node::new("dns/alarms", ROUTE53_HOME, CLOUDWATCH, names, alarms).needs(of("health")));
    }
    nodes
}
