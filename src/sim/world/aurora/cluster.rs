//! A cluster and its instances.

use super::Key;
use crate::moment::Moment;
use crate::world::sql::Database;
use std::collections::{BTreeMap, VecDeque};

#[derive(Debug, Clone)]
pub struct Cluster {
    pub region: String,
    pub id: String,
    pub arn: String,
    pub resource_id: String,
    pub engine: String,
    pub version: String,
    /// The version that it is upgraded to, until it restarts with it.
    pub upgrade: Option<String>,
    pub database: Option<String>,
    pub master: Option<String>,
    pub parameter_group: String,
    pub subnet_group: String,
    pub security_groups: Vec<String>,
    pub kms_key: Option<String>,
    pub encrypted: bool,
    pub protected: bool,
    pub retention_days: u32,
    pub created: Moment,
    pub status: Status,
    pub due: Option<Moment>,
    pub data_api: bool,
    pub tags: BTreeMap<String, String>,
    pub writer_endpoint: String,
    pub reader_endpoint: String,
    /// Global write forwarding: stored on a writer, effective when it is demoted.
    pub forwarding: Forwarding,
    pub local_forwarding: Forwarding,
    pub global: Option<String>,
    pub role: Role,
    /// The instance that a failover inside of the cluster promoted.
    pub promoted: Option<String>,
    pub sync: Sync,
    /// How far it is behind, while it is a secondary, milliseconds.
    pub lag_ms: f64,
    /// What the metric told when it froze.
    pub frozen_ms: Option<f64>,
    /// It has every commit that is older.
    pub applied: Moment,
    /// Connections break until then: a role has changed.
    pub broken_until: Moment,
    /// Takes no writes although it is the writer: a role change is under way.
    pub fenced: bool,
    /// Still writes although another was promoted, under this epoch.
    pub split: Option<u64>,
    /// Commits of the last hour that a secondary may not have yet.
    pub commits: VecDeque<Commit>,
    pub store: Database,
}

impl Cluster {
    pub fn key(&self) -> Key {
        (self.region.clone(), self.id.clone())
    }

    /// Whether applications can connect, where an instance answers.
    pub fn up(&self) -> bool {
        !matches!(self.status, Status::Creating | Status::Deleting) && !matches!(self.sync, Sync::Resync { .. })
            || self.split.is_some()
    }
}

/// Rows that were committed between a moment and `spread_ms` later, evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commit {
    pub at: Moment,
    pub spread_ms: u64,
    pub rows: u64,
}

impl Commit {
    /// How many of its rows are later than `position`.
    pub fn after(&self, position: Moment) -> u64 {
        if position < self.at {
            return self.rows;
        }
        let into = position.0 - self.at.0;
        if into >= self.spread_ms {
            return 0;
        }
        let kept = into * self.rows / self.spread_ms + 1;
        self.rows.saturating_sub(kept)
    }
}

/// A status of a cluster or an instance (Aurora User Guide, viewing status).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Creating,
    Available,
    Modifying,
    Deleting,
    FailingOver,
    Promoting,
    ConfiguringForwarding,
    Rebooting,
    Upgrading,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Available => "available",
            Self::Modifying | Self::ConfiguringForwarding => "modifying",
            Self::Deleting => "deleting",
            Self::FailingOver => "failing-over",
            Self::Promoting => "promoting",
            Self::Rebooting => "rebooting",
            Self::Upgrading => "upgrading",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Writer,
    Secondary,
}

/// Whether a secondary follows the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    Connected,
    /// It is rebuilt, or waits for that until it is reached.
    Resync {
        since: Moment,
        until: Option<Moment>,
    },
}

/// Write forwarding as it was asked for, and how far that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forwarding {
    pub requested: bool,
    pub switching: Option<Switching>,
}

/// A change of forwarding that is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switching {
    pub until: Moment,
}

impl Forwarding {
    pub fn on(&self) -> bool {
        self.requested && self.switching.is_none()
    }

    pub fn word(&self) -> &'static str {
        match (self.requested, self.switching.is_some()) {
            (true, false) => "enabled",
            (true, true) => "enabling",
            (false, false) => "disabled",
            (false, true) => "disabling",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Instance {
    pub region: String,
    pub id: String,
    pub arn: String,
    pub resource_id: String,
    pub cluster: String,
    pub class: String,
    pub parameter_group: String,
    pub engine: String,
    pub zone: String,
    pub status: Status,
    pub due: Option<Moment>,
    pub created: Moment,
    pub tier: u32,
    pub tags: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_second_are_cut_where_the_log_ends() {
        let commit = Commit { at: Moment(10_000), spread_ms: 1000, rows: 10 };
        assert_eq!(commit.after(Moment(9_999)), 10);
        assert_eq!(commit.after(Moment(10_000)), 9, "the first is exactly there");
        assert_eq!(commit.after(Moment(10_500)), 4);
        assert_eq!(commit.after(Moment(10_999)), 0);
        assert_eq!(commit.after(Moment(11_000)), 0);
        let one = Commit { at: Moment(10_000), spread_ms: 0, rows: 1 };
        assert_eq!((one.after(Moment(9_999)), one.after(Moment(10_000))), (1, 0));
    }
}
