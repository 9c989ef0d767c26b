//! Others that may act on the stack: consoles elsewhere, watchers, a deployment. An operation runs under the stack's
//! lease, so that of two only one begins, and is told to all as long as it is open. An evacuation waits for nobody.

use super::Control;
use super::run::Inner;
use crate::control::epoch;
use crate::control::lease::{self, Holder, Lease, LeaseError, Seat, Table};
use crate::control::ledger::{self, Entry};
use crate::control::open::{self, Open};
use crate::model::event::Severity;
use crate::model::operation::{Happening, Operation};
use crate::model::plan::{Kind, Progress};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a control table may be silent before it is done without.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where one hears of others, and who one is to them.
#[derive(Clone)]
pub(super) struct Others {
    table: Table,
    holder: Holder,
    /// The operation that has the lease.
    turn: Option<u64>,
}

impl Others {
    pub fn new(table: Table, holder: Holder) -> Self {
        Self { table, holder, turn: None }
    }
}

impl Inner {
    /// Reads who may write, where a plan depends on it. A lost Region of the table is asked last.
    pub(super) async fn look_at_epoch(&self) {
        if !self.stack.fence.proves() {
            return;
        }
        let Some(Others { mut table, .. }) = self.lock().others.clone() else { return };
        let snapshot = self.snapshots.borrow().clone();
        let now = self.clock.now();
        let silent = |region: &String| snapshot.region(region).is_some_and(|view| view.cluster.current(now).is_none());
        table.regions.sort_by_key(silent);
        let read = tokio::select! {
            biased;
            read = epoch::read(&self.aws, &table) => read.map_err(|why| why.to_string()),
            () = self.clock.sleep(PATIENCE) => Err(format!("no answer in {} s", PATIENCE.as_secs())),
        };
        self.lock().control = Some(Control { table, epoch: read });
    }

    /// Takes the lease for an operation, if it needs it and has it not yet. Tells whether it may go on.
    pub(super) async fn take_turn(self: &Arc<Self>, id: u64) -> bool {
        let Some(operation) = self.get(id) else { return false };
        let Some(others) = self.lock().others.clone() else { return true };
        if operation.plan.kind == Kind::Evacuate || others.turn == Some(id) {
            return true;
        }
        let Some(place) = operation.current() else { return true };
        self.apply(id, Happening::StepStarted(place));
        let holder = Holder { what: operation.plan.title.clone(), ..others.holder };
        let heard = AtomicBool::new(false);
        let tell = |waiting: String| {
            heard.store(true, Ordering::Relaxed);
            self.apply(id, Happening::Progressed(place, Progress::Waiting(waiting)));
        };
        let silence = async {
            self.clock.sleep(PATIENCE).await;
            if heard.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        let taken = tokio::select! {
            biased;
            taken = lease::take(&self.aws, &self.clock, others.table, Seat::Stack, holder, tell) => taken,
            () = silence => {
                self.tell(id, Severity::Warn, "the control table is silent: it runs without the lease, others may act too");
                return true;
            }
        };
        match taken {
            Ok(lease) => {
                if let Some(others) = &mut self.lock().others {
                    others.turn = Some(id);
                }
                let inner = self.clone();
                tokio::spawn(async move { inner.keep_turn(id, lease).await });
                true
            }
            Err(why @ LeaseError::Table { .. }) => {
                self.tell(id, Severity::Warn, &format!("it runs without the lease, others may act too: {why}"));
                true
            }
            Err(why) => {
                self.apply(id, Happening::StepFailed(place, why.to_string()));
                self.write_step(id, place);
                self.tell(id, Severity::Bad, "paused: somebody else holds the lease");
                false
            }
        }
    }

    /// Keeps the lease until the operation is over; stops the operation when another takes it.
    async fn keep_turn(&self, id: u64, mut lease: Lease) {
        self.write_down(&lease, id, 1, "began").await;
        let lost = tokio::select! {
            biased;
            () = self.over(id) => None,
            lost = lease.keep(&self.aws, &self.clock) => Some(lost),
        };
        if let Some(others) = &mut self.lock().others {
            others.turn = None;
        }
        match lost {
            None => {
                let ended = self.get(id).map_or("ended", |operation| operation.state.word());
                self.write_down(&lease, id, 2, ended).await;
                lease.release(&self.aws).await;
            }
            Some(why @ LeaseError::Table { .. }) => {
                self.tell(id, Severity::Warn, &format!("the lease is not kept any more, others may act too: {why}"));
            }
            Some(why) => {
                if let Some(place) = self.get(id).as_ref().and_then(Operation::current) {
                    self.apply(id, Happening::StepFailed(place, why.to_string()));
                    self.write_step(id, place);
                }
                self.tell(id, Severity::Bad, &why.to_string());
            }
        }
    }

    /// Waits until the operation is over. The sender lives as long as this does.
    async fn over(&self, id: u64) {
        let mut operations = self.operations.subscribe();
        while self.get(id).is_some_and(|operation| !operation.state.over()) {
            if operations.changed().await.is_err() {
                return;
            }
        }
    }

    /// Writes what an operation came to in the journal that everybody shares.
    async fn write_down(&self, lease: &Lease, id: u64, number: u64, what: &str) {
        let Some(operation) = self.get(id) else { return };
        let text = format!("{} {what}: plan {}", operation.plan.title, operation.plan.hash());
        let (at, who) = (self.clock.now().to_string(), lease.who().to_string());
        let entry = Entry { token: lease.token, number, at, who, text };
        if let Err(error) = ledger::write(&self.aws, lease.table(), &entry).await {
            tracing::warn!(%error, "the shared journal does not hear of it");
        }
    }

    /// Tells others that the operation is open, and takes it back when it is over.
    pub(super) async fn tell_others(&self, id: u64) {
        let Some(Others { table, holder, .. }) = self.lock().others.clone() else { return };
        let Some(operation) = self.get(id) else { return };
        let (at, who) = (self.clock.now(), holder.who);
        let open = Open { id: format!("{who} {at} {id}"), who, what: operation.plan.title, at };
        if let Err(why) = open::tell(&self.aws, &table, &open).await {
            self.tell(id, Severity::Warn, &format!("others are not told that it is open: {why}"));
            return;
        }
        self.over(id).await;
        if let Err(why) = open::take_back(&self.aws, &table, &open.id).await {
            let hour = open::COUNTS.as_secs() / 3600;
            self.tell(id, Severity::Warn, &format!("others take it to be open for {hour} h: {why}"));
        }
    }
}
