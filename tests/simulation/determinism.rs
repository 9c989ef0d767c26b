//! One seed, one history: of the world, and of every call that the SDK made with its retries.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use std::collections::BTreeSet;
use tandem::model::operation::RunState;
use tandem::model::plan::Kind;
use tandem::operate::Wish;
use tandem_sim::Moment;
use tandem_sim::faults::{self, CATALOGUE, FaultSpec, Kind as Fault};

#[derive(Debug, PartialEq)]
struct Trace {
    digest: String,
    calls: Vec<String>,
    begun: BTreeSet<String>,
    kinds: BTreeSet<&'static str>,
    states: Vec<RunState>,
}

#[tokio::test(start_paused = true)]
async fn a_seed_is_a_history() {
    let first = history(13).await;
    let (retried, refused) = (
        first.calls.iter().filter(|call| call.contains("attempt: 2")),
        first.calls.iter().filter(|c| c.contains("Refused")),
    );
    assert!(retried.count() > 10 && refused.count() > 10, "the SDK has had something to retry");
    let all: BTreeSet<String> = CATALOGUE.iter().map(|kind| kind.id.to_string()).collect();
    assert_eq!(first.begun, all);
    assert!(first.kinds.len() >= 20, "{:?}", first.kinds);

    let second = history(13).await;
    for (number, (one, two)) in first.calls.iter().zip(&second.calls).enumerate() {
        assert_eq!(one, two, "call {number}");
    }
    assert_eq!(first, second);
    let other = history(14).await;
    assert_ne!(first.digest, other.digest);
    assert_ne!(first.calls, other.calls);
}

/// Every fault of the catalogue for a minute, one after the other, while operations go on.
async fn history(seed: u64) -> Trace {
    let desk = Desk::open(seed).await;
    let mut states = vec![];
    let scale = Wish { kind: Kind::Scale, region: IRELAND.into(), tasks: Some(5) };
    states.push(desk.carry_out(&scale, 900).await.state);
    for kind in CATALOGUE {
        desk.world(|world| faults::start(world, minute_of(kind))).unwrap_or_else(|why| panic!("{}: {why}", kind.id));
        desk.pass(90).await;
    }
    desk.pass(300).await;
    for kind in [Kind::Evacuate, Kind::Restore] {
        states.push(desk.carry_out(&Desk::wish(kind, VIRGINIA), 1800).await.state);
    }
    // and one that a fault hits in its middle
    let drain = desk.plan(&Desk::wish(Kind::Drain, VIRGINIA)).await;
    let id = desk.operator.start(&drain).unwrap();
    desk.pass(20).await;
    let half =
        FaultSpec { duration_s: Some(240.0), rate: Some(0.5), ..minute_of(faults::catalogue::kind("F5").unwrap()) };
    desk.world(|world| faults::start(world, half)).unwrap();
    desk.pass(600).await;
    states.push(desk.operation(id).state);
    desk.operator.cancel(id);
    desk.world(|world| {
        assert_eq!(world.calls.count(), world.calls.iter().len() as u64, "every call is in the record");
        let mine = || world.truth.events().iter().filter(|event| event.at >= Moment::START);
        let begun = mine().filter(|event| event.kind == "fault.begun");
        Trace {
            digest: world.truth.digest(),
            calls: world.calls.iter().map(|call| format!("{call:?}")).collect(),
            begun: begun.filter_map(|event| event.what.split(' ').next().map(String::from)).collect(),
            kinds: mine().map(|event| event.kind).collect(),
            states,
        }
    })
}

fn minute_of(kind: &Fault) -> FaultSpec {
    let takes = |name: &str| kind.parameters.iter().any(|parameter| parameter.name == name);
    let given = |name: &str, value: &str| takes(name).then(|| value.to_string());
    FaultSpec {
        kind: kind.id.into(),
        region: given("region", VIRGINIA),
        zone: given("zone", "a"),
        from: given("from", "NA"),
        duration_s: Some(60.0),
        ..FaultSpec::default()
    }
}
