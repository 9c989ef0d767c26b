//! Fargate in one Region: the tasks, their addresses, and how many may be launched.

use super::{Deployment, Listener, Phase, Service, Stop, StopCode, Tags, Task};
use crate::geo;
use crate::moment::Moment;
use crate::world::{World, hex_id};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

/// Launches that may come at once (ECS Developer Guide, Fargate throttling quotas).
const LAUNCH_BURST: f64 = 100.0;
/// Launches a second that are granted again (same page).
const LAUNCHES_S: f64 = 20.0;
/// Fargate On-Demand vCPUs that may run at once (assumed; the quota is an account's own).
const VCPU_QUOTA: f64 = 4000.0;
/// Seconds of PROVISIONING (assumed).
const PROVISIONING_S: (f64, f64) = (5.0, 15.0);

#[derive(Debug, Clone)]
pub struct Pool {
    pub tasks: BTreeMap<u64, Task>,
    pub ids: BTreeMap<String, u64>,
    /// Tasks that answer, by address.
    pub listeners: BTreeMap<Ipv4Addr, Listener>,
    /// When tasks move on.
    pub due: BTreeSet<(Moment, u64)>,
    pub vcpu_quota: f64,
    pub vcpus: f64,
    pub addresses: BTreeSet<Ipv4Addr>,
    last_address: u16,
    launches: f64,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            tasks: BTreeMap::new(),
            ids: BTreeMap::new(),
            listeners: BTreeMap::new(),
            due: BTreeSet::new(),
            vcpu_quota: VCPU_QUOTA,
            vcpus: 0.0,
            addresses: BTreeSet::new(),
            last_address: 0,
            launches: LAUNCH_BURST,
        }
    }
}

/// Why a task was not launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLaunch {
    /// Too many launches; there will be more next second.
    Throttled,
    /// The Region's vCPU quota is used up.
    Quota,
    /// No subnet, or no address left.
    NoAddress,
}

impl Pool {
    /// A second's launches are granted.
    pub fn refill(&mut self) {
        self.launches = (self.launches + LAUNCHES_S).min(LAUNCH_BURST);
    }

    pub fn find(&self, id: &str) -> Option<&Task> {
        self.tasks.get(self.ids.get(id)?)
    }

    /// Lets a task move on at `at`, and not before.
    pub fn schedule(&mut self, number: u64, at: Moment) {
        let Some(task) = self.tasks.get_mut(&number) else { return };
        if let Some(before) = task.due.replace(at) {
            self.due.remove(&(before, number));
        }
        self.due.insert((at, number));
    }

    /// Asks a task to stop; one that is stopping already goes on as it is.
    pub fn stop(&mut self, number: u64, now: Moment, code: StopCode, reason: &str) {
        let Some(task) = self.tasks.get_mut(&number).filter(|task| task.stop.is_none()) else { return };
        task.stop = Some(Stop { code, reason: reason.to_string() });
        task.stopping_at = Some(now);
        task.version += 1;
        self.schedule(number, now);
    }

    /// Launches a task of `deployment`; `zones` counts the service's tasks by zone.
    pub fn launch(
        &mut self,
        world: &mut World,
        service: &mut Service,
        deployment: &Deployment,
        zones: &mut BTreeMap<String, u32>,
    ) -> Result<u64, NoLaunch> {
        let (region, now) = (service.region.clone(), world.now);
        let vcpus = deployment.definition.vcpus();
        if self.vcpus + vcpus > self.vcpu_quota {
            return Err(NoLaunch::Quota);
        }
        if self.launches < 1.0 {
            return Err(NoLaunch::Throttled);
        }
        let placed = deployment.network.subnets.iter().map(|s| (s.clone(), geo::zone_of_subnet(&region, s)));
        let (subnet, zone) =
            placed.min_by_key(|(_, zone)| zones.get(zone).copied().unwrap_or_default()).ok_or(NoLaunch::NoAddress)?;
        let ip = self.address(&region).ok_or(NoLaunch::NoAddress)?;
        self.launches -= 1.0;
        self.vcpus += vcpus;
        *zones.entry(zone.clone()).or_default() += 1;

        let number = world.next_id();
        let id = hex_id(&["task", &region, &number.to_string(), &now.0.to_string()], 32);
        world.truth.note(now, "task.started", &region, format!("{}/{} {id} {ip}", service.cluster, service.name));
        self.ids.insert(id.clone(), number);
        self.tasks.insert(
            number,
            Task {
                number,
                id,
                cluster: service.cluster.clone(),
                service: service.name.clone(),
                deployment: deployment.number,
                started_by: deployment.id.clone(),
                definition: Arc::clone(&deployment.definition),
                platform_version: deployment.platform_version.clone(),
                subnet,
                zone,
                ip,
                phase: Phase::Provisioning,
                due: None,
                bindings: Arc::clone(&service.bindings),
                registered: false,
                ready: false,
                condemned: false,
                stop: None,
                exit_code: None,
                tags: tags_of(service, deployment),
                version: 1,
                created_at: now,
                connected_at: None,
                pull_started_at: None,
                pull_stopped_at: None,
                started_at: None,
                stopping_at: None,
                execution_stopped_at: None,
                stopped_at: None,
            },
        );
        let after = world.chance.ecs.between(PROVISIONING_S.0, PROVISIONING_S.1);
        self.schedule(number, now + Duration::from_secs_f64(after));
        service.tasks.insert(number);
        Ok(number)
    }

    /// A free private address: 10.<Region>.x.y. AWS keeps the first four and the last of a subnet.
    fn address(&mut self, region: &str) -> Option<Ipv4Addr> {
        let index = geo::REGIONS.iter().position(|r| r.name == region).unwrap_or(geo::REGIONS.len());
        for _ in 0..=u16::MAX {
            self.last_address = self.last_address.wrapping_add(1);
            let [x, y] = self.last_address.to_be_bytes();
            let ip = Ipv4Addr::new(10, index as u8, x, y);
            if (4..255).contains(&y) && self.addresses.insert(ip) {
                return Some(ip);
            }
        }
        None
    }
}

fn tags_of(service: &Service, deployment: &Deployment) -> Tags {
    let mut tags = match service.propagate {
        super::Propagate::None => Tags::new(),
        super::Propagate::Service => service.tags.clone(),
        super::Propagate::TaskDefinition => deployment.definition.tags.clone(),
    };
    if service.managed_tags {
        tags.insert("aws:ecs:clusterName".into(), service.cluster.clone());
        tags.insert("aws:ecs:serviceName".into(), service.name.clone());
    }
    tags
}
