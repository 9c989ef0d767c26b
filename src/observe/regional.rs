//! The sources of one Region.

use super::budget::Budget;
use super::poller::{Pace, Place, look, of_region, pause, rest, seen};
use super::{Eyes, every};
use crate::cloud;
use crate::cloud::cloudwatch::TrafficOf;
use crate::cloud::discover::Wanted;
use crate::model::observed::Observed;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::{BalancerView, RegionView};
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How many minutes of metrics are kept for sparklines.
pub(super) const MINUTES: i64 = 45;

/// Calls a second to each service of one Region. ECS refills 20 reads a second for the whole account
/// (ECS, request throttling); Tandem takes a fifth of that at the most.
struct Budgets {
    ecs: Budget,
    elb: Budget,
    other: Budget,
}

pub(super) fn spawn(pollers: &mut JoinSet<()>, eyes: &Eyes, region: &str) {
    let budgets =
        Arc::new(Budgets { ecs: Budget::new(4.0, 12.0), elb: Budget::new(2.0, 8.0), other: Budget::new(1.0, 4.0) });
    let changed = Arc::new(Notify::new());
    let me = Sources { eyes: eyes.clone(), region: region.to_string(), budgets, changed };
    pollers.spawn(me.clone().service());
    pollers.spawn(me.clone().tasks());
    pollers.spawn(me.clone().scaling());
    pollers.spawn(me.clone().balancer());
    pollers.spawn(me.clone().targets());
    pollers.spawn(me.clone().switches());
    pollers.spawn(me.traffic());
}

#[derive(Clone)]
struct Sources {
    eyes: Eyes,
    region: String,
    budgets: Arc<Budgets>,
    /// Rung when the service's counts or deployments are not what they were.
    changed: Arc<Notify>,
}

impl Sources {
    fn place<T: 'static>(&self, pick: fn(&mut RegionView) -> &mut Observed<T>) -> Place<T> {
        of_region(&self.region, pick)
    }

    async fn service(self) {
        let place = self.place(|region| &mut region.service);
        let (cluster, service) = (self.eyes.stack.cluster(&self.region), self.eyes.stack.service(&self.region));
        let (mut failures, mut last) = (0, None);
        loop {
            let pace = Pace { every: every::SERVICE, budget: &self.budgets.ecs, calls: 1.0 };
            let ask = cloud::ecs::service(&self.eyes.aws, &self.region, &cluster, &service);
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            let seen = self.eyes.board.read(|snapshot| {
                let service = snapshot.region(&self.region)?.service.value.as_ref()?;
                Some((service.running, service.pending, service.deployments.clone()))
            });
            if seen != last {
                self.changed.notify_one();
                last = seen;
            }
            pause(&self.eyes, wait).await;
        }
    }

    async fn tasks(self) {
        let mut zoom = self.eyes.zoom.clone();
        let place = self.place(|region| &mut region.tasks);
        let (cluster, service) = (self.eyes.stack.cluster(&self.region), self.eyes.stack.service(&self.region));
        let mut failures = 0;
        loop {
            let zoomed = zoom.borrow_and_update().as_deref() == Some(self.region.as_str());
            let every = if zoomed { every::TASKS_ZOOMED } else { every::TASKS };
            let running = self.eyes.board.read(|snapshot| {
                snapshot.region(&self.region).and_then(|r| r.service.value.as_ref()).map_or(0, |s| s.running)
            });
            let calls = 2.0 + f64::from(running.div_ceil(100)) * 2.0;
            let pace = Pace { every, budget: &self.budgets.ecs, calls };
            let ask = cloud::ecs::tasks(&self.eyes.aws, &self.region, &cluster, &service);
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            // A service in motion changes with every look: one look at its tasks in five seconds is enough.
            let soonest = wait.min(every::TASKS_ZOOMED);
            self.eyes.clock.sleep(soonest).await;
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                changed = zoom.changed() => if changed.is_err() { return },
                () = self.eyes.refresh.notified() => {}
                () = rest(&self.eyes, wait.saturating_sub(soonest)) => {}
            }
        }
    }

    async fn scaling(self) {
        let place = self.place(|region| &mut region.scaling);
        let resource = self.eyes.stack.scaling_resource(&self.region);
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::SCALING, budget: &self.budgets.other, calls: 1.0 };
            let ask = cloud::scaling::target(&self.eyes.aws, &self.region, &resource);
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }

    async fn balancer(self) {
        let place = self.place(|region| &mut region.balancer);
        let stack = &self.eyes.stack;
        let (name, group) = (stack.balancer(&self.region), stack.target_group(&self.region));
        let wanted = Wanted {
            stack: &stack.name,
            balancer: &name,
            target_group: &group,
            listener: stack.listener(&self.region),
        };
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::BALANCER, budget: &self.budgets.elb, calls: 4.0 };
            let ask = cloud::discover::balancer(&self.eyes.aws, &self.region, wanted);
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }

    /// What discovery found; while it has found nothing yet, why not.
    async fn found(&self) -> Result<BalancerView, CallError> {
        seen(&self.eyes, |snapshot| Some(&snapshot.region(&self.region)?.balancer)).await
    }

    async fn targets(self) {
        let place = self.place(|region| &mut region.targets);
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::TARGETS, budget: &self.budgets.elb, calls: 1.0 };
            let ask = async {
                let found = self.found().await?;
                cloud::elbv2::targets(&self.eyes.aws, &self.region, &found.target_group_arn).await
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }

    async fn switches(self) {
        let place = self.place(|region| &mut region.switches);
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::SWITCHES, budget: &self.budgets.elb, calls: 1.0 };
            let ask = async {
                let found = self.found().await?;
                let listener = found.listener_arn.ok_or_else(|| {
                    CallError::new(ErrorClass::NotFound, "the load balancer has no listener for the switches")
                })?;
                let mut switches = cloud::elbv2::switches(&self.eyes.aws, &self.region, &listener).await?;
                if let Some(former) = found.former_listener_arn {
                    switches.extend(cloud::elbv2::switches(&self.eyes.aws, &self.region, &former).await?);
                }
                Ok(switches)
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            pause(&self.eyes, wait).await;
        }
    }

    async fn traffic(self) {
        let place = self.place(|region| &mut region.traffic);
        let (cluster, service) = (self.eyes.stack.cluster(&self.region), self.eyes.stack.service(&self.region));
        let mut failures = 0;
        loop {
            let pace = Pace { every: every::TRAFFIC, budget: &self.budgets.other, calls: 1.0 };
            let ask = async {
                let found = self.found().await?;
                let to = self.eyes.board.now();
                let from = to - SignedDuration::from_mins(MINUTES);
                let of = TrafficOf {
                    balancer_arn: &found.arn,
                    target_group_arn: &found.target_group_arn,
                    cluster: &cluster,
                    service: &service,
                };
                cloud::cloudwatch::traffic(&self.eyes.aws, &self.region, of, from, to).await
            };
            let wait = look(&self.eyes, pace, &mut failures, &place, ask).await;
            rest(&self.eyes, wait).await;
        }
    }
}
