//! What the templates are made from.

use crate::model::spec::{Grant, Network};
use std::collections::BTreeMap;

/// One stack in all its Regions, as far as it never moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Names everything: `<stack>-base`, `<stack>-db`, `/tandem/<stack>`.
    pub stack: String,
    pub environment: String,
    /// Given by the user, on everything that takes tags.
    pub tags: BTreeMap<String, String>,
    /// Two or more.
    pub regions: Vec<Region>,
    pub listeners: Listeners,
    /// Where the app listens, for the load balancer only.
    pub app_port: u16,
    /// Where the database listens: 5432 for PostgreSQL, 3306 for MySQL.
    pub database_port: u16,
    pub roles: Roles,
    /// One of the periods that CloudWatch Logs knows.
    pub log_retention_days: u16,
    /// The global table of sessions, with a replica in every Region.
    pub sessions_table: String,
    pub control: Control,
    /// Names of secrets that tasks are started with, `*` and `?` as in IAM, like `shop/*`. A given
    /// execution role must be able to read them by itself.
    pub secrets: Vec<String>,
    /// ARNs of others that tasks are started with, of Secrets Manager and of parameters; `{region}` stands for the
    /// Region.
    pub given_secrets: Vec<String>,
    /// Whether watchers run beside it, with roles of their own.
    pub watched: bool,
}

/// A Region of the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    pub network: Network,
}

/// Where load balancers listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listeners {
    /// 80.
    Http,
    /// 443.
    Https,
    /// 443, and 80 to send users there.
    Both,
}

impl Listeners {
    pub(super) fn ports(self) -> &'static [u16] {
        match self {
            Self::Http => &[80],
            Self::Https => &[443],
            Self::Both => &[80, 443],
        }
    }
}

/// What tasks may do. In ARNs `{region}` stands for the Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// `/`, or a path like `/tandem/`.
    pub path: String,
    /// A managed policy that no made role can exceed.
    pub boundary: Option<String>,
    /// Given instead of made: what starts tasks.
    pub execution: Option<String>,
    /// Given instead of made: what tasks run as.
    pub task: Option<String>,
    /// Repositories that images are pulled from; none: all of this account in the Region.
    pub repositories: Vec<String>,
    /// What the task role may do beyond the sessions.
    pub grants: Vec<Grant>,
}

/// The table of leases, epochs and latches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    pub table: String,
    /// The Regions of its replicas, which need not be the stack's.
    pub regions: Vec<String>,
    /// Whether tasks may read it: a guard does, and an app that confirms the epoch itself.
    pub read_by_tasks: bool,
}
