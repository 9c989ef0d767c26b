//! What a headless watcher makes of what it and others see: rules without I/O, clock or chance.
//!
//! - [`evidence`]: what one vantage says in a round, in three values;
//! - [`window`]: how long a majority has said the same of a Region, without a break;
//! - [`inputs`]: what a decision rests on besides, read from a snapshot;
//! - [`decide`]: from all of that to what is done, or why it is not;
//! - [`rules`]: what forbids an evacuation or a promotion, in words.
//!
//! To drain is reversible and quick, to promote a database is neither: each has windows and conditions of its own.

pub mod decide;
pub mod evidence;
pub mod inputs;
pub mod rules;
#[cfg(test)]
mod tests;
pub mod window;

use std::time::Duration;

/// Between two rounds: what a Route 53 checker takes as well (fast interval).
pub const ROUND: Duration = Duration::from_secs(10);
/// Unbroken evidence before a Region is evacuated.
pub const EVACUATE_AFTER: Duration = Duration::from_secs(30);
/// Unbroken evidence before a writer is promoted: four times the partition of GitHub's outage of 2018.
pub const PROMOTE_AFTER: Duration = Duration::from_secs(180);
/// Rounds that must say so, at least.
pub const PROMOTE_ROUNDS: u32 = 6;
/// After a promotion none follows for so long, and none before a human has acknowledged it.
pub const BLOCKED: Duration = Duration::from_secs(3600);
/// Another's evidence is live while its counter moves within this of one's own time: six rounds.
pub const LIVE: Duration = Duration::from_secs(60);
/// What another has not said again for so long is no longer evidence: its vantage is live, and says UNKNOWN.
pub const FRESH: Duration = Duration::from_secs(25);
/// A vantage alone is taken to be cut off from the others.
pub const LEAST_VANTAGES: usize = 2;
/// Regions that must answer anything at all before the silence of another one counts.
pub const LEAST_REACHED: usize = 2;
/// A longer time between two of one's own rounds is one in which nobody looked: the process was stopped.
pub const LONGEST_GAP: Duration = Duration::from_secs(30);
/// Evidence that nothing has confirmed for so long is forgotten.
pub const FORGOTTEN: Duration = Duration::from_secs(60);
