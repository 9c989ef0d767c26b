//! What an operator took back, a plan tells of, and an apply brings to what the file says.

use crate::yard::{Verb, Yard, asked, told};
use serde_json::json;
use std::time::Duration;
use tandem::cloud;
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
