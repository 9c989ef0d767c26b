//! What the ready stack looks like, and what its parts are called.

use crate::doc::Doc;
use crate::world::hex_id;
use serde_json::json;
use std::time::Duration;

/// A stack as its spec says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub stack: String,
    /// The hosted zone, without a trailing dot.
    pub zone: String,
    /// The name of the application inside the zone.
    pub name: String,
    pub regions: Vec<Member>,
    pub image: String,
    /// What the container listens on.
    pub port: u16,
    pub health_path: String,
    /// CPU units of a task: 1024 are one vCPU.
    pub cpu: u32,
    /// MiB of a task.
    pub memory: u32,
    /// Of all users together, the mean over a day.
    pub requests_per_s: f64,
    /// How long users have been there when the world is handed over.
    pub history: Duration,
}

/// One Region of the stack, and its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub tasks: u32,
    pub min: u32,
    pub max: u32,
}

impl Member {
    pub fn new(name: &str, tasks: u32, min: u32, max: u32) -> Self {
        Self { name: name.into(), tasks, min, max }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            stack: "shop".into(),
            zone: "shop.example".into(),
            name: "app".into(),
            regions: vec![Member::new("us-east-1", 4, 4, 12), Member::new("eu-west-1", 3, 3, 12)],
            image: "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0".into(),
            port: 8080,
            health_path: "/health".into(),
            cpu: 1024,
            memory: 2048,
            requests_per_s: 300.0,
            history: Duration::from_secs(30 * 60),
        }
    }
}

impl Shape {
    /// `<stack>-<role>`.
    pub fn named(&self, role: &str) -> String {
        format!("{}-{role}", self.stack)
    }

    /// What users ask for: `app.shop.example`.
    pub fn host(&self) -> String {
        format!("{}.{}", self.name, self.zone)
    }

    pub fn dial(&self, region: &str) -> String {
        format!("{region}.{}", self.host())
    }

    pub fn rest(&self, region: &str) -> String {
        format!("rest-{}", self.dial(region))
    }

    /// What health checks call, whatever users are told.
    pub fn origin(&self, region: &str) -> String {
        format!("origin-{}", self.dial(region))
    }

    /// The other Regions.
    pub fn peers<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a Member> {
        self.regions.iter().filter(move |peer| peer.name != region)
    }

    /// The tags of the part that plays `role` and was made from `spec`.
    pub fn tags(&self, role: &str, spec: &Doc) -> [(&'static str, String); 3] {
        [
            ("tandem:stack", self.stack.clone()),
            ("tandem:logical-id", role.into()),
            ("tandem:spec-hash", hex_id(&[&spec.to_string()], 16)),
        ]
    }

    /// The tags as most services take them.
    pub fn tag_list(&self, role: &str, spec: &Doc) -> Doc {
        self.tags(role, spec).into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
    }
}

/// The path at which a Region's load balancer says what it wants of `region`.
pub fn switch_path(region: &str) -> String {
    format!("/.tandem/switch/{region}")
}

/// The action of a switch that says `word` (`SERVE`, `EVACUATE`) of `region`.
pub fn switch_says(word: &str, region: &str, epoch: u64) -> Doc {
    json!([{
        "Type": "fixed-response",
        "FixedResponseConfig": {
            "StatusCode": "200",
            "ContentType": "text/plain",
            "MessageBody": format!("{word} {region} {epoch}"),
        },
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_the_shape() {
        let shape = Shape::default();
        assert_eq!(shape.origin("eu-west-1"), "origin-eu-west-1.app.shop.example");
        assert_eq!(shape.rest("eu-west-1"), "rest-eu-west-1.app.shop.example");
        assert_eq!(shape.peers("eu-west-1").map(|peer| peer.name.as_str()).collect::<Vec<_>>(), ["us-east-1"]);
    }

    #[test]
    fn the_hash_changes_with_the_spec() {
        let shape = Shape::default();
        let hash = |spec| shape.tags("alb", &spec)[2].1.clone();
        assert_eq!(hash(json!({"a": 1})), hash(json!({"a": 1})));
        assert_ne!(hash(json!({"a": 1})), hash(json!({"a": 2})));
    }
}
