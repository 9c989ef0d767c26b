//! Carries plans out. One operation at a time; its state is published, and every change of it is an
//! event of its own type that upper rooms may show.

use super::{PlanError, Scene, Wish, plan};
use crate::cloud::{self, Aws};
use crate::host::Clock;
use crate::model::call::Call;
use crate::model::event::{Event, Severity};
use crate::model::observed::elapsed;
use crate::model::operation::{Happening, Operation, RunState};
use crate::model::outcome::Outcome;
use crate::model::plan::{Enough, Kind, Plan, Progress};
use crate::model::snapshot::Snapshot;
use crate::model::stack::Stack;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often a wait looks at the snapshot.
const LOOK: Duration = Duration::from_secs(1);

/// Between two sends of a call that may be repeated.
const AGAIN: Duration = Duration::from_secs(3);

/// Plans and runs operations. Cheap to clone.
#[derive(Clone)]
pub struct Operator(Arc<Inner>);

struct Inner {
    aws: Aws,
    clock: Clock,
    stack: Stack,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    operations: watch::Sender<Arc<Vec<Operation>>>,
    events: mpsc::Sender<Event>,
    refresh: Arc<tokio::sync::Notify>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    operations: Vec<Operation>,
    held: Vec<Call>,
    made: u64,
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
    /// `refresh` is rung when a call was made, so that its effect is seen soon.
    pub fn new(
        aws: Aws,
        clock: Clock,
        stack: Stack,
        snapshots: watch::Receiver<Arc<Snapshot>>,
        events: mpsc::Sender<Event>,
        refresh: Arc<tokio::sync::Notify>,
    ) -> Self {
        let operations = watch::Sender::new(Arc::new(vec![]));
        Self(Arc::new(Inner { aws, clock, stack, snapshots, operations, events, refresh, state: Mutex::default() }))
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
        };
        plan(scene, wish)
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
                // what stood before the first drain is what is put back
                if !state.held.iter().any(|held| held.region == call.region && held.operation() == call.operation()) {
                    state.held.push(call.clone());
                }
            }
            state.operations.push(Operation::new(id, plan, self.0.clock.now()));
            id
        };
        self.0.publish();
        self.0.clone().spawn(id);
        Ok(id)
    }

    /// Tries the failed step of an operation again.
    pub fn retry(&self, id: u64) {
        self.0.apply(id, Happening::Retried);
        self.0.clone().spawn(id);
    }

    /// Goes on without the failed step.
    pub fn skip(&self, id: u64, reason: String) {
        self.0.apply(id, Happening::Skipped(reason));
        self.0.clone().spawn(id);
    }

    /// Stops before the next call. What was done stays done.
    pub fn cancel(&self, id: u64) {
        self.0.apply(id, Happening::Canceled);
        self.0.tell(id, Severity::Warn, "canceled; what was done stays done");
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self) {
        let operations = Arc::new(self.lock().operations.clone());
        self.operations.send_replace(operations);
    }

    fn apply(&self, id: u64, happening: Happening) {
        let now = self.clock.now();
        if let Some(operation) = self.lock().operations.iter_mut().find(|operation| operation.id == id) {
            operation.apply(happening, now);
        }
        self.publish();
    }

    fn get(&self, id: u64) -> Option<Operation> {
        self.lock().operations.iter().find(|operation| operation.id == id).cloned()
    }

    fn tell(&self, id: u64, severity: Severity, what: &str) {
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
        while let Some(operation) = self.get(id) {
            let runs = matches!(operation.state, RunState::Pending | RunState::InProgress);
            let Some(place) = operation.current().filter(|_| runs) else { return };
            self.step(id, &operation.plan, place).await;
            match self.get(id).map(|operation| operation.state) {
                Some(RunState::Completed) => {
                    if operation.plan.kind == Kind::Restore {
                        self.lock().held.clear();
                    }
                    self.tell(id, Severity::Good, "completed");
                }
                Some(RunState::PausedByFailedStep) => self.tell(id, Severity::Bad, "paused by a failed step"),
                _ => {}
            }
        }
    }

    /// Sends a call. One that may be sent again is, until its outcome is known or the step has no time left: a
    /// writer that was promoted just now still closes connections.
    async fn send(self: Arc<Self>, id: u64, call: Call, within: Duration) -> Outcome {
        let began = self.clock.now();
        loop {
            let outcome = cloud::send(&self.aws, &call).await;
            let again = call.repeatable()
                && matches!(outcome, Outcome::Unknown(_))
                && elapsed(began, self.clock.now()) < within
                && self.get(id).is_some_and(|operation| operation.state == RunState::InProgress);
            if !again {
                return outcome;
            }
            self.clock.sleep(AGAIN).await;
        }
    }

    async fn step(self: &Arc<Self>, id: u64, plan: &Plan, place: usize) {
        let Some(step) = plan.steps.get(place) else { return };
        let started = self.clock.now();
        self.apply(id, Happening::StepStarted(place));
        self.tell(id, Severity::Info, &step.title);
        let mut calls = tokio::task::JoinSet::new();
        for call in &step.calls {
            let (inner, call, within) = (self.clone(), call.clone(), step.within);
            calls.spawn(async move { (call.region.clone(), inner.send(id, call, within).await) });
        }
        let (mut accepted, mut failures) = (step.calls.is_empty(), vec![]);
        while let Some(ended) = calls.join_next().await {
            let Ok((region, outcome)) = ended else { continue };
            tracing::info!(operation = id, region, ?outcome, "call ended");
            match &outcome {
                Outcome::Done { .. } => accepted = true,
                Outcome::Refused(why) => failures.push((region, why.to_string(), false)),
                Outcome::Unknown(why) => failures.push((region, why.to_string(), true)),
            }
            self.apply(id, Happening::CallEnded(place, outcome));
            self.refresh.notify_waiters();
        }
        // An outcome that is not known is settled by looking, so only certain refusals fail a step.
        let fails = match step.enough {
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
        loop {
            if self.get(id).is_none_or(|operation| operation.state != RunState::InProgress) {
                return;
            }
            let now = self.clock.now();
            let snapshot = self.snapshots.borrow().clone();
            let progress = step.until.progress(&snapshot, started, now);
            let met = matches!(progress, Progress::Met(_));
            let waited = elapsed(started, now);
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
