//! The global cluster.

use super::super::known;
use super::tags;
use crate::cloud::Aws;
use crate::cloud::edge::{region_of, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{GlobalCluster, GlobalClusterMember};
use serde_json::json;

/// The global cluster `id`, as the first of `regions` tells it that knows it: members tell the same, whichever is down.
///
/// It gives `arn`, `endpoint` (of the writer), `members` (Regions, with commas between), and when it has a writer
/// `writer` (its Region) and `writer_arn`.
///
/// # Errors
/// As the calls end, when no Region knows it.
pub async fn global_cluster(aws: &Aws, regions: &[String], id: &str) -> Result<Seen, CallError> {
    let mut failed = None;
    for region in regions {
        match find(aws, region, id).await {
            Ok(Some(found)) => return Ok(seen(&found)),
            Ok(None) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(Seen::absent()), Err)
}

/// The global cluster `id`, as `region` tells it.
pub async fn find(aws: &Aws, region: &str, id: &str) -> Result<Option<GlobalCluster>, CallError> {
    let call = aws.regional(region)?.rds.reads.describe_global_clusters().global_cluster_identifier(id);
    let Some(answer) = known(call.send().await.map_err(call_error))? else { return Ok(None) };
    let mut found = answer.global_clusters.unwrap_or_default().into_iter();
    Ok(found.find(|global| global.global_cluster_identifier() == Some(id)))
}

/// The member that writes.
pub fn writer(found: &GlobalCluster) -> Option<&GlobalClusterMember> {
    found.global_cluster_members().iter().find(|member| member.is_writer() == Some(true))
}

fn seen(found: &GlobalCluster) -> Seen {
    let is = json!({
        "GlobalClusterIdentifier": text(found.global_cluster_identifier()),
        "Engine": text(found.engine()),
        "EngineVersion": text(found.engine_version()),
        "DatabaseName": text(found.database_name()),
        "StorageEncrypted": found.storage_encrypted(),
        "DeletionProtection": found.deletion_protection(),
    });
    let members = found.global_cluster_members().iter();
    let regions: Vec<String> = members.filter_map(|member| region_of(member.db_cluster_arn()?)).collect();
    let mut seen = Seen::there(text(found.status()), is)
        .giving("arn", text(found.global_cluster_arn()))
        .giving("endpoint", text(found.endpoint()))
        .giving("members", regions.join(","))
        .tagged(tags(found.tag_list()));
    if let Some(arn) = writer(found).and_then(|member| member.db_cluster_arn())
        && let Some(region) = region_of(arn)
    {
        seen = seen.giving("writer", region).giving("writer_arn", text(Some(arn)));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(region: &str, writes: bool) -> GlobalClusterMember {
        let arn = format!("arn:aws:rds:{region}:1:cluster:shop-db-{region}");
        GlobalClusterMember::builder().db_cluster_arn(arn).is_writer(writes).build()
    }

    #[test]
    fn who_writes_is_a_gift_and_no_member() {
        let found = GlobalCluster::builder().global_cluster_identifier("shop-db").status("available");
        let empty = seen(&found.clone().build());
        assert_eq!((empty.gift("writer"), empty.gift("members"), empty.state.as_str()), ("", "", "available"));
        let found = found.global_cluster_members(member("us-east-1", false));
        let seen = seen(&found.global_cluster_members(member("eu-west-1", true)).build());
        assert_eq!((seen.gift("writer"), seen.gift("members")), ("eu-west-1", "us-east-1,eu-west-1"));
        assert_eq!(seen.gift("writer_arn"), "arn:aws:rds:eu-west-1:1:cluster:shop-db-eu-west-1");
        assert_eq!(seen.is.as_object().map(|is| is.keys().any(|name| name.contains("riter"))), Some(false));
    }
}
