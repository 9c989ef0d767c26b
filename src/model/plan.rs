//! An operation before it runs: what it will do, for whom, what allows it, and how to undo it. A plan
//! is data; running it adds nothing that is not in it.

use super::call::Call;
use super::safety::Check;
use super::snapshot::Snapshot;
use super::verdict;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What can be done to a Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Scale,
    Drain,
    Evacuate,
    Restore,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Scale, Kind::Drain, Kind::Evacuate, Kind::Restore];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Scale => "scale",
            Kind::Drain => "drain",
            Kind::Evacuate => "evacuate",
            Kind::Restore => "restore",
        }
    }
}

/// A plan for one Region.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub kind: Kind,
    /// The Region it is about; typing its name confirms the plan.
    pub region: String,
    pub title: String,
    /// What changes for whom, a line each.
    pub effects: Vec<String>,
    /// The safety rules with their arithmetic.
    pub checks: Vec<Check>,
    pub steps: Vec<Step>,
    pub undo: String,
}

/// One step: calls, then waiting until the world shows their effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub title: String,
    pub calls: Vec<Call>,
    pub until: Until,
    /// How long the wait may take before the step has failed.
    pub within: Duration,
}

/// What must be seen before a step is done. It is read from the snapshot, never from an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// The calls are accepted; nothing to wait for.
    Accepted,
    /// This many tasks run and as many targets are healthy.
    Serving { region: String, tasks: u32 },
    /// At least this many targets are healthy.
    Healthy { region: String, targets: u32 },
    /// The minimum of the scalable target is at least this.
    Minimum { region: String, min: u32 },
    /// The dial of the Region shows this.
    Dial { region: String, percent: i64 },
    /// Every peer that can be read shows the switch of `region` in this position, and at least one does.
    Switched { region: String, evacuate: bool },
    /// No place is sent to the Region any more (`left`), or some place is again (not `left`).
    Answers { region: String, left: bool },
    /// Requests in the Region are down to this many a second (the floor that checkers make).
    Quiet { region: String, requests_per_s: f64, since: Option<Timestamp> },
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

    /// Every call, in order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.steps.iter().flat_map(|step| &step.calls)
    }
}

impl Until {
    /// What `snapshot` says of it. What is not fresh counts as not yet.
    pub fn progress(&self, snapshot: &Snapshot, now: Timestamp) -> Progress {
        match self {
            Until::Accepted => Progress::Met("accepted".into()),
            Until::Serving { region, tasks } => serving(snapshot, now, region, *tasks),
            Until::Healthy { region, targets } => {
                let healthy = snapshot.region(region).and_then(|r| verdict::healthy_targets(r, now));
                judge(
                    healthy.is_some_and(|n| n >= *targets),
                    format!("{}/{targets} targets healthy", or_unknown(healthy)),
                )
            }
            Until::Minimum { region, min } => {
                let seen = snapshot.region(region).and_then(|r| r.scaling.current(now)).map(|s| s.min);
                judge(seen.is_some_and(|n| n >= *min), format!("minimum {} of {min}", or_unknown(seen)))
            }
            Until::Dial { region, percent } => {
                let seen = snapshot.records.current(now).and_then(|r| r.dials.get(region).copied());
                judge(seen == Some(*percent), format!("dial {} of {percent}", or_unknown(seen)))
            }
            Until::Switched { region, evacuate } => {
                let (right, readable) = verdict::switch_agreement(snapshot, now, region, *evacuate);
                judge(right > 0 && right == readable, format!("{right}/{readable} readable switches agree"))
            }
            Until::Answers { region, left } => answers(snapshot, now, region, *left),
            Until::Quiet { region, requests_per_s, since } => quiet(snapshot, region, *requests_per_s, *since),
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

fn answers(snapshot: &Snapshot, now: Timestamp, region: &str, left: bool) -> Progress {
    let Some(places) = snapshot.answers.current(now) else { return Progress::Waiting("name servers not read".into()) };
    let sent = places.iter().filter(|answer| answer.region.as_deref() == Some(region)).count();
    judge((sent == 0) == left, format!("{sent}/{} places are sent to {region}", places.len()))
}

fn quiet(snapshot: &Snapshot, region: &str, floor: f64, since: Option<Timestamp>) -> Progress {
    let Some(view) = snapshot.region(region) else { return Progress::Waiting("no such Region".into()) };
    let newest = view.traffic.value.as_ref().and_then(|traffic| traffic.last());
    match newest {
        Some((at, _)) if since.is_some_and(|since| *at < since) => {
            Progress::Waiting("waiting for newer metrics".into())
        }
        Some((_, minute)) => {
            let rate = minute.requests.unwrap_or(0.0) / 60.0;
            judge(rate <= floor, format!("{rate:.1} requests/s, floor {floor:.1}"))
        }
        None => Progress::Waiting("no metrics".into()),
    }
}
