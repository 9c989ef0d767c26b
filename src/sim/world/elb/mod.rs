//! Application Load Balancers: listeners, rules, target groups and the health of targets.
//!
//! `load_balancer`, `listener` and `target_group` hold the state, `condition` matches requests,
//! `attributes` knows AWS's defaults. `target` is the state machine of one target, `health` runs the
//! checks, `route` decides what becomes of a request, `serve` carries it out, `measure` counts;
//! `zones` changes where a load balancer stands.

pub mod attributes;
mod backend;
pub mod condition;
mod health;
pub mod listener;
pub mod load_balancer;
mod measure;
mod nodes;
mod route;
mod serve;
pub mod target;
pub mod target_group;
#[cfg(test)]
mod tests;
pub mod zones;

use super::World;
use backend::Fargate;
pub use listener::{Act, Action, Listener, Rule};
pub use load_balancer::LoadBalancer;
pub use nodes::{CLIENT_KEEP_ALIVE, addresses, alias_healthy, client_keep_alive, node_at};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
pub use target::Target;
pub use target_group::TargetGroup;

/// Elastic Load Balancing v2 in one Region.
#[derive(Debug, Clone, Default)]
pub struct Elb {
    /// By name.
    pub load_balancers: BTreeMap<String, LoadBalancer>,
    /// By name.
    pub target_groups: BTreeMap<String, TargetGroup>,
    /// Public address to load balancer name and zone.
    nodes: BTreeMap<Ipv4Addr, (String, String)>,
    /// How many public addresses were ever given out here.
    given_out: u32,
    measured: Option<crate::Moment>,
}

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

impl Scheme {
    /// As listeners and target groups call it.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Http => "HTTP",
            Scheme::Https => "HTTPS",
        }
    }
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
    /// Answered with a status below 400.
    pub ok: u64,
    pub target_5xx: u64,
    /// Answered with a 5xx by the load balancer itself.
    pub elb_5xx: u64,
    /// The mean over all requests.
    pub latency_ms: f64,
}

/// A load balancer's address, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub region: String,
    pub load_balancer: String,
    pub zone: String,
}

/// One request through the node at `ip`, counted in no metric (`None`: connection refused).
pub fn ask(world: &World, ip: Ipv4Addr, ask: &HttpAsk) -> Option<HttpAnswer> {
    serve::ask(world, &Fargate, ip, ask)
}

/// `requests` like `ask` in this second through the node at `ip`: counted in the metrics, put on the
/// targets. `None`: connection refused.
pub fn serve(world: &mut World, ip: Ipv4Addr, ask: &HttpAsk, requests: u64) -> Option<Served> {
    serve::serve(world, &Fargate, ip, ask, requests)
}

/// A task came to listen at `ip`: registers it with the target group (its ARN).
pub fn register(world: &mut World, region: &str, target_group: &str, ip: Ipv4Addr, port: u16, zone: &str) {
    let now = world.now;
    if let Some(group) = world.elb_in(region).group_mut(target_group) {
        group.register(ip, port, Some(zone.to_string()), now);
    }
}

/// A task goes: starts draining it.
pub fn deregister(world: &mut World, region: &str, target_group: &str, ip: Ipv4Addr, port: u16) {
    let now = world.now;
    let Some(group) = world.elb_in(region).group_mut(target_group) else { return };
    if let Some(note) = group.deregister(ip, port, now) {
        world.truth.note(now, note.kind, region, note.what);
    }
}

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

pub fn target_state(world: &World, region: &str, target_group: &str, ip: Ipv4Addr, port: u16) -> TargetState {
    let group = world.elb.get(region).and_then(|elb| elb.group(target_group));
    group.and_then(|group| group.target(ip, port).map(|target| group.state_of(target))).unwrap_or(TargetState::Gone)
}

pub fn tick(world: &mut World) {
    load_balancer::activate(world);
    health::tick(world, &Fargate);
    measure::tick(world);
}

impl Elb {
    /// The load balancer with this ARN.
    pub fn load_balancer(&self, arn: &str) -> Option<&LoadBalancer> {
        self.load_balancers.get(arn.split('/').nth(2)?).filter(|found| found.arn == arn)
    }

    pub fn load_balancer_mut(&mut self, arn: &str) -> Option<&mut LoadBalancer> {
        self.load_balancers.get_mut(arn.split('/').nth(2)?).filter(|found| found.arn == arn)
    }

    /// The target group with this ARN.
    pub fn group(&self, arn: &str) -> Option<&TargetGroup> {
        self.target_groups.get(arn.split('/').nth(1)?).filter(|found| found.arn == arn)
    }

    pub fn group_mut(&mut self, arn: &str) -> Option<&mut TargetGroup> {
        self.target_groups.get_mut(arn.split('/').nth(1)?).filter(|found| found.arn == arn)
    }

    /// The listener with this ARN.
    pub fn listener(&self, arn: &str) -> Option<(&LoadBalancer, &Listener)> {
        let owner = self.load_balancers.get(arn.split('/').nth(2)?)?;
        Some((owner, owner.listeners.values().find(|listener| listener.arn == arn)?))
    }

    pub fn listener_mut(&mut self, arn: &str) -> Option<&mut Listener> {
        let owner = self.load_balancers.get_mut(arn.split('/').nth(2)?)?;
        owner.listeners.values_mut().find(|listener| listener.arn == arn)
    }

    /// The listener that has the rule with this ARN; its default rule has one too.
    pub fn listener_of_rule(&self, arn: &str) -> Option<&Listener> {
        let owner = self.load_balancers.get(arn.split('/').nth(2)?)?;
        owner.listeners.values().find(|listener| listener.default_arn == arn || listener.rule(arn).is_some())
    }

    pub fn rule_mut(&mut self, arn: &str) -> Option<&mut Rule> {
        let owner = self.load_balancers.get_mut(arn.split('/').nth(2)?)?;
        owner.listeners.values_mut().flat_map(|listener| listener.rules.values_mut()).find(|rule| rule.arn == arn)
    }

    /// Tells the target groups which load balancer uses them, after anything that routes has changed:
    /// targets of a group that comes into use start anew, those of one that falls out are unused.
    pub fn rewire(&mut self, now: crate::Moment) {
        let mut users: BTreeMap<String, String> = BTreeMap::new();
        for (name, load_balancer) in &self.load_balancers {
            for arn in load_balancer.listeners.values().flat_map(Listener::target_groups) {
                users.entry(arn.to_string()).or_insert_with(|| name.clone());
            }
        }
        for group in self.target_groups.values_mut() {
            let user = users.remove(&group.arn).and_then(|name| self.load_balancers.get(&name));
            group.belong_to(user, now);
        }
    }
}
