//! Tables, as one Region tells of them.

use crate::cloud::Aws;
use crate::cloud::edge::{moment, text};
use crate::cloud::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_dynamodb::types::TableDescription;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is said of a table or a replica that can be used.
pub const ACTIVE: &str = "ACTIVE";
/// States that pass by themselves (API Reference, ReplicaDescription).
const PASSING: [&str; 3] = ["CREATING", "UPDATING", "DELETING"];
/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;

/// A table in one Region.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub region: String,
    pub arn: String,
    pub status: String,
    pub created: Option<Timestamp>,
    /// By the names of CreateTable.
    pub settings: Value,
    pub protected: bool,
    /// `STRONG`, `EVENTUAL`; empty for a table in one Region.
    pub consistency: String,
    /// The other Regions that it is in, and what is said of it there.
    pub replicas: BTreeMap<String, String>,
    /// `None` while it is made or deleted: it tells none then (API Reference, ListTagsOfResource).
    pub tags: Option<BTreeMap<String, String>>,
}

impl Found {
    /// Its own status, else what one of its replicas is busy with: only one thing is changed at a time.
    pub fn state(&self) -> &str {
        if self.status != ACTIVE {
            return &self.status;
        }
        let busy = self.replicas.values().find(|status| PASSING.contains(&status.as_str()));
        busy.map_or(ACTIVE, String::as_str)
    }

    /// Whether it tells more of itself than that it is there.
    pub fn tells(&self) -> bool {
        tells(&self.status)
    }
}

fn tells(status: &str) -> bool {
    !matches!(status, "CREATING" | "DELETING")
}

/// The table as the Region tells it, with its tags.
///
/// # Errors
/// As the calls end; that there is no table is none.
pub async fn table(aws: &Aws, region: &str, name: &str) -> Result<Option<Found>, CallError> {
    let client = &aws.regional(region)?.dynamodb.reads;
    let answer = match client.describe_table().table_name(name).send().await.map_err(call_error) {
        Err(error) if error.class == ErrorClass::NotFound => return Ok(None),
        ended => ended?,
    };
    let Some(mut found) = answer.table().map(|table| read(table, region)) else { return Ok(None) };
    if found.tells() {
        found.tags = Some(tags(aws, region, &found.arn).await?);
    }
    Ok(Some(found))
}

fn read(table: &TableDescription, region: &str) -> Found {
    let others = table.replicas().iter().filter(|replica| replica.region_name() != Some(region));
    Found {
        region: region.into(),
        arn: text(table.table_arn()),
        status: text(table.table_status().map(|status| status.as_str())),
        created: moment(table.creation_date_time()),
        settings: settings(table),
        protected: table.deletion_protection_enabled().unwrap_or(false),
        consistency: text(table.multi_region_consistency().map(|mode| mode.as_str())),
        replicas: others
            .map(|replica| (text(replica.region_name()), text(replica.replica_status().map(|status| status.as_str()))))
            .collect(),
        tags: None,
    }
}

fn settings(table: &TableDescription) -> Value {
    let mut attributes: Vec<(String, String)> = table
        .attribute_definitions()
        .iter()
        .map(|one| (text(Some(one.attribute_name())), text(Some(one.attribute_type().as_str()))))
        .collect();
    attributes.sort();
    let attributes = attributes.iter().map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": kind }));
    let keys = table.key_schema().iter().map(|key| {
        json!({ "AttributeName": text(Some(key.attribute_name())), "KeyType": text(Some(key.key_type().as_str())) })
    });
    // who says nothing of it has provisioned throughput (API Reference, BillingModeSummary)
    let billing = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let mut settings = json!({
        "TableName": text(table.table_name()),
        "AttributeDefinitions": attributes.collect::<Vec<_>>(),
        "KeySchema": keys.collect::<Vec<_>>(),
        "BillingMode": billing.map_or_else(|| "PROVISIONED".into(), |mode| text(Some(mode.as_str()))),
    });
    if let Some(stream) = table.stream_specification().filter(|stream| stream.stream_enabled()) {
        let view = text(stream.stream_view_type().map(|view| view.as_str()));
        settings["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
    }
    settings
}

async fn tags(aws: &Aws, region: &str, arn: &str) -> Result<BTreeMap<String, String>, CallError> {
    let client = &aws.regional(region)?.dynamodb.reads;
    let (mut tags, mut next) = (BTreeMap::new(), None);
    for _ in 0..MOST_PAGES {
        let call = client.list_tags_of_resource().resource_arn(arn).set_next_token(next);
        let answer = call.send().await.map_err(call_error)?;
        tags.extend(answer.tags().iter().map(|tag| (text(Some(tag.key())), text(Some(tag.value())))));
        next = answer.next_token().filter(|token| !token.is_empty()).map(String::from);
        if next.is_none() {
            break;
        }
    }
    Ok(tags)
}

/// By which attribute items end, and AWS's word for its state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ttl {
    pub status: String,
    pub attribute: String,
}

/// # Errors
/// As the call ends.
pub async fn ttl(aws: &Aws, region: &str, name: &str) -> Result<Ttl, CallError> {
    let call = aws.regional(region)?.dynamodb.reads.describe_time_to_live().table_name(name);
    let answer = call.send().await.map_err(call_error)?;
    let told = answer.time_to_live_description();
    Ok(Ttl {
        status: text(told.and_then(|ttl| ttl.time_to_live_status()).map(|status| status.as_str())),
        attribute: text(told.and_then(|ttl| ttl.attribute_name())),
    })
}

/// Whether it can be restored to a point in time.
///
/// # Errors
/// As the call ends.
pub async fn recovery(aws: &Aws, region: &str, name: &str) -> Result<bool, CallError> {
    let call = aws.regional(region)?.dynamodb.reads.describe_continuous_backups().table_name(name);
    let answer = call.send().await.map_err(call_error)?;
    let told = answer.continuous_backups_description().and_then(|told| told.point_in_time_recovery_description());
    let status = told.and_then(|told| told.point_in_time_recovery_status());
    Ok(status.is_some_and(|status| status.as_str() == "ENABLED"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, BillingModeSummary, KeySchemaElement, KeyType, ReplicaDescription,
        ReplicaStatus, ScalarAttributeType, StreamSpecification, StreamViewType, TableStatus,
    };

    fn described() -> TableDescription {
        let attribute = |name: &str| {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            attribute.attribute_type(ScalarAttributeType::S).build().unwrap()
        };
        let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
        let stream = StreamSpecification::builder().stream_enabled(true);
        let replica = ReplicaDescription::builder().region_name("eu-west-1").replica_status(ReplicaStatus::Creating);
        TableDescription::builder()
            .table_name("shop-control")
            .table_arn("arn:aws:dynamodb:us-east-1:123456789012:table/shop-control")
            .table_status(TableStatus::Active)
            .attribute_definitions(attribute("sk"))
            .attribute_definitions(attribute("pk"))
            .key_schema(key("pk", KeyType::Hash))
            .key_schema(key("sk", KeyType::Range))
            .billing_mode_summary(BillingModeSummary::builder().billing_mode(BillingMode::PayPerRequest).build())
            .stream_specification(stream.stream_view_type(StreamViewType::NewAndOldImages).build().unwrap())
            .replicas(ReplicaDescription::builder().region_name("us-east-1").build())
            .replicas(replica.build())
            .build()
    }

    #[test]
    fn a_table_is_told_by_the_names_of_the_call_that_makes_it() {
        let found = read(&described(), "us-east-1");
        assert_eq!(
            found.settings,
            json!({
                "TableName": "shop-control",
                "AttributeDefinitions": [
                    { "AttributeName": "pk", "AttributeType": "S" }, { "AttributeName": "sk", "AttributeType": "S" },
                ],
                "KeySchema": [
                    { "AttributeName": "pk", "KeyType": "HASH" }, { "AttributeName": "sk", "KeyType": "RANGE" },
                ],
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
            })
        );
        assert_eq!(found.replicas, BTreeMap::from([("eu-west-1".to_string(), "CREATING".to_string())]));
        assert_eq!((found.state(), found.protected, found.consistency.as_str()), ("CREATING", false, ""));
    }

    #[test]
    fn a_replica_in_a_region_that_is_off_keeps_no_table_busy() {
        let mut found = read(&described(), "us-east-1");
        found.replicas.insert("eu-west-1".into(), "REGION_DISABLED".into());
        assert_eq!(found.state(), "ACTIVE");
        found.status = "UPDATING".into();
        assert_eq!((found.state(), found.tells()), ("UPDATING", true));
        found.status = "DELETING".into();
        assert!(!found.tells());
    }
}
