//! What `status` tells, before it takes a form. Its JSON is a contract: add members, never change one
//! without raising [`SCHEMA`].

use super::stateful::{self, Arriving, Database, Lag, Member, Sessions};
use crate::model::observed::{Freshness, Observed};
use crate::model::snapshot::{RegionView, Snapshot, SwitchPosition, Visit};
use crate::model::verdict;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the JSON.
pub const SCHEMA: u32 = 1;

#[derive(Debug, Serialize)]
pub struct Report {
    pub schema: u32,
    pub stack: String,
    pub environment: String,
    /// `simulator`, an endpoint, or `aws`.
    pub world: String,
    pub at: Timestamp,
    pub verdict: &'static str,
    pub serving_regions: usize,
    pub account: Option<String>,
    pub regions: Vec<RegionReport>,
    /// Null for a stack without one.
    pub database: Option<Database>,
    pub users: Option<Users>,
}

#[derive(Debug, Serialize)]
pub struct RegionReport {
    pub name: String,
    pub verdict: &'static str,
    #[serde(skip)]
    pub symbol: &'static str,
    pub tasks: Part<Tasks>,
    pub targets: Part<Targets>,
    pub traffic: Part<Traffic>,
    /// 0 to 100.
    pub dial: Part<i64>,
    /// How records send users here where there is no dial: `weight 1 of 2`, `by latency`; null where none does.
    pub straight: Option<String>,
    /// The position of this Region's switch, by the peer that holds it.
    pub switches: BTreeMap<String, &'static str>,
    /// Whether every peer told what switches it has.
    #[serde(skip)]
    pub switches_told: bool,
    /// This Region's member of the database, and how far it is behind; null where there is none.
    pub database: Option<Part<Member>>,
    pub lag: Option<Part<Lag>>,
    /// Null where there is no session table.
    pub sessions: Option<Part<Sessions>>,
    /// How sessions arrive here, by the Region that they come from.
    pub arriving: BTreeMap<String, Arriving>,
}

/// A part with its age: `value` is the last one seen, `state` says whether it is current.
#[derive(Debug, Serialize)]
pub struct Part<T> {
    pub state: &'static str,
    pub age_s: Option<u64>,
    pub error: Option<String>,
    pub value: Option<T>,
}

#[derive(Debug, Serialize)]
pub struct Tasks {
    pub desired: u32,
    pub running: u32,
    pub pending: u32,
}

#[derive(Debug, Serialize)]
pub struct Targets {
    pub healthy: usize,
    pub registered: usize,
}

#[derive(Debug, Serialize)]
pub struct Traffic {
    pub requests_per_s: Option<f64>,
    pub error_share: Option<f64>,
    pub p99_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct Users {
    /// Places whose users are answered, of those that were tried.
    pub answered: usize,
    pub tried: usize,
    /// Places that are sent to each Region.
    pub places: BTreeMap<String, usize>,
}

impl Report {
    pub fn new(snapshot: &Snapshot, now: Timestamp, world: &str) -> Self {
        Self {
            schema: SCHEMA,
            stack: snapshot.stack.clone(),
            environment: snapshot.environment.clone(),
            world: world.into(),
            at: now,
            verdict: super::overall(snapshot, now).word(),
            serving_regions: verdict::serving(snapshot, now),
            account: snapshot.identity.value.as_ref().map(|identity| identity.account.clone()),
            regions: snapshot.regions.iter().map(|region| region_report(snapshot, region, now)).collect(),
            database: stateful::database(snapshot, now),
            users: users(snapshot),
        }
    }
}

fn region_report(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> RegionReport {
    let verdict = verdict::of_region(snapshot, region, now);
    let peers = || snapshot.regions.iter().filter(|peer| peer.name != region.name);
    let switches = peers().filter_map(|peer| {
        let switch = peer.switches.current(now)?.get(&region.name)?;
        let word = match switch.position {
            SwitchPosition::Serve => "SERVE",
            SwitchPosition::Evacuate => "EVACUATE",
            SwitchPosition::Unreadable => "UNREADABLE",
        };
        Some((peer.name.clone(), word))
    });
    RegionReport {
        name: region.name.clone(),
        verdict: verdict.word(),
        symbol: verdict.symbol(),
        tasks: part(&region.service, now, |service| {
            Some(Tasks { desired: service.desired, running: service.running, pending: service.pending })
        }),
        targets: part(&region.targets, now, |targets| {
            let healthy = targets.iter().filter(|target| target.healthy()).count();
            Some(Targets { healthy, registered: targets.len() })
        }),
        traffic: part(&region.traffic, now, |traffic| {
            Some(Traffic {
                requests_per_s: traffic.requests_per_s(),
                error_share: traffic.error_share(),
                p99_ms: traffic.last().and_then(|(_, minute)| minute.p99_ms),
            })
        }),
        dial: part(&snapshot.records, now, |records| records.dials.get(&region.name).copied()),
        straight: snapshot
            .records
            .value
            .as_ref()
            .and_then(|records| records.straight.get(&region.name))
            .map(|straight| straight.way.words()),
        switches: switches.collect(),
        switches_told: peers().all(|peer| peer.switches.current(now).is_some() || peer.switches.absent()),
        database: stateful::member(snapshot, region, now),
        lag: stateful::lag(snapshot, region, now),
        sessions: stateful::sessions(region, now),
        arriving: stateful::arriving(snapshot, region, now),
    }
}

pub(super) fn part<T, U>(observed: &Observed<T>, now: Timestamp, pick: impl Fn(&T) -> Option<U>) -> Part<U> {
    let state = match observed.freshness(now) {
        Freshness::Fresh(_) => "fresh",
        Freshness::Late(_) => "late",
        Freshness::Failed { .. } => "failed",
        Freshness::Never => "never",
    };
    Part {
        state,
        age_s: observed.age(now).map(|age| age.as_secs()),
        error: observed.failing.as_ref().map(|failing| failing.why.to_string()),
        value: observed.value.as_ref().and_then(pick),
    }
}

fn users(snapshot: &Snapshot) -> Option<Users> {
    let answers = snapshot.answers.value.as_ref()?;
    let mut places = BTreeMap::new();
    for region in answers.iter().filter_map(|answer| answer.region.clone()) {
        *places.entry(region).or_default() += 1;
    }
    let tried = answers.iter().filter(|answer| answer.visit != Visit::NotTried);
    let answered = tried.clone().filter(|answer| answer.visit.ok() == Some(true)).count();
    Some(Users { answered, tried: tried.count(), places })
}

impl<T> Part<T> {
    /// `3 s ago`, or why it is not known.
    pub fn age_words(&self) -> String {
        match (self.state, self.age_s, &self.error) {
            ("fresh", Some(age), _) => format!("{age} s ago"),
            ("never", ..) => "never seen".into(),
            (state, Some(age), why) => {
                let why = why.as_ref().map_or(String::new(), |why| format!(", {why}"));
                format!("{}, last seen {age} s ago{why}", state.to_uppercase())
            }
            (_, None, Some(why)) => format!("UNKNOWN: {why}"),
            (_, None, None) => "UNKNOWN".into(),
        }
    }
}
