//! What several test files need.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

pub mod folder;
pub mod pty;
pub mod python;
pub mod served;
pub mod watchdog;
