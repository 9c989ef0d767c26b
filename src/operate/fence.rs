//! The fence: what keeps the clients of a lost Region from writing to the old writer. Where leases end, a new epoch is
//! written and waited for; else there is what Aurora does by itself.

use super::Scene;
use crate::model::call::{Act, Call};
use crate::model::epoch::Epoch;
use crate::model::guard::PROMOTER_WAITS;
use crate::model::plan::{Enough, Step, Until};
use crate::model::safety::{Check, Ruling};
use crate::model::stack::Fence;
use std::time::Duration;

/// For writing the epoch in a Region that answers late.
const WRITES: Duration = Duration::from_secs(60);

/// Deposes `from` and waits until no task of it can write. `None`: nothing is waited for.
pub(super) fn depose(scene: Scene<'_>, from: &str, to: &str, number: u64) -> Option<Step> {
    let before = known(scene)?;
    let epoch = Epoch::after(before.as_ref(), number, from, to);
    Some(Step {
        title: format!("Depose {from}: epoch {number}, then wait until its leases have ended"),
        calls: write(scene, before.as_ref(), &epoch, Some(from)),
        enough: Enough::Any,
        until: Until::Passed { wait_s: PROMOTER_WAITS.as_secs(), what: format!("leases of {from} end") },
        within: PROMOTER_WAITS + WRITES,
    })
}

/// Lets the tasks of `region` write again. `None`: it was not deposed.
pub(super) fn open(scene: Scene<'_>, region: &str) -> Option<Step> {
    let before = known(scene)??;
    let opened = before.deposed.contains(region).then(|| before.opened(region))?;
    Some(Step {
        title: format!("Let the tasks of {region} write again"),
        calls: write(scene, Some(&before), &opened, None),
        enough: Enough::Any,
        until: Until::Accepted,
        within: WRITES,
    })
}

/// The epoch before, where leases are kept and it could be read.
fn known(scene: Scene<'_>) -> Option<Option<Epoch>> {
    let control = scene.control.filter(|_| scene.stack.fence.proves())?;
    control.epoch.as_ref().ok().cloned()
}

/// Whether nobody can tell which Regions were deposed: guards go by the switches then.
pub(super) fn is_unknown(scene: Scene<'_>) -> bool {
    scene.stack.fence.proves() && scene.control.is_none_or(|control| control.epoch.is_err())
}

/// The number of the epoch that comes after all that were seen.
pub(super) fn next(scene: Scene<'_>) -> u64 {
    let proven = scene.snapshot.proof.value.as_ref().map_or(0, |proof| proof.epoch);
    let written = known(scene).flatten().map_or(0, |epoch| epoch.number);
    proven.max(written) + 1
}

/// In every Region of the table, since one that answers is enough; the lost one comes last.
fn write(scene: Scene<'_>, before: Option<&Epoch>, epoch: &Epoch, lost: Option<&str>) -> Vec<Call> {
    let Some(control) = scene.control else { return vec![] };
    let mut regions: Vec<&String> = control.table.regions.iter().collect();
    regions.sort_by_key(|region| Some(region.as_str()) == lost);
    let act = Act::WriteEpoch {
        table: control.table.name.clone(),
        before: before.map(|before| before.number),
        epoch: epoch.clone(),
    };
    regions.into_iter().map(|region| Call::new(region, act.clone())).collect()
}

/// What proves that the old writer takes no writes when another is promoted. It warns where nothing does: whoever has
/// lost the writer must be able to go on. `latched`: the switch of the lost Region is turned by then.
pub(super) fn check(scene: Scene<'_>, from: &str, latched: bool) -> Check {
    let unproven = |why: String| Check { rule: "fence".into(), ruling: Ruling::Warn, why };
    let proven = |why: String| Check { rule: "fence".into(), ruling: Ruling::Pass, why };
    let wait = PROMOTER_WAITS.as_secs();
    match (scene.stack.fence, scene.control.map(|control| &control.epoch)) {
        (Fence::Aurora, _) => unproven(format!(
            "UNPROVEN: Aurora fences {from} as best it can; its event RDS-EVENT-0390 proves it, afterwards"
        )),
        (_, None) => unproven("UNPROVEN: the stack has no control table to write an epoch in".into()),
        (_, Some(Err(why))) => {
            unproven(format!("UNPROVEN: no epoch can be written, the control table is silent: {why}"))
        }
        (Fence::Guard, Some(Ok(_))) if !latched => unproven(format!(
            "UNPROVEN: no peer's switch for {from} is turned, and a guard that cannot read the control table goes by them"
        )),
        (Fence::Guard, Some(Ok(_))) => {
            proven(format!("the guards of {from} end their tasks within {wait} s of the new epoch"))
        }
        (Fence::AppLease, Some(Ok(_))) => {
            proven(format!("the leases of the application in {from} end within {wait} s of the new epoch"))
        }
    }
}
