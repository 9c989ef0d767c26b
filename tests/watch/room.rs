//! One simulated world and the watchers in it.

use crate::support::watchdog;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tandem::cloud::control;
use tandem::config;
use tandem::control::journal::Journal;
use tandem::control::lease::Table;
use tandem::deploy::policy::watcher;
use tandem::model::place::Place;
use tandem::model::spec::Spec;
use tandem::model::stack::{FailsOver, Stack};
use tandem::model::watch::inputs::{Off, Promoted};
use tandem::probe::{Boxed, Fetched, ProbeError, Url, Vantage};
use tandem::stage::Stage;
use tandem::stage::simulator::{self, Shape, Simulator};
use tandem::watch::log::Log;
use tandem::watch::run::{Crew, watch};
use tandem::watch::switch;
use tandem_sim::calls::Call;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::{World, services};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const VIRGINIA: &str = "us-east-1";
pub const IRELAND: &str = "eu-west-1";
pub const OHIO: &str = "us-east-2";
pub const VANTAGES: [&str; 3] = [VIRGINIA, IRELAND, OHIO];

/// How long any of these tests may take of the machine's time: about ten times what they need.
const PATIENCE: Duration = Duration::from_secs(600);

pub struct Room {
    pub simulator: Simulator,
    pub stage: Stage,
    pub spec: Spec,
    pub table: Table,
    watchers: BTreeMap<String, Watcher>,
    calls: Vec<Call>,
    _watchdog: Sender<()>,
}

struct Watcher {
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
    lines: Arc<Mutex<Vec<String>>>,
}

/// Where a watcher may move the writer.
pub fn auto(stack: &mut Stack) {
    stack.fails_over = FailsOver::Watcher;
    stack.accepts_unproven_fence = true;
    stack.max_data_loss = Duration::from_secs(600);
}

impl Room {
    /// The ready stack, with nobody who watches it.
    pub fn open(seed: u64, change: impl FnOnce(&mut Stack)) -> Self {
        let watchdog = watchdog::watch(PATIENCE);
        fastrand::seed(seed);
        let mut spec = config::simulated_spec();
        change(&mut spec.stack);
        let simulator = simulator::ready(seed, &Shape::default(), 1.0).unwrap();
        let stage = simulator.stage(regions(&spec));
        let table = Table { name: spec.stack.control_table(), regions: spec.control_regions.clone() };
        Self { simulator, stage, spec, table, watchers: BTreeMap::new(), calls: vec![], _watchdog: watchdog }
    }

    /// The same with a watcher at each vantage, each armed.
    pub async fn watched(seed: u64, change: impl FnOnce(&mut Stack)) -> Self {
        let mut room = Self::open(seed, change);
        VANTAGES.iter().for_each(|region| room.watch(region));
        room.until("everybody is armed", 120, |room| VANTAGES.iter().all(|me| room.said(me, "ARMED") > 0)).await;
        room.until("somebody leads", 60, |room| room.leaders().len() == 1).await;
        // a plan wants a minute of metrics, and a lag that was told
        room.pass(180).await;
        room
    }

    pub fn watch(&mut self, region: &str) {
        let stage = self.simulator.stage(regions(&self.spec));
        self.start(region, &stage, stage.vantage.clone());
    }

    /// A watcher that no packet reaches.
    pub fn watch_cut_off(&mut self, region: &str) {
        let stage = self.simulator.stage(vec![]);
        let vantage = Arc::new(Dark(stage.vantage.clone()));
        self.start(region, &stage, vantage);
    }

    fn start(&mut self, region: &str, stage: &Stage, vantage: Arc<dyn Vantage>) {
        let lines = Arc::new(Mutex::new(vec![]));
        let kept = lines.clone();
        let (end, ended) = oneshot::channel();
        let crew = Crew {
            aws: stage.aws.clone(),
            vantage,
            clock: stage.clock.clone(),
            spec: self.spec.clone(),
            me: region.into(),
            who: format!("watcher@{region}"),
            id: format!("{region} {}", self.now()),
            journal: Journal::off(),
            paper: None,
        };
        let log = Log::new(move |line| kept.lock().unwrap().push(line.text()));
        let task = tokio::spawn(watch(crew, log, async { drop(ended.await) }));
        self.watchers.insert(region.into(), Watcher { end, task, lines });
    }

    /// Asks a watcher to end, as a signal does.
    pub async fn end(&mut self, region: &str) {
        let watcher = self.watchers.remove(region).unwrap();
        watcher.end.send(()).unwrap();
        watcher.task.await.unwrap();
    }

    /// Takes a watcher away without a word.
    pub async fn kill(&mut self, region: &str) {
        let watcher = self.watchers.remove(region).unwrap();
        watcher.task.abort();
        assert!(watcher.task.await.unwrap_err().is_cancelled());
        std::mem::forget(watcher.end);
    }

    pub async fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds.div_ceil(60) {
            self.stage.clock.sleep(Duration::from_secs(seconds.min(60))).await;
            self.keep_calls();
        }
    }

    pub fn now(&self) -> Timestamp {
        self.stage.clock.now()
    }

    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.simulator.with(look)
    }

    pub fn fault(&self, kind: &str, region: &str, seconds: u64) {
        let spec = FaultSpec {
            kind: kind.into(),
            region: Some(region.into()),
            duration_s: Some(seconds as f64),
            ..FaultSpec::default()
        };
        self.world(|world| faults::start(world, spec)).unwrap();
    }

    /// Waits until this holds; tells after how many seconds.
    pub async fn until(&mut self, what: &str, within_s: u64, holds: impl Fn(&Self) -> bool) -> u64 {
        for second in 0..within_s {
            if holds(self) {
                return second;
            }
            self.stage.clock.sleep(Duration::from_secs(1)).await;
            self.keep_calls();
        }
        panic!("not within {within_s} s: {what}\n{}", self.all_lines());
    }

    /// How many lines of a watcher that is there have this in them.
    pub fn said(&self, me: &str, what: &str) -> usize {
        let Some(watcher) = self.watchers.get(me) else { return 0 };
        watcher.lines.lock().unwrap().iter().filter(|line| said(line, what)).count()
    }

    /// How many lines of all that are there.
    pub fn all_said(&self, what: &str) -> usize {
        self.watchers.keys().map(|me| self.said(me, what)).sum()
    }

    /// Whether a watcher's newest word on whether it is armed is this.
    pub fn is_armed(&self, me: &str) -> bool {
        let lines = self.watchers[me].lines.lock().unwrap();
        let last = lines.iter().rev().find(|line| line.contains("ARMED"));
        last.is_some_and(|line| said(line, "ARMED"))
    }

    /// Who has said last that it leads.
    pub fn leaders(&self) -> Vec<&str> {
        let leads = |watcher: &Watcher| {
            let lines = watcher.lines.lock().unwrap();
            let last = lines.iter().rev().find(|line| line.contains("  leads, ") || line.contains("does not lead"));
            last.is_some_and(|line| line.contains("  leads, "))
        };
        self.watchers.iter().filter(|(_, watcher)| leads(watcher)).map(|(me, _)| me.as_str()).collect()
    }

    pub fn all_lines(&self) -> String {
        let lines = |(me, watcher): (&String, &Watcher)| {
            watcher.lines.lock().unwrap().iter().map(|line| format!("{me}: {line}\n")).collect::<String>()
        };
        self.watchers.iter().map(lines).collect()
    }

    /// The world keeps the last of many calls only.
    fn keep_calls(&mut self) {
        let calls = self.simulator.with(|world| world.calls.take());
        self.calls.extend(calls);
    }

    /// Every call since `from`, oldest first.
    pub fn calls(&mut self, from: Timestamp) -> Vec<Call> {
        self.keep_calls();
        let from = from.as_millisecond() as u64;
        self.calls.iter().filter(|call| call.at.0 >= from).cloned().collect()
    }

    /// Calls since `from` that change the stack: what watchers write for each other, heartbeats, canaries and the
    /// metric are no such thing.
    pub fn acts(&mut self, from: Timestamp) -> Vec<(&'static str, &'static str)> {
        let acts = self.calls(from).into_iter().filter(|call| !reads(call) && !looks(call));
        acts.map(|call| (call.region, call.operation)).collect()
    }

    /// What was sent that a watcher's role does not allow.
    pub fn forbidden(&mut self, from: Timestamp) -> BTreeSet<String> {
        let mut spec = self.spec.clone();
        spec.watch.image = Some("tandem".into());
        let statements = watcher(&spec, "*").into_iter().flat_map(|(_, statements)| statements);
        let actions = statements.flat_map(|statement| statement["Action"].as_array().cloned().unwrap());
        let allowed: BTreeSet<String> = actions.map(|action| action.as_str().unwrap().into()).collect();
        let action = |call: &Call| {
            // CloudWatch signs as it was once called
            let service = if call.service == "monitoring" { "cloudwatch" } else { call.service };
            format!("{service}:{}", call.operation)
        };
        self.calls(from).iter().map(action).filter(|action| !allowed.contains(action)).collect()
    }

    /// Whose database writes, in truth.
    pub fn writer(&self) -> String {
        self.world(|world| {
            let log = world.truth.writes.log();
            let row = |ack: &&tandem_sim::truth::Ack| ack.what == tandem_sim::truth::Written::Row;
            log.iter().rev().find(row).map(|ack| ack.stored.clone()).unwrap_or_default()
        })
    }

    pub async fn promoted(&self) -> Option<Promoted> {
        switch::promoted(&self.stage.aws, &self.table).await.unwrap()
    }

    pub async fn turn_off(&self) {
        let off = Off { who: "alice@desk".into(), why: "a game day".into(), at: self.now().to_string() };
        switch::turn_off(&self.stage.aws, &self.table, &off).await.unwrap();
    }

    pub async fn turn_on(&self) {
        switch::turn_on(&self.stage.aws, &self.table).await.unwrap();
    }

    /// How many items watchers have on the board.
    pub async fn posts(&self) -> usize {
        let items = control::query(&self.stage.aws, &self.table.regions, &self.table.name, "watch").await.unwrap();
        items.iter().filter(|item| item["sk"].as_str().unwrap().starts_with("vantage#")).count()
    }
}

/// Whether the text of a line begins so: `ARMED` is not `DISARMED`.
fn said(line: &str, what: &str) -> bool {
    line.splitn(3, "  ").nth(2).is_some_and(|text| text.trim_start().starts_with(what))
}

fn regions(spec: &Spec) -> Vec<String> {
    let mut regions = spec.stack.regions.clone();
    regions.extend(spec.control_regions.iter().cloned());
    regions.sort();
    regions.dedup();
    regions
}

fn reads(call: &Call) -> bool {
    let mut operations = services::ALL.iter().filter(|service| service.scope == call.service);
    let known = operations.find_map(|service| service.operations.iter().find(|known| known.name == call.operation));
    known.is_some_and(|operation| operation.reads)
}

fn looks(call: &Call) -> bool {
    matches!(
        (call.service, call.operation),
        ("dynamodb", "PutItem" | "DeleteItem") | ("rds-data", "ExecuteStatement") | ("monitoring", "PutMetricData")
    )
}

/// What somebody sees who is cut off.
struct Dark(Arc<dyn Vantage>);

impl Vantage for Dark {
    fn places(&self) -> Vec<Place> {
        self.0.places()
    }

    fn resolve<'a>(&'a self, _: &'a str, _: &'a Place) -> Boxed<'a, Result<Vec<Ipv4Addr>, ProbeError>> {
        // resolvers remember
        Box::pin(async { Ok(vec![Ipv4Addr::new(203, 0, 113, 1)]) })
    }

    fn name_servers<'a>(&'a self, _: &'a str) -> Boxed<'a, Result<Vec<String>, ProbeError>> {
        Box::pin(async { Err(ProbeError::TimedOut) })
    }

    fn fetch<'a>(&'a self, _: &'a Url, _: Ipv4Addr, _: &'a Place) -> Boxed<'a, Result<Fetched, ProbeError>> {
        Box::pin(async { Err(ProbeError::TimedOut) })
    }
}
