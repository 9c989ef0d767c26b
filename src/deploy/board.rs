//! How far a run is: published after every change, for screens and for the end of a verb.

use super::graph::Graph;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Where a node is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// For what it needs.
    Waits,
    /// What it is at, in words.
    Runs(String),
    Done,
    Failed(Failure),
    /// The run was stopped before it was done; what it was at.
    Stopped(String),
}

/// Why a node could not be brought where it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Failure {
    /// In AWS's own words where it was AWS.
    pub why: String,
    pub request_id: Option<String>,
    pub advice: String,
}

/// A node on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub name: String,
    pub state: State,
    pub expected: Duration,
    pub began: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// Calls that changed something, with this run.
    pub sent: u32,
    /// What to know of it although it stands.
    pub remark: Option<String>,
}

/// A line for the log of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub at: Timestamp,
    pub id: String,
    pub text: String,
}

/// Everything at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// In the order of the graph.
    pub rows: Vec<Row>,
    pub lines: Vec<Line>,
}

impl View {
    pub fn done(&self) -> usize {
        self.rows.iter().filter(|row| row.state == State::Done).count()
    }

    pub fn failures(&self) -> impl Iterator<Item = (&Row, &Failure)> {
        self.rows.iter().filter_map(|row| match &row.state {
            State::Failed(failure) => Some((row, failure)),
            _ => None,
        })
    }

    /// What to know of nodes that stand.
    pub fn remarks(&self) -> impl Iterator<Item = (&Row, &str)> {
        self.rows.iter().filter_map(|row| Some((row, row.remark.as_deref()?)))
    }

    /// Calls that changed something.
    pub fn sent(&self) -> u32 {
        self.rows.iter().map(|row| row.sent).sum()
    }
}

/// Where a run writes how far it is.
pub struct Board {
    view: Mutex<View>,
    told: watch::Sender<Arc<View>>,
}

impl Board {
    pub fn new(graph: &Graph) -> Self {
        let row = |node: &super::node::Node| Row {
            id: node.id.clone(),
            name: node.name.clone(),
            state: State::Waits,
            expected: node.expected,
            began: None,
            ended: None,
            sent: 0,
            remark: None,
        };
        let view = View { rows: graph.nodes().iter().map(row).collect(), lines: vec![] };
        let told = watch::Sender::new(Arc::new(view.clone()));
        Self { view: Mutex::new(view), told }
    }

    pub fn subscribe(&self) -> watch::Receiver<Arc<View>> {
        self.told.subscribe()
    }

    pub fn view(&self) -> View {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node is here now. A new state is a line of the log.
    pub fn set(&self, place: usize, state: State, now: Timestamp) {
        let mut view = self.lock();
        let Some(row) = view.rows.get_mut(place).filter(|row| row.state != state) else { return };
        row.began = row.began.or(Some(now));
        let text = match &state {
            State::Waits => "waits".to_string(),
            State::Runs(what) | State::Stopped(what) => what.clone(),
            State::Done => "done".into(),
            State::Failed(failure) => format!("failed: {failure}"),
        };
        if matches!(state, State::Done | State::Failed(_)) {
            row.ended = Some(now);
        }
        row.state = state;
        let line = Line { at: now, id: row.id.clone(), text };
        view.lines.push(line);
        self.told.send_replace(Arc::new(view.clone()));
    }

    /// Something to know of the node although it stands.
    pub fn remark(&self, place: usize, text: String, now: Timestamp) {
        let mut view = self.lock();
        let Some(row) = view.rows.get_mut(place) else { return };
        row.remark = Some(text.clone());
        let line = Line { at: now, id: row.id.clone(), text };
        view.lines.push(line);
        self.told.send_replace(Arc::new(view.clone()));
    }

    /// A call of the node was sent.
    pub fn sent(&self, place: usize) {
        if let Some(row) = self.lock().rows.get_mut(place) {
            row.sent += 1;
        }
    }
}
