//! What forbids an evacuation or a promotion that the evidence asks for. All that forbid it are told, each with its
//! numbers.

use super::decide::{Inputs, Refusal, State};
use super::evidence::Finding;
use super::inputs::{Promoted, Target};
use super::window::Standing;
use super::{BLOCKED, EVACUATE_AFTER, PROMOTE_AFTER};
use crate::model::database::Loss;
use crate::model::observed::elapsed;
use crate::model::stack::FailsOver;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// The global switch.
pub const OFF: &str = "off";
/// The control table cannot be read.
pub const STORE: &str = "store";
/// The clock of this machine was set, or stood still.
pub const CLOCK: &str = "clock";

/// The oldest that a lag is on a good day: a minute of CloudWatch's, told a minute later.
const LAG_IS_OLD: Duration = Duration::from_secs(120);

/// A watcher that may lose less never promotes: all of its window counts as lost, and the age of the last lag before it.
pub const LEAST_LOSS: Duration = PROMOTE_AFTER.saturating_add(LAG_IS_OLD);

type Standings = BTreeMap<String, Standing>;

/// Whoever has just begun has not looked for a whole window yet.
fn too_soon(state: &State, window: Duration, now: Timestamp) -> Option<Refusal> {
    let since = state.started.map_or(Duration::ZERO, |started| elapsed(started, now));
    (since < window).then(|| {
        Refusal::new(
            "start",
            format!("this watcher looks since {} s, {} s must pass", since.as_secs(), window.as_secs()),
        )
    })
}

pub(super) fn evacuation(
    state: &State,
    inputs: &Inputs<'_>,
    standings: &Standings,
    region: &str,
    now: Timestamp,
) -> Vec<Refusal> {
    let mut why: Vec<Refusal> = too_soon(state, EVACUATE_AFTER, now).into_iter().collect();
    let stays = |peer: &&str| standings.get(*peer) == Some(&Standing::Serves) && !inputs.evacuated.contains(*peer);
    let staying: Vec<&str> = inputs.stack.peers(region).filter(stays).collect();
    let at_least = inputs.stack.floor_regions.max(1);
    if staying.len() < at_least {
        let who = if staying.is_empty() { "none".into() } else { staying.join(", ") };
        let text = format!("{} Region(s) would go on serving ({who}), at least {at_least} must", staying.len());
        why.push(Refusal::new("floor", text));
    }
    why
}

pub(super) fn promotion(
    state: &State,
    inputs: &Inputs<'_>,
    standings: &Standings,
    from: &str,
    now: Timestamp,
) -> Vec<Refusal> {
    let database = inputs.database;
    let checks = [
        who(inputs),
        too_soon(state, PROMOTE_AFTER, now),
        commits(state, from, now),
        writes(inputs),
        database.role_change.as_ref().map(|change| Refusal::new("one role change", format!("{change} is under way"))),
        match &database.target {
            Some(target) => target_stands(target, standings),
            None => Some(Refusal::new("target", "no other member of the database is known")),
        },
        database.target.as_ref().and_then(|target| loss(inputs, target)),
        fence(inputs),
        blocked(state, inputs, now),
    ];
    checks.into_iter().flatten().collect()
}

/// Opt-in.
fn who(inputs: &Inputs<'_>) -> Option<Refusal> {
    let word = match inputs.stack.fails_over {
        FailsOver::Watcher => return None,
        FailsOver::Human => "human",
        FailsOver::Nobody => "nobody",
    };
    let text = format!("[failover] by = \"{word}\": a watcher moves no writer; a human can, at a console");
    Some(Refusal::new("who may", text))
}

/// One commit vetoes; that there is none says something only where there was one before.
fn commits(state: &State, from: &str, now: Timestamp) -> Option<Refusal> {
    let rule = "commits";
    match &state.committed {
        None => {
            Some(Refusal::new(rule, "no vantage has ever committed a heartbeat: that none does now proves nothing"))
        }
        Some((region, _)) if region != from => {
            Some(Refusal::new(rule, format!("the last commit was in {region}, not in {from}: who writes is not clear")))
        }
        Some((_, at)) if elapsed(*at, now) < PROMOTE_AFTER => {
            let age = elapsed(*at, now).as_secs();
            Some(Refusal::new(
                rule,
                format!("{from} committed {age} s ago: {} s without a commit must pass", PROMOTE_AFTER.as_secs()),
            ))
        }
        Some(_) => None,
    }
}

/// A majority cannot write, and nobody can.
fn writes(inputs: &Inputs<'_>) -> Option<Refusal> {
    let rule = "writes";
    if let Some((vantage, _)) = inputs.evidence.iter().find(|(_, one)| one.writes == Finding::Ok) {
        return Some(Refusal::new(rule, format!("the database takes the heartbeats of {vantage}")));
    }
    let trusted = || inputs.evidence.values().filter(|one| one.network);
    let (failing, all) = (trusted().filter(|one| one.writes.is_fail()).count(), trusted().count());
    let said =
        || inputs.evidence.iter().map(|(name, one)| format!("{name} {}", one.writes.words())).collect::<Vec<_>>();
    (failing * 2 <= all).then(|| {
        let text = format!("{failing} of {all} vantages fail to write, a majority must: {}", said().join(", "));
        Refusal::new(rule, text)
    })
}

fn target_stands(target: &Target, standings: &Standings) -> Option<Refusal> {
    let Target { region, ready, .. } = target;
    let why = match (ready, standings.get(region)) {
        (None, _) => format!("the cluster of {region} cannot be seen"),
        (Some(0), _) => format!("{region} has no available instance to promote"),
        (Some(_), Some(Standing::Serves)) => return None,
        (Some(_), other) => format!("{region} {}", other.map_or("is not looked at", |standing| standing.word())),
    };
    Some(Refusal::new("target", why))
}

/// The last lag that was told, and the whole time since.
fn loss(inputs: &Inputs<'_>, target: &Target) -> Option<Refusal> {
    let allowed = inputs.stack.max_data_loss;
    match target.loss {
        Loss::AtMost { bound, .. } if bound <= allowed => None,
        loss => {
            let text = format!("{}; {} s are allowed", loss.words(), allowed.as_secs());
            Some(Refusal::new("predicted loss", text))
        }
    }
}

/// UNPROVEN blocks, unless it was accepted in writing.
fn fence(inputs: &Inputs<'_>) -> Option<Refusal> {
    let stack = inputs.stack;
    (!stack.fence.proves() && !stack.accepts_unproven_fence).then(|| {
        Refusal::new("fence", "nothing proves that the old writer takes no writes: fence UNPROVEN, and not accepted")
    })
}

/// One promotion, then none for an hour and before a human has seen it; whoever begins counts the hour anew.
fn blocked(state: &State, inputs: &Inputs<'_>, now: Timestamp) -> Option<Refusal> {
    let promoted = inputs.promoted?;
    let known = state.blocked.as_ref().map_or(Duration::ZERO, |(_, since)| elapsed(*since, now));
    let Promoted { from, to, at, .. } = promoted;
    let what = format!("a watcher moved the writer from {from} to {to} ({at})");
    if promoted.acknowledged.is_none() {
        return Some(Refusal::new("blocked", format!("{what} and nobody has acknowledged it: tandem watch ack")));
    }
    (known < BLOCKED).then(|| {
        let left = (BLOCKED - known).as_secs();
        Refusal::new("blocked", format!("{what}: {left} s of {} are left", BLOCKED.as_secs()))
    })
}
