//! One Region's cluster, with its instances.

use super::MOST_PAGES;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::cloud::{Aws, Regional};
use crate::model::database::{ClusterView, InstanceView, KeptWrites};
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_rds::types::{DbCluster, DbInstance, Filter};
use std::collections::BTreeSet;

/// The cluster that `id` names, by name or ARN. What a failover lost is read apart ([`super::kept_writes`]).
///
/// # Errors
/// `NotFound` when there is none; else as the calls end.
pub async fn cluster(
    aws: &Aws,
    region: &str,
    id: &str,
    kept_writes: Vec<KeptWrites>,
) -> Result<ClusterView, CallError> {
    let regional = aws.regional(region)?;
    let cluster = regional.rds.reads.describe_db_clusters().db_cluster_identifier(id).send();
    let (answer, instances) = tokio::join!(cluster, instances(regional, id));
    let answer = answer.map_err(call_error)?;
    let found = answer.db_clusters().first();
    let found = found.ok_or_else(|| CallError::new(ErrorClass::NotFound, format!("there is no cluster {id}")))?;
    Ok(cluster_view(found, &instances?, kept_writes))
}

async fn instances(regional: &Regional, cluster: &str) -> Result<Vec<DbInstance>, CallError> {
    let filter = Filter::builder().name("db-cluster-id").values(cluster).build();
    let (mut found, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = regional.rds.reads.describe_db_instances().filters(filter.clone()).set_marker(marker);
        let answer = call.send().await.map_err(call_error)?;
        found.extend_from_slice(answer.db_instances());
        marker = answer.marker().filter(|marker| !marker.is_empty()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    Ok(found)
}

fn cluster_view(found: &DbCluster, instances: &[DbInstance], kept_writes: Vec<KeptWrites>) -> ClusterView {
    let members = found.db_cluster_members().iter().filter(|member| member.is_cluster_writer() == Some(true));
    let writers: BTreeSet<&str> = members.filter_map(|member| member.db_instance_identifier()).collect();
    let mut instances: Vec<InstanceView> = instances.iter().map(|instance| instance_view(instance, &writers)).collect();
    instances.sort_by(|one, other| one.id.cmp(&other.id));
    ClusterView {
        id: text(found.db_cluster_identifier()),
        arn: text(found.db_cluster_arn()),
        status: text(found.status()),
        engine_version: some_text(found.engine_version()),
        writer_endpoint: some_text(found.endpoint()),
        reader_endpoint: some_text(found.reader_endpoint()),
        data_api: found.http_endpoint_enabled() == Some(true),
        forwarding_requested: found.global_write_forwarding_requested(),
        local_forwarding: some_text(found.local_write_forwarding_status().map(|status| status.as_str())),
        parameter_group: some_text(found.db_cluster_parameter_group()),
        retention_days: found.backup_retention_period().and_then(|days| u32::try_from(days).ok()),
        instances,
        kept_writes,
    }
}

fn instance_view(instance: &DbInstance, writers: &BTreeSet<&str>) -> InstanceView {
    InstanceView {
        id: text(instance.db_instance_identifier()),
        class: some_text(instance.db_instance_class()),
        status: text(instance.db_instance_status()),
        zone: some_text(instance.availability_zone()),
        writer: instance.db_instance_identifier().is_some_and(|id| writers.contains(id)),
        engine_version: some_text(instance.engine_version()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_rds::types::{DbClusterMember, LocalWriteForwardingStatus};

    #[test]
    fn the_cluster_tells_which_instance_writes() {
        let member = |id: &str, writer: bool| {
            DbClusterMember::builder().db_instance_identifier(id).is_cluster_writer(writer).build()
        };
        let instance = |id: &str| DbInstance::builder().db_instance_identifier(id).db_instance_status("available");
        let found = DbCluster::builder()
            .db_cluster_identifier("shop-db-us-east-1")
            .status("available")
            .db_cluster_members(member("b", true))
            .db_cluster_members(member("a", false))
            .local_write_forwarding_status(LocalWriteForwardingStatus::Enabled)
            .backup_retention_period(7)
            .build();
        let view = cluster_view(&found, &[instance("b").build(), instance("a").build()], vec![]);
        let roles: Vec<(&str, bool)> = view.instances.iter().map(|one| (one.id.as_str(), one.writer)).collect();
        assert_eq!(roles, [("a", false), ("b", true)]);
        assert_eq!((view.local_forwarding.as_deref(), view.retention_days), (Some("enabled"), Some(7)));
        assert_eq!((view.data_api, view.forwarding_requested), (false, None), "what is not told is not claimed");
    }
}
