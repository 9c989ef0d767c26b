//! What more than one operation refuses, and how RDS words it.

use super::arn::Filter;
use crate::operation::{Answer, Refusal};
use crate::paging;

pub fn refuse<T>(code: &'static str, message: impl Into<String>) -> Answer<T> {
    Err(Refusal::new(400, code, message))
}

pub fn value<T>(message: impl Into<String>) -> Answer<T> {
    refuse("InvalidParameterValue", message)
}

pub fn combination<T>(message: impl Into<String>) -> Answer<T> {
    refuse("InvalidParameterCombination", message)
}

pub fn no_global(id: &str) -> Refusal {
    Refusal::new(404, "GlobalClusterNotFoundFault", format!("Global cluster {id} not found"))
}

pub fn no_cluster(id: &str) -> Refusal {
    Refusal::new(404, "DBClusterNotFoundFault", format!("DBCluster {id} not found."))
}

pub fn no_instance(id: &str) -> Refusal {
    Refusal::new(404, "DBInstanceNotFound", format!("DBInstance {id} not found."))
}

pub fn no_snapshot(id: &str) -> Refusal {
    Refusal::new(404, "DBClusterSnapshotNotFoundFault", format!("DBClusterSnapshot {id} not found."))
}

pub fn no_parameter_group(name: &str) -> Refusal {
    Refusal::new(404, "DBParameterGroupNotFound", format!("DBParameterGroup not found: {name}"))
}

pub fn no_subnet_group(name: &str) -> Refusal {
    Refusal::new(404, "DBSubnetGroupNotFoundFault", format!("DB subnet group '{name}' does not exist."))
}

pub fn cluster_state<T>(message: impl Into<String>) -> Answer<T> {
    refuse("InvalidDBClusterStateFault", message)
}

pub fn global_state<T>(message: impl Into<String>) -> Answer<T> {
    refuse("InvalidGlobalClusterStateFault", message)
}

/// An identifier in the form that RDS keeps: lower case, 1 to 63 letters, digits and single hyphens, a letter
/// first (RDS API Reference, CreateDBCluster).
pub fn identifier(member: &str, given: &str) -> Answer<String> {
    let id = given.to_ascii_lowercase();
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let right = plain
        && (1..=63).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_alphabetic())
        && !id.ends_with('-')
        && !id.contains("--");
    if right {
        return Ok(id);
    }
    value(format!(
        "The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
    ))
}

/// A page of a list: 20 to 100 records, 100 unless told otherwise (RDS API Reference).
pub fn page<T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> String,
    marker: Option<&str>,
    size: Option<u64>,
) -> Answer<(Vec<T>, Option<String>)> {
    let size = size.unwrap_or(100);
    if !(20..=100).contains(&size) {
        return value(format!("Invalid value {size} for MaxRecords. Must be between 20 and 100"));
    }
    paging::page(items, key, marker, size as usize, "InvalidParameterValue")
}

/// Refuses filters that a call does not know.
pub fn known(filters: Option<&[Filter]>, names: &[&str]) -> Answer<()> {
    match filters.unwrap_or_default().iter().find(|filter| !names.contains(&filter.Name.as_str())) {
        Some(filter) => value(format!("Unrecognized filter name: {}", filter.Name)),
        None => Ok(()),
    }
}
