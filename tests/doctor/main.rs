//! `tandem doctor` names what is ill, and nothing else: one ill a row, planted in a stack that is well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod before;
mod ills;
mod process;
mod silent;
#[path = "../support/mod.rs"]
mod support;
mod ward;
