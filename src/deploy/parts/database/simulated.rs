//! The database is made, moved and taken away in the simulator, call by call.

use super::*;
use crate::cloud;
use crate::config::simulated_spec;
use crate::deploy::decide::{Verdict, judge, lower, raise};
use crate::deploy::given::Given;
use crate::model::call::{Act, Call, Heartbeat};
use crate::model::deploy::Next;
use crate::model::outcome::{ErrorClass, Outcome};
use crate::stage::Stage;
use crate::stage::simulator::Simulator;
use std::collections::BTreeMap;
use tandem_sim::World;

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

struct Run {
    stage: Stage,
    nodes: Vec<Node>,
    given: Given,
    sent: Vec<String>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let simulator = Simulator::new(World::empty(seed), 1.0);
        let stage = simulator.stage(REGIONS.map(String::from).into());
        let mut given = Given::new("shop", "123456789012", BTreeMap::new());
        for region in REGIONS {
            let key = format!("arn:aws:kms:{region}:123456789012:key/1");
            let gives = [("db_subnet_group", "default"), ("database_security_group", "sg-1"), ("db_key", &key)];
            given.learn(&format!("{region}/base"), gives.map(|(name, value)| (name.into(), value.into())).into());
        }
        Self { stage, nodes: nodes(&simulated_spec()), given, sent: vec![] }
    }

    /// Each node after the other, to its end.
    async fn bring(&mut self, up: bool) {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        if !up {
            order.reverse();
        }
        for place in order {
            self.converge(place, up).await;
        }
    }

    async fn converge(&mut self, place: usize, up: bool) {
        let node = &self.nodes[place];
        for _ in 0..2000 {
            let seen =
                node.part.look(&self.stage.aws, &self.given).await.unwrap_or_else(|e| panic!("{}: {e}", node.id));
            let next = if up { raise(node, &seen, &self.given) } else { lower(node, &seen, &self.given) };
            match next {
                Next::Done => {
                    if seen.exists {
                        self.given.learn(&node.id, seen.gives);
                    }
                    return;
                }
                Next::Wait(_) => {}
                Next::Send(call) => {
                    let operation = call.operation().to_string();
                    match cloud::send(&self.stage.aws, &call).await {
                        Outcome::Done { .. } => self.sent.push(format!("{} {operation}", node.id)),
                        Outcome::Refused(error) if error.class == ErrorClass::Conflict => {}
                        other => panic!("{} {operation}: {other:?}", node.id),
                    }
                }
                other => panic!("{}: {other:?}", node.id),
            }
            self.stage.clock.sleep(Duration::from_secs(10)).await;
        }
        panic!("{} does not come to an end", node.id);
    }

    /// What a plan finds to do.
    async fn plan(&self) -> Vec<String> {
        let mut found = vec![];
        for node in &self.nodes {
            let seen =
                node.part.look(&self.stage.aws, &self.given).await.unwrap_or_else(|e| panic!("{}: {e}", node.id));
            let verdict = judge(node, &seen, &self.given);
            if verdict != Verdict::Unchanged {
                found.push(format!("{} {verdict:?}", node.id));
            }
        }
        found
    }

    async fn beat(&self, region: &str, secret: &str) -> Outcome {
        let beat = Heartbeat {
            cluster_arn: format!("arn:aws:rds:{region}:123456789012:cluster:shop-db-{region}"),
            secret: secret.into(),
            database: "app".into(),
            vantage: "test".into(),
            seq: 1,
            epoch: 1,
        };
        cloud::send(&self.stage.aws, &Call::new(region, Act::Heartbeat(beat))).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_database_is_made_moved_and_taken_away() {
    let mut run = Run::new(21);
    assert!(run.plan().await.iter().all(|line| line.ends_with(" Create")));
    run.bring(true).await;
    assert_eq!(run.plan().await, Vec::<String>::new());
    assert!(matches!(run.beat("us-east-1", "shop-heartbeat").await, Outcome::Done { .. }));
    let reader = run.beat("us-east-1", "shop-reader").await;
    assert!(matches!(&reader, Outcome::Refused(error) if error.message.contains("42501")), "{reader:?}");

    let target = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-db-eu-west-1";
    let act = Act::SwitchoverGlobalCluster { global: "shop-db".into(), target_arn: target.into() };
    assert!(matches!(cloud::send(&run.stage.aws, &Call::new("us-east-1", act)).await, Outcome::Done { .. }));
    run.stage.clock.sleep(Duration::from_secs(1800)).await;
    assert_eq!(run.plan().await, Vec::<String>::new(), "who writes is nobody's wish");
    assert!(matches!(run.beat("eu-west-1", "shop-heartbeat").await, Outcome::Done { .. }));

    run.given.final_snapshots = Some("test".into());
    run.sent.clear();
    run.bring(false).await;
    let first = |line: &str| run.sent.iter().position(|sent| sent == line).unwrap_or_else(|| panic!("no {line}"));
    let left = first("eu-west-1/db RemoveFromGlobalCluster");
    assert!(left < first("eu-west-1/db DeleteDBCluster"), "{:?}", run.sent);
    assert!(first("eu-west-1/db DeleteDBCluster") < first("us-east-1/db-1 DeleteDBInstance"));
    assert!(run.plan().await.iter().all(|line| line.ends_with(" Create")), "{:?}", run.plan().await);

    run.bring(true).await;
    assert_eq!(run.plan().await, Vec::<String>::new(), "at once after all was taken away");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_is_mended() {
    let mut run = Run::new(22);
    run.bring(true).await;
    let request = |service: &str, operation: &str, input| Call::request("eu-west-1", service, operation, input);
    let changes = [
        request(
            "rds",
            "ModifyDBCluster",
            serde_json::json!({ "DBClusterIdentifier": "shop-db-eu-west-1", "DeletionProtection": false,
                "EnableLocalWriteForwarding": false, "BackupRetentionPeriod": 1, "ApplyImmediately": true }),
        ),
        request(
            "rds",
            "ModifyDBInstance",
            serde_json::json!({ "DBInstanceIdentifier": "shop-db-eu-west-1-1", "DBInstanceClass": "db.r6g.xlarge",
                "ApplyImmediately": true }),
        ),
        Call::request(
            "us-east-1",
            "secretsmanager",
            "RemoveRegionsFromReplication",
            serde_json::json!({ "SecretId": "shop-reader", "RemoveReplicaRegions": ["eu-west-1"] }),
        ),
    ];
    for call in changes {
        let outcome = cloud::send(&run.stage.aws, &call).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    run.stage.clock.sleep(Duration::from_secs(600)).await;
    assert_eq!(run.plan().await.len(), 3);
    run.sent.clear();
    run.bring(true).await;
    assert_eq!(run.plan().await, Vec::<String>::new());
    let expected = [
        "eu-west-1/secret-reader ReplicateSecretToRegions",
        "eu-west-1/db ModifyDBCluster",
        "eu-west-1/db-1 ModifyDBInstance",
    ];
    assert_eq!(run.sent, expected);
}
