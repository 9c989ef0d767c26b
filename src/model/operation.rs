//! A plan that runs. States are those of ARC Region switch, so that people who know it feel at home.

use super::outcome::Outcome;
use super::plan::{Plan, Progress};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The state of a run (ARC Region switch API, ExecutionState).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    Pending,
    InProgress,
    PausedByFailedStep,
    Completed,
    Canceled,
}

impl RunState {
    pub fn word(self) -> &'static str {
        match self {
            RunState::Pending => "pending",
            RunState::InProgress => "in progress",
            RunState::PausedByFailedStep => "paused by failed step",
            RunState::Completed => "completed",
            RunState::Canceled => "canceled",
        }
    }

    /// Whether nothing more will happen.
    pub fn over(self) -> bool {
        matches!(self, RunState::Completed | RunState::Canceled)
    }
}

/// The state of a step (ARC Region switch API, StepStatus).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    NotStarted,
    Running,
    Completed,
    Failed,
    Skipped,
    Canceled,
}

impl StepState {
    pub fn word(self) -> &'static str {
        match self {
            StepState::NotStarted => "not started",
            StepState::Running => "running",
            StepState::Completed => "completed",
            StepState::Failed => "failed",
            StepState::Skipped => "skipped",
            StepState::Canceled => "canceled",
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            StepState::NotStarted => "·",
            StepState::Running => "▸",
            StepState::Completed => "✔",
            StepState::Failed => "✖",
            StepState::Skipped => "↷",
            StepState::Canceled => "⊘",
        }
    }
}

/// A run of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    pub id: u64,
    pub plan: Plan,
    pub state: RunState,
    pub steps: Vec<StepRun>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRun {
    pub state: StepState,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// What became of each call of the step, in the plan's order.
    pub calls: Vec<CallState>,
    /// What it waits for, or why it failed.
    pub note: String,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallState {
    NotSent,
    /// It was sent and has no answer yet.
    Sent,
    Ended(Outcome),
}

impl StepRun {
    fn new(calls: usize) -> Self {
        Self {
            state: StepState::NotStarted,
            started: None,
            ended: None,
            calls: vec![CallState::NotSent; calls],
            note: String::new(),
        }
    }

    /// How the call at this place of the plan ended, if it was answered.
    pub fn outcome(&self, call: usize) -> Option<&Outcome> {
        match self.calls.get(call) {
            Some(CallState::Ended(outcome)) => Some(outcome),
            _ => None,
        }
    }

    fn call(&mut self, place: usize, state: CallState) {
        if let Some(call) = self.calls.get_mut(place) {
            *call = state;
        }
    }
}

/// What can befall a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    StepStarted(usize),
    /// A step's call, by its place in the step.
    CallSent(usize, usize),
    CallEnded(usize, usize, Outcome),
    Progressed(usize, Progress),
    StepFailed(usize, String),
    /// The operator lets a failed step be tried again.
    Retried,
    /// The operator goes on without the failed step, for this reason.
    Skipped(String),
    Canceled,
}

impl Operation {
    pub fn new(id: u64, plan: Plan, now: Timestamp) -> Self {
        let steps = plan.steps.iter().map(|step| StepRun::new(step.calls.len())).collect();
        Self { id, plan, state: RunState::Pending, steps, started: now, ended: None }
    }

    /// `drain us-east-1 (#3)`
    pub fn name(&self) -> String {
        format!("{} {} (#{})", self.plan.kind.word(), self.plan.region, self.id)
    }

    /// The step that runs, waits for the operator, or comes next.
    pub fn current(&self) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| matches!(step.state, StepState::Running | StepState::Failed | StepState::NotStarted))
    }

    pub fn elapsed(&self, now: Timestamp) -> Duration {
        super::observed::elapsed(self.started, self.ended.unwrap_or(now))
    }

    /// Whether a call was sent that has no answer yet: also when the run was canceled meanwhile.
    pub fn awaits_answers(&self) -> bool {
        self.steps.iter().any(|step| step.calls.contains(&CallState::Sent))
    }

    /// The run after something befell it. What does not fit the state changes nothing; an answer is noted
    /// whenever it comes.
    pub fn apply(&mut self, happening: Happening, now: Timestamp) {
        if let Happening::CallEnded(place, call, outcome) = happening {
            if let Some(step) = self.steps.get_mut(place) {
                step.call(call, CallState::Ended(outcome));
            }
            return;
        }
        if self.state.over() {
            return;
        }
        match happening {
            Happening::StepStarted(place) => {
                self.state = RunState::InProgress;
                if let Some(step) = self.steps.get_mut(place) {
                    step.state = StepState::Running;
                    step.started = step.started.or(Some(now));
                    step.calls.fill(CallState::NotSent);
                }
            }
            Happening::CallSent(place, call) => {
                if let Some(step) = self.running(place) {
                    step.call(call, CallState::Sent);
                }
            }
            Happening::CallEnded(..) => {}
            Happening::Progressed(place, progress) => self.progressed(place, progress, now),
            Happening::StepFailed(place, why) => {
                if let Some(step) = self.running(place) {
                    step.state = StepState::Failed;
                    step.note = why;
                    self.state = RunState::PausedByFailedStep;
                }
            }
            Happening::Retried => self.leave_failed(StepState::NotStarted, None),
            Happening::Skipped(reason) => {
                self.leave_failed(StepState::Skipped, Some(format!("skipped: {reason}")));
                self.close_when_done(now);
            }
            Happening::Canceled => {
                for step in &mut self.steps {
                    if matches!(step.state, StepState::Running | StepState::Failed | StepState::NotStarted) {
                        step.state = StepState::Canceled;
                    }
                }
                self.state = RunState::Canceled;
                self.ended = Some(now);
            }
        }
    }

    fn running(&mut self, place: usize) -> Option<&mut StepRun> {
        self.steps.get_mut(place).filter(|step| step.state == StepState::Running)
    }

    fn progressed(&mut self, place: usize, progress: Progress, now: Timestamp) {
        let Some(step) = self.running(place) else { return };
        match progress {
            Progress::Waiting(what) => step.note = what,
            Progress::Met(what) => {
                step.note = what;
                step.state = StepState::Completed;
                step.ended = Some(now);
                self.close_when_done(now);
            }
        }
    }

    fn leave_failed(&mut self, to: StepState, note: Option<String>) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.state == StepState::Failed) {
            step.state = to;
            if to == StepState::NotStarted {
                step.started = None;
            }
            step.note = note.unwrap_or_default();
            self.state = RunState::InProgress;
        }
    }

    fn close_when_done(&mut self, now: Timestamp) {
        if self.steps.iter().all(|step| matches!(step.state, StepState::Completed | StepState::Skipped)) {
            self.state = RunState::Completed;
            self.ended = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{Enough, Kind, Step, Until};

    fn operation(steps: usize) -> Operation {
        let step = Step {
            title: "wait".into(),
            calls: vec![],
            enough: Enough::All,
            until: Until::Accepted,
            within: Duration::from_secs(60),
        };
        let plan = Plan {
            kind: Kind::Drain,
            region: "us-east-1".into(),
            title: "drain".into(),
            effects: vec![],
            checks: vec![],
            steps: vec![step; steps],
            undo: String::new(),
            held: vec![],
        };
        Operation::new(1, plan, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_run_completes_with_its_last_step() {
        let mut run = operation(2);
        for place in 0..2 {
            run.apply(Happening::StepStarted(place), Timestamp::UNIX_EPOCH);
            assert_eq!(run.state, RunState::InProgress);
            run.apply(Happening::Progressed(place, Progress::Met("done".into())), Timestamp::UNIX_EPOCH);
        }
        assert_eq!(run.state, RunState::Completed);
        run.apply(Happening::Canceled, Timestamp::UNIX_EPOCH);
        assert_eq!(run.state, RunState::Completed, "what is over stays as it is");
    }

    #[test]
    fn an_answer_is_noted_though_the_run_was_canceled() {
        let mut run = operation(1);
        run.steps[0].calls = vec![CallState::NotSent; 2];
        run.apply(Happening::StepStarted(0), Timestamp::UNIX_EPOCH);
        run.apply(Happening::CallSent(0, 1), Timestamp::UNIX_EPOCH);
        run.apply(Happening::Canceled, Timestamp::UNIX_EPOCH);
        assert!(run.awaits_answers());
        let done = Outcome::Done { request_id: None };
        run.apply(Happening::CallEnded(0, 1, done.clone()), Timestamp::UNIX_EPOCH);
        assert!(!run.awaits_answers());
        assert_eq!(run.steps[0].calls, [CallState::NotSent, CallState::Ended(done)]);
    }

    #[test]
    fn a_failed_step_waits_for_the_operator() {
        let mut run = operation(2);
        run.apply(Happening::StepStarted(0), Timestamp::UNIX_EPOCH);
        run.apply(Happening::StepFailed(0, "no answer".into()), Timestamp::UNIX_EPOCH);
        assert_eq!((run.state, run.current()), (RunState::PausedByFailedStep, Some(0)));
        let mut retried = run.clone();
        retried.apply(Happening::Retried, Timestamp::UNIX_EPOCH);
        assert_eq!((retried.state, retried.steps[0].state), (RunState::InProgress, StepState::NotStarted));
        run.apply(Happening::Skipped("seen by hand".into()), Timestamp::UNIX_EPOCH);
        assert_eq!((run.state, run.current()), (RunState::InProgress, Some(1)));
    }
}
