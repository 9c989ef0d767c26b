//! Watchers, three at a time over one simulated world, in simulated time and with the whole SDK in between; and as real
//! processes against one that is served.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "the watchdog and real processes run by the machine's time")]

mod doubtful;
mod lost;
mod process;
mod quiet;
mod room;
#[path = "../support/mod.rs"]
mod support;
