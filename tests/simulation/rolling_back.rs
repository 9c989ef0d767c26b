//! An update that went wrong is taken back in one Region.

use crate::desk::{Desk, IRELAND, VIRGINIA};
use serde_json::json;
use tandem::cloud;
use tandem::cloud::look::ecs::task_definition;
use tandem::model::call::Call;
use tandem::model::outcome::Outcome;
use tandem::model::plan::Kind;
use tandem::operate::PlanError;

async fn sent(desk: &Desk, operation: &str, input: serde_json::Value) {
    let outcome = cloud::send(&desk.stage.aws, &Call::request(IRELAND, "ecs", operation, input)).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{operation}: {outcome:?}");
}

/// What the service of a Region is to run, and how many deployments it has.
fn runs(desk: &Desk, region: &str) -> (String, usize) {
    let snapshot = desk.snapshot();
    let service = snapshot.region(region).unwrap().service.current(desk.now()).unwrap().clone();
    (service.task_definition.rsplit('/').next().unwrap().to_string(), service.deployments.len())
}

#[tokio::test(start_paused = true)]
async fn a_region_runs_again_what_it_ran_before() {
    let desk = Desk::open(17).await;
    let wish = Desk::wish(Kind::RollBack, IRELAND);
    desk.operator.prepare(&wish).await.unwrap();
    assert!(matches!(desk.operator.plan(&wish), Err(PlanError::Nothing(_))), "nothing ran before");

    let (old, _) = runs(&desk, IRELAND);
    let (family, number) = old.rsplit_once(':').unwrap();
    let found = task_definition(&desk.stage.aws, IRELAND, family).await.unwrap();
    let mut input = found.is.clone();
    input["containerDefinitions"][0]["image"] = json!("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:bad");
    sent(&desk, "RegisterTaskDefinition", input).await;
    let new = format!("{family}:{}", number.parse::<u32>().unwrap() + 1);
    let cluster = desk.stack.cluster(IRELAND);
    sent(
        &desk,
        "UpdateService",
        json!({ "cluster": cluster, "service": desk.stack.service(IRELAND), "taskDefinition": new }),
    )
    .await;
    desk.until("the update is done", 1200, |desk| runs(desk, IRELAND) == (new.clone(), 1)).await;

    let before = desk.served();
    let plan = desk.plan(&wish).await;
    assert!(plan.effects[0].contains("instead of 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:bad"));
    desk.carry_out(&wish, 1500).await;
    assert_eq!(runs(&desk, IRELAND), (old.clone(), 1));
    assert_eq!(runs(&desk, VIRGINIA).1, 1);
    assert!(desk.failing_since(before) < 0.001, "users feel nothing of it");
    // the revision that was bad stays registered: it is newer, and a plan of the deployment will want the file's again
    let newest = task_definition(&desk.stage.aws, IRELAND, family).await.unwrap();
    assert!(newest.gift("arn").ends_with(&new), "{}", newest.gift("arn"));
}
