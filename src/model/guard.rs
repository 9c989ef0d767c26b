//! When a guard lets its task run. It holds a lease on the epoch: as long as it can confirm that its Region was not
//! deposed, the task may write. When it cannot, it must have ended the task before anybody promotes another Region.
//!
//! The times hold together: a guard closes [`CLOSES_AFTER`] after its last confirmation, its task is gone [`STOP`]
//! later, and whoever deposes a Region that cannot be reached waits for [`PROMOTER_WAITS`].

use super::epoch::Epoch;
use std::time::Duration;

/// How often a guard confirms the epoch.
pub const POLL: Duration = Duration::from_secs(10);
/// What is not confirmed for so long is closed. Longer than a partition that heals by itself (GitHub, October 2018:
/// 43 s), so that a blip closes nobody.
pub const CLOSES_AFTER: Duration = Duration::from_secs(120);
/// What a task has to end in: the `stopTimeout` of its containers.
pub const STOP: Duration = Duration::from_secs(20);
/// For clocks that run at unequal speeds, and for what ECS takes.
const MARGIN: Duration = Duration::from_secs(10);
/// From the new epoch until no task of the deposed Region runs, whether it can be reached or not.
pub const PROMOTER_WAITS: Duration = CLOSES_AFTER.saturating_add(STOP).saturating_add(MARGIN);

/// What one look at the control table found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// `None`: no Region was ever deposed.
    Told(Option<Epoch>),
    Silent(String),
}

/// What the peers' switches say, for when the control table is silent: losing it must not be an outage. A promoter
/// turns the switch on the Region that it promotes before it writes an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peers {
    /// Every one of them says SERVE.
    Hold,
    /// One says something else, or says nothing.
    No(String),
}

/// Whether the task may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Open,
    /// Not confirmed for so long, and not too long.
    Unsure {
        since: Duration,
        why: String,
    },
    /// Not begun yet.
    Waiting(String),
    /// The task must end.
    Closed(String),
}

/// The guard of a task in a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    region: String,
    confirmed: Option<Duration>,
}

impl Guard {
    pub fn new(region: &str) -> Self {
        Self { region: region.into(), confirmed: None }
    }

    /// Judges what was found. `asked` and `now` are of one clock that never jumps: when the look began, and now.
    pub fn judge(&mut self, reading: &Reading, peers: &Peers, asked: Duration, now: Duration) -> Verdict {
        let why = match (reading, peers) {
            (Reading::Told(Some(epoch)), _) if epoch.deposed.contains(&self.region) => {
                let why = format!(
                    "{} was deposed: {} writes under epoch {}. Restore {} when its database follows again",
                    self.region, epoch.writer, epoch.number, self.region
                );
                return if self.confirmed.is_some() { Verdict::Closed(why) } else { Verdict::Waiting(why) };
            }
            (Reading::Told(_), _) | (Reading::Silent(_), Peers::Hold) => {
                self.confirmed = Some(asked);
                return Verdict::Open;
            }
            (Reading::Silent(table), Peers::No(peers)) => format!("the control table: {table}; {peers}"),
        };
        let Some(confirmed) = self.confirmed else { return Verdict::Waiting(why) };
        let since = now.saturating_sub(confirmed);
        if since >= CLOSES_AFTER {
            let (passed, all) = (since.as_secs(), CLOSES_AFTER.as_secs());
            return Verdict::Closed(format!("not confirmed for {passed} s, {all} are allowed: {why}"));
        }
        Verdict::Unsure { since, why }
    }

    /// Until it must close when nothing more is heard. `None`: it has not opened.
    pub fn closes_in(&self, now: Duration) -> Option<Duration> {
        Some((self.confirmed? + CLOSES_AFTER).saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn silent() -> Reading {
        Reading::Silent("no answer".into())
    }

    fn no() -> Peers {
        Peers::No("eu-west-1 says nothing".into())
    }

    fn deposed() -> Reading {
        Reading::Told(Some(Epoch::after(None, 2, "us-east-1", "eu-west-1")))
    }

    #[test]
    fn a_blip_and_a_lost_control_table_close_nobody() {
        let mut guard = Guard::new("us-east-1");
        assert_eq!(guard.judge(&Reading::Told(None), &no(), s(0), s(0)), Verdict::Open);
        for at in [10, 20, 30, 40, 50, 119] {
            assert!(matches!(guard.judge(&silent(), &no(), s(at), s(at)), Verdict::Unsure { .. }));
        }
        for at in (120..100_000).step_by(100) {
            assert_eq!(guard.judge(&silent(), &Peers::Hold, s(at), s(at)), Verdict::Open);
        }
    }

    #[test]
    fn a_cut_off_region_closes_and_a_deposed_one_does_at_once() {
        let mut guard = Guard::new("us-east-1");
        guard.judge(&Reading::Told(None), &no(), s(7), s(8));
        assert_eq!(guard.closes_in(s(8)), Some(s(119)), "counted from when it was asked");
        assert!(matches!(guard.judge(&silent(), &no(), s(126), s(127)), Verdict::Closed(_)));
        let mut guard = Guard::new("us-east-1");
        guard.judge(&Reading::Told(None), &no(), s(0), s(0));
        assert!(matches!(guard.judge(&deposed(), &Peers::Hold, s(10), s(10)), Verdict::Closed(_)));
    }

    #[test]
    fn a_task_begins_only_where_it_may_write() {
        let mut guard = Guard::new("us-east-1");
        assert!(matches!(guard.judge(&deposed(), &Peers::Hold, s(0), s(0)), Verdict::Waiting(_)));
        assert!(matches!(guard.judge(&silent(), &no(), s(500), s(500)), Verdict::Waiting(_)));
        let opened = Epoch::after(None, 2, "us-east-1", "eu-west-1").opened("us-east-1");
        assert_eq!(guard.judge(&Reading::Told(Some(opened)), &no(), s(600), s(600)), Verdict::Open);
        assert_eq!(Guard::new("eu-west-1").judge(&deposed(), &no(), s(0), s(0)), Verdict::Open, "the other one writes");
    }

    proptest! {
        /// A promoter turns the switch, writes the epoch, and waits. Whatever a guard of the deposed Region could reach
        /// meanwhile, its task is gone when the promoter goes on.
        #[test]
        fn no_task_outlives_what_the_promoter_waits(
            begun in 0u64..10,
            reach in proptest::collection::vec((any::<bool>(), any::<bool>(), 1u64..10), 60),
            written in 20u64..60,
        ) {
            let mut guard = Guard::new("us-east-1");
            let mut at = begun;
            prop_assert_eq!(guard.judge(&Reading::Told(None), &Peers::Hold, s(at), s(at)), Verdict::Open);
            let mut gone = None;
            for (table, peers, took) in reach {
                let asked = at + POLL.as_secs();
                let closes = at + guard.closes_in(s(at)).unwrap().as_secs();
                let after = asked >= written;
                let reading = match (table, after) {
                    (true, true) => deposed(),
                    (true, false) => Reading::Told(None),
                    (false, _) => silent(),
                };
                // the switch is turned before the epoch is written
                let peers = if peers && !after { Peers::Hold } else { no() };
                at = asked + took;
                if at > closes && !matches!(reading, Reading::Told(None)) && peers != Peers::Hold {
                    gone = Some(closes);
                    break;
                }
                if let Verdict::Closed(_) = guard.judge(&reading, &peers, s(asked), s(at)) {
                    gone = Some(at);
                    break;
                }
            }
            let gone = gone.expect("sixty looks are longer than any lease") + STOP.as_secs();
            prop_assert!(gone < written + PROMOTER_WAITS.as_secs(), "{gone} {written}");
        }
    }
}
