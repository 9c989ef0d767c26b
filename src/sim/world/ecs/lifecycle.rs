//! How a task moves from PROVISIONING to STOPPED. Every wait is drawn from `chance.ecs`.

use super::{AskTarget, Behaviour, Ecs, Listener, Phase, Stop, StopCode, Task, rollout};
use crate::moment::Moment;
use crate::world::elb::TargetState;
use crate::world::{ACCOUNT, World};
use std::time::Duration;

/// Seconds of PENDING: pulling and creating (assumed).
const PENDING_S: (f64, f64) = (10.0, 40.0);
/// Seconds of ACTIVATING (assumed).
const ACTIVATING_S: (f64, f64) = (2.0, 5.0);
/// Seconds to give the network interface back (assumed).
const DEPROVISIONING_S: (f64, f64) = (5.0, 15.0);
/// Between two looks at a target that drains.
const DRAINING_LOOK_S: u64 = 1;
/// How long a stopped task is shown (ECS API, DescribeTasks: "at least one hour").
const SHOWN_S: u64 = 3600;

pub fn tick(world: &mut World, region: &str, ecs: &mut Ecs, targets: AskTarget) {
    let now = world.now;
    while let Some(&(at, number)) = ecs.pool.due.first()
        && at <= now
    {
        ecs.pool.due.remove(&(at, number));
        if let Some(task) = ecs.pool.tasks.get_mut(&number) {
            task.due = None;
        }
        step(world, region, ecs, number, targets);
    }
}

fn step(world: &mut World, region: &str, ecs: &mut Ecs, number: u64, targets: AskTarget) {
    let now = world.now;
    let Some(task) = ecs.pool.tasks.get(&number) else { return };
    let behaviour = task.definition.behaviour();
    match (task.phase, task.wanted()) {
        (Phase::Stopped, _) => forget(ecs, number),
        (Phase::Provisioning | Phase::Pending | Phase::Activating, false) => {
            enter(world, region, ecs, number, Phase::Deprovisioning);
        }
        (Phase::Provisioning, true) => enter(world, region, ecs, number, Phase::Pending),
        (Phase::Pending, true) if behaviour == Behaviour::Unpullable => {
            let reason = not_pulled(task, region);
            fail(world, region, ecs, number, StopCode::TaskFailedToStart, reason, None);
        }
        (Phase::Pending, true) => enter(world, region, ecs, number, Phase::Activating),
        (Phase::Activating, true) if behaviour == Behaviour::Crashes => {
            let reason = "Essential container in task exited".to_string();
            fail(world, region, ecs, number, StopCode::EssentialContainerExited, reason, Some(1));
        }
        (Phase::Activating, true) => enter(world, region, ecs, number, Phase::Running),
        (Phase::Running, true) => {}
        (Phase::Running, false) if !task.bindings.is_empty() => enter(world, region, ecs, number, Phase::Deactivating),
        (Phase::Running, false) => enter(world, region, ecs, number, Phase::Stopping),
        (Phase::Deactivating, _) => {
            let draining = |binding: &super::Binding| {
                targets(world, region, &binding.target_group, task.ip, binding.port) == TargetState::Draining
            };
            if task.registered || task.bindings.iter().any(draining) {
                ecs.pool.schedule(number, now + Duration::from_secs(DRAINING_LOOK_S));
            } else {
                enter(world, region, ecs, number, Phase::Stopping);
            }
        }
        (Phase::Stopping, _) => {
            if let Some(task) = ecs.pool.tasks.get_mut(&number) {
                task.exit_code = Some(0);
            }
            enter(world, region, ecs, number, Phase::Deprovisioning);
        }
        (Phase::Deprovisioning, _) => enter(world, region, ecs, number, Phase::Stopped),
    }
}

/// Enters `phase`: its moments, what it does to the world, and how long it lasts.
fn enter(world: &mut World, region: &str, ecs: &mut Ecs, number: u64, phase: Phase) {
    let now = world.now;
    let pool = &mut ecs.pool;
    let Some(task) = pool.tasks.get_mut(&number) else { return };
    task.phase = phase;
    task.version += 1;
    let chance = &mut world.chance.ecs;
    let mut lasts = |(low, high): (f64, f64)| Some(Duration::from_secs_f64(chance.between(low, high)));
    let after = match phase {
        Phase::Provisioning => None,
        Phase::Pending => {
            task.connected_at = Some(now);
            task.pull_started_at = Some(now);
            lasts(PENDING_S)
        }
        Phase::Activating => {
            task.pull_stopped_at = Some(now);
            let waits = Duration::from_secs(u64::from(task.definition.waits_s()));
            lasts(ACTIVATING_S).map(|starts| starts + waits)
        }
        Phase::Running => {
            task.started_at = Some(now);
            pool.listeners.insert(task.ip, Listener::of(task));
            None
        }
        Phase::Deactivating => Some(Duration::from_secs(DRAINING_LOOK_S)),
        Phase::Stopping => {
            task.ready = false;
            pool.listeners.remove(&task.ip);
            lasts((1.0, f64::from(task.definition.stop_timeout_s().max(2))))
        }
        Phase::Deprovisioning => {
            task.stopping_at.get_or_insert(now);
            task.execution_stopped_at = Some(now);
            lasts(DEPROVISIONING_S)
        }
        Phase::Stopped => {
            task.stopped_at = Some(now);
            pool.vcpus -= task.definition.vcpus();
            pool.addresses.remove(&task.ip);
            Some(Duration::from_secs(SHOWN_S))
        }
    };
    let (cluster, service) = (task.cluster.clone(), task.service.clone());
    let kind = match phase {
        Phase::Running => Some("task.running"),
        Phase::Stopped => Some("task.stopped"),
        _ => None,
    };
    if let Some(kind) = kind {
        let why = task.stop.as_ref().map(|stop| stop.code.name()).unwrap_or_default();
        let what = format!("{cluster}/{service} {} {} {why}", task.id, task.ip);
        world.truth.note(now, kind, region, what.trim_end());
    }
    if let Some(after) = after {
        pool.schedule(number, now + after);
    }
    if let Some(service) = ecs.service_mut(&cluster, &service) {
        service.watch.dirty = true;
        match phase {
            Phase::Running => service.watch.failed_rounds = 0,
            Phase::Stopped => {
                service.tasks.remove(&number);
            }
            _ => {}
        }
    }
}

/// A task that never came to run.
fn fail(
    world: &mut World,
    region: &str,
    ecs: &mut Ecs,
    number: u64,
    code: StopCode,
    reason: String,
    exit: Option<i32>,
) {
    let now = world.now;
    let Some(task) = ecs.pool.tasks.get_mut(&number) else { return };
    task.stop = Some(Stop { code, reason });
    task.stopping_at = Some(now);
    task.exit_code = exit;
    let (cluster, name, deployment) = (task.cluster.clone(), task.service.clone(), task.deployment);
    if let Some(service) = ecs.service_mut(&cluster, &name) {
        count_failure(service, deployment);
        back_off(service, now);
    }
    enter(world, region, ecs, number, Phase::Deprovisioning);
}

/// One more consecutive failure of a deployment that has not proven itself.
pub fn count_failure(service: &mut super::Service, deployment: u64) {
    let mut of = service.deployments.iter_mut();
    if let Some(deployment) = of.find(|d| d.number == deployment && !d.proven) {
        deployment.failed_tasks += 1;
    }
}

/// How many rounds in a row fail before AWS says so (assumed).
const ROUNDS_TOLD: u32 = 3;

fn back_off(service: &mut super::Service, now: Moment) {
    if now < service.watch.not_before {
        return;
    }
    service.watch.failed_rounds += 1;
    let round = service.watch.failed_rounds;
    service.watch.not_before = now + Duration::from_secs(rollout::back_off_s(round));
    if round >= ROUNDS_TOLD {
        service.tell(
            now,
            "is unable to consistently start tasks successfully. For more information, see the Troubleshooting \
             section.",
        );
    }
}

fn not_pulled(task: &Task, region: &str) -> String {
    let image =
        task.definition.containers.iter().map(|c| c.image.as_str()).find(|image| image.ends_with(":unpullable"));
    let image = image.unwrap_or("image");
    let image = if image.contains('/') {
        image.to_string()
    } else {
        format!("{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/{image}")
    };
    format!(
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: \
         {image}: not found"
    )
}

/// A stopped task is shown no longer.
fn forget(ecs: &mut Ecs, number: u64) {
    if let Some(task) = ecs.pool.tasks.remove(&number) {
        ecs.pool.ids.remove(&task.id);
    }
}
