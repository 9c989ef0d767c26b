//! Tandem flies two or more AWS Regions as one.
pub mod cli;
pub mod cloud;
pub mod config;
pub mod fault;
pub mod host;
pub mod model;
pub mod observe;
pub mod operate;
pub mod probe;
pub mod stage;
pub mod tui;
