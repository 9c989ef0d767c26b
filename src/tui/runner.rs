//! Carries out what the screen asks for, and tells it what lower rooms report. The screen's thread
//! never waits for anything here.

use super::{Cmd, Msg};
use crate::fault::{FaultError, Lever};
use crate::host::Clock;
use crate::model::event::Severity;
use crate::observe::Observer;
use crate::operate::Wish;
use crate::operate::run::Operator;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Those who do the work.
pub struct Crew {
    pub observer: Observer,
    pub operator: Operator,
    pub lever: Option<Arc<dyn Lever>>,
    pub clock: Clock,
    pub writable: bool,
}

/// How long the look before an operation may take, in the stack's time.
const LOOK: Duration = Duration::from_secs(6);
/// How long a message waits for a screen that is busy, in the machine's time.
const BUSY: Duration = Duration::from_millis(30);

/// Serves the screen until it goes.
pub async fn serve(crew: Crew, screen: SyncSender<Msg>, mut commands: mpsc::Receiver<Cmd>) {
    let snapshots = tokio::spawn(forward(crew.observer.snapshots(), screen.clone(), Msg::Snapshot));
    let crew = Arc::new(crew);
    let busy = crew.clone();
    let operations = tokio::spawn(forward(crew.operator.operations(), screen.clone(), move |runs| {
        busy.observer.busy(runs.iter().any(|run| !run.state.over()));
        Msg::Operations(runs)
    }));
    while let Some(command) = commands.recv().await {
        if command == Cmd::Quit {
            break;
        }
        let (crew, screen) = (crew.clone(), screen.clone());
        tokio::spawn(async move {
            if let Some(answer) = carry_out(&crew, command).await {
                send(&screen, answer).await;
            }
        });
    }
    snapshots.abort();
    operations.abort();
}

/// The newest value wins: a screen that is busy misses those in between.
async fn forward<T: Clone>(mut values: watch::Receiver<T>, screen: SyncSender<Msg>, message: impl Fn(T) -> Msg) {
    loop {
        let value = values.borrow_and_update().clone();
        if !send(&screen, message(value)).await || values.changed().await.is_err() {
            return;
        }
    }
}

/// Sends it as soon as there is room. Tells whether the screen is still there.
pub async fn send<M>(screen: &SyncSender<M>, mut message: M) -> bool {
    loop {
        match screen.try_send(message) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(back)) => message = back,
        }
        tokio::time::sleep(BUSY).await;
    }
}

async fn carry_out(crew: &Crew, command: Cmd) -> Option<Msg> {
    match command {
        Cmd::Plan { kind, region, tasks } => {
            crew.observer.look_again(&crew.clock, LOOK).await;
            let wish = Wish { kind, region: region.clone(), tasks };
            let plan = match crew.operator.prepare(&wish).await {
                Ok(()) => crew.operator.plan(&wish),
                Err(why) => Err(why),
            };
            Some(Msg::Planned { kind, region, plan: plan.map_err(|why| why.to_string()) })
        }
        Cmd::Run(plan, hash) => {
            if !crew.writable {
                return Some(notice(Severity::Warn, "read-only: start with --write"));
            }
            if plan.hash() != hash {
                return Some(notice(Severity::Bad, "the plan is not the one that was shown"));
            }
            crew.observer.look_again(&crew.clock, LOOK).await;
            crew.operator.start(&plan).err().map(|why| notice(Severity::Bad, why))
        }
        Cmd::Retry(id) => {
            crew.operator.retry(id);
            None
        }
        Cmd::Skip(id, reason) => {
            crew.operator.skip(id, reason);
            None
        }
        Cmd::CancelOperation(id) => {
            crew.operator.cancel(id);
            None
        }
        Cmd::ListFaults => Some(board(crew).await),
        Cmd::StartFault(order) => match lever(crew) {
            Err(why) => Some(Msg::Faults(Err(why.to_string()))),
            Ok(lever) => match lever.start(order).await {
                Ok(_) => Some(board(crew).await),
                Err(why) => Some(notice(Severity::Bad, why)),
            },
        },
        Cmd::EndFault(id) => match lever(crew) {
            Err(why) => Some(Msg::Faults(Err(why.to_string()))),
            Ok(lever) => match lever.end(id).await {
                Ok(()) => Some(board(crew).await),
                Err(why) => Some(notice(Severity::Bad, why)),
            },
        },
        Cmd::SetSpeed(speed) => {
            crew.clock.set_speed(speed);
            crew.observer.refresh().notify_waiters();
            Some(Msg::Speed(crew.clock.speed()))
        }
        Cmd::Refresh => {
            crew.observer.refresh().notify_waiters();
            None
        }
        Cmd::Zoomed(region) => {
            crew.observer.zoom(region);
            None
        }
        Cmd::Attentive(attends) => {
            crew.observer.attend(attends);
            None
        }
        // the screen has the terminal
        Cmd::Copy(_) | Cmd::Suspend | Cmd::Quit => None,
    }
}

fn lever(crew: &Crew) -> Result<&Arc<dyn Lever>, FaultError> {
    crew.lever.as_ref().ok_or_else(|| FaultError("this world cannot be broken from here".into()))
}

async fn board(crew: &Crew) -> Msg {
    let board = match lever(crew) {
        Ok(lever) => lever.board().await,
        Err(why) => Err(why),
    };
    Msg::Faults(board.map_err(|why| why.to_string()))
}

fn notice(severity: Severity, text: impl ToString) -> Msg {
    Msg::Notice { severity, text: text.to_string() }
}
