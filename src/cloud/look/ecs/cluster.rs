//! A cluster.

use super::tags;
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_ecs::types::{Cluster, ClusterField};
use serde_json::{Value, json};

/// The cluster called `name`; one that is INACTIVE is none. It gives `arn`.
///
/// # Errors
/// As the call ends.
pub async fn cluster(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let call = aws.regional(region)?.ecs.reads.describe_clusters().clusters(name);
    let call = call.include(ClusterField::Settings).include(ClusterField::Tags);
    let answer = call.send().await.map_err(call_error)?;
    let found = answer.clusters().iter().find(|cluster| cluster.status() != Some("INACTIVE"));
    Ok(found.map_or_else(Seen::absent, seen))
}

fn seen(found: &Cluster) -> Seen {
    let setting = |setting: &aws_sdk_ecs::types::ClusterSetting| json!({ "name": text(setting.name().map(|name| name.as_str())), "value": text(setting.value()) });
    let is = json!({
        "clusterName": text(found.cluster_name()),
        "settings": found.settings().iter().map(setting).collect::<Value>(),
        "activeServicesCount": found.active_services_count(),
        "runningTasksCount": found.running_tasks_count(),
        "pendingTasksCount": found.pending_tasks_count(),
    });
    Seen::there(text(found.status()), is).giving("arn", text(found.cluster_arn())).tagged(tags(found.tags()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{ClusterSetting, ClusterSettingName, Tag};

    #[test]
    fn settings_and_tags_are_read() {
        let setting = ClusterSetting::builder().name(ClusterSettingName::ContainerInsights).value("enabled").build();
        let tag = Tag::builder().key("tandem:stack").value("shop").build();
        let seen = seen(&Cluster::builder().cluster_arn("arn:c").status("ACTIVE").settings(setting).tags(tag).build());
        assert_eq!(seen.is["settings"], json!([{ "name": "containerInsights", "value": "enabled" }]));
        assert_eq!(
            (seen.state.as_str(), seen.gift("arn"), seen.tags["tandem:stack"].as_str()),
            ("ACTIVE", "arn:c", "shop")
        );
    }
}
