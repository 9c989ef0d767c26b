//! Parameter groups of clusters.

use super::super::known;
use super::tags;
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::DbClusterParameterGroup;
use serde_json::json;

/// The parameter group `name`. It gives `arn`.
///
/// # Errors
/// As the calls end.
pub async fn cluster_parameter_group(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.rds.reads;
    let call = client.describe_db_cluster_parameter_groups().db_cluster_parameter_group_name(name);
    let Some(answer) = known(call.send().await.map_err(call_error))? else { return Ok(Seen::absent()) };
    let Some(found) = answer.db_cluster_parameter_groups().first() else { return Ok(Seen::absent()) };
    let seen = seen(found);
    let call = client.list_tags_for_resource().resource_name(seen.gift("arn"));
    // it may go between the two calls
    let Some(answer) = known(call.send().await.map_err(call_error))? else { return Ok(Seen::absent()) };
    Ok(seen.tagged(tags(answer.tag_list())))
}

fn seen(found: &DbClusterParameterGroup) -> Seen {
    let is = json!({
        "DBClusterParameterGroupName": text(found.db_cluster_parameter_group_name()),
        "DBParameterGroupFamily": text(found.db_parameter_group_family()),
    });
    Seen::there("", is).giving("arn", text(found.db_cluster_parameter_group_arn()))
}
