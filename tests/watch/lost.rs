//! A Region is lost: its users are led away, and its writer moves only where that was allowed.

use crate::room::{IRELAND, Room, VANTAGES, VIRGINIA, auto};
use std::collections::BTreeSet;
use tandem::control::epoch;
use tandem::model::stack::{FailsOver, Fence};

const EVACUATED: (&str, &str) = (IRELAND, "ModifyRule");
const PROMOTED: (&str, &str) = (IRELAND, "FailoverGlobalCluster");

#[tokio::test(start_paused = true)]
async fn a_region_without_the_writer_is_evacuated_and_nothing_else() {
    let mut room = Room::watched(51, auto).await;
    let began = room.now();
    room.fault("F17", IRELAND, 8 * 60);
    room.pass(15 * 60).await;
    assert_eq!(room.acts(began), [(VIRGINIA, "ModifyRule")], "{}", room.all_lines());
    assert_eq!((room.writer().as_str(), room.promoted().await), (VIRGINIA, None));
    assert!(VANTAGES.iter().all(|me| room.is_armed(me)), "{}", room.all_lines());
    assert!(room.all_said("begins: Evacuate eu-west-1") == 1, "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn the_writers_region_is_evacuated_then_one_promotion_and_never_a_way_back() {
    let mut room = Room::watched(52, auto).await;
    let began = room.now();
    // its own watcher goes with it, and leads if it is the first that came
    room.fault("F17", VIRGINIA, 15 * 60);
    room.kill(VIRGINIA).await;
    room.until("it moves", 900, |room| room.all_said("begins: Fail the database over") > 0).await;
    assert_eq!(room.acts(began).first(), Some(&EVACUATED), "{}", room.all_lines());
    room.pass(8 * 60).await;
    assert_eq!(room.acts(began), [EVACUATED, PROMOTED], "{}", room.all_lines());
    assert_eq!(room.forbidden(began), BTreeSet::new());
    assert_eq!(room.writer(), IRELAND);
    assert_eq!(room.world(|world| world.truth.writes.rows_split), 0, "nobody wrote to the old one");
    let promoted = room.promoted().await.unwrap();
    assert_eq!((promoted.from.as_str(), promoted.to.as_str(), promoted.acknowledged), (VIRGINIA, IRELAND, None));
    // it comes back, and nobody leads anybody there
    room.pass(10 * 60).await;
    room.watch(VIRGINIA);
    room.pass(20 * 60).await;
    assert_eq!(room.acts(began), [EVACUATED, PROMOTED], "{}", room.all_lines());
    // the new writer's Region is lost as well: the first promotion blocks
    let began = room.now();
    room.fault("F17", IRELAND, 8 * 60);
    room.pass(10 * 60).await;
    assert_eq!(room.acts(began), [(VIRGINIA, "ModifyRule")], "{}", room.all_lines());
    assert!(room.all_lines().contains("nobody has acknowledged it"), "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn a_fence_that_proves_itself_needs_nobody_who_accepts_it() {
    let mut room = Room::watched(55, |stack| {
        auto(stack);
        (stack.fence, stack.accepts_unproven_fence) = (Fence::AppLease, false);
    })
    .await;
    room.fault("F17", VIRGINIA, 30 * 60);
    room.until("it moves", 900, |room| room.all_said("begins: Fail the database over") > 0).await;
    room.until("it has moved", 900, |room| room.writer() == IRELAND).await;
    let epoch = epoch::read(&room.stage.aws, &room.table).await.unwrap().expect("an epoch was written");
    assert!(epoch.deposed.contains(VIRGINIA), "{epoch:?}");
    assert!(room.all_lines().contains("Depose us-east-1"), "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn where_a_human_fails_over_no_watcher_does() {
    let mut room = Room::watched(53, |stack| {
        auto(stack);
        stack.fails_over = FailsOver::Human;
    })
    .await;
    let began = room.now();
    room.fault("F17", VIRGINIA, 8 * 60);
    room.pass(10 * 60).await;
    assert_eq!(room.acts(began), [EVACUATED], "{}", room.all_lines());
    assert_eq!(room.promoted().await, None);
    let said = "does not move the writer from us-east-1 to eu-west-1: [failover] by = \"human\"";
    let times = room.all_said(said);
    assert!((1..=3).contains(&times), "it is said, and not in every round: {times}\n{}", room.all_lines());
}
