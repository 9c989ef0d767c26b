//! Restore R: the switches say SERVE, the dial goes up step by step, and what was raised for a drain
//! goes back down.

use super::{PlanError, Scene, drain, evacuate, never_seen, weight};
use crate::model::call::{Act, Call};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety::{self, Check, Ruling};
use crate::model::snapshot::SwitchPosition;
use crate::model::verdict;
use std::time::Duration;

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let away = evacuate::switches(scene, region).iter().any(|(_, switch)| switch.position != SwitchPosition::Serve);
    let dial = verdict::dial(scene.snapshot, region);
    let mut steps = vec![];
    let mut effects = vec![];
    let mut checks = vec![healthy(scene, region), safety::fresh("the targets", &view.targets.freshness(scene.now))];
    if away {
        effects.push("the switches say SERVE: checkers see it within 10-20 s, answers live 60 s".into());
        steps.push(evacuate::flip(scene, region, false));
    }
    if let Some(dial) = dial
        && dial < 100
    {
        let records = scene.snapshot.records.value.as_ref().ok_or_else(|| never_seen("the DNS tree", region))?;
        checks.push(safety::fresh("the DNS tree", &scene.snapshot.records.freshness(scene.now)));
        effects.push(format!("the dial goes from {dial} to 100 in steps, each held until its users are served"));
        let mut from = dial;
        for percent in ramp_up(&scene.stack.ramp, dial) {
            steps.push(drain::turn(scene, records, region, from, percent)?);
            from = percent;
        }
    }
    if let Some(step) = weight::back(scene, region)? {
        checks.push(safety::fresh("the DNS tree", &scene.snapshot.records.freshness(scene.now)));
        effects.push("its records come back exactly as they were before it was drained".into());
        steps.push(step);
    }
    let raised: Vec<Call> = scene.held.iter().filter(|call| !is_record(call)).cloned().collect();
    if steps.is_empty() && raised.is_empty() {
        return Err(PlanError::Nothing(format!("{region} is neither evacuated nor dialled down")));
    }
    steps.push(Step {
        title: "Verify that places are sent there again".into(),
        calls: vec![],
        enough: Enough::All,
        until: Until::Answers { region: region.into(), left: false },
        within: Duration::from_secs(10 * 60),
    });
    if !raised.is_empty() {
        effects.push("minimums that the drain raised go back to what they were".into());
        steps.push(Step {
            title: "Put back the raised minimums".into(),
            calls: raised,
            enough: Enough::All,
            until: Until::Accepted,
            within: Duration::from_secs(5 * 60),
        });
    }
    checks.push(safety::ours(scene.snapshot, scene.stack.regions.iter().map(String::as_str)));
    checks.push(scene.alone());
    Ok(Plan {
        kind: Kind::Restore,
        region: region.into(),
        title: format!("Restore {region}"),
        effects,
        checks,
        steps,
        undo: format!("evacuate or drain {region} again"),
        held: vec![],
    })
}

/// Weights are given back to the Region that is restored, and to no other.
fn is_record(call: &Call) -> bool {
    matches!(call.act, Act::ChangeResourceRecordSets { .. })
}

/// The ramp the other way: what it passes above `dial`, and 100.
fn ramp_up(ramp: &[i64], dial: i64) -> Vec<i64> {
    let mut steps: Vec<i64> = ramp.iter().copied().filter(|percent| *percent > dial).collect();
    steps.sort_unstable();
    steps.push(100);
    steps
}

fn healthy(scene: Scene<'_>, region: &str) -> Check {
    let targets = scene.snapshot.region(region).and_then(|view| verdict::healthy_targets(view, scene.now));
    let (ruling, why) = match targets {
        Some(0) => (Ruling::Refuse, format!("{region} has no healthy target to serve with")),
        Some(n) => (Ruling::Pass, format!("{n} healthy targets in {region}")),
        None => (Ruling::Refuse, format!("targets of {region} are UNKNOWN")),
    };
    Check { rule: "able to serve".into(), ruling, why }
}
