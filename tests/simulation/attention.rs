//! A console that nobody looks at asks half as often, but proves the database and watches over operations
//! as before.

use crate::desk::{Desk, IRELAND};
use std::collections::BTreeMap;

/// How often each operation was called in Ireland in the next ten minutes.
async fn ten_minutes(desk: &Desk) -> BTreeMap<&'static str, usize> {
    let from = desk.now();
    desk.pass(600).await;
    let mut counts = BTreeMap::new();
    for call in desk.calls(from).into_iter().filter(|call| call.region == IRELAND) {
        *counts.entry(call.operation).or_default() += 1;
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn half_the_looks_are_made_while_nobody_looks_and_heartbeats_go_on() {
    const SLOWED: [&str; 4] = ["DescribeServices", "DescribeTargetHealth", "DescribeGlobalClusters", "GetMetricData"];
    let desk = Desk::open(9).await;
    let usual = ten_minutes(&desk).await;
    desk.observer.attend(false);
    let from = desk.now();
    let slow = ten_minutes(&desk).await;
    let heartbeats = desk.calls(from).iter().filter(|call| call.service == "rds-data").count();
    for operation in SLOWED {
        let share = slow[operation] as f64 / usual[operation] as f64;
        assert!((0.45..0.6).contains(&share), "{operation}: {} of {}", slow[operation], usual[operation]);
    }
    assert!(heartbeats >= 115, "a heartbeat every five seconds: {heartbeats}");
    assert!(slow["PutItem"] * 20 >= usual["PutItem"] * 19, "canaries: {} of {}", slow["PutItem"], usual["PutItem"]);
    let snapshot = desk.snapshot();
    assert!(
        snapshot.regions.iter().all(|region| region.service.current(desk.now()).is_some()),
        "nothing counts as late"
    );

    desk.observer.busy(true);
    desk.pass(60).await;
    let busy = ten_minutes(&desk).await;
    desk.observer.busy(false);
    desk.observer.attend(true);
    desk.pass(60).await;
    let again = ten_minutes(&desk).await;
    for counts in [busy, again] {
        for operation in SLOWED {
            let share = counts[operation] as f64 / usual[operation] as f64;
            assert!((0.9..1.1).contains(&share), "{operation}: {} of {}", counts[operation], usual[operation]);
        }
    }
}
