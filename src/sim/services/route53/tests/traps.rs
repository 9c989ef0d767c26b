//! The traps that Route 53 sets its operators, by what it does.

use super::*;
use crate::world::dns::check::Alarm;
use crate::world::metrics::{Series, Statistic};

#[test]
fn a_disabled_check_is_healthy_and_an_inverted_one_is_not() {
    let mut world = world();
    let zone = zone(&mut world);
    let checks = [endpoint(&mut world, "us", US), endpoint(&mut world, "eu", EU)];
    two_regions(&mut world, &zone, [Some(&checks[0]), Some(&checks[1])]);
    assert_eq!(app(&world, "london"), [EU]);
    update(&mut world, &checks[1], json!({"Disabled": "true"}));
    assert_eq!(app(&world, "london"), [EU], "disabling drains nothing");
    update(&mut world, &checks[1], json!({"Inverted": "true"}));
    assert_eq!(app(&world, "london"), [US], "a disabled check can be inverted");
    update(&mut world, &checks[1], json!({"Disabled": "false", "Inverted": "false"}));
    assert_eq!(app(&world, "london"), [EU]);
    answers(&mut world, &[(US, "*", 200, "fine")]);
    pass(&mut world, 60);
    assert_eq!(app(&world, "london"), [US], "it has failed");
    update(&mut world, &checks[1], json!({"Disabled": "true"}));
    assert_eq!(app(&world, "london"), [EU], "disabling a failed check brings its traffic back");
}

#[test]
fn an_endpoint_moves_traffic_while_the_control_plane_is_down() {
    let mut world = world();
    let zone = zone(&mut world);
    answers(&mut world, &[(US, "*", 200, "SERVE eu-west-1 4"), (EU, "*", 200, "SERVE us-east-1 4")]);
    let switch = json!({
        "Type": "HTTP_STR_MATCH", "IPAddress": US.to_string(), "ResourcePath": "/.tandem/switch/eu-west-1",
        "SearchString": "EVACUATE eu-west-1", "FailureThreshold": "1", "Inverted": "true",
    });
    let switch = check(&mut world, "switch", switch);
    let child = endpoint(&mut world, "eu", EU);
    let both = json!({
        "Type": "CALCULATED", "HealthThreshold": "2", "ChildHealthChecks": {"ChildHealthCheck": [switch, child]},
    });
    let both = call(&mut world, "CreateHealthCheck", json!({"CallerReference": "hc", "HealthCheckConfig": both}));
    let both = text(&both.expect("a calculated check"), "/HealthCheck/Id");
    two_regions(&mut world, &zone, [None, Some(&both)]);
    assert_eq!(app(&world, "london"), [EU]);
    world.dns.pretend.get_or_insert_default().down = true;
    answers(&mut world, &[(US, "*", 200, "EVACUATE eu-west-1 5"), (EU, "*", 200, "SERVE us-east-1 4")]);
    pass(&mut world, 11);
    assert_eq!(app(&world, "london"), [US]);
    assert_eq!(dns::check_status(&world, &both).map(|status| status.observers_ok), Some(1));
}

#[test]
fn draining_the_last_region_fails_open() {
    let mut world = world();
    let zone = zone(&mut world);
    let checks = [endpoint(&mut world, "us", US), endpoint(&mut world, "eu", EU)];
    two_regions(&mut world, &zone, [Some(&checks[0]), Some(&checks[1])]);
    answers(&mut world, &[]);
    pass(&mut world, 60);
    let answer = resolve(&world, "app.example.com", "london", 0.5);
    assert!(answer.last_resort);
    assert_eq!(ips(&answer), [EU], "the nearest, as if it were healthy");
    assert_eq!(world.truth.kinds().get("dns.last-resort"), Some(&1));
    pass(&mut world, 60);
    assert_eq!(world.truth.kinds().get("dns.last-resort"), Some(&1), "told once");
    answers(&mut world, &[(US, "*", 200, "fine")]);
    pass(&mut world, 60);
    let answer = resolve(&world, "app.example.com", "london", 0.5);
    assert!(!answer.last_resort);
    assert_eq!(ips(&answer), [US]);
}

#[test]
fn weight_0_is_not_off() {
    let mut world = world();
    let zone = zone(&mut world);
    let heavy = with(alb("dial.example.com", "us-east-1"), json!({"SetIdentifier": "alb", "Weight": "100"}));
    let rest = with(alb("dial.example.com", "eu-west-1"), json!({"SetIdentifier": "rest", "Weight": "0"}));
    create(&mut world, &zone, &[heavy.clone(), rest]);
    let at = |world: &World, roll| ips(&resolve(world, "dial.example.com", "london", roll));
    assert!((0..100).all(|i| at(&world, f64::from(i) / 100.0) == [US]));
    balancer(&mut world, US_ALB, false);
    pass(&mut world, 1);
    let answer = resolve(&world, "dial.example.com", "london", 0.3);
    assert_eq!((ips(&answer), answer.last_resort), (vec![EU], false), "the weight-0 record comes back");
    balancer(&mut world, US_ALB, true);
    batch(&mut world, &zone, &[("UPSERT", with(heavy, json!({"Weight": "0"})))]).expect("a drain");
    pass(&mut world, 61);
    assert_eq!((at(&world, 0.2), at(&world, 0.7)), (vec![US], vec![EU]), "all zero is an equal split");
}

#[test]
fn a_metric_check_follows_the_data_and_not_the_alarm() {
    let mut world = world();
    let alarm = Alarm {
        series: Series::new("Tandem", "Drain", &[("Region", "eu-west-1")]),
        statistic: Statistic::Maximum,
        period_s: 60,
        periods: 2,
        threshold: 1.0,
        comparison: "GreaterThanOrEqualToThreshold".into(),
    };
    world.dns.pretend.get_or_insert_default().alarm = Some(alarm);
    let config = |status: &str| {
        json!({
            "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-west-2", "Name": "drain"},
            "InsufficientDataHealthStatus": status,
        })
    };
    let last = check(&mut world, "last", config("LastKnownStatus"));
    let bad = check(&mut world, "bad", config("Unhealthy"));
    let state = |world: &World| [&last, &bad].map(|id| dns::check_status(world, id).is_some_and(|s| s.healthy));
    let show = |world: &mut World, points: &[f64]| {
        world.dns.pretend.get_or_insert_default().points = points.to_vec();
        pass(world, 10);
    };
    show(&mut world, &[]);
    assert_eq!(state(&world), [true, false], "no history is healthy unless told otherwise");
    show(&mut world, &[0.0, 0.0]);
    assert_eq!(state(&world), [true, true]);
    show(&mut world, &[0.0, 1.0]);
    assert_eq!(state(&world), [true, true], "two periods must breach");
    show(&mut world, &[1.0, 1.0]);
    assert_eq!(state(&world), [false, false]);
    show(&mut world, &[]);
    assert_eq!(state(&world), [false, false], "the last known status");
    let got = call(&mut world, "GetHealthCheck", json!({"HealthCheckId": last})).expect("it");
    assert_eq!(text(&got, "/HealthCheck/CloudWatchAlarmConfiguration/MetricName"), "Drain");
}

#[test]
fn a_new_check_is_healthy_until_there_is_data() {
    let mut world = world();
    answers(&mut world, &[]);
    let new = endpoint(&mut world, "new", US);
    let inverted = json!({"Type": "HTTP", "IPAddress": US.to_string(), "Inverted": "true"});
    let inverted = check(&mut world, "inverted", inverted);
    let state = |world: &World| [&new, &inverted].map(|id| dns::check_status(world, id).is_some_and(|s| s.healthy));
    pass(&mut world, 1);
    assert_eq!(state(&world), [true, false]);
    pass(&mut world, 40);
    assert_eq!(state(&world), [false, true]);
}

#[test]
fn a_pending_change_can_vanish() {
    let mut world = world();
    let zone = zone(&mut world);
    let submit = |world: &mut World| {
        let info = batch(world, &zone, &[("CREATE", plain("lost.example.com", US))]).expect("a change");
        assert_eq!(text(&info, "/ChangeInfo/Status"), "PENDING");
        text(&info, "/ChangeInfo/Id")
    };
    let lost = submit(&mut world);
    world.dns.pretend.get_or_insert_default().down = true;
    pass(&mut world, 300);
    world.dns.pretend.get_or_insert_default().down = false;
    pass(&mut world, 300);
    let refused = call(&mut world, "GetChange", json!({"Id": lost})).map_err(|refusal| (refusal.status, refusal.code));
    assert_eq!(refused, Err((404, "NoSuchChange")));
    assert!(ips(&resolve(&world, "lost.example.com", "london", 0.0)).is_empty());
    let again = submit(&mut world);
    pass(&mut world, 61);
    let info = call(&mut world, "GetChange", json!({"Id": again})).expect("known");
    assert_eq!(text(&info, "/ChangeInfo/Status"), "INSYNC");
    assert_eq!(ips(&resolve(&world, "lost.example.com", "london", 0.0)), [US]);
}
