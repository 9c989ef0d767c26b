//! The console as its users have it: the real binary in a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

#[path = "../support/mod.rs"]
mod support;

mod input;
mod keys;
mod leaving;
mod screens;
mod signals;
mod suspending;

const QUIT: &[u8] = b"q";
const CTRL_C: &[u8] = b"\x03";
const CTRL_Z: &[u8] = b"\x1a";
const ENTER: &[u8] = b"\r";
const DOWN: &[u8] = b"\x1b[B";
const ESCAPE: &[u8] = b"\x1b";

/// Both Regions serve and were seen to.
fn serving(screen: &str) -> bool {
    screen.matches("SERVING").count() >= 2
}
