//! The switches that evacuate Regions: one on the load balancer of each other Region.

use super::findings::Findings;
use super::report::Finding;
use crate::model::snapshot::{SwitchPosition, SwitchView};
use crate::model::spec::Spec;

/// Whether any switch evacuates the Region now: its checks are unhealthy then, as they shall be.
pub fn evacuated(findings: &Findings, region: &str) -> bool {
    let balancers = findings.regions.iter().filter_map(|peer| peer.balancer.as_ref().ok()?.as_ref());
    balancers.filter_map(|peer| peer.switches.get(region)).any(|one| one.position == SwitchPosition::Evacuate)
}

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let mut finding = Finding::fine("each Region can be evacuated by the others, and they agree");
    for region in &findings.regions {
        if matches!(finding.seen(&region.name, &region.balancer), Some(None)) {
            let what = format!(
                "there is no load balancer {}: nobody is served, and nobody is evacuated",
                spec.stack.balancer(&region.name)
            );
            finding.ill(&region.name, what, "`tandem plan` tells more, and `tandem apply` makes it");
        }
    }
    for region in spec.region_names() {
        of(&mut finding, findings, spec, region);
    }
    finding
}

fn of(finding: &mut Finding, findings: &Findings, spec: &Spec, region: &str) {
    let mut seen: Vec<(&str, &SwitchView)> = vec![];
    for peer in spec.stack.peers(region) {
        let Some(Ok(Some(balancer))) = findings.region(peer).map(|peer| &peer.balancer) else { continue };
        let todo = "`tandem apply` makes it right";
        match balancer.switches.get(region) {
            None => {
                let what = format!(
                    "the switch of {region} is missing on this load balancer: from here it cannot be evacuated"
                );
                finding.ill(peer, what, todo);
            }
            Some(switch) if switch.position == SwitchPosition::Unreadable => {
                let what = format!("the switch of {region} says \"{}\", which no check understands", switch.body);
                finding.ill(peer, what, todo);
            }
            Some(switch) => seen.push((peer, switch)),
        }
    }
    let agree = |one: &SwitchView, other: &SwitchView| (one.position, one.epoch) == (other.position, other.epoch);
    let Some(((first, one), rest)) = seen.split_first().map(|(first, rest)| (*first, rest)) else { return };
    for (peer, other) in rest.iter().filter(|(_, other)| !agree(one, other)) {
        let what = format!(
            "the switch of {region} says \"{}\" here and \"{}\" at {first}: one of them evacuates, or a late one will",
            other.body, one.body
        );
        finding.ill(
            peer,
            what,
            format!("Evacuate or restore {region} once more in the console: all switches are set to one"),
        );
    }
}
