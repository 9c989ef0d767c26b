//! What one vantage says in a round. A timeout says something of a Region only where one's own network is proven by
//! others that answer; what was not seen is UNKNOWN, and never a failure.

use super::{FRESH, LEAST_REACHED};
use crate::model::database::Proof;
use crate::model::observed::{Observed, elapsed};
use crate::model::outcome::ErrorClass;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a request met, as a user's would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    Answered(u16),
    /// No answer in time.
    Silence,
    /// The connection was refused.
    Refused,
    /// It says nothing of the other end: a name that does not resolve, a mistake of one's own.
    Unclear(String),
}

/// One look at everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// The user path of each Region, by its own name.
    pub paths: BTreeMap<String, Option<Met>>,
    /// The name that users ask for, from near this vantage.
    pub users: Option<Met>,
    /// Whether each replica of the control table answered, whatever it said.
    pub replicas: BTreeMap<String, bool>,
}

/// A finding in three values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "why", rename_all = "lowercase")]
pub enum Finding {
    Ok,
    Fail(String),
    Unknown(String),
}

impl Finding {
    pub fn is_fail(&self) -> bool {
        matches!(self, Self::Fail(_))
    }

    /// `ok`, `FAIL: no answer in time`, `unknown: ..`
    pub fn words(&self) -> String {
        match self {
            Self::Ok => "ok".into(),
            Self::Fail(why) => format!("FAIL: {why}"),
            Self::Unknown(why) => format!("unknown: {why}"),
        }
    }
}

/// The newest heartbeat that a vantage has committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub region: String,
    pub epoch: u64,
    /// By the clock of whoever committed it, when it was told: nobody reads another's clock.
    pub age_s: u64,
}

/// What a vantage says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The user path of each Region.
    pub paths: BTreeMap<String, Finding>,
    pub users: Finding,
    /// Whether it trusts its own network.
    pub network: bool,
    /// Whether the database takes its heartbeats.
    pub writes: Finding,
    pub commit: Option<Commit>,
}

impl Evidence {
    /// What a look and the state of one's own heartbeats say.
    pub fn of(look: &Look, proof: &Observed<Proof>, now: Timestamp) -> Self {
        let reached = look.reached();
        let paths = look.paths.iter().map(|(region, met)| {
            let elsewhere = reached.iter().filter(|other| **other != region).count();
            (region.clone(), finding(met.as_ref(), elsewhere >= LEAST_REACHED))
        });
        Self {
            paths: paths.collect(),
            users: finding(look.users.as_ref(), reached.len() >= LEAST_REACHED),
            network: reached.len() >= LEAST_REACHED,
            writes: writes(proof, now),
            commit: commit(proof, now),
        }
    }
}

impl Evidence {
    /// What it is worth when it was told this long ago by one's own clock.
    #[must_use]
    pub fn aged(mut self, age: Duration) -> Self {
        if let Some(commit) = &mut self.commit {
            commit.age_s += age.as_secs();
        }
        if age > FRESH {
            let old = || Finding::Unknown(format!("told {} s ago", age.as_secs()));
            self.paths.values_mut().for_each(|finding| *finding = old());
            (self.users, self.writes) = (old(), old());
        }
        self
    }
}

impl Look {
    /// The Regions of which anything answered.
    fn reached(&self) -> BTreeSet<&String> {
        let answered = |(region, met): (_, &Option<Met>)| matches!(met, Some(Met::Answered(_))).then_some(region);
        let paths = self.paths.iter().filter_map(answered);
        let replicas = self.replicas.iter().filter_map(|(region, answers)| answers.then_some(region));
        paths.chain(replicas).collect()
    }
}

/// An answer below 400 is what a checker of Route 53 takes for healthy; 5xx is a failure that was told. Others (403 of
/// a firewall, 429) say something of who asks.
fn finding(met: Option<&Met>, proven: bool) -> Finding {
    let silent = |what: &str| match proven {
        true => Finding::Fail(what.into()),
        false => Finding::Unknown(format!("{what}, and too little else answers here")),
    };
    match met {
        Some(Met::Answered(status @ 500..)) => Finding::Fail(format!("answers {status}")),
        Some(Met::Answered(status @ 400..)) => Finding::Unknown(format!("answers {status}")),
        Some(Met::Answered(_)) => Finding::Ok,
        Some(Met::Silence) => silent("no answer in time"),
        Some(Met::Refused) => silent("refuses connections"),
        Some(Met::Unclear(why)) => Finding::Unknown(why.clone()),
        None => Finding::Unknown("not looked at".into()),
    }
}

/// Whether heartbeats are committed now. Denied, throttled or expired is a matter of who asks.
fn writes(proof: &Observed<Proof>, now: Timestamp) -> Finding {
    if proof.current(now).is_some() {
        return Finding::Ok;
    }
    match &proof.failing {
        Some(failing) => match failing.why.class {
            ErrorClass::Timeout | ErrorClass::Unreachable | ErrorClass::Service => {
                Finding::Fail(failing.why.class.word().into())
            }
            class => Finding::Unknown(class.word().into()),
        },
        None => Finding::Unknown("a heartbeat is on its way".into()),
    }
}

fn commit(proof: &Observed<Proof>, now: Timestamp) -> Option<Commit> {
    let last = proof.value.as_ref()?;
    Some(Commit { region: last.region.clone(), epoch: last.epoch, age_s: elapsed(last.sent, now).as_secs() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::CallError;

    fn look(paths: &[(&str, Met)], replicas: &[(&str, bool)]) -> Look {
        Look {
            paths: paths.iter().map(|(region, met)| (region.to_string(), Some(met.clone()))).collect(),
            users: Some(Met::Answered(200)),
            replicas: replicas.iter().map(|(region, answers)| (region.to_string(), *answers)).collect(),
        }
    }

    fn of(look: &Look) -> Evidence {
        Evidence::of(look, &snapshot().proof, now())
    }

    #[test]
    fn silence_is_a_failure_only_where_two_others_answer() {
        let mut seen = look(
            &[("us-east-1", Met::Silence), ("eu-west-1", Met::Answered(200))],
            &[("us-east-1", false), ("us-east-2", true)],
        );
        let evidence = of(&seen);
        assert!(evidence.network && evidence.paths["us-east-1"].is_fail());
        assert_eq!(evidence.paths["eu-west-1"], Finding::Ok);
        seen.replicas.insert("us-east-2".into(), false);
        let evidence = of(&seen);
        assert!(!evidence.network && matches!(evidence.paths["us-east-1"], Finding::Unknown(_)));
        assert_eq!(evidence.paths["eu-west-1"], Finding::Ok, "an answer is an answer");
        // the judged Region's own replica proves nothing of the way to the others
        seen.replicas.insert("us-east-1".into(), true);
        assert!(matches!(of(&seen).paths["us-east-1"], Finding::Unknown(_)));
    }

    #[test]
    fn what_says_something_of_who_asks_is_unknown() {
        let replicas = [("us-east-2", true), ("us-west-2", true)];
        for met in [Met::Answered(403), Met::Answered(429), Met::Unclear("no such name".into())] {
            let seen = look(&[("us-east-1", met.clone())], &replicas);
            assert!(matches!(of(&seen).paths["us-east-1"], Finding::Unknown(_)), "{met:?}");
        }
        assert!(of(&look(&[("us-east-1", Met::Answered(503))], &replicas)).paths["us-east-1"].is_fail());
        assert_eq!(of(&look(&[("us-east-1", Met::Answered(301))], &replicas)).paths["us-east-1"], Finding::Ok);
    }

    #[test]
    fn what_is_old_is_unknown_and_a_commit_grows_older() {
        let seen = of(&look(&[("us-east-1", Met::Answered(200))], &[("us-east-2", true), ("us-west-2", true)]));
        let young = seen.clone().aged(Duration::from_secs(12));
        assert_eq!((&young.paths, young.commit.unwrap().age_s), (&seen.paths, 12));
        let old = seen.aged(Duration::from_secs(40));
        assert_eq!(old.paths["us-east-1"], Finding::Unknown("told 40 s ago".into()));
    }

    #[test]
    fn a_heartbeat_that_is_denied_says_nothing_of_the_writer() {
        let mut proof = snapshot().proof;
        assert_eq!(writes(&proof, now()), Finding::Ok);
        for (class, fails) in [(ErrorClass::Timeout, true), (ErrorClass::Denied, false), (ErrorClass::Expired, false)] {
            proof.failed(CallError::new(class, ""), now());
            assert_eq!(writes(&proof, now()).is_fail(), fails, "{class:?}");
        }
        let later = now() + jiff::SignedDuration::from_secs(90);
        assert_eq!(commit(&proof, later).unwrap().age_s, 90);
    }
}
