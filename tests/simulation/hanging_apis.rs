//! A Region's APIs hang and its users notice nothing: it is UNKNOWN, not down, and nobody is moved.

use crate::desk::{Desk, IRELAND, VIRGINIA, share};
use tandem::model::verdict::{Overall, Verdict, of_stack};

#[tokio::test(start_paused = true)]
async fn unknown_is_not_down() {
    let desk = Desk::open(4).await;
    let answers = |desk: &Desk| {
        let snapshot = desk.snapshot();
        let answers = snapshot.answers.current(desk.now()).expect("names are read").clone();
        let failed = answers.iter().filter(|answer| answer.visit.ok() != Some(true)).count();
        let sent: Vec<_> = answers.into_iter().map(|answer| (answer.place.name, answer.region)).collect();
        (sent, failed)
    };
    let (places, _) = answers(&desk);
    let start = desk.served();
    desk.pass(10 * 60).await;
    let (healthy, began) = (desk.served(), desk.now());
    desk.break_virginia("F16", 10);
    for second in 1..10 * 60 {
        desk.pass(1).await;
        assert_eq!(answers(&desk), (places.clone(), 0), "second {second}");
        if second > 20 {
            assert_eq!(desk.verdict(VIRGINIA), Verdict::Unknown, "second {second}");
            assert_eq!(desk.verdict(IRELAND), Verdict::Serving, "second {second}");
            assert_eq!(of_stack(&desk.snapshot(), desk.now()), Overall::Degraded);
        }
    }
    let blind = desk.served();
    assert!(share(healthy, blind) <= share(start, healthy).max(0.0001), "{start:?} {healthy:?} {blind:?}");
    assert_eq!(desk.mutations(began), vec![], "nobody acts on what is not known");
    let moved = desk.world(|world| {
        let since = world.truth.events().iter().rev().take_while(|event| event.at.0 >= began.as_millisecond() as u64);
        since.filter(|event| event.kind.starts_with("user.")).cloned().collect::<Vec<_>>()
    });
    assert_eq!(moved, vec![]);
    desk.pass(90).await;
    assert_eq!(desk.verdict(VIRGINIA), Verdict::Serving);
}
