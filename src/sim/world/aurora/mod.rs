//! Aurora: global databases, their clusters and instances, and how they behave in time.

use super::World;
use super::sql::Database;

/// Every database of the account.
#[derive(Debug, Clone, Default)]
pub struct Aurora {}

pub fn tick(_world: &mut World) {}

/// What became of rows that the application wrote.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rows {
    /// Acknowledged to the application; the others failed.
    pub committed: u64,
    /// How long one write took, or how long it took to fail.
    pub latency_ms: f64,
}

/// Writes `count` rows in this second from a task in `region` that is connected to `host`. None is committed
/// where nothing takes writes behind that name.
pub fn write_rows(_world: &mut World, _region: &str, _host: &str, _count: u64) -> Rows {
    Rows::default()
}

/// Whether a task in `region` that is connected to `host` can read, and how long that takes, ms.
pub fn read(_world: &World, _region: &str, _host: &str) -> Option<f64> {
    None
}

/// Why the Data API cannot run a statement on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoData {
    /// There is no such cluster in the Region.
    NotFound,
    /// `EnableHttpEndpoint` was never said.
    EndpointOff,
    /// A secondary, or a cluster without an instance that writes.
    NoWriter,
    /// It is a writer, but takes nothing now: fenced, promoted, failing.
    Unavailable(&'static str),
}

/// The store behind the writer of a cluster, for the Data API of `region`.
pub fn store<'w>(_world: &'w mut World, _region: &str, _cluster_arn: &str) -> Result<&'w mut Database, NoData> {
    Err(NoData::NotFound)
}

/// The Data API has committed `rows` there: they are acknowledged writes like any other.
pub fn committed(_world: &mut World, _region: &str, _cluster_arn: &str, _rows: u64) {}
