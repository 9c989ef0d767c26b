//! A resource in the graph: what it is called, what it needs, how long it takes.

use super::part::Part;
use super::parts::watchers::ROLES;
use std::time::Duration;

/// What services are for, in the words of a stack; watchers are an area of their own, whatever service they are of.
pub const AREAS: [(&str, &[&str]); 10] = [
    ("foundation", &["cloudformation"]),
    ("secrets", &["secretsmanager"]),
    ("tables", &["dynamodb"]),
    ("database", &["rds", "rds-data"]),
    ("balancing", &["elbv2"]),
    ("tasks", &["ecs"]),
    ("autoscaling", &["application-autoscaling"]),
    ("names", &["route53"]),
    ("watching", &["cloudwatch"]),
    (WATCHERS, &[]),
];

const WATCHERS: &str = "watchers";

/// One resource of the stack.
pub struct Node {
    /// `eu-west-1/alb`, or `control` for what has no Region.
    pub id: String,
    /// Where its API is: `us-east-1` for Route 53.
    pub region: String,
    /// By the name that the AWS CLI has for it.
    pub service: &'static str,
    /// What it is called in AWS.
    pub name: String,
    /// Nodes that must stand first.
    pub needs: Vec<String>,
    /// Nodes that come before it where they are in the graph too: nobody brings them along.
    pub follows: Vec<String>,
    /// How long it usually takes to make.
    pub expected: Duration,
    /// Whether it holds what cannot be made again.
    pub holds_data: bool,
    pub part: Box<dyn Part>,
}

impl Node {
    pub fn new(
        id: impl Into<String>,
        region: &str,
        service: &'static str,
        name: impl Into<String>,
        part: impl Part + 'static,
    ) -> Self {
        Self {
            id: id.into(),
            region: region.into(),
            service,
            name: name.into(),
            needs: vec![],
            follows: vec![],
            expected: Duration::from_secs(5),
            holds_data: false,
            part: Box::new(part),
        }
    }

    #[must_use]
    pub fn needs(mut self, nodes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.needs.extend(nodes.into_iter().map(Into::into));
        self
    }

    #[must_use]
    pub fn follows(mut self, nodes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.follows.extend(nodes.into_iter().map(Into::into));
        self
    }

    #[must_use]
    pub fn takes(mut self, expected: Duration) -> Self {
        self.expected = expected;
        self
    }

    #[must_use]
    pub fn with_data(mut self) -> Self {
        self.holds_data = true;
        self
    }

    /// What it is for the stack: its id without the Region.
    pub fn role(&self) -> &str {
        self.id.split_once('/').filter(|(first, _)| *first == self.region).map_or(self.id.as_str(), |(_, role)| role)
    }

    /// Whether `word` names its role, the kind of its role (`switch` for `switch-eu-west-1`), its service, what its
    /// service is for ([`AREAS`]) or its id.
    pub fn plays(&self, word: &str) -> bool {
        let role = self.role();
        let kind = role.split(['-', '/']).next().unwrap_or(role);
        let of = AREAS.iter().find(|(_, services)| services.contains(&self.service)).map(|(area, _)| *area);
        let area = if kind == ROLES { Some(WATCHERS) } else { of };
        area == Some(word) || [role, kind, self.service, &self.id].contains(&word)
    }
}
