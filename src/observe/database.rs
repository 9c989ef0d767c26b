//! The sources of one Region's member of the global database. Every Region is asked for the whole of it, so that
//! it can be seen from the others when one hangs.

use super::budget::Budget;
use super::poller::{Pace, Place, look, of_region, pause, rest};
use super::regional::MINUTES;
use super::{Eyes, every};
use crate::cloud;
use crate::model::database::{self, KeptWrites};
use crate::model::observed::{Observed, elapsed};
use crate::model::outcome::CallError;
use crate::model::snapshot::RegionView;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long back the events of a cluster are read, hours.
const EVENTS: i64 = 3;
/// How often it is looked whether any Region has told of the global cluster.
const SOON: Duration = Duration::from_millis(200);

/// Calls a second; RDS's limits are of the account and not documented.
struct Budgets {
    rds: Budget,
    cloudwatch: Budget,
}

pub(super) fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes, region: &str) {
    let budgets = Arc::new(Budgets { rds: Budget::new(2.0, 8.0), cloudwatch: Budget::new(1.0, 4.0) });
    let me = Sources { eyes: eyes.clone(), region: region.to_string(), budgets };
    pollers.spawn(me.clone().global());
    pollers.spawn(me.clone().cluster());
    pollers.spawn(me.clone().lag());
    pollers.spawn(me.events());
}

#[derive(Clone)]
struct Sources {
    eyes: Eyes,
    region: String,
    budgets: Arc<Budgets>,
}

impl Sources {
    fn place<T: 'static>(&self, pick: fn(&mut RegionView) -> &mut Observed<T>) -> Place<T> {
        of_region(&self.region, pick)
    }

    async fn global(self) {
        let place = self.place(|region| &mut region.global);
        let (id, mut failures) = (self.eyes.stack.global_cluster(), 0);
        loop {
            let pace = Pace { every: every::GLOBAL, budget: &self.budgets.rds, calls: 1.0 };
            let ask = cloud::rds::global(&self.eyes.aws, &self.region, &id);
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }

    /// The name of this Region's cluster: as any Region's newest answer has it, else the one that follows from
    /// the stack's.
    async fn member(&self) -> String {
        let from_stack = || self.eyes.stack.member(&self.region);
        loop {
            let told = self.eyes.board.read(|snapshot| {
                if let Some(global) = database::newest(snapshot).and_then(|seen| seen.value.as_ref()) {
                    return Some(global.member(&self.region).map(|member| name_of(&member.cluster_arn).to_string()));
                }
                let nowhere = snapshot.regions.iter().all(|region| region.global.failing.is_some());
                nowhere.then_some(None)
            });
            match told {
                Some(name) => return name.unwrap_or_else(from_stack),
                None => self.eyes.clock.sleep(SOON).await,
            }
        }
    }

    async fn cluster(self) {
        let place = self.place(|region| &mut region.cluster);
        let (mut failures, mut kept) = (0, Kept::default());
        loop {
            let pace = Pace { every: every::CLUSTER, budget: &self.budgets.rds, calls: 3.0 };
            let ask = async {
                let name = self.member().await;
                let writes = kept.read(&self.eyes, &self.region, &name).await?;
                cloud::rds::cluster(&self.eyes.aws, &self.region, &name, writes).await
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            if pause(&self.eyes, wait).await {
                kept.due = true;
            }
        }
    }

    async fn lag(self) {
        let place = self.place(|region| &mut region.lag);
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::LAG, budget: &self.budgets.cloudwatch, calls: 1.0 };
            let ask = async {
                let name = self.member().await;
                let to = self.eyes.board.now();
                let from = to - SignedDuration::from_mins(MINUTES);
                cloud::cloudwatch::lag(&self.eyes.aws, &self.region, &name, from, to).await
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            rest(&self.eyes, wait).await;
        }
    }

    async fn events(self) {
        let place = self.place(|region| &mut region.database_events);
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::DATABASE_EVENTS, budget: &self.budgets.rds, calls: 1.0 };
            let ask = async {
                let name = self.member().await;
                let since = self.eyes.board.now() - SignedDuration::from_hours(EVENTS);
                cloud::rds::events(&self.eyes.aws, &self.region, &name, since).await
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }
}

/// Snapshots of lost writes, which are listed less often than the cluster is looked at.
#[derive(Default)]
struct Kept {
    last: Option<(Timestamp, Vec<KeptWrites>)>,
    due: bool,
}

impl Kept {
    /// The last list stands while it is young, or when another cannot be had; one that was never had is not
    /// taken to be empty.
    async fn read(&mut self, eyes: &Eyes, region: &str, cluster: &str) -> Result<Vec<KeptWrites>, CallError> {
        let now = eyes.board.now();
        if let Some((at, list)) = &self.last
            && !self.due
            && elapsed(*at, now) < every::KEPT_WRITES
        {
            return Ok(list.clone());
        }
        match (cloud::rds::kept_writes(&eyes.aws, region, cluster).await, &self.last) {
            (Ok(list), _) => {
                self.due = false;
                self.last = Some((now, list.clone()));
                Ok(list)
            }
            (Err(_), Some((_, list))) => Ok(list.clone()),
            (Err(why), None) => Err(why),
        }
    }
}

/// The name of a cluster, from its ARN or its name.
fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}
