//! Where an operator sits: a simulated stack, what is seen of it, and what is done to it.

use crate::watchdog;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;
use tandem::config;
use tandem::control::journal::Journal;
use tandem::control::lease::{Holder, Table};
use tandem::model::operation::{Operation, RunState};
use tandem::model::plan::{Kind, Plan};
use tandem::model::snapshot::Snapshot;
use tandem::model::stack::{Fence, Stack};
use tandem::model::verdict::{self, Verdict};
use tandem::observe::Observer;
use tandem::operate::Wish;
use tandem::operate::run::Operator;
use tandem::stage::Stage;
use tandem::stage::simulator::{self, Shape, Simulator};
use tandem_sim::calls::Call;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::truth::Served;
use tandem_sim::{World, services};

pub const VIRGINIA: &str = "us-east-1";
pub const IRELAND: &str = "eu-west-1";

/// How long any of these tests may take of the machine's time: about ten times what they need.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Desk {
    pub simulator: Simulator,
    pub stage: Stage,
    pub stack: Stack,
    pub observer: Observer,
    pub operator: Operator,
    _watchdog: Sender<()>,
}

impl Desk {
    /// The ready stack, with everything looked at once. The seed makes the SDK's retries repeatable as
    /// well: their jitter comes from this thread's `fastrand`.
    pub async fn open(seed: u64) -> Self {
        Self::of(seed, config::simulated()).await
    }

    /// The same, and leases on the epoch fence it.
    pub async fn guarded(seed: u64) -> Self {
        let desk = Self::of(seed, Stack { fence: Fence::Guard, ..config::simulated() }).await;
        let holder = Holder { who: "alice@laptop".into(), id: "alice@laptop 1".into(), what: "console".into() };
        let operator = desk.operator.clone().sharing(desk.control(), holder);
        Self { operator, ..desk }
    }

    /// The control table.
    pub fn control(&self) -> Table {
        Table { name: self.stack.control_table(), regions: config::simulated_spec().control_regions }
    }

    async fn of(seed: u64, stack: Stack) -> Self {
        let watchdog = watchdog::watch(PATIENCE);
        fastrand::seed(seed);
        let simulator = simulator::ready(seed, &Shape::default(), 1.0).unwrap();
        let mut regions = stack.regions.clone();
        regions.extend(config::simulated_spec().control_regions);
        let stage = simulator.stage(regions);
        let (aws, clock) = (stage.aws.clone(), stage.clock.clone());
        let observer = Observer::start(aws.clone(), stage.vantage.clone(), clock.clone(), stack.clone(), true);
        let operator = Operator::new(
            aws,
            clock.clone(),
            stack.clone(),
            observer.snapshots(),
            observer.events(),
            observer.refresh(),
            Journal::off(),
        );
        let desk = Self { simulator, stage, stack, observer, operator, _watchdog: watchdog };
        desk.observer.settled(&clock, Duration::from_secs(30)).await;
        // A capacity rule wants a minute of metrics, and checks come last.
        desk.pass(60).await;
        desk
    }

    pub async fn pass(&self, seconds: u64) {
        self.stage.clock.sleep(Duration::from_secs(seconds)).await;
    }

    pub fn now(&self) -> Timestamp {
        self.stage.clock.now()
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.observer.snapshots().borrow().clone()
    }

    pub fn verdict(&self, region: &str) -> Verdict {
        let snapshot = self.snapshot();
        verdict::of_region(&snapshot, snapshot.region(region).unwrap(), self.now())
    }

    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.simulator.with(look)
    }

    /// Starts a fault of this kind in Virginia, or one that knows no Region.
    pub fn break_virginia(&self, kind: &str, minutes: u64) {
        self.fault(kind, (kind != "F21").then_some(VIRGINIA), minutes);
    }

    pub fn fault(&self, kind: &str, region: Option<&str>, minutes: u64) {
        let spec = FaultSpec {
            kind: kind.into(),
            region: region.map(String::from),
            duration_s: Some((minutes * 60) as f64),
            ..FaultSpec::default()
        };
        self.world(|world| faults::start(world, spec)).unwrap();
    }

    /// Waits until this holds; tells after how many seconds.
    pub async fn until(&self, what: &str, within_s: u64, holds: impl Fn(&Self) -> bool) -> u64 {
        for second in 0..within_s {
            if holds(self) {
                return second;
            }
            self.pass(1).await;
        }
        let verdicts: Vec<_> = self.stack.regions.iter().map(|region| (region, self.verdict(region))).collect();
        panic!("not within {within_s} s: {what}; {verdicts:?}");
    }

    pub fn wish(kind: Kind, region: &str) -> Wish {
        Wish { kind, region: region.into(), tasks: None }
    }

    /// Looks again and plans, as the console does.
    pub async fn plan(&self, wish: &Wish) -> Plan {
        self.observer.look_again(&self.stage.clock, Duration::from_secs(15)).await;
        self.operator.prepare(wish).await.unwrap();
        self.operator.plan(wish).unwrap()
    }

    /// Plans, starts and waits for the end.
    pub async fn carry_out(&self, wish: &Wish, within_s: u64) -> Operation {
        let plan = self.plan(wish).await;
        let id = self.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
        self.ended(id, within_s).await
    }

    pub async fn ended(&self, id: u64, within_s: u64) -> Operation {
        for _ in 0..within_s {
            let operation = self.operation(id);
            match operation.state {
                RunState::Completed => return operation,
                RunState::PausedByFailedStep | RunState::Canceled => break,
                RunState::Pending | RunState::InProgress => self.pass(1).await,
            }
        }
        let operation = self.operation(id);
        panic!("{} is {}: {:#?}", operation.name(), operation.state.word(), operation.steps);
    }

    pub fn operation(&self, id: u64) -> Operation {
        self.operator.operations().borrow().iter().find(|run| run.id == id).cloned().unwrap()
    }

    /// Calls since `from` that change something or would. Heartbeats and canaries are left out: looking makes
    /// them.
    pub fn mutations(&self, from: Timestamp) -> Vec<Call> {
        let looking = |call: &Call| matches!(call.service, "rds-data" | "dynamodb");
        self.calls(from).into_iter().filter(|call| !reads(call) && !looking(call)).collect()
    }

    /// Calls since `from`.
    pub fn calls(&self, from: Timestamp) -> Vec<Call> {
        let from = from.as_millisecond() as u64;
        self.world(|world| world.calls.iter().filter(|call| call.at.0 >= from).cloned().collect())
    }

    /// What users got since they came.
    pub fn served(&self) -> Served {
        let (all, failed) = self.world(|world| world.truth.requests());
        Served { ok: all - failed, failed }
    }

    /// The share of requests that failed since `before` was taken.
    pub fn failing_since(&self, before: Served) -> f64 {
        share(before, self.served())
    }

    /// What users got who honour the time to live of an answer: those whom an operator can help.
    pub fn honouring(&self) -> Served {
        self.world(|world| world.users.totals.honouring)
    }

    /// The share of connections of `place` that go to `region`.
    pub fn connected(&self, place: &str, region: &str) -> f64 {
        let shares = self.world(|world| world.users.shares(world));
        shares.iter().filter(|(at, to, _)| *at == place && to == region).map(|(_, _, share)| share).sum()
    }

    /// How many places are sent to `region`, and how many probes failed, by the newest snapshot.
    pub fn places(&self, region: &str) -> (usize, usize) {
        let snapshot = self.snapshot();
        let answers = snapshot.answers.value.as_deref().unwrap_or_default();
        let sent = answers.iter().filter(|answer| answer.region.as_deref() == Some(region)).count();
        (sent, answers.iter().filter(|answer| answer.visit.ok() == Some(false)).count())
    }
}

pub fn share(before: Served, after: Served) -> f64 {
    let failed = after.failed - before.failed;
    failed as f64 / (after.ok - before.ok + failed).max(1) as f64
}

/// Whether the call only looks.
pub fn reads(call: &Call) -> bool {
    let mut operations = services::ALL.iter().filter(|service| service.scope == call.service);
    let known = operations.find_map(|service| service.operations.iter().find(|known| known.name == call.operation));
    known.is_some_and(|operation| operation.reads)
}
