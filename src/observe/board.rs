//! The one snapshot, and who is told when it changes.

use super::{events, every};
use crate::host::Clock;
use crate::model::event::Event;
use crate::model::observed::Observed;
use crate::model::snapshot::{RegionView, Snapshot};
use crate::model::stack::Stack;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Events that are kept.
const KEPT: usize = 300;

pub(super) struct Board {
    clock: Clock,
    state: Mutex<State>,
    published: watch::Sender<Arc<Snapshot>>,
}

struct State {
    snapshot: Snapshot,
    marks: events::Marks,
}

impl Board {
    /// `login`: what is typed to sign in again.
    pub fn new(stack: &Stack, clock: Clock, login: String) -> Self {
        let snapshot = blank(stack);
        let published = watch::Sender::new(Arc::new(snapshot.clone()));
        Self { clock, state: Mutex::new(State { snapshot, marks: events::Marks::new(login) }), published }
    }

    pub fn subscribe(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.published.subscribe()
    }

    /// Reads without publishing.
    pub fn read<T>(&self, read: impl FnOnce(&Snapshot) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner).snapshot)
    }

    /// Changes the snapshot, notes what that means, and publishes it.
    pub fn update(&self, change: impl FnOnce(&mut Snapshot)) {
        let now = self.clock.now();
        let mut guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        change(&mut state.snapshot);
        let notes = state.marks.notes(&state.snapshot, now);
        add(&mut state.snapshot.events, notes);
        self.published.send_replace(Arc::new(state.snapshot.clone()));
    }

    pub fn note(&self, event: Event) {
        self.update(|snapshot| add(&mut snapshot.events, vec![event]));
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Newest first, bounded.
fn add(events: &mut Vec<Event>, mut more: Vec<Event>) {
    if more.is_empty() {
        return;
    }
    events.append(&mut more);
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(KEPT);
}

fn blank(stack: &Stack) -> Snapshot {
    let region = |name: &String| RegionView {
        name: name.clone(),
        service: Observed::never(every::SERVICE),
        tasks: Observed::never(every::TASKS),
        scaling: Observed::never(every::SCALING),
        balancer: Observed::never(every::BALANCER),
        targets: Observed::never(every::TARGETS),
        switches: Observed::never(every::SWITCHES),
        traffic: Observed::never(every::TRAFFIC),
        global: Observed::never(every::GLOBAL),
        cluster: Observed::never(every::CLUSTER),
        lag: Observed::never(every::LAG),
        database_events: Observed::never(every::DATABASE_EVENTS),
        table: Observed::never(every::TABLE),
        replication: Observed::never(every::REPLICATION),
        canary: Observed::never(every::CANARY),
        arrivals: Observed::never(every::CANARY),
    };
    Snapshot {
        stack: stack.name.clone(),
        environment: stack.environment.clone(),
        regions: stack.regions.iter().map(region).collect(),
        identity: Observed::never(every::IDENTITY),
        records: Observed::never(every::RECORDS),
        checks: Observed::never(every::CHECKS),
        answers: Observed::never(every::ANSWERS),
        proof: Observed::never(every::PROOF),
        events: vec![],
        lacks: stack.lacks(),
    }
}

/// Whether every source has been looked at, well or badly: a stack without a database has been seen when that
/// was seen. A canary of one's own is no source: it may never have been written.
pub(super) fn complete(snapshot: &Snapshot) -> bool {
    fn looked<T>(observed: &Observed<T>) -> bool {
        observed.value.is_some() || observed.failing.is_some()
    }
    let region = |view: &RegionView| {
        looked(&view.service)
            && looked(&view.tasks)
            && looked(&view.scaling)
            && looked(&view.balancer)
            && looked(&view.targets)
            && looked(&view.switches)
            && looked(&view.traffic)
            && looked(&view.global)
            && looked(&view.cluster)
            && looked(&view.lag)
            && looked(&view.database_events)
            && looked(&view.table)
            && looked(&view.replication)
            && (snapshot.lacks.canaries || looked(&view.arrivals))
    };
    looked(&snapshot.identity)
        && looked(&snapshot.records)
        && looked(&snapshot.checks)
        && looked(&snapshot.answers)
        && (snapshot.lacks.heartbeats || looked(&snapshot.proof))
        && snapshot.regions.iter().all(region)
}

/// Whether what plans rest on has been looked at, well or badly, at `since` or later.
pub(super) fn seen_since(snapshot: &Snapshot, since: Timestamp) -> bool {
    fn looked<T>(observed: &Observed<T>, since: Timestamp) -> bool {
        observed.failing.is_some() || observed.at.is_some_and(|at| at >= since)
    }
    snapshot.regions.iter().all(|view| {
        looked(&view.service, since)
            && looked(&view.targets, since)
            && looked(&view.switches, since)
            && looked(&view.global, since)
            && looked(&view.cluster, since)
    })
}
