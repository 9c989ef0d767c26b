use super::decide::{Act, Decision, Inputs, Judgement, Refusal, State, step};
use super::evidence::{Commit, Evidence, Finding};
use super::inputs::{Database, Off, Promoted, Target};
use super::rules::{CLOCK, STORE};
use super::*;
use crate::model::database::Loss;
use crate::model::fixtures::{now, stack};
use crate::model::observed::elapsed;
use crate::model::stack::{FailsOver, Stack};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const VANTAGES: [&str; 3] = ["us-east-1", "eu-west-1", "us-east-2"];
const WRITER: &str = "us-east-1";
const PEER: &str = "eu-west-1";

/// A stack of two Regions, its watchers, and what they would say.
#[derive(Clone)]
struct Room {
    stack: Stack,
    now: Timestamp,
    state: State,
    evidence: BTreeMap<String, Evidence>,
    doubts: Vec<Refusal>,
    off: Option<Off>,
    promoted: Option<Promoted>,
    evacuated: BTreeSet<String>,
    database: Database,
}

fn ok() -> Evidence {
    Evidence {
        paths: [WRITER, PEER].map(|region| (region.to_string(), Finding::Ok)).into(),
        users: Finding::Ok,
        network: true,
        writes: Finding::Ok,
        commit: Some(Commit { region: WRITER.into(), epoch: 1, age_s: 3 }),
    }
}

impl Room {
    /// Where a watcher may promote as soon as the evidence asks for it.
    fn auto() -> Self {
        let mut stack = stack();
        stack.fails_over = FailsOver::Watcher;
        stack.accepts_unproven_fence = true;
        stack.max_data_loss = Duration::from_secs(600);
        let loss = Loss::AtMost {
            bound: Duration::from_secs(300),
            lag: Duration::from_secs(1),
            age: Duration::from_secs(299),
        };
        let target = Target { region: PEER.into(), ready: Some(2), loss };
        Self {
            stack,
            now: now(),
            state: State::default(),
            evidence: VANTAGES.map(|vantage| (vantage.to_string(), ok())).into(),
            doubts: vec![],
            off: None,
            promoted: None,
            evacuated: BTreeSet::new(),
            database: Database { writer: Some(WRITER.into()), role_change: None, target: Some(target) },
        }
    }

    /// A round, ten seconds after the last one.
    fn round(&mut self) -> Judgement {
        self.now += SignedDuration::try_from(ROUND).unwrap();
        for commit in self.evidence.values_mut().filter_map(|one| one.commit.as_mut()) {
            commit.age_s += ROUND.as_secs();
        }
        let inputs = Inputs {
            stack: &self.stack,
            me: VANTAGES[1],
            evidence: &self.evidence,
            doubts: &self.doubts,
            off: self.off.as_ref(),
            promoted: self.promoted.as_ref(),
            evacuated: &self.evacuated,
            database: &self.database,
        };
        let (state, judged) = step(std::mem::take(&mut self.state), inputs, self.now);
        self.state = state;
        judged
    }

    fn rounds(&mut self, count: u32) -> Judgement {
        (1..count).for_each(|_| drop(self.round()));
        self.round()
    }

    fn say(&mut self, vantage: &str, region: &str, finding: Finding) {
        self.evidence.get_mut(vantage).unwrap().paths.insert(region.into(), finding);
    }

    /// Everybody sees the Region fail, and no heartbeat comes back.
    fn lose_writer(&mut self) {
        for vantage in VANTAGES {
            self.say(vantage, WRITER, fail());
            self.evidence.get_mut(vantage).unwrap().writes = Finding::Fail("no answer".into());
        }
    }
}

fn fail() -> Finding {
    Finding::Fail("no answer in time".into())
}

fn done(judged: &Judgement) -> Vec<Act> {
    let act = |decision: &Decision| match decision {
        Decision::Do { act, .. } => Some(act.clone()),
        Decision::Withhold { .. } => None,
    };
    judged.decisions.iter().filter_map(act).collect()
}

/// The rules that forbid the promotion.
fn forbid(judged: &Judgement) -> Vec<&'static str> {
    let rules = |decision: &Decision| match decision {
        Decision::Withhold { act: Act::Promote { .. }, why } => why.iter().map(|refusal| refusal.rule).collect(),
        _ => vec![],
    };
    judged.decisions.iter().flat_map(rules).collect()
}

fn evacuate(region: &str) -> Act {
    Act::Evacuate { region: region.into() }
}

fn promote() -> Act {
    Act::Promote { from: WRITER.into(), to: PEER.into() }
}

#[test]
fn a_region_is_evacuated_after_thirty_seconds_and_its_writer_moved_after_three_minutes() {
    let mut room = Room::auto();
    assert_eq!(room.rounds(6), Judgement { decisions: vec![], ..room.clone().round() });
    room.lose_writer();
    assert_eq!(done(&room.rounds(3)), [], "20 s are no window");
    assert_eq!(done(&room.round()), [evacuate(WRITER)]);
    room.evacuated.insert(WRITER.into());
    assert_eq!(done(&room.rounds(14)), [], "170 s");
    assert_eq!(done(&room.round()), [promote()]);
}

#[test]
fn a_blip_of_43_seconds_promotes_nothing() {
    let mut room = Room::auto();
    room.rounds(20);
    let calm = room.clone();
    room.lose_writer();
    room.rounds(4);
    room.evidence = calm.evidence;
    for _ in 0..100 {
        assert_eq!(room.round().decisions, []);
    }
}

#[test]
fn each_rule_forbids_a_promotion_by_itself_and_says_why() {
    let mut room = Room::auto();
    room.rounds(3);
    room.evacuated.insert(WRITER.into());
    room.lose_writer();
    room.rounds(30);
    assert_eq!(done(&room.clone().round()), [promote()]);
    let forbidden = |change: &dyn Fn(&mut Room)| {
        let mut room = room.clone();
        change(&mut room);
        let judged = room.round();
        assert_eq!(done(&judged), []);
        forbid(&judged)
    };
    assert_eq!(forbidden(&|room| room.stack.fails_over = FailsOver::Human), ["who may"]);
    assert_eq!(forbidden(&|room| room.stack.fails_over = FailsOver::Nobody), ["who may"]);
    assert_eq!(forbidden(&|room| room.stack.accepts_unproven_fence = false), ["fence"]);
    assert_eq!(forbidden(&|room| room.stack.max_data_loss = Duration::from_secs(60)), ["predicted loss"]);
    assert_eq!(forbidden(&|room| room.database.role_change = Some("failing-over".into())), ["one role change"]);
    assert_eq!(forbidden(&|room| room.database.target = None), ["target"]);
    let target = |change: fn(&mut Target)| move |room: &mut Room| change(room.database.target.as_mut().unwrap());
    assert_eq!(forbidden(&target(|target| target.ready = Some(0))), ["target"]);
    assert_eq!(forbidden(&target(|target| target.ready = None)), ["target"]);
    assert_eq!(forbidden(&target(|target| target.loss = Loss::Unknown { frozen: true })), ["predicted loss"]);
    assert_eq!(forbidden(&|room| VANTAGES.iter().for_each(|one| room.say(one, PEER, fail()))), ["target"]);
    let commit = |region: &str| Some(Commit { region: region.into(), epoch: 1, age_s: 100 });
    assert_eq!(forbidden(&|room| room.evidence.get_mut(VANTAGES[2]).unwrap().commit = commit(WRITER)), ["commits"]);
    assert_eq!(forbidden(&|room| room.evidence.get_mut(VANTAGES[2]).unwrap().commit = commit(PEER)), ["commits"]);
    assert_eq!(forbidden(&|room| room.evidence.get_mut(VANTAGES[0]).unwrap().writes = Finding::Ok), ["writes"]);
    let denied = |room: &mut Room| {
        let denied = Finding::Unknown("denied".into());
        room.evidence.values_mut().take(2).for_each(|one| one.writes = denied.clone());
    };
    assert_eq!(forbidden(&denied), ["writes"]);
    // one vantage that is served makes it grey: no promotion is even asked for
    assert_eq!(forbidden(&|room| room.say(VANTAGES[2], WRITER, Finding::Ok)), [""; 0]);
    assert_eq!(forbidden(&|room| room.off = Some(Off { who: "a".into(), why: "b".into(), at: "c".into() })), [""; 0]);
    assert_eq!(forbidden(&|room| room.doubts = vec![Refusal::new("store", "no answer")]), [""; 0]);
}

#[test]
fn whoever_never_saw_a_commit_learns_nothing_from_there_being_none() {
    let mut room = Room::auto();
    room.evidence.values_mut().for_each(|one| one.commit = None);
    room.evacuated.insert(WRITER.into());
    room.lose_writer();
    assert_eq!(forbid(&room.rounds(40)), ["commits"]);
}

#[test]
fn a_promotion_blocks_the_next_until_an_hour_has_passed_and_a_human_has_seen_it() {
    let mut room = Room::auto();
    room.evacuated.insert(WRITER.into());
    room.lose_writer();
    room.promoted = Some(Promoted {
        id: "1".into(),
        by: "w".into(),
        from: PEER.into(),
        to: WRITER.into(),
        at: "then".into(),
        acknowledged: None,
    });
    assert_eq!(forbid(&room.rounds(400)), ["blocked"], "more than an hour, and nobody has seen it");
    room.promoted.as_mut().unwrap().acknowledged = Some("alice".into());
    assert_eq!(done(&room.clone().round()), [promote()]);
    room.promoted.as_mut().unwrap().id = "2".into();
    assert_eq!(forbid(&room.rounds(300)), ["blocked"], "acknowledged, and within the hour");
    // a table that is silent for a while does not begin the hour anew
    let (promoted, silent) = (room.promoted.take(), Refusal::new(STORE, "no answer"));
    room.doubts.push(silent);
    room.round();
    (room.promoted, room.doubts) = (promoted, vec![]);
    assert_eq!(done(&room.rounds(62)), [promote()]);
}

#[test]
fn the_last_region_that_serves_is_never_evacuated() {
    let mut room = Room::auto();
    room.rounds(3);
    for vantage in VANTAGES {
        room.say(vantage, WRITER, fail());
        room.say(vantage, PEER, fail());
    }
    let judged = room.rounds(10);
    assert_eq!(done(&judged), []);
    assert!(matches!(&judged.decisions[0], Decision::Withhold { why, .. } if why[0].rule == "floor"), "{judged:?}");
}

#[test]
fn what_a_human_restored_is_not_evacuated_again_before_it_served() {
    let mut room = Room::auto();
    room.lose_writer();
    room.stack.fails_over = FailsOver::Human;
    assert_eq!(done(&room.rounds(5)), [evacuate(WRITER)]);
    room.evacuated.insert(WRITER.into());
    room.round();
    room.evacuated.clear();
    assert_eq!(done(&room.rounds(20)), []);
}

#[test]
fn whoever_was_stopped_begins_anew() {
    let mut room = Room::auto();
    room.lose_writer();
    room.rounds(3);
    room.now += SignedDuration::from_secs(300);
    assert_eq!(done(&room.rounds(3)), [], "nobody looked for five minutes");
    assert_eq!(done(&room.round()), [evacuate(WRITER)]);
    room.doubts = vec![Refusal::new(CLOCK, "it jumped")];
    room.round();
    room.doubts.clear();
    assert_eq!(done(&room.rounds(3)), []);
}

#[test]
fn alone_is_disarmed() {
    let mut room = Room::auto();
    room.lose_writer();
    room.evidence.retain(|vantage, _| vantage == VANTAGES[1]);
    let judged = room.rounds(40);
    assert_eq!(judged.disarmed.iter().map(|refusal| refusal.rule).collect::<Vec<_>>(), ["vantages"]);
    assert_eq!(judged.decisions, []);
}

fn any_finding() -> impl Strategy<Value = Finding> {
    prop_oneof![
        4 => Just(fail()),
        1 => Just(Finding::Ok),
        1 => Just(Finding::Unknown("?".into())),
    ]
}

/// What the three vantages say of both Regions and of the writer, whether they trust themselves, and a commit.
type Said = ([Finding; 3], [Finding; 3], [Finding; 3], [bool; 3], Option<u64>);

fn any_said() -> impl Strategy<Value = Said> {
    let findings = || [any_finding(), any_finding(), any_finding()];
    let peers = [Just(Finding::Ok), Just(Finding::Ok), Just(Finding::Ok)];
    let trust = || proptest::bool::weighted(0.9);
    let commit = proptest::option::weighted(0.05, 0..30_u64);
    (findings(), prop_oneof![3 => peers, 1 => findings()], findings(), [trust(), trust(), trust()], commit)
}

/// Stretches in which the same is said for some rounds, so that windows fill.
fn any_story() -> impl Strategy<Value = Vec<(Said, u32)>> {
    proptest::collection::vec((any_said(), 1..25_u32), 1..8)
}

fn hear(room: &mut Room, said: &Said) {
    let (writer, peer, writes, trust, commit) = said;
    for (place, vantage) in VANTAGES.iter().enumerate() {
        room.say(vantage, WRITER, writer[place].clone());
        room.say(vantage, PEER, peer[place].clone());
        let one = room.evidence.get_mut(*vantage).unwrap();
        (one.writes, one.network) = (writes[place].clone(), trust[place]);
        if let Some(age_s) = commit {
            one.commit = Some(Commit { region: WRITER.into(), epoch: 1, age_s: *age_s });
        }
    }
}

proptest! {
    /// Against what was said, kept beside the state: no act without its window, and none that a rule forbids.
    #[test]
    fn no_act_without_evidence(story in any_story(), auto in any::<bool>(), off in any::<bool>()) {
        let mut room = Room::auto();
        if !auto {
            room.stack.fails_over = FailsOver::Human;
        }
        if off {
            room.off = Some(Off { who: "a".into(), why: "b".into(), at: "c".into() });
        }
        let (mut served, mut committed) = (BTreeMap::from([(WRITER, room.now), (PEER, room.now)]), room.now);
        for (said, rounds) in story {
            hear(&mut room, &said);
            for _ in 0..rounds {
                let acts = done(&room.round());
                for region in [WRITER, PEER] {
                    if room.evidence.values().any(|one| one.paths[region] == Finding::Ok) {
                        served.insert(region, room.now);
                    }
                }
                for commit in room.evidence.values().filter_map(|one| one.commit.as_ref()) {
                    let age = SignedDuration::from_secs(i64::try_from(commit.age_s).unwrap());
                    committed = committed.max(room.now - age);
                }
                prop_assert!(!off || acts.is_empty());
                for act in acts {
                    let region = match &act {
                        Act::Evacuate { region } => region.as_str(),
                        Act::Promote { from, .. } => from.as_str(),
                    };
                    let fails = room.evidence.values().filter(|one| one.network && one.paths[region].is_fail()).count();
                    prop_assert!(fails >= 2, "{act:?}");
                    let silent = elapsed(served[region], room.now);
                    prop_assert!(silent >= EVACUATE_AFTER, "{act:?} after {silent:?}");
                    if let Act::Promote { .. } = act {
                        prop_assert!(auto && silent >= PROMOTE_AFTER, "after {silent:?}");
                        prop_assert!(elapsed(committed, room.now) >= PROMOTE_AFTER);
                    } else {
                        let other = if region == WRITER { PEER } else { WRITER };
                        let serves = room.evidence.values().all(|one| !one.network || !one.paths[other].is_fail());
                        prop_assert!(serves && served[other] == room.now, "the other does not serve");
                    }
                }
            }
        }
    }

    /// UNKNOWN alone never becomes a failure.
    #[test]
    fn unknown_moves_nothing(rounds in 1..200_u32, before in 0..3_u32) {
        let mut room = Room::auto();
        room.lose_writer();
        (0..before).for_each(|_| drop(room.round()));
        for vantage in VANTAGES {
            room.say(vantage, WRITER, Finding::Unknown("?".into()));
        }
        for _ in 0..rounds {
            prop_assert_eq!(room.round().decisions, vec![]);
        }
    }
}
