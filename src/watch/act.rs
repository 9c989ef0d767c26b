//! A decision becomes an operation: planned as for a human, with the same rules, and begun only when the off switch was
//! read just before. A promotion is written down before it begins, so that there is one at the most.

use super::switch::{self, Changed};
use crate::cloud::Aws;
use crate::control::lease::Table;
use crate::host::Clock;
use crate::model::observed::elapsed;
use crate::model::operation::{CallState, RunState};
use crate::model::outcome::CallError;
use crate::model::plan::{Kind, Plan};
use crate::model::safety::{Check, Ruling};
use crate::model::stack::Stack;
use crate::model::watch::decide::{Act, Refusal};
use crate::model::watch::inputs::Promoted;
use crate::model::watch::rules::{OFF, STORE};
use crate::operate::run::Operator;
use crate::operate::{PlanError, Wish};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// After an operation that failed the same is not begun again for so long.
const AGAIN: Duration = Duration::from_secs(60);

/// What carries decisions out.
pub struct Hands {
    operator: Operator,
    aws: Aws,
    clock: Clock,
    who: String,
    accepts_unproven_fence: bool,
    begun: BTreeMap<Act, Timestamp>,
    /// The operation that moves the writer, and what was written down of it.
    promotion: Option<(u64, Promoted)>,
}

impl Hands {
    pub fn new(operator: Operator, aws: Aws, clock: Clock, stack: &Stack, who: String) -> Self {
        let accepts_unproven_fence = stack.accepts_unproven_fence;
        Self { operator, aws, clock, who, accepts_unproven_fence, begun: BTreeMap::new(), promotion: None }
    }

    /// Begins what was decided under the lease's `token`; `before`: the promotion that the decision knew of. Tells what
    /// has begun.
    ///
    /// # Errors
    /// What forbids it, or why it cannot be begun.
    pub async fn carry_out(
        &mut self,
        table: &Table,
        act: &Act,
        before: Option<&Promoted>,
        token: u64,
    ) -> Result<String, Refusal> {
        if let Some(open) = self.open() {
            return Err(Refusal::new("one at a time", format!("{open} is under way")));
        }
        let now = self.clock.now();
        if let Some(at) = self.begun.get(act).filter(|at| elapsed(**at, now) < AGAIN) {
            let since = elapsed(*at, now).as_secs();
            return Err(Refusal::new("again", format!("it was begun {since} s ago, and is not done")));
        }
        let plan = self.plan(act).await?;
        match switch::off(&self.aws, table).await {
            Ok(None) => {}
            Ok(Some(off)) => return Err(Refusal::new(OFF, format!("switched off by {}: {}", off.who, off.why))),
            Err(why) => return Err(store(&why)),
        }
        let promotion = match act {
            Act::Evacuate { .. } => None,
            Act::Promote { from, to } => Some(self.block(table, (from, to), before, token).await?),
        };
        match self.operator.start(&plan) {
            Ok(id) => {
                self.begun.insert(act.clone(), now);
                self.promotion = promotion.map(|promotion| (id, promotion));
                Ok(plan.title)
            }
            Err(why) => {
                if let Some(promotion) = promotion {
                    self.unblock(table, &promotion).await;
                }
                Err(Refusal::new("start", why.to_string()))
            }
        }
    }

    /// Ends what waits for a human: none is at this process. What was done stays done. Tells what was ended.
    pub async fn tidy(&mut self, table: &Table) -> Vec<String> {
        let operations = self.operator.operations().borrow().clone();
        let mut given_up = vec![];
        for run in operations.iter().filter(|run| run.state == RunState::PausedByFailedStep) {
            let step = run.current().and_then(|place| run.steps.get(place));
            let why = step.map(|step| step.note.clone()).unwrap_or_default();
            self.operator.cancel(run.id);
            let nothing_sent = run.steps.iter().flat_map(|step| &step.calls).all(|call| *call == CallState::NotSent);
            match self.promotion.take() {
                // it never began: it blocks nothing
                Some((id, promotion)) if id == run.id && nothing_sent => self.unblock(table, &promotion).await,
                other => self.promotion = other,
            }
            given_up.push(format!("{} is given up, what was done stays done: {why}", run.name()));
        }
        given_up
    }

    /// The operation of this process that is not over.
    pub fn open(&self) -> Option<String> {
        self.operator.operations().borrow().iter().find(|run| !run.state.over()).map(|run| run.name())
    }

    async fn plan(&self, act: &Act) -> Result<Plan, Refusal> {
        let (kind, region) = match act {
            Act::Evacuate { region } => (Kind::Evacuate, region),
            // the decision has seen that nothing is committed any more: what is lost is lost
            Act::Promote { to, .. } => (Kind::ForcedFailover, to),
        };
        let wish = Wish { kind, region: region.clone(), tasks: None };
        let no_plan = |why: PlanError| Refusal::new("plan", why.to_string());
        self.operator.prepare(&wish).await.map_err(no_plan)?;
        let plan = self.operator.plan(&wish).map_err(no_plan)?;
        // a human may go on where a fence is UNPROVEN, a watcher may not
        let unproven = |check: &Check| check.rule == "fence" && check.ruling != Ruling::Pass;
        let refuses = |check: &&Check| check.refuses() || (unproven(check) && !self.accepts_unproven_fence);
        match plan.checks.iter().find(refuses) {
            Some(check) => Err(Refusal::new("safety", format!("{}: {}", check.rule, check.why))),
            None => Ok(plan),
        }
    }

    async fn block(
        &self,
        table: &Table,
        (from, to): (&str, &str),
        before: Option<&Promoted>,
        token: u64,
    ) -> Result<Promoted, Refusal> {
        let at = self.clock.now();
        let promotion = Promoted {
            id: format!("{} {at} {token}", self.who),
            by: self.who.clone(),
            from: from.into(),
            to: to.into(),
            at: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            acknowledged: None,
        };
        match switch::block(&self.aws, table, &promotion, before).await {
            Ok(Changed::Done) => Ok(promotion),
            Ok(Changed::Not(there)) => {
                let by = there.map_or_else(|| "somebody".into(), |there| there.by);
                Err(Refusal::new("blocked", format!("{by} has begun a promotion meanwhile")))
            }
            Err(why) => {
                if why.class.may_have_happened() {
                    self.unblock(table, &promotion).await;
                }
                Err(store(&why))
            }
        }
    }

    async fn unblock(&self, table: &Table, promotion: &Promoted) {
        if let Err(why) = switch::unblock(&self.aws, table, promotion).await {
            tracing::warn!(%why, "a promotion that did not begin blocks the next one until it is acknowledged");
        }
    }
}

fn store(why: &CallError) -> Refusal {
    Refusal::new(STORE, format!("the control table does not answer: {why}"))
}
