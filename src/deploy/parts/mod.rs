//! The resources of a stack, one file a kind. Each family has a function `nodes` that tells which nodes a
//! spec asks for.

mod alarms;
pub mod balancing;
pub mod certificates;
mod cluster;
mod dashboard;
pub mod database;
#[cfg(test)]
mod fixtures;
pub mod foundation;
mod listener;
mod load_balancer;
pub mod marks;
pub mod names;
mod pieces;
#[cfg(test)]
pub(super) mod sample;
mod scaling;
mod service;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod standing;
mod switch_rule;
pub mod tables;
mod target_group;
mod task_definition;
pub mod tasks;
pub mod watchers;
pub mod watching;
