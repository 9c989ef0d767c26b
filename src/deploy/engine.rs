//! Brings nodes to where they should be: look, decide, write down, send, look again.
//!
//! Every loop holds nothing that the world does not show but when it sent what: whoever was killed begins
//! with a look, and waits for AWS to show what the journal says may have been sent.

use super::board::{Board, Failure, State};
use super::decide;
use super::given::Given;
use super::graph::Graph;
use super::hints::hint;
use super::node::Node;
use super::patience::{Patience, Verdict, advice, refused};
use super::walk::{End, walk};
use crate::cloud::{self, Aws};
use crate::control::journal::{Journal, What};
use crate::host::Clock;
use crate::model::call::Call;
use crate::model::deploy::{Next, Seen, differences};
use crate::model::observed::elapsed;
use crate::model::outcome::Outcome;
use crate::probe::Boxed;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Between two looks at a node that AWS is busy with: at first, and at most.
const LOOKS: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(15));

/// What was sent shows within this time: until then it is not sent again.
pub const SHOWS: Duration = Duration::from_secs(60);

/// A call that was sent as often as this and shows nothing will not show anything.
const OFTEN: usize = 3;

/// Looks that must agree before a human is asked: an answer that was cut off may lack anything.
const SURE: u32 = 3;

/// Calls at a time to one service in one Region.
const AT_ONCE: usize = 4;

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// What a run works with.
pub struct Engine<'a> {
    pub aws: &'a Aws,
    pub clock: &'a Clock,
    pub graph: &'a Graph,
    pub journal: &'a Journal,
    pub board: &'a Board,
    given: Mutex<Arc<Given>>,
    /// By service and Region.
    turns: BTreeMap<(&'static str, String), Semaphore>,
    /// Calls that an earlier process may have sent, by node, and when.
    before: BTreeMap<String, Vec<(Call, Timestamp)>>,
    stopped: AtomicBool,
}

/// Why a node's loop ended before its time.
pub(super) enum Broken {
    Failed(Failure),
    Stopped(String),
}

impl<'a> Engine<'a> {
    pub fn new(
        aws: &'a Aws,
        clock: &'a Clock,
        graph: &'a Graph,
        journal: &'a Journal,
        board: &'a Board,
        given: Given,
    ) -> Self {
        let keys = graph.nodes().iter().map(|node| (node.service, node.region.clone()));
        Self {
            aws,
            clock,
            graph,
            journal,
            board,
            given: Mutex::new(Arc::new(given)),
            turns: keys.map(|key| (key, Semaphore::new(AT_ONCE))).collect(),
            before: BTreeMap::new(),
            stopped: AtomicBool::new(false),
        }
    }

    /// With what an earlier process may have sent and nobody knows the outcome of.
    #[must_use]
    pub fn after(mut self, before: BTreeMap<String, Vec<(Call, Timestamp)>>) -> Self {
        self.before = before;
        self
    }

    /// No new work is begun; calls that run are finished.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    pub fn given(&self) -> Arc<Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn learn(&self, node: &str, gives: Option<&Seen>) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let given = Arc::make_mut(&mut given);
        match gives {
            Some(seen) => given.learn(node, seen.gives.clone()),
            None => given.forget(node),
        }
    }

    /// Brings every node that `wanted` says where the way leads, each when what it waits for is there.
    pub async fn run(&self, way: Way, wanted: impl Fn(&Node) -> bool) {
        self.run_after(way, wanted, &BTreeMap::new()).await;
    }

    /// The same, and each place of `after` only when that other place was brought well and has stood for a while.
    pub(super) async fn run_after(&self, way: Way, wanted: impl Fn(&Node) -> bool, after: &BTreeMap<usize, usize>) {
        let nodes = self.graph.nodes();
        let waits_for: Vec<Vec<usize>> = match way {
            Way::Up => (0..nodes.len())
                .map(|place| self.graph.needs(place).iter().chain(after.get(&place)).copied().collect())
                .collect(),
            Way::Down => self.graph.needed_by(),
        };
        walk(&waits_for, |place| {
            if self.is_stopped() {
                return None;
            }
            let (goes, first) = (wanted(&nodes[place]), after.get(&place).copied());
            let future: Boxed<'_, End> =
                Box::pin(async move { if goes { self.bring(place, way, first).await } else { End::Well } });
            Some(future)
        })
        .await;
    }

    async fn bring(&self, place: usize, way: Way, first: Option<usize>) -> End {
        let node = &self.graph.nodes()[place];
        let ended = match first {
            Some(first) => match self.bake(place, first).await {
                Ok(()) => self.converge(place, node, way).await,
                broken => broken,
            },
            None => self.converge(place, node, way).await,
        };
        let (state, end) = match ended {
            Ok(()) => (State::Done, End::Well),
            Err(Broken::Failed(failure)) => (State::Failed(failure), End::Badly),
            Err(Broken::Stopped(at)) => (State::Stopped(at), End::Badly),
        };
        let word = match &state {
            State::Done => "done",
            State::Failed(_) => "failed",
            _ => "stopped",
        };
        self.board.set(place, state, self.clock.now());
        // What cannot be written any more was told by the call that could not be.
        let _ = self.journal.write(self.clock.now(), What::Node { node: node.id.clone(), state: word.into() });
        end
    }

    async fn converge(&self, place: usize, node: &Node, way: Way) -> Result<(), Broken> {
        if way == Way::Down && node.part.goes_along() {
            return Ok(());
        }
        let mut patience = Patience::default();
        let mut sent = self.before.get(&node.id).cloned().unwrap_or_default();
        let (mut pause, mut acted, mut refusal) = (LOOKS.0, false, None);
        let (mut dire, mut dire_looks) = (None, 0);
        // what this run changed, and whether nothing differed after that
        let (mut accepted, mut took): (Vec<Call>, bool) = (vec![], false);
        loop {
            let seen = self.look(place, node, &mut patience).await?;
            let given = self.given();
            let next = match way {
                Way::Up if acted => decide::raise_further(node, &seen, &given),
                Way::Up => decide::raise(node, &seen, &given),
                Way::Down => decide::lower(node, &seen, &given),
            };
            if matches!(next, Next::Stuck(_) | Next::Replace(_)) {
                dire_looks = if dire.as_ref() == Some(&next) { dire_looks + 1 } else { 1 };
                if dire_looks < SURE {
                    self.at(place, "looks again, to be sure".into());
                    dire = Some(next);
                    self.clock.sleep(LOOKS.0).await;
                    continue;
                }
            } else {
                dire_looks = 0;
            }
            match next {
                Next::Done => {
                    self.learn(&node.id, Some(&seen).filter(|seen| seen.exists));
                    return Ok(());
                }
                Next::Stuck(why) => {
                    let advice = hint(&why).unwrap_or_else(|| advice(None));
                    return Err(Broken::Failed(failed(why, None, advice)));
                }
                Next::Replace(found) => {
                    let found = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    let data = if node.holds_data { "which holds data, " } else { "" };
                    let why = format!("{}, {data}would have to be made anew: {found}", node.name);
                    return Err(Broken::Failed(failed(
                        why,
                        None,
                        "put the old value back, or remove it yourself first",
                    )));
                }
                Next::Wait(what) => {
                    took |= !accepted.is_empty();
                    self.at(place, what);
                    self.breathe(node, &mut pause).await?;
                }
                Next::Send(call) if self.shows_still(&sent, &call) => {
                    self.at(place, format!("{} sent, waits to see it", call.operation()));
                    self.breathe(node, &mut pause).await?;
                }
                Next::Send(call) => {
                    if self.is_stopped() {
                        return Err(Broken::Stopped(format!("before {}", call.operation())));
                    }
                    if node.part.serves() && took && accepted.contains(&call) {
                        let why = match dire {
                            Some(Next::Stuck(why)) => why,
                            _ => format!("{} took effect, and was taken back", call.operation()),
                        };
                        let advice = hint(&why).unwrap_or_else(|| advice(None));
                        return Err(Broken::Failed(failed(why, None, advice)));
                    }
                    if way == Way::Up && accepted.contains(&call) && decide::stands(node, &seen) {
                        self.board.remark(place, unshown(node, &seen, &given, &call), self.clock.now());
                        self.learn(&node.id, Some(&seen));
                        return Ok(());
                    }
                    let often = sent.iter().filter(|(earlier, _)| *earlier == call).count();
                    if often >= OFTEN {
                        let why = format!("{} was sent {often} times and did not take effect", call.operation());
                        return Err(Broken::Failed(failed(why, None, advice(None))));
                    }
                    let outcome = self.send(place, node, &call).await?;
                    acted |= node.part.spoilt(&seen).is_none();
                    pause = LOOKS.0;
                    let error = match outcome {
                        Outcome::Done { .. } => None,
                        Outcome::Unknown(error) => Some((error, true)),
                        Outcome::Refused(error) => Some((error, false)),
                    };
                    let Some((error, unknown)) = error else {
                        accepted.push(call.clone());
                        sent.push((call, self.clock.now()));
                        patience.heard();
                        self.clock.sleep(pause).await;
                        continue;
                    };
                    if unknown {
                        sent.push((call.clone(), self.clock.now()));
                    }
                    match refused(&error, unknown, &mut patience, self.clock.now()) {
                        Verdict::Again(wait) => {
                            self.at(place, format!("{}: {error}, again in {} s", call.operation(), wait.as_secs()));
                            self.clock.sleep(wait).await;
                        }
                        Verdict::LookAgain(wait) => {
                            self.at(place, format!("{}: {error}, looks again", call.operation()));
                            self.clock.sleep(wait).await;
                        }
                        // An answer that was lost was asked for again by the SDK, and what the first call made
                        // refuses the second: so a look decides, and only the same refusal again is one.
                        Verdict::GiveUp if refusal.as_ref() != Some(&call) => {
                            self.at(place, format!("{}: {error}, looks again", call.operation()));
                            refusal = Some(call);
                            self.clock.sleep(pause).await;
                        }
                        Verdict::GiveUp => {
                            let why = format!("{}: {error}", call.operation());
                            let advice = advice(Some(&error));
                            return Err(Broken::Failed(failed(why, error.request_id.clone(), advice)));
                        }
                    }
                }
            }
        }
    }

    /// Looks until there is an answer. A Region that does not answer holds up only its own nodes.
    pub(super) async fn look(&self, place: usize, node: &Node, patience: &mut Patience) -> Result<Seen, Broken> {
        loop {
            let given = self.given();
            let looked = {
                let _turn = self.turn(node).await;
                node.part.look(self.aws, &given).await
            };
            let error = match looked {
                Ok(seen) => return Ok(seen),
                Err(error) => error,
            };
            match patience.blind(&error, self.clock.now()) {
                Some(wait) => {
                    self.at(place, format!("cannot be seen: {error}"));
                    self.clock.sleep(wait).await;
                }
                None => {
                    let advice = advice(Some(&error));
                    return Err(Broken::Failed(failed(error.to_string(), error.request_id.clone(), advice)));
                }
            }
            if self.is_stopped() {
                return Err(Broken::Stopped(format!("while it could not be seen: {error}")));
            }
        }
    }

    async fn send(&self, place: usize, node: &Node, call: &Call) -> Result<Outcome, Broken> {
        let now = self.clock.now();
        self.at(place, call.operation().to_string());
        let intent = What::Intent { node: node.id.clone(), call: call.clone() };
        if let Err(why) = self.journal.write(now, intent) {
            return Err(Broken::Failed(failed(
                format!("{} was not sent, since the journal cannot be written: {why}", call.operation()),
                None,
                "make room on the disk of $XDG_STATE_HOME, then apply again",
            )));
        }
        self.board.sent(place);
        let outcome = {
            let _turn = self.turn(node).await;
            cloud::send(self.aws, call).await
        };
        tracing::info!(node = node.id, region = call.region, operation = call.operation(), ?outcome, "call ended");
        // The outcome is a hint: a journal that lost it costs one look more.
        let _ = self.journal.write(self.clock.now(), What::Outcome { node: node.id.clone(), outcome: outcome.clone() });
        Ok(outcome)
    }

    /// A closed semaphore lets everybody through: none is closed.
    pub(super) async fn turn(&self, node: &Node) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.turns.get(&(node.service, node.region.clone()))?.acquire().await.ok()
    }

    /// Whether the same call was sent so short a time ago that its effect may not show yet.
    fn shows_still(&self, sent: &[(Call, Timestamp)], call: &Call) -> bool {
        let now = self.clock.now();
        sent.iter().any(|(earlier, at)| earlier == call && elapsed(*at, now) < SHOWS)
    }

    pub(super) fn at(&self, place: usize, what: String) {
        self.board.set(place, State::Runs(what), self.clock.now());
    }

    async fn breathe(&self, node: &Node, pause: &mut Duration) -> Result<(), Broken> {
        if self.is_stopped() {
            return Err(Broken::Stopped(format!("while AWS was busy with {}", node.name)));
        }
        self.clock.sleep(*pause).await;
        *pause = (*pause * 3 / 2).min(LOOKS.1);
        Ok(())
    }
}

/// What AWS took and does not show: what builds on the node can go on, and the plan names it each time.
fn unshown(node: &Node, seen: &Seen, given: &Given, call: &Call) -> String {
    let found = node.part.want(given).map(|want| differences(&want, &seen.is)).unwrap_or_default();
    let found = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("{} was accepted, and AWS does not show it: {found}", call.operation())
}

pub(super) fn failed(why: impl Into<String>, request_id: Option<String>, advice: impl Into<String>) -> Failure {
    Failure { why: why.into(), request_id, advice: advice.into() }
}
