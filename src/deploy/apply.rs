//! Brings a stack to its spec, and takes it away: under the lease, and written down.

use super::board::View;
use super::engine::{Engine, Way};
use super::graph::CONTROL;
use super::plan::Plan;
use crate::control::journal::What;
use crate::control::lease::{self, Holder, Lease, LeaseError, Seat, Table};
use crate::control::ledger::{self, Entry};
use crate::control::open::{self, Open};
use jiff::Timestamp;
use std::future::Future;
use std::io;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Everything is where it should be.
    Done(View),
    /// Some of it could not be brought there; the rest of it was.
    Failed(View),
    /// It was stopped before it was done.
    Stopped(View),
}

impl Ended {
    /// `done: 58 of 58 resources`
    pub fn words(&self) -> String {
        let (word, view) = match self {
            Self::Done(view) => ("done", view),
            Self::Failed(view) => ("failed", view),
            Self::Stopped(view) => ("stopped", view),
        };
        format!("{word}: {} of {} resources", view.done(), view.rows.len())
    }
}

/// Why a run did not begin, or had to end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the journal cannot be written, so nothing was begun: {0}")]
    Journal(#[from] io::Error),
    #[error("the control table could not be made: {0}")]
    Control(String),
    #[error(
        "{who} has an operation open ({what}, since {at}): end it there first. One whose console is gone counts for an hour"
    )]
    Open { who: String, what: String, at: Timestamp },
}

impl Engine<'_> {
    /// Brings everything to its spec: the control table first, and the rest under the lease in it. `tell`
    /// hears what it waits for before it begins.
    ///
    /// # Errors
    /// When another process holds the lease, the journal cannot be written, or the control table not made.
    pub async fn apply(
        &self,
        plan: &Plan,
        table: Table,
        holder: Holder,
        tell: impl FnMut(String),
    ) -> Result<Ended, RunError> {
        self.note(What::Run { verb: "apply".into(), plan: plan.hash() })?;
        self.run(Way::Up, |node| node.id == CONTROL).await;
        let made = self.board.view();
        if let Some((_, failure)) = made.failures().next() {
            let why = format!("{failure}; {}", failure.advice);
            return Err(RunError::Control(why));
        }
        if self.is_stopped() {
            return Ok(self.over("apply", false));
        }
        let mut lease = lease::take(self.aws, self.clock, table, Seat::Stack, holder, tell).await?;
        let after = self.one_after_another(|node| plan.changes().any(|row| row.id == node.id && row.exists));
        self.tell_all(&lease, 1, format!("apply began: plan {}", plan.hash())).await;
        let lost = self.under(&mut lease, self.run_after(Way::Up, |node| node.id != CONTROL, &after)).await;
        self.end("apply", lease, lost, true).await
    }

    /// Takes everything away that `survey` found: what needs first, what is needed last, the control table at
    /// the very end.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub async fn destroy(
        &self,
        plan: &Plan,
        table: Table,
        holder: Holder,
        tell: impl FnMut(String),
    ) -> Result<Ended, RunError> {
        self.note(What::Run { verb: "destroy".into(), plan: plan.hash() })?;
        let leased = plan.rows.iter().any(|row| row.id == CONTROL && row.exists);
        if !leased {
            self.run(Way::Down, |_| true).await;
            return Ok(self.over("destroy", true));
        }
        let mut lease = lease::take(self.aws, self.clock, table, Seat::Stack, holder, tell).await?;
        if let Some(error) = self.open_elsewhere(lease.table()).await {
            lease.release(self.aws).await;
            return Err(error);
        }
        self.tell_all(&lease, 1, format!("destroy began: plan {}", plan.hash())).await;
        let lost = self.under(&mut lease, self.run(Way::Down, |node| node.id != CONTROL)).await;
        let clean = self.board.view().failures().next().is_none() && !self.is_stopped() && lost.is_none();
        let ended = self.end("destroy", lease, lost, !clean).await?;
        if !clean {
            return Ok(ended);
        }
        self.run(Way::Down, |node| node.id == CONTROL).await;
        Ok(self.over("destroy", true))
    }

    /// Why the stack must not be taken away yet: an operation is open at some console, or it cannot be told.
    async fn open_elsewhere(&self, table: &Table) -> Option<RunError> {
        let now = self.clock.now();
        match open::all(self.aws, table).await {
            Ok(all) => all.into_iter().find(|one| one.counts(now)).map(|one| {
                let Open { who, what, at, .. } = one;
                RunError::Open { who, what, at }
            }),
            Err(why) => Some(LeaseError::Table { table: table.name.clone(), why }.into()),
        }
    }

    /// Runs while the lease is kept; without it no new work is begun.
    async fn under(&self, lease: &mut Lease, run: impl Future<Output = ()>) -> Option<LeaseError> {
        let mut run = std::pin::pin!(run);
        let lost = tokio::select! {
            biased;
            () = &mut run => return None,
            lost = lease.keep(self.aws, self.clock) => lost,
        };
        self.stop();
        run.await;
        Some(lost)
    }

    async fn end(&self, verb: &str, lease: Lease, lost: Option<LeaseError>, told: bool) -> Result<Ended, RunError> {
        match lost {
            Some(lost) => {
                self.over(verb, true);
                Err(lost.into())
            }
            None => {
                let ended = self.over(verb, told);
                self.tell_all(&lease, 2, format!("{verb} {}", ended.words())).await;
                lease.release(self.aws).await;
                Ok(ended)
            }
        }
    }

    /// Writes to the journal that everybody shares. It is evidence: a run does not end because of it.
    async fn tell_all(&self, lease: &Lease, number: u64, text: String) {
        let (at, who) = (self.clock.now().to_string(), lease.who().to_string());
        let entry = Entry { token: lease.token, number, at, who, text };
        if let Err(error) = ledger::write(self.aws, lease.table(), &entry).await {
            tracing::warn!(%error, "the shared journal was not written");
        }
    }

    fn over(&self, verb: &str, told: bool) -> Ended {
        let view = self.board.view();
        let (word, ended) = if view.failures().next().is_some() {
            ("failed", Ended::Failed(view))
        } else if view.done() < view.rows.len() {
            ("stopped", Ended::Stopped(view))
        } else {
            ("done", Ended::Done(view))
        };
        if told {
            // The end of a run is evidence only.
            let _ = self.note(What::RunOver { verb: verb.into(), state: word.into() });
        }
        ended
    }

    fn note(&self, what: What) -> io::Result<()> {
        self.journal.write(self.clock.now(), what)
    }
}
