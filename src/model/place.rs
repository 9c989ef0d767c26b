//! Where a question is asked from.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A place that users come from, as a name server sees it: a client subnet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub name: String,
    /// Route 53's continent code: AF, AN, AS, EU, NA, OC, SA.
    pub continent: String,
    /// The /24 that stands for it.
    pub subnet: Ipv4Addr,
}
