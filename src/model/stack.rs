//! The stack that is flown: what it is called and where it is. Names of resources follow from it, so
//! that any operator on any machine finds the same things.

use super::records::Tree;
use std::time::Duration;

/// Who moves the database's writer to another Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailsOver {
    /// Somebody at a console.
    #[default]
    Human,
    /// It stays where it is, whatever happens.
    Nobody,
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
    /// What a failover may lose of the database without a warning.
    pub max_data_loss: Duration,
}

impl Stack {
    pub fn cluster(&self) -> String {
        self.name.clone()
    }

    pub fn service(&self) -> String {
        format!("{}-web", self.name)
    }

    pub fn balancer(&self) -> String {
        format!("{}-web", self.name)
    }

    pub fn target_group(&self) -> String {
        format!("{}-web", self.name)
    }

    /// The resource of Application Auto Scaling.
    pub fn scaling_resource(&self) -> String {
        format!("service/{}/{}", self.cluster(), self.service())
    }

    /// The global database.
    pub fn global_cluster(&self) -> String {
        format!("{}-db", self.name)
    }

    /// The database inside of it.
    pub fn database(&self) -> &'static str {
        "app"
    }

    /// The secret of the database user that writes heartbeats.
    pub fn heartbeat_secret(&self) -> String {
        format!("{}-heartbeat", self.name)
    }

    pub fn sessions_table(&self) -> String {
        format!("{}-sessions", self.name)
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
