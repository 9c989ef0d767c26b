//! Route 53: health checks, by reference and tag.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::cloud::look::route53::checks;
use crate::model::call::ROUTE53_HOME;
use aws_sdk_route53::types::TagResourceType;
use serde_json::json;

/// Resources whose tags one call tells (Route 53 API Reference, ListTagsForResources).
const TAGGED: usize = 10;

pub async fn find(aws: &Aws, stack: &str) -> Found {
    let all = checks(aws).await?;
    let named: Vec<_> = all.iter().filter(|one| one.reference.starts_with(&format!("{stack}-"))).collect();
    let mut found = vec![];
    for some in named.chunks(TAGGED) {
        aws.0.route53_pace.turn().await;
        let ids = some.iter().map(|one| one.id.clone()).collect();
        let call = aws.0.route53.reads.list_tags_for_resources().resource_type(TagResourceType::Healthcheck);
        let answer = call.set_resource_ids(Some(ids)).send().await.map_err(call_error)?;
        for set in answer.resource_tag_sets() {
            let tags = set.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect();
            let Some(check) = some.iter().find(|one| Some(one.id.as_str()) == set.resource_id()) else { continue };
            if ours(&tags, stack) {
                let call = ("DeleteHealthCheck", json!({ "HealthCheckId": check.id }));
                found.push(stray(ROUTE53_HOME, "route53", &check.reference, &tags).removed_by([call]));
            }
        }
    }
    // whoever counts others goes before them
    found.sort_by_key(|one| {
        all.iter()
            .find(|check| check.reference == one.name)
            .is_some_and(|check| check.config["ChildHealthChecks"].is_null())
    });
    Ok(found)
}
