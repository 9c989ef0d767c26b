//! Proof that the database takes writes. Where writing is allowed a heartbeat is committed again and again;
//! elsewhere the last one that anybody committed is read, and its age is what is known.

use super::budget::Budget;
use super::poller::{Pace, Place, look, look_dated, pause_steady};
use super::{Eyes, every};
use crate::cloud::rdsdata;
use crate::model::call::Heartbeat;
use crate::model::database::{self, Proof};
use crate::model::observed::elapsed;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::Snapshot;
use std::time::Duration;
use tokio::task::JoinSet;

/// Who writes the heartbeats of consoles.
const VANTAGE: &str = "console";
/// Heartbeats between two looks at the epoch, for operators elsewhere who opened a new one.
const BEATS: u32 = 6;
/// How often it is looked whether a writer is known.
const SOON: Duration = Duration::from_millis(200);

pub(super) fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes) {
    if eyes.stack.lacks().heartbeats {
        return;
    }
    if eyes.writes {
        pollers.spawn(commit(eyes.clone()));
    } else {
        pollers.spawn(read(eyes.clone()));
    }
}

/// Where the database writes, as last seen.
#[derive(Debug, Clone, PartialEq)]
struct Writer {
    region: String,
    arn: String,
}

fn writer(snapshot: &Snapshot) -> Option<Writer> {
    let global = database::newest(snapshot)?.value.as_ref()?;
    let member = global.members.iter().find(|member| member.writer)?;
    Some(Writer { region: member.region.clone(), arn: member.cluster_arn.clone() })
}

/// The writer; when every Region has told and there is none, why.
fn told(snapshot: &Snapshot) -> Option<Result<Writer, CallError>> {
    if let Some(writer) = writer(snapshot) {
        return Some(Ok(writer));
    }
    if database::newest(snapshot).is_some() {
        return Some(Err(CallError::new(ErrorClass::Conflict, "no member of the global cluster writes")));
    }
    let mut last = None;
    for region in &snapshot.regions {
        last = Some(Err(region.global.failing.as_ref()?.why.clone()));
    }
    last
}

async fn find(eyes: &Eyes) -> Result<Writer, CallError> {
    loop {
        match eyes.board.read(told) {
            Some(told) => return told,
            None => eyes.clock.sleep(SOON).await,
        }
    }
}

/// Waits until another than this is known to write.
async fn moved(eyes: &Eyes, from: Option<&Writer>) {
    let mut snapshots = eyes.board.subscribe();
    loop {
        let now = writer(&snapshots.borrow_and_update());
        if now.is_some() && now.as_ref() != from {
            return;
        }
        if snapshots.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

async fn commit(eyes: Eyes) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.proof));
    let (budget, mut failures, mut epoch) = (Budget::new(1.0, 4.0), 0, Epoch::default());
    loop {
        // An operation rings when it has committed in a new epoch, which may be while this one waits.
        let mut rung = std::pin::pin!(eyes.refresh.notified());
        rung.as_mut().enable();
        let found = find(&eyes).await;
        let at = found.as_ref().ok().cloned();
        let pace = Pace { every: every::PROOF, budget: &budget, calls: if epoch.beats == 0 { 2.0 } else { 1.0 } };
        let ask = async {
            let writer = found?;
            let epoch = epoch.at(&eyes, &writer).await?;
            beat(&eyes, &writer, epoch).await
        };
        // A writer that hangs may take its 45 seconds, unless another one is known by then.
        let wait = tokio::select! {
            biased;
            () = moved(&eyes, at.as_ref()) => None,
            wait = look(&eyes, pace, &mut failures, &place, ask) => Some(wait),
        };
        let Some(wait) = wait else {
            epoch.beats = 0;
            continue;
        };
        let look_again = tokio::select! {
            biased;
            () = rung => true,
            () = moved(&eyes, at.as_ref()) => true,
            () = eyes.clock.sleep(wait) => false,
        };
        if look_again || failures > 0 {
            epoch.beats = 0;
        }
    }
}

/// The epoch that is written.
#[derive(Default)]
struct Epoch {
    known: u64,
    /// Heartbeats until it is read again.
    beats: u32,
}

impl Epoch {
    /// The highest that was ever seen, at least 1.
    async fn at(&mut self, eyes: &Eyes, writer: &Writer) -> Result<u64, CallError> {
        let shown = eyes.board.read(|snapshot| snapshot.proof.value.as_ref().map(|proof| proof.epoch));
        self.known = self.known.max(shown.unwrap_or(0)).max(1);
        match self.beats.checked_sub(1) {
            Some(left) => self.beats = left,
            None => {
                let last = last(eyes, writer).await?;
                self.known = self.known.max(last.map_or(0, |proof| proof.epoch));
                self.beats = BEATS - 1;
            }
        }
        Ok(self.known)
    }
}

async fn last(eyes: &Eyes, writer: &Writer) -> Result<Option<Proof>, CallError> {
    let secret = secret(eyes, writer)?;
    rdsdata::last_proof(&eyes.aws, &writer.region, &writer.arn, &secret, eyes.stack.database()).await
}

fn secret(eyes: &Eyes, writer: &Writer) -> Result<String, CallError> {
    let secret = eyes.stack.heartbeat_secret(&writer.region);
    secret.ok_or_else(|| CallError::new(ErrorClass::NotFound, "no user of the database writes heartbeats"))
}

async fn beat(eyes: &Eyes, writer: &Writer, epoch: u64) -> Result<Proof, CallError> {
    let sent = eyes.board.now();
    let beat = Heartbeat {
        cluster_arn: writer.arn.clone(),
        secret: secret(eyes, writer)?,
        database: eyes.stack.database().into(),
        vantage: VANTAGE.into(),
        seq: u64::try_from(sent.as_millisecond()).unwrap_or(0),
        epoch,
    };
    rdsdata::heartbeat(&eyes.aws, &writer.region, &beat).await?;
    let took = Some(elapsed(sent, eyes.board.now()));
    Ok(Proof { region: writer.region.clone(), epoch, vantage: beat.vantage, seq: beat.seq, sent, took })
}

/// What is read is as old as the commit, not as the look.
async fn read(eyes: Eyes) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.proof));
    let (budget, mut failures) = (Budget::new(1.0, 4.0), 0);
    loop {
        let pace = Pace { every: every::PROOF_READ, budget: &budget, calls: 1.0 };
        let ask = async {
            let proof = last(&eyes, &find(&eyes).await?).await?;
            let proof =
                proof.ok_or_else(|| CallError::new(ErrorClass::NotFound, "nobody has committed a heartbeat yet"))?;
            let sent = proof.sent;
            Ok((proof, Some(sent)))
        };
        let wait = look_dated(&eyes, pace, &mut failures, &place, ask).await;
        pause_steady(&eyes, wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};

    #[test]
    fn who_writes_is_told_by_any_region_and_why_not_only_by_all() {
        let mut seen = snapshot();
        assert_eq!(told(&seen).unwrap().unwrap().region, "us-east-1");
        seen.regions[0].global.value = None;
        assert!(told(&seen).unwrap().unwrap().arn.contains(":us-east-1:"), "the other Region tells");
        seen.regions[1].global.value = None;
        seen.regions[0].global.failed(CallError::new(ErrorClass::NotFound, "none"), now());
        assert_eq!(told(&seen), None, "the other may tell yet");
        seen.regions[1].global.failed(CallError::new(ErrorClass::NotFound, "none"), now());
        assert_eq!(told(&seen).unwrap().unwrap_err().class, ErrorClass::NotFound);
    }
}
