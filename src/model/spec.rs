//! What a stack shall be, as the configuration says it. Who writes, what a dial stands at and which way a
//! switch points are no part of it: those are states of a running stack.

use super::stack::Stack;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the container is called that users meet, unless a template says otherwise.
pub const CONTAINER: &str = "web";

/// Everything that a deployment makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    pub stack: Stack,
    /// On every resource, beside the stack's own.
    pub tags: BTreeMap<String, String>,
    pub app: App,
    /// In the order of the file; the first is the home of what needs one.
    pub regions: Vec<Site>,
    pub roles: Roles,
    pub database: Database,
    pub sessions: Sessions,
    /// The three Regions of the control table.
    pub control_regions: Vec<String>,
    pub routing: Routing,
    pub alerts: Alerts,
    pub watch: Watch,
}

/// The tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// `{region}` stands for the Region.
    pub image: String,
    pub port: u16,
    /// CPU units: 1024 are one vCPU.
    pub cpu: u32,
    /// MiB.
    pub memory: u32,
    /// Tasks a Region when it is made.
    pub desired: u32,
    /// `None`: a fixed count.
    pub autoscaling: Option<Autoscaling>,
    pub container_insights: bool,
    pub environment: BTreeMap<String, String>,
    pub log_retention_days: u32,
    /// What else its tasks have.
    pub template: Option<Template>,
}

impl App {
    /// What the container is called that users meet.
    pub fn container(&self) -> &str {
        let named = self.template.as_ref().and_then(|template| template.app.get("name")?.as_str());
        named.unwrap_or(CONTAINER)
    }
}

/// What a task definition has beside what Tandem writes in it, by the names of ECS. `{region}` in a text stands for the
/// Region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// Of the container that users meet.
    pub app: Map<String, Value>,
    /// Those that run beside it.
    pub sidecars: Vec<Map<String, Value>>,
}

impl Template {
    pub fn containers(&self) -> impl Iterator<Item = &Map<String, Value>> {
        std::iter::once(&self.app).chain(&self.sidecars)
    }

    /// Where the values of secrets are: ARNs of Secrets Manager and of parameters.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let all = self.containers().filter_map(|one| one.get("secrets")?.as_array()).flatten();
        all.filter_map(|secret| secret.get("valueFrom")?.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscaling {
    pub min: u32,
    pub max: u32,
    /// Percent of CPU that it aims at.
    pub cpu_percent: u32,
}

/// A Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub name: String,
    pub network: Network,
    /// That of its load balancer; without one it speaks HTTP only.
    pub certificate: Option<Certificate>,
}

/// A certificate of AWS Certificate Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// The ARN of one that stands already.
    Given(String),
    /// One for the stack's names, proven by records in its zone.
    Made,
}

impl Site {
    /// Whether its certificate is one of the stack's resources.
    pub fn makes_certificate(&self) -> bool {
        self.certificate == Some(Certificate::Made)
    }
}

/// Where in a Region the stack lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// A VPC that is made: one public and one private subnet in each Availability Zone.
    Made {
        cidr: String,
        /// Zones that it spans.
        zones: u32,
        nat: Nat,
    },
    /// A VPC that stands: nothing in it is made or changed, but for security groups and the routes to other Regions.
    Given {
        vpc: String,
        /// What its subnets lie in.
        cidr: String,
        public: Vec<String>,
        private: Vec<String>,
        /// Those of the private subnets. They get the routes to the other Regions.
        route_tables: Vec<String>,
    },
}

impl Network {
    /// What the other Regions are told that is here.
    pub fn cidr(&self) -> &str {
        match self {
            Self::Made { cidr, .. } | Self::Given { cidr, .. } => cidr,
        }
    }
}

/// How private subnets reach the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nat {
    /// A gateway in each Availability Zone: the loss of a zone takes no other with it.
    PerZone,
    /// One gateway: cheaper, and its zone takes all others along.
    One,
    /// No way out but endpoints to what tasks on Fargate need in their own Region, and the other Regions' VPCs: a
    /// control table is in reach only if it has a replica here.
    None,
}

/// The roles of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// Of those that are made: `/`, or a path like `/tandem/`.
    pub path: String,
    /// The ARN of a policy that none that is made can exceed.
    pub boundary: Option<String>,
    /// The ARN of one that stands, and starts tasks.
    pub execution: Option<String>,
    /// The ARN of one that stands, and that tasks run as.
    pub task: Option<String>,
    /// Repositories that images are pulled from; none: all of this account in the Region. `{region}` stands for the
    /// Region.
    pub repositories: Vec<String>,
    /// What tasks may do beyond what the stack needs.
    pub grants: Vec<Grant>,
}

/// A permission of the task role. In ARNs `{region}` stands for the Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub actions: Vec<String>,
    pub resources: Vec<String>,
}

impl Default for Roles {
    fn default() -> Self {
        Self { path: "/".into(), boundary: None, execution: None, task: None, repositories: vec![], grants: vec![] }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Of aurora-postgresql: `16.6`.
    pub version: String,
    pub class: String,
    /// A Region.
    pub instances: u32,
    pub backup_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// The attribute with the moment at which a session ends, in seconds since 1970.
    pub ttl_attribute: String,
}

/// How the policy record sends users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    Latency,
    /// By continent, to the Region that `geo` says; the first is the default.
    Geolocation,
}

/// Whom alarms tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alerts {
    /// The ARN of an SNS topic, by Region.
    pub topics: BTreeMap<String, String>,
}

/// What watches the stack and guards its tasks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    /// Tandem's own image for watchers; `None`: nothing watches. `{region}` stands for the Region.
    pub image: Option<String>,
    /// Tandem's own image for the guard in every task; `None`: there is none. `{region}` stands for the Region.
    pub guard_image: Option<String>,
    /// The configuration, for watchers: what of it has to do with them.
    pub file: String,
}

impl Spec {
    /// Where watchers run: nowhere without an image of theirs.
    pub fn watch_regions(&self) -> Vec<&str> {
        if self.watch.image.is_none() {
            return vec![];
        }
        self.vantages()
    }

    /// Where watchers look from, whoever runs them: every Region of the stack, and the first Region of the control table
    /// that has nothing else of the stack: it is outside of all that can be lost together.
    pub fn vantages(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self.region_names().collect();
        let outside = self.control_regions.iter().map(String::as_str).find(|region| !regions.contains(region));
        regions.extend(outside);
        regions
    }

    /// The Region that comes first.
    pub fn home(&self) -> &str {
        self.regions.first().map_or("us-east-1", |site| site.name.as_str())
    }

    pub fn region_names(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(|site| site.name.as_str())
    }

    /// The cluster of the database in a Region.
    pub fn cluster(&self, region: &str) -> String {
        self.stack.member(region)
    }
}
