//! `<stack>-base`: what a Region needs before anything of the stack runs there.

use super::mistake::Mistakes;
use super::site::Site;
use super::template::{Document, Template, attribute, joined, reference, stack_tags};
use super::{network, outputs, roles, security, storage};
use crate::model::spec::{Nat, Network};
use std::collections::BTreeMap;
use std::time::Duration;

/// The base stack of a Region.
///
/// # Errors
/// All that is wrong with the site, or that the Region is not one of its own.
pub fn base(site: &Site, region: &str) -> Result<Template, Mistakes> {
    let checked = site.checked()?;
    let place = checked.region(region)?;
    let name = site.base_stack();
    let mut document =
        Document::new(format!("Tandem: what never moves of {} ({}) in {region}", site.stack, site.environment));
    let parts = network::add(&mut document, &checked, place);
    security::add(&mut document, &checked, place, &parts);
    let arns = roles::add(&mut document, site, region);
    storage::add(&mut document, site, &parts);

    document.output(outputs::VPC, parts.vpc);
    document.output(outputs::PUBLIC, joined(&parts.public));
    document.output(outputs::PRIVATE, joined(&parts.private));
    document.output(outputs::TABLES, joined(&parts.tables));
    document.output(outputs::ALB, attribute("AlbSecurityGroup", "GroupId"));
    document.output(outputs::APP, attribute("AppSecurityGroup", "GroupId"));
    document.output(outputs::DATABASE, attribute("DatabaseSecurityGroup", "GroupId"));
    document.output(outputs::EXECUTION, arns.execution);
    document.output(outputs::TASK, arns.task);
    document.output(outputs::LOGS, reference("LogGroup"));
    document.output(outputs::SUBNETS, reference("DbSubnetGroup"));
    document.output(outputs::KEY, attribute("DbKey", "Arn"));

    Ok(Template {
        body: document.body(&name)?,
        name,
        region: region.into(),
        parameters: BTreeMap::new(),
        tags: stack_tags(site),
        capabilities: if arns.made { vec!["CAPABILITY_NAMED_IAM"] } else { vec![] },
        expected: expected(place.network),
    })
}

/// Assumed: gateways and endpoints take about two minutes, keys and roles half a minute each.
fn expected(network: &Network) -> Duration {
    Duration::from_secs(match network {
        Network::Made { nat: Nat::PerZone | Nat::One, .. } => 240,
        Network::Made { nat: Nat::None, .. } => 210,
        Network::Given { .. } => 90,
    })
}
