//! RegisterTaskDefinition, DescribeTaskDefinition, ListTaskDefinitions, DeregisterTaskDefinition.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Tag, client, invalid};
use super::waiting;
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Refusal};
use crate::paging::page;
use crate::world::ecs::{Container, Ecs, TaskDefinition};
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Register {
    family: String,
    containerDefinitions: Vec<Map<String, Doc>>,
    networkMode: Option<String>,
    requiresCompatibilities: Option<Vec<String>>,
    cpu: Option<String>,
    memory: Option<String>,
    tags: Option<Vec<Tag>>,
    #[serde(flatten)]
    rest: Map<String, Doc>,
}

#[derive(Deserialize)]
pub struct Describe {
    taskDefinition: String,
    include: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct List {
    familyPrefix: Option<String>,
    status: Option<String>,
    sort: Option<String>,
    nextToken: Option<String>,
    maxResults: Option<i64>,
}

#[derive(Deserialize)]
pub struct Deregister {
    taskDefinition: String,
}

#[derive(Serialize)]
pub struct One {
    taskDefinition: DefinitionOut,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub struct Listed {
    taskDefinitionArns: Vec<String>,
    nextToken: Option<String>,
}

#[derive(Serialize)]
pub struct DefinitionOut {
    taskDefinitionArn: String,
    containerDefinitions: Vec<Doc>,
    family: String,
    revision: u32,
    status: &'static str,
    requiresAttributes: Doc,
    compatibilities: Vec<&'static str>,
    registeredAt: Moment,
    registeredBy: String,
    deregisteredAt: Option<Moment>,
    #[serde(flatten)]
    given: Map<String, Doc>,
}

/// Members of RegisterTaskDefinition that are only echoed.
const ECHOED: [&str; 11] = [
    "taskRoleArn",
    "executionRoleArn",
    "volumes",
    "placementConstraints",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
];

pub fn register(world: &mut World, caller: &Caller, ask: Register) -> Answer<One> {
    if !names::is_name(&ask.family) {
        return Err(client("Family contains invalid characters."));
    }
    let requires = ask.requiresCompatibilities.unwrap_or_default();
    let fargate = requires.iter().any(|kind| kind == "FARGATE");
    let awsvpc = ask.networkMode.as_deref() == Some("awsvpc");
    if fargate && !awsvpc {
        return Err(client("Fargate only supports network mode ‘awsvpc’."));
    }
    let (cpu, memory) = size(fargate, ask.cpu.as_deref(), ask.memory.as_deref())?;
    let containers = containers(ask.containerDefinitions, awsvpc)?;
    let tags = names::tags_in(ask.tags)?;

    let mut given: Map<String, Doc> =
        ask.rest.into_iter().filter(|(member, _)| ECHOED.contains(&member.as_str())).collect();
    for empty in ["volumes", "placementConstraints"] {
        given.entry(empty).or_insert_with(|| json!([]));
    }
    given.insert("networkMode".into(), json!(ask.networkMode.unwrap_or_else(|| "bridge".into())));
    if !requires.is_empty() {
        given.insert("requiresCompatibilities".into(), json!(requires));
    }
    if let (Some(_), Some(_)) = (&ask.cpu, &ask.memory) {
        given.insert("cpu".into(), json!(cpu.to_string()));
        given.insert("memory".into(), json!(memory.to_string()));
    }
    let registered_at = world.now;
    let revisions = world.ecs_in(&caller.region).definitions.entry(ask.family.clone()).or_default();
    let definition = Arc::new(TaskDefinition {
        family: ask.family,
        revision: revisions.keys().last().map_or(1, |last| last + 1),
        cpu,
        memory_mib: memory,
        containers,
        given,
        fargate: fargate || awsvpc && fits(cpu, memory),
        tags,
        registered_at,
        registered_by: format!("arn:aws:iam::{ACCOUNT}:user/operator"),
        deregistered_at: None,
    });
    revisions.insert(definition.revision, Arc::clone(&definition));
    let tags = (!definition.tags.is_empty()).then(|| names::tags_out(&definition.tags));
    Ok(One { taskDefinition: shown(&definition, caller), tags })
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<One> {
    let found = find(names::ecs(world, caller), caller, &ask.taskDefinition);
    let definition = found.ok_or_else(|| client("Unable to describe task definition."))?;
    let tags = names::with_tags(&ask.include).then(|| names::tags_out(&definition.tags));
    Ok(One { taskDefinition: shown(definition, caller), tags })
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let size = names::page_size(ask.maxResults, 100, 100)?;
    let active = match ask.status.as_deref() {
        None | Some("ACTIVE") => true,
        Some("INACTIVE") => false,
        Some("DELETE_IN_PROGRESS") => return Ok(Listed { taskDefinitionArns: vec![], nextToken: None }),
        Some(_) => return Err(invalid("Invalid status. Valid values are ACTIVE, INACTIVE and DELETE_IN_PROGRESS.")),
    };
    let families = names::ecs(world, caller).definitions.iter();
    let families = families.filter(|(family, _)| ask.familyPrefix.as_ref().is_none_or(|prefix| *family == prefix));
    let all = families.flat_map(|(_, revisions)| revisions.values());
    let mut found: Vec<_> = all.filter(|definition| definition.deregistered_at.is_none() == active).collect();
    let descending = ask.sort.as_deref() == Some("DESC");
    let count = found.len();
    if descending {
        found.reverse();
    }
    // In descending order the key must rise where names fall, so the place in the list stands in.
    let places: Vec<usize> = (0..count).collect();
    let key = |place: &&usize| match descending {
        false => format!("{} {:010}", found[**place].family, found[**place].revision),
        true => format!("{:010}", place),
    };
    let (some, nextToken) = page(&places, key, ask.nextToken.as_deref(), size, "InvalidParameterException")?;
    let taskDefinitionArns = some.into_iter().map(|place| found[*place].arn(&caller.region)).collect();
    Ok(Listed { taskDefinitionArns, nextToken })
}

pub fn deregister(world: &mut World, caller: &Caller, ask: Deregister) -> Answer<One> {
    let now = world.now;
    if !ask.taskDefinition.rsplit('/').next().is_some_and(|name| name.contains(':')) {
        return Err(client("Invalid revision number. Number must be a positive integer."));
    }
    let ecs = world.ecs_in(&caller.region);
    let found =
        find(ecs, caller, &ask.taskDefinition).map(|definition| (definition.family.clone(), definition.revision));
    let (family, revision) = found.ok_or_else(|| client("The specified task definition does not exist."))?;
    let definition = ecs.definitions.get_mut(&family).and_then(|revisions| revisions.get_mut(&revision));
    let definition = definition.ok_or_else(|| client("The specified task definition does not exist."))?;
    Arc::make_mut(definition).deregistered_at.get_or_insert(now);
    Ok(One { taskDefinition: shown(definition, caller), tags: None })
}

/// The revision that a family, `family:revision` or an ARN means.
pub fn find<'a>(ecs: &'a Ecs, caller: &Caller, name: &str) -> Option<&'a Arc<TaskDefinition>> {
    let name = names::rest(&caller.region, "task-definition", name)?;
    match name.split_once(':') {
        None => ecs.latest(name),
        Some((family, revision)) => ecs.definitions.get(family)?.get(&revision.parse().ok()?),
    }
}

fn shown(definition: &TaskDefinition, caller: &Caller) -> DefinitionOut {
    DefinitionOut {
        taskDefinitionArn: definition.arn(&caller.region),
        containerDefinitions: definition.containers.iter().map(|container| container.echo.clone()).collect(),
        family: definition.family.clone(),
        revision: definition.revision,
        status: if definition.deregistered_at.is_none() { "ACTIVE" } else { "INACTIVE" },
        requiresAttributes: json!([
            {"name": "com.amazonaws.ecs.capability.docker-remote-api.1.18"},
            {"name": "ecs.capability.task-eni"},
        ]),
        compatibilities: if definition.fargate { vec!["EC2", "FARGATE"] } else { vec!["EC2"] },
        registeredAt: definition.registered_at,
        registeredBy: definition.registered_by.clone(),
        deregisteredAt: definition.deregistered_at,
        given: definition.given.clone(),
    }
}

fn containers(given: Vec<Map<String, Doc>>, awsvpc: bool) -> Answer<Vec<Container>> {
    let containers = given.into_iter().map(|echo| container(echo, awsvpc)).collect::<Answer<Vec<Container>>>()?;
    if containers.is_empty() {
        return Err(client("Container list cannot be empty."));
    }
    if !containers.iter().any(|container| container.essential) {
        return Err(client("Task definition does not have an essential container."));
    }
    waiting::check(&containers)?;
    Ok(containers)
}

fn container(mut echo: Map<String, Doc>, awsvpc: bool) -> Answer<Container> {
    let text = |member: &str| echo.get(member).and_then(Doc::as_str).unwrap_or_default().to_string();
    let (name, image) = (text("name"), text("image"));
    if name.is_empty() {
        return Err(client("Container.name should not be null or empty."));
    }
    if !names::is_name(&name) {
        return Err(client("Container.name contains invalid characters."));
    }
    if image.is_empty() {
        return Err(client("Container.image should not be null or empty."));
    }
    let mut ports = vec![];
    for mapping in echo.get_mut("portMappings").and_then(Doc::as_array_mut).into_iter().flatten() {
        let port = |member: &str| mapping.get(member).and_then(Doc::as_u64).and_then(|port| u16::try_from(port).ok());
        let Some(inside) = port("containerPort") else { continue };
        if awsvpc && port("hostPort").is_some_and(|host| host != inside) {
            return Err(client(
                "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
            ));
        }
        ports.push(inside);
        if let Some(mapping) = mapping.as_object_mut() {
            mapping.entry("hostPort").or_insert(json!(if awsvpc { inside } else { 0 }));
            mapping.entry("protocol").or_insert(json!("tcp"));
        }
    }
    if let Some(check) = echo.get_mut("healthCheck").and_then(Doc::as_object_mut) {
        waiting::health_check(check)?;
    }
    let stop_timeout = echo.get("stopTimeout").and_then(Doc::as_u64).unwrap_or(30);
    if stop_timeout > 120 {
        return Err(client("Container.stopTimeout must be between 0 and 120 seconds."));
    }
    echo.entry("cpu").or_insert(json!(0));
    echo.entry("essential").or_insert(json!(true));
    for empty in ["portMappings", "environment", "mountPoints", "volumesFrom", "systemControls"] {
        echo.entry(empty).or_insert_with(|| json!([]));
    }
    Ok(Container {
        name,
        image,
        essential: echo.get("essential").and_then(Doc::as_bool).unwrap_or(true),
        ports,
        stop_timeout_s: stop_timeout as u32,
        checked: echo.get("healthCheck").is_some_and(|check| !check.is_null()),
        waits_for: waiting::waits_for(&echo),
        echo: Doc::Object(echo),
    })
}

/// CPU units and MiB of the task, as Fargate allows them together.
fn size(fargate: bool, cpu: Option<&str>, memory: Option<&str>) -> Answer<(u32, u32)> {
    if !fargate && (cpu.is_none() || memory.is_none()) {
        return Ok((256, 512));
    }
    let cpu = cpu.ok_or_else(|| client("Fargate requires that 'cpu' be defined at the task level."))?;
    let memory = memory.ok_or_else(|| client("Fargate requires that 'memory' be defined at the task level."))?;
    let units = amount(cpu, "vcpu").ok_or_else(|| client("Invalid 'cpu' setting for task."))?;
    let mib = amount(memory, "gb").ok_or_else(|| client("Invalid 'memory' setting for task."))?;
    if fargate && !fits(units, mib) {
        return Err(no_such_size(units, mib));
    }
    Ok((units, mib))
}

fn no_such_size(cpu: u32, memory: u32) -> Refusal {
    client(format!(
        "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS \
         documentation for the valid values."
    ))
}

/// `1024`, or `1 vCPU`, `.5 GB` and the like in 1024ths.
fn amount(text: &str, unit: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    match text.strip_suffix(unit) {
        None => text.parse().ok(),
        Some(number) => {
            let number: f64 = number.trim().parse().ok()?;
            (0.0..=1000.0).contains(&number).then_some((number * 1024.0).round() as u32)
        }
    }
}

/// Whether Fargate has tasks of this size (ECS Developer Guide, Fargate task definitions, Task CPU and memory).
fn fits(cpu: u32, memory_mib: u32) -> bool {
    let gib = |low: u32, high: u32, step: u32| {
        (low * 1024..=high * 1024).contains(&memory_mib) && (memory_mib - low * 1024).is_multiple_of(step * 1024)
    };
    match cpu {
        256 => [512, 1024, 2048].contains(&memory_mib),
        512 => gib(1, 4, 1),
        1024 => gib(2, 8, 1),
        2048 => gib(4, 16, 1),
        4096 => gib(8, 30, 1),
        8192 => gib(16, 60, 4),
        16384 => gib(32, 120, 8),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, fits};

    #[test]
    fn fargate_has_just_these_sizes() {
        for (cpu, memory) in [(256, 512), (512, 4096), (1024, 8192), (4096, 30720), (8192, 20480), (16384, 122_880)] {
            assert!(fits(cpu, memory), "{cpu} {memory}");
        }
        for (cpu, memory) in [(256, 128), (256, 3072), (512, 512), (8192, 18432), (300, 512), (16384, 30720)] {
            assert!(!fits(cpu, memory), "{cpu} {memory}");
        }
    }

    #[test]
    fn sizes_are_read_as_aws_writes_them() {
        let read = |text, unit| amount(text, unit);
        assert_eq!(["256", ".25 vCPU", "1vcpu"].map(|t| read(t, "vcpu")), [Some(256), Some(256), Some(1024)]);
        assert_eq!(["512", "0.5 GB", "much"].map(|t| read(t, "gb")), [Some(512), Some(512), None]);
    }
}
