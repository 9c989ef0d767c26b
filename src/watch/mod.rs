//! The headless watcher: it looks as users do, tells others what it saw, and acts where its rules say so. One process a
//! vantage Region; all of them look, one leads.
//!
//! - [`probe`]: one round: every Region's user path, and every replica of the control table;
//! - [`board`]: this vantage's evidence out, that of the others in;
//! - [`switch`]: the global off switch, and what blocks the next promotion;
//! - [`leader`]: the lease of whoever leads;
//! - [`act`]: a decision of [`crate::model::watch`] becomes an operation;
//! - [`armed`]: the metric whose absence pages;
//! - [`doubt`]: the clock and the disk of this machine;
//! - [`log`]: a line an event;
//! - [`report`]: what is worth a line;
//! - [`run`]: the loop.
//!
//! Whoever enters brings a world and its clock; nobody above is asked for anything.

pub mod act;
pub mod armed;
pub mod board;
pub mod doubt;
pub mod leader;
pub mod log;
pub mod probe;
mod report;
pub mod run;
pub mod switch;

/// The partition of the control table that watchers write.
const PK: &str = "watch";
