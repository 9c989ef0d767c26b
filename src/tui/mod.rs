//! The console: what an operator sees of the stack, and the keys that act on it.
//!
//! `Msg` in, `update` changes the `Model` and answers `Cmd`s, `view` draws the `Model`. Both are pure
//! and total: a Region that hangs cannot hold a frame. `show` owns the terminal on a thread of its own;
//! whoever carries out the `Cmd`s (reads, plans, operations) lives elsewhere and answers with `Msg`s.
//!
//! `actions` is the one table of keys. `panes/` and `overlays/` have one file each thing on the screen,
//! `update/` one file each thing that takes keys, `theme/` what states look like, `record/` the
//! recordings of all that came in; `wizard/` is the screen of `--deploy`, built the same way. Only `terminal` and `input` know the terminal.

pub mod actions;
pub mod clipboard;
mod input;
pub mod keys;
pub mod memory;
pub mod model;
pub mod msg;
mod overlays;
mod pace;
mod pages;
pub mod palette;
mod panes;
pub mod record;
pub mod run;
pub mod runner;
mod show;
mod suspend;
pub mod svg;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
mod watchdog;
pub mod wizard;

#[cfg(test)]
mod scenes;
#[cfg(test)]
mod tests;

pub use model::{Mode, Model};
pub use msg::{Cmd, Msg};
pub use run::{Setup, run};
