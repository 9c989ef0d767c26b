//! Who leads: whoever has the watchers' lease. It is taken and kept beside the rounds, so that a round that waits does
//! not lose it.

use crate::cloud::Aws;
use crate::control::lease::{self, Holder, LeaseError, Seat, Table};
use crate::host::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// How long whoever does not lead waits before it looks whether it could.
const LOOK: Duration = Duration::from_secs(10);

/// Whether this process leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leading {
    /// By this token.
    Yes(u64),
    /// Another does, or it cannot be known.
    No(String),
}

/// Keeps trying to lead as long as it lives.
pub struct Leader {
    leading: watch::Receiver<Leading>,
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Leader {
    pub fn start(aws: Aws, clock: Clock, table: Table, holder: Holder) -> Self {
        let (told, leading) = watch::channel(Leading::No("who leads is not known yet".into()));
        let stop = Arc::new(Notify::new());
        let stopped = stop.clone();
        let task = tokio::spawn(async move { lead(aws, clock, table, holder, &told, &stopped).await });
        Self { leading, stop, task }
    }

    pub fn leading(&self) -> Leading {
        self.leading.borrow().clone()
    }

    /// Gives the lease back, if it is held.
    pub async fn end(mut self) {
        self.stop.notify_one();
        // it ends by itself; a panic there has been told already
        let _ = (&mut self.task).await;
    }
}

impl Drop for Leader {
    /// Whoever is gone without a word leads no more: the lease dies of itself.
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn lead(aws: Aws, clock: Clock, table: Table, holder: Holder, told: &watch::Sender<Leading>, stop: &Notify) {
    let mut stopped = std::pin::pin!(stop.notified());
    loop {
        let taken = tokio::select! {
            biased;
            () = &mut stopped => return,
            taken = lease::take(&aws, &clock, table.clone(), Seat::Watch, holder.clone(), |_| {}) => taken,
        };
        let why = match taken {
            Ok(mut lease) => {
                told.send_replace(Leading::Yes(lease.token));
                let lost = tokio::select! {
                    biased;
                    () = &mut stopped => {
                        lease.release(&aws).await;
                        return;
                    }
                    lost = lease.keep(&aws, &clock) => lost,
                };
                format!("the lease is lost: {lost}")
            }
            Err(LeaseError::Held { who, what, .. }) => format!("{who} leads ({what})"),
            Err(error) => error.to_string(),
        };
        told.send_replace(Leading::No(why));
        tokio::select! {
            biased;
            () = &mut stopped => return,
            () = clock.sleep(LOOK) => {}
        }
    }
}
