//! CreateCluster, UpdateClusterSettings, DescribeClusters, ListClusters, DeleteCluster.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Failure, Tag};
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::paging::page;
use crate::world::World;
use crate::world::ecs::{Cluster, Phase, ServiceStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Create {
    clusterName: Option<String>,
    tags: Option<Vec<Tag>>,
    #[serde(flatten)]
    rest: Map<String, Doc>,
}

#[derive(Deserialize)]
pub struct UpdateSettings {
    cluster: Option<String>,
    settings: Vec<Setting>,
}

#[derive(Deserialize, Serialize)]
struct Setting {
    name: String,
    value: String,
}

#[derive(Deserialize)]
pub struct Describe {
    clusters: Option<Vec<String>>,
    include: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct List {
    nextToken: Option<String>,
    maxResults: Option<i64>,
}

#[derive(Deserialize)]
pub struct Delete {
    cluster: Option<String>,
}

#[derive(Serialize)]
pub struct One {
    cluster: ClusterOut,
}

#[derive(Serialize)]
pub struct Described {
    clusters: Vec<ClusterOut>,
    failures: Vec<Failure>,
}

#[derive(Serialize)]
pub struct Listed {
    clusterArns: Vec<String>,
    nextToken: Option<String>,
}

#[derive(Serialize)]
pub struct ClusterOut {
    clusterArn: String,
    clusterName: String,
    status: &'static str,
    registeredContainerInstancesCount: u32,
    runningTasksCount: u32,
    pendingTasksCount: u32,
    activeServicesCount: usize,
    statistics: Vec<Doc>,
    tags: Vec<Tag>,
    settings: Doc,
    capacityProviders: Doc,
    defaultCapacityProviderStrategy: Doc,
    configuration: Option<Doc>,
    serviceConnectDefaults: Option<Doc>,
}

/// Members of CreateCluster that are only echoed.
const ECHOED: [&str; 5] =
    ["settings", "configuration", "capacityProviders", "defaultCapacityProviderStrategy", "serviceConnectDefaults"];

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let name = ask.clusterName.unwrap_or_else(|| "default".into());
    if !names::is_name(&name) {
        return Err(names::invalid("Cluster names can contain only letters, numbers, hyphens and underscores."));
    }
    let tags = names::tags_in(ask.tags)?;
    let given = ask.rest.into_iter().filter(|(member, _)| ECHOED.contains(&member.as_str())).collect();
    let clusters = &mut world.ecs_in(&caller.region).clusters;
    if !clusters.get(&name).is_some_and(|cluster| cluster.active) {
        let made = Cluster { name: name.clone(), active: true, services: BTreeMap::new(), tags, given };
        clusters.insert(name.clone(), made);
    }
    Ok(One { cluster: shown(world, caller, &name, true)? })
}

/// Container Insights is the only setting that there is (API Reference, ClusterSetting).
pub fn update_settings(world: &mut World, caller: &Caller, ask: UpdateSettings) -> Answer<One> {
    let name = names::cluster(world, caller, &ask.cluster)?.name.clone();
    if let Some(odd) = ask.settings.iter().find(|setting| setting.name != "containerInsights") {
        return Err(names::invalid(format!("Invalid setting name {}. Valid values are containerInsights.", odd.name)));
    }
    if let Some(odd) =
        ask.settings.iter().find(|one| !["enabled", "disabled", "enhanced"].contains(&one.value.as_str()))
    {
        return Err(names::invalid(format!("Invalid value {} for containerInsights.", odd.value)));
    }
    if let Some(cluster) = world.ecs_in(&caller.region).clusters.get_mut(&name).filter(|_| !ask.settings.is_empty()) {
        cluster.given.insert("settings".into(), json!(ask.settings));
    }
    Ok(One { cluster: shown(world, caller, &name, true)? })
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let asked = ask.clusters.unwrap_or_else(|| vec!["default".into()]);
    if asked.len() > 100 {
        return Err(names::invalid("clusters can have at most 100 items."));
    }
    let (mut clusters, mut failures) = (vec![], vec![]);
    for asked in asked {
        let name = names::rest(&caller.region, "cluster", &asked);
        match name.filter(|name| names::ecs(world, caller).clusters.contains_key(*name)) {
            Some(name) => clusters.push(shown(world, caller, name, names::with_tags(&ask.include))?),
            None => failures.push(Failure::missing(names::arn(caller, "cluster", &asked))),
        }
    }
    Ok(Described { clusters, failures })
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let size = names::page_size(ask.maxResults, 100, 100)?;
    let active = names::ecs(world, caller).clusters.values().filter(|cluster| cluster.active);
    let name = |cluster: &&Cluster| cluster.name.clone();
    let (some, next) = page(active, name, ask.nextToken.as_deref(), size, "InvalidParameterException")?;
    Ok(Listed { clusterArns: some.iter().map(|cluster| cluster.arn(&caller.region)).collect(), nextToken: next })
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let cluster = names::cluster(world, caller, &ask.cluster)?;
    let name = cluster.name.clone();
    if cluster.services.values().any(|service| service.status != ServiceStatus::Inactive) {
        let message = "The Cluster cannot be deleted while Services are active.";
        return Err(Refusal::new(400, "ClusterContainsServicesException", message));
    }
    let ecs = world.ecs_in(&caller.region);
    if ecs.pool.tasks.values().any(|task| task.cluster == name && task.phase != Phase::Stopped) {
        let message = "The Cluster cannot be deleted while Tasks are active.";
        return Err(Refusal::new(400, "ClusterContainsTasksException", message));
    }
    if let Some(cluster) = ecs.clusters.get_mut(&name) {
        cluster.active = false;
    }
    Ok(One { cluster: shown(world, caller, &name, false)? })
}

fn shown(world: &World, caller: &Caller, name: &str, tags: bool) -> Answer<ClusterOut> {
    let ecs = names::ecs(world, caller);
    let cluster = ecs.clusters.get(name).ok_or_else(names::no_cluster)?;
    let given = |member: &str| cluster.given.get(member).cloned();
    let list = |member: &str| given(member).unwrap_or_else(|| json!([]));
    let alive = cluster.services.values().filter(|service| service.status != ServiceStatus::Inactive);
    let counts = alive.map(|service| service.counts(&ecs.pool, None));
    let (running, pending) = counts.fold((0, 0), |(r, p), counts| (r + counts.running, p + counts.pending));
    Ok(ClusterOut {
        clusterArn: cluster.arn(&caller.region),
        clusterName: cluster.name.clone(),
        status: if cluster.active { "ACTIVE" } else { "INACTIVE" },
        registeredContainerInstancesCount: 0,
        runningTasksCount: running,
        pendingTasksCount: pending,
        activeServicesCount: cluster.services.values().filter(|s| s.status == ServiceStatus::Active).count(),
        statistics: vec![],
        tags: if tags { names::tags_out(&cluster.tags) } else { vec![] },
        settings: given("settings").unwrap_or_else(|| json!([{"name": "containerInsights", "value": "disabled"}])),
        capacityProviders: list("capacityProviders"),
        defaultCapacityProviderStrategy: list("defaultCapacityProviderStrategy"),
        configuration: given("configuration"),
        serviceConnectDefaults: given("serviceConnectDefaults"),
    })
}
