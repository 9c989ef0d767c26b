//! Restore R: its tasks may write again if it was deposed, the switches say SERVE, the dial goes up step by step, and
//! what was raised for a drain goes back down.

use super::{PlanError, Scene, drain, evacuate, fence, never_seen, weight};
use crate::model::call::{Act, Call};
use crate::model::database;
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety::{self, Check, Ruling};
use crate::model::snapshot::SwitchPosition;
use crate::model::text::clean;
use crate::model::verdict;
use std::time::Duration;

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let away = evacuate::switches(scene, region).iter().any(|(_, switch)| switch.position != SwitchPosition::Serve);
    let dial = verdict::dial(scene.snapshot, region);
    let mut steps = vec![];
    let mut effects = vec![];
    let mut checks = vec![safety::fresh("the targets", &view.targets.freshness(scene.now))];
    if let Some(step) = fence::open(scene, region) {
        effects.push(format!("{region} was deposed: its tasks begin again, and write to whoever writes now"));
        checks.push(follows(scene, region));
        steps.push(step);
        steps.push(begins(region));
    } else {
        checks.push(healthy(scene, region));
        if fence::is_unknown(scene) {
            checks.push(follows(scene, region));
        }
    }
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
        return Err(PlanError::Nothing(format!("{region} is neither evacuated, deposed nor dialled down")));
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

/// Nobody is sent there before a task serves.
fn begins(region: &str) -> Step {
    Step {
        title: "Wait for a task that serves".into(),
        calls: vec![],
        enough: Enough::All,
        until: Until::Healthy { region: region.into(), targets: 1 },
        within: Duration::from_secs(15 * 60),
    }
}

/// The database of a deposed Region follows the new writer again: else its tasks would write to one that is lost.
fn follows(scene: Scene<'_>, region: &str) -> Check {
    let check = |ruling, why| Check { rule: "follows".into(), ruling, why };
    let own = scene.region(region).ok().and_then(|view| view.global.current(scene.now));
    let Some(global) = own.or_else(|| database::newest(scene.snapshot)?.value.as_ref()) else {
        return check(Ruling::Refuse, format!("whether the database of {region} follows is UNKNOWN"));
    };
    match global.member(region) {
        Some(member) if member.writer => check(Ruling::Pass, format!("{region} is the writer")),
        Some(member) if member.synchronization.as_deref() == Some("connected") => check(
            Ruling::Pass,
            format!("the database of {region} is connected to {}", global.writer().unwrap_or("none")),
        ),
        Some(member) => {
            let state = member.synchronization.as_deref().unwrap_or("of unknown state");
            check(Ruling::Refuse, format!("the database of {region} is {}: wait until it is connected", clean(state)))
        }
        None => check(Ruling::Refuse, format!("{region} is no member of {}: add it again first", global.id)),
    }
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
