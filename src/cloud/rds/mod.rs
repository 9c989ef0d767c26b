//! Amazon RDS: the global cluster, each Region's member of it, and what RDS tells of them.

mod cluster;
mod events;
mod global;
mod snapshots;

pub use cluster::cluster;
pub use events::events;
pub use global::global;
pub use snapshots::kept_writes;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 20;
