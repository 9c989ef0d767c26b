//! CreateService, DescribeServices, ListServices, UpdateService, DeleteService.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Failure, Tag, invalid};
use super::service_input::{self as given, DeploymentConfiguration, LoadBalancer, NetworkConfiguration, Provider};
use super::service_output::{ServiceOut, shown};
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::paging::page;
use crate::world::ecs::{self, Deployment, Rules, Service, ServiceStatus};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Create {
    cluster: Option<String>,
    serviceName: String,
    taskDefinition: Option<String>,
    loadBalancers: Option<Vec<LoadBalancer>>,
    desiredCount: Option<i64>,
    clientToken: Option<String>,
    launchType: Option<String>,
    platformVersion: Option<String>,
    deploymentConfiguration: Option<DeploymentConfiguration>,
    networkConfiguration: Option<NetworkConfiguration>,
    healthCheckGracePeriodSeconds: Option<i64>,
    schedulingStrategy: Option<String>,
    deploymentController: Option<Controller>,
    tags: Option<Vec<Tag>>,
    enableECSManagedTags: Option<bool>,
    propagateTags: Option<String>,
    enableExecuteCommand: Option<bool>,
    availabilityZoneRebalancing: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Doc>,
}

#[derive(Deserialize)]
pub struct Controller {
    r#type: String,
}

#[derive(Deserialize)]
pub struct Update {
    cluster: Option<String>,
    service: String,
    desiredCount: Option<i64>,
    taskDefinition: Option<String>,
    deploymentConfiguration: Option<DeploymentConfiguration>,
    networkConfiguration: Option<NetworkConfiguration>,
    platformVersion: Option<String>,
    forceNewDeployment: Option<bool>,
    healthCheckGracePeriodSeconds: Option<i64>,
    loadBalancers: Option<Vec<LoadBalancer>>,
    enableECSManagedTags: Option<bool>,
    propagateTags: Option<String>,
    enableExecuteCommand: Option<bool>,
    availabilityZoneRebalancing: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Doc>,
}

#[derive(Deserialize)]
pub struct Describe {
    cluster: Option<String>,
    services: Vec<String>,
    include: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct List {
    cluster: Option<String>,
    nextToken: Option<String>,
    maxResults: Option<i64>,
    launchType: Option<String>,
    schedulingStrategy: Option<String>,
}

#[derive(Deserialize)]
pub struct Delete {
    cluster: Option<String>,
    service: String,
    force: Option<bool>,
}

#[derive(Serialize)]
pub struct One {
    service: ServiceOut,
}

#[derive(Serialize)]
pub struct Described {
    services: Vec<ServiceOut>,
    failures: Vec<Failure>,
}

#[derive(Serialize)]
pub struct Listed {
    serviceArns: Vec<String>,
    nextToken: Option<String>,
}

/// Members of a service that are only echoed.
const ECHOED: [&str; 5] = [
    "serviceRegistries",
    "capacityProviderStrategy",
    "placementConstraints",
    "placementStrategy",
    "deploymentController",
];

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let cluster = names::cluster(world, caller, &ask.cluster)?;
    let cluster_name = cluster.name.clone();
    let here = names::ecs(world, caller);
    given::service_name(&ask.serviceName)?;
    let token = ask.clientToken.as_ref().map(|token| format!("{cluster_name} {token}"));
    if let Some((cluster, name)) = token.as_ref().and_then(|token| here.tokens.get(token)).cloned()
        && here.service(&cluster, &name).is_some_and(|service| service.status == ServiceStatus::Active)
    {
        return one(world, caller, &cluster, &name);
    }
    match cluster.services.get(&ask.serviceName).map(|service| service.status) {
        Some(ServiceStatus::Active) => return Err(invalid("Creation of service was not idempotent.")),
        Some(ServiceStatus::Draining) => {
            return Err(invalid("Unable to Start a service that is still Draining."));
        }
        Some(ServiceStatus::Inactive) | None => {}
    }
    if ask.schedulingStrategy.as_deref().is_some_and(|strategy| strategy != "REPLICA") {
        return Err(given::unsupported("The daemon scheduling strategy is not supported on Fargate."));
    }
    if ask.deploymentController.as_ref().is_some_and(|controller| controller.r#type != "ECS") {
        return Err(given::unsupported("Only the ECS deployment controller is supported here."));
    }
    let name = ask.taskDefinition.as_deref().filter(|name| !name.is_empty());
    let definition = given::definition(here, caller, name.ok_or_else(|| invalid("TaskDefinition can not be blank."))?)?;
    given::on_fargate(cluster, ask.launchType.as_deref(), providers(&ask.rest)?.as_deref())?;
    let desired = given::count(ask.desiredCount.ok_or_else(|| invalid("Desired count can not be null."))?)?;
    let network = given::network(ask.networkConfiguration)?;
    let bindings = given::bindings(ask.loadBalancers.unwrap_or_default(), &definition)?;
    let grace_s = given::grace(ask.healthCheckGracePeriodSeconds, !bindings.is_empty())?;
    let rules = given::rules(ask.deploymentConfiguration, Rules::default())?;
    let platform = given::platform(ask.platformVersion.as_deref())?;
    let propagate = given::propagate(ask.propagateTags.as_deref())?;
    let tags = names::tags_in(ask.tags)?;

    let mut echoed = echoed(ask.rest);
    let asked = ask.platformVersion.filter(|version| !version.is_empty()).unwrap_or_else(|| "LATEST".into());
    echoed.insert("platformVersion".into(), json!(asked));
    if let Some(controller) = ask.deploymentController {
        echoed.insert("deploymentController".into(), json!({"type": controller.r#type}));
    }
    let now = world.now;
    let mut service = Service {
        name: ask.serviceName.clone(),
        cluster: cluster_name.clone(),
        region: caller.region.clone(),
        status: ServiceStatus::Active,
        desired,
        deployments: vec![],
        completed: None,
        rules,
        bindings: Arc::new(bindings),
        grace_s,
        events: VecDeque::new(),
        happened: 0,
        created_at: now,
        created_by: format!("arn:aws:iam::{ACCOUNT}:user/operator"),
        tags,
        managed_tags: ask.enableECSManagedTags.unwrap_or(false),
        propagate,
        rebalancing: ask.availabilityZoneRebalancing.is_none_or(|choice| choice == "ENABLED"),
        execute_command: ask.enableExecuteCommand.unwrap_or(false),
        given: echoed,
        tasks: BTreeSet::new(),
        watch: Default::default(),
    };
    service.deploy(Deployment::new(world.next_id(), definition, network, &platform, now));
    let here = world.ecs_in(&caller.region);
    if let Some(token) = token {
        here.tokens.insert(token, (cluster_name.clone(), ask.serviceName.clone()));
    }
    let cluster = here.clusters.get_mut(&cluster_name).ok_or_else(names::no_cluster)?;
    cluster.services.insert(ask.serviceName.clone(), service);
    one(world, caller, &cluster_name, &ask.serviceName)
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    if ask.services.is_empty() {
        return Err(invalid("Services cannot be empty."));
    }
    if ask.services.len() > 10 {
        return Err(invalid("service names can have at most 10 items."));
    }
    let cluster = names::cluster(world, caller, &ask.cluster)?;
    let pool = &names::ecs(world, caller).pool;
    let (mut services, mut failures) = (vec![], vec![]);
    for asked in &ask.services {
        let found = names::service_name(caller, &cluster.name, asked).and_then(|name| cluster.services.get(name));
        match found {
            Some(service) => services.push(shown(service, pool, caller, names::with_tags(&ask.include))),
            None if asked.starts_with("arn:") => failures.push(Failure::missing(asked.clone())),
            None => {
                let name = format!("{}/{asked}", cluster.name);
                failures.push(Failure::missing(names::arn(caller, "service", &name)));
            }
        }
    }
    Ok(Described { services, failures })
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let size = names::page_size(ask.maxResults, 10, 100)?;
    let cluster = names::cluster(world, caller, &ask.cluster)?;
    let fits = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|asked| asked == is);
    let here = fits(&ask.launchType, "FARGATE") && fits(&ask.schedulingStrategy, "REPLICA");
    let alive = cluster.services.values().filter(|service| here && service.status != ServiceStatus::Inactive);
    let key = |service: &&Service| service.name.clone();
    let (some, nextToken) = page(alive, key, ask.nextToken.as_deref(), size, "InvalidParameterException")?;
    Ok(Listed { serviceArns: some.iter().map(|service| service.arn()).collect(), nextToken })
}

pub fn update(world: &mut World, caller: &Caller, ask: Update) -> Answer<One> {
    let (cluster, name) = found(world, caller, &ask.cluster, &ask.service)?;
    let here = names::ecs(world, caller);
    let service = here.service(&cluster, &name).ok_or_else(names::no_service)?;
    let active = Refusal::new(400, "ServiceNotActiveException", "Service was not ACTIVE.");
    let primary = service.primary().filter(|_| service.status == ServiceStatus::Active).ok_or(active)?;

    // Everything is checked before anything changes.
    let definition = match &ask.taskDefinition {
        Some(name) => given::definition(here, caller, name)?,
        None => Arc::clone(&primary.definition),
    };
    let network = match ask.networkConfiguration {
        Some(network) => given::network(Some(network))?,
        None => primary.network.clone(),
    };
    let platform = match &ask.platformVersion {
        Some(version) => given::platform(Some(version))?,
        None => primary.platform_version.clone(),
    };
    let bindings = match ask.loadBalancers {
        Some(given) => given::bindings(given, &definition)?,
        None => service.bindings.to_vec(),
    };
    let grace_s = given::grace(ask.healthCheckGracePeriodSeconds, !bindings.is_empty())?.or(service.grace_s);
    let rules = given::rules(ask.deploymentConfiguration, service.rules)?;
    let desired = ask.desiredCount.map(given::count).transpose()?;
    let propagate = match &ask.propagateTags {
        Some(choice) => given::propagate(Some(choice))?,
        None => service.propagate,
    };
    let cluster_of = names::cluster(world, caller, &ask.cluster)?;
    if let Some(providers) = providers(&ask.rest)?.filter(|providers| !providers.is_empty()) {
        given::on_fargate(cluster_of, None, Some(&providers))?;
    }
    let mut echoed = echoed(ask.rest);
    if let Some(version) = &ask.platformVersion {
        echoed.insert("platformVersion".into(), json!(version));
    }
    let moved = definition.revision != primary.definition.revision
        || definition.family != primary.definition.family
        || network != primary.network
        || platform != primary.platform_version
        || bindings != *service.bindings
        || ["serviceRegistries", "capacityProviderStrategy"]
            .iter()
            .any(|member| echoed.contains_key(*member) && echoed.get(*member) != service.given.get(*member));
    let anew = moved || ask.forceNewDeployment.unwrap_or(false);

    let now = world.now;
    let number = if anew { world.next_id() } else { 0 };
    let service = world.ecs_in(&caller.region).service_mut(&cluster, &name).ok_or_else(names::no_service)?;
    service.bindings = Arc::new(bindings);
    service.grace_s = grace_s;
    service.rules = rules;
    service.propagate = propagate;
    service.given.extend(echoed);
    service.managed_tags = ask.enableECSManagedTags.unwrap_or(service.managed_tags);
    service.execute_command = ask.enableExecuteCommand.unwrap_or(service.execute_command);
    service.rebalancing = ask.availabilityZoneRebalancing.map_or(service.rebalancing, |choice| choice == "ENABLED");
    service.watch.dirty = true;
    if anew {
        service.deploy(Deployment::new(number, definition, network, &platform, now));
    }
    if let Some(desired) = desired {
        ecs::set_desired(world, &caller.region, &cluster, &name, desired);
    }
    one(world, caller, &cluster, &name)
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<One> {
    let (cluster, name) = found(world, caller, &ask.cluster, &ask.service)?;
    let service = world.ecs_in(&caller.region).service_mut(&cluster, &name).ok_or_else(names::no_service)?;
    if service.status == ServiceStatus::Inactive {
        return Err(names::no_service());
    }
    if service.desired > 0 && !ask.force.unwrap_or(false) {
        return Err(invalid("The service cannot be stopped while it is scaled above 0."));
    }
    service.status = ServiceStatus::Draining;
    service.desired = 0;
    service.watch.dirty = true;
    one(world, caller, &cluster, &name)
}

/// The cluster and name of the service that was asked for.
fn found(world: &World, caller: &Caller, cluster: &Option<String>, service: &str) -> Answer<(String, String)> {
    let cluster = names::cluster(world, caller, cluster)?;
    let name = names::service_name(caller, &cluster.name, service).ok_or_else(names::no_service)?;
    let service = cluster.services.get(name).ok_or_else(names::no_service)?;
    Ok((cluster.name.clone(), service.name.clone()))
}

fn one(world: &World, caller: &Caller, cluster: &str, name: &str) -> Answer<One> {
    let here = names::ecs(world, caller);
    let service = here.service(cluster, name).ok_or_else(names::no_service)?;
    Ok(One { service: shown(service, &here.pool, caller, true) })
}

fn echoed(rest: Map<String, Doc>) -> Map<String, Doc> {
    let known = |member: &str| ECHOED.contains(&member);
    let empty = |value: &Doc| value.is_null() || value.as_array().is_some_and(|items| items.is_empty());
    rest.into_iter().filter(|(member, value)| known(member) && !empty(value)).collect()
}

fn providers(rest: &Map<String, Doc>) -> Answer<Option<Vec<Provider>>> {
    let Some(strategy) = rest.get("capacityProviderStrategy") else { return Ok(None) };
    serde_json::from_value(strategy.clone()).map_err(|e| invalid(e.to_string()))
}
