//! Drain R: make room elsewhere, then turn the dial down step by step. It needs the Route 53 control
//! plane; when that is gone, evacuate.

use super::{PlanError, Scene, never_seen, weight};
use crate::model::call::{Act, Call, Change, ChangeAction, ROUTE53_HOME};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::records::{RecordSet, Routing};
use crate::model::safety;
use crate::model::snapshot::Records;
use std::time::Duration;

/// What the checkers and probes ask of a Region that no user is sent to, requests a second: 16
/// checkers every 10 s for its endpoint and for each peer's switch (Route 53 Developer Guide, how it
/// determines health), twice over for other probes.
fn floor(peers: usize) -> f64 {
    2.0 * 1.6 * (1 + peers) as f64
}

/// Of the load before a drain, what may stay: resolvers that ignore TTLs. They are a few percent (the
/// simulator assumes 5 %, for five minutes to an hour), so this is met while their tail falls, well within
/// the hour and a quarter that the step has, and whoever is left is still answered.
const STAYS: f64 = 0.04;

/// What keeps users from a Region.
pub(super) struct Turned {
    /// `dial 100 to 0`
    pub title: String,
    pub steps: Vec<Step>,
    /// What puts it back, where the restore cannot tell by itself.
    pub held: Vec<Call>,
    pub undo: String,
}

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let records = scene.snapshot.records.value.as_ref().ok_or_else(|| never_seen("the DNS tree", region))?;
    let turned = match records.dials.get(region) {
        Some(dial) => by_dial(scene, records, region, *dial)?,
        None if scene.stack.resources.is_empty() => return Err(never_seen("the dial", region)),
        None => weight::away(scene, records, region)?,
    };
    let rate = view.traffic.value.as_ref().and_then(|traffic| traffic.requests_per_s());
    let (mut steps, mut held) = make_room(scene, region);
    steps.extend(turned.steps);
    held.extend(turned.held);
    let peers = scene.stack.regions.len().saturating_sub(1);
    steps.push(Step {
        title: "Verify that no place is sent there".into(),
        calls: vec![],
        enough: Enough::All,
        until: Until::Answers { region: region.into(), left: true },
        within: Duration::from_secs(10 * 60),
    });
    steps.push(Step {
        title: "Wait for requests to leave (kept connections and resolvers that ignore TTLs)".into(),
        calls: vec![],
        enough: Enough::All,
        until: Until::Quiet { region: region.into(), requests_per_s: floor(peers).max(rate.unwrap_or(0.0) * STAYS) },
        within: Duration::from_secs(75 * 60),
    });
    let load = rate.map_or_else(|| "its load is not known".into(), |rate| format!("{rate:.0} requests/s move"));
    let mut effects = vec![
        format!("users of {region} go to their next-best Region, {load}"),
        "control plane: Route 53 in us-east-1; answers live 60 s, connections up to 300 s".into(),
        format!("{region} keeps its tasks; it answers whoever still comes"),
    ];
    let fixed = scene.snapshot.regions.iter().filter(|view| view.name != region && view.scaling.absent());
    effects
        .extend(fixed.map(|view| format!("no autoscaling in {}: scale it first, nothing makes room there", view.name)));
    Ok(Plan {
        kind: Kind::Drain,
        region: region.into(),
        title: format!("Drain {region}: {}", turned.title),
        effects,
        checks: vec![
            safety::floor(scene.snapshot, scene.now, region, scene.stack.floor_regions),
            safety::fresh("the DNS tree", &scene.snapshot.records.freshness(scene.now)),
            safety::capacity(scene.snapshot, scene.now, region, scene.stack.capacity_headroom),
            safety::ours(scene.snapshot, scene.stack.regions.iter().map(String::as_str)),
            scene.alone(),
        ],
        steps,
        undo: turned.undo,
        held,
    })
}

fn by_dial(scene: Scene<'_>, records: &Records, region: &str, dial: i64) -> Result<Turned, PlanError> {
    if dial == 0 {
        return Err(PlanError::Nothing(format!("the dial of {region} is at 0")));
    }
    let (mut steps, mut from) = (vec![], dial);
    for percent in scene.stack.ramp.iter().copied().filter(|percent| *percent < dial) {
        steps.push(turn(scene, records, region, from, percent)?);
        from = percent;
    }
    Ok(Turned {
        title: format!("dial {dial} to 0"),
        steps,
        held: vec![],
        undo: format!("restore {region}: the dial goes back up, raised minimums go back down"),
    })
}

/// Raises the receivers' minimum by what leaves, and waits until as many targets are healthy. The
/// second part are the calls that put it back.
fn make_room(scene: Scene<'_>, region: &str) -> (Vec<Step>, Vec<Call>) {
    let leaving = scene.snapshot.region(region).and_then(|view| view.service.value.as_ref()).map_or(0, |s| s.running);
    let receivers = scene
        .snapshot
        .regions
        .iter()
        .filter(|view| view.name != region && crate::model::verdict::can_receive(scene.snapshot, view, scene.now));
    let receivers: Vec<_> = receivers.collect();
    let share = leaving.div_ceil(receivers.len().max(1) as u32);
    let (mut steps, mut held) = (vec![], vec![]);
    for view in receivers {
        let (Some(service), Some(scaling)) = (&view.service.value, &view.scaling.value) else { continue };
        let wanted = service.running.saturating_add(share);
        if wanted <= scaling.min {
            continue;
        }
        let max = scaling.max.max(wanted);
        let bounds = |min, max| {
            Call::new(&view.name, Act::RegisterScalableTarget { resource: scaling.resource.clone(), min, max })
        };
        held.push(bounds(scaling.min, scaling.max));
        steps.push(Step {
            title: format!("Make room in {}: at least {wanted} tasks", view.name),
            calls: vec![bounds(wanted, max)],
            enough: Enough::All,
            until: Until::Healthy { region: view.name.clone(), targets: wanted },
            within: Duration::from_secs(15 * 60),
        });
    }
    (steps, held)
}

/// One step of the dial of `region`. Both records change in one batch; the exact old ones are deleted,
/// so a dial that someone else turned meanwhile refuses the batch.
pub(super) fn turn(scene: Scene<'_>, records: &Records, region: &str, from: i64, to: i64) -> Result<Step, PlanError> {
    let name = scene.stack.tree().dial(region);
    let mut changes = vec![];
    for set in records.sets.iter().filter(|set| set.name == name) {
        let serves = set.set_identifier.as_deref() == Some(region);
        let weight = |dial: i64| if serves { dial } else { 100 - dial };
        let with = |weight| RecordSet { routing: Routing::Weighted(weight), ..set.clone() };
        changes.push(Change { action: ChangeAction::Delete, set: with(weight(from)) });
        changes.push(Change { action: ChangeAction::Create, set: with(weight(to)) });
    }
    if changes.len() != 4 {
        return Err(PlanError::Impossible(format!(
            "{name} has {} records where the dial has two: it is not the dial that Tandem makes",
            changes.len() / 2
        )));
    }
    Ok(Step {
        title: format!("Turn the dial of {region} to {to}"),
        calls: vec![Call::new(
            ROUTE53_HOME,
            Act::ChangeResourceRecordSets { zone_id: records.zone_id.clone(), changes },
        )],
        enough: Enough::All,
        until: Until::Dialled { region: region.into(), percent: to },
        within: Duration::from_secs(10 * 60),
    })
}
