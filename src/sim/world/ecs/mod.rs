//! Clusters, task definitions, services and their tasks on Fargate.

use super::World;
use std::net::Ipv4Addr;

/// ECS in one Region.
#[derive(Debug, Clone, Default)]
pub struct Ecs {}

/// How a task meets requests: what came back, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskAnswer {
    pub status: u16,
    pub latency_ms: f64,
}

/// One request to a task's address: `None` when nothing listens there.
pub fn ask(_world: &World, _region: &str, _ip: Ipv4Addr, _port: u16, _path: &str) -> Option<TaskAnswer> {
    None
}

/// Puts `requests` of this second on the task at `ip`: its CPU load rises with them. Tells what share
/// of them (0 to 1) it answers with an error because it is overloaded, and the latency.
pub fn load(_world: &mut World, _region: &str, _ip: Ipv4Addr, _requests: u64) -> (f64, f64) {
    (0.0, 0.0)
}

pub fn tick(_world: &mut World) {}
