//! What an operator took back, a plan tells of, and an apply brings to what the file says.

use crate::yard::{Until, Verb, Yard, asked, told};
use serde_json::json;
use std::time::Duration;
use tandem::cloud;
use tandem::deploy::apply::Ended;
use tandem::model::call::Call;
use tandem::model::outcome::Outcome;

#[tokio::test(start_paused = true)]
async fn an_update_keeps_the_revision_before_and_a_plan_after_a_roll_back_wants_the_file() {
    let mut yard = Yard::empty(51);
    yard.run(Verb::Apply).await;
    yard.spec.app.image = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:2.0".into();
    yard.run(Verb::Apply).await;
    let revisions = cloud::ecs::revisions(&yard.stage.aws, "eu-west-1", "shop", "shop-web").await.unwrap();
    assert_eq!(revisions.now.images, ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:2.0"]);
    let before = revisions.before.unwrap();
    assert_ne!(before.images, revisions.now.images);
    let active = yard.simulator.with(|world| {
        asked(
            world,
            "eu-west-1",
            "ecs",
            "ListTaskDefinitions",
            json!({ "familyPrefix": "shop-web", "status": "ACTIVE" }),
        )
    });
    assert_eq!(active["taskDefinitionArns"].as_array().map(Vec::len), Some(2), "{active}");

    let input = json!({ "cluster": "shop", "service": "shop-web", "taskDefinition": before.arn });
    let sent = cloud::send(&yard.stage.aws, &Call::request("eu-west-1", "ecs", "UpdateService", input)).await;
    assert!(matches!(sent, Outcome::Done { .. }), "{sent:?}");
    yard.stage.clock.sleep(Duration::from_secs(1200)).await;
    let said = told(&yard.plan().await);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].starts_with("update eu-west-1/service taskDefinition "), "{said:#?}");
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    let again = cloud::ecs::revisions(&yard.stage.aws, "eu-west-1", "shop", "shop-web").await.unwrap();
    assert_eq!(again.now, revisions.now);
}

/// What stands may still answer with errors: an alarm that rings while a change bakes keeps it from the next Region.
#[tokio::test(start_paused = true)]
async fn a_change_goes_no_further_while_an_alarm_rings_where_it_came_first() {
    let mut yard = Yard::empty(52);
    yard.run(Verb::Apply).await;
    yard.spec.app.image = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:2.0".into();
    let rings = async {
        let clock = yard.stage.clock.clone();
        loop {
            let alarm = json!({ "AlarmName": "shop-5xx", "StateValue": "ALARM", "StateReason": "a test" });
            yard.simulator.with(|world| asked(world, "eu-west-1", "monitoring", "SetAlarmState", alarm));
            clock.sleep(Duration::from_secs(1)).await;
        }
    };
    let ended = tokio::select! {
        ended = yard.process(Verb::Apply, "alice@laptop", Until::End) => ended,
        () = rings => None,
    };
    let Some(Ok(Ended::Failed(view))) = ended else { panic!("{ended:?}") };
    let failures: Vec<_> = view.failures().map(|(row, why)| (row.id.as_str(), why.to_string())).collect();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0].0 == "us-east-1/service" && failures[0].1.contains("shop-5xx rings there"), "{failures:?}");
    let runs =
        async |region: &str| cloud::ecs::revisions(&yard.stage.aws, region, "shop", "shop-web").await.unwrap().now;
    assert!(runs("eu-west-1").await.images[0].ends_with(":2.0"));
    assert!(runs("us-east-1").await.images[0].ends_with(":1.0"), "the bad image reaches one Region");
    yard.run(Verb::Apply).await;
    assert!(runs("us-east-1").await.images[0].ends_with(":2.0"), "when the alarm is quiet the change goes on");
}
