//! Nothing happens, and nothing is done.

use crate::room::{Room, VANTAGES};

#[tokio::test(start_paused = true)]
async fn an_hour_of_watching_changes_nothing() {
    let mut room = Room::watched(41, crate::room::auto).await;
    assert_eq!((room.posts().await, room.leaders().len()), (3, 1), "{}", room.all_lines());
    let began = room.now();
    room.pass(3600).await;
    assert_eq!(room.acts(began), [], "{}", room.all_lines());
    assert!(VANTAGES.iter().all(|me| room.is_armed(me)), "{}", room.all_lines());
    assert_eq!(room.all_said("DISARMED"), 3, "each once, before the others were heard: {}", room.all_lines());
    let calls = room.calls(began);
    let count = |service: &str, operation: &str| {
        calls.iter().filter(|call| call.service == service && call.operation == operation).count()
    };
    let metrics = count("monitoring", "PutMetricData");
    assert!((3 * 60..=3 * 80).contains(&metrics), "every minute, of three watchers: {metrics}");
    let a_minute = calls.len() as f64 / 60.0;
    println!("{a_minute:.0} calls a minute of three watchers");
    let told = room.world(|world| world.log.iter().cloned().collect::<Vec<_>>());
    assert_eq!(told, Vec::<String>::new(), "the simulator understands all that is said");
}

#[tokio::test(start_paused = true)]
async fn whoever_leads_and_goes_is_followed_by_another() {
    let mut room = Room::watched(42, |_| {}).await;
    let first = room.leaders()[0].to_string();
    room.end(&first).await;
    let took = room.until("another leads", 60, |room| room.leaders().len() == 1).await;
    assert!(took <= 30, "the lease was given back: {took} s");
    let second = room.leaders()[0].to_string();
    assert_ne!(first, second);
    // and one that dies without a word
    room.watch(&first);
    room.pass(60).await;
    room.kill(&second).await;
    let others: Vec<&str> = VANTAGES.into_iter().filter(|me| *me != second).collect();
    room.until("another leads", 180, |room| room.leaders().len() == 1).await;
    assert!(others.contains(&room.leaders()[0]));
    room.pass(60).await;
    assert!(others.iter().all(|me| room.is_armed(me) && room.said(me, "not heard of") > 0), "{}", room.all_lines());
}
