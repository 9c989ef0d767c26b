//! A planned switchover loses no acknowledged write, whatever becomes of the call that asks for it.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use tandem::model::plan::Kind;
use tandem_sim::faults::{self, FaultSpec};

/// Seeds of the whole way; `TANDEM_SEEDS` asks for more. The world alone is tried over 500 in its own tests.
fn seeds() -> u64 {
    std::env::var("TANDEM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

#[test]
fn nothing_is_lost_by_any_seed_with_the_answer_lost_or_cut() {
    for seed in 0..seeds() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(switch_over(1000 + seed, ["F5", "F6"][seed as usize % 2]));
    }
}

async fn switch_over(seed: u64, fault: &str) {
    let desk = Desk::open(seed).await;
    let spec = FaultSpec {
        kind: fault.into(),
        service: Some("rds".into()),
        operation: Some("SwitchoverGlobalCluster".into()),
        rate: Some(1.0),
        duration_s: Some(20.0),
        ..FaultSpec::default()
    };
    let plan = desk.plan(&Desk::wish(Kind::Failover, IRELAND)).await;
    desk.world(|world| faults::start(world, spec)).unwrap();
    let id = desk.operator.start(&plan).unwrap_or_else(|why| panic!("{seed}: {why}: {:#?}", plan.checks));
    desk.ended(id, 1200).await;
    let (lost, split, by_epoch) = desk.world(|world| {
        let writes = &world.truth.writes;
        (writes.rows_lost, writes.rows_split, writes.rows.clone())
    });
    assert_eq!((lost, split), (0, 0), "seed {seed}");
    assert!(by_epoch.get(&1) > Some(&100) && by_epoch.get(&2) > Some(&0), "seed {seed}: {by_epoch:?}");
    let calls = desk.world(|world| {
        world
            .calls
            .iter()
            .filter(|call| call.operation == "SwitchoverGlobalCluster")
            .map(|call| call.region)
            .collect::<Vec<_>>()
    });
    assert!(calls.iter().all(|region| *region == VIRGINIA), "{calls:?}");
}
