//! A small relational store that reads SQL: enough for heartbeats and for looking at them. Every change is a
//! commit with a moment, so that a copy of the store can be cut back to what had been replicated.
//!
//! A statement goes from text to a tree (`parse`), from the tree to typed expressions (`bind`, `kind`, `node`,
//! `functions`, `group`), and runs (`schema`, `roles`, `insert`, `change`, `select`; `catalogue` has the system views).
//! `table` keeps rows, `log` undoes, `session` keeps transactions that are open. `error` words what PostgreSQL refuses.
//!
//! Where it is less than PostgreSQL: one schema, one database, no joins and subqueries; text is compared by
//! code point; a literal with a fraction is a double; time is kept in milliseconds.

mod bind;
mod catalogue;
mod change;
mod error;
mod functions;
mod group;
mod insert;
mod kind;
mod log;
mod node;
mod parse;
mod projection;
mod roles;
mod schema;
mod select;
mod session;
mod table;
#[cfg(test)]
mod tests;
mod time;

use crate::moment::Moment;
use parse::Setting;
use std::collections::BTreeMap;
use table::Tables;

pub use parse::MAX_STATEMENT;
pub use session::{Absent, IDLE, LIFETIME};

/// How several statements in one text are refused (Aurora User Guide, Comparing Data API behaviors).
pub const MULTISTATEMENTS: &str = "Multistatements aren't supported.";

/// What stands for the names in a statement.
pub type Parameters = BTreeMap<String, Value>;

/// The tables of one database volume, and the transactions that are open on it.
#[derive(Debug, Clone, Default)]
pub struct Database {
    tables: Tables,
    log: log::Log,
    sessions: session::Sessions,
    /// Name and password of who may do everything.
    owner: Option<(String, String)>,
    /// Who says the next statements; `None`: the owner.
    user: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Long(i64),
    Double(f64),
    Text(String),
    Moment(Moment),
}

/// What a statement came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Names and PostgreSQL's names of the types, of a query. Values of a type that [`Value`] has not (`numeric`,
    /// `interval`) are text.
    pub columns: Vec<(String, &'static str)>,
    pub rows: Vec<Vec<Value>>,
    /// Rows inserted, updated or deleted.
    pub updated: u64,
}

/// An error as PostgreSQL words it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ERROR: {message}; SQLState: {state}")]
pub struct SqlError {
    pub state: &'static str,
    pub message: String,
}

impl Database {
    /// Runs one statement as a transaction of its own, committed at `now`. `:name` stands for a parameter.
    ///
    /// # Errors
    /// What PostgreSQL would refuse, and what is not known here. Nothing is changed then.
    pub fn execute(&mut self, sql: &str, parameters: &Parameters, now: Moment) -> Result<Outcome, SqlError> {
        let mut undo = log::Undo::default();
        let outcome = self.tables.run(sql, &Setting { parameters, now, user: self.user.as_deref() }, &mut undo);
        self.close(undo, now, outcome.as_ref().map_or(0, |outcome| outcome.updated), outcome.is_ok());
        outcome
    }

    /// Runs one statement for every set of parameters, all of them as one transaction.
    ///
    /// # Errors
    /// What the first set that is refused is refused for. Nothing is changed then.
    pub fn execute_all(&mut self, sql: &str, sets: &[Parameters], now: Moment) -> Result<Vec<Outcome>, SqlError> {
        let mut undo = log::Undo::default();
        let outcomes: Result<Vec<Outcome>, SqlError> = sets
            .iter()
            .map(|parameters| self.tables.run(sql, &Setting { parameters, now, user: self.user.as_deref() }, &mut undo))
            .collect();
        let rows = outcomes.iter().flatten().map(|outcome| outcome.updated).sum();
        self.close(undo, now, rows, outcomes.is_ok());
        outcomes
    }

    /// Keeps what was done, or takes it back.
    fn close(&mut self, undo: log::Undo, now: Moment, rows: u64, good: bool) {
        if good {
            self.log.commit(now, undo, rows);
        } else {
            undo.apply(&mut self.tables);
        }
    }

    /// Undoes every commit later than `last`, and tells how many rows were undone. Commits are remembered for an
    /// hour: a cut further back than that goes back as far as is remembered. Open transactions end.
    pub fn cut(&mut self, last: Moment) -> u64 {
        self.disconnect();
        self.log.cut(last, &mut self.tables)
    }
}
