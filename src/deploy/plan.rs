//! What a run would do: live against spec, by name and tag.

use super::decide::{self, Verdict};
use super::engine::Engine;
use super::graph::Graph;
use super::walk::{End, walk};
use crate::model::deploy::{Difference, Seen};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::text::clean;
use crate::probe::Boxed;
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Looks at a node that does not answer, before the plan says so.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(2);

/// What would be done to a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Unchanged,
    Create,
    Update(Vec<Difference>),
    /// Members that it keeps for life differ.
    Replace(Vec<Difference>),
    /// AWS is at work on it; nothing differs.
    Busy(String),
    /// Whether it differs is seen when what it needs was made.
    Later(String),
    /// A human must see to it first.
    Stuck(String),
    /// It could not be seen.
    Unknown(CallError),
}

impl Action {
    pub fn word(&self) -> &'static str {
        match self {
            Action::Unchanged => "unchanged",
            Action::Create => "create",
            Action::Update(_) => "update",
            Action::Replace(_) => "replace",
            Action::Busy(_) => "busy",
            Action::Later(_) => "later",
            Action::Stuck(_) => "stuck",
            Action::Unknown(_) => "unknown",
        }
    }

    /// One character for it.
    pub fn sign(&self) -> &'static str {
        match self {
            Action::Create => "+",
            Action::Update(_) => "~",
            Action::Busy(_) | Action::Later(_) => "?",
            Action::Unchanged => "=",
            Action::Replace(_) | Action::Stuck(_) | Action::Unknown(_) => "!",
        }
    }

    /// The members that differ.
    pub fn differences(&self) -> &[Difference] {
        match self {
            Action::Update(found) | Action::Replace(found) => found,
            _ => &[],
        }
    }

    /// What keeps it from being applied now.
    pub fn why(&self) -> Option<String> {
        match self {
            Action::Busy(why) | Action::Later(why) | Action::Stuck(why) => Some(why.clone()),
            Action::Unknown(error) => Some(error.to_string()),
            Action::Unchanged | Action::Create | Action::Update(_) | Action::Replace(_) => None,
        }
    }

    /// Whether nothing can be applied before a human has seen to it.
    pub fn forbids(&self) -> bool {
        matches!(self, Action::Replace(_) | Action::Stuck(_) | Action::Unknown(_))
    }
}

/// A node in a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: String,
    pub region: String,
    pub service: &'static str,
    pub name: String,
    pub holds_data: bool,
    pub expected: Duration,
    pub action: Action,
    /// Whether it is there.
    pub exists: bool,
}

impl Row {
    /// What differs, a member a line, then what keeps it from being applied and what to do. All of it is clean.
    pub fn said(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.action.differences().iter().map(ToString::to_string).collect();
        if matches!(self.action, Action::Replace(_)) {
            let what = match self.holds_data {
                true => "it holds data and is never made anew",
                false => "it would have to be made anew",
            };
            lines.push(format!("{what}: put the old value back, or remove it yourself first"));
        }
        lines.extend(self.action.why());
        lines.iter().map(|line| clean(line)).collect()
    }
}

/// A plan, in the order of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub rows: Vec<Row>,
    /// How long the longest way through what is to be made should take.
    pub expected: Duration,
    /// The same for taking away what is there: about as long as it took to make.
    pub takes_away: Duration,
}

impl Plan {
    pub fn changes(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.action != Action::Unchanged)
    }

    pub fn count(&self, word: &str) -> usize {
        self.rows.iter().filter(|row| row.action.word() == word).count()
    }

    /// Why it cannot be applied.
    pub fn obstacles(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.action.forbids())
    }

    /// Stands for what would be done: twelve hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for row in self.changes() {
            digest.update(format!("{} {}", row.id, row.action.word()));
            if let Action::Update(found) | Action::Replace(found) = &row.action {
                found.iter().for_each(|one| digest.update(format!(" {} {} {}", one.member, one.wanted, one.seen)));
            }
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Engine<'_> {
    /// Looks at every node, each after what it needs, and learns what those that stand give. Nothing is
    /// changed. Regions do not wait for one another but where their resources do.
    pub async fn survey(&self) -> Plan {
        let nodes = self.graph.nodes();
        let seen: Vec<Mutex<Option<Result<Seen, CallError>>>> = nodes.iter().map(|_| Mutex::new(None)).collect();
        let waits_for: Vec<Vec<usize>> = (0..nodes.len()).map(|place| self.graph.needs(place).to_vec()).collect();
        walk(&waits_for, |place| {
            let slot = &seen[place];
            let future: Boxed<'_, End> = Box::pin(async move {
                let looked = self.glance(place).await;
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(looked);
                // What needs it is looked at all the same: it may stand.
                End::Well
            });
            Some(future)
        })
        .await;
        let given = self.given();
        let row = |(place, slot): (usize, &Mutex<Option<Result<Seen, CallError>>>)| {
            let node = &nodes[place];
            let looked = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            let (action, exists) = match looked {
                Some(Ok(seen)) => (action(decide::judge(node, &seen, &given)), seen.exists),
                Some(Err(error)) => (Action::Unknown(error), false),
                None => (Action::Unknown(CallError::new(ErrorClass::Unreachable, "it was not looked at")), false),
            };
            Row {
                id: node.id.clone(),
                region: node.region.clone(),
                service: node.service,
                name: node.name.clone(),
                holds_data: node.holds_data,
                expected: node.expected,
                action,
                exists,
            }
        };
        let rows: Vec<Row> = seen.iter().enumerate().map(row).collect();
        let (expected, takes_away) = (expected(self.graph, &rows), takes_away(self.graph, &rows));
        Plan { rows, expected, takes_away }
    }

    async fn glance(&self, place: usize) -> Result<Seen, CallError> {
        let node = &self.graph.nodes()[place];
        let mut tries = 0;
        loop {
            let given = self.given();
            let looked = {
                let _turn = self.turn(node).await;
                node.part.look(self.aws, &given).await
            };
            match looked {
                Ok(seen) => {
                    self.learn(&node.id, Some(&seen).filter(|seen| seen.exists));
                    return Ok(seen);
                }
                Err(error) if error.class == ErrorClass::Throttled => self.clock.sleep(PAUSE).await,
                Err(error) => {
                    tries += 1;
                    if tries >= TRIES || !error.class.may_have_happened() {
                        return Err(error);
                    }
                    self.clock.sleep(PAUSE).await;
                }
            }
        }
    }
}

fn action(verdict: Verdict) -> Action {
    match verdict {
        Verdict::Unchanged => Action::Unchanged,
        Verdict::Create => Action::Create,
        Verdict::Update(found) => Action::Update(found),
        Verdict::Replace(found) => Action::Replace(found),
        Verdict::Busy(why) => Action::Busy(why),
        Verdict::Later(missing) => Action::Later(format!("is compared when {} is there", missing.node)),
        Verdict::Stuck(why) => Action::Stuck(why),
    }
}

/// What is to be made takes its time; what is to be changed takes a moment.
fn expected(graph: &Graph, rows: &[Row]) -> Duration {
    let takes = |node: &super::node::Node| {
        let row = rows.iter().find(|row| row.id == node.id);
        match row.map(|row| &row.action) {
            Some(Action::Create | Action::Busy(_)) => node.expected,
            Some(Action::Update(found)) => {
                node.part.takes(found).unwrap_or_else(|| node.expected.min(Duration::from_secs(60)))
            }
            _ => Duration::ZERO,
        }
    };
    graph.critical_path(takes).0
}

fn takes_away(graph: &Graph, rows: &[Row]) -> Duration {
    let there = |node: &super::node::Node| rows.iter().any(|row| row.id == node.id && row.exists);
    graph.critical_path(|node| if there(node) { node.expected } else { Duration::ZERO }).0
}

/// How long something should take, as exactly as that is known: `45 s`, `4 min`, `1 h 05 min`.
pub fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..90 => format!("{seconds} s"),
        seconds @ ..3600 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}
