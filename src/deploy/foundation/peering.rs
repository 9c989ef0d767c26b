//! `<stack>-peering-<a>-<b>`: a connection between the VPCs of two Regions, made in the first by name.
//! Both are of one account, so it is accepted at once (CloudFormation, AWS::EC2::VPCPeeringConnection).

use super::check::Place;
use super::mistake::{Mistake, Mistakes};
use super::outputs;
use super::site::Site;
use super::template::{Document, Template, Value, reference, stack_tags, tags};
use crate::model::spec::Network;
use serde_json::json;
use std::time::Duration;

pub(super) const CONNECTION: &str = "PeeringConnectionId";
const REQUESTER: &str = "VpcId";
const ACCEPTER: &str = "PeerVpcId";

/// The pairs of Regions to peer, each in the order of its stack's name.
pub fn pairs(site: &Site) -> Vec<(&str, &str)> {
    let mut names: Vec<_> = site.regions.iter().map(|region| region.name.as_str()).collect();
    names.sort_unstable();
    let rest = |(place, first)| names.iter().skip(place + 1).map(move |second| (first, *second));
    names.iter().copied().enumerate().flat_map(rest).collect()
}

/// The peering stack of two Regions, in whichever order they are named.
///
/// # Errors
/// All that is wrong with the site, or that the Regions are not two of its own.
pub fn peering(site: &Site, a: &str, b: &str) -> Result<Template, Mistakes> {
    let checked = site.checked()?;
    let (first, second) = (checked.region(a.min(b))?, checked.region(a.max(b))?);
    if a == b {
        return Err(Mistake::SameRegion { region: a.into() }.into());
    }
    let name = site.peering_stack(first.region, second.region);
    let mut document = Document::new(format!("Tandem: {} from {} to {}", site.stack, first.region, second.region));
    document.parameter(REQUESTER, json!({ "Type": "AWS::EC2::VPC::Id", "Description": "The VPC in this Region" }));
    // CloudFormation looks ids of its own types up in this Region only.
    document.parameter(
        ACCEPTER,
        json!({
            "Type": "String",
            "AllowedPattern": "vpc-[0-9a-f]{8,17}",
            "Description": format!("The VPC in {}", second.region),
        }),
    );
    document.add(
        "PeeringConnection",
        "AWS::EC2::VPCPeeringConnection",
        json!({
            "VpcId": reference(REQUESTER),
            "PeerVpcId": reference(ACCEPTER),
            "PeerRegion": second.region,
            "Tags": tags(site, &format!("peering-{}-{}", first.region, second.region)),
        }),
    );
    document.output(CONNECTION, reference("PeeringConnection"));
    let parameters = [(REQUESTER, first), (ACCEPTER, second)];
    Ok(Template {
        body: document.body(&name)?,
        name,
        region: first.region.into(),
        parameters: parameters.map(|(key, place)| (key.to_string(), vpc(site, place))).into(),
        tags: stack_tags(site),
        capabilities: vec![],
        expected: Duration::from_secs(60),
    })
}

fn vpc(site: &Site, place: Place<'_>) -> Value {
    match place.network {
        Network::Given { vpc, .. } => Value::Known(vpc.clone()),
        Network::Made { .. } => base_output(site, place.region, outputs::VPC),
    }
}

pub(super) fn base_output(site: &Site, region: &str, key: &'static str) -> Value {
    Value::Output { region: region.into(), stack: site.base_stack(), key }
}

/// The connection between two Regions, once it stands.
pub(super) fn connection(site: &Site, a: &str, b: &str) -> Value {
    let (first, second) = (a.min(b), a.max(b));
    Value::Output { region: first.into(), stack: site.peering_stack(first, second), key: CONNECTION }
}
