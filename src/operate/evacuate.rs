//! Evacuate R: the switch on every peer that answers. No Route 53 call, nothing in R.

use super::{PlanError, Scene};
use crate::model::call::{Act, Call};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety;
use crate::model::snapshot::{SwitchPosition, SwitchView};
use crate::model::verdict;
use std::time::Duration;

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let switches = switches(scene, region);
    if switches.is_empty() {
        let peers = || scene.snapshot.regions.iter().filter(|peer| peer.name != region);
        return Err(PlanError::Impossible(match peers().any(|peer| peer.switches.current(scene.now).is_some()) {
            true => format!("no load balancer of a peer has a switch for {region}: drain it instead"),
            false => format!("no peer's switch for {region} has ever been seen"),
        }));
    }
    let away = |(_, switch): &(String, SwitchView)| switch.position == SwitchPosition::Evacuate;
    if switches.iter().all(away) {
        return Err(PlanError::Nothing(format!("{region} is evacuated: every switch says so")));
    }
    let rate = view.traffic.value.as_ref().and_then(|traffic| traffic.requests_per_s());
    let load = rate.map_or_else(|| "its load is not known".into(), |rate| format!("{rate:.0} requests/s move"));
    let places = verdict::places(scene.snapshot, region, scene.now)
        .map_or_else(String::new, |(sent, all)| format!(", {sent}/{all} places are sent there now"));
    Ok(Plan {
        kind: Kind::Evacuate,
        region: region.into(),
        title: format!("Evacuate {region} by switch"),
        effects: vec![
            format!("users of {region} go to their next-best Region, {load}{places}"),
            "data plane: checkers see the switch within 10-20 s, answers live 60 s, connections up to 300 s".into(),
            format!("no Route 53 call, nothing is asked of {region}; it holds until it is restored"),
            only_peer_warning(scene, region),
        ],
        checks: vec![
            safety::floor(scene.snapshot, scene.now, region, scene.stack.floor_regions),
            safety::capacity(scene.snapshot, scene.now, region, scene.stack.capacity_headroom),
            safety::ours(scene.snapshot, scene.stack.peers(region)),
            scene.alone(),
        ],
        steps: vec![
            flip(scene, region, true),
            Step {
                title: "Verify that no place is sent there".into(),
                calls: vec![],
                enough: Enough::All,
                until: Until::Answers { region: region.into(), left: true },
                within: Duration::from_secs(10 * 60),
            },
        ],
        undo: format!("restore {region}: the switches say SERVE again"),
        held: vec![],
    })
}

fn only_peer_warning(scene: Scene<'_>, region: &str) -> String {
    match scene.stack.peers(region).count() {
        1 => "with two Regions the evacuation ends if the peer's load balancer dies: it fails open".into(),
        n => format!("any one of {n} peers holds the evacuation"),
    }
}

/// The switches for `region`, as last seen, by peer.
pub(super) fn switches(scene: Scene<'_>, region: &str) -> Vec<(String, SwitchView)> {
    scene
        .snapshot
        .regions
        .iter()
        .filter(|peer| peer.name != region)
        .filter_map(|peer| {
            let switch = peer.switches.value.as_ref()?.get(region)?;
            Some((peer.name.clone(), switch.clone()))
        })
        .collect()
}

/// Turns every switch for `region` that does not stand right; one that answers is enough.
pub(super) fn flip(scene: Scene<'_>, region: &str, evacuate: bool) -> Step {
    let switches = switches(scene, region);
    let epoch = 1 + switches.iter().map(|(_, switch)| switch.epoch).max().unwrap_or(0);
    let word = if evacuate { "EVACUATE" } else { "SERVE" };
    let calls = switches
        .iter()
        .map(|(peer, switch)| {
            let act = Act::ModifyRule { rule_arn: switch.rule_arn.clone(), body: format!("{word} {region} {epoch}") };
            Call::new(peer, act)
        })
        .collect();
    Step {
        title: format!("Switch {region} to {word} on every peer that answers"),
        calls,
        enough: if evacuate { Enough::Any } else { Enough::All },
        until: Until::Switched { region: region.into(), evacuate },
        within: Duration::from_secs(5 * 60),
    }
}
