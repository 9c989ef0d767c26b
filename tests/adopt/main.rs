//! A stack that Tandem did not build, by names of its own: looked at, watched, drained by a key, and tagged. boto3 builds
//! it; where Python or boto3 is missing the tests say SKIPPED.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

#[path = "../support/mod.rs"]
mod support;

mod check;
mod console;
mod foreign;
