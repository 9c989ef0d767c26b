//! The service scheduler: keeps every service at its desired count, rolls deployments out and back.
//! A service in a steady state is left alone until something happens to it or its targets are due.

use super::lifecycle::count_failure;
use super::pool::NoLaunch;
use super::rollout::{self, Moves, Stand};
use super::{AskTarget, Behaviour, Deployment, Ecs, Phase, Pool, Rollout, Service, ServiceStatus, StopCode, Task};
use crate::moment::Moment;
use crate::world::World;
use crate::world::elb::{self, TargetState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Seconds between two looks at a service that nothing happened to (assumed).
const LOOK_S: u64 = 5;
/// Seconds between two looks at the targets of tasks that are trusted (assumed).
const TARGETS_S: u64 = 10;
/// Seconds until a launch that the vCPU quota refused is tried again (assumed).
const QUOTA_WAIT_S: u64 = 60;
/// A service in a steady state says so again after six hours (ECS Developer Guide, service event messages).
const STEADY_AGAIN_S: u64 = 6 * 3600;
/// Tasks named in one event (assumed).
const TASKS_TOLD: usize = 10;

pub fn tick(world: &mut World, region: &str, ecs: &mut Ecs, targets: AskTarget) {
    let now = world.now;
    let Ecs { clusters, pool, .. } = ecs;
    for service in clusters.values_mut().flat_map(|cluster| cluster.services.values_mut()) {
        if service.status == ServiceStatus::Inactive || (!service.watch.dirty && now < service.watch.look_at) {
            continue;
        }
        let stirred = std::mem::replace(&mut service.watch.dirty, false);
        let mut look = Look { world, region, pool, service, targets, now };
        if stirred || !look.calm() {
            look.run();
        }
        let calm = service.watch.steady_at.is_some() && !service.watch.dirty;
        service.watch.look_at = now + Duration::from_secs(if calm { TARGETS_S } else { LOOK_S });
    }
}

/// One look at one service.
struct Look<'a> {
    world: &'a mut World,
    region: &'a str,
    pool: &'a mut Pool,
    service: &'a mut Service,
    targets: AskTarget,
    now: Moment,
}

/// What is to be thought of a running task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ready,
    Wait,
    Unhealthy,
}

/// One target's word about a task that has been running for `age_s` seconds.
pub fn verdict(state: TargetState, age_s: u64, grace_s: u64) -> Verdict {
    match state {
        TargetState::Healthy => Verdict::Ready,
        TargetState::Unhealthy if age_s >= grace_s => Verdict::Unhealthy,
        _ => Verdict::Wait,
    }
}

impl Look<'_> {
    /// Nothing happened to a steady service, and its targets are still well.
    fn calm(&mut self) -> bool {
        let told = |at: Moment| self.now.since(at).as_secs() < STEADY_AGAIN_S;
        self.service.watch.steady_at.is_some_and(told) && self.judge()
    }

    fn run(mut self) {
        self.tell_targets();
        self.judge();
        self.break_circuit();
        let (stand, groups) = self.stand();
        self.complete(stand, &groups.present);
        let moves = rollout::moves(stand);
        self.stop(&moves, &groups);
        self.start(moves.start, &groups);
        self.settle(stand);
    }

    fn note(&mut self, kind: &'static str, more: &str) {
        let what = format!("{}/{} {more}", self.service.cluster, self.service.name);
        self.world.truth.note(self.now, kind, self.region, what.trim_end());
    }

    /// Registers tasks that came to run and deregisters those that go.
    fn tell_targets(&mut self) {
        if self.service.bindings.is_empty() && self.service.tasks.iter().all(|n| !self.registered(*n)) {
            return;
        }
        let mut came: BTreeMap<String, u32> = BTreeMap::new();
        let mut went: BTreeMap<String, u32> = BTreeMap::new();
        let mut draining = 0;
        for number in &self.service.tasks {
            let Some(task) = self.pool.tasks.get_mut(number) else { continue };
            let listens = task.phase == Phase::Running && task.wanted();
            let goes = task.registered && !task.wanted();
            if (!listens || task.registered) && !goes {
                continue;
            }
            task.registered = listens;
            draining += u32::from(goes);
            for binding in task.bindings.iter() {
                if goes {
                    elb::deregister(self.world, self.region, &binding.target_group, task.ip, binding.port);
                    *went.entry(binding.target_group.clone()).or_default() += 1;
                } else {
                    let (group, zone) = (&binding.target_group, &task.zone);
                    elb::register(self.world, self.region, group, task.ip, binding.port, zone);
                    *came.entry(group.clone()).or_default() += 1;
                }
            }
        }
        for (group, count) in came {
            self.service.tell(self.now, &format!("registered {count} targets in (target-group {group})"));
        }
        if draining > 0 {
            self.service.tell(self.now, &format!("has begun draining connections on {draining} tasks."));
        }
        for (group, count) in went {
            self.service.tell(self.now, &format!("deregistered {count} targets in (target-group {group})"));
        }
    }

    fn registered(&self, number: u64) -> bool {
        self.pool.tasks.get(&number).is_some_and(|task| task.registered)
    }

    /// Asks the load balancers, and the containers' own checks, about running tasks. Tells whether
    /// all are well.
    fn judge(&mut self) -> bool {
        let all = self.now >= self.service.watch.targets_at;
        if all {
            self.service.watch.targets_at = self.now + Duration::from_secs(TARGETS_S);
        }
        let grace_s = u64::from(self.service.grace_s.unwrap_or_default());
        let (mut sick, mut well) = (vec![], true);
        for number in &self.service.tasks {
            let Some(task) = self.pool.tasks.get(number) else { continue };
            if task.phase != Phase::Running || !task.wanted() || (task.ready && !all) {
                continue;
            }
            let age_s = self.now.since(task.started_at.unwrap_or(self.now)).as_secs();
            let (verdict, group) = self.ask(task, age_s, grace_s);
            let Some(task) = self.pool.tasks.get_mut(number) else { continue };
            task.ready = verdict == Verdict::Ready;
            well &= task.ready;
            match verdict {
                Verdict::Ready => task.condemned = false,
                Verdict::Unhealthy if !task.condemned => {
                    task.condemned = true;
                    sick.push((*number, group));
                }
                _ => {}
            }
        }
        for (number, group) in sick {
            self.condemn(number, group);
        }
        self.prove();
        well
    }

    /// The worst word about a task, and the target group (and port) that it is from.
    fn ask(&self, task: &Task, age_s: u64, grace_s: u64) -> (Verdict, Option<(String, u16)>) {
        if task.definition.checked() && task.definition.behaviour() == Behaviour::Sick {
            return (Verdict::Unhealthy, None);
        }
        let mut worst = (Verdict::Ready, None);
        for binding in task.bindings.iter() {
            let state = (self.targets)(self.world, self.region, &binding.target_group, task.ip, binding.port);
            match verdict(state, age_s, grace_s) {
                Verdict::Ready => {}
                Verdict::Wait => worst.0 = Verdict::Wait,
                Verdict::Unhealthy => {
                    return (Verdict::Unhealthy, Some((binding.target_group.clone(), binding.port)));
                }
            }
        }
        worst
    }

    fn condemn(&mut self, number: u64, group: Option<(String, u16)>) {
        let Some(task) = self.pool.tasks.get(&number) else { return };
        let deployment = task.deployment;
        let text = match group {
            Some((group, port)) => {
                let why = match (task.definition.behaviour(), self.pool.listeners.contains_key(&task.ip)) {
                    (Behaviour::Sick, true) => "Health checks failed with these codes: [500]",
                    (_, true) => "Health checks failed",
                    (_, false) => "Request timed out",
                };
                format!("(port {port}) is unhealthy in (target-group {group}) due to (reason {why})")
            }
            None => format!("(task {}) failed container health checks.", task.id),
        };
        self.service.tell(self.now, &text);
        count_failure(self.service, deployment);
    }

    /// A deployment with a task that serves counts failures no more.
    fn prove(&mut self) {
        for deployment in self.service.deployments.iter_mut().filter(|deployment| !deployment.proven) {
            let mut tasks = self.service.tasks.iter().filter_map(|number| self.pool.tasks.get(number));
            if tasks.any(|task| task.ready && task.deployment == deployment.number) {
                deployment.proven = true;
                deployment.failed_tasks = 0;
            }
        }
    }

    fn break_circuit(&mut self) {
        let rules = self.service.rules;
        let limit = rollout::threshold(self.service.desired);
        let Some(primary) = self.service.deployments.first_mut() else { return };
        let trips = primary.rollout == Rollout::InProgress && primary.failed_tasks >= limit;
        if !rules.breaker || !trips {
            return;
        }
        let id = primary.id.clone();
        primary.rollout = Rollout::Failed;
        primary.updated_at = self.now;
        primary.reason = "ECS deployment circuit breaker: tasks failed to start.".into();
        self.service.tell(self.now, &format!("(deployment {id}) deployment failed: tasks failed to start."));
        self.note("deployment.failed", &id);
        let Some(back) = self.service.completed.clone().filter(|back| rules.rollback && back.id != id) else { return };
        self.roll_back(back, &id);
    }

    /// The deployment that was completed last becomes the PRIMARY one again.
    fn roll_back(&mut self, completed: Deployment, failed: &str) {
        let now = self.now;
        let place = self.service.deployments.iter().position(|deployment| deployment.number == completed.number);
        let mut back = match place {
            Some(place) => self.service.deployments.remove(place),
            None => {
                let number = self.world.next_id();
                let definition = Arc::clone(&completed.definition);
                Deployment::new(number, definition, completed.network, &completed.platform_version, now)
            }
        };
        back.rollout = Rollout::InProgress;
        back.updated_at = now;
        back.reason = format!("ECS deployment circuit breaker: rolling back to deploymentId {}.", back.id);
        if let Some(primary) = self.service.deployments.first_mut() {
            primary.reason = back.reason.clone();
        }
        self.service.tell(now, &format!("rolling back to deployment {}.", back.id));
        self.note("deployment.rolled-back", &format!("{failed} -> {}", back.id));
        self.service.deploy(back);
    }

    /// Counts, and which tasks each count is of.
    fn stand(&self) -> (Stand, Groups) {
        let rules = self.service.rules;
        let primary = self.service.primary();
        let mut stand = Stand {
            desired: self.service.desired,
            minimum_healthy_percent: rules.minimum_healthy_percent,
            maximum_percent: rules.maximum_percent,
            ..Stand::default()
        };
        let mut groups = Groups::default();
        for task in self.service.tasks.iter().filter_map(|number| self.pool.tasks.get(number)) {
            if task.phase <= Phase::Deactivating {
                groups.present.insert(task.deployment);
            }
            if !task.wanted() {
                continue;
            }
            match groups.zones.get_mut(&task.zone) {
                Some(count) => *count += 1,
                None => _ = groups.zones.insert(task.zone.clone(), 1),
            }
            if task.condemned {
                stand.spent += 1;
                groups.spent.push(task.number);
            } else if primary.is_some_and(|primary| primary.number == task.deployment) {
                stand.new_live += 1;
                stand.new_ready += u32::from(task.ready);
                groups.new.push(task.number);
            } else {
                stand.old_live += 1;
                stand.old_ready += u32::from(task.ready);
                groups.old.push(task.number);
            }
        }
        // A deployment that the circuit breaker ended launches nothing more, and lives on as it is.
        let active = self.service.status == ServiceStatus::Active;
        if active && primary.is_some_and(|primary| primary.rollout == Rollout::Failed) {
            stand.desired = stand.desired.min(stand.new_live + stand.old_live);
            stand.new_live = stand.desired;
            groups.frozen = true;
        }
        (stand, groups)
    }

    /// The PRIMARY deployment is complete when all its tasks are ready and no other has any left.
    fn complete(&mut self, stand: Stand, present: &BTreeSet<u64>) {
        let now = self.now;
        let mut place = 0;
        self.service.deployments.retain(|deployment| {
            place += 1;
            place == 1 || present.contains(&deployment.number)
        });
        let alone = self.service.deployments.len() == 1 && self.service.status == ServiceStatus::Active;
        let Some(primary) = self.service.deployments.first_mut() else { return };
        if primary.rollout != Rollout::InProgress || !alone || stand.new_ready < stand.desired {
            return;
        }
        primary.rollout = Rollout::Completed;
        primary.updated_at = now;
        primary.reason = format!("ECS deployment {} completed.", primary.id);
        let id = primary.id.clone();
        self.service.completed = Some(primary.clone());
        self.service.tell(now, &format!("(deployment {id}) deployment completed."));
        self.note("deployment.completed", &id);
    }

    fn stop(&mut self, moves: &Moves, groups: &Groups) {
        let mut going = vec![];
        if !groups.frozen {
            going.extend(self.pick(&groups.new, moves.stop_new));
            going.extend(self.pick(&groups.old, moves.stop_old));
        }
        let scaling = match self.service.primary() {
            Some(primary) => format!("Scaling activity initiated by (deployment {})", primary.id),
            None => String::from("Scaling activity initiated by deletion of the service"),
        };
        for number in &going {
            self.pool.stop(*number, self.now, StopCode::ServiceSchedulerInitiated, &scaling);
        }
        for number in groups.spent.iter().take(moves.stop_spent as usize) {
            let Some(task) = self.pool.tasks.get(number) else { continue };
            let why = match task.bindings.first() {
                Some(binding) if !task.definition.checked() => {
                    format!("Task failed ELB health checks in (target-group {})", binding.target_group)
                }
                _ => String::from("Task failed container health checks"),
            };
            self.pool.stop(*number, self.now, StopCode::ServiceSchedulerInitiated, &why);
            going.push(*number);
        }
        if going.is_empty() {
            return;
        }
        self.tell_targets();
        let running = |number: &&u64| self.pool.tasks.get(*number).is_some_and(|task| task.phase == Phase::Running);
        let running: Vec<u64> = going.iter().filter(running).copied().collect();
        if running.len() < going.len() {
            self.service.tell(self.now, &format!("stopped {} pending tasks.", going.len() - running.len()));
        }
        self.tell_tasks(&running, |count, tasks| format!("has stopped {count} running tasks: {tasks}."));
    }

    /// Which tasks go first: those that do not serve, then the oldest of the fullest zone.
    fn pick(&self, from: &[u64], count: u32) -> Vec<u64> {
        let mut left: Vec<&Task> = from.iter().filter_map(|number| self.pool.tasks.get(number)).collect();
        let mut zones: BTreeMap<&str, u32> = BTreeMap::new();
        for task in &left {
            *zones.entry(&task.zone).or_default() += 1;
        }
        let mut picked = vec![];
        while picked.len() < count as usize {
            let rank = |task: &&Task| {
                let full = zones.get(task.zone.as_str()).copied().unwrap_or_default();
                (task.ready, u32::MAX - full, task.number)
            };
            let Some(place) = (0..left.len()).min_by_key(|place| rank(&left[*place])) else { break };
            let task = left.swap_remove(place);
            if let Some(full) = zones.get_mut(task.zone.as_str()) {
                *full -= 1;
            }
            picked.push(task.number);
        }
        picked
    }

    fn start(&mut self, count: u32, groups: &Groups) {
        if count == 0 || groups.frozen || self.now < self.service.watch.not_before {
            return;
        }
        let Some(deployment) = self.service.primary().cloned() else { return };
        let (mut zones, mut started, mut hindrance) = (groups.zones.clone(), vec![], None);
        while started.len() < count as usize {
            match self.pool.launch(self.world, self.service, &deployment, &mut zones) {
                Ok(number) => started.push(number),
                Err(why) => {
                    hindrance = Some(why);
                    break;
                }
            }
        }
        self.tell_tasks(&started, |count, tasks| format!("has started {count} tasks: {tasks}."));
        match hindrance {
            None => self.service.watch.throttled = false,
            Some(NoLaunch::Throttled) => {
                self.service.watch.dirty = true;
                if !std::mem::replace(&mut self.service.watch.throttled, true) {
                    self.service.tell(self.now, "operations are being throttled. Will try again later.");
                    self.note("service.throttled", "");
                }
            }
            Some(NoLaunch::Quota) => self.wait(
                "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run \
                 concurrently",
            ),
            Some(NoLaunch::NoAddress) => {
                self.wait("was unable to place a task. Reason: The subnets do not have enough free addresses");
            }
        }
    }

    fn wait(&mut self, event: &str) {
        self.service.watch.not_before = self.now + Duration::from_secs(QUOTA_WAIT_S);
        self.service.tell(self.now, event);
    }

    fn tell_tasks(&mut self, numbers: &[u64], text: impl Fn(usize, String) -> String) {
        for some in numbers.chunks(TASKS_TOLD) {
            let ids = some.iter().filter_map(|number| self.pool.tasks.get(number));
            let tasks: Vec<String> = ids.map(|task| format!("(task {})", task.id)).collect();
            self.service.tell(self.now, &text(some.len(), tasks.join(" ")));
        }
    }

    /// A deleted service ends with its last task; an active one says when it is steady.
    fn settle(&mut self, stand: Stand) {
        if self.service.status == ServiceStatus::Draining {
            if self.service.tasks.is_empty() {
                self.service.status = ServiceStatus::Inactive;
                self.service.deployments.clear();
            }
            return;
        }
        let done = self.service.primary().is_some_and(|primary| primary.rollout == Rollout::Completed);
        let alone = self.service.deployments.len() == 1 && stand.old_live == 0 && stand.spent == 0;
        let steady = done && alone && stand.new_live == stand.desired && stand.new_ready == stand.desired;
        if !steady {
            self.service.watch.steady_at = None;
            return;
        }
        let again = |at: Moment| self.now.since(at).as_secs() >= STEADY_AGAIN_S;
        let first = self.service.watch.steady_at.is_none();
        if self.service.watch.steady_at.is_none_or(again) {
            self.service.watch.steady_at = Some(self.now);
            self.service.tell(self.now, "has reached a steady state.");
            if first {
                self.note("service.steady", &stand.desired.to_string());
            }
        }
    }
}

/// A service's tasks, as the scheduler tells them apart.
#[derive(Debug, Default)]
struct Groups {
    new: Vec<u64>,
    old: Vec<u64>,
    spent: Vec<u64>,
    zones: BTreeMap<String, u32>,
    present: BTreeSet<u64>,
    /// The circuit breaker has tripped with nothing to roll back to.
    frozen: bool,
}
