//! DynamoDB: tables and replicas of them, by name and tag.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::cloud::look::dynamodb::table;
use crate::model::call::Call;
use serde_json::json;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.dynamodb.reads;
    let pages = client.list_tables().into_paginator().items().send();
    let names: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let mut found = vec![];
    for name in names.iter().filter(|name| name.starts_with(&format!("{stack}-"))) {
        let Some(one) = table(aws, region, name).await? else { continue };
        let Some(tags) = one.tags.as_ref().filter(|tags| ours(tags, stack)) else { continue };
        let mut stray = stray(region, "dynamodb", name, tags);
        let mut remove = |region: &str, operation, input| {
            stray.remove.push(Call::request(region, "dynamodb", operation, input));
        };
        match one.replicas.keys().next() {
            Some(other) => {
                let updates = json!([{ "Delete": { "RegionName": region } }]);
                remove(other, "UpdateTable", json!({ "TableName": name, "ReplicaUpdates": updates }));
            }
            None => {
                if one.protected {
                    remove(region, "UpdateTable", json!({ "TableName": name, "DeletionProtectionEnabled": false }));
                }
                remove(region, "DeleteTable", json!({ "TableName": name }));
            }
        }
        found.push(stray);
    }
    Ok(found)
}
