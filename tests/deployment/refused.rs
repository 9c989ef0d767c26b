//! What cannot be deployed is said before anything is made, or in AWS's own words.

use crate::yard::{Until, Verb, Yard, asked, told};
use serde_json::json;
use tandem::deploy::apply::Ended;
use tandem::deploy::board::View;
use tandem::deploy::plan::Action;
use tandem::deploy::stack;
use tandem::model::spec::Network;
use tandem::stage::simulator;

#[test]
fn networks_that_overlap_are_refused_with_both_regions() {
    let mut spec = tandem::config::simulated_spec();
    if let Network::Made { cidr, .. } = &mut spec.regions[1].network {
        *cidr = "10.0.128.0/20".into();
    }
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
    let fits = |line: &&String| line.starts_with("stuck zone") && line.contains("example.org");
    assert!(said.iter().find(fits).is_some_and(|line| line.contains("[dns] zone")), "{said:#?}");
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

/// How a run ends that cannot come to its end.
async fn failed(yard: &Yard) -> View {
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    view
}

fn is_done(view: &View, id: &str) -> bool {
    let failed = view.failures().any(|(row, _)| row.id == id);
    !failed && view.rows.iter().any(|row| row.id == id && row.ended.is_some())
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_aws_does_not_have_is_said_by_the_plan_and_fails_its_branch() {
    let mut yard = Yard::empty(12);
    yard.spec.database.version = "16.99".into();
    let said = told(&yard.plan().await);
    let line = said.iter().find(|line| line.starts_with("stuck")).unwrap();
    assert!(line.starts_with("stuck global-db [database] version: 16.99") && line.contains("16.6"), "{line}");
    let view = failed(&yard).await;
    let failures: Vec<_> = view.failures().collect();
    assert_eq!(failures.iter().map(|(row, _)| row.id.as_str()).collect::<Vec<_>>(), ["global-db"]);
    assert!(failures[0].1.why.contains("16.99"));
    assert!(is_done(&view, "eu-west-1/alb"), "others go on");
}

#[tokio::test(start_paused = true)]
async fn a_version_that_aws_does_not_have_is_no_upgrade() {
    let mut yard = Yard::empty(12);
    yard.run(Verb::Apply).await;
    yard.spec.database.version = "16.99".into();
    let said = told(&yard.plan().await);
    assert!(said.iter().any(|line| line.starts_with("stuck global-db [database] version: 16.99")), "{said:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_class_that_a_region_does_not_have_is_said_by_the_plan() {
    let mut yard = Yard::empty(12);
    yard.spec.database.class = "db.r6g.huge".into();
    let said = told(&yard.plan().await);
    for region in ["us-east-1", "eu-west-1"] {
        let start = format!("stuck {region}/db-1 [database] class: {region} has no db.r6g.huge");
        let line = said.iter().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{said:#?}"));
        assert!(line.contains("use one like db.r6g.large"), "{line}");
    }
    // burstable ones are there, and not for a global database
    yard.spec.database.class = "db.t4g.medium".into();
    let view = failed(&yard).await;
    let (row, why) = view.failures().next().unwrap();
    assert!(row.id.ends_with("/db-1") || row.id.ends_with("/db-2"), "{}", row.id);
    assert!(why.why.contains("db.t4g.medium") && why.advice.contains("[database] class"), "{why}; {}", why.advice);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_enabled_is_said_with_the_key() {
    let mut spec = tandem::config::simulated_spec();
    spec.regions[1].name = "ap-east-1".into();
    spec.stack.regions[1] = "ap-east-1".into();
    let zone = spec.stack.zone.clone();
    let yard = Yard::on(simulator::account(12, &zone, 1.0).unwrap(), spec);
    let plan = yard.plan().await;
    for row in plan.obstacles() {
        let Action::Unknown(error) = &row.action else { panic!("{row:?}") };
        assert!(row.region == "ap-east-1", "{row:?}");
        assert!(error.message.contains("security token included in the request is invalid"), "{error}");
    }
    let view = failed(&yard).await;
    for (row, why) in view.failures() {
        assert!(row.id.contains("ap-east-1"), "{}: {why}", row.id);
        assert!(
            why.advice.contains("not enabled") && why.advice.contains("[[regions]] name"),
            "{}: {why}; {}",
            row.id,
            why.advice
        );
    }
    assert!(is_done(&view, "us-east-1/service"), "others go on");
}

#[tokio::test(start_paused = true)]
async fn an_image_that_cannot_be_pulled_is_said_in_awss_words_and_with_the_key() {
    let mut yard = Yard::empty(12);
    yard.spec.app.image = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:unpullable".into();
    let view = failed(&yard).await;
    for region in ["us-east-1", "eu-west-1"] {
        let service = format!("{region}/service");
        let (_, why) = view.failures().find(|(row, _)| row.id == service).unwrap();
        assert!(why.why.contains("CannotPullContainerError") && why.why.contains(region), "{why}");
        assert!(why.advice.contains("[app] image"), "{}", why.advice);
        assert!(is_done(&view, &format!("{region}/db-1")), "others go on");
    }
}
