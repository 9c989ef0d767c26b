//! Security groups and their rules.

use super::network::no_vpc;
use super::{Made, Order, there, uses};
use crate::doc::Doc;
use crate::world::World;
use crate::world::cloudformation::cidr::Cidr;
use crate::world::cloudformation::estate::{Estate, Thing};
use crate::world::cloudformation::failure::Failure;
use serde_json::{Map, json};

/// Security groups of a Region (Amazon VPC quotas).
const MOST_GROUPS: usize = 2_500;
/// Rules of a security group and direction (Amazon VPC quotas).
const MOST_RULES: usize = 60;

pub(super) fn group(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, vpc) = (order.region, order.text("VpcId"));
    there(estate, region, vpc, || no_vpc(vpc))?;
    let name = match order.text("GroupName") {
        "" => order.name(255),
        name if name.starts_with("sg-") => {
            return Err(Failure::ec2(format!(
                "Invalid value '{name}' for groupName. Group names may not be in the format sg-*"
            )));
        }
        name => name.to_string(),
    };
    if name == "default" {
        return Err(Failure::ec2("Cannot use reserved security group name: default"));
    }
    let groups = || estate.of(region, "AWS::EC2::SecurityGroup");
    if groups().any(|other| other.text("VpcId") == vpc && other.attribute("GroupName") == name) {
        // InvalidGroup.Duplicate
        return Err(Failure::ec2(format!("The security group '{name}' already exists for VPC '{vpc}'")));
    }
    if groups().count() >= MOST_GROUPS {
        return Err(Failure::limit("The maximum number of security groups has been reached."));
    }
    rules_fit(order)?;
    let id = order.id("sg");
    Ok(Made::new(
        id.clone(),
        [("GroupId", json!(id)), ("Id", json!(id)), ("VpcId", json!(vpc)), ("GroupName", json!(name))],
    ))
}

/// Whether the rules that a group has of itself are right.
pub(super) fn rules_fit(order: &Order<'_>) -> Result<(), Failure> {
    for direction in ["SecurityGroupIngress", "SecurityGroupEgress"] {
        let rules = order.properties.get(direction).and_then(Doc::as_array).map_or(&[][..], Vec::as_slice);
        if rules.len() > MOST_RULES {
            return Err(Failure::limit("The maximum number of rules per security group has been reached."));
        }
        for (place, rule) in rules.iter().filter_map(Doc::as_object).enumerate() {
            rule_fits(rule)?;
            let twin = |other: &Doc| other.as_object().is_some_and(|other| same(other, rule));
            if rules[..place].iter().any(twin) {
                return Err(duplicate(rule));
            }
        }
    }
    Ok(())
}

/// What two rules must differ in.
const IDENTITY: [&str; 9] = [
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
];

fn same(one: &Map<String, Doc>, other: &Map<String, Doc>) -> bool {
    IDENTITY.iter().all(|name| one.get(*name) == other.get(*name))
}

fn duplicate(rule: &Map<String, Doc>) -> Failure {
    let text = |name: &str| rule.get(name).and_then(Doc::as_str);
    let number = |name: &str| rule.get(name).and_then(Doc::as_i64).unwrap_or(-1);
    let peer = ["CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId"].into_iter().find_map(text);
    // InvalidPermission.Duplicate
    Failure::ec2(format!(
        "the specified rule \\\"peer: {}, {}, from port: {}, to port: {}, ALLOW\\\" already exists",
        peer.unwrap_or_default(),
        text("IpProtocol").unwrap_or_default().to_uppercase(),
        number("FromPort"),
        number("ToPort")
    ))
}

fn rule_fits(rule: &Map<String, Doc>) -> Result<(), Failure> {
    let protocol = rule.get("IpProtocol").and_then(Doc::as_str).unwrap_or_default();
    let known = matches!(protocol, "tcp" | "udp" | "icmp" | "icmpv6" | "-1")
        || protocol.parse::<u8>().is_ok_and(|number| number != 255);
    if !known {
        return Err(Failure::ec2(format!("Invalid value '{protocol}' for IP protocol. Unknown protocol.")));
    }
    let port = |name: &str| rule.get(name).and_then(Doc::as_i64);
    if matches!(protocol, "tcp" | "udp" | "6" | "17") {
        let (Some(from), Some(to)) = (port("FromPort"), port("ToPort")) else {
            return Err(Failure::ec2(
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
            ));
        };
        if from > to || !(0..=65_535).contains(&from) || !(0..=65_535).contains(&to) {
            return Err(Failure::ec2(format!("Invalid TCP/UDP port range ({from}:{to})")));
        }
    }
    if let Some(block) = rule.get("CidrIp").and_then(Doc::as_str)
        && Cidr::parse(block).is_none()
    {
        return Err(Failure::ec2(format!("CIDR block {block} is malformed")));
    }
    let peers = [
        "CidrIp",
        "CidrIpv6",
        "SourceSecurityGroupId",
        "SourcePrefixListId",
        "DestinationSecurityGroupId",
        "DestinationPrefixListId",
    ];
    if !peers.iter().any(|name| rule.contains_key(*name)) {
        return Err(Failure::ec2("You must specify one of CidrIp, CidrIpv6, a security group or a prefix list"));
    }
    Ok(())
}

/// AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress.
pub(super) fn rule(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (region, group) = (order.region, order.text("GroupId"));
    if group.is_empty() {
        return Err(Failure::ec2("The request must contain the parameter groupId"));
    }
    for name in ["GroupId", "SourceSecurityGroupId", "DestinationSecurityGroupId"] {
        let id = order.text(name);
        there(estate, region, id, || format!("The security group '{id}' does not exist"))?;
    }
    rule_fits(order.properties)?;
    let twin = |other: &Thing| other.text("GroupId") == group && same(&other.properties, order.properties);
    let inline = if order.kind.name.ends_with("Ingress") { "SecurityGroupIngress" } else { "SecurityGroupEgress" };
    let within = estate.get(region, "AWS::EC2::SecurityGroup", group).and_then(|found| found.properties.get(inline));
    let within = within.and_then(Doc::as_array).into_iter().flatten().filter_map(Doc::as_object);
    if estate.of(region, order.kind.name).any(twin) || within.into_iter().any(|other| same(other, order.properties)) {
        return Err(duplicate(order.properties));
    }
    let id = order.id("sgr");
    Ok(Made::new(id.clone(), [("Id", json!(id))]))
}

/// A group stays while rules of others name it or network interfaces have it.
pub(super) fn spare_group(world: &World, group: &Thing) -> Result<(), Failure> {
    let (estate, region, id) = (&world.cloudformation.estate, group.place.as_str(), group.id.as_str());
    let names = |rule: &Map<String, Doc>| {
        ["SourceSecurityGroupId", "DestinationSecurityGroupId"].iter().any(|name| rule.get(*name) == Some(&json!(id)))
    };
    let in_group = |other: &Thing| {
        let lists = ["SecurityGroupIngress", "SecurityGroupEgress"].into_iter().filter_map(|l| other.properties.get(l));
        other.id != id && lists.filter_map(Doc::as_array).flatten().filter_map(Doc::as_object).any(names)
    };
    let by_rule = |kind| estate.of(region, kind).any(|rule| rule.text("GroupId") != id && names(&rule.properties));
    let endpoint = estate.of(region, "AWS::EC2::VPCEndpoint").any(|e| e.texts("SecurityGroupIds").any(|g| g == id));
    let used = estate.of(region, "AWS::EC2::SecurityGroup").any(in_group)
        || by_rule("AWS::EC2::SecurityGroupIngress")
        || by_rule("AWS::EC2::SecurityGroupEgress")
        || endpoint
        || uses::of_group(world, region, id).is_some();
    if used { Err(Failure::ec2(format!("resource {id} has a dependent object"))) } else { Ok(()) }
}
