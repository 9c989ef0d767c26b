//! Tandem flies two or more AWS Regions as one.
pub mod fault;
pub mod host;
pub mod model;
pub mod probe;
pub mod tui;
