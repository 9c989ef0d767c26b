use super::*;
use std::time::Duration;

#[test]
fn without_a_load_nobody_asks() {
    let mut world = World::empty(1);
    world.advance(world.now + Duration::from_secs(60));
    assert_eq!(world.truth.requests(), (0, 0));
}

#[test]
fn a_name_that_does_not_resolve_fails_everyone() {
    let mut world = World::empty(1);
    begin(&mut world, Load::of_a_shop("app.shop.example"));
    world.advance(world.now + Duration::from_secs(60));
    let (all, failed) = world.truth.requests();
    assert_eq!(all, failed);
    assert_eq!(world.users.totals.requests(), (all, failed));
    // 300 a second at the mean, a tenth more at this hour
    assert!((18_000..22_000).contains(&all), "{all}");
    assert_eq!(world.truth.kinds().get("user.errors"), Some(&(PLACES.len() as u64)));
    let ignoring = world.users.totals.ignoring.failed as f64 / all as f64;
    assert!((0.04..0.06).contains(&ignoring), "{ignoring}");
}

#[test]
fn paths_come_in_their_shares() {
    let load = Load::of_a_shop("app.shop.example");
    assert_eq!(
        (load.path(0.0), load.path(0.69), load.path(0.71), load.path(0.99)),
        ("/", "/", "/search?q=tandem", "/checkout")
    );
    assert!((load.paths.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
}
