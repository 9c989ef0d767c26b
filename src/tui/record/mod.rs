//! Recordings of the console: every message that it took, so that every frame can be drawn again.
//!
//! A recording is lines of JSON. The first is the [`Head`]: what the console began with. Each further one
//! is a message and when it came, in milliseconds since the console began. What is told again and again
//! (snapshots, operations, the board of faults) is written whole once, then as what changed (RFC 6902).
//!
//! `write` puts them on a thread of its own, `read` gives them back, `replay` makes the screen of them.

mod diff;
mod head;
mod line;
pub mod read;
pub mod replay;
pub mod write;

#[cfg(test)]
mod tests;

pub use head::{Head, VERSION};
pub use read::{Log, ReadError};
pub use replay::Replay;
pub use write::Recorder;
