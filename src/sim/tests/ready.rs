//! The ready stack stands, serves, and is the same for the same seed.

mod common;

use common::{call, failures, ready, run};
use serde_json::json;
use tandem_sim::Moment;
use tandem_sim::ready::{Member, Shape};

#[test]
fn everything_is_healthy() {
    let mut world = ready(1);
    assert_eq!(world.now, Moment::START);
    for region in ["us-east-1", "eu-west-1"] {
        let groups = call(&mut world, "elasticloadbalancing", "DescribeTargetGroups", region, json!({})).unwrap();
        let arn = groups.pointer("/TargetGroups/0/TargetGroupArn").unwrap();
        let ask = json!({"TargetGroupArn": arn});
        let health = call(&mut world, "elasticloadbalancing", "DescribeTargetHealth", region, ask).unwrap();
        let targets = health["TargetHealthDescriptions"].as_array().unwrap();
        assert!(targets.len() >= 3, "{health}");
        assert!(targets.iter().all(|target| target["TargetHealth"]["State"] == "healthy"), "{health}");
    }
    let checks = call(&mut world, "route53", "ListHealthChecks", "us-east-1", json!({})).unwrap();
    let checks = checks["HealthChecks"].as_array().unwrap();
    // two Regions: an endpoint, a switch at the peer and their sum, each
    assert_eq!(checks.len(), 6);
    for check in checks {
        let status = tandem_sim::world::dns::check_status(&world, check["Id"].as_str().unwrap()).unwrap();
        assert!(status.healthy, "{check}");
    }
    assert!(failures(&mut world, 600) < 0.001);
    let (all, failed) = world.truth.requests();
    assert!((failed as f64) < 0.001 * all as f64, "{failed} of {all}");
}

#[test]
fn everyone_goes_to_the_nearest_region() {
    let world = ready(2);
    for (place, region) in [("new-york", "us-east-1"), ("sao-paulo", "us-east-1"), ("london", "eu-west-1")] {
        assert!(common::share(&world, place, region) > 0.99, "{place}: {:?}", world.users.shares(&world));
    }
}

#[test]
fn an_hour_makes_a_million_requests() {
    let mut world = ready(3);
    let before = world.users.totals.requests().0;
    run(&mut world, 3600);
    let made = world.users.totals.requests().0 - before;
    assert!(made >= 1_000_000, "{made}");
}

#[test]
fn a_seed_is_a_world() {
    let digest = |seed| {
        let mut world = ready(seed);
        run(&mut world, 60);
        world.truth.digest()
    };
    let first = digest(4);
    assert_eq!(first, digest(4));
    assert_ne!(first, digest(5));
}

#[test]
fn one_leap_is_many_small_steps() {
    let (mut leap, mut steps) = (ready(6), ready(6));
    run(&mut leap, 900);
    while steps.now < leap.now {
        steps.advance(steps.now + std::time::Duration::from_millis(300));
    }
    assert_eq!(leap.now, steps.now);
    assert_eq!(leap.truth.digest(), steps.truth.digest());
}

#[test]
fn three_regions_stand_as_well_as_two() {
    let shape = Shape {
        regions: vec![
            Member::new("us-east-1", 4, 3, 12),
            Member::new("eu-west-1", 3, 2, 12),
            Member::new("ap-northeast-1", 2, 2, 6),
        ],
        ..Shape::default()
    };
    let mut world = tandem_sim::ready::world(7, &shape).unwrap_or_else(|error| panic!("{error}"));
    assert!(common::share(&world, "tokyo", "ap-northeast-1") > 0.99);
    assert!(failures(&mut world, 300) < 0.001);
}

#[test]
fn a_region_that_is_not_on_the_map_is_named() {
    let shape = Shape { regions: vec![Member::new("moon-1", 1, 1, 1)], ..Shape::default() };
    let error = tandem_sim::ready::world(1, &shape).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "moon-1 is no Region of this world");
}
