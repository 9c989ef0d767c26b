use super::policy::{Tracked, Tracking};
use super::target::Wish;
use super::*;
use crate::moment::Moment;
use crate::world::metrics::Series;
use std::time::Duration;

const REGION: &str = "us-east-1";
const SERVICE: &str = "service/shop/web";

fn register(world: &mut World, minimum: u32, maximum: u32) {
    let wish = Wish { minimum: Some(minimum), maximum: Some(maximum), ..Wish::default() };
    target::register(world, REGION, SERVICE, wish);
}

fn world(desired: u32) -> World {
    let mut world = World::empty(1);
    world.scaling_in(REGION).double.insert(SERVICE.into(), desired);
    world
}

fn track(world: &mut World, target: f64) {
    let tracking =
        Tracking { target, metric: Tracked::Cpu, out_cooldown_s: None, in_cooldown_s: None, disable_in: None };
    assert!(policy::put(world, REGION, SERVICE, "cpu", tracking).is_some());
}

fn desired(world: &World) -> u32 {
    world.scaling[REGION].double[SERVICE]
}

fn set(world: &mut World, count: u32) {
    world.scaling_in(REGION).double.insert(SERVICE.into(), count);
}

/// Lets minutes pass; the load of `work` (in percent of a task) is shared by the tasks of the minute.
fn live(world: &mut World, minutes: u64, work: f64) -> Vec<u32> {
    (0..minutes)
        .map(|_| {
            let (now, cpu) = (world.now, work / f64::from(desired(world)));
            let series = Series::new("AWS/ECS", "CPUUtilization", &[("ClusterName", "shop"), ("ServiceName", "web")]);
            world.metrics_in(REGION).put(series, "Percent", now, cpu, 3);
            world.advance(now + Duration::from_secs(60));
            desired(world)
        })
        .collect()
}

#[test]
fn a_raised_minimum_is_reached_at_once() {
    let mut world = world(2);
    register(&mut world, 6, 12);
    world.advance(world.now + Duration::from_secs(1));
    assert_eq!(desired(&world), 6);
    let activity = &world.scaling[REGION].activities[0];
    assert_eq!(
        (activity.description.as_str(), activity.cause.as_str(), activity.status),
        ("Setting desired count to 6.", "minimum capacity was set to 6", "Successful")
    );
    register(&mut world, 1, 4);
    world.advance(world.now + Duration::from_secs(1));
    assert_eq!(desired(&world), 4);
}

#[test]
fn desired_set_by_hand_below_the_minimum_is_undone_and_between_the_bounds_it_is_not() {
    let mut world = world(4);
    register(&mut world, 3, 12);
    live(&mut world, 1, 100.0);
    set(&mut world, 1);
    world.advance(world.now + Duration::from_secs(30));
    assert_eq!(desired(&world), 1, "not before the next evaluation");
    world.advance(world.now + Duration::from_secs(30));
    assert_eq!(desired(&world), 3);
    set(&mut world, 9);
    live(&mut world, 30, 100.0);
    assert_eq!(desired(&world), 9, "no policy, nobody to undo it");
}

#[test]
fn tracking_goes_out_by_the_metric_and_only_once_a_cooldown() {
    let mut world = world(4);
    register(&mut world, 2, 12);
    track(&mut world, 50.0);
    live(&mut world, 10, 200.0);
    assert_eq!(desired(&world), 4, "on target");
    let counts = live(&mut world, 20, 380.0);
    assert_eq!(counts.iter().filter(|count| **count == 4).count(), 5, "three minutes and the delay: {counts:?}");
    assert_eq!(counts.last(), Some(&8), "{counts:?}");
    assert!(counts.iter().all(|count| [4, 8].contains(count)), "{counts:?}");
    assert_eq!(world.truth.kinds()["scaling.out"], 1);
    let scaling = &world.scaling[REGION];
    let high = &scaling.policies[&(SERVICE.to_string(), "cpu".to_string())].high;
    let cause = format!("monitor alarm {high} in state ALARM triggered policy cpu");
    assert_eq!(scaling.activities.back().map(|activity| activity.cause.clone()), Some(cause));
}

#[test]
fn tracking_comes_in_slowly_and_not_below_the_minimum() {
    let mut world = world(10);
    register(&mut world, 3, 12);
    track(&mut world, 50.0);
    let counts = live(&mut world, 15, 200.0);
    assert!(counts.iter().all(|count| *count == 10), "{counts:?}");
    let counts = live(&mut world, 5, 200.0);
    assert_eq!(counts.last(), Some(&4), "{counts:?}");
    live(&mut world, 40, 10.0);
    assert_eq!(desired(&world), 3);
}

#[test]
fn no_metric_no_scaling() {
    let mut world = world(5);
    register(&mut world, 1, 12);
    track(&mut world, 50.0);
    world.advance(world.now + Duration::from_secs(3600));
    assert_eq!(desired(&world), 5);
}

#[test]
fn what_is_suspended_does_not_act() {
    let mut world = world(4);
    register(&mut world, 2, 12);
    track(&mut world, 50.0);
    let suspended = target::Suspended { scale_out: true, ..Default::default() };
    target::register(&mut world, REGION, SERVICE, Wish { suspended: Some(suspended), ..Wish::default() });
    live(&mut world, 15, 380.0);
    assert_eq!(desired(&world), 4);
}

#[test]
fn deregistering_takes_the_alarms_along() {
    let mut world = world(4);
    register(&mut world, 2, 12);
    track(&mut world, 50.0);
    assert_eq!(world.metrics[REGION].alarms.iter().count(), 2);
    assert!(target::deregister(&mut world, REGION, SERVICE));
    assert!(world.scaling[REGION].policies.is_empty());
    assert_eq!(world.metrics[REGION].alarms.iter().count(), 0);
}

#[test]
fn a_world_that_starts_within_a_second_scales_too() {
    let mut world = World::empty_at(1, Moment(Moment::START.0 + 345));
    world.scaling_in(REGION).double.insert(SERVICE.into(), 5);
    register(&mut world, 3, 12);
    world.advance(world.now + Duration::from_secs(2));
    set(&mut world, 1);
    world.advance(world.now + Duration::from_secs(60));
    assert_eq!(desired(&world), 3);
}
