//! Services behind a load balancer, with what it says of targets played by a function.

use super::scheduler::{Verdict, verdict};
use super::*;
use crate::moment::Moment;
use crate::world::ACCOUNT;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

const REGION: &str = "us-east-1";
const GROUP: &str = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef";

fn definition(tag: &str, revision: u32) -> Arc<TaskDefinition> {
    let container = Container {
        name: "app".into(),
        image: format!("shop/web:{tag}"),
        essential: true,
        ports: vec![8080],
        stop_timeout_s: 5,
        checked: false,
        waits_for: vec![],
        echo: serde_json::json!({}),
    };
    Arc::new(TaskDefinition {
        family: "web".into(),
        revision,
        cpu: 256,
        memory_mib: 512,
        containers: vec![container],
        given: Default::default(),
        fargate: true,
        tags: Tags::new(),
        registered_at: Moment::START,
        registered_by: ACCOUNT.into(),
        deregistered_at: None,
    })
}

/// A world with a service of `desired` tasks behind [`GROUP`].
fn stack(tag: &str, desired: u32, grace_s: u32) -> World {
    let mut world = World::empty(3);
    let network = Network { subnets: vec!["subnet-a".into(), "subnet-b".into()], ..Network::default() };
    let mut service = Service {
        name: "web".into(),
        cluster: "shop".into(),
        region: REGION.into(),
        status: ServiceStatus::Active,
        desired,
        deployments: vec![],
        completed: None,
        rules: Rules { breaker: true, rollback: true, ..Rules::default() },
        bindings: Arc::new(vec![Binding { target_group: GROUP.into(), container: "app".into(), port: 8080 }]),
        grace_s: Some(grace_s),
        events: VecDeque::new(),
        happened: 0,
        created_at: world.now,
        created_by: ACCOUNT.into(),
        tags: Tags::new(),
        managed_tags: true,
        propagate: Propagate::None,
        rebalancing: true,
        execute_command: false,
        given: Default::default(),
        tasks: BTreeSet::new(),
        watch: Default::default(),
    };
    service.deploy(Deployment::new(world.next_id(), definition(tag, 1), network, "1.4.0", world.now));
    let services = [("web".to_string(), service)].into();
    let cluster = Cluster { name: "shop".into(), active: true, services, tags: Tags::new(), given: Default::default() };
    world.ecs_in(REGION).clusters.insert("shop".into(), cluster);
    world
}

fn pass(world: &mut World, seconds: u64, targets: AskTarget) {
    for _ in 0..seconds {
        world.now = world.now + Duration::from_secs(1);
        tick_with(world, targets);
    }
}

fn service(world: &World) -> &Service {
    world.ecs[REGION].service("shop", "web").expect("the service")
}

fn events(world: &World) -> Vec<&str> {
    service(world).events.iter().map(|event| event.message.as_str()).collect()
}

fn healthy(_: &World, _: &str, _: &str, _: Ipv4Addr, _: u16) -> TargetState {
    TargetState::Healthy
}

fn initial(_: &World, _: &str, _: &str, _: Ipv4Addr, _: u16) -> TargetState {
    TargetState::Initial
}

fn unhealthy(_: &World, _: &str, _: &str, _: Ipv4Addr, _: u16) -> TargetState {
    TargetState::Unhealthy
}

fn draining(_: &World, _: &str, _: &str, _: Ipv4Addr, _: u16) -> TargetState {
    TargetState::Draining
}

/// What a load balancer's checks would find; the first address of all goes bad after ten minutes.
fn checked(world: &World, _: &str, _: &str, ip: Ipv4Addr, _: u16) -> TargetState {
    let bad = world.now.since(Moment::START).as_secs() > 600 && ip.octets()[3] == 4;
    if bad { TargetState::Unhealthy } else { TargetState::Healthy }
}

#[test]
fn only_healthy_is_trusted_and_grace_holds() {
    assert_eq!(verdict(TargetState::Healthy, 0, 0), Verdict::Ready);
    assert_eq!(verdict(TargetState::Unhealthy, 10, 60), Verdict::Wait);
    assert_eq!(verdict(TargetState::Unhealthy, 60, 60), Verdict::Unhealthy);
    for state in [TargetState::Initial, TargetState::Unused, TargetState::Gone, TargetState::Draining] {
        assert_eq!(verdict(state, 1000, 0), Verdict::Wait);
    }
}

#[test]
fn a_deployment_waits_for_its_targets() {
    let mut world = stack("1", 2, 0);
    pass(&mut world, 120, initial);
    let counts = service(&world).counts(&world.ecs[REGION].pool, None);
    assert_eq!(counts.running, 2);
    assert_eq!(service(&world).primary().map(|d| d.rollout), Some(Rollout::InProgress));
    assert!(
        events(&world).iter().any(|m| *m == format!("(service web) registered 1 targets in (target-group {GROUP})"))
    );
    pass(&mut world, 10, healthy);
    assert_eq!(service(&world).primary().map(|d| d.rollout), Some(Rollout::Completed));
    assert_eq!(events(&world)[0], "(service web) has reached a steady state.");
}

#[test]
fn a_task_that_goes_is_drained_before_it_stops() {
    let mut world = stack("1", 1, 0);
    pass(&mut world, 90, healthy);
    set_desired(&mut world, REGION, "shop", "web", 0);
    pass(&mut world, 60, draining);
    let pool = &world.ecs[REGION].pool;
    let task = pool.tasks.values().next().expect("the task");
    assert_eq!(task.phase, Phase::Deactivating);
    assert!(ask(&world, REGION, task.ip, 8080, "/").is_some(), "it answers what it has begun");
    let told = events(&world);
    assert!(told.contains(&"(service web) has begun draining connections on 1 tasks."), "{told:?}");
    assert!(told.iter().any(|m| m.starts_with("(service web) deregistered 1 targets in (target-group ")), "{told:?}");
    pass(&mut world, 60, healthy);
    let task = world.ecs[REGION].pool.tasks.values().next().expect("the task");
    assert_eq!(task.phase, Phase::Stopped);
    assert!(world.ecs[REGION].pool.listeners.is_empty());
}

#[test]
fn an_unhealthy_task_is_replaced_without_a_gap() {
    let mut world = stack("1", 2, 0);
    pass(&mut world, 590, checked);
    assert_eq!(service(&world).tasks.len(), 2);
    for _ in 0..200 {
        pass(&mut world, 1, checked);
        let pool = &world.ecs[REGION].pool;
        let well = service(&world).tasks.iter().filter_map(|number| pool.tasks.get(number));
        assert!(well.filter(|task| task.phase == Phase::Running && task.wanted()).count() >= 2);
    }
    let pool = &world.ecs[REGION].pool;
    let stopped = pool.tasks.values().find(|task| task.ip.octets()[3] == 4).and_then(|task| task.stop.clone());
    let stop = stopped.expect("it was stopped");
    assert_eq!(stop.reason, format!("Task failed ELB health checks in (target-group {GROUP})"));
    let text = format!(
        "(service web) (port 8080) is unhealthy in (target-group {GROUP}) due to (reason Health checks failed)"
    );
    assert!(events(&world).contains(&text.as_str()), "{:?}", events(&world));
    assert_eq!(events(&world)[0], "(service web) has reached a steady state.");
}

#[test]
fn tasks_that_fail_the_check_are_replaced_without_a_pause_and_trip_the_breaker() {
    let mut world = stack("sick", 2, 30);
    pass(&mut world, 300, unhealthy);
    assert_eq!(service(&world).watch.failed_rounds, 0);
    assert_eq!(service(&world).primary().map(|d| d.rollout), Some(Rollout::Failed));
    let told = events(&world);
    assert!(told.iter().any(|m| m.ends_with("(reason Health checks failed with these codes: [500])")), "{told:?}");
    let started = world.truth.kinds().get("task.started").copied().unwrap_or_default();
    assert!((3..=6).contains(&started), "{started}");
}

#[test]
fn a_bad_update_behind_a_load_balancer_is_rolled_back() {
    let mut world = stack("1", 2, 0);
    pass(&mut world, 120, healthy);
    let good = service(&world).primary().map(|d| d.id.clone());
    let number = world.next_id();
    let now = world.now;
    let web = world.ecs_in(REGION).service_mut("shop", "web").expect("the service");
    let network = web.deployments[0].network.clone();
    web.deploy(Deployment::new(number, definition("crash", 2), network, "1.4.0", now));
    pass(&mut world, 400, healthy);
    assert_eq!(service(&world).primary().map(|d| d.id.clone()), good);
    assert_eq!(service(&world).primary().map(|d| d.rollout), Some(Rollout::Completed));
    assert_eq!(service(&world).deployments.len(), 1);
}

#[test]
fn memory_of_stopped_tasks_ends() {
    let mut world = stack("1", 3, 0);
    pass(&mut world, 90, healthy);
    set_desired(&mut world, REGION, "shop", "web", 0);
    pass(&mut world, 3_700, healthy);
    let pool = &world.ecs[REGION].pool;
    assert!(pool.tasks.is_empty() && pool.ids.is_empty() && pool.addresses.is_empty() && pool.due.is_empty());
    assert_eq!(pool.vcpus, 0.0);
}
