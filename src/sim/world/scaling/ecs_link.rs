//! The one place where scaling touches ECS: it reads and sets the desired count of a service.

use crate::world::{World, ecs};

/// The cluster and the service of `service/<cluster>/<service>`.
pub fn parse(resource: &str) -> Option<(&str, &str)> {
    let (cluster, service) = resource.strip_prefix("service/")?.split_once('/')?;
    (!cluster.is_empty() && !service.is_empty() && !service.contains('/')).then_some((cluster, service))
}

/// The desired count of a service; `None` when there is no such active service.
pub fn desired(world: &World, region: &str, resource: &str) -> Option<u32> {
    #[cfg(test)]
    if let Some(count) = world.scaling.get(region).and_then(|scaling| scaling.double.get(resource)) {
        return Some(*count);
    }
    let (cluster, service) = parse(resource)?;
    ecs::desired(world, region, cluster, service)
}

/// Sets the desired count; false when ECS refuses.
pub fn set_desired(world: &mut World, region: &str, resource: &str, count: u32) -> bool {
    #[cfg(test)]
    if let Some(desired) = world.scaling_in(region).double.get_mut(resource) {
        *desired = count;
        return true;
    }
    parse(resource).is_some_and(|(cluster, service)| ecs::set_desired(world, region, cluster, service, count))
}
