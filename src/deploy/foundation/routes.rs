//! `<stack>-routes`: from every private subnet of a Region to the VPCs of all others.

use super::mistake::Mistakes;
use super::network::logical;
use super::outputs;
use super::peering::{base_output, connection};
use super::site::Site;
use super::template::{Document, Template, Value, reference, stack_tags};
use crate::model::spec::Network;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// The routes stack of a Region.
///
/// # Errors
/// All that is wrong with the site, or that the Region is not one of its own.
pub fn routes(site: &Site, region: &str) -> Result<Template, Mistakes> {
    let checked = site.checked()?;
    let place = checked.region(region)?;
    let (count, tables) = match place.network {
        Network::Made { zones, .. } => {
            (usize::try_from(*zones).unwrap_or(usize::MAX), base_output(site, region, outputs::TABLES))
        }
        Network::Given { route_tables, .. } => (route_tables.len(), Value::Known(route_tables.join(","))),
    };
    let name = site.routes_stack();
    let mut document = Document::new(format!("Tandem: {} from {region} to its other Regions", site.stack));
    let list = json!({ "Type": "CommaDelimitedList", "Description": "Route tables of the private subnets" });
    document.parameter(outputs::TABLES, list);
    let mut parameters = BTreeMap::from([(outputs::TABLES.to_string(), tables)]);
    for peer in checked.peers(region) {
        let through = logical("Peering", peer.region);
        document.parameter(
            &through,
            json!({
                "Type": "String",
                "AllowedPattern": "pcx-[0-9a-f]{8,17}",
                "Description": format!("The peering with {}", peer.region),
            }),
        );
        for table in 0..count {
            document.add(
                &format!("{}Table{}", logical("Route", peer.region), table + 1),
                "AWS::EC2::Route",
                json!({
                    "RouteTableId": { "Fn::Select": [table, reference(outputs::TABLES)] },
                    "DestinationCidrBlock": peer.cidr.to_string(),
                    "VpcPeeringConnectionId": reference(&through),
                }),
            );
        }
        parameters.insert(through, connection(site, region, peer.region));
    }
    document
        .output("Routes", checked.peers(region).iter().map(|peer| peer.region).collect::<Vec<_>>().join(",").into());
    Ok(Template {
        body: document.body(&name)?,
        name,
        region: region.into(),
        parameters,
        tags: stack_tags(site),
        capabilities: vec![],
        expected: Duration::from_secs(45),
    })
}
