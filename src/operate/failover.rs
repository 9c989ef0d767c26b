//! Fail over to T: the database's writer moves there. A switchover where both sides answer; where the
//! writer's Region is lost, a failover with data loss allowed, called where it can be answered: in T.

use super::{PlanError, Scene, evacuate, fence, never_seen};
use crate::model::call::{Act, Call, Heartbeat};
use crate::model::database::{self, ClusterView, GlobalView, Loss};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety;
use crate::model::snapshot::SwitchPosition;
use crate::model::stack::Fence;
use crate::model::text::clean;
use std::time::Duration;

/// For a switchover, which waits until nothing is missing, and for a failover, which AWS says takes minutes.
const ROLE_CHANGE: Duration = Duration::from_secs(15 * 60);
/// For the first commit.
const COMMIT: Duration = Duration::from_secs(5 * 60);

/// Who writes the heartbeats of operations.
pub const VANTAGE: &str = "operator";

pub(super) fn plan(scene: Scene<'_>, wished: &str, forced: bool) -> Result<Plan, PlanError> {
    scene.region(wished)?;
    let seen = database::newest(scene.snapshot).ok_or_else(|| never_seen("the global database", wished))?;
    let global = seen.value.as_ref().ok_or_else(|| never_seen("the global database", wished))?;
    let from = global.writer().ok_or_else(|| PlanError::Impossible(format!("{} has no writer", global.id)))?;
    let target = target(scene, global, from, wished)?;
    let member = global.member(target).ok_or_else(|| {
        PlanError::Impossible(format!("{target} is no member of {}: nothing can be promoted there", global.id))
    })?;
    let lost = forced || !answers(scene, from);
    let ends = Ends { global, from, target, arn: &member.cluster_arn };
    let (mut steps, epoch) = (vec![], fence::next(scene));
    let latch = lost.then(|| latch(scene, from)).flatten();
    let latched = latch.is_some() || is_away(scene, from);
    if lost {
        steps.extend(latch);
        steps.extend(fence::depose(scene, from, target, epoch));
    } else {
        steps.extend(fence::open(scene, target));
    }
    steps.push(ends.role_change(lost));
    steps.extend(ends.prove(scene, epoch));
    let kind = if forced { Kind::ForcedFailover } else { Kind::Failover };
    Ok(Plan {
        kind,
        region: target.into(),
        title: match lost {
            true => format!("Fail the database over to {target}, DATA LOSS ALLOWED"),
            false => format!("Switch the database over to {target}"),
        },
        effects: ends.effects(scene, lost),
        checks: ends.checks(scene, lost, latched),
        steps,
        undo: match lost {
            true => format!("none: what was lost is lost; when {from} is a member again, switch over to it"),
            false => format!("fail over to {from}: a switchover loses nothing"),
        },
        held: vec![],
    })
}

/// Where to: the Region that was asked for, or, when that is the writer itself, the one that loses least.
fn target<'a>(scene: Scene<'a>, global: &'a GlobalView, from: &str, wished: &'a str) -> Result<&'a str, PlanError> {
    if wished != from {
        return Ok(wished);
    }
    database::target(scene.snapshot, scene.now)
        .ok_or_else(|| PlanError::Impossible(format!("{} has no member but its writer in {from}", global.id)))
}

/// Whether the writer's Region tells of itself.
fn answers(scene: Scene<'_>, from: &str) -> bool {
    let view = scene.snapshot.region(from);
    view.is_some_and(|view| view.global.current(scene.now).is_some() && view.cluster.current(scene.now).is_some())
}

/// Users must not return to a Region whose database is rebuilt: its switch is latched before the promotion.
fn latch(scene: Scene<'_>, from: &str) -> Option<Step> {
    let switches = evacuate::switches(scene, from);
    let away = is_away(scene, from);
    let serves = scene
        .snapshot
        .regions
        .iter()
        .any(|view| view.name != from && crate::model::verdict::can_receive(scene.snapshot, view, scene.now));
    (!switches.is_empty() && !away && serves).then(|| evacuate::flip(scene, from, true))
}

/// Whether a peer's switch says so already.
fn is_away(scene: Scene<'_>, from: &str) -> bool {
    evacuate::switches(scene, from).iter().any(|(_, switch)| switch.position == SwitchPosition::Evacuate)
}

/// What the writer moves between.
struct Ends<'a> {
    global: &'a GlobalView,
    from: &'a str,
    target: &'a str,
    /// Of the target's cluster.
    arn: &'a str,
}

impl Ends<'_> {
    fn role_change(&self, lost: bool) -> Step {
        let (global, target_arn) = (self.global.id.clone(), self.arn.to_string());
        let call = match lost {
            true => Call::new(self.target, Act::FailoverGlobalCluster { global, target_arn }),
            false => Call::new(self.from, Act::SwitchoverGlobalCluster { global, target_arn }),
        };
        let how = if lost { "Promote" } else { "Switch over to" };
        Step {
            title: format!("{how} {}", self.target),
            calls: vec![call],
            enough: Enough::All,
            until: Until::Writer { region: self.target.into() },
            within: ROLE_CHANGE,
        }
    }

    /// A status proves nothing: a committed heartbeat does. None where nobody can write one.
    fn prove(&self, scene: Scene<'_>, epoch: u64) -> Option<Step> {
        let beat = Heartbeat {
            cluster_arn: self.arn.into(),
            secret: scene.stack.heartbeat_secret(self.target)?,
            database: scene.stack.database().into(),
            vantage: VANTAGE.into(),
            // One for each epoch: the same plan made again says the same.
            seq: epoch,
            epoch,
        };
        Some(Step {
            title: format!("Prove it: commit a heartbeat of epoch {epoch}"),
            calls: vec![Call::new(self.target, Act::Heartbeat(beat))],
            enough: Enough::All,
            until: Until::Proven { region: self.target.into(), epoch },
            within: COMMIT,
        })
    }

    fn loss(&self, scene: Scene<'_>) -> Loss {
        let view = scene.snapshot.region(self.target);
        view.map_or(Loss::Unknown { frozen: false }, |view| database::predicted_loss(view, scene.now))
    }

    fn effects(&self, scene: Scene<'_>, lost: bool) -> Vec<String> {
        let (from, target) = (self.from, self.target);
        let mut effects = vec![];
        if lost {
            effects.push(format!(
                "acknowledged writes that {target} does not have are LOST: {}",
                self.loss(scene).words()
            ));
            effects.push(match scene.stack.fence {
                Fence::Aurora => {
                    format!("nothing is asked of {from}; if it still writes, it does so until Aurora fences it")
                }
                Fence::Guard | Fence::AppLease => {
                    format!("nothing is asked of {from}; its tasks end, and begin again only when it is restored")
                }
            });
            effects.push(format!(
                "REDUNDANCY LOST until another member is rebuilt: minutes to hours; {from} rejoins when it is back"
            ));
        } else {
            effects.push(format!("no acknowledged write is lost: {target} is promoted when it has everything"));
            effects.push("writes fail for some 30 s to 2 min, reads go on".into());
        }
        effects.push(
            "every forwarded session drops once, in every Region, and must be tried again by the application".into(),
        );
        effects.push("the tasks keep their endpoint: the local reader endpoint forwards to whoever writes".into());
        effects
    }

    fn checks(&self, scene: Scene<'_>, lost: bool, latched: bool) -> Vec<safety::Check> {
        let now = scene.now;
        let mut checks: Vec<safety::Check> = safety::moved_by(scene.stack.fails_over).into_iter().collect();
        let Some(view) = scene.snapshot.region(self.target) else { return checks };
        checks.push(safety::fresh(&format!("the cluster of {}", self.target), &view.cluster.freshness(now)));
        if let Some(cluster) = &view.cluster.value {
            checks.push(can_be_promoted(cluster));
        }
        checks.push(safety::role_change(scene.snapshot));
        checks.extend(safety::unequal_versions(scene.snapshot, self.from, self.target));
        if lost {
            checks.push(safety::predicted_loss(self.loss(scene), scene.stack.max_data_loss));
            checks.push(safety::old_writer(scene.snapshot, now, self.from));
            checks.push(fence::check(scene, self.from, latched));
        } else {
            let from = scene.snapshot.region(self.from);
            if let Some(from) = from {
                checks.push(safety::fresh(&format!("the cluster of {}", self.from), &from.cluster.freshness(now)));
                checks.push(safety::same_engine(from, view));
            }
            checks.push(safety::synchronised(self.global, self.target));
        }
        if let Some(from) = scene.snapshot.region(self.from) {
            checks.push(safety::forwards(from, view));
        }
        if scene.stack.lacks().heartbeats {
            checks.push(unproven());
        }
        checks.push(scene.alone());
        checks
    }
}

fn unproven() -> safety::Check {
    let why = "no heartbeat can be committed: RDS's word for the new writer is all there is; [resources] heartbeat_secret \
               names the user that would write one";
    safety::Check { rule: "proof".into(), ruling: safety::Ruling::Warn, why: why.into() }
}

fn can_be_promoted(cluster: &ClusterView) -> safety::Check {
    let ready = cluster.instances.iter().filter(|instance| instance.status == "available").count();
    let (ruling, why) = match (cluster.status.as_str(), ready) {
        (_, 0) => (safety::Ruling::Refuse, format!("{} has no available instance to promote", cluster.id)),
        ("available", n) => (safety::Ruling::Pass, format!("{} is available with {n} instance(s)", cluster.id)),
        (status, _) => (safety::Ruling::Warn, format!("{} is {}", cluster.id, clean(status))),
    };
    safety::Check { rule: "promotable".into(), ruling, why }
}
