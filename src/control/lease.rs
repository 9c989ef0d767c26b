//! Who may change the stack: one holder at a time, by a record in the control table.
//!
//! A lease has a token that only grows, and a beat that its holder moves. Nobody reads another's clock: a
//! lease is dead when its beat did not move for [`TTL`] of the watcher's own time. Every change of the record
//! is conditional on the beat that was read, so of two that take a dead lease one is refused.

use crate::cloud::Aws;
use crate::cloud::control::{self, Condition, Item, Put};
use crate::host::Clock;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::text::clean;
use serde_json::{Value, json};
use std::time::Duration;

/// A lease whose beat stands still for so long is dead.
pub const TTL: Duration = Duration::from_secs(60);
/// How often a holder moves the beat.
pub const BEAT: Duration = Duration::from_secs(15);
/// How often a waiting process looks.
const LOOK: Duration = Duration::from_secs(5);
/// Errors of the table that are borne before a holder must take it that the lease is lost.
const BORNE: Duration = Duration::from_secs(45);

const PK: &str = "lease";

/// Where the table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// Its Regions, in the order in which they are asked.
    pub regions: Vec<String>,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Whoever has it changes the stack.
    Stack,
    /// Whoever has it decides for all watchers.
    Watch,
}

impl Seat {
    fn word(self) -> &'static str {
        match self {
            Seat::Stack => "stack",
            Seat::Watch => "watch",
        }
    }
}

/// Somebody who holds the lease or wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `alice@laptop`
    pub who: String,
    /// Of this process: chance, so that no other is taken for it.
    pub id: String,
    /// `apply`, `destroy`.
    pub what: String,
}

/// The lease, held by this process.
#[derive(Debug, Clone)]
pub struct Lease {
    table: Table,
    seat: Seat,
    holder: Holder,
    /// Grows with every taking: whoever acts says under which token.
    pub token: u64,
    beat: u64,
}

/// Why the lease cannot be had, or was lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    #[error("{who} holds the lease of this stack ({what}, token {token}), and is alive: wait until it is done")]
    Held { who: String, what: String, token: u64 },
    #[error("the lease was taken by {who} ({what}, token {token}): this process must not go on")]
    Lost { who: String, what: String, token: u64 },
    #[error("the control table {table} does not answer: {why}")]
    Table { table: String, why: CallError },
}

/// The lease as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    pub who: String,
    pub id: String,
    pub what: String,
    pub token: u64,
    /// Moves as long as its holder is alive.
    pub beat: u64,
    pub held: bool,
}

impl Standing {
    fn of(item: &Item) -> Self {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
        let number = |name: &str| item.get(name).and_then(Value::as_u64).unwrap_or(0);
        Self {
            who: clean(&text("who")),
            id: text("id"),
            what: clean(&text("what")),
            token: number("token"),
            beat: number("beat"),
            held: number("held") == 1,
        }
    }

    fn item(&self, seat: Seat) -> Item {
        let members = [
            ("pk", json!(PK)),
            ("sk", json!(seat.word())),
            ("who", json!(self.who)),
            ("id", json!(self.id)),
            ("what", json!(self.what)),
            ("token", json!(self.token)),
            ("beat", json!(self.beat)),
            ("held", json!(u64::from(self.held))),
        ];
        members.map(|(name, value)| (name.to_string(), value)).into()
    }
}

/// Takes the lease, if nobody alive holds it. `tell` hears what it waits for.
///
/// # Errors
/// When somebody alive holds it, naming them; when the table does not answer.
pub async fn take(
    aws: &Aws,
    clock: &Clock,
    table: Table,
    seat: Seat,
    holder: Holder,
    mut tell: impl FnMut(String),
) -> Result<Lease, LeaseError> {
    let (mut watched, mut silent) = (None::<Standing>, Duration::ZERO);
    loop {
        let found = read(aws, clock, &table, seat).await?;
        let (condition, token, beat) = match &found {
            None => (Condition::Absent, 1, 0),
            Some(standing) if standing.held && standing.id == holder.id => {
                return Ok(Lease { table, seat, holder, token: standing.token, beat: standing.beat });
            }
            Some(standing) => {
                let same = watched.as_ref().is_some_and(|before| before == standing);
                if standing.held && watched.is_some() && !same {
                    return Err(LeaseError::Held {
                        who: standing.who.clone(),
                        what: standing.what.clone(),
                        token: standing.token,
                    });
                }
                if standing.held && silent < TTL {
                    let (who, what) = (&standing.who, &standing.what);
                    let (passed, all) = (silent.as_secs(), TTL.as_secs());
                    tell(format!("{who} holds the lease ({what}); it has not moved for {passed} of {all} s"));
                    watched = found;
                    clock.sleep(LOOK).await;
                    silent += LOOK;
                    continue;
                }
                let condition = Condition::Same { attribute: "beat".into(), value: json!(standing.beat) };
                (condition, standing.token + 1, standing.beat + 1)
            }
        };
        let ours = Standing {
            who: holder.who.clone(),
            id: holder.id.clone(),
            what: holder.what.clone(),
            token,
            beat,
            held: true,
        };
        match control::put_if(aws, &table.regions, &table.name, &ours.item(seat), &condition).await {
            Ok(Put::Done) => return Ok(Lease { table, seat, holder, token, beat }),
            // somebody was faster, or this very write was: the next look tells
            Ok(Put::Refused(_)) => {}
            Err(error) if error.class.may_have_happened() || error.class == ErrorClass::Throttled => {
                clock.sleep(LOOK).await;
            }
            Err(error) => return Err(LeaseError::Table { table: table.name, why: error }),
        }
    }
}

/// Who has the seat, alive or not; `None`: nobody ever had.
///
/// # Errors
/// As the table answers.
pub async fn seen(aws: &Aws, table: &Table, seat: Seat) -> Result<Option<Standing>, CallError> {
    let item = control::get(aws, &table.regions, &table.name, PK, seat.word()).await?;
    Ok(item.as_ref().map(Standing::of))
}

/// What stands in the table, asked for as long as the table may need.
async fn read(aws: &Aws, clock: &Clock, table: &Table, seat: Seat) -> Result<Option<Standing>, LeaseError> {
    let mut borne = Duration::ZERO;
    loop {
        match seen(aws, table, seat).await {
            Ok(standing) => return Ok(standing),
            Err(why) if borne >= BORNE || why.class == ErrorClass::Denied => {
                return Err(LeaseError::Table { table: table.name.clone(), why });
            }
            Err(_) => clock.sleep(LOOK).await,
        }
        borne += LOOK;
    }
}

impl Lease {
    fn standing(&self, beat: u64, held: bool) -> Standing {
        Standing {
            who: self.holder.who.clone(),
            id: self.holder.id.clone(),
            what: self.holder.what.clone(),
            token: self.token,
            beat,
            held,
        }
    }

    pub fn table(&self) -> &Table {
        &self.table
    }

    pub fn who(&self) -> &str {
        &self.holder.who
    }

    /// Keeps the lease alive. Returns only when it is lost.
    pub async fn keep(&mut self, aws: &Aws, clock: &Clock) -> LeaseError {
        let mut silent = Duration::ZERO;
        loop {
            clock.sleep(BEAT).await;
            match self.beat(aws).await {
                Ok(None) => silent = Duration::ZERO,
                Ok(Some(lost)) => return lost,
                Err(why) => {
                    silent += BEAT;
                    if silent >= BORNE {
                        return LeaseError::Table { table: self.table.name.clone(), why };
                    }
                }
            }
        }
    }

    /// Moves the beat. `Some`: another holds the lease.
    async fn beat(&mut self, aws: &Aws) -> Result<Option<LeaseError>, CallError> {
        let condition = Condition::Same { attribute: "beat".into(), value: json!(self.beat) };
        let next = self.standing(self.beat + 1, true).item(self.seat);
        match control::put_if(aws, &self.table.regions, &self.table.name, &next, &condition).await? {
            Put::Done => self.beat += 1,
            Put::Refused(current) => {
                let standing = current.as_ref().map(Standing::of).unwrap_or_default();
                if standing.id != self.holder.id {
                    return Ok(Some(LeaseError::Lost {
                        who: standing.who,
                        what: standing.what,
                        token: standing.token,
                    }));
                }
                // an answer was lost: the beat is further than was thought
                self.beat = standing.beat;
            }
        }
        Ok(None)
    }

    /// Gives the lease back; the token stays, so that the next one is greater. When the table does not answer,
    /// the lease dies of itself.
    pub async fn release(self, aws: &Aws) {
        let condition = Condition::Same { attribute: "beat".into(), value: json!(self.beat) };
        let given = self.standing(self.beat + 1, false).item(self.seat);
        let ended = control::put_if(aws, &self.table.regions, &self.table.name, &given, &condition).await;
        if let Err(error) = ended {
            tracing::warn!(%error, "the lease was not given back");
        }
    }
}
