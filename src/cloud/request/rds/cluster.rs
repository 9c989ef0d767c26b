//! Members of the global cluster.

use super::super::members::whole;
use super::tag;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::operation::RequestId;
use serde_json::Value;

pub async fn create(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.create_db_cluster();
    let call = whole(input, "CreateDBCluster", |m| {
        Ok(call
            .set_db_cluster_identifier(m.text("DBClusterIdentifier")?)
            .set_global_cluster_identifier(m.text("GlobalClusterIdentifier")?)
            .set_engine(m.text("Engine")?)
            .set_engine_version(m.text("EngineVersion")?)
            .set_database_name(m.text("DatabaseName")?)
            .set_master_username(m.text("MasterUsername")?)
            .set_master_user_password(m.text("MasterUserPassword")?)
            .set_db_cluster_parameter_group_name(m.text("DBClusterParameterGroupName")?)
            .set_db_subnet_group_name(m.text("DBSubnetGroupName")?)
            .set_vpc_security_group_ids(m.texts("VpcSecurityGroupIds")?)
            .set_enable_global_write_forwarding(m.flag("EnableGlobalWriteForwarding")?)
            .set_enable_local_write_forwarding(m.flag("EnableLocalWriteForwarding")?)
            .set_enable_http_endpoint(m.flag("EnableHttpEndpoint")?)
            .set_storage_encrypted(m.flag("StorageEncrypted")?)
            .set_kms_key_id(m.text("KmsKeyId")?)
            .set_backup_retention_period(m.int("BackupRetentionPeriod")?)
            .set_deletion_protection(m.flag("DeletionProtection")?)
            .set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.modify_db_cluster();
    let call = whole(input, "ModifyDBCluster", |m| {
        Ok(call
            .set_db_cluster_identifier(m.text("DBClusterIdentifier")?)
            .set_engine_version(m.text("EngineVersion")?)
            .set_db_cluster_parameter_group_name(m.text("DBClusterParameterGroupName")?)
            .set_vpc_security_group_ids(m.texts("VpcSecurityGroupIds")?)
            .set_enable_global_write_forwarding(m.flag("EnableGlobalWriteForwarding")?)
            .set_enable_local_write_forwarding(m.flag("EnableLocalWriteForwarding")?)
            .set_backup_retention_period(m.int("BackupRetentionPeriod")?)
            .set_deletion_protection(m.flag("DeletionProtection")?)
            .set_apply_immediately(m.flag("ApplyImmediately")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn enable_http_endpoint(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.enable_http_endpoint();
    let call = whole(input, "EnableHttpEndpoint", |m| Ok(call.set_resource_arn(m.text("ResourceArn")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.delete_db_cluster();
    let call = whole(input, "DeleteDBCluster", |m| {
        Ok(call
            .set_db_cluster_identifier(m.text("DBClusterIdentifier")?)
            .set_skip_final_snapshot(m.flag("SkipFinalSnapshot")?)
            .set_final_db_snapshot_identifier(m.text("FinalDBSnapshotIdentifier")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
