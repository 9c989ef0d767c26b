//! What really happened is told in many words.

mod common;

use common::{break_region, call, ready, run};
use serde_json::json;

#[test]
fn a_bad_hour_is_told_in_at_least_twenty_kinds_of_events() {
    let mut world = ready(31);
    break_region(&mut world, "F18", "us-east-1", 5 * 60);
    run(&mut world, 10 * 60);
    break_region(&mut world, "F17", "eu-west-1", 10 * 60);
    run(&mut world, 20 * 60);
    let more = json!({"cluster": "shop", "service": "shop-web", "desiredCount": 7});
    call(&mut world, "ecs", "UpdateService", "eu-west-1", more).unwrap();
    run(&mut world, 5 * 60);
    let anew = json!({"cluster": "shop", "service": "shop-web", "forceNewDeployment": true});
    call(&mut world, "ecs", "UpdateService", "us-east-1", anew).unwrap();
    run(&mut world, 25 * 60);
    let kinds = world.truth.kinds();
    assert!(kinds.len() >= 20, "{kinds:?}");
}
