//! An instance of a cluster, and whether it may go or change before its siblings.

use super::super::known;
use super::{find_global, id, instances, leaves, tags, writer};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{DbInstance, GlobalCluster};
use serde_json::json;

/// Which instance it is.
#[derive(Debug, Clone, Copy)]
pub struct InstanceOf<'a> {
    pub global: &'a str,
    pub cluster: &'a str,
    pub id: &'a str,
    /// The class that it and its siblings shall have.
    pub class: &'a str,
}

/// The instance. It gives `arn`; `held` when AWS keeps it, since it is the last one of a writer that has secondaries;
/// and `before`, the id of a sibling that shall have the wanted class first: readers do, then the writer.
///
/// # Errors
/// As the calls end.
pub async fn instance(aws: &Aws, region: &str, of: InstanceOf<'_>) -> Result<Seen, CallError> {
    let all = instances(aws, region, of.cluster).await?;
    let Some(found) = all.iter().find(|one| id(one) == of.id) else { return Ok(Seen::absent()) };
    let mut seen = seen(found);
    if all.iter().all(|one| one == found || leaves(one))
        && let Some(global) = find_global(aws, region, of.global).await?
        && followed(&global, of.cluster)
    {
        seen = seen.giving("held", "yes");
    }
    if found.db_instance_class() != Some(of.class) && all.len() > 1 {
        let call = aws.regional(region)?.rds.reads.describe_db_clusters().db_cluster_identifier(of.cluster);
        let answer = known(call.send().await.map_err(call_error))?;
        let clusters = answer.and_then(|answer| answer.db_clusters).unwrap_or_default();
        let members = clusters.first().map_or(&[][..], |cluster| cluster.db_cluster_members());
        let writes = members.iter().find(|member| member.is_cluster_writer() == Some(true));
        let writes = writes.and_then(|member| member.db_instance_identifier());
        if let Some(before) = before(&all, of, writes) {
            seen = seen.giving("before", before);
        }
    }
    Ok(seen)
}

fn seen(found: &DbInstance) -> Seen {
    let is = json!({
        "DBInstanceIdentifier": text(found.db_instance_identifier()),
        "DBClusterIdentifier": text(found.db_cluster_identifier()),
        "Engine": text(found.engine()),
        "DBInstanceClass": text(found.db_instance_class()),
        "PubliclyAccessible": found.publicly_accessible(),
    });
    Seen::there(text(found.db_instance_status()), is)
        .giving("arn", text(found.db_instance_arn()))
        .tagged(tags(found.tag_list()))
}

/// Whether the cluster writes and others follow it.
fn followed(global: &GlobalCluster, cluster: &str) -> bool {
    let own = writer(global).and_then(|member| member.db_cluster_arn()).unwrap_or_default();
    own.rsplit(':').next() == Some(cluster) && global.global_cluster_members().len() > 1
}

/// The sibling that changes before it: one at a time, so that the cluster is never without an instance.
fn before(all: &[DbInstance], of: InstanceOf<'_>, writes: Option<&str>) -> Option<String> {
    let turn = |one: &str| (writes == Some(one), one.len(), one.to_string());
    let done =
        |one: &&DbInstance| one.db_instance_class() == Some(of.class) && one.db_instance_status() == Some("available");
    let waits_for = |one: &&DbInstance| !leaves(one) && turn(id(one)) < turn(of.id) && !done(one);
    all.iter().filter(waits_for).map(|one| text(Some(id(one)))).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_rds::types::GlobalClusterMember;

    fn one(id: &str, class: &str, status: &str) -> DbInstance {
        let one = DbInstance::builder().db_instance_identifier(id).db_instance_class(class);
        one.db_instance_status(status).build()
    }

    #[test]
    fn readers_change_one_after_another_and_the_writer_last() {
        let turn = |all: &[DbInstance], id| {
            before(all, InstanceOf { global: "g", cluster: "c", id, class: "new" }, Some("c-1"))
        };
        let old = [one("c-1", "old", "available"), one("c-2", "old", "available"), one("c-3", "old", "available")];
        assert_eq!(turn(&old, "c-2"), None, "the first reader");
        assert_eq!(turn(&old, "c-3").as_deref(), Some("c-2"));
        assert_eq!(turn(&old, "c-1").as_deref(), Some("c-2"));
        let busy = [one("c-1", "old", "available"), one("c-2", "new", "modifying"), one("c-3", "old", "available")];
        assert_eq!(turn(&busy, "c-3").as_deref(), Some("c-2"), "it is not there yet");
        let last = [one("c-1", "old", "available"), one("c-2", "new", "available"), one("c-3", "new", "available")];
        assert_eq!(turn(&last, "c-1"), None);
    }

    #[test]
    fn only_a_writer_with_secondaries_is_followed() {
        let member = |region: &str, writes| {
            let arn = format!("arn:aws:rds:{region}:1:cluster:shop-db-{region}");
            GlobalClusterMember::builder().db_cluster_arn(arn).is_writer(writes).build()
        };
        let two = GlobalCluster::builder().global_cluster_members(member("us-east-1", true));
        let two = two.global_cluster_members(member("eu-west-1", false)).build();
        assert!(followed(&two, "shop-db-us-east-1") && !followed(&two, "shop-db-eu-west-1"));
        let one = GlobalCluster::builder().global_cluster_members(member("us-east-1", true)).build();
        assert!(!followed(&one, "shop-db-us-east-1"));
    }
}
