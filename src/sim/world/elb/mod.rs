//! Application Load Balancers: listeners, rules, target groups and the health of targets.

use super::World;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Elastic Load Balancing v2 in one Region.
#[derive(Debug, Clone, Default)]
pub struct Elb {}

/// A request as a load balancer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAsk {
    pub method: String,
    pub scheme: Scheme,
    /// The Host header, without a port.
    pub host: String,
    /// Path and query.
    pub path: String,
    pub port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// What a load balancer answers.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpAnswer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub latency_ms: f64,
    /// The target that answered; `None` when the load balancer answered itself.
    pub target: Option<Ipv4Addr>,
}

/// What became of many requests of one second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Served {
    pub ok: u64,
    pub target_5xx: u64,
    pub elb_5xx: u64,
    pub latency_ms: f64,
}

/// A load balancer's address, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub region: String,
    pub load_balancer: String,
    pub zone: String,
}

/// Which load balancer node has this public address.
pub fn node_at(_world: &World, _ip: Ipv4Addr) -> Option<Node> {
    None
}

/// The public addresses of the load balancer with this DNS name (any case, with or without the
/// trailing dot or `dualstack.`): one per zone that has a healthy target; all of them when none has.
pub fn addresses(_world: &World, _dns_name: &str) -> Vec<Ipv4Addr> {
    vec![]
}

/// What EvaluateTargetHealth says of the load balancer with this DNS name; `None` when there is none.
pub fn alias_healthy(_world: &World, _dns_name: &str) -> Option<bool> {
    None
}

/// One request through the node at `ip`, counted in no metric (`None`: connection refused).
pub fn ask(_world: &World, _ip: Ipv4Addr, _ask: &HttpAsk) -> Option<HttpAnswer> {
    None
}

/// `requests` like `ask` in this second through the node at `ip`: counted in the metrics, put on the
/// targets. `None`: connection refused.
pub fn serve(_world: &mut World, _ip: Ipv4Addr, _ask: &HttpAsk, _requests: u64) -> Option<Served> {
    None
}

/// `client_keep_alive.seconds` of a load balancer that says nothing else (Elastic Load Balancing API
/// Reference, LoadBalancerAttribute).
pub const CLIENT_KEEP_ALIVE: Duration = Duration::from_secs(3600);

/// How long the load balancer at `ip` keeps a client's connection at most.
pub fn client_keep_alive(_world: &World, _ip: Ipv4Addr) -> Duration {
    CLIENT_KEEP_ALIVE
}

/// A task came to listen at `ip`: registers it with the target group.
pub fn register(_world: &mut World, _region: &str, _target_group: &str, _ip: Ipv4Addr, _port: u16, _zone: &str) {}

/// A task goes: starts draining it.
pub fn deregister(_world: &mut World, _region: &str, _target_group: &str, _ip: Ipv4Addr, _port: u16) {}

/// What ECS asks of a target before it trusts a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetState {
    Initial,
    Healthy,
    Unhealthy,
    Draining,
    Unused,
    Gone,
}

pub fn target_state(_world: &World, _region: &str, _target_group: &str, _ip: Ipv4Addr, _port: u16) -> TargetState {
    TargetState::Gone
}

pub fn tick(_world: &mut World) {}
