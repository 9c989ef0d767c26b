//! Rules that keep an operation from making things worse. Each tells its arithmetic, so that a
//! refusal explains itself.

use super::database::{self, GlobalView, Loss};
use super::observed::Freshness;
use super::snapshot::{RegionView, Snapshot};
use super::stack::FailsOver;
use super::verdict;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// One rule, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub rule: Cow<'static, str>,
    pub ruling: Ruling,
    /// The numbers behind the ruling.
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ruling {
    Pass,
    /// Allowed, but say so.
    Warn,
    Refuse,
}

impl Check {
    pub fn refuses(&self) -> bool {
        self.ruling == Ruling::Refuse
    }

    fn new(rule: &'static str, ruling: Ruling, why: String) -> Self {
        Self { rule: rule.into(), ruling, why }
    }
}

/// Enough Regions go on serving when `leaving` no longer does.
pub fn floor(snapshot: &Snapshot, now: Timestamp, leaving: &str, at_least: usize) -> Check {
    let staying: Vec<&str> = snapshot
        .regions
        .iter()
        .filter(|region| region.name != leaving && verdict::can_receive(snapshot, region, now))
        .map(|region| region.name.as_str())
        .collect();
    let ruling = if staying.len() >= at_least { Ruling::Pass } else { Ruling::Refuse };
    let who = if staying.is_empty() { "none".into() } else { staying.join(", ") };
    Check::new("floor", ruling, format!("{} Region(s) go on serving ({who}), at least {at_least} must", staying.len()))
}

/// What the plan rests on has been seen just now.
pub fn fresh(what: &str, freshness: &Freshness) -> Check {
    let (ruling, why) = match freshness {
        Freshness::Fresh(age) => (Ruling::Pass, format!("{what} seen {} s ago", age.as_secs())),
        Freshness::Late(age) => {
            (Ruling::Refuse, format!("{what} last seen {} s ago: too old to act upon", age.as_secs()))
        }
        Freshness::Failed { age: Some(age), .. } => {
            (Ruling::Refuse, format!("{what} UNKNOWN: last seen {} s ago, looks fail since", age.as_secs()))
        }
        Freshness::Failed { age: None, .. } => (Ruling::Refuse, format!("{what} UNKNOWN: could not be read")),
        Freshness::Never => (Ruling::Refuse, format!("{what} not seen yet")),
    };
    Check::new("fresh data", ruling, why)
}

/// No other operation is open.
pub fn alone(open: Option<&str>) -> Check {
    match open {
        None => Check::new("one at a time", Ruling::Pass, "no operation is open".into()),
        Some(other) => Check::new("one at a time", Ruling::Refuse, format!("{other} is still open")),
    }
}

/// What is changed belongs to this stack: a resource that another stack's tag names is never touched.
pub fn ours<'a>(snapshot: &Snapshot, regions: impl IntoIterator<Item = &'a str>) -> Check {
    let (mut foreign, mut untagged) = (vec![], vec![]);
    for name in regions {
        let Some(found) = snapshot.region(name).and_then(|region| region.balancer.value.as_ref()) else { continue };
        match &found.owner {
            Some(owner) if *owner == snapshot.stack => {}
            Some(owner) => foreign.push(format!("{name} (of {owner})")),
            None => untagged.push(name),
        }
    }
    if !foreign.is_empty() {
        let why = format!("the load balancer is another stack's in {}", foreign.join(", "));
        return Check::new("our own", Ruling::Refuse, why);
    }
    if !untagged.is_empty() {
        let why = format!("the load balancer has no tag tandem:stack in {}", untagged.join(", "));
        return Check::new("our own", Ruling::Warn, why);
    }
    Check::new("our own", Ruling::Pass, format!("tagged tandem:stack={}", snapshot.stack))
}

/// That the writer of this stack may not be moved, when the configuration says so.
pub fn moved_by(fails_over: FailsOver) -> Option<Check> {
    let why = "[failover] by = \"nobody\": the writer of this stack stays where it is; write \"human\" to allow it";
    (fails_over == FailsOver::Nobody).then(|| Check::new("who may", Ruling::Refuse, why.into()))
}

/// No switchover or failover of the database is under way.
pub fn role_change(snapshot: &Snapshot) -> Check {
    match database::under_way(snapshot) {
        None => Check::new("one role change", Ruling::Pass, "no switchover or failover is under way".into()),
        Some(change) => {
            let to = change.to.as_deref().unwrap_or("another Region");
            Check::new("one role change", Ruling::Refuse, format!("{} to {to} is under way", change.status))
        }
    }
}

/// What a failover would lose is within what the configuration allows. It warns: whoever has lost the writer
/// must be able to go on.
pub fn predicted_loss(loss: Loss, allowed: Duration) -> Check {
    let ruling = match loss {
        Loss::AtMost { bound, .. } if bound <= allowed => Ruling::Pass,
        _ => Ruling::Warn,
    };
    Check::new("predicted loss", ruling, format!("{}; {} s are allowed", loss.words(), allowed.as_secs()))
}

/// The writer that is given up has stopped committing. It warns: an old writer that cannot be reached by its
/// users may still commit for others, and promoting another then makes two until Aurora fences it.
pub fn old_writer(snapshot: &Snapshot, now: Timestamp, from: &str) -> Check {
    let proof = snapshot.proof.value.as_ref().filter(|proof| proof.region == from);
    let Some(proof) = proof else {
        return Check::new("old writer", Ruling::Warn, format!("no commit in {from} was ever seen"));
    };
    let age = super::observed::elapsed(proof.sent, now).as_secs();
    match snapshot.proof.current(now) {
        Some(_) => Check::new(
            "old writer",
            Ruling::Warn,
            format!("{from} STILL COMMITS, {age} s ago: until it is fenced there are two writers"),
        ),
        None => Check::new("old writer", Ruling::Pass, format!("last commit in {from} {age} s ago, none since")),
    }
}

/// A switchover needs the same major and minor version on both sides (Aurora User Guide, upgrading a global
/// database); patch levels may block it too.
pub fn same_engine(from: &RegionView, to: &RegionView) -> Check {
    let version = |view: &RegionView| view.cluster.value.as_ref().and_then(|cluster| cluster.engine_version.clone());
    match (version(from), version(to)) {
        (Some(old), Some(new)) if old == new => Check::new("same engine", Ruling::Pass, format!("both run {old}")),
        (Some(old), Some(new)) => Check::new(
            "same engine",
            Ruling::Refuse,
            format!("{} runs {old}, {} runs {new}: a switchover needs the same version", from.name, to.name),
        ),
        _ => Check::new("same engine", Ruling::Refuse, "the engine versions are UNKNOWN".into()),
    }
}

/// Members of different versions, as during an upgrade; `None` while all that tell run the same. AWS refuses a failover
/// between two minor versions (the same source). It warns, since a Region that is lost tells old news, and since an
/// upgrade that is half done ends with the versions of those that are left.
pub fn unequal_versions(snapshot: &Snapshot, from: &str, target: &str) -> Option<Check> {
    let version = |view: &RegionView| view.cluster.value.as_ref().and_then(|cluster| cluster.engine_version.clone());
    let told: Vec<(&str, String)> =
        snapshot.regions.iter().filter_map(|view| Some((view.name.as_str(), version(view)?))).collect();
    if told.iter().all(|(_, version)| *version == told[0].1) {
        return None;
    }
    let of = |name: &str| told.iter().find(|(region, _)| *region == name).map(|(_, version)| version);
    let words = told.iter().map(|(region, version)| format!("{region} runs {version}")).collect::<Vec<_>>().join(", ");
    let then = match of(from) == of(target) {
        true => "an upgrade is under way, or was left half done",
        false => "AWS refuses a failover between minor versions; let the upgrade end first where that can be",
    };
    Some(Check::new("versions", Ruling::Warn, format!("{words}: {then}")))
}

/// The target of a switchover is connected.
pub fn synchronised(global: &GlobalView, target: &str) -> Check {
    let state = global.member(target).and_then(|member| member.synchronization.as_deref()).unwrap_or("unknown");
    let ruling = if state == "connected" { Ruling::Pass } else { Ruling::Refuse };
    Check::new("synchronised", ruling, format!("{target} is {state}"))
}

/// After the role change every Region writes through its own endpoint: the new writer must forward within its
/// Region, and the old one, when it is a member again, to the new one.
pub fn forwards(from: &RegionView, target: &RegionView) -> Check {
    let cluster = |view: &RegionView| view.cluster.value.clone();
    let local = cluster(target).and_then(|cluster| cluster.local_forwarding);
    let mut missing = vec![];
    if matches!(local.as_deref(), Some("disabled" | "disabling")) {
        missing.push(format!("{} has no local write forwarding", target.name));
    }
    if cluster(from).is_some_and(|cluster| cluster.forwarding_requested == Some(false)) {
        missing.push(format!("{} has no global write forwarding for when it is demoted", from.name));
    }
    if missing.is_empty() {
        return Check::new("forwarding", Ruling::Pass, "every Region can write through its own endpoint".into());
    }
    let why = format!("{}: its tasks cannot write through their endpoint", missing.join(", "));
    Check::new("forwarding", Ruling::Warn, why)
}

/// The receivers' running tasks can carry the load that moves: tasks that serve now, none that are
/// still to launch, each proven for what the busiest task of today carries at the wanted headroom.
pub fn capacity(snapshot: &Snapshot, now: Timestamp, leaving: &str, headroom: f64) -> Check {
    let load = |view: &RegionView| view.traffic.value.as_ref().and_then(|traffic| traffic.requests_per_s());
    let Some(moving) = snapshot.region(leaving).and_then(load) else {
        return Check::new("capacity", Ruling::Warn, format!("load of {leaving} is not known"));
    };
    let receivers: Vec<&RegionView> =
        snapshot.regions.iter().filter(|r| r.name != leaving && verdict::can_receive(snapshot, r, now)).collect();
    let tasks: u32 = receivers.iter().filter_map(|r| verdict::healthy_targets(r, now)).sum();
    let present: f64 = receivers.iter().filter_map(|r| load(r)).sum();
    if tasks == 0 {
        return Check::new("capacity", Ruling::Warn, "no healthy task elsewhere".into());
    }
    let cpu = receivers
        .iter()
        .filter_map(|r| r.traffic.value.as_ref()?.minutes.iter().rev().find_map(|(_, m)| m.cpu_percent))
        .fold(0.0_f64, f64::max);
    let after = if present > 0.0 { cpu * (present + moving) / present } else { cpu };
    let limit = 100.0 / headroom.max(1.0);
    let ruling = if after <= limit { Ruling::Pass } else { Ruling::Warn };
    Check::new(
        "capacity",
        ruling,
        format!(
            "{moving:.0} rps move onto {tasks} healthy tasks with {present:.0} rps: CPU {cpu:.0} % becomes {after:.0} %, limit {limit:.0} %"
        ),
    )
}
