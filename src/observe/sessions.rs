//! The sources of one Region's session table.

use super::budget::Budget;
use super::canary::Canaries;
use super::poller::{Pace, look, of_region, pause, rest, seen};
use super::regional::MINUTES;
use super::{Eyes, every};
use crate::cloud;
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes, region: &str) {
    // DescribeTable is of the control plane, which allows 2,500 calls a second (DynamoDB, quotas).
    let budget = Arc::new(Budget::new(2.0, 8.0));
    pollers.spawn(table(eyes.clone(), region.to_string(), budget.clone()));
    pollers.spawn(replication(eyes.clone(), region.to_string()));
    if !eyes.stack.lacks().canaries {
        Canaries::spawn(pollers, eyes, region, budget);
    }
}

async fn table(eyes: Eyes, region: String, budget: Arc<Budget>) {
    let place = of_region(&region, |region| &mut region.table);
    let (name, mut failures) = (eyes.stack.sessions_table(), 0);
    loop {
        let pace = Pace { every: every::TABLE, budget: &budget, calls: 1.0 };
        let ask = cloud::dynamodb::table(&eyes.aws, &region, &name);
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        pause(&eyes, wait).await;
    }
}

async fn replication(eyes: Eyes, region: String) {
    let place = of_region(&region, |region| &mut region.replication);
    let (name, budget, mut failures) = (eyes.stack.sessions_table(), Budget::new(1.0, 4.0), 0);
    let peers: Vec<&str> = eyes.stack.peers(&region).collect();
    loop {
        let pace = Pace { every: every::REPLICATION, budget: &budget, calls: 1.0 };
        let ask = async {
            seen(&eyes, |snapshot| Some(&snapshot.region(&region)?.table)).await?;
            let to = eyes.board.now();
            let from = to - SignedDuration::from_mins(MINUTES);
            cloud::cloudwatch::replication(&eyes.aws, &region, &name, &peers, from, to).await
        };
        let wait = look(&eyes, pace, &mut failures, &place, ask).await;
        rest(&eyes, wait).await;
    }
}
