//! A member of the global cluster, or what was one.

use super::super::{known, sorted};
use super::{find_global, id, instances, leaves, tags};
use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{DbCluster, DbInstance, GlobalCluster, LocalWriteForwardingStatus, WriteForwardingStatus};
use serde_json::json;

/// The cluster `name`, seen as a member of the global cluster `global`.
///
/// It gives `arn`, `endpoint`, `reader_endpoint`, `role` (`writer`, `secondary`, or `alone` when it is no member),
/// `others` (the ARNs of the other members), `instances` and `leaving` (ids of those that stay and that are being
/// deleted), all with commas between.
///
/// # Errors
/// As the calls end.
pub async fn cluster(aws: &Aws, region: &str, name: &str, global: &str) -> Result<Seen, CallError> {
    let call = aws.regional(region)?.rds.reads.describe_db_clusters().db_cluster_identifier(name);
    let Some(answer) = known(call.send().await.map_err(call_error))? else { return Ok(Seen::absent()) };
    let Some(found) = answer.db_clusters().first() else { return Ok(Seen::absent()) };
    let (global, instances) = tokio::join!(find_global(aws, region, global), instances(aws, region, name));
    Ok(seen(found, global?.as_ref(), &instances?))
}

fn seen(found: &DbCluster, global: Option<&GlobalCluster>, instances: &[DbInstance]) -> Seen {
    let arn = text(found.db_cluster_arn());
    let members = || global.map_or(&[][..], |global| global.global_cluster_members()).iter();
    let own = members().find(|member| member.db_cluster_arn() == Some(&arn));
    let role = match own {
        Some(member) if member.is_writer() == Some(true) => "writer",
        Some(_) => "secondary",
        None => "alone",
    };
    let groups = found.vpc_security_groups().iter().filter_map(|group| group.vpc_security_group_id());
    let is = json!({
        "DBClusterIdentifier": text(found.db_cluster_identifier()),
        "GlobalClusterIdentifier": own.and(global).and_then(|global| some_text(global.global_cluster_identifier())),
        "Engine": text(found.engine()),
        "EngineVersion": text(found.engine_version()),
        "DBClusterParameterGroupName": text(found.db_cluster_parameter_group()),
        "DBSubnetGroupName": text(found.db_subnet_group()),
        "VpcSecurityGroupIds": sorted(groups),
        "EnableGlobalWriteForwarding": forwards(found, role),
        "EnableLocalWriteForwarding": forwards_locally(found.local_write_forwarding_status()),
        "EnableHttpEndpoint": found.http_endpoint_enabled() == Some(true),
        "StorageEncrypted": found.storage_encrypted(),
        "KmsKeyId": some_text(found.kms_key_id()),
        "BackupRetentionPeriod": found.backup_retention_period(),
        "DeletionProtection": found.deletion_protection(),
    });
    let others = members().filter_map(|member| member.db_cluster_arn()).filter(|other| *other != arn);
    let names = |left: bool| sorted(instances.iter().filter(|one| leaves(one) == left).map(id)).join(",");
    Seen::there(text(found.status()), is)
        .giving("endpoint", text(found.endpoint()))
        .giving("reader_endpoint", text(found.reader_endpoint()))
        .giving("role", role)
        .giving("others", sorted(others).join(","))
        .giving("instances", names(false))
        .giving("leaving", names(true))
        .giving("arn", arn.clone())
        .tagged(tags(found.tag_list()))
}

/// Whether it forwards writes to another Region when it is a secondary. A writer keeps the wish and need not tell it
/// (RDS API Reference, CreateDBCluster; Aurora User Guide, write forwarding): that is no difference to be mended.
fn forwards(found: &DbCluster, role: &str) -> Option<bool> {
    use WriteForwardingStatus::{Enabled, Enabling};
    let status = found.global_write_forwarding_status().map(|status| matches!(status, Enabled | Enabling));
    found.global_write_forwarding_requested().or(status).or_else(|| (role == "writer").then_some(true))
}

/// `requested` is what a secondary says: it comes when that is promoted.
fn forwards_locally(status: Option<&LocalWriteForwardingStatus>) -> bool {
    use LocalWriteForwardingStatus::{Enabled, Enabling, Requested};
    status.is_some_and(|status| matches!(status, Enabled | Enabling | Requested))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_rds::types::{GlobalClusterMember, VpcSecurityGroupMembership};

    fn arn(region: &str) -> String {
        format!("arn:aws:rds:{region}:1:cluster:shop-db-{region}")
    }

    fn global(writer: &str) -> GlobalCluster {
        let member = |region: &str| {
            GlobalClusterMember::builder().db_cluster_arn(arn(region)).is_writer(region == writer).build()
        };
        let members = [member("us-east-1"), member("eu-west-1")].to_vec();
        GlobalCluster::builder().global_cluster_identifier("shop-db").set_global_cluster_members(Some(members)).build()
    }

    #[test]
    fn a_writer_need_not_tell_that_it_would_forward() {
        let found = DbCluster::builder().db_cluster_arn(arn("us-east-1")).status("available");
        let told = |found: &DbCluster, writer| {
            let seen = seen(found, Some(&global(writer)), &[]);
            (seen.gift("role").to_string(), seen.is["EnableGlobalWriteForwarding"].clone())
        };
        assert_eq!(told(&found.clone().build(), "us-east-1"), ("writer".into(), json!(true)));
        assert_eq!(told(&found.clone().build(), "eu-west-1"), ("secondary".into(), json!(null)));
        let off = found.clone().global_write_forwarding_requested(false).build();
        assert_eq!(told(&off, "us-east-1"), ("writer".into(), json!(false)), "what is told counts");
        let coming = found.global_write_forwarding_status(WriteForwardingStatus::Enabling).build();
        assert_eq!(told(&coming, "eu-west-1"), ("secondary".into(), json!(true)));
    }

    #[test]
    fn members_and_instances_are_gifts() {
        let group = |id: &str| VpcSecurityGroupMembership::builder().vpc_security_group_id(id).build();
        let found = DbCluster::builder()
            .db_cluster_arn(arn("us-east-1"))
            .vpc_security_groups(group("sg-2"))
            .vpc_security_groups(group("sg-1"))
            .build();
        let instance = |id: &str, status: &str| {
            DbInstance::builder().db_instance_identifier(id).db_instance_status(status).build()
        };
        let instances = [instance("b", "available"), instance("c", "deleting"), instance("a", "creating")];
        let seen = seen(&found, Some(&global("us-east-1")), &instances);
        assert_eq!((seen.gift("instances"), seen.gift("leaving")), ("a,b", "c"));
        assert_eq!(seen.gift("others"), arn("eu-west-1"));
        assert_eq!(seen.is["VpcSecurityGroupIds"], json!(["sg-1", "sg-2"]));
        let alone = super::seen(&found, None, &[]);
        assert_eq!((alone.gift("role"), &alone.is["GlobalClusterIdentifier"]), ("alone", &json!(null)));
    }
}
