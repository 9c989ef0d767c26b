//! A global cluster: which clusters are members, who writes, and a role change that is under way.

use super::Key;
use crate::moment::Moment;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Global {
    pub id: String,
    pub resource_id: String,
    pub engine: String,
    pub version: String,
    pub database: Option<String>,
    pub encrypted: bool,
    pub protected: bool,
    pub tags: BTreeMap<String, String>,
    pub status: GlobalStatus,
    /// When the status ends by itself.
    pub due: Option<Moment>,
    /// In the order in which they joined.
    pub members: Vec<Key>,
    pub writer: Option<Key>,
    pub change: Option<RoleChange>,
    /// 1 for the first writer, one more with every promotion.
    pub epoch: u64,
    /// The endpoint that follows the writer, and whom it names.
    pub endpoint: String,
    pub names: Option<Key>,
    /// When it will name the writer.
    pub renamed: Moment,
}

/// Words that consoles show; the API says only that it is a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalStatus {
    Creating,
    Available,
    Modifying,
    SwitchingOver,
    FailingOver,
    Deleting,
}

impl GlobalStatus {
    pub fn word(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Available => "available",
            Self::Modifying => "modifying",
            Self::SwitchingOver => "switching-over",
            Self::FailingOver => "failing-over",
            Self::Deleting => "deleting",
        }
    }
}

/// A switchover or a failover from one member to another.
#[derive(Debug, Clone)]
pub struct RoleChange {
    pub from: Key,
    pub to: Key,
    pub data_loss_allowed: bool,
    pub began: Moment,
    pub phase: Phase,
    /// When the phase ends, where nothing holds it.
    pub due: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Pending,
    /// A switchover waits until the target has everything; writes are still taken.
    Synchronising,
    /// The old writer takes no more writes; a switchover waits for the last of them.
    Blocked,
    /// A failover tries to fence the old writer.
    Fencing,
    Promoting,
}

impl RoleChange {
    /// As `FailoverState` tells it: `switching-over` is documented, though not in the model's enum.
    pub fn word(&self) -> &'static str {
        match (self.phase, self.data_loss_allowed) {
            (Phase::Pending, _) => "pending",
            (_, true) => "failing-over",
            (_, false) => "switching-over",
        }
    }
}
