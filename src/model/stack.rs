//! The stack that is flown: what it is called and where it is. Names of resources follow from it, so
//! that any operator on any machine finds the same things; those that `[resources]` names have its names.

use super::records::Tree;
use super::resources::{self, Named, Resources};
use super::snapshot::Lacks;
use std::time::Duration;

/// Who moves the database's writer to another Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailsOver {
    /// Somebody at a console.
    #[default]
    Human,
    /// It stays where it is, whatever happens.
    Nobody,
    /// A watcher, when it is sure; and somebody at a console.
    Watcher,
}

/// What stops the old writer's clients when its Region cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fence {
    /// Aurora's own fence, which it puts up as best it can (Aurora User Guide, recovering a global database from an
    /// unplanned outage): nothing proves it beforehand.
    #[default]
    Aurora,
    /// A sidecar in every task that ends it when the epoch cannot be confirmed.
    Guard,
    /// The application confirms the epoch itself.
    AppLease,
}

impl Fence {
    /// Whether the end of a lease proves that the old writer has no clients any more.
    pub fn proves(self) -> bool {
        self != Self::Aurora
    }
}

/// One stack, as the configuration describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    pub name: String,
    pub environment: String,
    /// In the order of the columns.
    pub regions: Vec<String>,
    /// `example.com`, without the trailing dot.
    pub zone: String,
    /// `app.example.com`, what users ask for.
    pub policy: String,
    /// HTTPS when the load balancers have certificates.
    pub https: bool,
    pub health_path: String,
    /// The dial's steps of a drain, e.g. 75, 50, 25, 0.
    pub ramp: Vec<i64>,
    /// Regions that must go on serving.
    pub floor_regions: usize,
    /// Load that receivers must be able to take, times this, at least 1.
    pub capacity_headroom: f64,
    /// Who moves the database's writer.
    pub fails_over: FailsOver,
    /// What keeps the old writer from being written to.
    pub fence: Fence,
    /// Whether a watcher may promote where nothing proves the fence.
    pub accepts_unproven_fence: bool,
    /// What a failover may lose of the database without a warning.
    pub max_data_loss: Duration,
    /// What somebody else built.
    pub resources: Resources,
}

impl Stack {
    /// What a deployment calls the database inside of the global one.
    pub const DATABASE: &'static str = "app";

    /// What it does without, since somebody else built it.
    pub fn lacks(&self) -> Lacks {
        Lacks {
            heartbeats: !self.resources.is_empty() && self.resources.heartbeat_secret.is_none(),
            canaries: self.resources.sessions_table.is_some(),
        }
    }

    fn named(&self, region: &str) -> Option<&Named> {
        self.resources.named(region)
    }

    /// The ECS cluster of the Region.
    pub fn cluster(&self, region: &str) -> String {
        let named = self.named(region).and_then(Named::cluster_and_service);
        named.map_or_else(|| self.name.clone(), |(cluster, _)| cluster.into())
    }

    pub fn service(&self, region: &str) -> String {
        let named = self.named(region).and_then(Named::cluster_and_service);
        named.map_or_else(|| format!("{}-web", self.name), |(_, service)| service.into())
    }

    /// The name of the load balancer, or its ARN where that is given.
    pub fn balancer(&self, region: &str) -> String {
        let named = self.named(region).and_then(|named| named.load_balancer.clone());
        named.unwrap_or_else(|| format!("{}-web", self.name))
    }

    /// The name of the target group, or its ARN where that is given.
    pub fn target_group(&self, region: &str) -> String {
        let named = self.named(region).and_then(|named| named.target_group.clone());
        named.unwrap_or_else(|| format!("{}-web", self.name))
    }

    /// The ARN of the listener where that is given; else the one that users meet is meant.
    pub fn listener(&self, region: &str) -> Option<&str> {
        self.named(region)?.listener.as_deref()
    }

    /// The resource of Application Auto Scaling.
    pub fn scaling_resource(&self, region: &str) -> String {
        format!("service/{}/{}", self.cluster(region), self.service(region))
    }

    /// The global database.
    pub fn global_cluster(&self) -> String {
        let named = self.resources.global_cluster.as_deref().map(resources::name_of);
        named.map_or_else(|| format!("{}-db", self.name), String::from)
    }

    /// The Region's member of the global database.
    pub fn member(&self, region: &str) -> String {
        let named = self.named(region).and_then(|named| named.database_cluster.as_deref()).map(resources::name_of);
        named.map_or_else(|| format!("{}-{region}", self.global_cluster()), String::from)
    }

    /// The database inside of it.
    pub fn database(&self) -> &str {
        self.resources.heartbeat_database.as_deref().unwrap_or(Self::DATABASE)
    }

    /// The secret of the database user that writes heartbeats, as the Region has it. `None`: somebody else built the
    /// stack, and there is no such user.
    pub fn heartbeat_secret(&self, region: &str) -> Option<String> {
        match &self.resources.heartbeat_secret {
            Some(arn) => Some(resources::in_region(arn, region)),
            None if self.resources.is_empty() => Some(self.heartbeat_name()),
            None => None,
        }
    }

    /// What the secret is called that a deployment makes for heartbeats.
    pub fn heartbeat_name(&self) -> String {
        format!("{}-heartbeat", self.name)
    }

    pub fn sessions_table(&self) -> String {
        self.resources.sessions_table.clone().unwrap_or_else(|| format!("{}-sessions", self.name))
    }

    /// What watchers are called: their cluster, service and CloudFormation stack.
    pub fn watch_name(&self) -> String {
        format!("{}-watch", self.name)
    }

    /// The table of the lease, epochs and the journal.
    pub fn control_table(&self) -> String {
        format!("{}-control", self.name)
    }

    pub fn tree(&self) -> Tree {
        Tree::new(self.policy.clone())
    }

    /// The Regions other than this one.
    pub fn peers<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a str> {
        self.regions.iter().map(String::as_str).filter(move |name| *name != region)
    }
}
