//! How long a deployment takes on a simulated account, beside the longest way through its graph, and beside
//! what simpler walks would take. Durations are read from the journal, what needs what from the graph.
//! Run with `cargo bench --profile dev --bench deploy`.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]

mod common;

use common::{heading, machine, row, timed};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tandem::config;
use tandem::control::journal::{self, Journal, Record, What};
use tandem::control::lease::{Holder, Table};
use tandem::deploy::apply::Ended;
use tandem::deploy::board::Board;
use tandem::deploy::engine::Engine;
use tandem::deploy::given::Given;
use tandem::deploy::stack;
use tandem::host::Disk;
use tandem::host::disk::Durable;
use tandem::stage::simulator;

/// Workers of the walk that is compared with: what Terraform has by default.
const WORKERS: usize = 10;

fn main() {
    println!("a deployment of two Regions to an empty account; {}", machine());
    let (wall, (records, needs)) = timed(deployed);
    let spans = spans(&records);
    let makespan = span(&records);
    let takes = |id: &str| spans.get(id).map_or(0.0, |(begin, end)| end - begin);
    let critical = longest(&needs, &takes);
    heading(&["what", "simulated s", "ratio"]);
    let tell =
        |what: &str, seconds: f64| row(&[what.into(), format!("{seconds:.0}"), format!("{:.3}", seconds / critical)]);
    tell("longest way through the graph, by the journal's durations", critical);
    tell("this deployment, from the first call to the last answer", makespan);
    tell("ten workers, in the order of the graph", workers(&needs, &takes, WORKERS));
    tell("one Region after another", regions(&needs, &takes));
    tell("one resource after another", needs.iter().map(|(id, _)| takes(id)).sum());
    println!("{} resources, {} records in the journal, {wall:.1} s of wall time", needs.len(), records.len());
}

/// A journal in memory.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>);

struct Sheet(Paper, PathBuf);

impl Durable for Sheet {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.0.lock().unwrap().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(())
    }
}

impl Disk for Paper {
    fn read(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.lock().unwrap().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }

    fn create_durable(&self, path: &Path) -> io::Result<Box<dyn Durable>> {
        Ok(Box::new(Sheet(self.clone(), path.to_path_buf())))
    }
}

/// The nodes in the order of the graph, each with what it needs.
type Needs = Vec<(String, Vec<String>)>;

fn deployed() -> (Vec<Record>, Needs) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        fastrand::seed(1);
        let spec = config::simulated_spec();
        let mut regions: Vec<String> = spec.stack.regions.clone();
        regions.extend(spec.control_regions.iter().cloned());
        let stage = simulator::account(1, &spec.stack.zone, 1.0).unwrap().stage(regions);
        let graph = stack::graph(&spec).unwrap();
        let paper = Paper::default();
        let journal = Journal::begin(&paper, Path::new("/"), 1, stage.clock.now(), "bench").unwrap();
        let board = Board::new(&graph);
        let given = Given::new(&spec.stack.name, "123456789012", spec.tags.clone());
        let engine = Engine::new(&stage.aws, &stage.clock, &graph, &journal, &board, given);
        let table = Table { name: spec.stack.control_table(), regions: spec.control_regions.clone() };
        let holder = Holder { who: "bench".into(), id: "bench".into(), what: "apply".into() };
        let plan = engine.survey().await;
        let ended = engine.apply(&plan, table, holder, |_| {}).await.unwrap();
        assert!(matches!(ended, Ended::Done(_)), "{}", ended.words());
        let records = journal::all(&paper, Path::new("/")).unwrap().into_iter().flat_map(|read| read.records).collect();
        let needs = graph.nodes().iter().map(|node| (node.id.clone(), node.needs.clone())).collect();
        (records, needs)
    })
}

fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

/// When each node's first call was sent, and when it was where it should be.
fn spans(records: &[Record]) -> BTreeMap<String, (f64, f64)> {
    let mut spans: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for record in records {
        let at = seconds(record.at);
        match &record.what {
            What::Intent { node, .. } => drop(spans.entry(node.clone()).or_insert((at, at))),
            What::Node { node, .. } => {
                if let Some(span) = spans.get_mut(node) {
                    span.1 = span.1.max(at);
                }
            }
            _ => {}
        }
    }
    spans
}

/// From the first call to the last node's end.
fn span(records: &[Record]) -> f64 {
    let calls = records.iter().filter(|record| matches!(record.what, What::Intent { .. }));
    let begin = calls.map(|record| seconds(record.at)).next().unwrap_or_default();
    let mut ends = records.iter().filter(|record| matches!(record.what, What::Node { .. }));
    ends.next_back().map(|record| seconds(record.at)).unwrap_or_default() - begin
}

fn longest(needs: &Needs, takes: &impl Fn(&str) -> f64) -> f64 {
    let mut ends: BTreeMap<&str, f64> = BTreeMap::new();
    for (id, before) in needs {
        let begin = before.iter().map(|need| ends[need.as_str()]).fold(0.0, f64::max);
        ends.insert(id, begin + takes(id));
    }
    ends.into_values().fold(0.0, f64::max)
}

/// A walk by so many workers, each of which takes the first node that can begin.
fn workers(needs: &Needs, takes: &impl Fn(&str) -> f64, count: usize) -> f64 {
    let (mut done, mut running): (BTreeMap<&str, f64>, Vec<(f64, &str)>) = Default::default();
    let mut left: Vec<&(String, Vec<String>)> = needs.iter().collect();
    let mut now = 0.0;
    while !left.is_empty() || !running.is_empty() {
        while running.len() < count {
            let free = left.iter().position(|(_, before)| before.iter().all(|need| done.contains_key(need.as_str())));
            let Some(place) = free else { break };
            let (id, _) = left.remove(place);
            running.push((now + takes(id), id));
        }
        running.sort_by(|one, other| other.0.total_cmp(&one.0));
        let Some((end, id)) = running.pop() else { break };
        now = end;
        done.insert(id, end);
    }
    now
}

/// The nodes of one Region, then those of the next, then those of none: the longest way through each.
fn regions(needs: &Needs, takes: &impl Fn(&str) -> f64) -> f64 {
    let region = |id: &str| id.split_once('/').map_or(String::new(), |(first, _)| first.to_string());
    let names: BTreeSet<String> = needs.iter().map(|(id, _)| region(id)).collect();
    let within = |name: &String| {
        let own = |id: &String| region(id) == *name;
        let of = needs.iter().filter(|(id, _)| own(id));
        of.map(|(id, before)| (id.clone(), before.iter().filter(|id| own(id)).cloned().collect())).collect::<Needs>()
    };
    names.iter().map(|name| longest(&within(name), takes)).sum()
}
