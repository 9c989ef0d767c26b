//! What several test files need.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod pty;
pub mod served;
