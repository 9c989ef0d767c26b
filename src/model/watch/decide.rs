//! The decision: windows of evidence in, what is done out. Every process steps its own state in every round; only the
//! leader acts on what comes of it.

use super::evidence::Evidence;
use super::inputs::{Database, Off, Promoted};
use super::rules::{self, CLOCK, OFF, STORE};
use super::window::{Standing, Window, standing};
use super::{EVACUATE_AFTER, LEAST_VANTAGES, LONGEST_GAP, PROMOTE_AFTER, PROMOTE_ROUNDS};
use crate::model::observed::elapsed;
use crate::model::stack::Stack;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stays the same while the words change.
    pub rule: &'static str,
    pub why: String,
}

impl Refusal {
    pub fn new(rule: &'static str, why: impl Into<String>) -> Self {
        Self { rule, why: why.into() }
    }
}

/// Everything that a step looks at.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub stack: &'a Stack,
    /// The Region of this vantage.
    pub me: &'a str,
    /// What every live vantage says, this one included.
    pub evidence: &'a BTreeMap<String, Evidence>,
    /// Why this process does not trust itself.
    pub doubts: &'a [Refusal],
    pub off: Option<&'a Off>,
    pub promoted: Option<&'a Promoted>,
    /// Regions whose users are led away.
    pub evacuated: &'a BTreeSet<String>,
    pub database: &'a Database,
}

/// What a process remembers from round to round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// When it began to look, or began anew.
    pub(super) started: Option<Timestamp>,
    last: Option<Timestamp>,
    pub(super) windows: BTreeMap<String, Window>,
    /// The newest commit that any vantage told of, by one's own clock.
    pub(super) committed: Option<(String, Timestamp)>,
    /// A promotion that blocks the next one, and since when it is known here.
    pub(super) blocked: Option<(String, Timestamp)>,
}

impl State {
    /// How long a majority has said of the Region that it does not serve.
    pub fn held(&self, region: &str) -> Duration {
        self.windows.get(region).map(|window| window.held).unwrap_or_default()
    }
}

/// What evidence asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Evacuate { region: String },
    Promote { from: String, to: String },
}

impl Act {
    pub fn words(&self) -> String {
        match self {
            Act::Evacuate { region } => format!("evacuate {region}"),
            Act::Promote { from, to } => format!("move the writer from {from} to {to}"),
        }
    }
}

/// What is to be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Do {
        act: Act,
        why: String,
    },
    /// A rule forbids it, or several do.
    Withhold {
        act: Act,
        why: Vec<Refusal>,
    },
}

/// What a round says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    pub standings: BTreeMap<String, Standing>,
    /// Empty: armed.
    pub disarmed: Vec<Refusal>,
    pub decisions: Vec<Decision>,
}

/// One round.
pub fn step(state: State, inputs: Inputs<'_>, now: Timestamp) -> (State, Judgement) {
    let disarmed = disarmed(&inputs);
    let state = after(state, &inputs, &disarmed, now);
    let standings: BTreeMap<String, Standing> =
        inputs.stack.regions.iter().map(|region| (region.clone(), standing(region, inputs.evidence))).collect();
    let mut decisions = vec![];
    if disarmed.is_empty() {
        decisions.extend(evacuation(&state, &inputs, &standings, now));
        decisions.extend(promotion(&state, &inputs, &standings, now));
    }
    (state, Judgement { standings, disarmed, decisions })
}

/// Why nothing is done whatever is seen.
fn disarmed(inputs: &Inputs<'_>) -> Vec<Refusal> {
    let mut why = inputs.doubts.to_vec();
    if let Some(off) = inputs.off {
        why.push(Refusal::new(OFF, format!("switched off by {}: {}", off.who, off.why)));
    }
    let own = inputs.evidence.get(inputs.me);
    if own.is_none_or(|own| !own.network) {
        why.push(Refusal::new("network", "too little of the world answers here: this vantage doubts its own network"));
    }
    let live: Vec<&str> =
        inputs.evidence.iter().filter(|(_, one)| one.network).map(|(name, _)| name.as_str()).collect();
    if live.len() < LEAST_VANTAGES {
        let who = if live.is_empty() { "none".into() } else { live.join(", ") };
        let text = format!("{} live vantage(s) ({who}), at least {LEAST_VANTAGES} must agree", live.len());
        why.push(Refusal::new("vantages", text));
    }
    why
}

fn after(state: State, inputs: &Inputs<'_>, disarmed: &[Refusal], now: Timestamp) -> State {
    let mut state = state;
    let paused = state.last.is_some_and(|last| last > now || elapsed(last, now) > LONGEST_GAP);
    let anew = paused || disarmed.iter().any(|refusal| [CLOCK, OFF].contains(&refusal.rule));
    if anew {
        (state.windows, state.started) = (BTreeMap::new(), None);
    }
    state.started.get_or_insert(now);
    state.last = Some(now);
    for region in &inputs.stack.regions {
        let seen = match standing(region, inputs.evidence) {
            // whoever cannot trust itself believes no failure
            Standing::Lost if !disarmed.is_empty() => Standing::Unclear,
            seen => seen,
        };
        let mut window = state.windows.remove(region).unwrap_or_default().after(seen, now);
        window.evacuated |= window.rounds > 0 && inputs.evacuated.contains(region);
        state.windows.insert(region.clone(), window);
    }
    for commit in inputs.evidence.values().filter_map(|one| one.commit.as_ref()) {
        let age = SignedDuration::from_secs(i64::try_from(commit.age_s).unwrap_or(i64::MAX));
        let Ok(at) = now.checked_sub(age) else { continue };
        if state.committed.as_ref().is_none_or(|(_, newest)| at > *newest) {
            state.committed = Some((commit.region.clone(), at));
        }
    }
    // what was not read has not changed
    if !inputs.doubts.iter().any(|doubt| doubt.rule == STORE) {
        state.blocked = inputs.promoted.map(|promoted| match state.blocked.take() {
            Some((id, since)) if id == promoted.id => (id, since),
            _ => (promoted.id.clone(), now),
        });
    }
    state
}

/// The first Region that should be evacuated and may be; else the first that should.
fn evacuation(
    state: &State,
    inputs: &Inputs<'_>,
    standings: &BTreeMap<String, Standing>,
    now: Timestamp,
) -> Vec<Decision> {
    let mut withheld = vec![];
    for region in &inputs.stack.regions {
        let Some(window) = state.windows.get(region) else { continue };
        let asked = window.held >= EVACUATE_AFTER && standings.get(region) == Some(&Standing::Lost);
        if !asked || window.evacuated {
            continue;
        }
        let act = Act::Evacuate { region: region.clone() };
        let why = rules::evacuation(state, inputs, standings, region, now);
        if why.is_empty() {
            let why = format!("does not serve since {} s: {}", window.held.as_secs(), said(inputs, region));
            return vec![Decision::Do { act, why }];
        }
        withheld.push(Decision::Withhold { act, why });
    }
    withheld
}

fn promotion(
    state: &State,
    inputs: &Inputs<'_>,
    standings: &BTreeMap<String, Standing>,
    now: Timestamp,
) -> Option<Decision> {
    let from = inputs.database.writer.as_ref()?;
    let window = state.windows.get(from)?;
    let lost = standings.get(from) == Some(&Standing::Lost);
    if !lost || window.held < PROMOTE_AFTER || window.rounds < PROMOTE_ROUNDS {
        return None;
    }
    let to = inputs.database.target.as_ref().map_or_else(|| "nowhere".into(), |target| target.region.clone());
    let act = Act::Promote { from: from.clone(), to };
    let refusals = rules::promotion(state, inputs, standings, from, now);
    if !refusals.is_empty() {
        return Some(Decision::Withhold { act, why: refusals });
    }
    let silent = state.committed.as_ref().map_or(0, |(_, at)| elapsed(*at, now).as_secs());
    let why = format!(
        "{from} does not serve since {} s ({} rounds) and the last commit is {silent} s ago: {}",
        window.held.as_secs(),
        window.rounds,
        said(inputs, from)
    );
    Some(Decision::Do { act, why })
}

/// What each vantage says of the Region.
fn said(inputs: &Inputs<'_>, region: &str) -> String {
    let words = inputs.evidence.iter().filter_map(|(vantage, one)| {
        let finding = one.paths.get(region)?;
        Some(format!("{vantage} {}", finding.words()))
    });
    words.collect::<Vec<_>>().join(", ")
}
