//! Amazon DynamoDB: the session table, and the canaries that show how sessions travel.

use super::Aws;
use super::edge::{some_text, text};
use super::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::sessions::{ReplicaView, TableView};
use aws_sdk_dynamodb::types::{AttributeValue, ReplicaDescription, TableDescription};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// How long a canary is kept, seconds: DynamoDB deletes it some days after that.
const LIVES_S: i64 = 24 * 60 * 60;

/// The partition key of the canary that is written in `region`.
pub fn canary_key(region: &str) -> String {
    format!("tandem-canary#{region}")
}

/// The table as the Region tells it.
///
/// # Errors
/// `NotFound` when there is none; else as the call ends.
pub async fn table(aws: &Aws, region: &str, name: &str) -> Result<TableView, CallError> {
    let call = aws.regional(region)?.dynamodb.reads.describe_table().table_name(name);
    let answer = call.send().await.map_err(call_error)?;
    let found = answer.table();
    let found = found.ok_or_else(|| CallError::new(ErrorClass::NotFound, format!("there is no table {name}")))?;
    Ok(table_view(found, region, name))
}

/// Writes the canary `key`, which tells when it was sent. To write it twice does no harm.
pub async fn put_canary(aws: &Aws, region: &str, table: &str, key: &str, sent: Timestamp) -> Result<(), CallError> {
    let call = aws.regional(region)?.dynamodb.writes.put_item().table_name(table);
    call.set_item(Some(item(key, sent))).send().await.map_err(call_error)?;
    Ok(())
}

/// When the canary `key` that this Region has was sent; `None` when it has none.
pub async fn canary(aws: &Aws, region: &str, table: &str, key: &str) -> Result<Option<Timestamp>, CallError> {
    let call = aws.regional(region)?.dynamodb.reads.get_item().table_name(table);
    let answer = call.key("session_id", AttributeValue::S(key.into())).send().await.map_err(call_error)?;
    Ok(answer.item().and_then(|item| sent_of(item.get("sent_ms"))))
}

// The SDK asks for a HashMap; the answer's order does not matter.
#[expect(clippy::disallowed_types, reason = "the SDK's own type")]
fn item(key: &str, sent: Timestamp) -> std::collections::HashMap<String, AttributeValue> {
    let members = BTreeMap::from([
        ("session_id".to_string(), AttributeValue::S(key.into())),
        ("sent_ms".to_string(), AttributeValue::N(sent.as_millisecond().to_string())),
        ("expires_at".to_string(), AttributeValue::N((sent.as_second() + LIVES_S).to_string())),
    ]);
    members.into_iter().collect()
}

fn sent_of(value: Option<&AttributeValue>) -> Option<Timestamp> {
    let ms = value?.as_n().ok()?.parse().ok()?;
    Timestamp::from_millisecond(ms).ok()
}

fn table_view(found: &TableDescription, region: &str, name: &str) -> TableView {
    let mut replicas: Vec<ReplicaView> =
        found.replicas().iter().filter(|replica| replica.region_name() != Some(region)).map(replica_view).collect();
    replicas.sort_by(|one, other| one.region.cmp(&other.region));
    let consistency = some_text(found.multi_region_consistency().map(|mode| mode.as_str()));
    // Eventual is what a global table has when nothing is told (DynamoDB Developer Guide, global tables).
    let eventual = || (!replicas.is_empty()).then(|| "EVENTUAL".to_string());
    TableView {
        name: some_text(found.table_name()).unwrap_or_else(|| name.into()),
        status: text(found.table_status().map(|status| status.as_str())),
        consistency: consistency.or_else(eventual),
        items: found.item_count().and_then(|items| u64::try_from(items).ok()),
        billing: some_text(
            found.billing_mode_summary().and_then(|summary| summary.billing_mode()).map(|mode| mode.as_str()),
        ),
        deletion_protection: found.deletion_protection_enabled(),
        replicas,
    }
}

fn replica_view(replica: &ReplicaDescription) -> ReplicaView {
    ReplicaView {
        region: text(replica.region_name()),
        status: text(replica.replica_status().map(|status| status.as_str())),
        progress: some_text(replica.replica_status_percent_progress()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::{ReplicaStatus, TableStatus};

    #[test]
    fn a_replica_is_any_region_but_the_one_that_tells() {
        let replica = |region: &str, status: &str| {
            ReplicaDescription::builder().region_name(region).replica_status(ReplicaStatus::from(status)).build()
        };
        let found = TableDescription::builder()
            .table_name("shop-sessions")
            .table_status(TableStatus::Active)
            .replicas(replica("us-east-1", "ACTIVE"))
            .replicas(replica("eu-west-1", "A_NEW_STATUS"))
            .build();
        let view = table_view(&found, "us-east-1", "shop-sessions");
        let replicas: Vec<(&str, &str)> =
            view.replicas.iter().map(|one| (one.region.as_str(), one.status.as_str())).collect();
        assert_eq!(replicas, [("eu-west-1", "A_NEW_STATUS")]);
        assert_eq!((view.consistency.as_deref(), view.items), (Some("EVENTUAL"), None));
        let alone = table_view(&TableDescription::builder().build(), "us-east-1", "shop-sessions");
        assert_eq!((alone.name.as_str(), alone.consistency), ("shop-sessions", None));
    }

    #[test]
    fn a_canary_tells_when_it_was_sent_to_the_millisecond() {
        let sent = Timestamp::from_millisecond(1_767_621_600_123).unwrap();
        let item = item(&canary_key("us-east-1"), sent);
        assert_eq!(sent_of(item.get("sent_ms")), Some(sent));
        assert_eq!(item["expires_at"], AttributeValue::N("1767708000".into()));
        assert_eq!(item["session_id"], AttributeValue::S("tandem-canary#us-east-1".into()));
        assert_eq!(sent_of(Some(&AttributeValue::S("soon".into()))), None);
        assert_eq!(sent_of(Some(&AttributeValue::N("1e99".into()))), None);
    }
}
