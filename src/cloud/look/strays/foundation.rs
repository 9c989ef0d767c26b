//! CloudFormation: stacks. Peerings and routes go before the networks that they join.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use aws_sdk_cloudformation::types::StackStatus;
use serde_json::json;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.cloudformation.reads;
    let pages = client.describe_stacks().into_paginator().items().send();
    let stacks: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let mut found = vec![];
    for one in stacks.iter().filter(|one| one.stack_status() != Some(&StackStatus::DeleteComplete)) {
        let tags = one.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect();
        if ours(&tags, stack) {
            let name = text(one.stack_name());
            let call = ("DeleteStack", json!({ "StackName": name }));
            found.push(stray(region, "cloudformation", &name, &tags).removed_by([call]));
        }
    }
    found.sort_by_key(|one| one.name.ends_with("-base"));
    Ok(found)
}
