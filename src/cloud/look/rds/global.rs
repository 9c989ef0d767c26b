//! The global cluster.

use super::super::known;
use super::{instances, tags};
use crate::cloud::Aws;
use crate::cloud::edge::{region_of, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{DbInstance, GlobalCluster, GlobalClusterMember};
use serde_json::json;

/// The global cluster `id`, as the first of `regions` tells it that knows it: members tell the same, whichever is down.
///
/// It gives `arn`, `endpoint` (of the writer), `members` (Regions, with commas between), and when it has a writer
/// `writer` (its Region) and `writer_arn`. When it runs another version than `version`, every member is asked too: it
/// gives `version.REGION`, `cluster.REGION` (its name), `state.REGION`, and `busy.REGION` while the member or an instance of it is not at rest.
///
/// # Errors
/// As the calls end, when no Region answers; when a member must be asked and cannot.
pub async fn global_cluster(aws: &Aws, regions: &[String], id: &str, version: &str) -> Result<Seen, CallError> {
    match find_in(aws, regions, id).await? {
        Some(found) if found.engine_version() == Some(version) => Ok(seen(&found)),
        Some(found) => with_members(aws, &found).await,
        None => Ok(Seen::absent()),
    }
}

/// The same without its members, whatever it runs.
///
/// # Errors
/// As the calls end, when no Region answers.
pub async fn global_cluster_alone(aws: &Aws, regions: &[String], id: &str) -> Result<Seen, CallError> {
    Ok(find_in(aws, regions, id).await?.as_ref().map_or_else(Seen::absent, seen))
}

/// The global cluster `id`, as the first of `regions` tells it that knows it. Each tells of all of them, so a Region
/// that is silent counts only where none answers.
pub async fn find_in(aws: &Aws, regions: &[String], id: &str) -> Result<Option<GlobalCluster>, CallError> {
    let (mut answered, mut failed) = (false, None);
    for region in regions {
        match find(aws, region, id).await {
            Ok(Some(found)) => return Ok(Some(found)),
            Ok(None) => answered = true,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.filter(|_| !answered).map_or(Ok(None), Err)
}

/// The global cluster `id`, as `region` tells it.
pub async fn find(aws: &Aws, region: &str, id: &str) -> Result<Option<GlobalCluster>, CallError> {
    let call = aws.regional(region)?.rds.reads.describe_global_clusters().global_cluster_identifier(id);
    let Some(answer) = known(call.send().await.map_err(call_error))? else { return Ok(None) };
    let mut found = answer.global_clusters.unwrap_or_default().into_iter();
    Ok(found.find(|global| global.global_cluster_identifier() == Some(id)))
}

/// What upgrades look at before each step.
async fn with_members(aws: &Aws, found: &GlobalCluster) -> Result<Seen, CallError> {
    let mut seen = seen(found);
    for member in found.global_cluster_members() {
        let arn = member.db_cluster_arn().unwrap_or_default();
        let Some(region) = region_of(arn) else { continue };
        let name = arn.rsplit(':').next().unwrap_or_default();
        let call = aws.regional(&region)?.rds.reads.describe_db_clusters().db_cluster_identifier(name);
        let answer = known(call.send().await.map_err(call_error))?;
        let clusters = answer.and_then(|answer| answer.db_clusters).unwrap_or_default();
        let Some(cluster) = clusters.first() else { continue };
        let instances = instances(aws, &region, name).await?;
        let state = text(cluster.status());
        let busy = busy(&state, member, &instances);
        seen = seen
            .giving(&format!("version.{region}"), text(cluster.engine_version()))
            .giving(&format!("cluster.{region}"), text(Some(name)))
            .giving(&format!("state.{region}"), state)
            .giving(&format!("busy.{region}"), busy);
    }
    Ok(seen)
}

/// What a member is busy with; empty when it is at rest and follows.
fn busy(state: &str, member: &GlobalClusterMember, instances: &[DbInstance]) -> String {
    if state != "available" {
        return state.into();
    }
    let at_work = |one: &&DbInstance| one.db_instance_status() != Some("available");
    if let Some(one) = instances.iter().find(at_work) {
        return format!("{} {}", text(one.db_instance_identifier()), text(one.db_instance_status()));
    }
    let follows = member.synchronization_status().map(|status| status.as_str());
    follows.filter(|status| *status != "connected").map(|status| text(Some(status))).unwrap_or_default()
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
    fn a_member_is_at_rest_when_all_of_it_is() {
        use aws_sdk_rds::types::GlobalClusterMemberSynchronizationStatus::{Connected, PendingResync};
        let member = |status| GlobalClusterMember::builder().set_synchronization_status(status).build();
        let one = |status: &str| DbInstance::builder().db_instance_identifier("a").db_instance_status(status).build();
        assert_eq!(busy("upgrading", &member(None), &[]), "upgrading");
        assert_eq!(busy("available", &member(None), &[one("available"), one("rebooting")]), "a rebooting");
        assert_eq!(busy("available", &member(Some(PendingResync)), &[one("available")]), "pending-resync");
        assert_eq!(busy("available", &member(Some(Connected)), &[one("available")]), "");
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
