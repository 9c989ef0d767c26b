//! The log of commits, kept to undo them.

use super::roles::Role;
use super::table::{Row, Table, Tables};
use crate::moment::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// How long a commit can be undone (assumed: far longer than any replication lag).
const REMEMBERED: Duration = Duration::from_secs(3600);

/// How many changes are remembered at most, in rows.
const MOST: usize = 1_000_000;

/// What a statement or a transaction changed, as what was there before, in the order it was done.
#[derive(Debug, Clone, Default)]
pub(super) struct Undo(Vec<Change>);

#[derive(Debug, Clone)]
enum Change {
    Row { table: String, number: u64, was: Option<Row> },
    Table { name: String, was: Option<Box<Table>> },
    Role { name: String, was: Option<Role> },
}

impl Undo {
    pub(super) fn row(&mut self, table: &str, number: u64, was: Option<Row>) {
        self.0.push(Change::Row { table: table.to_string(), number, was });
    }

    pub(super) fn table(&mut self, name: &str, was: Option<Table>) {
        self.0.push(Change::Table { name: name.to_string(), was: was.map(Box::new) });
    }

    pub(super) fn role(&mut self, name: &str, was: Option<Role>) {
        self.0.push(Change::Role { name: name.to_string(), was });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn apply(self, tables: &mut Tables) {
        for change in self.0.into_iter().rev() {
            match change {
                Change::Row { table, number, was } => tables.restore(&table, number, was),
                Change::Table { name, was } => _ = tables.replace(&name, was.map(|was| *was)),
                Change::Role { name, was } => match was {
                    Some(was) => _ = tables.roles.insert(name, was),
                    None => _ = tables.roles.remove(&name),
                },
            }
        }
    }

    fn weight(&self) -> usize {
        let weigh = |change: &Change| match change {
            Change::Table { was: Some(was), .. } => 1 + was.rows.len(),
            _ => 1,
        };
        self.0.iter().map(weigh).sum()
    }
}

#[derive(Debug, Clone)]
struct Commit {
    at: Moment,
    undo: Undo,
    rows: u64,
    weight: usize,
}

/// Commits, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    commits: VecDeque<Commit>,
    weight: usize,
}

impl Log {
    pub(super) fn commit(&mut self, at: Moment, undo: Undo, rows: u64) {
        if !undo.0.is_empty() {
            let weight = undo.weight();
            self.weight += weight;
            self.commits.push_back(Commit { at, undo, rows, weight });
        }
        let oldest = at - REMEMBERED;
        while let Some(first) = self.commits.front().filter(|first| first.at < oldest || self.weight > MOST) {
            self.weight -= first.weight;
            self.commits.pop_front();
        }
    }

    pub(super) fn cut(&mut self, last: Moment, tables: &mut Tables) -> u64 {
        let mut rows = 0;
        while let Some(commit) = self.commits.pop_back_if(|commit| commit.at > last) {
            self.weight -= commit.weight;
            rows += commit.rows;
            commit.undo.apply(tables);
        }
        rows
    }
}
