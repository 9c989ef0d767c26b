//! Records of the stack's DNS tree, as Route 53 keeps them.

use serde::{Deserialize, Serialize};

/// A record set, with the members that Tandem's tree uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSet {
    /// Without the trailing dot.
    pub name: String,
    pub kind: String,
    pub set_identifier: Option<String>,
    pub routing: Routing,
    pub alias: Option<Alias>,
    /// Seconds; absent for aliases.
    pub ttl_s: Option<i64>,
    pub values: Vec<String>,
    pub health_check: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Routing {
    Simple,
    Weighted(i64),
    Latency(String),
    Geolocation { continent: Option<String>, country: Option<String> },
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    pub dns_name: String,
    pub zone_id: String,
    pub evaluate_target_health: bool,
}

/// The names of the tree under the stack's name: see the README's page on DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// `app.example.com`
    pub policy: String,
}

impl Tree {
    pub fn new(policy: impl Into<String>) -> Self {
        Self { policy: policy.into() }
    }

    /// `R.app.example.com`, where the dial of Region R is.
    pub fn dial(&self, region: &str) -> String {
        format!("{region}.{}", self.policy)
    }

    /// `rest-R.app.example.com`, where R's users go when R is dialled down.
    pub fn rest(&self, region: &str) -> String {
        format!("rest-{region}.{}", self.policy)
    }

    /// `origin-R.app.example.com`, what checks call.
    pub fn origin(&self, region: &str) -> String {
        format!("origin-{region}.{}", self.policy)
    }

    /// What the load balancer of a Region is called by, over HTTPS too.
    pub fn names(&self, region: &str) -> [String; 3] {
        [self.policy.clone(), self.dial(region), self.origin(region)]
    }

    /// The path of the switch of Region R on its peers.
    pub fn switch_path(region: &str) -> String {
        format!("/.tandem/switch/{region}")
    }
}

/// Whether two domain names are the same: case and the trailing dot do not count.
pub fn same_name(one: &str, other: &str) -> bool {
    one.trim_end_matches('.').eq_ignore_ascii_case(other.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_as_in_dns() {
        assert!(same_name("App.Example.com.", "app.example.com"));
        assert!(!same_name("app.example.com", "xapp.example.com"));
    }
}
