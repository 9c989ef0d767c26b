//! Transactions that stay open between calls.
//!
//! An open transaction works on a copy of the tables that was made with its first statement, so it sees nothing
//! that others commit meanwhile. When it commits, its statements run again on what the tables are then: no
//! update is lost, and what clashes with others is refused at the commit, not when it was said.

use super::error::{Sql, refuse};
use super::log::Undo;
use super::parse::Setting;
use super::table::Tables;
use super::{Database, Outcome, Parameters, SqlError};
use crate::moment::Moment;
use std::collections::BTreeMap;
use std::time::Duration;

/// A transaction that is not used for so long ends (Aurora User Guide, Calling the Data API: three minutes).
pub const IDLE: Duration = Duration::from_secs(180);

/// No transaction is older (Aurora User Guide, Calling the Data API: 24 hours).
pub const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// How many may be open (assumed).
const MOST: usize = 100;

pub(super) type Sessions = BTreeMap<String, Session>;

#[derive(Debug, Clone)]
pub(super) struct Session {
    began: Moment,
    used: Moment,
    state: State,
    work: Option<Box<Tables>>,
    statements: Vec<(String, Vec<Parameters>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// By a commit or a rollback.
    Ended,
    /// By an error.
    Aborted,
}

/// Why a transaction is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It never was, or its time is over.
    Unknown,
    /// It was committed or rolled back.
    Ended,
    /// One of its statements failed.
    Aborted,
}

impl Database {
    /// Opens a transaction under a name that is new.
    ///
    /// # Errors
    /// When too many are open.
    pub fn begin(&mut self, id: &str, now: Moment) -> Result<(), SqlError> {
        self.expire(now);
        if self.sessions.values().filter(|session| session.state == State::Open).count() >= MOST {
            return refuse("53300", "sorry, too many clients already");
        }
        let session = Session { began: now, used: now, state: State::Open, work: None, statements: vec![] };
        self.sessions.insert(id.to_string(), session);
        Ok(())
    }

    /// Runs a statement in an open transaction, once for every set of parameters. An error aborts it.
    ///
    /// # Errors
    /// The outer one when there is no such open transaction, the inner one as [`Database::execute`] has it.
    pub fn execute_in(
        &mut self,
        id: &str,
        sql: &str,
        sets: &[Parameters],
        now: Moment,
    ) -> Result<Sql<Vec<Outcome>>, Absent> {
        self.expire(now);
        let Self { sessions, tables, user, .. } = self;
        let session = open(sessions, id)?;
        session.used = now;
        let work = session.work.get_or_insert_with(|| Box::new(tables.clone()));
        let mut undo = Undo::default();
        let outcomes: Sql<Vec<Outcome>> = sets
            .iter()
            .map(|parameters| {
                let setting = Setting { parameters, now: session.began, user: user.as_deref() };
                work.run(sql, &setting, &mut undo)
            })
            .collect();
        match &outcomes {
            Ok(_) if undo.is_empty() => {}
            Ok(_) => session.statements.push((sql.to_string(), sets.to_vec())),
            Err(_) => session.end(State::Aborted),
        }
        Ok(outcomes)
    }

    /// Commits an open transaction at `now`, and tells how many rows it changed. An error aborts it.
    ///
    /// # Errors
    /// The outer one when there is no such open transaction, the inner one when others committed what it cannot
    /// go with.
    pub fn commit(&mut self, id: &str, now: Moment) -> Result<Sql<u64>, Absent> {
        self.expire(now);
        let Self { sessions, tables, log, user, .. } = self;
        let session = open(sessions, id)?;
        session.used = now;
        let (mut undo, mut rows) = (Undo::default(), 0);
        for (sql, sets) in &session.statements {
            for parameters in sets {
                let setting = Setting { parameters, now: session.began, user: user.as_deref() };
                match tables.run(sql, &setting, &mut undo) {
                    Ok(outcome) => rows += outcome.updated,
                    Err(error) => {
                        undo.apply(tables);
                        session.end(State::Aborted);
                        return Ok(Err(error));
                    }
                }
            }
        }
        session.end(State::Ended);
        log.commit(now, undo, rows);
        Ok(Ok(rows))
    }

    /// Ends a transaction that is open or was aborted, with nothing done.
    ///
    /// # Errors
    /// When there is none.
    pub fn rollback(&mut self, id: &str, now: Moment) -> Result<(), Absent> {
        self.expire(now);
        match self.sessions.get_mut(id) {
            Some(session) if session.state != State::Ended => {
                session.end(State::Ended);
                Ok(())
            }
            Some(_) => Err(Absent::Ended),
            None => Err(Absent::Unknown),
        }
    }

    /// Ends every open transaction with nothing done, as a writer does that restarts or is demoted.
    pub fn disconnect(&mut self) {
        self.sessions.clear();
    }

    fn expire(&mut self, now: Moment) {
        self.sessions.retain(|_, session| now.since(session.used) < IDLE && now.since(session.began) < LIFETIME);
    }
}

impl Session {
    fn end(&mut self, state: State) {
        self.state = state;
        self.work = None;
        self.statements = vec![];
    }
}

fn open<'s>(sessions: &'s mut Sessions, id: &str) -> Result<&'s mut Session, Absent> {
    match sessions.get_mut(id) {
        Some(session) => match session.state {
            State::Open => Ok(session),
            State::Ended => Err(Absent::Ended),
            State::Aborted => Err(Absent::Aborted),
        },
        None => Err(Absent::Unknown),
    }
}
