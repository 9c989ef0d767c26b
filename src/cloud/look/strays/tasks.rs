//! ECS: services, task definitions, clusters.

use super::{Found, ours, stray};
use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::cloud::look::ecs::{tags, task_definition};
use crate::model::stack::Stack;
use aws_sdk_ecs::types::{ClusterField, ServiceField};
use serde_json::json;

/// Services that one call tells of (ECS API Reference, DescribeServices), and clusters (DescribeClusters).
const SERVICES: usize = 10;
const CLUSTERS: usize = 100;

pub async fn find(aws: &Aws, region: &str, stack: &Stack) -> Found {
    let client = &aws.regional(region)?.ecs.reads;
    let pages = client.list_clusters().into_paginator().items().send();
    let all: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let (mut services, mut clusters) = (vec![], vec![]);
    for some in all.chunks(CLUSTERS) {
        let call = client.describe_clusters().set_clusters(Some(some.to_vec())).include(ClusterField::Tags);
        let answer = call.send().await.map_err(call_error)?;
        for cluster in answer.clusters().iter().filter(|cluster| cluster.status() != Some("INACTIVE")) {
            let (tags, name) = (tags(cluster.tags()), text(cluster.cluster_name()));
            if !ours(&tags, &stack.name) {
                continue;
            }
            services.extend(in_cluster(aws, region, &name, &stack.name).await?);
            let call = ("DeleteCluster", json!({ "cluster": name }));
            clusters.push(stray(region, "ecs", &name, &tags).removed_by([call]));
        }
    }
    for family in [stack.service(region), stack.watch_name()] {
        let definition = task_definition(aws, region, &family).await?;
        if definition.exists && ours(&definition.tags, &stack.name) {
            let call = ("DeregisterTaskDefinition", json!({ "taskDefinition": definition.gift("arn") }));
            services.push(stray(region, "ecs", family, &definition.tags).removed_by([call]));
        }
    }
    services.extend(clusters);
    Ok(services)
}

async fn in_cluster(aws: &Aws, region: &str, cluster: &str, stack: &str) -> Found {
    let client = &aws.regional(region)?.ecs.reads;
    let pages = client.list_services().cluster(cluster).into_paginator().items().send();
    let all: Vec<String> = pages.collect::<Result<_, _>>().await.map_err(call_error)?;
    let mut found = vec![];
    for some in all.chunks(SERVICES) {
        let call = client.describe_services().cluster(cluster).set_services(Some(some.to_vec()));
        let answer = call.include(ServiceField::Tags).send().await.map_err(call_error)?;
        for service in answer.services().iter().filter(|service| service.status() != Some("INACTIVE")) {
            let (tags, name) = (tags(service.tags()), text(service.service_name()));
            if ours(&tags, stack) {
                let call = ("DeleteService", json!({ "cluster": cluster, "service": name, "force": true }));
                found.push(stray(region, "ecs", &name, &tags).removed_by([call]));
            }
        }
    }
    Ok(found)
}
