//! Deployments while AWS is not as it should be.

use crate::yard::{Verb, Yard, told};
use std::collections::BTreeMap;
use tandem::deploy::board::View;
use tandem_sim::faults::{self, FaultSpec};

/// A look without an answer takes 12 s, and each of a few nodes may need one; the dice fall in another order, and an
/// instance takes a minute more or less.
const SLACK_S: i64 = 120;

fn fault(yard: &Yard, kind: &str, region: Option<&str>, rate: Option<f64>, minutes: u32) {
    let spec = FaultSpec {
        kind: kind.into(),
        region: region.map(String::from),
        rate,
        duration_s: Some(f64::from(minutes) * 60.0),
        ..FaultSpec::default()
    };
    yard.simulator.with(|world| faults::start(world, spec)).unwrap();
}

/// What stands is what an undisturbed deployment makes, and nothing differs.
async fn as_if_undisturbed(yard: &Yard, how: &str) {
    let calm = Yard::empty(11);
    calm.run(Verb::Apply).await;
    let (found, wanted) = (yard.inventory(), calm.inventory());
    let missing: Vec<&String> = wanted.iter().filter(|one| !found.contains(one)).collect();
    let more: Vec<&String> = found.iter().filter(|one| !wanted.contains(one)).collect();
    assert!(missing.is_empty() && more.is_empty() && found.len() == wanted.len(), "{how}: -{missing:?} +{more:?}");
    assert_eq!(told(&yard.plan().await), Vec::<String>::new(), "{how}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_lost_make_no_duplicates() {
    for kind in ["F5", "F6", "F7"] {
        let yard = Yard::empty(11);
        fault(&yard, kind, None, Some(0.2), 60);
        yard.run(Verb::Apply).await;
        as_if_undisturbed(&yard, kind).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reads_from_the_past_make_no_duplicates() {
    let yard = Yard::empty(11);
    fault(&yard, "F9", None, Some(0.5), 60);
    yard.run(Verb::Apply).await;
    as_if_undisturbed(&yard, "F9").await;
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_and_does_not_fail() {
    let yard = Yard::empty(11);
    fault(&yard, "F4", None, Some(0.5), 120);
    yard.run(Verb::Apply).await;
    as_if_undisturbed(&yard, "F4").await;
}

/// Seconds from the begin of a run until each node was done.
fn took(view: &View) -> BTreeMap<String, i64> {
    let first = view.lines.first().unwrap().at;
    view.rows.iter().map(|row| (row.id.clone(), row.ended.unwrap().duration_since(first).as_secs())).collect()
}

/// What joins Regions, or tells of them all.
const JOINT: [&str; 9] = [
    "dashboard",
    "dns/origins",
    "dns/records",
    "peering/eu-west-1/us-east-1",
    "switch-proof",
    "us-east-1/check-endpoint",
    "us-east-1/check-switch-eu-west-1",
    "us-east-1/health",
    "us-east-1/routes",
];

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_holds_up_only_what_is_in_it_or_needs_it() {
    let calm = Yard::empty(11);
    let calm = took(&calm.run(Verb::Apply).await);
    let yard = Yard::empty(11);
    fault(&yard, "F16", Some("eu-west-1"), None, 15);
    let hung = took(&yard.run(Verb::Apply).await);
    let late: Vec<&str> = hung.keys().filter(|id| hung[*id] > calm[*id] + SLACK_S).map(String::as_str).collect();
    let elsewhere: Vec<&str> = late.iter().copied().filter(|id| !id.starts_with("eu-west-1/")).collect();
    assert!(elsewhere.iter().all(|id| JOINT.contains(id)), "{elsewhere:?}");
    assert!(elsewhere.contains(&"peering/eu-west-1/us-east-1"), "it has an end in the Region that hung: {elsewhere:?}");
    for id in ["db", "db-1", "db-2", "service", "listener", "switch-eu-west-1", "alarms", "scaling-policy"] {
        let id = format!("us-east-1/{id}");
        assert!(hung[&id] <= calm[&id] + SLACK_S, "{id} took {} s, {} s without the fault", hung[&id], calm[&id]);
    }
    assert!(late.contains(&"eu-west-1/base") && hung["eu-west-1/base"] > 15 * 60);
    as_if_undisturbed(&yard, "F16").await;
}

/// It is asked to be one of the Regions that the control table agrees in, so nothing is seen of it.
#[tokio::test(start_paused = true)]
async fn a_control_region_that_is_silent_holds_up_no_stack_that_stands() {
    let mut yard = Yard::empty(11);
    yard.run(Verb::Apply).await;
    fault(&yard, "F16", Some("us-west-2"), None, 60);
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    yard.spec.app.environment.insert("LOG_LEVEL".into(), "debug".into());
    let started = yard.now();
    yard.run(Verb::Apply).await;
    assert!(yard.now().since(started).as_secs() < 30 * 60, "the Region is silent for an hour");
}
