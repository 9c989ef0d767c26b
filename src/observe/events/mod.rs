//! What a change of the snapshot means to people.

mod credentials;
mod database;
mod sessions;

use crate::model::event::{Event, Severity};
use crate::model::observed::Observed;
use crate::model::snapshot::{Snapshot, SwitchPosition};
use crate::model::steering::Way;
use crate::model::verdict::{self, Verdict};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What was noted last, so that only changes are told.
#[derive(Debug, Default)]
pub(super) struct Marks {
    verdicts: BTreeMap<String, Verdict>,
    dials: BTreeMap<String, i64>,
    ways: BTreeMap<String, Way>,
    switches: BTreeMap<(String, String), SwitchPosition>,
    places: BTreeMap<String, Option<String>>,
    unreadable: BTreeMap<String, bool>,
    /// The newest ECS event that was told, by Region.
    told: BTreeMap<String, Timestamp>,
    credentials: credentials::Marks,
    database: database::Marks,
    sessions: sessions::Marks,
}

impl Marks {
    /// `login`: what is typed to sign in again.
    pub fn new(login: String) -> Self {
        Self { credentials: credentials::Marks::new(login), ..Self::default() }
    }

    /// What is new in `snapshot`. The first sight of a thing is no news.
    pub fn notes(&mut self, snapshot: &Snapshot, now: Timestamp) -> Vec<Event> {
        let mut notes = vec![];
        let mut tell = |severity, region: Option<&str>, text: String| {
            notes.push(Event { at: now, severity, region: region.map(Into::into), text });
        };
        for region in &snapshot.regions {
            let name = region.name.as_str();
            let verdict = verdict::of_region(snapshot, region, now);
            let known = looked(&region.service) && looked(&region.targets) && looked(&region.switches);
            if known
                && let Some(before) = self.verdicts.insert(name.into(), verdict).filter(|before| *before != verdict)
            {
                tell(severity(verdict), Some(name), format!("{} -> {}", before.word(), verdict.word()));
            }
            let failing = region.service.failing.as_ref();
            let before = self.unreadable.insert(name.into(), failing.is_some());
            match (before, failing) {
                (Some(false), Some(failing)) => tell(Severity::Warn, Some(name), format!("ECS: {}", failing.why)),
                (Some(true), None) => tell(Severity::Good, Some(name), "ECS answers again".into()),
                _ => {}
            }
            for (subject, switch) in region.switches.value.iter().flatten() {
                let key = (name.to_string(), subject.clone());
                let before = self.switches.insert(key, switch.position);
                if before.is_some_and(|before| before != switch.position) {
                    tell(Severity::Warn, Some(subject), format!("switch on {name} answers \"{}\"", switch.body));
                }
            }
        }
        for (region, dial) in snapshot.records.value.iter().flat_map(|records| &records.dials) {
            if let Some(before) = self.dials.insert(region.clone(), *dial).filter(|before| before != dial) {
                tell(Severity::Info, Some(region), format!("dial {before} -> {dial}"));
            }
        }
        for (region, straight) in snapshot.records.value.iter().flat_map(|records| &records.straight) {
            let before = self.ways.insert(region.clone(), straight.way);
            if let (Some(Way::Weight { weight: from, .. }), Way::Weight { weight: to, .. }) = (before, straight.way)
                && from != to
            {
                tell(Severity::Info, Some(region), format!("weight {from} -> {to}"));
            }
        }
        // Between 0 and 100 every lookup draws anew: where one went is no news.
        let shared = |way: &Way| matches!(way, Way::Weight { weight, of } if *weight > 0 && weight < of);
        let ramping = self.dials.values().any(|dial| (1..100).contains(dial)) || self.ways.values().any(shared);
        for answer in snapshot.answers.value.iter().flatten() {
            let before = self.places.insert(answer.place.name.clone(), answer.region.clone());
            if let Some(before) = before.filter(|before| !ramping && *before != answer.region) {
                let (from, to) =
                    (before.as_deref().unwrap_or("nowhere"), answer.region.as_deref().unwrap_or("nowhere"));
                tell(Severity::Info, None, format!("{} is sent to {to}, was {from}", answer.place.name));
            }
        }
        notes.extend(self.service_news(snapshot));
        notes.extend(self.credentials.notes(snapshot, now));
        notes.extend(self.database.notes(snapshot, now));
        notes.extend(self.sessions.notes(snapshot, now));
        notes
    }

    fn service_news(&mut self, snapshot: &Snapshot) -> Vec<Event> {
        let mut notes = vec![];
        for region in &snapshot.regions {
            let Some(service) = &region.service.value else { continue };
            let told = self.told.get(&region.name).copied().unwrap_or(Timestamp::MIN);
            notes.extend(service.events.iter().filter(|event| event.at > told).cloned());
            if let Some(newest) = service.events.iter().map(|event| event.at).max() {
                self.told.insert(region.name.clone(), newest.max(told));
            }
        }
        notes
    }
}

/// Notes what is; what was before, when it was something else. The first sight is no change.
fn changed<T: PartialEq>(mark: &mut Option<T>, is: T) -> Option<T> {
    if mark.as_ref() == Some(&is) {
        return None;
    }
    mark.replace(is)
}

fn looked<T>(observed: &Observed<T>) -> bool {
    observed.value.is_some() || observed.failing.is_some()
}

fn severity(verdict: Verdict) -> Severity {
    match verdict {
        Verdict::Serving => Severity::Good,
        Verdict::Draining | Verdict::Drained => Severity::Info,
        Verdict::Degraded | Verdict::Evacuated | Verdict::Unknown => Severity::Warn,
        Verdict::Down => Severity::Bad,
    }
}
