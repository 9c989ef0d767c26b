//! The DNS tree on the screens of tests, as a stack of ours has it.

use crate::model::records::{Alias, RecordSet, Routing, Tree};
use crate::model::snapshot::{CheckView, Records, RegionChecks};
use std::collections::BTreeMap;

pub fn records(tree: &Tree, names: &[&str]) -> Records {
    let mut sets = vec![];
    for name in names {
        sets.push(set(&tree.policy, name, Routing::Latency((*name).into()), &tree.dial(name), None));
        let own = set(&tree.dial(name), name, Routing::Weighted(100), &balancer(name), Some(format!("health-{name}")));
        sets.push(own);
        sets.push(set(&tree.dial(name), &format!("rest-{name}"), Routing::Weighted(0), &tree.rest(name), None));
        for peer in names.iter().filter(|peer| *peer != name) {
            let health = Some(format!("health-{peer}"));
            sets.push(set(&tree.rest(name), peer, Routing::Latency((*peer).into()), &balancer(peer), health));
        }
        let origin = set(&tree.origin(name), "", Routing::Simple, &balancer(name), None);
        sets.push(RecordSet { set_identifier: None, ..origin });
    }
    let dials = names.iter().map(|name| ((*name).to_string(), 100)).collect();
    Records { zone_id: "Z0123456789ABC".into(), sets, dials, straight: BTreeMap::new() }
}

fn balancer(name: &str) -> String {
    format!("shop-web-1234567890.{name}.elb.amazonaws.com")
}

fn set(name: &str, id: &str, routing: Routing, to: &str, health_check: Option<String>) -> RecordSet {
    RecordSet {
        name: name.into(),
        kind: "A".into(),
        set_identifier: Some(id.into()),
        routing,
        alias: Some(Alias { dns_name: to.into(), zone_id: "Z35SXDOTRQ7X7K".into(), evaluate_target_health: true }),
        ttl_s: None,
        values: vec![],
        health_check,
    }
}

pub fn checks(names: &[&str]) -> BTreeMap<String, RegionChecks> {
    let check = |id: String, observers| CheckView {
        id,
        observers,
        healthy: true,
        last_report: Some("Success: HTTP Status Code 200, OK".into()),
    };
    let of = |name: &&str| {
        let switches = names.iter().filter(|peer| *peer != name);
        let checks = RegionChecks {
            health: Some(CheckView { last_report: None, ..check(format!("health-{name}"), None) }),
            endpoint: Some(check(format!("endpoint-{name}"), Some((16, 16)))),
            switches: switches
                .map(|peer| ((*peer).to_string(), check(format!("switch-{name}-{peer}"), Some((16, 16)))))
                .collect(),
        };
        ((*name).to_string(), checks)
    };
    names.iter().map(of).collect()
}
