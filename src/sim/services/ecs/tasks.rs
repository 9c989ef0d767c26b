//! ListTasks, DescribeTasks, StopTask.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::names::{self, Failure, Tag, invalid};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::paging::page;
use crate::world::ecs::{Container, Phase, StopCode, Task};
use crate::world::{World, hex_id, uuid};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
pub struct List {
    cluster: Option<String>,
    family: Option<String>,
    nextToken: Option<String>,
    maxResults: Option<i64>,
    startedBy: Option<String>,
    serviceName: Option<String>,
    desiredStatus: Option<String>,
    launchType: Option<String>,
    containerInstance: Option<String>,
}

#[derive(Deserialize)]
pub struct Describe {
    cluster: Option<String>,
    tasks: Vec<String>,
    include: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub struct StopIt {
    cluster: Option<String>,
    task: String,
    reason: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    taskArns: Vec<String>,
    nextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described<'w> {
    tasks: Vec<TaskOut<'w>>,
    failures: Vec<Failure>,
}

#[derive(Serialize)]
pub struct One<'w> {
    task: TaskOut<'w>,
}

/// As many as a hundred are told at once: what the world has is borrowed.
#[derive(Serialize)]
pub struct TaskOut<'w> {
    attachments: [AttachmentOut<'w>; 1],
    attributes: [Pair<'static>; 1],
    availabilityZone: &'w str,
    clusterArn: String,
    connectivity: Option<&'static str>,
    connectivityAt: Option<Moment>,
    containers: Vec<ContainerOut<'w>>,
    cpu: String,
    createdAt: Moment,
    desiredStatus: &'static str,
    enableExecuteCommand: bool,
    ephemeralStorage: &'w Doc,
    executionStoppedAt: Option<Moment>,
    fargateEphemeralStorage: &'w Doc,
    group: String,
    healthStatus: &'static str,
    inferenceAccelerators: Vec<()>,
    lastStatus: &'static str,
    launchType: &'static str,
    memory: String,
    overrides: Overrides<'w>,
    platformFamily: &'static str,
    platformVersion: &'w str,
    pullStartedAt: Option<Moment>,
    pullStoppedAt: Option<Moment>,
    startedAt: Option<Moment>,
    startedBy: &'w str,
    stopCode: Option<&'static str>,
    stoppedAt: Option<Moment>,
    stoppedReason: Option<&'w str>,
    stoppingAt: Option<Moment>,
    tags: Vec<Tag>,
    taskArn: String,
    taskDefinitionArn: String,
    version: u64,
}

#[derive(Serialize)]
pub struct Overrides<'w> {
    containerOverrides: Vec<OverrideOut<'w>>,
    inferenceAcceleratorOverrides: Vec<()>,
}

#[derive(Serialize)]
pub struct OverrideOut<'w> {
    name: &'w str,
}

#[derive(Serialize)]
pub struct AttachmentOut<'w> {
    id: String,
    r#type: &'static str,
    status: &'static str,
    details: Vec<Pair<'w>>,
}

#[derive(Serialize)]
pub struct Pair<'w> {
    name: &'static str,
    value: Cow<'w, str>,
}

#[derive(Serialize)]
pub struct ContainerOut<'w> {
    containerArn: String,
    taskArn: String,
    name: &'w str,
    image: &'w str,
    imageDigest: Option<String>,
    runtimeId: Option<String>,
    lastStatus: &'static str,
    exitCode: Option<i32>,
    reason: Option<&'w str>,
    networkBindings: Vec<()>,
    networkInterfaces: Vec<InterfaceOut>,
    healthStatus: &'static str,
    cpu: String,
    memory: Option<String>,
    memoryReservation: Option<String>,
}

#[derive(Serialize)]
pub struct InterfaceOut {
    attachmentId: String,
    privateIpv4Address: String,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let size = names::page_size(ask.maxResults, 100, 100)?;
    let cluster = names::cluster(world, caller, &ask.cluster)?;
    let service = match &ask.serviceName {
        None => None,
        Some(name) => {
            let name = names::service_name(caller, &cluster.name, name).ok_or_else(names::no_service)?;
            Some(cluster.services.get(name).map(|service| service.name.as_str()).ok_or_else(names::no_service)?)
        }
    };
    let wanted = match ask.desiredStatus.as_deref() {
        None | Some("RUNNING") => true,
        Some("STOPPED") => false,
        // AWS never sets a desired status of PENDING (ECS API, ListTasks).
        Some("PENDING") => return Ok(Listed { taskArns: vec![], nextToken: None }),
        Some(_) => return Err(invalid("Invalid desiredStatus.")),
    };
    let here = ask.launchType.as_deref().is_none_or(|kind| kind == "FARGATE") && ask.containerInstance.is_none();
    let matches = |task: &&Task| {
        here && task.wanted() == wanted
            && task.cluster == cluster.name
            && service.is_none_or(|service| service == task.service)
            && ask.family.as_ref().is_none_or(|family| *family == task.definition.family)
            && ask.startedBy.as_ref().is_none_or(|by| *by == task.started_by)
    };
    let tasks = names::ecs(world, caller).pool.tasks.values().filter(matches);
    let key = |task: &&Task| format!("{:020}", task.number);
    let (some, nextToken) = page(tasks, key, ask.nextToken.as_deref(), size, "InvalidParameterException")?;
    Ok(Listed { taskArns: some.iter().map(|task| task.arn(&caller.region)).collect(), nextToken })
}

pub fn describe<'w>(world: &'w mut World, caller: &Caller, ask: Describe) -> Answer<Described<'w>> {
    if ask.tasks.is_empty() {
        return Err(invalid("Tasks cannot be empty."));
    }
    if ask.tasks.len() > 100 {
        return Err(invalid("taskIds can have at most 100 items."));
    }
    let cluster = &names::cluster(world, caller, &ask.cluster)?.name;
    let pool = &names::ecs(world, caller).pool;
    let (mut tasks, mut failures, mut digests) = (vec![], vec![], Digests::new());
    let tags = names::with_tags(&ask.include);
    for asked in &ask.tasks {
        let found = names::task_id(caller, cluster, asked).and_then(|id| pool.find(id));
        match found.filter(|task| task.cluster == *cluster) {
            Some(task) => tasks.push(shown(world, caller, task, tags, &mut digests)),
            None if asked.starts_with("arn:") => failures.push(Failure::missing(asked.clone())),
            None => failures.push(Failure::missing(names::arn(caller, "task", &format!("{cluster}/{asked}")))),
        }
    }
    Ok(Described { tasks, failures })
}

pub fn stop<'w>(world: &'w mut World, caller: &Caller, ask: StopIt) -> Answer<One<'w>> {
    let cluster = names::cluster(world, caller, &ask.cluster)?.name.clone();
    let pool = &names::ecs(world, caller).pool;
    let found = names::task_id(caller, &cluster, &ask.task).and_then(|id| pool.find(id));
    let task = found.filter(|task| task.cluster == cluster && task.phase != Phase::Stopped);
    let task = task.ok_or_else(|| invalid("The referenced task was not found."))?;
    let (number, service) = (task.number, task.service.clone());
    let reason = ask.reason.unwrap_or_else(|| "Task stopped by user".into());
    let now = world.now;
    let ecs = world.ecs_in(&caller.region);
    ecs.pool.stop(number, now, StopCode::UserInitiated, &reason);
    if let Some(service) = ecs.service_mut(&cluster, &service) {
        service.watch.dirty = true;
    }
    let task = names::ecs(world, caller).pool.tasks.get(&number);
    let task = task.ok_or_else(|| invalid("The referenced task was not found."))?;
    Ok(One { task: shown(world, caller, task, false, &mut Digests::new()) })
}

/// What the digests of images are, by image.
type Digests<'w> = BTreeMap<&'w str, String>;

static STORAGE: LazyLock<Doc> = LazyLock::new(|| json!({"sizeInGiB": 20}));

fn shown<'w>(world: &'w World, caller: &Caller, task: &'w Task, tags: bool, digests: &mut Digests<'w>) -> TaskOut<'w> {
    let region = &caller.region;
    let service = names::ecs(world, caller).service(&task.cluster, &task.service);
    let storage = task.definition.given.get("ephemeralStorage").unwrap_or(&STORAGE);
    let attachment = attachment(task, region);
    let arn = task.arn(region);
    let containers = &task.definition.containers;
    TaskOut {
        availabilityZone: &task.zone,
        clusterArn: names::arn(caller, "cluster", &task.cluster),
        connectivity: task.connected_at.map(|_| "CONNECTED"),
        connectivityAt: task.connected_at,
        containers: containers.iter().map(|c| container(task, c, &arn, &attachment.id, digests)).collect(),
        attachments: [attachment],
        attributes: [Pair { name: "ecs.cpu-architecture", value: architecture(task).into() }],
        cpu: task.definition.cpu.to_string(),
        createdAt: task.created_at,
        desiredStatus: if task.wanted() { "RUNNING" } else { "STOPPED" },
        enableExecuteCommand: service.is_some_and(|service| service.execute_command),
        ephemeralStorage: storage,
        executionStoppedAt: task.execution_stopped_at,
        fargateEphemeralStorage: storage,
        group: format!("service:{}", task.service),
        healthStatus: task.health(),
        inferenceAccelerators: vec![],
        lastStatus: task.phase.name(),
        launchType: "FARGATE",
        memory: task.definition.memory_mib.to_string(),
        overrides: Overrides {
            containerOverrides: containers.iter().map(|container| OverrideOut { name: &container.name }).collect(),
            inferenceAcceleratorOverrides: vec![],
        },
        platformFamily: "Linux",
        platformVersion: &task.platform_version,
        pullStartedAt: task.pull_started_at,
        pullStoppedAt: task.pull_stopped_at,
        startedAt: task.started_at,
        startedBy: &task.started_by,
        stopCode: task.stop.as_ref().map(|stop| stop.code.name()),
        stoppedAt: task.stopped_at,
        stoppedReason: task.stop.as_ref().map(|stop| stop.reason.as_str()),
        stoppingAt: task.stopping_at,
        tags: if tags { names::tags_out(&task.tags) } else { vec![] },
        taskArn: arn,
        taskDefinitionArn: task.definition.arn(region),
        version: task.version,
    }
}

fn architecture(task: &Task) -> String {
    let given = task.definition.given.get("runtimePlatform").and_then(|platform| platform.get("cpuArchitecture"));
    given.and_then(|text| text.as_str()).unwrap_or("X86_64").to_ascii_lowercase()
}

/// The network interface; its address is known once it is attached.
fn attachment<'w>(task: &'w Task, region: &str) -> AttachmentOut<'w> {
    let pair = |name, value: String| Pair { name, value: value.into() };
    let mut details = vec![Pair { name: "subnetId", value: task.subnet.as_str().into() }];
    if task.phase != Phase::Provisioning && task.connected_at.is_some() {
        let octets = task.ip.octets();
        let mac = hex_id(&["mac", &task.id], 4);
        details.push(pair("networkInterfaceId", format!("eni-{}", hex_id(&["eni", &task.id], 17))));
        details.push(pair(
            "macAddress",
            format!("0e:{}:{}:{:02x}:{:02x}:{:02x}", &mac[..2], &mac[2..], octets[1], octets[2], octets[3]),
        ));
        let domain = match region {
            "us-east-1" => "ec2.internal".to_string(),
            _ => format!("{region}.compute.internal"),
        };
        let name = format!("ip-{}.{domain}", task.ip.to_string().replace('.', "-"));
        details.push(pair("privateDnsName", name));
        details.push(pair("privateIPv4Address", task.ip.to_string()));
    }
    let status = match task.phase {
        Phase::Provisioning => "PRECREATED",
        Phase::Stopped => "DELETED",
        Phase::Deprovisioning => "DETACHING",
        _ => "ATTACHED",
    };
    AttachmentOut { id: uuid(&["attachment", &task.id]), r#type: "ElasticNetworkInterface", status, details }
}

fn container<'w>(
    task: &'w Task,
    container: &'w Container,
    arn: &str,
    attachment: &str,
    digests: &mut Digests<'w>,
) -> ContainerOut<'w> {
    let number = |member: &str| container.echo.get(member).and_then(|value| value.as_u64());
    let ran = task.pull_stopped_at.is_some();
    let lastStatus = match task.phase {
        Phase::Provisioning | Phase::Pending | Phase::Activating => "PENDING",
        Phase::Running | Phase::Deactivating | Phase::Stopping => "RUNNING",
        Phase::Deprovisioning | Phase::Stopped => "STOPPED",
    };
    let failed = task.stop.as_ref().filter(|stop| stop.code == StopCode::TaskFailedToStart);
    ContainerOut {
        containerArn: format!(
            "{}/{}",
            arn.replacen(":task/", ":container/", 1),
            uuid(&["container", &task.id, &container.name])
        ),
        taskArn: arn.to_string(),
        name: &container.name,
        image: &container.image,
        imageDigest: ran.then(|| {
            let digest = || format!("sha256:{}", hex_id(&["image", &container.image], 64));
            digests.entry(&container.image).or_insert_with(digest).clone()
        }),
        runtimeId: ran
            .then(|| format!("{}-{}", task.id, &uuid(&["runtime", &task.id, &container.name])[..10].replace('-', ""))),
        lastStatus,
        exitCode: if ran { task.exit_code } else { None },
        reason: failed.map(|stop| stop.reason.as_str()),
        networkBindings: vec![],
        networkInterfaces: match task.connected_at {
            Some(_) => {
                vec![InterfaceOut { attachmentId: attachment.to_string(), privateIpv4Address: task.ip.to_string() }]
            }
            None => vec![],
        },
        healthStatus: if container.checked { task.health() } else { "UNKNOWN" },
        cpu: number("cpu").unwrap_or(0).to_string(),
        memory: number("memory").map(|mib| mib.to_string()),
        memoryReservation: number("memoryReservation").map(|mib| mib.to_string()),
    }
}
