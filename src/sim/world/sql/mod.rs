//! A small relational store that reads SQL: enough for heartbeats and for looking at them. Every change is a
//! commit with a moment, so that a copy of the store can be cut back to what had been replicated.

use crate::moment::Moment;
use std::collections::BTreeMap;

/// The tables of one database volume.
#[derive(Debug, Clone, Default)]
pub struct Database {}

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
    /// Names and PostgreSQL's names of the types, of a query.
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
    /// What PostgreSQL would refuse, and what is not known here.
    pub fn execute(
        &mut self,
        _sql: &str,
        _parameters: &BTreeMap<String, Value>,
        _now: Moment,
    ) -> Result<Outcome, SqlError> {
        Err(SqlError { state: "0A000", message: "no statement is supported".into() })
    }

    /// Undoes every commit later than `last`, and tells how many rows were undone.
    pub fn cut(&mut self, _last: Moment) -> u64 {
        0
    }
}
