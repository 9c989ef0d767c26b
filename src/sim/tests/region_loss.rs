//! A Region goes and comes back: its users fail, move by DNS, and move back; the database's writer moves by a call.

mod common;

use common::{about, call, failures, ready, run, share};
use serde_json::json;

#[test]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn users_leave_a_lost_region_and_return_when_it_is_back() {
    let mut world = ready(11);
    assert!(failures(&mut world, 60) < 0.001);
    common::break_region(&mut world, "F17", "us-east-1", 30 * 60);
    let lost = failures(&mut world, 30);
    assert!(lost > 0.3, "half of the users are in the Americas: {lost}");
    // orders need a writer: until one is promoted every twentieth request fails
    let target = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-db-eu-west-1";
    let ask = json!({"GlobalClusterIdentifier": "shop-db", "TargetDbClusterIdentifier": target, "AllowDataLoss": true});
    call(&mut world, "rds", "FailoverGlobalCluster", "eu-west-1", ask).unwrap();
    run(&mut world, 9 * 60);
    let later = failures(&mut world, 60);
    assert!(later < 0.01, "{later}");
    assert!(share(&world, "new-york", "eu-west-1") > 0.9, "{:?}", world.users.shares(&world));
    let errors = about(&world, "user.errors", "new-york");
    let moved = about(&world, "user.moved", "new-york");
    assert_eq!((errors.len(), moved.len()), (2, 1), "{errors:?} {moved:?}");
    assert_eq!(moved[0].region, "eu-west-1");
    assert!(errors[0].at < moved[0].at && moved[0].at <= errors[1].at, "{errors:?} {moved:?}");
    // names move within a minute and a half, the writer within three and a half
    assert!(errors[1].at.since(errors[0].at).as_secs() < 300, "{errors:?}");
    assert!(about(&world, "user.errors", "london").len() <= 2, "at most an overload, which ends");
    // the fault ends by itself; checks, caches and connections take their time
    run(&mut world, 20 * 60 + 15 * 60);
    assert!(share(&world, "new-york", "us-east-1") > 0.9, "{:?}", world.users.shares(&world));
    let back = about(&world, "user.moved", "new-york");
    assert_eq!(back.last().map(|event| event.region.as_str()), Some("us-east-1"));
    assert!(failures(&mut world, 60) < 0.001);
}
