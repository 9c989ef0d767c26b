//! Who outside stacks still uses a subnet or a security group: network interfaces of load balancers, tasks and
//! databases.

use crate::world::World;
use crate::world::aurora::Status;
use crate::world::ecs::{Ecs, Network, Phase, Task};
use crate::world::elb::load_balancer::Zone;

/// Who uses a subnet.
pub(super) fn of_subnet(world: &World, region: &str, subnet: &str) -> Option<String> {
    let balancer = world.elb.get(region).and_then(|elb| {
        let inside = |zone: &Zone| zone.subnet == subnet;
        elb.load_balancers.values().find(|balancer| balancer.zones.iter().any(inside)).map(|b| b.arn.clone())
    });
    let task = || {
        let pool = &world.ecs.get(region)?.pool;
        pool.tasks
            .values()
            .find(|task| task.subnet == subnet && task.phase != Phase::Stopped)
            .map(|task| task.arn(region))
    };
    // A database has interfaces in the zones of its instances; the group stands for all its subnets.
    let database = || {
        let groups = world.aurora.subnet_groups.values();
        let mut groups = groups.filter(|group| group.region == region && group.subnets.iter().any(|id| id == subnet));
        groups.find_map(|group| {
            let mut clusters = world.aurora.clusters.values();
            let cluster = clusters.find(|c| c.region == region && c.subnet_group == group.name)?;
            Some(cluster.arn.clone())
        })
    };
    balancer.or_else(task).or_else(database)
}

/// Who uses a security group.
pub(super) fn of_group(world: &World, region: &str, group: &str) -> Option<String> {
    let has = |groups: &[String]| groups.iter().any(|id| id == group);
    let balancer = world.elb.get(region).and_then(|elb| {
        elb.load_balancers.values().find(|balancer| has(&balancer.security_groups)).map(|b| b.arn.clone())
    });
    let tasks = || {
        let ecs = world.ecs.get(region)?;
        let with = |task: &&Task| {
            task.phase != Phase::Stopped && network(ecs, task).is_some_and(|network| has(&network.security_groups))
        };
        ecs.pool.tasks.values().find(with).map(|task| task.arn(region))
    };
    let database = || {
        let mut clusters = world.aurora.clusters.values();
        let found = clusters.find(|c| c.region == region && has(&c.security_groups) && c.status != Status::Deleting);
        found.map(|cluster| cluster.arn.clone())
    };
    balancer.or_else(tasks).or_else(database)
}

/// Whether a load balancer or a task has public addresses in subnets that are `inside`.
pub(super) fn public(world: &World, region: &str, inside: impl Fn(&str) -> bool) -> bool {
    let balancer = world.elb.get(region).is_some_and(|elb| {
        let mut open = elb.load_balancers.values().filter(|balancer| !balancer.internal);
        open.any(|balancer| balancer.zones.iter().any(|zone| inside(&zone.subnet)))
    });
    let task = || {
        let Some(ecs) = world.ecs.get(region) else { return false };
        let mut running = ecs.pool.tasks.values().filter(|task| task.phase != Phase::Stopped && inside(&task.subnet));
        running.any(|task| network(ecs, task).is_some_and(|network| network.public_ip))
    };
    balancer || task()
}

/// What the deployment of a task says of its network.
fn network<'a>(ecs: &'a Ecs, task: &Task) -> Option<&'a Network> {
    let service = ecs.service(&task.cluster, &task.service)?;
    let all = service.deployments.iter().chain(&service.completed);
    all.into_iter().find(|deployment| deployment.number == task.deployment).map(|deployment| &deployment.network)
}
