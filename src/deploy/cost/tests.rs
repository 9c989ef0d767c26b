use super::*;
use crate::deploy::parts::sample::spec;
use crate::deploy::stack;
use crate::model::spec::{Autoscaling, Certificate, Nat, Network};

fn told(spec: &Spec) -> Estimate {
    estimate(spec, &stack::graph(spec).unwrap())
}

fn of<'a>(estimate: &'a Estimate, node: &str) -> Vec<&'a Item> {
    estimate.items.iter().filter(|item| item.node == node).collect()
}

fn monthly(estimate: &Estimate, node: &str) -> f64 {
    of(estimate, node).iter().map(|item| item.monthly).sum()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

#[test]
fn every_item_is_a_node_of_the_graph_and_the_sum_is_theirs() {
    let spec = spec(&["us-east-1", "eu-west-1"]);
    let graph = stack::graph(&spec).unwrap();
    let estimate = estimate(&spec, &graph);
    assert!(estimate.items.iter().all(|item| graph.node(&item.node).is_some_and(|node| node.region == item.region)));
    assert!(estimate.items.iter().all(|item| item.monthly > 0.0), "{:#?}", estimate.items);
    assert!(near(estimate.total(), estimate.items.iter().map(|item| item.monthly).sum()));
    assert!(near(estimate.an_hour() * 730.0, estimate.total()));
    assert_eq!((estimate.unknown.len(), estimate.borrowed.len()), (0, 0));
}

#[test]
fn tasks_and_instances_are_counted_by_their_hours() {
    let estimate = told(&spec(&["us-east-1", "eu-west-1"]));
    let tasks = of(&estimate, "us-east-1/service")[0];
    assert_eq!(tasks.what, "3 tasks of 1 vCPU and 2 GB");
    assert!(near(tasks.monthly, 3.0 * (0.04048 + 2.0 * 0.004445) * 730.0));
    assert!(near(monthly(&estimate, "us-east-1/db-1"), 0.26 * 730.0));
    assert!(near(monthly(&estimate, "eu-west-1/db-1"), 0.287 * 730.0));
    assert!(of(&estimate, "us-east-1/db").is_empty() && of(&estimate, "us-east-1/db-parameters").is_empty());
}

#[test]
fn watchers_cost_a_small_task_each_and_a_guard_nothing() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    let bare = told(&spec);
    spec.watch.guard_image = Some("tandem:1".into());
    assert!(near(told(&spec).total(), bare.total()), "it is part of its task");
    spec.watch.image = Some("tandem:1".into());
    let estimate = told(&spec);
    let watcher = of(&estimate, "us-east-1/watch-service");
    assert_eq!(watcher[0].what, "a watcher of 0.25 vCPU and 0.5 GB");
    let each = (0.25 * 0.04048 + 0.5 * 0.004445 + 0.005) * 730.0 + 0.1 + 0.3;
    assert!(near(monthly(&estimate, "us-east-1/watch-service") + monthly(&estimate, "us-east-1/watch-alarm"), each));
    // those of us-east-2 are counted as in us-east-1, and eu-west-1's tasks cost the same
    assert!((estimate.total() - bare.total() - 3.0 * each).abs() < 1e-6, "{}", estimate.total() - bare.total());
    assert_eq!(estimate.borrowed, ["us-east-2"]);
}

#[test]
fn a_network_costs_by_the_ways_out_of_it() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    let key = 1.0;
    let mut with = |network: Network| {
        spec.regions[0].network = network;
        let estimate = told(&spec);
        (monthly(&estimate, "us-east-1/base") - key, monthly(&estimate, "us-east-1/alb"))
    };
    let made = |zones, nat| Network::Made { cidr: "10.0.0.0/16".into(), zones, nat };
    let alb = |zones: f64| (0.0225 + zones * 0.005) * 730.0;
    for (network, base, zones) in [
        (made(3, Nat::PerZone), 3.0 * 0.05 * 730.0, 3.0),
        (made(3, Nat::One), 0.05 * 730.0, 3.0),
        (made(2, Nat::None), 5.0 * 2.0 * 0.01 * 730.0, 2.0),
    ] {
        let (seen, balancer) = with(network);
        assert!(near(seen, base) && near(balancer, alb(zones)), "{seen} {balancer}");
    }
    let ids = |kind: &str| vec![format!("{kind}-0123456789abcdef0"), format!("{kind}-0123456789abcdef1")];
    let given = Network::Given {
        vpc: "vpc-0123456789abcdef0".into(),
        cidr: "10.9.0.0/16".into(),
        public: ids("subnet"),
        private: vec!["subnet-0123456789abcdef2".into(), "subnet-0123456789abcdef3".into()],
        route_tables: ids("rtb"),
    };
    let (seen, balancer) = with(given);
    assert!(near(seen, 0.0) && near(balancer, alb(2.0)), "{seen} {balancer}");
}

#[test]
fn a_health_check_costs_by_its_options() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    let check = |spec: &Spec, node: &str| monthly(&told(spec), node);
    assert!(near(check(&spec, "us-east-1/check-endpoint"), 1.5));
    assert!(near(check(&spec, "us-east-1/check-switch-eu-west-1"), 2.5));
    assert!(near(check(&spec, "us-east-1/health"), 0.5));
    // a switch is asked at the peer
    spec.regions[1].certificate = Some(Certificate::Made);
    assert!(near(check(&spec, "us-east-1/check-switch-eu-west-1"), 3.5));
    assert!(near(check(&spec, "us-east-1/check-endpoint"), 1.5));
    assert!(near(check(&spec, "eu-west-1/check-endpoint"), 2.5));
}

#[test]
fn what_has_no_price_and_whose_prices_are_borrowed_is_said() {
    let mut spec = spec(&["us-east-1", "ap-south-1"]);
    let counted = told(&spec).total();
    spec.database.class = "db.x2g.large".into();
    let estimate = told(&spec);
    assert_eq!(estimate.unknown, ["an instance of Aurora of class db.x2g.large"]);
    assert_eq!(estimate.borrowed, ["ap-south-1"]);
    assert!(near(counted - estimate.total(), 2.0 * 0.26 * 730.0));
}

#[test]
fn alarms_and_what_autoscaling_may_add_are_told() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    spec.app.autoscaling = Some(Autoscaling { min: 3, max: 12, cpu_percent: 60 });
    spec.alerts.topics.insert("us-east-1".into(), "arn:aws:sns:us-east-1:123456789012:ops".into());
    let estimate = told(&spec);
    assert!(near(monthly(&estimate, "us-east-1/alarms"), 0.2));
    assert!(near(monthly(&estimate, "dns/alarms"), 0.2));
    assert!(near(monthly(&estimate, "eu-west-1/scaling-policy"), 0.2));
    assert!(estimate.not_counted[0].contains("up to 9 more"), "{:?}", estimate.not_counted);
}

#[test]
fn dollars_are_read_in_thousands() {
    assert_eq!([0.4, 999.5, 1249.6, 1_234_567.0].map(super::dollars), ["0", "1,000", "1,250", "1,234,567"]);
}
