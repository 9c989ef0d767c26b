//! CloudWatch: alarms, by name and tag.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::cloud::look::cloudwatch::tags;
use serde_json::json;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.cloudwatch.reads;
    let (mut found, mut next) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = client.describe_alarms().alarm_name_prefix(format!("{stack}-")).set_next_token(next);
        let answer = call.send().await.map_err(call_error)?;
        for one in answer.metric_alarms() {
            let tags = tags(client, one.alarm_arn().unwrap_or_default()).await?;
            if ours(&tags, stack) {
                let name = text(one.alarm_name());
                let call = ("DeleteAlarms", json!({ "AlarmNames": [name] }));
                found.push(stray(region, "cloudwatch", &name, &tags).removed_by([call]));
            }
        }
        next = answer.next_token().filter(|token| !token.is_empty()).map(String::from);
        if next.is_none() {
            break;
        }
    }
    Ok(found)
}
