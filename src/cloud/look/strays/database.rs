//! RDS: instances, clusters, their parameter groups, global clusters.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::cloud::look::rds::tags;
use serde_json::json;

pub async fn find(aws: &Aws, region: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.rds.reads;
    let mut found = vec![];
    let pages = client.describe_db_instances().into_paginator().items().send();
    let instances: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    for one in instances {
        let (tags, name) = (tags(one.tag_list()), text(one.db_instance_identifier()));
        if ours(&tags, stack) {
            let call = ("DeleteDBInstance", json!({ "DBInstanceIdentifier": name }));
            found.push(stray(region, "rds", &name, &tags).removed_by([call]));
        }
    }
    let pages = client.describe_global_clusters().into_paginator().items().send();
    let globals: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let pages = client.describe_db_clusters().into_paginator().items().send();
    let clusters: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    for one in clusters {
        let (tags, name) = (tags(one.tag_list()), text(one.db_cluster_identifier()));
        if !ours(&tags, stack) {
            continue;
        }
        let mut calls = vec![];
        let arn = one.db_cluster_arn().unwrap_or_default();
        let holds = |global: &&aws_sdk_rds::types::GlobalCluster| {
            global.global_cluster_members().iter().any(|member| member.db_cluster_arn() == Some(arn))
        };
        if let Some(global) = globals.iter().find(holds) {
            let global = text(global.global_cluster_identifier());
            let input = json!({ "GlobalClusterIdentifier": global, "DbClusterIdentifier": text(Some(arn)) });
            calls.push(("RemoveFromGlobalCluster", input));
        }
        if one.deletion_protection() == Some(true) {
            calls.push(("ModifyDBCluster", json!({ "DBClusterIdentifier": name, "DeletionProtection": false })));
        }
        let last = format!("{name}-final");
        calls.push(("DeleteDBCluster", json!({ "DBClusterIdentifier": name, "FinalDBSnapshotIdentifier": last })));
        found.push(stray(region, "rds", &name, &tags).removed_by(calls));
    }
    // groups tell their tags one by one
    let pages = client.describe_db_cluster_parameter_groups().into_paginator().items().send();
    let groups: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    for one in groups {
        let name = text(one.db_cluster_parameter_group_name());
        let Some(arn) = one.db_cluster_parameter_group_arn().filter(|_| name.starts_with(&format!("{stack}-"))) else {
            continue;
        };
        let answer = client.list_tags_for_resource().resource_name(arn).send().await.map_err(call_error)?;
        let tags = tags(answer.tag_list());
        if ours(&tags, stack) {
            let call = ("DeleteDBClusterParameterGroup", json!({ "DBClusterParameterGroupName": name }));
            found.push(stray(region, "rds", &name, &tags).removed_by([call]));
        }
    }
    for one in globals {
        let (tags, name) = (tags(one.tag_list()), text(one.global_cluster_identifier()));
        if ours(&tags, stack) {
            let call = ("DeleteGlobalCluster", json!({ "GlobalClusterIdentifier": name }));
            found.push(stray(region, "rds", &name, &tags).removed_by([call]));
        }
    }
    Ok(found)
}
