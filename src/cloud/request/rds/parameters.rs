//! Parameter groups of clusters.

use super::super::members::whole;
use super::tag;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rds::operation::RequestId;
use serde_json::Value;

pub async fn create(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.create_db_cluster_parameter_group();
    let call = whole(input, "CreateDBClusterParameterGroup", |m| {
        Ok(call
            .set_db_cluster_parameter_group_name(m.text("DBClusterParameterGroupName")?)
            .set_db_parameter_group_family(m.text("DBParameterGroupFamily")?)
            .set_description(m.text("Description")?)
            .set_tags(m.list("Tags", tag)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rds.writes.delete_db_cluster_parameter_group();
    let call = whole(input, "DeleteDBClusterParameterGroup", |m| {
        Ok(call.set_db_cluster_parameter_group_name(m.text("DBClusterParameterGroupName")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
