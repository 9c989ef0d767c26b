//! Pollers that keep one [`Snapshot`]. Each Region and source has its own task, deadline and age, so a
//! Region that hangs spoils only its own cells.
//!
//! Liveness comes from Describe calls, which cost nothing; CloudWatch is read once a minute in one
//! batch; tasks only when the service changed, on zoom, or once a minute. Where writing is allowed, a
//! heartbeat proves the database and canaries show how sessions travel; elsewhere those of others are read.

mod answers;
mod attention;
mod board;
mod budget;
mod canary;
mod database;
mod events;
mod global;
mod poller;
mod proof;
mod regional;
mod sessions;

use crate::cloud::Aws;
use crate::host::Clock;
use crate::model::event::Event;
use crate::model::snapshot::Snapshot;
use crate::model::stack::Stack;
use crate::probe::Vantage;
use attention::Attention;
use board::Board;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;

/// How often each source is looked at.
pub mod every {
    use std::time::Duration;
    pub const SERVICE: Duration = Duration::from_secs(5);
    pub const TARGETS: Duration = Duration::from_secs(5);
    pub const SWITCHES: Duration = Duration::from_secs(10);
    pub const SCALING: Duration = Duration::from_secs(30);
    pub const BALANCER: Duration = Duration::from_secs(60);
    pub const TASKS: Duration = Duration::from_secs(60);
    pub const TASKS_ZOOMED: Duration = Duration::from_secs(5);
    pub const TRAFFIC: Duration = Duration::from_secs(60);
    pub const IDENTITY: Duration = Duration::from_secs(300);
    pub const RECORDS: Duration = Duration::from_secs(30);
    pub const CHECKS: Duration = Duration::from_secs(30);
    pub const ANSWERS: Duration = Duration::from_secs(10);
    pub const GLOBAL: Duration = Duration::from_secs(10);
    pub const CLUSTER: Duration = Duration::from_secs(15);
    pub const LAG: Duration = Duration::from_secs(60);
    pub const DATABASE_EVENTS: Duration = Duration::from_secs(30);
    pub const TABLE: Duration = Duration::from_secs(30);
    pub const REPLICATION: Duration = Duration::from_secs(60);
    pub const CANARY: Duration = crate::model::sessions::CANARY_EVERY;
    pub const PROOF: Duration = Duration::from_secs(5);
    /// Where nothing may be written, the proofs and canaries of others are read.
    pub const PROOF_READ: Duration = Duration::from_secs(30);
    pub const CANARY_READ: Duration = Duration::from_secs(60);
    /// Snapshots of lost writes: listed with every fourth look at the cluster, or when a look is asked for.
    pub const KEPT_WRITES: Duration = Duration::from_secs(60);
}

/// Keeps looking as long as it lives.
pub struct Observer {
    board: Arc<Board>,
    refresh: Arc<Notify>,
    zoom: watch::Sender<Option<String>>,
    events: mpsc::Sender<Event>,
    attention: Arc<Attention>,
    _pollers: JoinSet<()>,
}

/// What every poller has.
#[derive(Clone)]
struct Eyes {
    aws: Aws,
    vantage: Arc<dyn Vantage>,
    clock: Clock,
    stack: Arc<Stack>,
    board: Arc<Board>,
    refresh: Arc<Notify>,
    zoom: watch::Receiver<Option<String>>,
    attention: Arc<Attention>,
    writes: bool,
}

impl Observer {
    /// Starts every poller of the stack. `writes`: whether heartbeats and canaries may be written; if not,
    /// those of others are read.
    pub fn start(aws: Aws, vantage: Arc<dyn Vantage>, clock: Clock, stack: Stack, writes: bool) -> Self {
        let board = Arc::new(Board::new(&stack, clock.clone(), aws.login()));
        let refresh = Arc::new(Notify::new());
        let zoom = watch::Sender::new(None);
        let attention = Arc::new(Attention::default());
        let (events, mut notes) = mpsc::channel(64);
        let eyes = Eyes {
            aws,
            vantage,
            clock,
            stack: Arc::new(stack),
            board: board.clone(),
            refresh: refresh.clone(),
            zoom: zoom.subscribe(),
            attention: attention.clone(),
            writes,
        };
        let mut pollers = JoinSet::new();
        for region in &eyes.stack.regions {
            regional::spawn(&mut pollers, &eyes, region);
            database::spawn(&mut pollers, &eyes, region);
            sessions::spawn(&mut pollers, &eyes, region);
        }
        global::spawn(&mut pollers, &eyes);
        proof::spawn(&mut pollers, &eyes);
        let noted = board.clone();
        pollers.spawn(async move {
            while let Some(event) = notes.recv().await {
                noted.note(event);
            }
        });
        Self { board, refresh, zoom, events, attention, _pollers: pollers }
    }

    /// The newest snapshot, whenever it changes.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.board.subscribe()
    }

    /// Rings for a look at everything now.
    pub fn refresh(&self) -> Arc<Notify> {
        self.refresh.clone()
    }

    /// Looks closely at the tasks of one Region, or of none.
    pub fn zoom(&self, region: Option<String>) {
        self.zoom.send_replace(region);
    }

    /// Whether an operator has the console before them. While none does, sources are looked at half as often,
    /// save for heartbeats and canaries.
    pub fn attend(&self, attends: bool) {
        self.attention.attend(attends);
    }

    /// Whether an operation is open: everything keeps its pace then.
    pub fn busy(&self, busy: bool) {
        self.attention.busy(busy);
    }

    /// Where other rooms leave what happened.
    pub fn events(&self) -> mpsc::Sender<Event> {
        self.events.clone()
    }

    /// Rings for a look and waits until every Region that answers has been seen since, or `within` has
    /// passed: an operation starts on what is, not on what was shown.
    pub async fn look_again(&self, clock: &Clock, within: Duration) {
        let asked = clock.now();
        self.refresh.notify_waiters();
        let mut snapshots = self.snapshots();
        let seen = async {
            while !board::seen_since(&snapshots.borrow_and_update(), asked) {
                if snapshots.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            biased;
            () = seen => {}
            () = clock.sleep(within) => {}
        }
    }

    /// Waits until every source has been looked at once, or `within` has passed.
    pub async fn settled(&self, clock: &Clock, within: Duration) {
        let mut snapshots = self.snapshots();
        let all_seen = async {
            while !board::complete(&snapshots.borrow_and_update()) {
                if snapshots.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            biased;
            () = all_seen => {}
            () = clock.sleep(within) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::every;
    use std::time::Duration;

    /// What one Region of two is asked in a minute in which nothing moves: the writer's, which is asked most.
    #[test]
    fn a_quiet_minute_takes_less_than_a_hundred_calls_of_a_region() {
        let pollers = [
            (every::SERVICE, 1),
            (every::TARGETS, 1),
            (every::SWITCHES, 1),
            (every::SCALING, 1),
            (every::BALANCER, 4),
            (every::TASKS, 3),
            (every::TRAFFIC, 1),
            (every::IDENTITY, 1),
            (every::GLOBAL, 1),
            // the cluster and its instances
            (every::CLUSTER, 2),
            (every::KEPT_WRITES, 1),
            (every::LAG, 1),
            (every::DATABASE_EVENTS, 1),
            (every::TABLE, 1),
            (every::REPLICATION, 1),
            (every::PROOF, 1),
            // the epoch, with every sixth heartbeat
            (every::PROOF * 6, 1),
            // one canary is written, and one of the peer is found by the third look
            (every::CANARY, 1 + 3),
        ];
        let a_minute = |(every, calls): &(Duration, u32)| 60.0 / every.as_secs_f64() * f64::from(*calls);
        let all: f64 = pollers.iter().map(a_minute).sum();
        assert!(all < 100.0, "{all}");
    }
}
