//! The verbs, one file each.

pub mod args;
pub mod status;
