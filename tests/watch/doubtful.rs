//! What is not certain moves nothing.

use crate::room::{IRELAND, OHIO, Room, VANTAGES, VIRGINIA, auto};

#[tokio::test(start_paused = true)]
async fn a_blip_of_43_seconds_moves_no_writer() {
    let mut room = Room::watched(61, auto).await;
    let began = room.now();
    room.fault("F17", VIRGINIA, 43);
    room.pass(10 * 60).await;
    let acts = room.acts(began);
    assert!(acts.iter().all(|act| *act == (IRELAND, "ModifyRule")) && acts.len() <= 1, "{acts:?}");
    assert_eq!((room.writer().as_str(), room.promoted().await), (VIRGINIA, None));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_flaps_is_evacuated_once() {
    let mut room = Room::watched(68, auto).await;
    let began = room.now();
    // a minute down, a minute up
    room.fault("F20", VIRGINIA, 12 * 60);
    room.pass(14 * 60).await;
    let acts = room.acts(began);
    assert_eq!(acts, [(IRELAND, "ModifyRule")], "{}", room.all_lines());
    assert_eq!((room.writer().as_str(), room.promoted().await), (VIRGINIA, None));
}

#[tokio::test(start_paused = true)]
async fn half_a_window_moves_nobody() {
    let mut room = Room::watched(62, auto).await;
    let began = room.now();
    room.fault("F17", VIRGINIA, 20);
    room.pass(5 * 60).await;
    assert_eq!(room.acts(began), [], "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn apis_that_hang_while_users_are_served_move_nobody() {
    let mut room = Room::watched(63, auto).await;
    let began = room.now();
    room.fault("F16", VIRGINIA, 8 * 60);
    room.pass(10 * 60).await;
    assert_eq!(room.acts(began), [], "{}", room.all_lines());
    assert_eq!(room.all_said("us-east-1 LOST"), 0, "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn one_commit_vetoes() {
    // no user reaches the Region, and its APIs answer: heartbeats go on
    let mut room = Room::watched(64, auto).await;
    let began = room.now();
    room.fault("F15", VIRGINIA, 8 * 60);
    room.pass(8 * 60).await;
    assert_eq!(room.acts(began), [(IRELAND, "ModifyRule")], "{}", room.all_lines());
    assert_eq!(room.promoted().await, None);
    assert!(room.all_lines().contains("takes the heartbeats of"), "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn the_off_switch_stops_everybody_and_on_begins_a_new_window() {
    let mut room = Room::watched(65, auto).await;
    room.turn_off().await;
    room.until("nobody is armed", 60, |room| !VANTAGES.iter().any(|me| room.is_armed(me))).await;
    let began = room.now();
    room.fault("F17", VIRGINIA, 30 * 60);
    room.pass(6 * 60).await;
    assert_eq!(room.acts(began), [], "{}", room.all_lines());
    room.turn_on().await;
    let on = room.now();
    room.until("they act again", 180, |room| room.all_said("begins: Evacuate") > 0).await;
    assert!(tandem::model::observed::elapsed(on, room.now()).as_secs() >= 30, "not before a whole window");
}

#[tokio::test(start_paused = true)]
async fn one_vantage_alone_is_disarmed() {
    let mut room = Room::open(66, auto);
    room.watch(OHIO);
    room.pass(120).await;
    let began = room.now();
    room.fault("F17", VIRGINIA, 8 * 60);
    room.pass(8 * 60).await;
    assert_eq!(room.acts(began), [], "{}", room.all_lines());
    assert_eq!((room.is_armed(OHIO), room.all_said("ARMED")), (false, 0), "{}", room.all_lines());
}

#[tokio::test(start_paused = true)]
async fn a_vantage_that_is_cut_off_doubts_itself_and_holds_nobody_back() {
    let mut room = Room::open(67, auto);
    room.watch_cut_off(VIRGINIA);
    room.watch(IRELAND);
    room.watch(OHIO);
    room.until("two are armed", 120, |room| [IRELAND, OHIO].iter().all(|me| room.said(me, "ARMED") > 0)).await;
    room.pass(180).await;
    assert!(!room.is_armed(VIRGINIA), "{}", room.all_lines());
    assert_eq!(room.said(VIRGINIA, "us-east-1 LOST") + room.said(VIRGINIA, "eu-west-1 LOST"), 0);
    let began = room.now();
    room.fault("F17", VIRGINIA, 20 * 60);
    room.until("it is evacuated", 300, |room| room.all_said("begins: Evacuate us-east-1") > 0).await;
    assert_eq!(room.said(VIRGINIA, "begins"), 0);
    room.pass(60).await;
    assert_eq!(room.acts(began)[0], (IRELAND, "ModifyRule"));
}
