//! A running database goes to another minor version.

use crate::yard::{Until, Verb, Yard, asked, told};
use serde_json::{Value, json};
use std::time::Duration;
use tandem::cloud;
use tandem::deploy::apply::Ended;
use tandem::model::call::{Act, Call};
use tandem::model::outcome::Outcome;

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

/// The version of every member, by the order of the Regions, and of the global cluster.
fn versions(yard: &Yard) -> Vec<String> {
    yard.simulator.with(|world| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let clusters = REGIONS.map(|region| asked(world, region, "rds", "DescribeDBClusters", json!({})));
        let global = asked(world, "us-east-1", "rds", "DescribeGlobalClusters", json!({}));
        let members = clusters.iter().map(|answer| text(&answer["DBClusters"][0]["EngineVersion"]));
        members.chain([text(&global["GlobalClusters"][0]["EngineVersion"])]).collect()
    })
}

fn writer(yard: &Yard) -> Option<String> {
    yard.simulator.with(|world| world.aurora.globals["shop-db"].writer.clone().map(|key| key.0))
}

#[tokio::test(start_paused = true)]
async fn a_minor_upgrade_reaches_the_writer_last_wherever_it_is() {
    let mut yard = Yard::empty(31);
    yard.run(Verb::Apply).await;
    let target_arn = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-db-eu-west-1".to_string();
    let act = Act::SwitchoverGlobalCluster { global: "shop-db".into(), target_arn };
    let outcome = cloud::send(&yard.stage.aws, &Call::new("us-east-1", act)).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    yard.stage.clock.sleep(Duration::from_secs(1800)).await;
    assert_eq!(writer(&yard).as_deref(), Some("eu-west-1"));

    yard.spec.database.version = "16.10".into();
    let plan = yard.plan().await;
    let rows = ["update eu-west-1/db", "update global-db", "update us-east-1/db"];
    let mut said = told(&plan);
    said.sort();
    assert_eq!(said, rows.map(|row| format!("{row} EngineVersion 16.6 -> 16.10")));
    assert_eq!(plan.obstacles().count(), 0);
    assert!(plan.expected >= Duration::from_secs(14 * 60), "{:?}", plan.expected);

    let view = yard.run(Verb::Apply).await;
    assert_eq!(view.sent(), 2, "a call for each member");
    let sent: Vec<Call> = yard.paper.records().into_iter().filter_map(intent).collect();
    let order: Vec<&str> = sent.iter().map(|call| call.region.as_str()).collect();
    assert_eq!(order, ["us-east-1", "eu-west-1"]);
    assert_eq!(versions(&yard), ["16.10"; 3]);
    assert_eq!(writer(&yard).as_deref(), Some("eu-west-1"), "it stays where it was");
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
}

/// The upgrades among the calls.
fn intent(record: tandem::control::journal::Record) -> Option<Call> {
    match record.what {
        tandem::control::journal::What::Intent { call, .. } => {
            Some(call).filter(|call| call.operation() == "ModifyDBCluster" && !call.input()["EngineVersion"].is_null())
        }
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_minor_upgrade_is_said_before_anything_is_done() {
    let mut yard = Yard::empty(32);
    yard.run(Verb::Apply).await;
    for (version, words) in [("17.4", "another major version"), ("16.4", "Aurora does not go back")] {
        yard.spec.database.version = version.into();
        let plan = yard.plan().await;
        let said = told(&plan);
        assert!(said.iter().any(|line| line.starts_with("stuck global-db") && line.contains(words)), "{said:#?}");
        assert!(plan.obstacles().any(|row| row.id == "eu-west-1/db"), "{said:#?}");
    }
    // no such version: it is said before anything is sent, and the members stay together
    yard.spec.database.version = "16.7".into();
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    let (_, why) = view.failures().find(|(row, _)| row.id == "global-db").unwrap();
    assert!(why.to_string().contains("[database] version: 16.7: AWS has no such version"), "{why}");
    assert_eq!(versions(&yard), ["16.6"; 3]);
}
