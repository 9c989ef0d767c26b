//! Makes, changes and deletes resources as the services would, with their refusals. `network` and `gateways` are
//! EC2, `security` its security groups, `identity` is IAM, `keeping` are logs, subnet groups and keys, `certificates`
//! are ACM's; `uses` knows who outside stacks still uses something.

mod certificates;
mod gateways;
mod identity;
mod keeping;
mod network;
mod security;
mod uses;

use super::estate::{Estate, GLOBAL, Thing};
use super::failure::Failure;
use super::kinds::Kind;
use crate::doc::Doc;
use crate::world::{World, hex_id};
use serde_json::Map;
use std::collections::BTreeMap;

/// What is to be made or changed.
pub struct Order<'a> {
    pub region: &'a str,
    pub stack: &'a str,
    pub stack_id: &'a str,
    pub logical: &'a str,
    pub kind: &'static Kind,
    pub properties: &'a Map<String, Doc>,
    pub tags: &'a BTreeMap<String, String>,
    /// Tells this attempt from all others.
    pub serial: u64,
}

/// What came of it.
pub struct Made {
    pub id: String,
    pub attributes: BTreeMap<String, Doc>,
    /// What events tell beside that it was begun.
    pub notes: Vec<String>,
}

impl Made {
    fn new<const N: usize>(id: impl Into<String>, attributes: [(&str, Doc); N]) -> Self {
        let attributes = attributes.map(|(name, value)| (name.to_string(), value)).into();
        Self { id: id.into(), attributes, notes: vec![] }
    }
}

impl<'a> Order<'a> {
    /// Where it is made.
    pub fn place(&self) -> &'a str {
        if self.kind.global() { GLOBAL } else { self.region }
    }

    /// A property as text; empty when it is absent.
    fn text(&self, name: &str) -> &'a str {
        self.properties.get(name).and_then(Doc::as_str).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.properties.contains_key(name)
    }

    fn texts(&self, name: &str) -> Vec<&'a str> {
        self.properties.get(name).and_then(Doc::as_array).into_iter().flatten().filter_map(Doc::as_str).collect()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.properties.get(name).and_then(Doc::as_i64)
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.properties.get(name).and_then(Doc::as_bool)
    }

    /// `vpc-` and 17 hexadecimal digits.
    fn id(&self, prefix: &str) -> String {
        format!("{prefix}-0{}", self.hex(prefix, 16))
    }

    fn hex(&self, salt: &str, length: usize) -> String {
        hex_id(&[salt, self.stack_id, self.logical, &self.serial.to_string()], length)
    }

    /// The name that CloudFormation gives: stack, logical id and random letters (User Guide, Name type).
    fn name(&self, longest: usize) -> String {
        let mut front = format!("{}-{}", self.stack, self.logical);
        front.truncate(longest.saturating_sub(13));
        format!("{front}-{}", self.hex("name", 12).to_uppercase())
    }
}

/// Makes it, or says why not.
pub fn make(world: &mut World, order: &Order<'_>) -> Result<Made, Failure> {
    let made = match order.kind.name {
        "AWS::EC2::VPC" => network::vpc(estate(world), order),
        "AWS::EC2::Subnet" => network::subnet(estate(world), order),
        "AWS::EC2::RouteTable" => network::route_table(estate(world), order),
        "AWS::EC2::Route" => network::route(estate(world), order),
        "AWS::EC2::SubnetRouteTableAssociation" => network::association(estate(world), order),
        "AWS::EC2::InternetGateway" => gateways::internet(estate(world), order),
        "AWS::EC2::VPCGatewayAttachment" => gateways::attachment(estate(world), order),
        "AWS::EC2::EIP" => gateways::address(estate(world), order),
        "AWS::EC2::NatGateway" => gateways::nat(estate(world), order),
        "AWS::EC2::VPCEndpoint" => gateways::endpoint(world, order),
        "AWS::EC2::VPCPeeringConnection" => gateways::peering(estate(world), order),
        "AWS::EC2::SecurityGroup" => security::group(estate(world), order),
        "AWS::EC2::SecurityGroupIngress" | "AWS::EC2::SecurityGroupEgress" => security::rule(estate(world), order),
        "AWS::IAM::Role" => identity::role(estate(world), order),
        "AWS::IAM::Policy" => identity::policy(estate(world), order),
        "AWS::IAM::ManagedPolicy" => identity::managed_policy(estate(world), order),
        "AWS::Logs::LogGroup" => keeping::log_group(estate(world), order),
        "AWS::RDS::DBSubnetGroup" => keeping::subnet_group(world, order),
        "AWS::KMS::Key" => keeping::key(order),
        "AWS::KMS::Alias" => keeping::alias(estate(world), order),
        certificates::KIND => certificates::certificate(world, order),
        other => Err(Failure::Plain(format!("Unrecognized resource type: {other}"))),
    }?;
    let thing = Thing {
        place: order.place().to_string(),
        kind: order.kind.name,
        id: made.id.clone(),
        properties: order.properties.clone(),
        attributes: made.attributes.clone(),
        tags: order.tags.clone(),
        stack: order.stack_id.to_string(),
        logical: order.logical.to_string(),
        made: world.now,
    };
    estate(world).put(thing);
    Ok(made)
}

/// Whether one that was made is ready: the time that it takes is over already.
pub fn settled(world: &World, region: &str, kind: &'static Kind, id: &str) -> bool {
    kind.name != certificates::KIND || certificates::issued(world, region, id)
}

/// Changes one without replacing it, or says why not.
pub fn change(world: &mut World, order: &Order<'_>, id: &str) -> Result<(), Failure> {
    let (place, kind) = (order.place(), order.kind.name);
    if estate(world).get(place, kind, id).is_none() {
        let message = format!("Resource of type '{kind}' with identifier '{id}' was not found.");
        return Err(Failure::Handler { message, code: "NotFound" });
    }
    match kind {
        "AWS::EC2::Route" => network::target(estate(world), order)?,
        "AWS::EC2::VPCEndpoint" => gateways::endpoint_settings(world, order, Some(id))?,
        "AWS::EC2::SecurityGroup" => security::rules_fit(order)?,
        "AWS::IAM::Role" => identity::settings(order)?,
        "AWS::Logs::LogGroup" => keeping::retention(order)?,
        "AWS::RDS::DBSubnetGroup" => keeping::change_subnet_group(world, order, id)?,
        _ => {}
    }
    if let Some(thing) = estate(world).get_mut(place, kind, id) {
        thing.properties = order.properties.clone();
        thing.tags = order.tags.clone();
    }
    Ok(())
}

/// Deletes one, or says who still needs it; what is already gone is deleted.
pub fn delete(world: &mut World, region: &str, kind: &'static Kind, id: &str) -> Result<(), Failure> {
    let place = if kind.global() { GLOBAL } else { region };
    let Some(thing) = estate(world).get(place, kind.name, id).cloned() else { return Ok(()) };
    match kind.name {
        "AWS::EC2::VPC" => network::spare_vpc(world, &thing)?,
        "AWS::EC2::Subnet" => network::spare_subnet(world, &thing)?,
        "AWS::EC2::RouteTable" => network::spare_route_table(estate(world), &thing)?,
        "AWS::EC2::InternetGateway" => gateways::spare_internet(estate(world), &thing)?,
        "AWS::EC2::VPCGatewayAttachment" => gateways::spare_attachment(world, &thing)?,
        "AWS::EC2::EIP" => gateways::spare_address(estate(world), &thing)?,
        "AWS::EC2::SecurityGroup" => security::spare_group(world, &thing)?,
        "AWS::IAM::Role" => identity::spare_role(estate(world), &thing)?,
        "AWS::IAM::ManagedPolicy" => identity::spare_managed_policy(estate(world), &thing)?,
        "AWS::RDS::DBSubnetGroup" => keeping::drop_subnet_group(world, &thing)?,
        certificates::KIND => certificates::spare(world, &thing)?,
        _ => {}
    }
    estate(world).take(place, kind.name, id);
    if kind.name == "AWS::EC2::VPC" {
        network::drop_peerings(estate(world), place, id);
    }
    Ok(())
}

fn estate(world: &mut World) -> &mut Estate {
    &mut world.cloudformation.estate
}

/// Refuses an id of what stood here once. What never did may stand all the same.
fn there(estate: &Estate, place: &str, id: &str, words: impl FnOnce() -> String) -> Result<(), Failure> {
    if estate.is_gone(place, id) { Err(Failure::missing("Ec2", words())) } else { Ok(()) }
}
