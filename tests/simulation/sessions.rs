//! Sessions follow their people from one Region to the other, and a pause is told.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use crate::screen::Screen;
use tandem::model::plan::Kind;
use tandem::model::sessions::{self, Flow};
use tandem::tui::Msg;

fn flow(desk: &Desk, from: &str, to: &str) -> Flow {
    sessions::flow(&desk.snapshot(), from, to, desk.now())
}

#[tokio::test(start_paused = true)]
async fn a_session_is_read_where_its_people_are_sent() {
    let desk = Desk::open(31).await;
    assert!(
        matches!(flow(&desk, VIRGINIA, IRELAND), Flow::Arrives { took: Some(_) }),
        "{:?}",
        flow(&desk, VIRGINIA, IRELAND)
    );
    let stale = desk.world(|world| world.truth.writes.stale_reads);
    desk.carry_out(&Desk::wish(Kind::Evacuate, VIRGINIA), 900).await;
    desk.pass(15 * 60).await;
    let (written, stale) = desk.world(|world| (world.truth.writes.sessions, world.truth.writes.stale_reads - stale));
    assert!(written > 10_000, "{written}");
    assert!(stale < 20, "{stale} reads found an older session than the one that was acknowledged");
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_told_within_two_minutes_and_what_was_held_is_delivered() {
    let desk = Desk::open(32).await;
    desk.break_virginia("F31", 20);
    let held = |desk: &Desk| matches!(flow(desk, VIRGINIA, IRELAND), Flow::Held { .. });
    let told = desk.until("the pause is told", 120, held).await;
    println!("told after {told} s");
    let mut screen = Screen::new(&desk.stack, desk.now());
    screen.take(Msg::Snapshot(desk.snapshot()));
    let (_, drawn) = screen.take(Msg::Tick(desk.now()));
    assert!(drawn.contains("HELD"), "{drawn}");
    desk.pass(20 * 60).await;
    let arrives = |desk: &Desk| matches!(flow(desk, VIRGINIA, IRELAND), Flow::Arrives { .. });
    desk.until("sessions arrive again", 120, arrives).await;
    assert!(desk.world(|world| world.truth.kinds().contains_key("replication.delivered")));
}
