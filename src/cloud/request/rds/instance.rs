//! Instances of clusters.

use super::super::members::whole;
use super::tag;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::operation::RequestId;
use serde_json::Value;

pub async fn create(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.create_db_instance();
    let call = whole(input, "CreateDBInstance", |m| {
        Ok(call
            .set_db_instance_identifier(m.text("DBInstanceIdentifier")?)
            .set_db_cluster_identifier(m.text("DBClusterIdentifier")?)
            .set_engine(m.text("Engine")?)
            .set_db_instance_class(m.text("DBInstanceClass")?)
            .set_publicly_accessible(m.flag("PubliclyAccessible")?)
            .set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.modify_db_instance();
    let call = whole(input, "ModifyDBInstance", |m| {
        Ok(call
            .set_db_instance_identifier(m.text("DBInstanceIdentifier")?)
            .set_db_instance_class(m.text("DBInstanceClass")?)
            .set_publicly_accessible(m.flag("PubliclyAccessible")?)
            .set_apply_immediately(m.flag("ApplyImmediately")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.delete_db_instance();
    let call =
        whole(input, "DeleteDBInstance", |m| Ok(call.set_db_instance_identifier(m.text("DBInstanceIdentifier")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
