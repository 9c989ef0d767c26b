//! A simulated account, and a spec to bring it to.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tandem::config;
use tandem::control::journal::{self, Journal, Record};
use tandem::control::lease::{Holder, Table};
use tandem::deploy::apply::{Ended, RunError};
use tandem::deploy::board::{Board, View};
use tandem::deploy::engine::{Engine, Way};
use tandem::deploy::given::Given;
use tandem::deploy::graph::Graph;
use tandem::deploy::node::Node;
use tandem::deploy::plan::{Action, Plan};
use tandem::deploy::{resume, stack};
use tandem::host::Disk;
use tandem::host::disk::Durable;
use tandem::model::spec::Spec;
use tandem::stage::Stage;
use tandem::stage::simulator::{self, Simulator};
use tandem_sim::operation::Caller;
use tandem_sim::{Moment, World, ready, services};

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Apply,
    Destroy,
}

/// A disk in memory that can take a certain number of records and then fails for good.
#[derive(Clone, Default)]
pub struct Paper {
    files: Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
    left: Arc<Mutex<Option<usize>>>,
}

struct Sheet(Paper, PathBuf);

impl Durable for Sheet {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut left = self.0.left.lock().unwrap();
        if let Some(left) = left.as_mut() {
            *left = left.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
        }
        self.0.files.lock().unwrap().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(())
    }
}

impl Disk for Paper {
    fn read(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.files.lock().unwrap().keys().cloned().collect())
    }

    fn create_durable(&self, path: &Path) -> io::Result<Box<dyn Durable>> {
        Ok(Box::new(Sheet(self.clone(), path.to_path_buf())))
    }
}

impl Paper {
    /// From now on it takes this many records.
    pub fn takes(&self, records: Option<usize>) {
        *self.left.lock().unwrap() = records;
    }

    pub fn records(&self) -> Vec<Record> {
        let read = journal::all(self, Path::new("/")).unwrap();
        read.into_iter().flat_map(|read| read.records).collect()
    }

    /// Everything that was written, as it stands on the disk.
    pub fn text(&self) -> String {
        let files = self.files.lock().unwrap();
        files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }
}

pub struct Yard {
    pub simulator: Simulator,
    pub stage: Stage,
    pub spec: Spec,
    pub paper: Paper,
    runs: Mutex<u32>,
}

impl Yard {
    /// An account with nothing in it but the zone.
    pub fn empty(seed: u64) -> Self {
        fastrand::seed(seed);
        let spec = config::simulated_spec();
        let simulator = simulator::account(seed, &spec.stack.zone, 1.0).unwrap();
        Self::on(simulator, spec)
    }

    pub fn on(simulator: Simulator, spec: Spec) -> Self {
        let mut regions: Vec<String> = spec.stack.regions.clone();
        regions.extend(spec.control_regions.iter().cloned());
        regions.push("us-east-1".into());
        let stage = simulator.stage(regions);
        Self { simulator, stage, spec, paper: Paper::default(), runs: Mutex::new(0) }
    }

    pub fn graph(&self) -> Graph {
        stack::graph(&self.spec).unwrap()
    }

    fn given(&self) -> Given {
        let mut given = Given::new(&self.spec.stack.name, "123456789012", self.spec.tags.clone());
        given.final_snapshots = Some("test".into());
        given
    }

    /// A journal of a new process.
    fn journal(&self) -> io::Result<Journal> {
        let number = {
            let mut runs = self.runs.lock().unwrap();
            *runs += 1;
            *runs
        };
        Journal::begin(&self.paper, Path::new("/"), number, self.stage.clock.now(), "tester")
    }

    pub async fn plan(&self) -> Plan {
        let (graph, journal) = (self.graph(), Journal::off());
        let board = Board::new(&graph);
        Engine::new(&self.stage.aws, &self.stage.clock, &graph, &journal, &board, self.given()).survey().await
    }

    /// One process: `until` may end it early, as a kill does. `None`: it was ended.
    pub async fn process(&self, verb: Verb, who: &str, until: Until) -> Option<Result<Ended, RunError>> {
        let records = self.paper.records();
        let before = resume::may_show(&records, self.stage.clock.now());
        let journal = match self.journal() {
            Ok(journal) => journal,
            Err(_) => return None,
        };
        let graph = self.graph();
        let board = Board::new(&graph);
        let engine = Engine::new(&self.stage.aws, &self.stage.clock, &graph, &journal, &board, self.given());
        let engine = engine.after(before);
        let holder = Holder {
            who: who.into(),
            id: format!("{who} {}", *self.runs.lock().unwrap()),
            what: format!("{verb:?}").to_lowercase(),
        };
        let table = Table { name: self.spec.stack.control_table(), regions: self.spec.control_regions.clone() };
        let run = async {
            let plan = engine.survey().await;
            match verb {
                Verb::Apply => engine.apply(&plan, table, holder, |_| {}).await,
                Verb::Destroy => engine.destroy(&plan, table, holder, |_| {}).await,
            }
        };
        until.poll(run).await
    }

    /// Brings only these nodes to their places.
    pub async fn only(&self, wanted: impl Fn(&Node) -> bool) {
        let (graph, journal) = (self.graph(), Journal::off());
        let board = Board::new(&graph);
        let engine = Engine::new(&self.stage.aws, &self.stage.clock, &graph, &journal, &board, self.given());
        engine.survey().await;
        engine.run(Way::Up, wanted).await;
        let view = board.view();
        let told: Vec<String> = view.failures().map(|(row, why)| format!("{}: {why}", row.id)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }

    /// A process that comes to its end.
    pub async fn run(&self, verb: Verb) -> View {
        match self.process(verb, "alice@laptop", Until::End).await.unwrap() {
            Ok(Ended::Done(view)) => view,
            Ok(Ended::Failed(view)) => {
                let told: Vec<String> = view.failures().map(|(row, why)| format!("{}: {why}", row.id)).collect();
                panic!("{verb:?} failed\n{}", told.join("\n"));
            }
            other => panic!("{verb:?} ended so: {other:?}"),
        }
    }

    /// Everything that is in the account, by service and Region, in words that are equal for equal things.
    pub fn inventory(&self) -> Vec<String> {
        self.simulator.with(inventory)
    }

    pub fn now(&self) -> Moment {
        self.simulator.with(|world| world.now)
    }
}

/// When a process is ended.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    End,
    /// After it was polled so often.
    Polls(u64),
}

impl Until {
    async fn poll<T>(self, run: impl Future<Output = T>) -> Option<T> {
        let mut run = pin!(run);
        let mut polls = 0;
        poll_fn(|context| {
            if let Until::Polls(most) = self
                && polls >= most
            {
                return Poll::Ready(None);
            }
            polls += 1;
            run.as_mut().poll(context).map(Some)
        })
        .await
    }
}

/// What a plan says, but what is unchanged.
pub fn told(plan: &Plan) -> Vec<String> {
    let differing = |action: &Action| match action {
        Action::Update(found) | Action::Replace(found) => {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Action::Stuck(why) | Action::Busy(why) => why.clone(),
        Action::Unknown(error) => error.to_string(),
        _ => String::new(),
    };
    plan.changes().map(|row| format!("{} {} {}", row.action.word(), row.id, differing(&row.action))).collect()
}

/// What is listed: service, operation, input, the list in the answer, and the name of a thing in it.
const LISTS: [(&str, &str, &str, &str, &str); 14] = [
    ("elasticloadbalancing", "DescribeLoadBalancers", "{}", "LoadBalancers", "LoadBalancerName"),
    ("elasticloadbalancing", "DescribeTargetGroups", "{}", "TargetGroups", "TargetGroupName"),
    ("ecs", "ListClusters", "{}", "clusterArns", ""),
    ("ecs", "ListTaskDefinitions", "{}", "taskDefinitionArns", ""),
    (
        "application-autoscaling",
        "DescribeScalableTargets",
        r#"{"ServiceNamespace":"ecs"}"#,
        "ScalableTargets",
        "ResourceId",
    ),
    ("rds", "DescribeDBClusters", "{}", "DBClusters", "DBClusterIdentifier"),
    ("rds", "DescribeDBInstances", "{}", "DBInstances", "DBInstanceIdentifier"),
    ("rds", "DescribeDBClusterParameterGroups", "{}", "DBClusterParameterGroups", "DBClusterParameterGroupName"),
    ("rds", "DescribeGlobalClusters", "{}", "GlobalClusters", "GlobalClusterIdentifier"),
    ("dynamodb", "ListTables", "{}", "TableNames", ""),
    ("secretsmanager", "ListSecrets", "{}", "SecretList", "Name"),
    ("monitoring", "DescribeAlarms", "{}", "MetricAlarms", "AlarmName"),
    ("cloudformation", "DescribeStacks", "{}", "Stacks", "StackName"),
    ("route53", "ListHealthChecks", "{}", "HealthChecks", "CallerReference"),
];

pub fn asked(world: &mut World, region: &str, service: &str, operation: &str, input: Value) -> Value {
    let table = services::ALL.iter().find(|table| table.scope == service).unwrap();
    let found = table.operations.iter().find(|found| found.name == operation);
    let found = found.unwrap_or_else(|| panic!("{service} has no {operation}"));
    let caller = Caller { region: region.into(), principal: "AKIDTEST".into(), now: world.now };
    (found.run)(world, &caller, ready::decoded(table, input)).unwrap()
}

fn inventory(world: &mut World) -> Vec<String> {
    let mut found = vec![];
    for region in ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"] {
        for (service, operation, input, list, name) in LISTS {
            if service == "route53" && region != "us-east-1" {
                continue;
            }
            let answer = asked(world, region, service, operation, serde_json::from_str(input).unwrap());
            for one in answer[list].as_array().into_iter().flatten() {
                // revisions and the moments in references are of one life of the stack
                let text = if name.is_empty() { one } else { &one[name] }.as_str().unwrap_or_default();
                found.push(format!("{region} {service} {list} {}", timeless(text)));
            }
        }
    }
    let zones = asked(world, "us-east-1", "route53", "ListHostedZones", json!({}));
    for zone in zones["HostedZones"].as_array().into_iter().flatten() {
        let id = zone["Id"].as_str().unwrap_or_default().trim_start_matches("/hostedzone/").to_string();
        let records = asked(world, "us-east-1", "route53", "ListResourceRecordSets", json!({ "Id": id }));
        for one in records["ResourceRecordSets"].as_array().into_iter().flatten() {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_string();
            found.push(format!("{} {} {}", text("Name"), text("Type"), text("SetIdentifier")));
        }
    }
    found.sort();
    // A revision more is history, not a second resource: a family runs its newest.
    found.dedup_by(|one, other| one == other && one.contains("taskDefinitionArns"));
    found
}

/// Without the digits that tell of a moment or a revision.
fn timeless(text: &str) -> String {
    text.split(['-', ':'])
        .filter(|part| part.len() < 8 || !part.bytes().any(|byte| byte.is_ascii_digit()))
        .filter(|part| part.parse::<u32>().is_err())
        .collect::<Vec<_>>()
        .join("-")
}
