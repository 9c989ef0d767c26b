//! Dashboards: text that only consoles understand.

use crate::moment::Moment;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// JSON, as it was put.
    pub body: String,
    pub modified: Moment,
    pub tags: BTreeMap<String, String>,
}
