//! A world of AWS with time. No I/O, no threads, no clock of its own: whoever holds the clock calls
//! [`handle`] with a moment and a request and waits as long as the [`Reply`] says.
//!
//! ```text
//! bytes -> wire (five protocols, one tree) -> services (the table of operations, AWS's words)
//!                                                  -> world (state and dynamics, a tick a second)
//! users, Route 53's checkers, dig and curl  -> front_door (DNS answers, HTTP through the ALBs)
//! faults bend calls and packets; truth writes down what really happened
//! ```
//!
//! The same seed and the same commands at the same moments give the same bytes.

pub mod calls;
pub mod doc;
pub mod faults;
pub mod front_door;
pub mod geo;
mod handle;
pub mod moment;
pub mod operation;
pub mod paging;
pub mod random;
pub mod ready;
pub mod services;
pub mod truth;
pub mod users;
pub mod wire;
pub mod world;

pub use handle::{Reply, handle};
pub use moment::Moment;
pub use world::World;
