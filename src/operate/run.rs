//! Carries plans out. One operation at a time; its state is published, and every change of it is an
//! event of its own type that upper rooms may show.

use super::turn::Others;
use super::{Control, PlanError, Scene, Wish, plan};
use crate::cloud::{self, Aws};
use crate::control::journal::{CallOf, Journal, What};
use crate::control::lease::{Holder, Table};
use crate::host::Clock;
use crate::model::call::{Act, Call};
use crate::model::event::{Event, Severity};
use crate::model::observed::elapsed;
use crate::model::operation::{Happening, Operation, RunState};
use crate::model::outcome::Outcome;
use crate::model::plan::{Enough, Kind, Plan, Progress};
use crate::model::revisions::Revisions;
use crate::model::snapshot::Snapshot;
use crate::model::stack::Stack;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often a wait looks at the snapshot.
const LOOK: Duration = Duration::from_secs(1);

/// Nobody looked for this much of the machine's time: the process was stopped, or the machine slept.
const ABSENT: Duration = Duration::from_secs(10);

/// Between two sends of a call that may be repeated.
const AGAIN: Duration = Duration::from_secs(3);

/// Plans and runs operations. Cheap to clone.
#[derive(Clone)]
pub struct Operator(Arc<Inner>);

pub(super) struct Inner {
    pub(super) aws: Aws,
    pub(super) clock: Clock,
    pub(super) stack: Stack,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) operations: watch::Sender<Arc<Vec<Operation>>>,
    events: mpsc::Sender<Event>,
    refresh: Arc<tokio::sync::Notify>,
    journal: Journal,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    operations: Vec<Operation>,
    held: Vec<Call>,
    made: u64,
    /// Of the last wish that needed to know.
    revisions: Option<Revisions>,
    /// Of the last wish that needed it.
    pub(super) control: Option<Control>,
    /// Whether no more calls are sent: the process is about to end.
    left: bool,
    /// Who else may act on the stack, and where one hears of the other.
    pub(super) others: Option<Others>,
}

/// Why a plan was not started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    #[error("the world has changed since the plan was shown: look at the new plan (was {shown}, is {now})")]
    Changed { shown: String, now: String },
    #[error("a safety rule refuses it: {0}")]
    Refused(String),
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl Operator {
    /// `refresh` is rung when a call was made, so that its effect is seen soon. What is done is written to
    /// `journal`, calls before they are sent; where that fails, the operator is told and goes on: a full disk
    /// must not keep a Region from being evacuated.
    pub fn new(
        aws: Aws,
        clock: Clock,
        stack: Stack,
        snapshots: watch::Receiver<Arc<Snapshot>>,
        events: mpsc::Sender<Event>,
        refresh: Arc<tokio::sync::Notify>,
        journal: Journal,
    ) -> Self {
        let operations = watch::Sender::new(Arc::new(vec![]));
        let state = Mutex::default();
        Self(Arc::new(Inner { aws, clock, stack, snapshots, operations, events, refresh, journal, state }))
    }

    /// The same, with what earlier processes took and nobody has put back.
    #[must_use]
    pub fn holding(self, held: Vec<Call>) -> Self {
        self.0.lock().held = held;
        self
    }

    /// The same, where others may act on the stack too: an operation is told in the control table as long as it is open,
    /// and all but an evacuation run under the stack's lease. Where the table is silent the operator hears of it, and it
    /// goes on.
    #[must_use]
    pub fn sharing(self, table: Table, holder: Holder) -> Self {
        self.0.lock().others = Some(Others::new(table, holder));
        self
    }

    /// Every operation of this process, oldest first.
    pub fn operations(&self) -> watch::Receiver<Arc<Vec<Operation>>> {
        self.0.operations.subscribe()
    }

    /// The plan for a wish, from what is seen now.
    ///
    /// # Errors
    /// As [`plan`].
    pub fn plan(&self, wish: &Wish) -> Result<Plan, PlanError> {
        let snapshot = self.0.snapshots.borrow().clone();
        let state = self.0.lock();
        let open = state.operations.iter().find(|operation| !operation.state.over()).map(Operation::name);
        let scene = Scene {
            stack: &self.0.stack,
            snapshot: &snapshot,
            now: self.0.clock.now(),
            open: open.as_deref(),
            held: &state.held,
            revisions: state.revisions.as_ref(),
            control: state.control.as_ref(),
        };
        plan(scene, wish)
    }

    /// Looks at what only this wish needs to know, before it is planned.
    ///
    /// # Errors
    /// When it cannot be seen.
    pub async fn prepare(&self, wish: &Wish) -> Result<(), PlanError> {
        if matches!(wish.kind, Kind::Failover | Kind::ForcedFailover | Kind::Restore) {
            self.0.look_at_epoch().await;
        }
        if wish.kind != Kind::RollBack {
            return Ok(());
        }
        let stack = &self.0.stack;
        let (cluster, service) = (stack.cluster(&wish.region), stack.service(&wish.region));
        let found = cloud::ecs::revisions(&self.0.aws, &wish.region, &cluster, &service).await;
        let found = found
            .map_err(|why| PlanError::Impossible(format!("the revisions of {} cannot be read: {why}", wish.region)))?;
        self.0.lock().revisions = Some(found);
        Ok(())
    }

    /// Starts the plan that was shown, if it would be planned the same way now.
    ///
    /// # Errors
    /// When the world has changed since, or a safety rule refuses.
    pub fn start(&self, shown: &Plan) -> Result<u64, StartError> {
        let wish = Wish { kind: shown.kind, region: shown.region.clone(), tasks: shown.tasks() };
        let plan = self.plan(&wish)?;
        if plan.hash() != shown.hash() {
            return Err(StartError::Changed { shown: shown.hash(), now: plan.hash() });
        }
        if let Some(check) = plan.checks.iter().find(|check| check.refuses()) {
            return Err(StartError::Refused(format!("{}: {}", check.rule, check.why)));
        }
        let id = {
            let mut state = self.0.lock();
            state.made += 1;
            let id = state.made;
            for call in &plan.held {
                // a weight is only taken where there is one, so the newest is what stood before
                if matches!(call.act, Act::ChangeResourceRecordSets { .. }) {
                    state.held.retain(|held| !puts_back_the_same(held, call));
                }
                // what stood before the first drain is what is put back
                if !state.held.iter().any(|held| puts_back_the_same(held, call)) {
                    state.held.push(call.clone());
                }
            }
            state.operations.push(Operation::new(id, plan, self.0.clock.now()));
            id
        };
        self.0.write_start(id);
        self.0.write_held(id);
        self.0.publish();
        let inner = self.0.clone();
        tokio::spawn(async move { inner.tell_others(id).await });
        self.0.clone().spawn(id);
        Ok(id)
    }

    /// Tries the failed step of an operation again.
    pub fn retry(&self, id: u64) {
        self.0.write_told(id, "retry", None);
        self.0.apply(id, Happening::Retried);
        self.0.clone().spawn(id);
    }

    /// Goes on without the failed step.
    pub fn skip(&self, id: u64, reason: String) {
        self.0.write_told(id, "skip", Some(reason.clone()));
        self.0.apply(id, Happening::Skipped(reason));
        self.0.clone().spawn(id);
    }

    /// Stops before the next call. What was done stays done.
    pub fn cancel(&self, id: u64) {
        self.0.write_told(id, "cancel", None);
        self.0.apply(id, Happening::Canceled);
        self.0.write_over(id);
        self.0.tell(id, Severity::Warn, "canceled; what was done stays done");
    }

    /// From now on no call is sent any more. Tells which operations are still under way, oldest first, with
    /// what became of their calls: also canceled ones, while AWS has not answered what they sent.
    pub fn leave(&self) -> Vec<Operation> {
        let mut state = self.0.lock();
        state.left = true;
        state.operations.iter().filter(|run| !run.state.over() || run.awaits_answers()).cloned().collect()
    }
}

/// Whether both put back the same thing.
pub(super) fn puts_back_the_same(one: &Call, other: &Call) -> bool {
    let records = |call: &Call| match &call.act {
        Act::ChangeResourceRecordSets { changes, .. } => {
            changes.iter().map(|change| (change.set.name.clone(), change.set.set_identifier.clone())).collect()
        }
        _ => vec![],
    };
    one.region == other.region && one.operation() == other.operation() && records(one) == records(other)
}

impl Inner {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self) {
        let operations = Arc::new(self.lock().operations.clone());
        self.operations.send_replace(operations);
    }

    pub(super) fn apply(&self, id: u64, happening: Happening) {
        let now = self.clock.now();
        if let Some(operation) = self.lock().operations.iter_mut().find(|operation| operation.id == id) {
            operation.apply(happening, now);
        }
        self.publish();
    }

    fn write(&self, id: u64, what: What) {
        if let Err(why) = self.journal.write(self.clock.now(), what) {
            self.tell(id, Severity::Warn, &format!("goes on unwritten, the journal fails: {why}"));
        }
    }

    fn write_start(&self, id: u64) {
        let Some(operation) = self.get(id) else { return };
        let identity = self.snapshots.borrow().identity.value.clone();
        let (account, as_) = identity.map(|who| (who.account, who.arn)).unzip();
        let (title, region) = (operation.plan.title.clone(), operation.plan.region.clone());
        let plan = operation.plan.hash();
        self.write(id, What::Started { operation: id, title, region, plan, account, as_ });
    }

    fn write_held(&self, id: u64) {
        let held = self.get(id).map(|operation| operation.plan.held).unwrap_or_default();
        for call in held {
            self.write(id, What::Held { operation: id, call });
        }
    }

    fn write_told(&self, id: u64, word: &str, reason: Option<String>) {
        self.write(id, What::Told { operation: id, word: word.into(), reason });
    }

    pub(super) fn write_step(&self, id: u64, place: usize) {
        let Some(operation) = self.get(id) else { return };
        let Some(step) = operation.steps.get(place) else { return };
        let (state, note) = (step.state.word().to_string(), step.note.clone());
        self.write(id, What::Step { operation: id, step: place, state, note });
    }

    /// Writes that the operation is over, if it is.
    fn write_over(&self, id: u64) {
        if let Some(operation) = self.get(id).filter(|operation| operation.state.over()) {
            self.write(id, What::Over { operation: id, state: operation.state.word().into() });
        }
    }

    pub(super) fn get(&self, id: u64) -> Option<Operation> {
        self.lock().operations.iter().find(|operation| operation.id == id).cloned()
    }

    pub(super) fn tell(&self, id: u64, severity: Severity, what: &str) {
        let Some(operation) = self.get(id) else { return };
        let text = format!("{}: {what}", operation.name());
        tracing::info!(operation = id, "{text}");
        let event = Event { at: self.clock.now(), severity, region: Some(operation.plan.region), text };
        // A full queue loses an event that the Operations pane shows all the same.
        let _ = self.events.try_send(event);
    }

    fn spawn(self: Arc<Self>, id: u64) {
        tokio::spawn(async move { self.run(id).await });
    }

    async fn run(self: &Arc<Self>, id: u64) {
        if !self.take_turn(id).await {
            return;
        }
        while let Some(operation) = self.get(id) {
            let runs = matches!(operation.state, RunState::Pending | RunState::InProgress);
            let Some(place) = operation.current().filter(|_| runs) else { return };
            self.step(id, &operation.plan, place).await;
            self.write_step(id, place);
            self.write_over(id);
            match self.get(id).map(|operation| operation.state) {
                Some(RunState::Completed) => {
                    if operation.plan.kind == Kind::Restore {
                        self.lock().held.retain(|held| !operation.plan.calls().any(|call| call == held));
                    }
                    self.tell(id, Severity::Good, "completed");
                }
                Some(RunState::PausedByFailedStep) => self.tell(id, Severity::Bad, "paused by a failed step"),
                _ => {}
            }
        }
    }

    /// Notes that a call is sent now; tells whether it may be.
    fn sends(&self, id: u64, place: usize, call: usize) -> bool {
        let now = self.clock.now();
        {
            let mut state = self.lock();
            let left = state.left;
            let Some(operation) = state.operations.iter_mut().find(|operation| operation.id == id) else {
                return false;
            };
            if left || operation.state != RunState::InProgress {
                return false;
            }
            operation.apply(Happening::CallSent(place, call), now);
        }
        self.publish();
        true
    }

    /// Sends a call. One that may be sent again is, until its outcome is known or the step has no time left: a
    /// writer that was promoted just now still closes connections. `None`: it was not sent.
    async fn send(
        self: Arc<Self>,
        id: u64,
        (place, number): (usize, usize),
        call: Call,
        within: Duration,
    ) -> Option<Outcome> {
        let (began, mut last) = (self.clock.now(), None);
        loop {
            if !self.sends(id, place, number) {
                return last;
            }
            let of = CallOf { operation: id, step: place, call: number };
            self.write(id, What::Sending { of, region: call.region.clone(), command: call.cli() });
            let outcome = cloud::send(&self.aws, &call).await;
            self.write(id, What::Ended { of, outcome: outcome.clone() });
            let again = call.repeatable()
                && matches!(outcome, Outcome::Unknown(_))
                && elapsed(began, self.clock.now()) < within
                && self.get(id).is_some_and(|operation| operation.state == RunState::InProgress);
            if !again {
                return Some(outcome);
            }
            last = Some(outcome);
            self.clock.sleep(AGAIN).await;
        }
    }

    async fn step(self: &Arc<Self>, id: u64, plan: &Plan, place: usize) {
        let Some(step) = plan.steps.get(place) else { return };
        let started = self.clock.now();
        self.apply(id, Happening::StepStarted(place));
        self.tell(id, Severity::Info, &step.title);
        let mut calls = tokio::task::JoinSet::new();
        for (number, call) in step.calls.iter().enumerate() {
            let (inner, call, within) = (self.clone(), call.clone(), step.within);
            calls.spawn(
                async move { (number, call.region.clone(), inner.send(id, (place, number), call, within).await) },
            );
        }
        let (mut accepted, mut failures) = (step.calls.is_empty(), vec![]);
        while let Some(ended) = calls.join_next().await {
            let Ok((number, region, Some(outcome))) = ended else { continue };
            tracing::info!(operation = id, region, ?outcome, "call ended");
            match &outcome {
                Outcome::Done { .. } => accepted = true,
                Outcome::Refused(why) => failures.push((region, why.to_string(), false)),
                Outcome::Unknown(why) => failures.push((region, why.to_string(), true)),
            }
            self.apply(id, Happening::CallEnded(place, number, outcome));
            self.refresh.notify_waiters();
        }
        // An outcome that is not known is settled by looking, where looking tells: only certain refusals fail a step.
        let fails = match step.enough {
            _ if !accepted && !step.until.shows() => true,
            Enough::All => failures.iter().any(|(_, _, unknown)| !unknown),
            Enough::Any => !accepted && failures.iter().all(|(_, _, unknown)| !unknown),
        };
        let said: Vec<String> = failures.iter().map(|(region, why, _)| format!("{region} {why}")).collect();
        if fails {
            self.apply(id, Happening::StepFailed(place, said.join("; ")));
            return;
        }
        self.wait(id, step, place, started, &said).await;
    }

    async fn wait(
        &self,
        id: u64,
        step: &crate::model::plan::Step,
        place: usize,
        started: jiff::Timestamp,
        said: &[String],
    ) {
        let (mut last, mut absent) = (self.clock.now(), Duration::ZERO);
        loop {
            if self.get(id).is_none_or(|operation| operation.state != RunState::InProgress) {
                return;
            }
            let now = self.clock.now();
            let since = elapsed(std::mem::replace(&mut last, now), now);
            if since > ABSENT.mul_f64(self.clock.speed().max(1.0)) {
                absent += since;
            }
            let snapshot = self.snapshots.borrow().clone();
            let progress = step.until.progress(&snapshot, started, now);
            let met = matches!(progress, Progress::Met(_));
            let waited = elapsed(started, now).saturating_sub(absent);
            if !met && waited > step.within {
                let (Progress::Waiting(what) | Progress::Met(what)) = progress;
                let mut why = format!("not so after {} s: {what}", waited.as_secs());
                if !said.is_empty() {
                    why.push_str(&format!(" ({})", said.join("; ")));
                }
                self.apply(id, Happening::StepFailed(place, why));
                return;
            }
            self.apply(id, Happening::Progressed(place, progress));
            if met {
                return;
            }
            self.clock.sleep(LOOK).await;
        }
    }
}
