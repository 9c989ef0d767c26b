//! Listeners, their rules and what rules do.

use super::condition::Condition;
use super::{HttpAsk, LoadBalancer, Scheme};
use crate::world::hex_id;
use std::collections::BTreeMap;

/// A port of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    pub arn: String,
    pub port: u16,
    pub scheme: Scheme,
    pub certificate: Option<String>,
    pub ssl_policy: Option<String>,
    /// The actions of the default rule.
    pub default: Vec<Action>,
    /// The ARN of the default rule.
    pub default_arn: String,
    /// By priority, which is the order in which they are tried.
    pub rules: BTreeMap<u32, Rule>,
    pub tags: BTreeMap<String, String>,
    pub default_tags: BTreeMap<String, String>,
}

/// What is done with requests that meet every condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub arn: String,
    pub conditions: Vec<Condition>,
    pub actions: Vec<Action>,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub order: Option<u32>,
    pub act: Act,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Target groups (ARNs) with their weights.
    Forward {
        to: Vec<(String, u32)>,
        /// Seconds that a client stays with a target group; stored, routing does not use it.
        sticky_s: Option<u32>,
    },
    Fixed {
        status: u16,
        content_type: Option<String>,
        body: Option<String>,
    },
    /// Parts may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`.
    Redirect {
        status: u16,
        protocol: String,
        host: String,
        port: String,
        path: String,
        query: String,
    },
}

impl Listener {
    pub fn new(owner: &LoadBalancer, port: u16, scheme: Scheme, default: Vec<Action>) -> Self {
        let taken = |arn: &String| owner.listeners.values().any(|listener| listener.arn == *arn);
        let stem = owner.arn.replacen(":loadbalancer/", ":listener/", 1);
        let mut salt = String::new();
        let arn = loop {
            let arn = format!("{stem}/{}", hex_id(&[&owner.arn, "listener", &port.to_string(), &salt], 16));
            if !taken(&arn) {
                break arn;
            }
            salt.push('+');
        };
        let default_arn = rule_arn(&arn, "default");
        let none = BTreeMap::new;
        Self {
            arn,
            port,
            scheme,
            certificate: None,
            ssl_policy: None,
            default,
            default_arn,
            rules: BTreeMap::new(),
            tags: none(),
            default_tags: none(),
        }
    }

    pub fn rule(&self, arn: &str) -> Option<(u32, &Rule)> {
        self.rules.iter().find(|(_, rule)| rule.arn == arn).map(|(priority, rule)| (*priority, rule))
    }

    /// The ARN that a rule with this priority has.
    pub fn arn_of_rule(&self, priority: u32) -> String {
        rule_arn(&self.arn, &priority.to_string())
    }

    /// What is done with this request: the first rule whose conditions all hold, else the default.
    pub fn act(&self, ask: &HttpAsk) -> Option<&Act> {
        let rule = self.rules.values().find(|rule| rule.conditions.iter().all(|condition| condition.holds(ask)));
        rule.map_or(&self.default, |rule| &rule.actions).last().map(|action| &action.act)
    }

    /// ARNs of every target group that it may forward to.
    pub fn target_groups(&self) -> impl Iterator<Item = &str> {
        self.default.iter().chain(self.rules.values().flat_map(|rule| &rule.actions)).flat_map(Action::target_groups)
    }
}

impl Action {
    pub fn target_groups(&self) -> impl Iterator<Item = &str> {
        let to: &[(String, u32)] = match &self.act {
            Act::Forward { to, .. } => to,
            _ => &[],
        };
        to.iter().map(|(arn, _)| arn.as_str())
    }
}

fn rule_arn(listener: &str, which: &str) -> String {
    format!("{}/{}", listener.replacen(":listener/", ":listener-rule/", 1), hex_id(&[listener, "rule", which], 16))
}
