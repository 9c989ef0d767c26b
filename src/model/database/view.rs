//! A global database as it was seen. Statuses are AWS's words, and open: new ones must not break anything.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A global cluster, as the API of one Region tells it (RDS API Reference, GlobalCluster).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalView {
    pub id: String,
    pub status: String,
    pub engine: Option<String>,
    pub engine_version: Option<String>,
    /// The endpoint that follows the writer.
    pub endpoint: Option<String>,
    /// Absent unless a switchover or failover is under way.
    pub role_change: Option<RoleChange>,
    pub members: Vec<MemberView>,
}

impl GlobalView {
    /// The Region whose member writes.
    pub fn writer(&self) -> Option<&str> {
        self.members.iter().find(|member| member.writer).map(|member| member.region.as_str())
    }

    pub fn member(&self, region: &str) -> Option<&MemberView> {
        self.members.iter().find(|member| member.region == region)
    }
}

/// A switchover or failover that is under way (FailoverState).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChange {
    /// `pending`, `switching-over`, `failing-over`, `cancelling`.
    pub status: String,
    pub from: Option<String>,
    /// Region names, from the ARNs.
    pub to: Option<String>,
    pub data_loss_allowed: bool,
}

/// A member of the global cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// From the ARN.
    pub region: String,
    pub cluster_arn: String,
    pub writer: bool,
    /// `enabled`, `disabled`, `enabling`, `disabling`, `unknown`; absent on the writer, which is no fault.
    pub forwarding: Option<String>,
    /// `connected` or `pending-resync`.
    pub synchronization: Option<String>,
}

/// The cluster of one Region, with its instances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterView {
    pub id: String,
    pub arn: String,
    pub status: String,
    pub engine_version: Option<String>,
    pub writer_endpoint: Option<String>,
    pub reader_endpoint: Option<String>,
    /// Whether the Data API is on.
    pub data_api: bool,
    /// Whether global write forwarding was asked for: on the writer it waits for the day it is demoted.
    pub forwarding_requested: Option<bool>,
    pub local_forwarding: Option<String>,
    pub parameter_group: Option<String>,
    pub retention_days: Option<u32>,
    pub instances: Vec<InstanceView>,
    /// Snapshots that Aurora took of writes a failover lost, newest first.
    pub kept_writes: Vec<KeptWrites>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceView {
    pub id: String,
    pub class: Option<String>,
    pub status: String,
    pub zone: Option<String>,
    pub writer: bool,
    pub engine_version: Option<String>,
}

/// A snapshot `rds:unplanned-global-failover-*`: it goes when the backup retention of its cluster ends, unless
/// it is copied (Aurora User Guide, disaster recovery).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWrites {
    pub id: String,
    pub arn: String,
    pub status: String,
    pub created: Option<Timestamp>,
    /// The manual copy, if there is one.
    pub copy: Option<String>,
}

impl KeptWrites {
    /// What a copy of the snapshot `id` is called. Snapshot names have letters, digits and hyphens; `rds:` is
    /// AWS's own.
    pub fn copy_name(id: &str) -> String {
        format!("kept-{}", id.trim_start_matches("rds:").replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
    }
}

/// A heartbeat that the writer committed: the only proof that the database takes writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Where it was committed.
    pub region: String,
    pub epoch: u64,
    /// Who wrote it, and which of its heartbeats it was.
    pub vantage: String,
    pub seq: u64,
    /// When it was sent.
    pub sent: Timestamp,
    /// How long the commit took; `None` when somebody else wrote it and it was only read.
    pub took: Option<Duration>,
}
