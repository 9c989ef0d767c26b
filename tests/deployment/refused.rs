//! What cannot be deployed is said before anything is made, or in AWS's own words.

use crate::yard::{Until, Verb, Yard, asked, told};
use serde_json::json;
use tandem::deploy::apply::Ended;
use tandem::deploy::stack;

#[test]
fn networks_that_overlap_are_refused_with_both_regions() {
    let mut spec = tandem::config::simulated_spec();
    spec.regions[1].vpc_cidr = "10.0.128.0/20".into();
    let error = stack::graph(&spec).err().unwrap().to_string();
    assert!(error.contains("us-east-1") && error.contains("eu-west-1") && error.contains("10.0.128.0/20"), "{error}");
}

#[test]
fn a_stack_without_an_image_is_refused() {
    let mut spec = tandem::config::simulated_spec();
    spec.app.image = String::new();
    assert!(stack::graph(&spec).err().unwrap().to_string().starts_with("[app] image is missing"));
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_is_not_ours_is_said_by_the_plan() {
    let mut yard = Yard::empty(12);
    yard.spec.stack.zone = "example.org".into();
    yard.spec.stack.policy = "app.example.org".into();
    let said = told(&yard.plan().await);
    assert!(said.iter().any(|line| line.starts_with("stuck zone") && line.contains("example.org")), "{said:#?}");
}

#[tokio::test(start_paused = true)]
async fn what_belongs_to_somebody_else_is_never_touched() {
    let yard = Yard::empty(12);
    let cluster = json!({ "clusterName": "shop" });
    yard.simulator.with(|world| asked(world, "eu-west-1", "ecs", "CreateCluster", cluster));
    let said = told(&yard.plan().await);
    assert!(
        said.iter().any(|line| line.starts_with("stuck eu-west-1/ecs") && line.contains("not tagged")),
        "{said:#?}"
    );
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    let failed: Vec<&str> = view.failures().map(|(row, _)| row.id.as_str()).collect();
    assert_eq!(failed, ["eu-west-1/ecs"]);
    assert!(view.rows.iter().any(|row| row.id == "us-east-1/service" && row.ended.is_some()), "others go on");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_aws_does_not_have_fails_its_branch_in_awss_words() {
    let mut yard = Yard::empty(12);
    yard.spec.database.version = "16.99".into();
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    let (row, why) = view.failures().next().unwrap();
    assert!(why.why.contains("16.99") && why.request_id.is_some(), "{}: {why}", row.id);
    assert!(view.rows.iter().any(|row| row.id == "eu-west-1/alb" && row.ended.is_some()), "others go on");
}
