//! Amazon RDS: the global cluster, its members and their instances, parameter groups.

mod cluster;
mod global;
mod instance;
pub mod offers;
mod parameters;

pub use cluster::cluster;
pub(in crate::cloud) use global::find as find_global;
pub(super) use global::{find_in as find_global_in, writer};
pub use global::{global_cluster, global_cluster_alone};
pub use instance::{InstanceOf, instance};
pub use parameters::cluster_parameter_group;

use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{DbInstance, Filter, Tag};
use std::collections::BTreeMap;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 20;

pub(super) fn tags(found: &[Tag]) -> BTreeMap<String, String> {
    found.iter().map(|tag| (text(tag.key()), text(tag.value()))).collect()
}

/// The instances of a cluster, those that are being deleted among them.
pub(super) async fn instances(aws: &Aws, region: &str, cluster: &str) -> Result<Vec<DbInstance>, CallError> {
    let client = &aws.regional(region)?.rds.reads;
    let filter = Filter::builder().name("db-cluster-id").values(cluster).build();
    let (mut found, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = client.describe_db_instances().filters(filter.clone()).set_marker(marker);
        let Some(answer) = super::known(call.send().await.map_err(call_error))? else { break };
        found.extend_from_slice(answer.db_instances());
        marker = answer.marker().filter(|marker| !marker.is_empty()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    Ok(found)
}

fn id(instance: &DbInstance) -> &str {
    instance.db_instance_identifier().unwrap_or_default()
}

fn leaves(instance: &DbInstance) -> bool {
    instance.db_instance_status() == Some("deleting")
}
