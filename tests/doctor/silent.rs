//! What is well, and what does not answer.

use crate::ward::{PEER, Ward, told};
use std::collections::BTreeMap;
use std::time::Duration;
use tandem::deploy::doctor;
use tandem::deploy::doctor::report::State;
use tandem_sim::services;

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_well_is_called_so_within_five_seconds_and_nothing_is_changed() {
    let (findings, spec, simulator, stage) = Ward::well().look().await;
    let took = stage.clock.now().duration_since(findings.now).unsigned_abs();
    assert!(took < Duration::from_secs(1), "the findings are as old as the last answer");
    let report = doctor::judge(&findings, &spec);
    assert_eq!((report.exit_code(), report.count(State::Advice)), (0, 1), "{}", told(&report));
    let calls = simulator.with(|world| {
        let began = world.calls.iter().map(|call| call.at).min();
        let mut calls: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for call in world.calls.iter() {
            let table = services::ALL.iter().find(|table| table.scope == call.service).unwrap();
            let operation = table.operations.iter().find(|one| one.name == call.operation).unwrap();
            assert!(operation.reads, "{} {} changes something", call.service, call.operation);
            *calls.entry((call.service, call.region)).or_default() += 1;
        }
        (calls, began.map(|began| world.now.since(began)))
    });
    let (calls, took) = (calls.0, calls.1.unwrap());
    println!("{} calls in {took:?}: {calls:?}", calls.values().sum::<u32>());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_hangs_is_no_ill_and_delays_only_its_own_lines() {
    for kind in ["F16", "F17"] {
        let mut ward = Ward::well();
        ward.fault(kind, |fault| fault.region = Some(PEER.into()));
        let began = ward.world.now;
        let (findings, spec, simulator, _stage) = ward.look().await;
        let report = doctor::judge(&findings, &spec);
        assert_eq!(report.ills(), Vec::<&str>::new(), "{}", told(&report));
        assert_eq!(report.exit_code(), 2);
        for line in report.lines.iter().filter(|line| line.state == State::Unknown && !line.region.is_empty()) {
            assert_eq!(line.region, PEER, "{}", told(&report));
        }
        let took = simulator.with(|world| world.now.since(began));
        assert!(took < Duration::from_secs(25), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_route_53s_api_the_rest_is_told() {
    let mut ward = Ward::well();
    ward.fault("F21", |_| {});
    let report = ward.report().await;
    assert_eq!((report.exit_code(), report.ills()), (2, vec![]), "{}", told(&report));
    let unknown: Vec<&str> =
        report.lines.iter().filter(|line| line.state == State::Unknown).map(|line| line.check).collect();
    for check in ["zone", "checks"] {
        assert!(unknown.contains(&check), "{unknown:?}");
    }
    assert!(!unknown.contains(&"parity"), "{unknown:?}");
}
