//! The one place where scaling touches ECS: it reads and sets the desired count of a service.

use crate::world::World;

/// The cluster and the service of `service/<cluster>/<service>`.
pub fn parse(resource: &str) -> Option<(&str, &str)> {
    let (cluster, service) = resource.strip_prefix("service/")?.split_once('/')?;
    (!cluster.is_empty() && !service.is_empty() && !service.contains('/')).then_some((cluster, service))
}

/// The desired count of a service; `None` when there is no such active service.
#[cfg_attr(not(test), expect(unused_variables, reason = "ECS does not tell it yet"))]
pub fn desired(world: &World, region: &str, resource: &str) -> Option<u32> {
    #[cfg(test)]
    if let Some(count) = world.scaling.get(region).and_then(|scaling| scaling.double.get(resource)) {
        return Some(*count);
    }
    None
}

/// Sets the desired count; false when ECS refuses.
#[cfg_attr(not(test), expect(unused_variables, reason = "ECS does not take it yet"))]
pub fn set_desired(world: &mut World, region: &str, resource: &str, count: u32) -> bool {
    #[cfg(test)]
    if let Some(desired) = world.scaling_in(region).double.get_mut(resource) {
        *desired = count;
        return true;
    }
    false
}
