//! From nothing to a stack and back.

use crate::yard::{Until, Verb, Yard, told};
use std::time::Duration;
use tandem::cloud;
use tandem::deploy::apply::Ended;
use tandem::model::call::{Act, Call};
use tandem::model::outcome::Outcome;

#[tokio::test(start_paused = true)]
async fn an_empty_account_gets_a_stack_and_loses_it_again() {
    let yard = Yard::empty(5);
    let before = yard.inventory();
    let plan = yard.plan().await;
    assert_eq!(plan.count("create"), plan.rows.len() - 1, "{:#?}", told(&plan));
    let began = yard.now();
    yard.run(Verb::Apply).await;
    let took = yard.now().since(began);
    assert!(took.as_secs() > 10 * 60, "databases take their time: {took:?}");
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let calls = yard.run(Verb::Apply).await;
    assert_eq!(calls.sent(), 0, "what stands is left alone");
    yard.run(Verb::Destroy).await;
    assert_eq!(yard.inventory(), before);
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
}

/// Who writes is a state of a running stack: after a failover nothing differs.
#[tokio::test(start_paused = true)]
async fn a_plan_after_a_switchover_is_empty() {
    let yard = Yard::empty(15);
    yard.run(Verb::Apply).await;
    let target_arn = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-db-eu-west-1".to_string();
    let act = Act::SwitchoverGlobalCluster { global: "shop-db".into(), target_arn };
    let outcome = cloud::send(&yard.stage.aws, &Call::new("us-east-1", act)).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    yard.stage.clock.sleep(Duration::from_secs(1800)).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(yard.run(Verb::Apply).await.sent(), 0);
}

/// What is bad must not reach every Region at once.
#[tokio::test(start_paused = true)]
async fn a_change_of_what_serves_reaches_one_region_after_another() {
    let mut yard = Yard::empty(16);
    yard.run(Verb::Apply).await;
    yard.spec.app.environment.insert("COLOUR".into(), "green".into());
    let view = yard.run(Verb::Apply).await;
    let of = |id: &str| view.rows.iter().find(|row| row.id == id).unwrap();
    let (first, second) = (of("eu-west-1/service"), of("us-east-1/service"));
    assert!(first.sent == 1 && second.sent == 1);
    let sent = view.lines.iter().find(|line| line.id == second.id && line.text == "UpdateService").unwrap();
    let stood = sent.at.duration_since(first.ended.unwrap()).as_secs();
    assert!((120..600).contains(&stood), "{stood} s after the first Region");
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
}

/// An image that cannot run stays in one Region, whose old tasks go on.
#[tokio::test(start_paused = true)]
async fn an_image_that_does_not_run_reaches_one_region_only() {
    let mut yard = Yard::empty(17);
    yard.run(Verb::Apply).await;
    // what the simulator's registries do with a tag of this name
    yard.spec.app.image = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:unpullable".into();
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    let sent = |id: &str| view.rows.iter().find(|row| row.id == id).unwrap().sent;
    assert_eq!((sent("eu-west-1/service"), sent("us-east-1/service")), (1, 0));
}
