//! DynamoDB: tables, items and their replication.
//!
//! `table` is state, `value` and `number` are what items are made of, `expression` reads the little languages;
//! `lifecycle` lets tables and replicas come and go, `write` stores, `replicate` carries writes to the other
//! replicas, `strong` lets two of three Regions agree instead, `measure` tells CloudWatch.

pub mod expression;
mod lifecycle;
mod measure;
pub mod number;
mod replicate;
mod session;
mod strong;
pub mod table;
#[cfg(test)]
mod tests;
pub mod value;
mod write;

pub use lifecycle::{Members, deleted, dropped, made, region_set, soon, sourced};
pub use session::{put_session, session_version};
pub use strong::agree;
pub use table::{ItemKey, Replica, Stamp, Status, Stored, Table};
pub use write::{NotWritten, store};

use super::World;
use crate::doc::Doc;
use crate::moment::Moment;
use std::collections::BTreeMap;

/// A Region and the name of a table in it.
pub type Key = (String, String);

/// Every table of the account.
#[derive(Debug, Clone, Default)]
pub struct Dynamo {
    pub tables: BTreeMap<Key, Table>,
    /// What witnesses of strongly consistent tables keep.
    witnesses: BTreeMap<Key, strong::Kept>,
    /// Writes on their way: by arrival and number.
    flights: BTreeMap<(Moment, u64), replicate::Flight>,
    /// Writes that wait because two Regions do not reach each other, in the order in which they were made.
    held: BTreeMap<(String, String, String), Vec<replicate::Flight>>,
    numbered: u64,
    /// Writes that a later one made meaningless.
    pub suppressed: u64,
    /// Transactions of the last minutes that may be repeated: by Region and token, what was asked and when.
    pub tokens: BTreeMap<Key, (Doc, Moment)>,
    measures: measure::Measures,
}

impl Dynamo {
    pub fn table(&self, region: &str, name: &str) -> Option<&Table> {
        self.tables.get(&(region.to_string(), name.to_string()))
    }

    fn next(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }
}

pub fn tick(world: &mut World) {
    if world.dynamo.tables.is_empty() {
        return;
    }
    lifecycle::tick(world);
    strong::tick(world);
    replicate::tick(world);
    measure::tick(world);
}
