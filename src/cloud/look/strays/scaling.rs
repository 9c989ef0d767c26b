//! Application Auto Scaling: scalable targets, which outlive the setting that asked for them and go on scaling.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use serde_json::json;
use std::collections::BTreeMap;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.scaling.reads;
    let call = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs);
    let all: Vec<_> = call.into_paginator().items().send().collect::<Result<_, _>>().await.map_err(call_error)?;
    let mut found = vec![];
    for one in all.iter().filter(|one| one.resource_id().starts_with(&format!("service/{stack}"))) {
        // targets that were registered before they had ARNs have no tags either
        let Some(arn) = one.scalable_target_arn() else { continue };
        let answer = client.list_tags_for_resource().resource_arn(arn).send().await.map_err(call_error)?;
        let tags = answer.tags().into_iter().flatten();
        let tags: BTreeMap<String, String> = tags.map(|(key, value)| (text(Some(key)), text(Some(value)))).collect();
        if ours(&tags, stack) {
            let name = text(Some(one.resource_id()));
            let input = json!({
                "ServiceNamespace": text(Some(one.service_namespace().as_str())),
                "ResourceId": name,
                "ScalableDimension": text(Some(one.scalable_dimension().as_str())),
            });
            let call = ("DeregisterScalableTarget", input);
            found.push(stray(region, "application-autoscaling", &name, &tags).removed_by([call]));
        }
    }
    Ok(found)
}
