//! Internet gateways, addresses, NAT gateways, endpoints and peering connections.

use super::network::{no_vpc, overlap};
use super::{Made, Order, there, uses};
use crate::geo;
use crate::world::World;
use crate::world::cloudformation::estate::{Estate, Thing};
use crate::world::cloudformation::failure::Failure;
use crate::world::{ACCOUNT, hex_id};
use serde_json::json;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Internet gateways of a Region: as many as VPCs (Amazon VPC quotas).
const MOST_INTERNET: usize = 5;
/// Elastic IP addresses of a Region (Amazon VPC quotas).
const MOST_ADDRESSES: usize = 5;
/// NAT gateways of a zone (Amazon VPC quotas).
const MOST_NATS: usize = 5;

pub(super) fn internet(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    if estate.of(order.region, "AWS::EC2::InternetGateway").count() >= MOST_INTERNET {
        return Err(Failure::limit("The maximum number of internet gateways has been reached."));
    }
    let id = order.id("igw");
    Ok(Made::new(id.clone(), [("InternetGatewayId", json!(id))]))
}

pub(super) fn attachment(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, vpc, gateway) = (order.region, order.text("VpcId"), order.text("InternetGatewayId"));
    if gateway.is_empty() {
        return Err(Failure::Handler {
            message: "Either InternetGatewayId or VpnGatewayId must be provided".into(),
            code: "InvalidRequest",
        });
    }
    there(estate, region, vpc, || no_vpc(vpc))?;
    there(estate, region, gateway, || format!("The internetGateway ID '{gateway}' does not exist"))?;
    for other in estate.of(region, "AWS::EC2::VPCGatewayAttachment") {
        if other.text("InternetGatewayId") == gateway {
            let network = other.text("VpcId");
            return Err(Failure::ec2(format!("resource {gateway} is already attached to network {network}")));
        }
        if other.text("VpcId") == vpc {
            return Err(Failure::ec2(format!("Network {vpc} already has an internet gateway attached")));
        }
    }
    Ok(Made::new(format!("IGW|{vpc}"), [("AttachmentType", json!("IGW"))]))
}

pub(super) fn address(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    if estate.of(order.region, "AWS::EC2::EIP").count() >= MOST_ADDRESSES {
        return Err(Failure::limit("The maximum number of addresses has been reached."));
    }
    // 240.0.0.0/4 is routed nowhere (RFC 1112); 255.255.255.255 is never reached by this.
    let free = |serial: u64| {
        let bits = u32::from_str_radix(&hex_id(&["eip", order.stack_id, order.logical, &serial.to_string()], 7), 16);
        Ipv4Addr::from(0xf000_0000 | (bits.unwrap_or(0) & 0x07ff_ffff)).to_string()
    };
    let taken = |ip: &String| estate.all().any(|thing| thing.kind == "AWS::EC2::EIP" && thing.id == *ip);
    let ip = (order.serial..).map(free).find(|ip| !taken(ip)).unwrap_or_default();
    Ok(Made::new(ip.clone(), [("AllocationId", json!(order.id("eipalloc"))), ("PublicIp", json!(ip))]))
}

fn attached(estate: &Estate, region: &str, vpc: &str) -> bool {
    estate.of(region, "AWS::EC2::VPCGatewayAttachment").any(|attachment| attachment.text("VpcId") == vpc)
}

pub(super) fn nat(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, subnet, allocation) = (order.region, order.text("SubnetId"), order.text("AllocationId"));
    let private = order.text("ConnectivityType") == "private";
    if subnet.is_empty() {
        return Err(Failure::ec2("The request must contain the parameter subnetId"));
    }
    there(estate, region, subnet, || format!("The subnet ID '{subnet}' does not exist"))?;
    if !private && allocation.is_empty() {
        return Err(Failure::ec2("The request must contain the parameter AllocationId"));
    }
    let nats = || estate.of(region, "AWS::EC2::NatGateway");
    if !private && nats().any(|other| other.text("AllocationId") == allocation) {
        return Err(Failure::ec2(format!("Elastic IP address [{allocation}] is already associated")));
    }
    if let Some(found) = estate.get(region, "AWS::EC2::Subnet", subnet) {
        let vpc = found.text("VpcId");
        if !private && estate.get(region, "AWS::EC2::VPC", vpc).is_some() && !attached(estate, region, vpc) {
            // Gateway.NotAttached
            return Err(Failure::ec2(format!("Network {vpc} has no Internet gateway attached")));
        }
    }
    let zone = geo::zone_of_subnet(region, subnet);
    if nats().filter(|other| geo::zone_of_subnet(region, other.text("SubnetId")) == zone).count() >= MOST_NATS {
        return Err(Failure::limit(format!(
            "Performing this operation would exceed the limit of {MOST_NATS} NAT gateways"
        )));
    }
    let id = order.id("nat");
    Ok(Made::new(id.clone(), [("NatGatewayId", json!(id)), ("EniId", json!(order.id("eni")))]))
}

pub(super) fn endpoint(world: &mut World, order: &Order<'_>) -> Result<Made, Failure> {
    endpoint_settings(world, order, None)?;
    let id = order.id("vpce");
    let service = order.text("ServiceName").rsplit('.').next().unwrap_or_default();
    let interface = order.text("VpcEndpointType") == "Interface";
    let hash = order.hex("dns", 8);
    let dns =
        format!("{}:{id}-{hash}.{service}.{}.vpce.amazonaws.com", order.hex("zone", 14).to_uppercase(), order.region);
    let count = if interface { order.texts("SubnetIds").len() } else { 0 };
    let interfaces: Vec<String> =
        (0..count).map(|n| order.id(&format!("eni{n}")).replace(&format!("eni{n}"), "eni")).collect();
    Ok(Made::new(
        id.clone(),
        [
            ("Id", json!(id)),
            ("CreationTimestamp", json!(world.now.iso())),
            ("DnsEntries", json!(if interface { vec![dns] } else { vec![] })),
            ("NetworkInterfaceIds", json!(interfaces)),
        ],
    ))
}

/// What holds for a new endpoint and for a changed one (`id`).
pub(super) fn endpoint_settings(world: &World, order: &Order<'_>, id: Option<&str>) -> Result<(), Failure> {
    let estate = &world.cloudformation.estate;
    let (region, vpc, service) = (order.region, order.text("VpcId"), order.text("ServiceName"));
    there(estate, region, vpc, || no_vpc(vpc))?;
    let own = service.strip_prefix("com.amazonaws.").and_then(|rest| rest.strip_prefix(region));
    let known =
        own.is_some_and(|rest| rest.starts_with('.') && rest.len() > 1) || service.starts_with("com.amazonaws.vpce.");
    if !known {
        return Err(Failure::ec2(format!("The Vpc Endpoint Service '{service}' does not exist")));
    }
    let interface = order.text("VpcEndpointType") == "Interface";
    let gateway = service.ends_with(".s3") || service.ends_with(".dynamodb");
    if !interface && !gateway {
        return Err(Failure::ec2("Endpoint type (Gateway) does not match available service types ([Interface])."));
    }
    let mut zones = BTreeSet::new();
    for subnet in order.texts("SubnetIds") {
        there(estate, region, subnet, || format!("The subnet ID '{subnet}' does not exist"))?;
        if !zones.insert(geo::zone_of_subnet(region, subnet)) {
            // DuplicateSubnetsInSameZone
            return Err(Failure::ec2(format!(
                "Found another VPC endpoint subnet in the availability zone of {subnet}"
            )));
        }
    }
    if !interface || order.flag("PrivateDnsEnabled") != Some(true) {
        return Ok(());
    }
    if let Some(found) = estate.get(region, "AWS::EC2::VPC", vpc) {
        let on = |name: &str, default: bool| {
            found.properties.get(name).and_then(crate::doc::Doc::as_bool).unwrap_or(default)
        };
        if !on("EnableDnsSupport", true) || !on("EnableDnsHostnames", false) {
            return Err(Failure::ec2(format!(
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc}"
            )));
        }
    }
    let rival = |other: &&Thing| {
        other.text("VpcId") == vpc
            && other.text("ServiceName") == service
            && other.properties.get("PrivateDnsEnabled") == Some(&json!(true))
            && Some(other.id.as_str()) != id
    };
    if estate.of(region, "AWS::EC2::VPCEndpoint").any(|other| rival(&other)) {
        let domain = service.split('.').skip(3).collect::<Vec<_>>().join(".");
        return Err(Failure::ec2(format!(
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {domain}.{region}.amazonaws.com in the VPC {vpc}"
        )));
    }
    Ok(())
}

pub(super) fn peering(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, vpc, peer) = (order.region, order.text("VpcId"), order.text("PeerVpcId"));
    let there_region = match order.text("PeerRegion") {
        "" => region,
        other => other,
    };
    if geo::region(there_region).is_none() {
        return Err(Failure::ec2(format!("Invalid value '{there_region}' for peerRegion")));
    }
    let owner = order.text("PeerOwnerId");
    if !owner.is_empty() && owner != ACCOUNT {
        return Err(Failure::Handler {
            message: format!("Account {owner} is not in this simulator: peering is within one account"),
            code: "InvalidRequest",
        });
    }
    there(estate, region, vpc, || no_vpc(vpc))?;
    // AWS finds out while it asks the other side (VPC User Guide, peering connection lifecycle: failed).
    let failed = || {
        Err(Failure::Handler {
            message: format!(
                "VpcPeeringConnection failed: the vpc ID '{peer}' does not exist in {there_region} or its CIDR overlaps"
            ),
            code: "NotStabilized",
        })
    };
    if estate.is_gone(there_region, peer) || (vpc == peer && region == there_region) {
        return failed();
    }
    let known = |region: &str, id: &str| estate.get(region, "AWS::EC2::VPC", id).is_some();
    let elsewhere = geo::REGIONS.iter().any(|other| other.name != there_region && known(other.name, peer));
    if elsewhere && !known(there_region, peer) {
        return failed();
    }
    if overlap(estate.get(region, "AWS::EC2::VPC", vpc), estate.get(there_region, "AWS::EC2::VPC", peer)) {
        return failed();
    }
    let rival = |other: &Thing| other.text("VpcId") == vpc && other.text("PeerVpcId") == peer;
    if let Some(other) = estate.of(region, "AWS::EC2::VPCPeeringConnection").find(|other| rival(other)) {
        return Err(Failure::ec2(format!("VpcPeeringConnectionAlreadyExists: {}", other.id)));
    }
    let id = order.id("pcx");
    Ok(Made::new(id.clone(), [("Id", json!(id))]))
}

pub(super) fn spare_internet(estate: &Estate, gateway: &Thing) -> Result<(), Failure> {
    let mut used = estate.of(&gateway.place, "AWS::EC2::VPCGatewayAttachment");
    if used.any(|attachment| attachment.text("InternetGatewayId") == gateway.id) {
        return Err(Failure::ec2(format!(
            "The internetGateway '{}' has dependencies and cannot be deleted.",
            gateway.id
        )));
    }
    Ok(())
}

/// A gateway stays while public addresses of its VPC are mapped: those of NAT gateways and load balancers.
pub(super) fn spare_attachment(world: &World, attachment: &Thing) -> Result<(), Failure> {
    let (estate, region, vpc) = (&world.cloudformation.estate, attachment.place.as_str(), attachment.text("VpcId"));
    let inside = |subnet: &str| estate.get(region, "AWS::EC2::Subnet", subnet).is_some_and(|s| s.text("VpcId") == vpc);
    let nat = |nat: &Thing| !nat.text("AllocationId").is_empty() && inside(nat.text("SubnetId"));
    if estate.of(region, "AWS::EC2::NatGateway").any(nat) || uses::public(world, region, inside) {
        return Err(Failure::ec2(format!(
            "Network {vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
        )));
    }
    Ok(())
}

pub(super) fn spare_address(estate: &Estate, address: &Thing) -> Result<(), Failure> {
    let allocation = address.attribute("AllocationId");
    if estate.of(&address.place, "AWS::EC2::NatGateway").any(|nat| nat.text("AllocationId") == allocation) {
        // InvalidIPAddress.InUse
        return Err(Failure::ec2(format!("Address {} is in use.", address.id)));
    }
    Ok(())
}
