//! Secrets Manager: secrets and their replicas.

use super::{Found, STACK, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::call::Call;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};
use serde_json::json;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.secretsmanager.reads;
    let filter = |key, value: &str| Filter::builder().key(key).values(value).build();
    let call = client
        .list_secrets()
        .filters(filter(FilterNameStringType::TagKey, STACK))
        .filters(filter(FilterNameStringType::TagValue, stack));
    let pages: Vec<_> = call.into_paginator().send().collect::<Result<_, _>>().await.map_err(call_error)?;
    let secrets = pages.iter().flat_map(|page| page.secret_list());
    let mut found = vec![];
    for one in secrets.filter(|one| one.deleted_date().is_none()) {
        let tags = one.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect();
        let name = text(one.name());
        if !ours(&tags, stack) {
            continue;
        }
        let mut stray = stray(region, "secretsmanager", &name, &tags);
        let call = match one.primary_region().filter(|primary| *primary != region) {
            Some(primary) => Call::request(
                &text(Some(primary)),
                "secretsmanager",
                "RemoveRegionsFromReplication",
                json!({ "SecretId": name, "RemoveReplicaRegions": [region] }),
            ),
            None => Call::request(region, "secretsmanager", "DeleteSecret", json!({ "SecretId": name })),
        };
        stray.remove.push(call);
        found.push(stray);
    }
    Ok(found)
}
