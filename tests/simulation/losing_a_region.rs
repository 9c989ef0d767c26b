//! A whole Region goes away and comes back while an operator looks.

use crate::desk::{Desk, IRELAND, VIRGINIA, share};
use crate::screen::Screen;
use std::collections::BTreeSet;
use std::time::Duration;
use tandem::model::observed::{Observed, elapsed};
use tandem::model::verdict::Verdict;
use tandem::tui::Msg;
use tandem::tui::keys::{Code, Key};
use tandem_sim::calls::Outcome;

const MINUTES: u64 = 15;

/// The oldest that a source may be that is looked at as it should be.
fn bound<T>(seen: &Observed<T>) -> Duration {
    seen.every * 3 + Duration::from_secs(2)
}

#[tokio::test(start_paused = true)]
async fn one_region_is_unknown_and_the_other_stays_fresh() {
    let desk = Desk::open(1).await;
    assert_eq!((desk.verdict(VIRGINIA), desk.verdict(IRELAND)), (Verdict::Serving, Verdict::Serving));
    let (sent_before, _) = desk.places(VIRGINIA);
    assert!(sent_before > 0);
    // names move within about ten seconds: break it shortly before the next probe
    let due = |desk: &Desk| desk.snapshot().answers.age(desk.now()) >= Some(Duration::from_secs(7));
    desk.until("the next probe is due", 20, due).await;
    let began = desk.now();
    desk.break_virginia("F17", MINUTES);

    let (mut last_age, mut unknown, mut looks) = (Duration::ZERO, 0, BTreeSet::new());
    let (mut most_failed, mut probes_failed) = (0, vec![]);
    let (mut by_minute, mut before) = (vec![], desk.honouring());
    for second in 1..=MINUTES * 60 - 1 {
        desk.pass(1).await;
        let (snapshot, now) = (desk.snapshot(), desk.now());
        let (lost, peer) = (snapshot.region(VIRGINIA).unwrap(), snapshot.region(IRELAND).unwrap());
        let age = lost.service.age(now).unwrap();
        // a look that was answered just before the fault may still arrive
        assert!(age > last_age || second < 10, "second {second}: {age:?} after {last_age:?}");
        last_age = age;
        if desk.verdict(VIRGINIA) == Verdict::Unknown {
            unknown += 1;
        } else {
            assert!(second < 20, "known after {second} s: {:?}", lost.service.freshness(now));
        }
        assert_ne!(desk.verdict(IRELAND), Verdict::Unknown, "second {second}");
        assert!(peer.service.current(now).is_some() && peer.service.age(now).unwrap() <= bound(&peer.service));
        assert!(peer.targets.current(now).is_some() && peer.targets.age(now).unwrap() <= bound(&peer.targets));
        assert!(peer.switches.current(now).is_some() && peer.switches.age(now).unwrap() <= bound(&peer.switches));
        assert!(peer.traffic.current(now).is_some() && peer.scaling.current(now).is_some());
        assert!(snapshot.answers.current(now).is_some(), "users are seen without any control plane");
        looks.insert(peer.service.at);
        if second % 60 == 0 {
            by_minute.push(share(before, desk.honouring()));
            before = desk.honouring();
            probes_failed.push(desk.places(VIRGINIA).1);
        }
        most_failed = most_failed.max(desk.places(VIRGINIA).1);
    }
    assert!(unknown > MINUTES * 60 - 20, "{unknown}");
    assert!(last_age > Duration::from_secs(MINUTES * 60 - 15), "{last_age:?}");
    assert!(looks.len() as u64 > MINUTES * 60 / 7, "{} looks at the peer", looks.len());
    let answered =
        desk.calls(began).into_iter().filter(|call| call.region == VIRGINIA && call.outcome != Outcome::Hung);
    assert_eq!(answered.count(), 0, "nothing in the lost Region answers");

    // everyone has moved: names first, then connections
    assert_eq!(desk.places(VIRGINIA), (0, 0));
    // what is left are orders: the database's writer is lost, and nobody fails it over here
    assert!(by_minute[0] > 0.1 && by_minute[5..].iter().all(|share| (0.03..0.07).contains(share)), "{by_minute:?}");
    assert!(most_failed > 0, "probes fail until the answers change");
    assert_eq!(probes_failed.last(), Some(&0), "{probes_failed:?}");
    println!("failed a minute: {by_minute:.4?}; probes: {most_failed} at the most, then {probes_failed:?}");

    // the fault ends by itself; nobody restarts anything
    let back = |desk: &Desk| [VIRGINIA, IRELAND].iter().all(|region| desk.verdict(region) == Verdict::Serving);
    desk.until("every Region serves again", 600, back).await;
    desk.until("places are sent there again", 600, |desk| desk.places(VIRGINIA) == (sent_before, 0)).await;
    desk.pass(15 * 60).await;
    let before = desk.served();
    desk.pass(60).await;
    assert!(desk.failing_since(before) < 0.001, "{}", desk.failing_since(before));
    assert!(back(&desk));
}

#[tokio::test(start_paused = true)]
async fn the_peer_is_seen_while_every_call_to_the_lost_region_waits() {
    let desk = Desk::open(2).await;
    desk.break_virginia("F17", MINUTES);
    desk.pass(30).await;
    let looked = desk.snapshot().region(VIRGINIA).unwrap().service.failing.clone().unwrap();
    let mut snapshots = desk.observer.snapshots();
    let begin = desk.now();
    let mut seen = 0;
    // a read that hangs takes up to 12 s with its retry; the peer is read every 5
    while elapsed(begin, desk.now()) < Duration::from_secs(60) {
        let at = snapshots.borrow_and_update().region(IRELAND).unwrap().service.at;
        let next = async {
            while snapshots.borrow_and_update().region(IRELAND).unwrap().service.at == at {
                snapshots.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(7), next).await.expect("a look at the peer within 7 s");
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
    let failing = desk.snapshot().region(VIRGINIA).unwrap().service.failing.clone().unwrap();
    assert_eq!(failing.since, looked.since, "it never answered in between");
}

#[tokio::test(start_paused = true)]
async fn the_screen_draws_a_frame_for_every_key_and_tells_the_age() {
    let desk = Desk::open(3).await;
    let mut screen = Screen::new(&desk.stack, desk.now());
    screen.take(Msg::Snapshot(desk.snapshot()));
    let (_, healthy) = screen.take(Msg::Tick(desk.now()));
    assert!(!healthy.contains("UNKNOWN") && healthy.contains("SERVING"), "{healthy}");
    desk.break_virginia("F17", MINUTES);
    desk.pass(60).await;

    // help and its end, the other Region and back, up and down the events
    let keys =
        [Key::char('?'), Key::of(Code::Esc), Key::char('l'), Key::char('h'), Key::of(Code::Down), Key::of(Code::Up)];
    let (mut expected, mut ages) = (screen.frames, vec![]);
    for second in 0..300 {
        desk.pass(1).await;
        let snapshot = desk.snapshot();
        let age = snapshot.region(VIRGINIA).unwrap().service.age(desk.now()).unwrap();
        screen.take(Msg::Snapshot(snapshot));
        screen.take(Msg::Tick(desk.now()));
        let (asked, drawn) = screen.press(keys[second % keys.len()]);
        expected += 3;
        assert_eq!(screen.frames, expected);
        assert!(asked.is_empty(), "{asked:?}");
        if second % keys.len() != 0 {
            assert!(drawn.contains("UNKNOWN"), "{drawn}");
            let told = tandem::tui::view::words::span(age);
            assert!(drawn.contains(&format!("{told} ago")), "{told}\n{drawn}");
            ages.push(age);
        }
    }
    assert!(ages.is_sorted() && ages.last().unwrap() > &Duration::from_secs(300), "{ages:?}");
}
