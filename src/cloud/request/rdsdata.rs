//! The RDS Data API: statements of a deployment. Passwords in them have become themselves.

use super::members::whole;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_rdsdata::operation::RequestId;
use serde_json::Value;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    match operation {
        "ExecuteStatement" => execute_statement(aws, region, input).await,
        _ => Err(super::unknown("rds-data", operation)),
    }
}

async fn execute_statement(aws: &Aws, region: &str, input: &Value) -> Result<Option<String>, CallError> {
    let call = aws.regional(region)?.rdsdata.writes.execute_statement();
    let call = whole(input, "ExecuteStatement", |m| {
        Ok(call
            .set_resource_arn(m.text("resourceArn")?)
            .set_secret_arn(m.text("secretArn")?)
            .set_database(m.text("database")?)
            .set_sql(m.text("sql")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
