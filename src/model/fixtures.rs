//! A healthy stack, seen just now.

use crate::model::database::{ClusterView, GlobalView, InstanceView, LagMinute, LagView, MemberView, Proof};
use crate::model::observed::Observed;
use crate::model::place::Place;
use crate::model::records::{Alias, RecordSet, Routing};
use crate::model::sessions::{Arrival, ReplicaView, ReplicationView, TableView};
use crate::model::snapshot::*;
use crate::model::stack::Stack;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_767_621_600).unwrap()
}

pub(crate) fn stack() -> Stack {
    crate::config::simulated()
}

fn seen<T>(value: T) -> Observed<T> {
    let mut observed = Observed::never(Duration::from_secs(5));
    observed.seen(value, now());
    observed
}

pub(crate) fn snapshot() -> Snapshot {
    let stack = stack();
    Snapshot {
        stack: stack.name.clone(),
        environment: stack.environment.clone(),
        regions: stack.regions.iter().map(|name| region(&stack, name)).collect(),
        identity: seen(Identity {
            account: "123456789012".into(),
            arn: "arn:aws:iam::123456789012:user/x".into(),
            expires: None,
        }),
        records: seen(records(&stack, 100)),
        checks: seen(
            stack
                .regions
                .iter()
                .map(|name| {
                    let health = CheckView { id: name.clone(), observers: None, healthy: true, last_report: None };
                    (name.clone(), RegionChecks { health: Some(health), ..RegionChecks::default() })
                })
                .collect(),
        ),
        answers: seen(vec![answer("new-york", "us-east-1"), answer("london", "eu-west-1")]),
        proof: seen(Proof {
            region: stack.regions[0].clone(),
            epoch: 1,
            vantage: "console".into(),
            seq: 1,
            sent: now(),
            took: Some(Duration::from_millis(12)),
        }),
        events: vec![],
        lacks: Lacks::default(),
    }
}

fn arn(region: &str) -> String {
    format!("arn:aws:rds:{region}:123456789012:cluster:shop-db-{region}")
}

/// The global database with its writer in the first Region.
pub(crate) fn global(names: &[String]) -> GlobalView {
    let member = |(place, name): (usize, &String)| MemberView {
        region: name.clone(),
        cluster_arn: arn(name),
        writer: place == 0,
        forwarding: (place > 0).then(|| "enabled".into()),
        synchronization: (place > 0).then(|| "connected".into()),
    };
    GlobalView {
        id: "shop-db".into(),
        status: "available".into(),
        engine: Some("aurora-postgresql".into()),
        engine_version: Some("16.6".into()),
        endpoint: Some("shop-db.global-abcdef012345.global.rds.amazonaws.com".into()),
        role_change: None,
        members: names.iter().enumerate().map(member).collect(),
    }
}

/// The member of one Region; the first is the writer's.
pub(crate) fn cluster(place: usize, name: &str) -> ClusterView {
    let instance = |number: usize| InstanceView {
        id: format!("shop-db-{name}-{number}"),
        class: Some("db.r6g.large".into()),
        status: "available".into(),
        zone: Some(format!("{name}{}", ["a", "b"][number - 1])),
        writer: place == 0 && number == 1,
        engine_version: Some("16.6".into()),
    };
    ClusterView {
        id: format!("shop-db-{name}"),
        arn: arn(name),
        status: "available".into(),
        engine_version: Some("16.6".into()),
        writer_endpoint: Some(format!("shop-db-{name}.cluster-0123456789ab.{name}.rds.amazonaws.com")),
        reader_endpoint: Some(format!("shop-db-{name}.cluster-ro-0123456789ab.{name}.rds.amazonaws.com")),
        data_api: true,
        forwarding_requested: Some(true),
        local_forwarding: Some("enabled".into()),
        parameter_group: Some("shop-db".into()),
        retention_days: Some(7),
        instances: vec![instance(1), instance(2)],
        kept_writes: vec![],
    }
}

pub(crate) fn table(name: &str, names: &[String]) -> TableView {
    let replica = |peer: &String| ReplicaView { region: peer.clone(), status: "ACTIVE".into(), progress: None };
    TableView {
        name: "shop-sessions".into(),
        status: "ACTIVE".into(),
        consistency: Some("EVENTUAL".into()),
        replicas: names.iter().filter(|peer| *peer != name).map(replica).collect(),
        items: Some(528),
        billing: Some("PAY_PER_REQUEST".into()),
        deletion_protection: Some(true),
    }
}

pub(crate) fn answer(place: &str, region: &str) -> PlaceAnswer {
    PlaceAnswer {
        place: Place { name: place.into(), continent: "NA".into(), subnet: Ipv4Addr::new(198, 18, 0, 0) },
        addresses: vec![Ipv4Addr::new(203, 0, 113, 1)],
        region: Some(region.into()),
        visit: Visit::Answered { status: 200, took: Duration::from_millis(80) },
    }
}

pub(crate) fn records(stack: &Stack, dial: i64) -> Records {
    let set = |region: &str, identifier: String, weight| RecordSet {
        name: stack.tree().dial(region),
        kind: "A".into(),
        set_identifier: Some(identifier),
        routing: Routing::Weighted(weight),
        alias: Some(Alias { dns_name: "x".into(), zone_id: "Z1".into(), evaluate_target_health: true }),
        ttl_s: None,
        values: vec![],
        health_check: None,
    };
    let sets =
        stack.regions.iter().flat_map(|r| [set(r, r.clone(), dial), set(r, format!("rest-{r}"), 100 - dial)]).collect();
    let dials = stack.regions.iter().map(|r| (r.clone(), dial)).collect();
    Records { zone_id: "Z1".into(), sets, dials, straight: BTreeMap::new() }
}

fn region(stack: &Stack, name: &str) -> RegionView {
    let target = |i: u32| TargetView {
        id: format!("10.0.0.{i}"),
        port: Some(8080),
        zone: None,
        state: "healthy".into(),
        reason: None,
        description: None,
    };
    let switches: BTreeMap<String, SwitchView> = stack
        .peers(name)
        .map(|peer| {
            let switch = SwitchView {
                rule_arn: format!("arn:rule:{name}:{peer}"),
                position: SwitchPosition::Serve,
                epoch: 1,
                body: format!("SERVE {peer} 1"),
            };
            (peer.to_string(), switch)
        })
        .collect();
    let minute = TrafficMinute {
        requests: Some(9_000.0),
        target_5xx: None,
        elb_5xx: None,
        p99_ms: Some(80.0),
        cpu_percent: Some(35.0),
    };
    let arrival = Arrival { sent: now(), took: Some(Duration::from_millis(800)) };
    RegionView {
        name: name.into(),
        service: seen(ServiceView {
            cluster: stack.cluster(name),
            name: stack.service(name),
            arn: "arn".into(),
            status: "ACTIVE".into(),
            desired: 4,
            running: 4,
            pending: 0,
            task_definition: "shop-web:1".into(),
            deployments: vec![],
            events: vec![],
        }),
        tasks: seen(vec![]),
        scaling: seen(ScalingView { resource: stack.scaling_resource(name), min: 3, max: 12 }),
        balancer: seen(BalancerView {
            arn: "arn".into(),
            dns_name: "lb".into(),
            state: "active".into(),
            target_group_arn: "tg".into(),
            listener_arn: Some("l".into()),
            former_listener_arn: None,
            owner: Some(stack.name.clone()),
        }),
        targets: seen((0..4).map(target).collect()),
        switches: seen(switches),
        traffic: seen(TrafficView { minutes: vec![(now(), minute)] }),
        global: seen(global(&stack.regions)),
        cluster: seen(cluster(usize::from(name != stack.regions[0]), name)),
        lag: seen(LagView { minutes: lags(stack, name) }),
        database_events: seen(vec![]),
        table: seen(table(name, &stack.regions)),
        replication: seen(ReplicationView::default()),
        canary: seen(now()),
        arrivals: seen(stack.peers(name).map(|peer| (peer.to_string(), arrival)).collect()),
    }
}

/// A secondary's lag in the last minutes; the writer has none.
fn lags(stack: &Stack, name: &str) -> Vec<(Timestamp, LagMinute)> {
    let minute = |ago: i64| {
        let at = now() - jiff::SignedDuration::from_secs(60 * ago);
        let ms = 80.0 + ago as f64;
        (at, LagMinute { replication_ms: Some(ms), rpo_ms: Some(2.0 * ms), progress_ms: Some(ms) })
    };
    if name == stack.regions[0] { vec![] } else { (1..=6).rev().map(minute).collect() }
}
