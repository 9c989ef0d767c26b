//! An account before its first deployment: nothing in it but a hosted zone.

use super::deployer::{Deployer, ReadyError};
use crate::moment::Moment;
use crate::world::World;
use serde_json::json;
use std::time::Duration;

/// A world at [`Moment::START`] with nothing but the public hosted zone `zone`, made a day before.
///
/// # Errors
/// When `zone` is no name of a zone.
pub fn account(seed: u64, zone: &str) -> Result<World, ReadyError> {
    let mut world = World::empty_at(seed, Moment::START - Duration::from_secs(24 * 60 * 60));
    let spec = json!({
        "Name": zone,
        "CallerReference": format!("registrar-{zone}"),
        "HostedZoneConfig": { "Comment": "made by the registrar", "PrivateZone": false },
    });
    Deployer { world: &mut world }.call("route53", "CreateHostedZone", "us-east-1", spec)?;
    world.advance(Moment::START);
    Ok(world)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_zone_and_nothing_else() {
        let mut world = account(1, "example.com").unwrap();
        assert_eq!(world.now, Moment::START);
        let mut deployer = Deployer { world: &mut world };
        let zones = deployer.call("route53", "ListHostedZones", "us-east-1", json!({})).unwrap();
        assert_eq!(zones["HostedZones"][0]["Name"], "example.com.");
        let clusters = deployer.call("ecs", "ListClusters", "us-east-1", json!({})).unwrap();
        assert_eq!(clusters["clusterArns"], json!([]));
    }
}
