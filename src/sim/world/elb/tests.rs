use super::backend::Backend;
use super::load_balancer::{Wanted, create};
use super::measure::{self, Sample};
use super::target_group::{Check, Settings};
use super::*;
use crate::moment::Moment;
use crate::world::TICK;
use crate::world::ecs::TaskAnswer;
use std::time::Duration;

const REGION: &str = "us-east-1";

/// Tasks that answer as their state here says.
struct Tasks {
    status: u16,
    latency_ms: f64,
    listening: bool,
    overload: f64,
    /// Addresses whose last octet is below this are fine whatever the rest says.
    fine_below: u8,
    zone_down: Option<&'static str>,
}

const WELL: Tasks =
    Tasks { status: 200, latency_ms: 20.0, listening: true, overload: 0.0, fine_below: 0, zone_down: None };

impl Backend for Tasks {
    fn reaches(&self, _: &World, _: &str, zone: Option<&str>) -> bool {
        zone.is_none() || zone != self.zone_down
    }

    fn ask(&self, _: &World, _: &str, ip: Ipv4Addr, _: u16, _: &str) -> Option<TaskAnswer> {
        if ip.octets()[3] < self.fine_below {
            return Some(TaskAnswer { status: 200, latency_ms: 20.0 });
        }
        self.listening.then_some(TaskAnswer { status: self.status, latency_ms: self.latency_ms })
    }

    fn load(&self, _: &mut World, _: &str, _: Ipv4Addr, _: u64) -> (f64, f64) {
        (self.overload, self.latency_ms)
    }
}

fn run(world: &mut World, tasks: &Tasks, seconds: u64) {
    for _ in 0..seconds {
        world.now = world.now + TICK;
        load_balancer::activate(world);
        health::tick(world, tasks);
        measure::tick(world);
    }
}

fn group(name: &str) -> TargetGroup {
    let settings = Settings {
        scheme: Scheme::Http,
        protocol_version: "HTTP1".into(),
        port: 8080,
        vpc: "vpc-1".into(),
        target_type: "ip".into(),
    };
    let check = Check { interval_s: 10, timeout_s: 5, ..Check::new(Scheme::Http) };
    TargetGroup::new(REGION, name, settings, check, BTreeMap::new())
}

fn wanted(name: &str) -> Wanted {
    Wanted {
        name: name.into(),
        internal: false,
        subnets: vec!["subnet-0a".into(), "subnet-0b".into()],
        security_groups: vec![],
        ip_address_type: "ipv4".into(),
        tags: BTreeMap::new(),
    }
}

fn forward(to: &[(&str, u32)]) -> Vec<Action> {
    let to = to.iter().map(|(arn, weight)| (arn.to_string(), *weight)).collect();
    vec![Action { order: None, act: Act::Forward { to, sticky_s: None } }]
}

/// An active load balancer `shop` with port 80 forwarding to `web`, which has `count` targets
/// 10.0.0.1.. by turns in the two zones. Gives the group's ARN and the node's address in zone a.
fn shop(count: u8) -> (World, String, Ipv4Addr) {
    let mut world = World::empty(7);
    let web = group("web");
    let arn = web.arn.clone();
    world.elb_in(REGION).target_groups.insert("web".into(), web);
    let found = create(&mut world, REGION, wanted("shop")).expect("addresses");
    let (owner, node) = (found.clone(), found.zones[0].address);
    let now = world.now;
    let elb = world.elb_in(REGION);
    let listener = Listener::new(&owner, 80, Scheme::Http, forward(&[(&arn, 1)]));
    elb.load_balancers.get_mut("shop").expect("it").listeners.insert(80, listener);
    elb.rewire(now);
    run(&mut world, &WELL, 181);
    for n in 1..=count {
        let zone = if n % 2 == 1 { "us-east-1a" } else { "us-east-1b" };
        register(&mut world, REGION, &arn, Ipv4Addr::new(10, 0, 0, n), 8080, zone);
    }
    (world, arn, node)
}

fn get(path: &str) -> HttpAsk {
    HttpAsk { method: "GET".into(), scheme: Scheme::Http, host: "app".into(), path: path.into(), port: 80 }
}

fn state(world: &World, arn: &str, n: u8) -> TargetState {
    target_state(world, REGION, arn, Ipv4Addr::new(10, 0, 0, n), 8080)
}

fn dns(world: &World) -> String {
    world.elb[REGION].load_balancers["shop"].dns_name.clone()
}

#[test]
fn a_target_passes_through_its_states() {
    let (mut world, arn, _) = shop(1);
    assert_eq!(state(&world, &arn, 1), TargetState::Initial);
    run(&mut world, &WELL, 12);
    assert_eq!(state(&world, &arn, 1), TargetState::Healthy, "one pass is enough");
    let ill = Tasks { status: 500, ..WELL };
    run(&mut world, &ill, 9);
    assert_eq!(state(&world, &arn, 1), TargetState::Healthy, "one failure is not");
    run(&mut world, &ill, 11);
    assert_eq!(state(&world, &arn, 1), TargetState::Unhealthy);
    let words = {
        let group = world.elb[REGION].group(&arn).expect("it");
        group.health_of(&group.targets[0])
    };
    assert_eq!(words.2.as_deref(), Some("Health checks failed with these codes: [500]"));
    run(&mut world, &WELL, 39);
    assert_eq!(state(&world, &arn, 1), TargetState::Unhealthy, "five passes are needed");
    run(&mut world, &WELL, 11);
    assert_eq!(state(&world, &arn, 1), TargetState::Healthy);
    deregister(&mut world, REGION, &arn, Ipv4Addr::new(10, 0, 0, 1), 8080);
    assert_eq!(state(&world, &arn, 1), TargetState::Draining);
    run(&mut world, &WELL, 299);
    assert_eq!(state(&world, &arn, 1), TargetState::Draining);
    run(&mut world, &WELL, 1);
    assert_eq!(state(&world, &arn, 1), TargetState::Gone);
    let kinds: Vec<&str> = world.truth.events().iter().map(|event| event.kind).collect();
    let story = ["lb.active", "target.healthy", "target.unhealthy", "target.healthy", "target.draining", "target.gone"];
    assert_eq!(kinds, story);
}

#[test]
fn a_slow_target_times_out_and_a_deaf_one_fails() {
    for (tasks, reason) in [
        (Tasks { latency_ms: 5001.0, ..WELL }, "Target.Timeout"),
        (Tasks { listening: false, ..WELL }, "Target.FailedHealthChecks"),
    ] {
        let (mut world, arn, _) = shop(1);
        run(&mut world, &tasks, 30);
        let group = world.elb[REGION].group(&arn).expect("it");
        assert_eq!(group.health_of(&group.targets[0]).1, Some(reason));
    }
}

#[test]
fn checks_of_many_targets_are_spread_over_the_interval() {
    let (world, arn, _) = shop(100);
    let group = world.elb[REGION].group(&arn).expect("it");
    let mut moments: Vec<Moment> = group.targets.iter().map(|target| target.next_check).collect();
    moments.sort();
    moments.dedup();
    assert_eq!(moments.len(), 10, "every second of the interval has some");
}

#[test]
fn targets_of_a_zone_without_a_subnet_or_a_group_without_a_listener_are_unused() {
    let (mut world, arn, _) = shop(1);
    register(&mut world, REGION, &arn, Ipv4Addr::new(10, 0, 0, 9), 8080, "us-east-1c");
    run(&mut world, &WELL, 30);
    assert_eq!((state(&world, &arn, 1), state(&world, &arn, 9)), (TargetState::Healthy, TargetState::Unused));
    let now = world.now;
    load_balancer::delete(world.elb_in(REGION), "shop", now);
    assert_eq!(state(&world, &arn, 1), TargetState::Unused);
}

#[test]
fn requests_are_spread_evenly_over_the_healthy() {
    let (mut world, arn, node) = shop(4);
    run(&mut world, &WELL, 15);
    let served = serve::serve(&mut world, &WELL, node, &get("/"), 10).expect("it listens");
    assert_eq!((served.ok, served.target_5xx, served.elb_5xx), (10, 0, 0));
    assert_eq!(world.elb[REGION].group(&arn).expect("it").turn % 4, 2, "the next turn is the third's");
    assert!((served.latency_ms - 20.0).abs() < 1e-9);
    let half = Tasks { overload: 0.5, ..WELL };
    let served = serve::serve(&mut world, &half, node, &get("/"), 10_000).expect("it listens");
    assert_eq!(served.ok + served.target_5xx, 10_000);
    assert!((4_000..6_000).contains(&served.target_5xx));
}

#[test]
fn it_fails_open_only_when_nobody_is_healthy() {
    let (mut world, arn, node) = shop(4);
    run(&mut world, &WELL, 15);
    let one_well = Tasks { status: 500, fine_below: 2, ..WELL };
    run(&mut world, &one_well, 30);
    let served = serve::serve(&mut world, &one_well, node, &get("/"), 100).expect("it listens");
    assert_eq!((served.ok, served.target_5xx), (100, 0), "only the healthy one is asked");
    let ill = Tasks { status: 500, ..WELL };
    run(&mut world, &ill, 30);
    let served = serve::serve(&mut world, &one_well, node, &get("/"), 100).expect("it listens");
    assert_eq!((served.ok, served.target_5xx), (25, 75), "everybody is asked");
    assert_eq!(alias_healthy(&world, &dns(&world)), Some(false));
    for n in 1..=4 {
        deregister(&mut world, REGION, &arn, Ipv4Addr::new(10, 0, 0, n), 8080);
    }
    let served = serve::serve(&mut world, &WELL, node, &get("/"), 5).expect("it listens");
    assert_eq!((served.ok, served.elb_5xx), (0, 5), "nobody is registered: 503");
    assert_eq!(serve::ask(&world, &WELL, node, &get("/")).map(|answer| answer.status), Some(503));
}

#[test]
fn what_does_not_answer_is_a_502() {
    let (mut world, _, node) = shop(2);
    run(&mut world, &WELL, 15);
    let deaf = Tasks { listening: false, ..WELL };
    assert_eq!(serve::ask(&world, &deaf, node, &get("/")).map(|answer| answer.status), Some(502));
    let slow = Tasks { latency_ms: 60_001.0, ..WELL };
    assert_eq!(serve::ask(&world, &slow, node, &get("/")).map(|answer| answer.status), Some(504));
    let answer = serve::ask(&world, &WELL, node, &get("/")).expect("it listens");
    assert!(answer.status == 200 && answer.target.is_some());
    assert!(serve::ask(&world, &WELL, node, &HttpAsk { port: 81, ..get("/") }).is_none());
    assert!(serve::ask(&world, &WELL, Ipv4Addr::new(203, 0, 113, 77), &get("/")).is_none());
    let served = serve::serve(&mut world, &deaf, node, &get("/"), 3).expect("it listens");
    assert_eq!(served.elb_5xx, 3);
}

#[test]
fn a_zone_that_is_down_costs_requests_until_checks_have_seen_it() {
    let (mut world, arn, node) = shop(4);
    run(&mut world, &WELL, 15);
    let down = Tasks { zone_down: Some("us-east-1b"), ..WELL };
    let served = serve::serve(&mut world, &down, node, &get("/"), 100).expect("it listens");
    assert_eq!((served.ok, served.elb_5xx), (50, 50), "504 for half of them");
    assert!(served.latency_ms > 5_000.0);
    run(&mut world, &down, 14);
    assert_eq!(state(&world, &arn, 2), TargetState::Healthy, "two checks and a timeout take longer");
    run(&mut world, &down, 12);
    assert_eq!(state(&world, &arn, 2), TargetState::Unhealthy);
    let served = serve::serve(&mut world, &down, node, &get("/"), 100).expect("it listens");
    assert_eq!((served.ok, served.elb_5xx), (100, 0));
    assert_eq!(addresses(&world, &dns(&world)), [node]);
}

#[test]
fn the_first_rule_that_fits_wins() {
    let (mut world, arn, node) = shop(1);
    let fixed = |body: &str| {
        let act = Act::Fixed { status: 200, content_type: None, body: Some(body.into()) };
        vec![Action { order: None, act }]
    };
    let listener = world.elb_in(REGION).load_balancers.get_mut("shop").and_then(|lb| lb.listeners.get_mut(&80));
    let listener = listener.expect("it");
    for (priority, pattern, body) in [(100, "/s*", "late"), (9, "/switch/*", "EVACUATE")] {
        let conditions = vec![condition::Condition::Path(vec![pattern.into()])];
        let rule =
            Rule { arn: listener.arn_of_rule(priority), conditions, actions: fixed(body), tags: BTreeMap::new() };
        listener.rules.insert(priority, rule);
    }
    let body = |path: &str| serve::ask(&world, &WELL, node, &get(path)).expect("it listens").body;
    assert_eq!(body("/switch/eu-west-1?x=1"), "EVACUATE");
    assert_eq!(body("/s"), "late");
    let served = serve::serve(&mut world, &WELL, node, &get("/s"), 7).expect("it listens");
    assert_eq!(served.ok, 7);
    let group = world.elb[REGION].group(&arn).expect("it");
    assert_eq!(group.minute.iter().map(|minute| minute.requests).sum::<u64>(), 0);
}

#[test]
fn weights_split_requests() {
    let (mut world, arn, node) = shop(1);
    let other = group("canary");
    let canary = other.arn.clone();
    let now = world.now;
    let elb = world.elb_in(REGION);
    elb.target_groups.insert("canary".into(), other);
    if let Some(listener) = elb.load_balancers.get_mut("shop").and_then(|lb| lb.listeners.get_mut(&80)) {
        listener.default = forward(&[(&arn, 9), (&canary, 1)]);
    }
    elb.rewire(now);
    run(&mut world, &WELL, 15);
    let served = serve::serve(&mut world, &WELL, node, &get("/"), 10_000).expect("it listens");
    assert_eq!(served.ok + served.elb_5xx, 10_000);
    assert!((800..1200).contains(&served.elb_5xx), "the empty canary answers 503: {}", served.elb_5xx);
    assert_eq!(alias_healthy(&world, &dns(&world)), Some(false), "an empty group makes it all unhealthy");
}

#[test]
fn names_addresses_and_nodes() {
    let (mut world, arn, node) = shop(2);
    assert_eq!(node, Ipv4Addr::new(203, 0, 113, 1));
    let found = node_at(&world, node).expect("a node");
    assert_eq!((found.load_balancer.as_str(), found.zone.as_str()), ("shop", "us-east-1a"));
    run(&mut world, &WELL, 15);
    let name = dns(&world);
    let both = vec![node, Ipv4Addr::new(203, 0, 113, 2)];
    assert_eq!(addresses(&world, &format!("dualstack.{}.", name.to_uppercase().replace("DUALSTACK.", ""))), both);
    let a_only = Tasks { status: 500, fine_below: 2, ..WELL };
    run(&mut world, &a_only, 30);
    assert_eq!(addresses(&world, &name), [node], "only zone a has a healthy target");
    assert_eq!(alias_healthy(&world, &name), Some(true));
    assert_eq!(alias_healthy(&world, "nobody-1.us-east-1.elb.amazonaws.com"), None);
    run(&mut world, &Tasks { status: 500, ..WELL }, 30);
    assert_eq!(addresses(&world, &name), both, "nobody is healthy: all of them");
    assert_eq!(state(&world, &arn, 1), TargetState::Unhealthy);
    let now = world.now;
    load_balancer::delete(world.elb_in(REGION), "shop", now);
    assert!(node_at(&world, node).is_none());
    create(&mut world, "eu-west-1", wanted("next")).expect("addresses");
    assert!(node_at(&world, node).is_none(), "an address is not given out again at once");
    assert_eq!(node_at(&world, Ipv4Addr::new(203, 0, 113, 3)).map(|node| node.region).as_deref(), Some("eu-west-1"));
}

fn value(samples: &[Sample], name: &str, dimensions: &[&str]) -> Option<(f64, u64)> {
    let mut found = samples.iter().filter(|sample| {
        sample.name == name && sample.dimensions.iter().map(|(key, _)| *key).collect::<Vec<_>>() == dimensions
    });
    let first = found.next()?;
    Some((first.value, first.times + found.map(|sample| sample.times).sum::<u64>()))
}

#[test]
fn a_minute_is_counted_as_aws_counts() {
    let (mut world, _, node) = shop(2);
    run(&mut world, &WELL, 15);
    let _ = measured(&mut world);
    serve::serve(&mut world, &WELL, node, &get("/"), 60).expect("it listens");
    serve::serve(&mut world, &Tasks { status: 503, ..WELL }, node, &get("/"), 8).expect("it listens");
    serve::serve(&mut world, &Tasks { listening: false, ..WELL }, node, &get("/"), 4).expect("it listens");
    let samples = measured(&mut world);
    let (whole, group) = (["LoadBalancer"], ["LoadBalancer", "TargetGroup"]);
    assert_eq!(value(&samples, "RequestCount", &whole), Some((1.0, 72)));
    assert_eq!(value(&samples, "RequestCount", &group), Some((1.0, 72)));
    assert_eq!(value(&samples, "HTTPCode_Target_2XX_Count", &whole), Some((1.0, 60)));
    assert_eq!(value(&samples, "HTTPCode_Target_5XX_Count", &group), Some((1.0, 8)));
    assert_eq!(value(&samples, "HTTPCode_Target_4XX_Count", &whole), Some((0.0, 1)), "zero is said");
    assert_eq!(value(&samples, "HTTPCode_ELB_5XX_Count", &whole), Some((1.0, 4)));
    assert_eq!(value(&samples, "HTTPCode_ELB_502_Count", &whole), Some((1.0, 4)));
    assert_eq!(value(&samples, "HTTPCode_ELB_503_Count", &whole), None, "zero is not said");
    assert_eq!(value(&samples, "HTTPCode_ELB_5XX_Count", &group), None);
    assert_eq!(value(&samples, "TargetResponseTime", &whole), Some((0.02, 68)));
    assert_eq!(value(&samples, "RequestCountPerTarget", &["TargetGroup"]), Some((36.0, 1)));
    let mut hosts = vec![];
    measure::hosts(&world.elb[REGION], &mut hosts);
    assert_eq!(value(&hosts, "HealthyHostCount", &group), Some((2.0, 1)));
    assert_eq!(value(&hosts, "UnHealthyHostCount", &group), Some((0.0, 1)));
    assert_eq!(value(&hosts, "HealthyHostCount", &["LoadBalancer", "TargetGroup", "AvailabilityZone"]), Some((1.0, 2)));
    assert_eq!(hosts[0].dimensions[0].1, world.elb[REGION].load_balancers["shop"].dimension());
}

fn measured(world: &mut World) -> Vec<Sample> {
    let mut samples = vec![];
    measure::requests(world.elb_in(REGION), &mut samples);
    samples
}

#[test]
fn a_rejected_request_is_no_request() {
    let (mut world, _, node) = shop(0);
    run(&mut world, &WELL, 5);
    serve::serve(&mut world, &WELL, node, &get("/"), 9).expect("it listens");
    let samples = measured(&mut world);
    assert_eq!(value(&samples, "RequestCount", &["LoadBalancer"]), None);
    assert_eq!(value(&samples, "HTTPCode_ELB_503_Count", &["LoadBalancer"]), Some((1.0, 9)));
}

#[test]
fn redirects_are_filled_in() {
    let (mut world, _, node) = shop(0);
    let listener = world.elb_in(REGION).load_balancers.get_mut("shop").and_then(|lb| lb.listeners.get_mut(&80));
    let text = |text: &str| text.to_string();
    let act = Act::Redirect {
        status: 301,
        protocol: text("HTTPS"),
        host: text("#{host}"),
        port: text("443"),
        path: text("/#{path}"),
        query: text("#{query}"),
    };
    listener.expect("it").default = vec![Action { order: None, act }];
    let answer = serve::ask(&world, &WELL, node, &get("/a/b?c=d")).expect("it listens");
    assert_eq!(answer.status, 301);
    assert!(answer.headers.contains(&("Location".into(), "https://app:443/a/b?c=d".into())));
}

#[test]
fn worlds_with_one_seed_agree() {
    let story = || {
        let (mut world, _, node) = shop(20);
        for second in 0..120 {
            let tasks =
                Tasks { status: if second % 50 > 30 { 500 } else { 200 }, fine_below: 9, overload: 0.1, ..WELL };
            run(&mut world, &tasks, 1);
            serve::serve(&mut world, &tasks, node, &get("/"), 137);
        }
        world.now = world.now + Duration::from_secs(1);
        (world.truth.digest(), measured(&mut world))
    };
    assert_eq!(story(), story());
}

#[test]
fn zones_that_stay_keep_their_address_and_their_targets() {
    let (mut world, arn, node) = shop(2);
    run(&mut world, &WELL, 12);
    assert_eq!((state(&world, &arn, 1), state(&world, &arn, 2)), (TargetState::Healthy, TargetState::Healthy));
    let to = |world: &mut World, subnets: [&str; 2]| zones::set(world, REGION, "shop", &subnets.map(String::from));
    to(&mut world, ["subnet-0c", "subnet-0a"]).expect("addresses");
    assert_eq!((state(&world, &arn, 1), state(&world, &arn, 2)), (TargetState::Healthy, TargetState::Unused));
    let zones = world.elb[REGION].load_balancers["shop"].zones.clone();
    assert_eq!(zones.iter().map(|zone| zone.subnet.as_str()).collect::<Vec<_>>(), ["subnet-0a", "subnet-0c"]);
    assert_eq!(zones[0].address, node);
    assert_eq!(node_at(&world, zones[1].address).map(|node| node.zone).as_deref(), Some("us-east-1c"));
    to(&mut world, ["subnet-0a", "subnet-0b"]).expect("addresses");
    assert_eq!((state(&world, &arn, 1), state(&world, &arn, 2)), (TargetState::Healthy, TargetState::Initial));
    run(&mut world, &WELL, 60);
    assert_eq!(state(&world, &arn, 2), TargetState::Healthy);
}
