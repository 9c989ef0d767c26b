//! What is said of a Region and of the stack, from what was seen.

use super::observed::Freshness;
use super::snapshot::{CheckView, RegionView, Snapshot, SwitchPosition};
use super::steering::Way;
use jiff::Timestamp;

/// The state of one Region, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Users are sent here and are served.
    Serving,
    /// Serves, but less than it should.
    Degraded,
    /// The dial lies between: part of its users go elsewhere.
    Draining,
    /// The dial is at 0.
    Drained,
    /// The switch says EVACUATE.
    Evacuated,
    /// No healthy target, or the checkers find it unhealthy.
    Down,
    /// It cannot be seen.
    Unknown,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Serving => "SERVING",
            Verdict::Degraded => "DEGRADED",
            Verdict::Draining => "DRAINING",
            Verdict::Drained => "DRAINED",
            Verdict::Evacuated => "EVACUATED",
            Verdict::Down => "DOWN",
            Verdict::Unknown => "UNKNOWN",
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Verdict::Serving => "●",
            Verdict::Degraded => "◐",
            Verdict::Draining => "◔",
            Verdict::Drained => "○",
            Verdict::Evacuated => "◇",
            Verdict::Down => "✖",
            Verdict::Unknown => "?",
        }
    }
}

/// The verdict on one Region of the snapshot.
pub fn of_region(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> Verdict {
    if blind(region, now) {
        return Verdict::Unknown;
    }
    if switched_away(snapshot, &region.name, now) {
        return Verdict::Evacuated;
    }
    let dial = dial(snapshot, &region.name);
    if dial == Some(0) || weightless(snapshot, &region.name) {
        return Verdict::Drained;
    }
    let (Some(service), Some(healthy)) = (region.service.current(now), healthy_targets(region, now)) else {
        return Verdict::Unknown;
    };
    let checks = snapshot.checks.current(now).and_then(|checks| checks.get(&region.name));
    let unhealthy = |check: Option<&Option<CheckView>>| check.and_then(Option::as_ref).is_some_and(|c| !c.healthy);
    if healthy == 0 || unhealthy(checks.map(|checks| &checks.endpoint)) {
        return Verdict::Down;
    }
    if dial.is_some_and(|percent| percent < 100) {
        return Verdict::Draining;
    }
    // Unhealthy as a whole with a healthy endpoint: a switch still holds it, or was let go just now.
    let held = unhealthy(checks.map(|checks| &checks.health));
    if held || service.running < service.desired || healthy < service.desired {
        return Verdict::Degraded;
    }
    Verdict::Serving
}

/// The verdict on the whole stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overall {
    Healthy,
    Degraded,
    /// Too little was seen to say.
    Unknown,
}

impl Overall {
    pub fn word(self) -> &'static str {
        match self {
            Overall::Healthy => "healthy",
            Overall::Degraded => "degraded",
            Overall::Unknown => "unknown",
        }
    }
}

pub fn of_stack(snapshot: &Snapshot, now: Timestamp) -> Overall {
    let verdicts: Vec<Verdict> = snapshot.regions.iter().map(|region| of_region(snapshot, region, now)).collect();
    if verdicts.is_empty() || verdicts.iter().all(|verdict| *verdict == Verdict::Unknown) {
        Overall::Unknown
    } else if verdicts.iter().all(|verdict| *verdict == Verdict::Serving) {
        Overall::Healthy
    } else {
        Overall::Degraded
    }
}

/// How many Regions serve users now.
pub fn serving(snapshot: &Snapshot, now: Timestamp) -> usize {
    let serves = |v| matches!(v, Verdict::Serving | Verdict::Degraded | Verdict::Draining);
    snapshot.regions.iter().filter(|region| serves(of_region(snapshot, region, now))).count()
}

/// Whether users who leave another Region can be taken in here: seen just now, healthy targets, not
/// dialled down, not evacuated, not found unhealthy.
pub fn can_receive(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> bool {
    matches!(of_region(snapshot, region, now), Verdict::Serving | Verdict::Degraded | Verdict::Draining)
}

/// Targets that are healthy, when that was seen just now.
pub fn healthy_targets(region: &RegionView, now: Timestamp) -> Option<u32> {
    let targets = region.targets.current(now)?;
    Some(targets.iter().filter(|target| target.healthy()).count() as u32)
}

/// The dial of a Region, 0 to 100. The last one read counts, however old: only Tandem and its
/// operators turn it, and the pane shows its age.
pub fn dial(snapshot: &Snapshot, region: &str) -> Option<i64> {
    snapshot.records.value.as_ref()?.dials.get(region).copied()
}

/// Whether any peer that can be read says EVACUATE: one is enough for the checkers.
pub fn switched_away(snapshot: &Snapshot, region: &str, now: Timestamp) -> bool {
    switch_agreement(snapshot, now, region, true).0 > 0
}

/// Of the peers whose switch for `region` can be read now: how many have it in this position, and how
/// many there are.
pub fn switch_agreement(snapshot: &Snapshot, now: Timestamp, region: &str, evacuate: bool) -> (usize, usize) {
    let wanted = if evacuate { SwitchPosition::Evacuate } else { SwitchPosition::Serve };
    let seen: Vec<SwitchPosition> = snapshot
        .regions
        .iter()
        .filter(|peer| peer.name != region)
        .filter_map(|peer| peer.switches.current(now)?.get(region).map(|switch| switch.position))
        .collect();
    (seen.iter().filter(|position| **position == wanted).count(), seen.len())
}

/// Places that are sent to the Region, of all, when that was seen just now.
pub fn places(snapshot: &Snapshot, region: &str, now: Timestamp) -> Option<(usize, usize)> {
    let answers = snapshot.answers.current(now)?;
    Some((answers.iter().filter(|answer| answer.region.as_deref() == Some(region)).count(), answers.len()))
}

/// Whether its records, where they lead straight to it, have the weight 0 while those of others have some: nobody is
/// sent there (Route 53 Developer Guide, weighted routing).
fn weightless(snapshot: &Snapshot, region: &str) -> bool {
    let straight = snapshot.records.value.as_ref().and_then(|records| records.straight.get(region));
    straight.is_some_and(|straight| matches!(straight.way, Way::Weight { weight: 0, of: 1.. }))
}

fn blind(region: &RegionView, now: Timestamp) -> bool {
    let unseen = |freshness| !matches!(freshness, Freshness::Fresh(_));
    unseen(region.service.freshness(now)) || unseen(region.targets.freshness(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::{CallError, ErrorClass};

    fn first(snapshot: &Snapshot) -> Verdict {
        of_region(snapshot, &snapshot.regions[0], now())
    }

    #[test]
    fn a_region_that_cannot_be_seen_is_unknown_whatever_it_was() {
        let mut seen = snapshot();
        assert_eq!(first(&seen), Verdict::Serving);
        seen.regions[0].targets.failed(CallError::new(ErrorClass::Timeout, "no answer"), now());
        assert_eq!(first(&seen), Verdict::Unknown);
        assert_eq!(of_stack(&seen, now()), Overall::Degraded);
        assert!(!can_receive(&seen, &seen.regions[0], now()));
    }

    #[test]
    fn a_switch_that_was_let_go_is_not_an_outage() {
        let mut seen = snapshot();
        let checks = seen.checks.value.as_mut().unwrap().get_mut("us-east-1").unwrap();
        checks.health.as_mut().unwrap().healthy = false;
        let mut endpoint = checks.health.clone().unwrap();
        endpoint.healthy = true;
        checks.endpoint = Some(endpoint);
        assert_eq!(first(&seen), Verdict::Degraded);
        let checks = seen.checks.value.as_mut().unwrap().get_mut("us-east-1").unwrap();
        checks.endpoint.as_mut().unwrap().healthy = false;
        assert_eq!(first(&seen), Verdict::Down);
    }

    #[test]
    fn one_peer_that_says_evacuate_is_enough() {
        let mut seen = snapshot();
        seen.regions[1].switches.value.as_mut().unwrap().get_mut("us-east-1").unwrap().position =
            SwitchPosition::Evacuate;
        assert_eq!(first(&seen), Verdict::Evacuated);
        assert_eq!(serving(&seen, now()), 1);
    }
}
