//! The database and the session table on the screens of tests: healthy, and in trouble.

use super::fixtures::{ago, failing, now, seen};
use crate::model::database::{GlobalView, KeptWrites, LagMinute, LagView, Proof, RoleChange};
use crate::model::event::{Event, Severity};
use crate::model::fixtures::{cluster, global, table};
use crate::model::observed::Observed;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::plan::{Kind, Plan};
use crate::model::sessions::{Arrival, ReplicationView};
use crate::model::snapshot::Snapshot;
use crate::operate::{self, Wish};
use std::time::Duration;

/// Gives every Region its member, with the writer in the first.
pub fn healthy(snapshot: &mut Snapshot) {
    let names: Vec<String> = snapshot.regions.iter().map(|view| view.name.clone()).collect();
    for (place, view) in snapshot.regions.iter_mut().enumerate() {
        view.global = seen(global(&names), 4, 10);
        view.cluster = seen(cluster(place, &view.name), 6, 15);
        view.lag = seen(lag(place), 20, 60);
        view.database_events = seen(events(&view.name), 11, 30);
        view.table = seen(table(&view.name, &names), 9, 30);
        view.replication = seen(replication(&view.name, &names), 31, 60);
        view.canary = seen(ago(7), 7, 15);
        let arrived =
            |peer: &&String| (peer.to_string(), Arrival { sent: ago(7), took: Some(Duration::from_millis(820)) });
        view.arrivals =
            seen(names.iter().filter(|peer| **peer != view.name).map(|peer| arrived(&peer)).collect(), 6, 15);
    }
    snapshot.proof = seen(
        Proof {
            region: names[0].clone(),
            epoch: 3,
            vantage: "console".into(),
            seq: 1,
            sent: ago(1),
            took: Some(Duration::from_millis(14)),
        },
        1,
        5,
    );
}

fn lag(place: usize) -> LagView {
    let minute = |back: i64| {
        let ms = 84.0 + 37.0 * ((back * 7) % 5) as f64;
        let minute = LagMinute { replication_ms: Some(ms), rpo_ms: Some(ms * 1.2), progress_ms: Some(ms * 0.9) };
        (ago(60 * back + 31), minute)
    };
    LagView { minutes: if place == 0 { vec![] } else { (1..=15).rev().map(minute).collect() } }
}

fn events(name: &str) -> Vec<Event> {
    let text = "DB cluster created".to_string();
    vec![Event { at: ago(3000), severity: Severity::Info, region: Some(name.into()), text }]
}

fn replication(name: &str, names: &[String]) -> ReplicationView {
    let series = || (1..=15).rev().map(|back| (ago(60 * back + 31), 780.0 + 60.0 * ((back * 3) % 4) as f64)).collect();
    ReplicationView { to: names.iter().filter(|peer| *peer != name).map(|peer| (peer.clone(), series())).collect() }
}

/// The writer's Region does not answer.
pub fn writer_lost(snapshot: &mut Snapshot) {
    super::fixtures::lost(snapshot, 0, 130);
    failing(&mut snapshot.proof, 125);
    if let Some(proof) = &mut snapshot.proof.value {
        proof.sent = ago(131);
    }
}

fn each(snapshot: &mut Snapshot, change: impl Fn(&mut GlobalView)) {
    snapshot.regions.iter_mut().filter_map(|view| view.global.value.as_mut()).for_each(change);
}

/// The second Region is being promoted.
pub fn failing_over(snapshot: &mut Snapshot) {
    writer_lost(snapshot);
    each(snapshot, |global| {
        global.status = "failing-over".into();
        global.role_change = Some(RoleChange {
            status: "failing-over".into(),
            from: Some("us-east-1".into()),
            to: Some("eu-west-1".into()),
            data_loss_allowed: true,
        });
    });
    snapshot.regions[1].cluster.value.as_mut().unwrap().status = "failing-over".into();
}

/// The second Region writes, the first is rebuilt and its lost writes are kept for a while.
pub fn redundancy_lost(snapshot: &mut Snapshot) {
    each(snapshot, |global| {
        for member in &mut global.members {
            member.writer = member.region == "eu-west-1";
            member.synchronization = (!member.writer).then(|| "pending-resync".into());
            member.forwarding = (!member.writer).then(|| "enabled".into());
        }
    });
    let (first, second) = snapshot.regions.split_at_mut(1);
    first[0].lag.value = Some(LagView::default());
    first[0].cluster.value.as_mut().unwrap().instances[0].writer = false;
    second[0].cluster.value.as_mut().unwrap().instances[0].writer = true;
    first[0].cluster.value.as_mut().unwrap().kept_writes = vec![KeptWrites {
        id: "rds:unplanned-global-failover-shop-db-us-east-1-2026-03-14-02-01".into(),
        arn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:rds:unplanned-global-failover".into(),
        status: "available".into(),
        created: Some(ago(600)),
        copy: None,
    }];
    second[0].lag.value = Some(LagView::default());
    let proof = snapshot.proof.value.as_mut().unwrap();
    (proof.region, proof.epoch) = ("eu-west-1".into(), 4);
}

/// Sessions of the first Region are held up.
pub fn held(snapshot: &mut Snapshot) {
    let arrivals = snapshot.regions[1].arrivals.value.as_mut().unwrap();
    arrivals.insert("us-east-1".into(), Arrival { sent: ago(95), took: None });
    let series = snapshot.regions[0].replication.value.as_mut().unwrap();
    series.to.values_mut().for_each(Vec::clear);
}

/// The lag's metric stands still.
pub fn frozen(snapshot: &mut Snapshot) {
    for (_, minute) in &mut snapshot.regions[1].lag.value.as_mut().unwrap().minutes {
        *minute = LagMinute { replication_ms: Some(84.0), rpo_ms: Some(96.0), progress_ms: Some(80.0) };
    }
}

/// A stack without a database and without sessions.
pub fn none(snapshot: &mut Snapshot) {
    let absent = || CallError::new(ErrorClass::NotFound, "Global cluster shop-db not found");
    fn gone<T>(seen: &mut Observed<T>, why: CallError) {
        seen.value = None;
        seen.failed(why, now());
    }
    for view in &mut snapshot.regions {
        gone(&mut view.global, absent());
        gone(&mut view.cluster, absent());
        gone(&mut view.lag, absent());
        gone(&mut view.database_events, absent());
        gone(&mut view.table, absent());
        gone(&mut view.replication, absent());
        view.arrivals.value = None;
        view.canary.value = None;
    }
    gone(&mut snapshot.proof, absent());
}

/// The planner's own plan for what is seen.
pub fn plan(snapshot: &Snapshot, kind: Kind, region: &str) -> Plan {
    let stack = crate::config::simulated();
    let scene =
        operate::Scene { stack: &stack, snapshot, now: now(), open: None, held: &[], revisions: None, control: None };
    operate::plan(scene, &Wish { kind, region: region.into(), tasks: None }).unwrap()
}
