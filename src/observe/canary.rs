//! Canaries: sessions that show how sessions travel. Where writing is allowed each Region writes one again and
//! again, and every other Region watches for it; elsewhere those of others are read.

use super::budget::Budget;
use super::poller::{Pace, bearable, look, of_region, pause_steady, seen};
use super::{Eyes, every};
use crate::cloud::dynamodb;
use crate::model::observed::elapsed;
use crate::model::outcome::CallError;
use crate::model::sessions::Arrival;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// When a Region looks for a canary, milliseconds after it was sent: a session takes a second or less
/// (DynamoDB Developer Guide, global tables).
const LOOKS_MS: [u64; 8] = [250, 500, 750, 1_000, 1_250, 1_500, 2_500, 5_000];
/// Between two looks for a canary that is not written yet.
const LOOK: Duration = Duration::from_millis(250);
/// While sessions are held, two looks are enough.
const LOOKS_HELD_MS: [u64; 2] = [1_000, 5_000];
/// How much earlier than the last one took the next is looked for.
const EARLIER: Duration = Duration::from_millis(250);

#[derive(Clone)]
pub(super) struct Canaries {
    eyes: Eyes,
    region: String,
    table: String,
    budget: Arc<Budget>,
}

impl Canaries {
    pub fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes, region: &str, budget: Arc<Budget>) {
        let me = Self { eyes: eyes.clone(), region: region.to_string(), table: eyes.stack.sessions_table(), budget };
        if !eyes.writes {
            pollers.spawn(me.read());
            return;
        }
        pollers.spawn(me.clone().send());
        for peer in eyes.stack.peers(region) {
            pollers.spawn(me.clone().watch(peer.to_string()));
        }
    }

    /// With many Regions each writes less often: the looks of all of them add up.
    fn every(&self) -> Duration {
        let peers = self.eyes.stack.regions.len().saturating_sub(1).max(1);
        every::CANARY * u32::try_from(peers.div_ceil(2)).unwrap_or(1)
    }

    /// Nothing is written to a table that is not there.
    async fn table_is_there(&self) -> Result<(), CallError> {
        seen(&self.eyes, |snapshot| Some(&snapshot.region(&self.region)?.table)).await.map(|_| ())
    }

    async fn send(self) {
        let place = of_region(&self.region, |region| &mut region.canary);
        let (key, mut failures) = (dynamodb::canary_key(&self.region), 0);
        loop {
            let pace = Pace { every: self.every(), budget: &self.budget, calls: 1.0 };
            let ask = async {
                self.table_is_there().await?;
                let sent = to_the_millisecond(self.eyes.board.now());
                dynamodb::put_canary(&self.eyes.aws, &self.region, &self.table, &key, sent).await?;
                Ok(sent)
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            self.eyes.clock.sleep(wait).await;
        }
    }

    /// Waits for each canary of `peer` to arrive here.
    async fn watch(self, peer: String) {
        self.get(&peer, None).await;
        let (mut watched, mut usual) = (None, Usual::Unknown);
        loop {
            let Some(sent) = self.newer(&peer, watched).await else {
                // None was written lately: what is here is looked at all the same, so that it has an age.
                self.get(&peer, None).await;
                continue;
            };
            watched = Some(sent);
            usual = self.arrives(&peer, sent, usual).await;
        }
    }

    /// Looks for the canary that was sent then until it is seen or the last look was in vain.
    async fn arrives(&self, peer: &str, sent: Timestamp, usual: Usual) -> Usual {
        let mut soonest = Duration::ZERO;
        for after in looks(usual) {
            let passed = elapsed(sent, self.eyes.board.now());
            self.eyes.clock.sleep(after.saturating_sub(passed).max(soonest)).await;
            soonest = bearable(&self.eyes, Duration::ZERO);
            if let Some(took) = self.get(peer, Some(sent)).await {
                return Usual::Took(took);
            }
        }
        Usual::Held
    }

    /// The newest canary of `peer` that is newer than this; none when none comes for long. It looks again and
    /// again: tasks that wait for one change of the board are woken in an order of chance.
    async fn newer(&self, peer: &str, than: Option<Timestamp>) -> Option<Timestamp> {
        let (asked, patience) = (self.eyes.board.now(), bearable(&self.eyes, self.every()) * 2);
        while elapsed(asked, self.eyes.board.now()) < patience {
            let newest = self.eyes.board.read(|snapshot| snapshot.region(peer).and_then(|region| region.canary.value));
            if newest > than {
                return newest;
            }
            self.eyes.clock.sleep(bearable(&self.eyes, LOOK)).await;
        }
        None
    }

    /// Looks for the canary of `peer` once and writes down what is here. When it is the one that is waited for,
    /// or a later one of somebody else, tells how long it took.
    async fn get(&self, peer: &str, sent: Option<Timestamp>) -> Option<Duration> {
        self.budget.take(&self.eyes.clock, 1.0).await;
        let asked = self.eyes.board.now();
        let found = self.found(peer).await;
        let now = self.eyes.board.now();
        let took = match &found {
            Ok(Some(at)) if sent.is_some_and(|sent| *at >= sent) => Some(elapsed(*at, now)),
            _ => None,
        };
        let every = bearable(&self.eyes, self.every());
        self.eyes.board.update(|snapshot| {
            let region = snapshot.regions.iter_mut().find(|region| region.name == self.region);
            let Some(observed) = region.map(|region| &mut region.arrivals) else { return };
            observed.every = every;
            match found {
                Ok(found) => {
                    let mut arrivals = observed.value.take().unwrap_or_default();
                    note(&mut arrivals, peer, found, took);
                    observed.seen(arrivals, asked);
                }
                Err(why) => observed.failed(why, asked),
            }
        });
        took
    }

    async fn found(&self, peer: &str) -> Result<Option<Timestamp>, CallError> {
        self.table_is_there().await?;
        dynamodb::canary(&self.eyes.aws, &self.region, &self.table, &dynamodb::canary_key(peer)).await
    }

    /// Reads the canaries that others write.
    async fn read(self) {
        let place = of_region(&self.region, |region| &mut region.arrivals);
        let own = of_region(&self.region, |region| &mut region.canary);
        let peers: Vec<&str> = self.eyes.stack.peers(&self.region).collect();
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::CANARY_READ, budget: &self.budget, calls: (peers.len() + 1) as f64 };
            let ask = async {
                let (asked, sent) = (self.eyes.board.now(), self.found(&self.region).await?);
                let mut arrivals = BTreeMap::new();
                for peer in &peers {
                    note(&mut arrivals, peer, self.found(peer).await?, None);
                }
                if let Some(sent) = sent {
                    let every = bearable(&self.eyes, every::CANARY_READ);
                    self.eyes.board.update(|snapshot| {
                        if let Some(observed) = own(snapshot) {
                            observed.every = every;
                            observed.seen(sent, asked);
                        }
                    });
                }
                Ok(arrivals)
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause_steady(&self.eyes, wait).await;
        }
    }
}

/// How canaries of one Region use to arrive in another.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Usual {
    Unknown,
    Took(Duration),
    Held,
}

/// When to look for the next canary: from a little before the time that the last one took.
fn looks(usual: Usual) -> Vec<Duration> {
    let from = match usual {
        Usual::Held => return LOOKS_HELD_MS.map(Duration::from_millis).into(),
        Usual::Unknown => Duration::ZERO,
        Usual::Took(took) => took.saturating_sub(EARLIER),
    };
    let (last, earlier) = LOOKS_MS.split_last().map_or((0, &[][..]), |(last, earlier)| (*last, earlier));
    let looks = earlier.iter().copied().map(Duration::from_millis).filter(|look| *look >= from);
    looks.chain([Duration::from_millis(last)]).collect()
}

/// The newest canary of `peer` that is here. One that was here before keeps the time that it took.
fn note(arrivals: &mut BTreeMap<String, Arrival>, peer: &str, found: Option<Timestamp>, took: Option<Duration>) {
    let Some(sent) = found else { return };
    let known = arrivals.get(peer).filter(|known| known.sent == sent);
    let took = known.and_then(|known| known.took).or(took);
    arrivals.insert(peer.to_string(), Arrival { sent, took });
}

fn to_the_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_begin_a_little_before_the_usual_time() {
        let ms = |usual| looks(usual).into_iter().map(|look| look.as_millis()).collect::<Vec<_>>();
        assert_eq!(ms(Usual::Unknown).len(), LOOKS_MS.len());
        assert_eq!(ms(Usual::Took(Duration::from_millis(900))), [750, 1_000, 1_250, 1_500, 2_500, 5_000]);
        assert_eq!(ms(Usual::Took(Duration::from_secs(60))), [5_000]);
        assert_eq!(ms(Usual::Held), [1_000, 5_000]);
    }

    #[test]
    fn a_canary_that_was_here_keeps_the_time_that_it_took() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let took = Some(Duration::from_millis(800));
        let mut arrivals = BTreeMap::new();
        note(&mut arrivals, "us-east-1", Some(at(60)), took);
        note(&mut arrivals, "us-east-1", None, None);
        note(&mut arrivals, "us-east-1", Some(at(60)), None);
        assert_eq!(arrivals["us-east-1"], Arrival { sent: at(60), took });
        note(&mut arrivals, "us-east-1", Some(at(75)), None);
        assert_eq!(arrivals["us-east-1"], Arrival { sent: at(75), took: None }, "nobody watched this one");
    }
}
