//! What an hour of looking costs, and what happens in it.

use crate::desk::Desk;

#[tokio::test(start_paused = true)]
async fn an_hour_holds_a_million_requests_and_thousands_of_calls() {
    let desk = Desk::open(15).await;
    let counts = |desk: &Desk| desk.world(|world| (world.truth.requests().0, world.requests));
    let (requests, calls) = counts(&desk);
    desk.pass(3600).await;
    let (requests, calls) = (counts(&desk).0 - requests, counts(&desk).1 - calls);
    println!("{requests} requests of users, {calls} calls of the SDK");
    assert!(requests >= 1_000_000, "{requests}");
    assert!(calls >= 5_000, "{calls}");
    let told = desk.world(|world| world.log.iter().cloned().collect::<Vec<_>>());
    assert_eq!(told, Vec::<String>::new(), "the simulator understands all that the SDK says");
}
