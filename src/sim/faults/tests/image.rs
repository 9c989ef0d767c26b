//! The past, as stale reads see it.

use super::super::image::{consistent, through};
use super::*;
use crate::doc::Input;
use serde_json::json;

fn stale(world: &mut World, delay_s: f64) {
    begin(world, "F9", None, |spec| (spec.delay_s, spec.duration_s) = (Some(delay_s), Some(100.0)));
}

/// How old what a read sees is, and how many things were made in it.
fn seen(world: &mut World, most: u64) -> (u64, u64) {
    let now = world.now;
    through(world, Duration::from_secs(most), |past| (now.since(past.now).as_secs(), past.made))
}

#[test]
fn the_past_is_never_older_than_was_asked_for() {
    let mut world = World::empty(1);
    stale(&mut world, 5.0);
    let mut ages = vec![];
    for _ in 0..12 {
        world.made += 1;
        let (age, made) = seen(&mut world, 5);
        assert_eq!(made, world.made.saturating_sub(age + 1), "the world as it was {age} seconds ago");
        ages.push(age);
        after(&mut world, 1);
    }
    assert_eq!(ages, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]);
}

#[test]
fn whoever_bears_less_is_answered_from_the_present() {
    let mut world = World::empty(1);
    stale(&mut world, 60.0);
    after(&mut world, 30);
    world.made = 9;
    assert_eq!((seen(&mut world, 60), seen(&mut world, 29)), ((30, 0), (0, 9)));
    stale(&mut world, 10.0);
    assert_eq!(seen(&mut world, 60).0, 0, "the image is as new as the strictest fault wants it");
}

#[test]
fn a_fault_of_half_a_second_shows_nothing_older() {
    let mut world = World::empty(1);
    stale(&mut world, 0.5);
    for _ in 0..20 {
        let now = world.now + Duration::from_millis(300);
        world.advance(now);
        let age = through(&mut world, Duration::from_millis(500), |past| now.since(past.now));
        assert!(age <= Duration::from_millis(500), "{age:?}");
    }
}

#[test]
fn there_is_an_image_only_while_it_is_needed() {
    let mut world = World::empty(1);
    begin(&mut world, "F8", None, |_| {});
    assert!(world.faults.image.is_none());
    stale(&mut world, 20.0);
    assert!(world.faults.image.is_some());
    after(&mut world, 50);
    assert!(world.faults.image.as_ref().is_some_and(|image| image.faults.image.is_none()), "one image, not many");
    after(&mut world, 50);
    assert!(world.faults.image.is_none());
    stale(&mut world, 0.0);
    assert!(world.faults.image.is_none(), "nothing is stale");
    stale(&mut world, 20.0);
    end_all(&mut world);
    assert!(world.faults.image.is_none());
}

#[test]
fn an_image_has_no_records_and_taking_it_loses_none() {
    let mut world = World::empty(1);
    world.truth.note(world.now, "task.running", IRELAND, "t1");
    world.log.push("a line".into());
    world.users.totals.honouring.ok = 7;
    let digest = world.truth.digest();
    stale(&mut world, 20.0);
    let image = world.faults.image.as_ref().expect("reads are stale");
    assert!(image.truth.events().is_empty() && image.log.count() == 0);
    assert_eq!((image.users.totals.honouring.ok, world.users.totals.honouring.ok), (0, 7));
    assert_eq!(world.log.count(), 1);
    end_all(&mut world);
    assert_ne!(world.truth.digest(), digest, "the fault is told");
    assert_eq!(world.truth.kinds().get("task.running"), Some(&1));
}

#[test]
fn reads_of_the_past_change_neither_the_present_nor_time() {
    let twin = |reading: bool| {
        let mut world = World::empty(1);
        stale(&mut world, 20.0);
        let mut drawn = vec![];
        for _ in 0..30 {
            after(&mut world, 1);
            if reading {
                through(&mut world, Duration::from_secs(20), |past| {
                    past.made += 1;
                    past.chance.ecs.chance(0.5);
                    past.chance.faults.chance(0.5);
                });
            }
            drawn.push((world.now, world.made, world.chance.ecs.chance(0.5), world.chance.faults.chance(0.5)));
        }
        drawn
    };
    assert_eq!(twin(true), twin(false));
}

#[test]
fn consistent_reads_are_known_by_what_they_ask() {
    let asks = |name, doc| {
        let operation = Operation { name, routes: &[], reads: true, run: |_, _, _| Ok(crate::doc::Doc::Null) };
        consistent(&operation, &Input::Typed(doc))
    };
    assert!(asks("GetItem", json!({"ConsistentRead": true})));
    assert!(!asks("GetItem", json!({"ConsistentRead": false})) && !asks("Query", json!({})));
    assert!(asks("BatchGetItem", json!({"RequestItems": {"a": {}, "b": {"ConsistentRead": true}}})));
    assert!(!asks("BatchGetItem", json!({"RequestItems": {"a": {}}})));
    assert!(asks("TransactGetItems", json!({})));
}
