//! Pure types and rules: what was seen, what may be done, what is said of it. No I/O, no clock, no
//! chance: every function here gives the same answer to the same question.

pub mod call;
pub mod cidr;
pub mod database;
pub mod deploy;
pub mod epoch;
pub mod event;
pub mod guard;
pub mod json;
pub mod observed;
pub mod operation;
pub mod outcome;
pub mod place;
pub mod plan;
pub mod records;
pub mod resources;
pub mod revisions;
pub mod safety;
pub mod sessions;
pub mod shapes;
pub mod snapshot;
pub mod spec;
pub mod stack;
pub mod steering;
pub mod text;
pub mod verdict;
pub mod watch;

#[cfg(test)]
pub(crate) mod fixtures;
