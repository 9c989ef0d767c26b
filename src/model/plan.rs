//! An operation before it runs: what it will do, for whom, what allows it, and how to undo it. A plan
//! is data; running it adds nothing that is not in it.

use super::call::{Act, Call};
use super::database;
use super::json::float;
use super::observed::elapsed;
use super::safety::Check;
use super::snapshot::Snapshot;
use super::steering::Way;
use super::verdict;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What can be done to a Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Scale,
    Drain,
    Evacuate,
    Restore,
    /// The database's writer moves to the Region; nothing is lost, unless its old Region is lost.
    Failover,
    /// The same, with data loss allowed even where both sides answer.
    ForcedFailover,
    /// The writes that a failover lost are kept for good.
    Keep,
    /// The tasks go back to what they ran before.
    RollBack,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Scale,
        Kind::Drain,
        Kind::Evacuate,
        Kind::Restore,
        Kind::Failover,
        Kind::ForcedFailover,
        Kind::Keep,
        Kind::RollBack,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Scale => "scale",
            Kind::Drain => "drain",
            Kind::Evacuate => "evacuate",
            Kind::Restore => "restore",
            Kind::Failover => "fail over to",
            Kind::ForcedFailover => "force failover to",
            Kind::Keep => "keep lost writes of",
            Kind::RollBack => "roll back",
        }
    }
}

/// A plan for one Region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub kind: Kind,
    /// The Region it is about; typing its name confirms the plan.
    pub region: String,
    pub title: String,
    /// What changes for whom, a line each; the worst first.
    pub effects: Vec<String>,
    /// The safety rules with their arithmetic.
    pub checks: Vec<Check>,
    pub steps: Vec<Step>,
    pub undo: String,
    /// Calls that put back what the plan raises; a later restore carries them out.
    pub held: Vec<Call>,
}

/// One step: calls, then waiting until the world shows their effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub title: String,
    pub calls: Vec<Call>,
    pub enough: Enough,
    pub until: Until,
    /// How long the wait may take before the step has failed.
    pub within: Duration,
}

/// How many of a step's calls must not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Enough {
    All,
    /// One is enough, the others are welcome: a peer that is down evacuates no one.
    Any,
}

/// What must be seen before a step is done. It is read from the snapshot, never from an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Until {
    /// The calls are accepted; nothing to wait for.
    Accepted,
    /// This many tasks run and as many targets are healthy.
    Serving { region: String, tasks: u32 },
    /// At least this many targets are healthy.
    Healthy { region: String, targets: u32 },
    /// The dial of the Region has shown this for as long as answers live, and users are served.
    Dialled { region: String, percent: i64 },
    /// The records that lead straight to the Region have shown this weight for as long as answers live, and users are
    /// served.
    Weighed { region: String, weight: i64, live_s: u64 },
    /// Every peer that can be read shows the switch of `region` in this position, and at least one does.
    Switched { region: String, evacuate: bool },
    /// No place is sent to the Region any more (`left`), or some place is again (not `left`).
    Answers { region: String, left: bool },
    /// The Region's member writes, and no role change is under way any more.
    Writer { region: String },
    /// A heartbeat of this epoch or a later one was committed there, after the step began.
    Proven { region: String, epoch: u64 },
    /// The snapshot of lost writes has a copy of this name that is available.
    Kept { region: String, copy: String },
    /// Every task of the service runs this revision, and no deployment is under way any more.
    Runs { region: String, revision: String },
    /// This much time has passed since the step began: what it is waited for cannot be seen.
    Passed { wait_s: u64, what: String },
    /// Requests in the Region are down to this many a second, in a minute that began after the step.
    Quiet {
        region: String,
        #[serde(with = "float")]
        requests_per_s: f64,
    },
}

impl Until {
    /// Whether the world shows it. What it does not show rests on the answers alone: without any it is not done.
    pub fn shows(&self) -> bool {
        !matches!(self, Until::Accepted | Until::Passed { .. })
    }
}

/// How far a wait has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Met(String),
    Waiting(String),
}

impl Plan {
    /// Whether a safety rule forbids it.
    pub fn refused(&self) -> bool {
        self.checks.iter().any(|check| check.refuses())
    }

    /// Whether writes that were acknowledged may be lost. Its first effect then says which.
    pub fn loses_data(&self) -> bool {
        self.calls().any(|call| matches!(call.act, Act::FailoverGlobalCluster { .. }))
    }

    /// Stands for everything that will be sent: twelve hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(self.kind.word());
        digest.update(&self.region);
        for step in &self.steps {
            digest.update(&step.title);
            for call in &step.calls {
                digest.update(format!("{} {} {}", call.region, call.operation(), call.input()));
            }
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The number of tasks that it sets, for a scale.
    pub fn tasks(&self) -> Option<u32> {
        self.calls().find_map(|call| match call.act {
            Act::UpdateService { desired, .. } => Some(desired),
            _ => None,
        })
    }

    /// Every call, in order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.steps.iter().flat_map(|step| &step.calls)
    }
}

/// How long answers of a load balancer's alias live (Route 53 Developer Guide, alias records: 60 s).
const ANSWERS_LIVE: Duration = Duration::from_secs(60);

impl Until {
    /// What `snapshot` says of it, for a step that began at `started`. What is not fresh counts as
    /// not yet.
    pub fn progress(&self, snapshot: &Snapshot, started: Timestamp, now: Timestamp) -> Progress {
        match self {
            Until::Accepted => Progress::Met("accepted".into()),
            Until::Serving { region, tasks } => serving(snapshot, now, region, *tasks),
            Until::Healthy { region, targets } => {
                let healthy = snapshot.region(region).and_then(|r| verdict::healthy_targets(r, now));
                judge(
                    healthy.is_some_and(|n| n >= *targets),
                    format!("{region}: {}/{targets} targets healthy", or_unknown(healthy)),
                )
            }
            Until::Dialled { region, percent } => dialled(snapshot, started, now, region, *percent),
            Until::Weighed { region, weight, live_s } => {
                weighed(snapshot, started, now, (region, *weight), Duration::from_secs(*live_s))
            }
            Until::Switched { region, evacuate } => {
                let (right, readable) = verdict::switch_agreement(snapshot, now, region, *evacuate);
                judge(right > 0 && right == readable, format!("{right}/{readable} readable switches agree"))
            }
            Until::Answers { region, left } => answers(snapshot, started, now, region, *left),
            Until::Writer { region } => writer(snapshot, now, region),
            Until::Proven { region, epoch } => proven(snapshot, started, now, region, *epoch),
            Until::Kept { region, copy } => kept(snapshot, now, region, copy),
            Until::Passed { wait_s, what } => {
                let left = Duration::from_secs(*wait_s).saturating_sub(elapsed(started, now));
                let said = if left.is_zero() { what.clone() } else { format!("{what}: {} s left", left.as_secs()) };
                judge(left.is_zero(), said)
            }
            Until::Runs { region, revision } => runs(snapshot, now, region, revision),
            Until::Quiet { region, requests_per_s } => quiet(snapshot, started, region, *requests_per_s),
        }
    }
}

fn judge(met: bool, what: String) -> Progress {
    if met { Progress::Met(what) } else { Progress::Waiting(what) }
}

fn or_unknown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "unknown".into(), |value| value.to_string())
}

fn serving(snapshot: &Snapshot, now: Timestamp, region: &str, tasks: u32) -> Progress {
    let Some(view) = snapshot.region(region) else { return Progress::Waiting("no such Region".into()) };
    let running = view.service.current(now).map(|service| service.running);
    let healthy = verdict::healthy_targets(view, now);
    judge(
        running == Some(tasks) && healthy == Some(tasks),
        format!("{}/{tasks} running, {}/{tasks} healthy", or_unknown(running), or_unknown(healthy)),
    )
}

fn dialled(snapshot: &Snapshot, started: Timestamp, now: Timestamp, region: &str, percent: i64) -> Progress {
    let seen = snapshot.records.current(now).and_then(|r| r.dials.get(region).copied());
    if seen != Some(percent) {
        return Progress::Waiting(format!("dial {} of {percent}", or_unknown(seen)));
    }
    settled(snapshot, started, now, ANSWERS_LIVE, &format!("dial {percent}"))
}

fn weighed(
    snapshot: &Snapshot,
    started: Timestamp,
    now: Timestamp,
    (region, weight): (&str, i64),
    live: Duration,
) -> Progress {
    let straight = snapshot.records.current(now).and_then(|records| records.straight.get(region));
    let seen = straight.and_then(|straight| match straight.way {
        Way::Weight { weight, .. } => Some(weight),
        _ => None,
    });
    if seen != Some(weight) {
        return Progress::Waiting(format!("weight {} of {weight}", or_unknown(seen)));
    }
    settled(snapshot, started, now, live, &format!("weight {weight}"))
}

/// Answers of before have run out, and users are served.
fn settled(snapshot: &Snapshot, started: Timestamp, now: Timestamp, live: Duration, what: &str) -> Progress {
    let left = live.saturating_sub(elapsed(started, now));
    if !left.is_zero() {
        return Progress::Waiting(format!("{what}, old answers live {} s more", left.as_secs()));
    }
    match failing_places(snapshot, now) {
        None => Progress::Waiting("users cannot be seen: probes not read".into()),
        Some((0, all)) => Progress::Met(format!("{what}, {all}/{all} places are served")),
        Some((failing, all)) => Progress::Waiting(format!("held: {failing}/{all} places get errors")),
    }
}

/// Places whose users got an error or no answer, of all that were tried.
fn failing_places(snapshot: &Snapshot, now: Timestamp) -> Option<(usize, usize)> {
    let tried: Vec<bool> = snapshot.answers.current(now)?.iter().filter_map(|answer| answer.visit.ok()).collect();
    Some((tried.iter().filter(|ok| !**ok).count(), tried.len()))
}

fn answers(snapshot: &Snapshot, started: Timestamp, now: Timestamp, region: &str, left: bool) -> Progress {
    let seen_since = snapshot.answers.at.is_some_and(|at| at > started);
    let Some((sent, all)) = verdict::places(snapshot, region, now).filter(|_| seen_since) else {
        return Progress::Waiting("name servers not read yet".into());
    };
    judge((sent == 0) == left, format!("{sent}/{all} places are sent to {region}"))
}

/// FailoverState vanishes at the end, so three things make a role change done: the writer has moved, the
/// status is back, and nothing is under way.
fn writer(snapshot: &Snapshot, now: Timestamp, region: &str) -> Progress {
    let Some(global) = database::newest(snapshot).and_then(|seen| seen.current(now)) else {
        return Progress::Waiting("the global database cannot be seen".into());
    };
    let cluster = snapshot.region(region).and_then(|view| view.cluster.current(now));
    let status = cluster.map_or("unknown", |cluster| cluster.status.as_str());
    let moved = global.writer() == Some(region);
    let under_way = global.role_change.as_ref().map(|change| change.status.clone());
    judge(
        moved && under_way.is_none() && global.status == "available" && status == "available",
        format!(
            "writer {}, global cluster {}, {region} {status}{}",
            global.writer().unwrap_or("none"),
            global.status,
            under_way.map(|status| format!(", {status}")).unwrap_or_default()
        ),
    )
}

fn proven(snapshot: &Snapshot, started: Timestamp, now: Timestamp, region: &str, epoch: u64) -> Progress {
    match snapshot.proof.current(now) {
        Some(proof) if proof.region == region && proof.epoch >= epoch && proof.sent >= started => {
            Progress::Met(format!("epoch {} committed in {region}", proof.epoch))
        }
        Some(proof) => Progress::Waiting(format!("last commit in {}, epoch {} of {epoch}", proof.region, proof.epoch)),
        None => Progress::Waiting("no commit is proven".into()),
    }
}

fn kept(snapshot: &Snapshot, now: Timestamp, region: &str, copy: &str) -> Progress {
    let cluster = snapshot.region(region).and_then(|view| view.cluster.current(now));
    let kept = cluster.and_then(|cluster| cluster.kept_writes.iter().find(|kept| kept.copy.as_deref() == Some(copy)));
    judge(kept.is_some(), if kept.is_some() { format!("{copy} stands") } else { format!("{copy} is not there yet") })
}

fn runs(snapshot: &Snapshot, now: Timestamp, region: &str, revision: &str) -> Progress {
    let service = snapshot.region(region).and_then(|view| view.service.current(now));
    let Some(service) = service else { return Progress::Waiting("the service cannot be seen".into()) };
    let Some(first) = service.deployments.iter().find(|one| one.status == "PRIMARY") else {
        return Progress::Waiting("no deployment is told".into());
    };
    let state = first.rollout.as_deref().unwrap_or("UNKNOWN");
    let alone = service.deployments.len() == 1 && state == "COMPLETED";
    let met = first.task_definition == revision && alone && service.running == service.desired && service.pending == 0;
    let name = first.task_definition.rsplit('/').next().unwrap_or_default();
    judge(met, format!("{name} {state}, {}/{} tasks run it", first.running, service.desired))
}

fn quiet(snapshot: &Snapshot, started: Timestamp, region: &str, floor: f64) -> Progress {
    let newest = snapshot.region(region).and_then(|view| view.traffic.value.as_ref()?.last());
    match newest {
        Some((at, minute)) if *at >= started => {
            let rate = minute.requests.unwrap_or(0.0) / 60.0;
            judge(rate <= floor, format!("{rate:.1} requests/s, floor {floor:.1}"))
        }
        _ => Progress::Waiting("waiting for newer metrics".into()),
    }
}
