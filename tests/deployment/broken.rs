//! Deployments while AWS is not as it should be.

use crate::yard::{Verb, Yard, told};
use tandem_sim::faults::{self, FaultSpec};

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

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_holds_up_only_what_is_in_it_or_needs_it() {
    let yard = Yard::empty(11);
    let calm = yard.run(Verb::Apply).await;
    let yard = Yard::empty(11);
    fault(&yard, "F16", Some("eu-west-1"), None, 15);
    let view = yard.run(Verb::Apply).await;
    let took = |view: &tandem::deploy::board::View, id: &str| {
        let row = view.rows.iter().find(|row| row.id == id).unwrap();
        let first = view.lines.first().unwrap().at;
        row.ended.unwrap().duration_since(first).as_secs()
    };
    for id in ["us-east-1/base", "us-east-1/alb", "us-east-1/listener", "us-east-1/ecs"] {
        let (hung, calm) = (took(&view, id), took(&calm, id));
        assert!(hung <= calm + 60, "{id} took {hung} s, {calm} s without the fault");
    }
    assert!(took(&view, "eu-west-1/base") > 15 * 60);
    as_if_undisturbed(&yard, "F16").await;
}
