//! DynamoDB: tables, items and their replication.

use super::World;

/// Every table of the account.
#[derive(Debug, Clone, Default)]
pub struct Dynamo {}

pub fn tick(_world: &mut World) {}

/// Writes version `version` of session `id` as the application does: to the table's replica in `region`, with
/// the partition key of the table. False when the table takes no writes there.
pub fn put_session(_world: &mut World, _region: &str, _table: &str, _id: &str, _version: u64) -> bool {
    false
}

/// The version of session `id` that an eventually consistent read finds in `region`; `None` when the table
/// cannot be read there, `Some(None)` when there is no such session.
pub fn session_version(_world: &World, _region: &str, _table: &str, _id: &str) -> Option<Option<u64>> {
    None
}
