//! A plan that runs. States are those of ARC Region switch, so that people who know it feel at home.

use super::outcome::Outcome;
use super::plan::{Plan, Progress};
use jiff::Timestamp;
use std::time::Duration;

/// The state of a run (ARC Region switch API, ExecutionState).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub id: u64,
    pub plan: Plan,
    pub state: RunState,
    pub steps: Vec<StepRun>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StepRun {
    pub state: StepState,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// Calls of this step that were answered, with how they ended.
    pub outcomes: Vec<Outcome>,
    /// What it waits for, or why it failed.
    pub note: String,
}

/// What can befall a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    StepStarted(usize),
    CallEnded(usize, Outcome),
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
        let step =
            StepRun { state: StepState::NotStarted, started: None, ended: None, outcomes: vec![], note: String::new() };
        let steps = vec![step; plan.steps.len()];
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

    /// The run after something befell it. What does not fit the state changes nothing.
    pub fn apply(&mut self, happening: Happening, now: Timestamp) {
        if self.state.over() {
            return;
        }
        match happening {
            Happening::StepStarted(place) => {
                self.state = RunState::InProgress;
                if let Some(step) = self.steps.get_mut(place) {
                    step.state = StepState::Running;
                    step.started = step.started.or(Some(now));
                }
            }
            Happening::CallEnded(place, outcome) => {
                if let Some(step) = self.running(place) {
                    step.outcomes.push(outcome);
                }
            }
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
