//! Sources that belong to no Region: who we are, the DNS tree, its checks, and what users are told.

use super::budget::Budget;
use super::poller::{Pace, Place, look, pause, pause_steady, seen};
use super::{Eyes, answers, every};
use crate::cloud;
use crate::model::observed::{Observed, elapsed};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::Identity;
use crate::model::steering;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How soon credentials that have run out are tried again: somebody may have signed in.
const RENEWED: Duration = Duration::from_secs(15);
/// How soon those are looked at that run out now.
const SOON: Duration = Duration::from_secs(2);

pub(super) fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes) {
    // Route 53 allows 5 calls a second for the whole account.
    let route53 = Arc::new(Budget::new(1.5, 4.0));
    pollers.spawn(identity(eyes.clone()));
    pollers.spawn(records(eyes.clone(), route53.clone()));
    pollers.spawn(checks(eyes.clone(), route53));
    pollers.spawn(watch_answers(eyes.clone()));
}

async fn identity(eyes: Eyes) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.identity));
    let (budget, mut failures) = (Budget::new(1.0, 4.0), 0);
    loop {
        let pace = Pace { every: every::IDENTITY, budget: &budget, calls: 1.0 };
        let ask = async {
            let mut last = CallError::new(ErrorClass::Invalid, "no Region to ask");
            for region in &eyes.stack.regions {
                match cloud::sts::identity(&eyes.aws, region).await {
                    Ok(identity) => return Ok(identity),
                    Err(why) => last = why,
                }
            }
            Err(last)
        };
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        let wait = eyes.board.read(|snapshot| wait.min(renewal(&snapshot.identity, eyes.board.now())));
        pause_steady(&eyes, wait).await;
    }
}

/// When credentials that are about to run out, or have, are worth another look.
fn renewal(identity: &Observed<Identity>, now: Timestamp) -> Duration {
    if identity.failing.as_ref().is_some_and(|failing| failing.why.class == ErrorClass::Expired) {
        return RENEWED;
    }
    let expires = identity.value.as_ref().and_then(|identity| identity.expires);
    match expires {
        None => Duration::MAX,
        Some(at) if at <= now => RENEWED,
        // The SDK renews them in the last seconds.
        Some(at) => elapsed(now, at).max(SOON),
    }
}

async fn records(eyes: Eyes, budget: Arc<Budget>) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.records));
    let (mut failures, mut zone) = (0, None);
    loop {
        let pace = Pace { every: every::RECORDS, budget: &budget, calls: 2.0 };
        let ask = async {
            let id: String = match &zone {
                Some(id) => String::clone(id),
                None => cloud::route53::zone(&eyes.aws, &eyes.stack.zone).await?,
            };
            let mut records = cloud::route53::records(&eyes.aws, &id, &eyes.stack.tree(), &eyes.stack.regions).await?;
            if !eyes.stack.resources.is_empty() {
                records.straight = steering::straight(&records.sets, &eyes.stack.policy, &balancers(&eyes).await);
            }
            zone = Some(id);
            Ok(records)
        };
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        pause(&eyes, wait).await;
    }
}

/// The DNS names of the load balancers, by Region, as far as they are found.
async fn balancers(eyes: &Eyes) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for region in &eyes.stack.regions {
        if let Ok(found) = seen(eyes, |snapshot| Some(&snapshot.region(region)?.balancer)).await {
            names.insert(region.clone(), found.dns_name);
        }
    }
    names
}

async fn checks(eyes: Eyes, budget: Arc<Budget>) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.checks));
    let mut failures = 0;
    loop {
        let pace = Pace { every: every::CHECKS, budget: &budget, calls: 2.0 };
        let ask = async {
            let records = seen(&eyes, |snapshot| Some(&snapshot.records)).await?;
            cloud::route53::checks(&eyes.aws, &records, &eyes.stack.tree(), &eyes.stack.regions).await
        };
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        pause(&eyes, wait).await;
    }
}

async fn watch_answers(eyes: Eyes) {
    let place: Place<_> = Box::new(|snapshot| Some(&mut snapshot.answers));
    let (budget, mut failures) = (Budget::new(1.0, 4.0), 0);
    let mut origins = answers::Origins::default();
    loop {
        let pace = Pace { every: every::ANSWERS, budget: &budget, calls: 1.0 };
        let ask = async {
            let found = match eyes.stack.resources.is_empty() {
                true => BTreeMap::new(),
                false => balancers(&eyes).await,
            };
            answers::ask(eyes.vantage.clone(), &eyes.stack, &found, &mut origins).await
        };
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        pause(&eyes, wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use jiff::SignedDuration;

    #[test]
    fn credentials_that_run_out_are_looked_at_when_they_do() {
        let mut identity = snapshot().identity;
        assert_eq!(renewal(&identity, now()), Duration::MAX, "keys that do not run out");
        let mut expires = |ahead: i64| {
            let at = Some(now() + SignedDuration::from_secs(ahead));
            identity.value.as_mut().unwrap().expires = at;
            renewal(&identity, now())
        };
        assert_eq!(expires(90), Duration::from_secs(90));
        assert_eq!((expires(1), expires(0), expires(-60)), (SOON, RENEWED, RENEWED));
        identity.failed(CallError::new(ErrorClass::Expired, "expired"), now());
        assert_eq!(renewal(&identity, now()), RENEWED);
    }
}
