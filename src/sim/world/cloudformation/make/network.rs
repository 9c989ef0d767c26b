//! VPCs, subnets, route tables and routes.

use super::{Made, Order, there, uses};
use crate::doc::Doc;
use crate::world::World;
use crate::world::cloudformation::cidr::Cidr;
use crate::world::cloudformation::estate::{Estate, Thing};
use crate::world::cloudformation::failure::Failure;
use crate::world::hex_id;
use serde_json::json;

/// VPCs of a Region (Amazon VPC quotas).
const MOST_VPCS: usize = 5;
/// Subnets of a VPC (Amazon VPC quotas).
const MOST_SUBNETS: usize = 200;
/// Letters of the zones that every Region of this world has.
const ZONES: [char; 3] = ['a', 'b', 'c'];

/// A block between /16 and /28 (Amazon VPC User Guide, VPC CIDR blocks).
fn block(given: &str, range: &str) -> Result<Cidr, Failure> {
    let Some(block) = Cidr::parse(given) else {
        return Err(Failure::ec2(format!(
            "Value ({given}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        )));
    };
    if (16..=28).contains(&block.prefix()) {
        Ok(block)
    } else {
        Err(Failure::ec2(format!("The CIDR '{given}' {range}")))
    }
}

pub(super) fn vpc(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    if !order.has("CidrBlock") {
        return Err(Failure::ec2("Either 'cidrBlock' or 'ipv4IpamPoolId' must be provided."));
    }
    let block = block(order.text("CidrBlock"), "is invalid.")?;
    if order.flag("EnableDnsHostnames") == Some(true) && order.flag("EnableDnsSupport") == Some(false) {
        return Err(Failure::ec2("Cannot enable DNS hostnames while DNS support is disabled."));
    }
    if estate.of(order.region, "AWS::EC2::VPC").count() >= MOST_VPCS {
        let message = "The maximum number of VPCs has been reached.".to_string();
        return Err(Failure::Service { service: "Ec2", status: 400, message, code: "GeneralServiceException" });
    }
    let id = order.id("vpc");
    let group = default_group(&id);
    Ok(Made::new(
        id.clone(),
        [
            ("VpcId", json!(id)),
            ("CidrBlock", json!(block.to_string())),
            ("CidrBlockAssociations", json!([order.id("vpc-cidr-assoc")])),
            ("DefaultNetworkAcl", json!(order.id("acl"))),
            ("DefaultSecurityGroup", json!(group)),
            ("Ipv6CidrBlocks", json!([])),
        ],
    ))
}

/// The security group that every VPC has.
fn default_group(vpc: &str) -> String {
    format!("sg-0{}", hex_id(&["default", vpc], 16))
}

pub(super) fn no_vpc(id: &str) -> String {
    format!("The vpc ID '{id}' does not exist")
}

pub(super) fn subnet(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, vpc) = (order.region, order.text("VpcId"));
    there(estate, region, vpc, || no_vpc(vpc))?;
    if !order.has("CidrBlock") {
        return Err(Failure::ec2("Either 'cidrBlock' or 'ipv4IpamPoolId' must be provided."));
    }
    let wanted = block(order.text("CidrBlock"), "is invalid.")?;
    if let Some(vpc) = estate.get(region, "AWS::EC2::VPC", vpc)
        && !Cidr::parse(vpc.attribute("CidrBlock")).is_some_and(|whole| whole.holds(wanted))
    {
        // InvalidSubnet.Range
        return Err(Failure::ec2(format!("The CIDR '{}' is invalid.", order.text("CidrBlock"))));
    }
    let siblings: Vec<&Thing> = estate.of(region, "AWS::EC2::Subnet").filter(|s| s.text("VpcId") == vpc).collect();
    let overlaps = |other: &&Thing| Cidr::parse(other.text("CidrBlock")).is_some_and(|other| other.overlaps(wanted));
    if siblings.iter().any(overlaps) {
        // InvalidSubnet.Conflict
        return Err(Failure::ec2(format!("The CIDR '{wanted}' conflicts with another subnet")));
    }
    if siblings.len() >= MOST_SUBNETS {
        return Err(Failure::limit(format!("The maximum number of subnets has been reached for VPC '{vpc}'.")));
    }
    let names: Vec<String> = ZONES.iter().map(|letter| format!("{region}{letter}")).collect();
    // Without a zone EC2 chooses one: here the one with the fewest subnets of the VPC (assumed).
    let fewest = |zone: &&String| siblings.iter().filter(|s| s.attribute("AvailabilityZone") == zone.as_str()).count();
    let zone = match order.text("AvailabilityZone") {
        "" => names.iter().min_by_key(fewest).cloned().unwrap_or_default(),
        zone if names.iter().any(|known| known == zone) => zone.to_string(),
        zone => {
            return Err(Failure::ec2(format!(
                "Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: {}.",
                names.join(", ")
            )));
        }
    };
    // The last letter of an id tells its zone to all services of this world.
    let letter = zone.chars().last().unwrap_or('a');
    let id = format!("subnet-0{}{letter}", order.hex("subnet", 15));
    let number = ZONES.iter().position(|known| *known == letter).unwrap_or(0) + 1;
    Ok(Made::new(
        id.clone(),
        [
            ("SubnetId", json!(id)),
            ("VpcId", json!(vpc)),
            ("CidrBlock", json!(wanted.to_string())),
            ("AvailabilityZone", json!(zone)),
            ("AvailabilityZoneId", json!(format!("{}-az{number}", short(region)))),
            ("NetworkAclAssociationId", json!(order.id("aclassoc"))),
            ("Ipv6CidrBlocks", json!([])),
            ("OutpostArn", json!("")),
        ],
    ))
}

/// `eu-west-1` as zone ids begin: `euw1`.
fn short(region: &str) -> String {
    let mut parts = region.split('-');
    let (area, side, number) = (parts.next(), parts.next(), parts.next());
    let side: String = match side.unwrap_or_default() {
        "northeast" => "ne".into(),
        "southeast" => "se".into(),
        other => other.chars().take(1).collect(),
    };
    format!("{}{side}{}", area.unwrap_or_default(), number.unwrap_or_default())
}

pub(super) fn route_table(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let vpc = order.text("VpcId");
    there(estate, order.region, vpc, || no_vpc(vpc))?;
    let id = order.id("rtb");
    Ok(Made::new(id.clone(), [("RouteTableId", json!(id))]))
}

/// The things that a route may lead to.
const TARGETS: [&str; 3] = ["GatewayId", "NatGatewayId", "VpcPeeringConnectionId"];

pub(super) fn route(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (table, destination) = (order.text("RouteTableId"), order.text("DestinationCidrBlock"));
    there(estate, order.region, table, || format!("The routeTable ID '{table}' does not exist"))?;
    let Some(block) = Cidr::parse(destination) else {
        return Err(Failure::ec2(format!(
            "Value ({destination}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block."
        )));
    };
    let id = format!("{table}|{block}");
    if estate.get(order.region, "AWS::EC2::Route", &id).is_some() {
        // RouteAlreadyExists
        return Err(Failure::ec2(format!("The route identified by {block} already exists.")));
    }
    target(estate, order)?;
    Ok(Made::new(id, [("CidrBlock", json!(destination))]))
}

/// Whether a route can lead where it is to lead.
pub(super) fn target(estate: &Estate, order: &Order<'_>) -> Result<(), Failure> {
    let given: Vec<&str> = TARGETS.into_iter().filter(|name| order.has(name)).collect();
    let [name] = given.as_slice() else {
        return Err(Failure::ec2(
            "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, carrierGatewayId, vpcEndpointId, coreNetworkArn or instanceId",
        ));
    };
    let (region, id) = (order.region, order.text(name));
    let what = match *name {
        "NatGatewayId" => "NatGateway",
        "VpcPeeringConnectionId" => "vpcPeeringConnection",
        _ => "internetGateway",
    };
    there(estate, region, id, || format!("The {what} ID '{id}' does not exist"))?;
    if *name == "VpcPeeringConnectionId" {
        return peered(estate, order, id);
    }
    if *name != "GatewayId" {
        return Ok(());
    }
    let table = order.text("RouteTableId");
    let (Some(table), Some(_)) =
        (estate.get(region, "AWS::EC2::RouteTable", table), estate.get(region, "AWS::EC2::InternetGateway", id))
    else {
        return Ok(());
    };
    let vpc = table.text("VpcId");
    let mut attached = estate.of(region, "AWS::EC2::VPCGatewayAttachment");
    if attached.any(|one| one.text("VpcId") == vpc && one.text("InternetGatewayId") == id) {
        return Ok(());
    }
    Err(Failure::ec2(format!("route table {} and network gateway {id} belong to different networks", table.id)))
}

/// A peering connection has the same id in both Regions.
fn peered(estate: &Estate, order: &Order<'_>, id: &str) -> Result<(), Failure> {
    let Some(peering) = estate.all().find(|thing| thing.kind == "AWS::EC2::VPCPeeringConnection" && thing.id == id)
    else {
        // It may have stood in the other Region.
        let gone = crate::geo::REGIONS.iter().any(|region| estate.is_gone(region.name, id));
        let words = || format!("The vpcPeeringConnection ID '{id}' does not exist");
        return if gone { Err(Failure::missing("Ec2", words())) } else { Ok(()) };
    };
    let Some(table) = estate.get(order.region, "AWS::EC2::RouteTable", order.text("RouteTableId")) else {
        return Ok(());
    };
    let vpc = table.text("VpcId");
    if vpc == peering.text("VpcId") || vpc == peering.text("PeerVpcId") {
        return Ok(());
    }
    Err(Failure::ec2(format!("route table {} and network gateway {id} belong to different networks", table.id)))
}

pub(super) fn association(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, table, subnet) = (order.region, order.text("RouteTableId"), order.text("SubnetId"));
    there(estate, region, table, || format!("The routeTable ID '{table}' does not exist"))?;
    there(estate, region, subnet, || format!("The subnet ID '{subnet}' does not exist"))?;
    let mut others = estate.of(region, "AWS::EC2::SubnetRouteTableAssociation");
    if let Some(other) = others.find(|other| other.text("SubnetId") == subnet) {
        // Resource.AlreadyAssociated
        return Err(Failure::ec2(format!(
            "the specified association for route table {table} conflicts with an existing association: {}",
            other.id
        )));
    }
    let id = order.id("rtbassoc");
    Ok(Made::new(id.clone(), [("Id", json!(id))]))
}

pub(super) fn spare_route_table(estate: &Estate, table: &Thing) -> Result<(), Failure> {
    let mut used = estate.of(&table.place, "AWS::EC2::SubnetRouteTableAssociation");
    if used.any(|association| association.text("RouteTableId") == table.id) {
        return Err(Failure::ec2(format!("The routeTable '{}' has dependencies and cannot be deleted.", table.id)));
    }
    Ok(())
}

pub(super) fn spare_subnet(world: &World, subnet: &Thing) -> Result<(), Failure> {
    let (estate, region) = (&world.cloudformation.estate, subnet.place.as_str());
    let nat = estate.of(region, "AWS::EC2::NatGateway").any(|nat| nat.text("SubnetId") == subnet.id);
    let endpoint = estate.of(region, "AWS::EC2::VPCEndpoint").any(|e| e.texts("SubnetIds").any(|id| id == subnet.id));
    if nat || endpoint || uses::of_subnet(world, region, &subnet.id).is_some() {
        return Err(Failure::ec2(format!("The subnet '{}' has dependencies and cannot be deleted.", subnet.id)));
    }
    Ok(())
}

/// What must be gone before its VPC can go; peering connections go with it (EC2 API Reference, DeleteVpc).
const INSIDE: [&str; 5] = [
    "AWS::EC2::Subnet",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
];

pub(super) fn spare_vpc(world: &World, vpc: &Thing) -> Result<(), Failure> {
    let (estate, region) = (&world.cloudformation.estate, vpc.place.as_str());
    let inside = INSIDE.iter().any(|kind| estate.of(region, kind).any(|thing| thing.text("VpcId") == vpc.id));
    if inside {
        return Err(Failure::ec2(format!("The vpc '{}' has dependencies and cannot be deleted.", vpc.id)));
    }
    Ok(())
}

/// A peering connection goes with either of its VPCs.
pub(super) fn drop_peerings(estate: &mut Estate, region: &str, vpc: &str) {
    let mut gone: Vec<(String, String)> = vec![];
    for thing in estate.all().filter(|thing| thing.kind == "AWS::EC2::VPCPeeringConnection") {
        let own = thing.place == region && thing.text("VpcId") == vpc;
        let there = match thing.text("PeerRegion") {
            "" => thing.place.as_str(),
            region => region,
        };
        if own || (there == region && thing.text("PeerVpcId") == vpc) {
            gone.push((thing.place.clone(), thing.id.clone()));
        }
    }
    for (place, id) in gone {
        estate.take(&place, "AWS::EC2::VPCPeeringConnection", &id);
    }
}

/// Whether two blocks that are both known overlap.
pub(super) fn overlap(one: Option<&Thing>, other: Option<&Thing>) -> bool {
    let block = |vpc: Option<&Thing>| Cidr::parse(vpc?.attributes.get("CidrBlock").and_then(Doc::as_str)?);
    block(one).zip(block(other)).is_some_and(|(one, other)| one.overlaps(other))
}
