//! A Region is evacuated by switch while neither its APIs nor the global control planes answer.

use crate::desk::{Desk, IRELAND, VIRGINIA, share};
use tandem::model::plan::Kind;
use tandem::model::verdict::Verdict;
use tandem_sim::calls::Outcome;
use tandem_sim::faults;

const AMERICAS: [&str; 3] = ["new-york", "san-francisco", "sao-paulo"];

#[tokio::test(start_paused = true)]
async fn the_switch_needs_one_call_in_one_healthy_region() {
    let desk = Desk::open(5).await;
    desk.break_virginia("F16", 120);
    desk.break_virginia("F21", 120);
    desk.pass(60).await;
    assert_eq!(desk.verdict(VIRGINIA), Verdict::Unknown);
    let (sent, _) = desk.places(VIRGINIA);
    assert!(sent > 0 && AMERICAS.iter().all(|place| desk.connected(place, VIRGINIA) > 0.9));

    let (began, before) = (desk.now(), desk.honouring());
    let run = desk.carry_out(&Desk::wish(Kind::Evacuate, VIRGINIA), 600).await;
    let took = run.elapsed(desk.now()).as_secs();
    assert!(took < 180, "{took} s until no place is sent there");
    let made = desk.mutations(began);
    let told: Vec<_> = made.iter().map(|call| (call.region, call.service, call.operation, call.outcome)).collect();
    assert_eq!(told, [(IRELAND, "elasticloadbalancing", "ModifyRule", Outcome::Done)]);
    assert!(run.plan.calls().all(|call| call.region == IRELAND && call.service() == "elbv2"), "{:?}", run.plan);

    desk.pass(10 * 60).await;
    for place in AMERICAS {
        let left = desk.connected(place, VIRGINIA);
        // those whose resolvers ignore the time to live stay longer: they are served, too
        assert!(left < 0.06, "{place}: {left}");
    }
    assert!(share(before, desk.honouring()) < 0.005, "{}", share(before, desk.honouring()));
    assert_eq!(desk.mutations(began).len(), 1, "holding an evacuation costs no call");
    assert_eq!(desk.places(VIRGINIA), (0, 0));

    desk.world(faults::end_all);
    desk.until("the Region is seen again", 120, |desk| desk.verdict(VIRGINIA) == Verdict::Evacuated).await;
    let before = desk.honouring();
    desk.carry_out(&Desk::wish(Kind::Restore, VIRGINIA), 900).await;
    desk.until("it serves", 120, |desk| desk.verdict(VIRGINIA) == Verdict::Serving).await;
    desk.until("as many places as before", 300, |desk| desk.places(VIRGINIA) == (sent, 0)).await;
    desk.pass(15 * 60).await;
    for place in AMERICAS {
        let back = desk.connected(place, VIRGINIA);
        assert!(back > 0.9, "{place}: {back}");
    }
    assert!(share(before, desk.honouring()) < 0.001, "{}", share(before, desk.honouring()));
}
