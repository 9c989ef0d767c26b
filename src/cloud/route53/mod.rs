//! Amazon Route 53: the zone, the records of the tree, and what checkers say.

mod checks;
mod records;
mod write;

pub use checks::{checks, status};
pub use records::{public_zones, records, zone, zones};
pub(super) use write::change_resource_record_sets;

use std::time::Duration;

/// Between two reads: three calls a second of the five that the account has (DNSLimitations).
pub(super) const GAP: Duration = Duration::from_millis(334);
