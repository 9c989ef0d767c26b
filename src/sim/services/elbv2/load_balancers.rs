//! Load balancers.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{self, invalid, one_of, page_size, refuse};
use super::tags::{self, Tag};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty};
use crate::world::elb::attributes::DELETION_PROTECTION;
use crate::world::elb::load_balancer::{self, Wanted};
use crate::world::elb::{Elb, Listener, LoadBalancer};
use crate::world::{World, hex_id};
use crate::{geo, paging};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Application Load Balancers that a Region may have (quotas).
const MOST: usize = 50;

#[derive(Deserialize)]
pub struct Create {
    Name: String,
    #[serde(default)]
    Subnets: Vec<String>,
    #[serde(default)]
    SubnetMappings: Vec<SubnetMapping>,
    #[serde(default)]
    SecurityGroups: Vec<String>,
    Scheme: Option<String>,
    #[serde(default)]
    Tags: Vec<Tag>,
    Type: Option<String>,
    IpAddressType: Option<String>,
}

#[derive(Deserialize)]
struct SubnetMapping {
    SubnetId: String,
    AllocationId: Option<String>,
}

#[derive(Serialize)]
pub struct LoadBalancers {
    LoadBalancers: Vec<Described>,
    NextMarker: Option<String>,
}

#[derive(Serialize)]
struct Described {
    LoadBalancerArn: String,
    DNSName: String,
    CanonicalHostedZoneId: String,
    CreatedTime: Moment,
    LoadBalancerName: String,
    Scheme: &'static str,
    VpcId: String,
    State: State,
    Type: &'static str,
    AvailabilityZones: Vec<AvailabilityZone>,
    SecurityGroups: Vec<String>,
    IpAddressType: String,
}

#[derive(Serialize)]
struct State {
    Code: &'static str,
}

#[derive(Serialize)]
pub struct AvailabilityZone {
    ZoneName: String,
    SubnetId: String,
    LoadBalancerAddresses: Vec<String>,
}

/// The zones as AWS lists them.
pub fn zones(found: &LoadBalancer) -> Vec<AvailabilityZone> {
    let zone = |zone: &load_balancer::Zone| AvailabilityZone {
        ZoneName: zone.name.clone(),
        SubnetId: zone.subnet.clone(),
        LoadBalancerAddresses: vec![],
    };
    found.zones.iter().map(zone).collect()
}

fn described(region: &str, elb: &Elb, found: &LoadBalancer) -> Described {
    Described {
        LoadBalancerArn: found.arn.clone(),
        DNSName: found.dns_name.clone(),
        CanonicalHostedZoneId: geo::region(region)
            .map_or_else(|| format!("Z{}", hex_id(&[region, "zone"], 13).to_uppercase()), |r| r.alb_zone.to_string()),
        CreatedTime: found.created,
        LoadBalancerName: found.name.clone(),
        Scheme: if found.internal { "internal" } else { "internet-facing" },
        VpcId: vpc(region, elb, found),
        State: State { Code: if found.active { "active" } else { "provisioning" } },
        Type: "application",
        AvailabilityZones: zones(found),
        SecurityGroups: found.security_groups.clone(),
        IpAddressType: found.ip_address_type.clone(),
    }
}

/// Its VPC. There is no EC2 that knows whose the subnets are, so its target groups tell; before it has
/// any, the Region's one VPC is assumed.
fn vpc(region: &str, elb: &Elb, found: &LoadBalancer) -> String {
    let mut groups = found.listeners.values().flat_map(Listener::target_groups).filter_map(|arn| elb.group(arn));
    groups.next().map_or_else(|| format!("vpc-{}", hex_id(&[region, "vpc"], 17)), |group| group.settings.vpc.clone())
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<LoadBalancers> {
    let region = &caller.region;
    let wanted = wanted(region, ask)?;
    let elb = world.elb_in(region);
    match elb.load_balancers.get(&wanted.name) {
        Some(found) if found.is(&wanted) => {}
        Some(_) => {
            return refuse(
                "DuplicateLoadBalancerName",
                format!("A load balancer with the same name '{}' exists, but with different settings", wanted.name),
            );
        }
        None if elb.load_balancers.len() >= MOST => {
            return refuse("TooManyLoadBalancers", format!("The maximum number of load balancers is '{MOST}'"));
        }
        None => {
            let zones = wanted.subnets.len();
            if load_balancer::create(world, region, wanted.clone()).is_none() {
                return refuse("InvalidSubnet", format!("Not enough public addresses are left for '{zones}' subnets"));
            }
        }
    }
    let elb = world.elb_in(region);
    let found = elb.load_balancers.get(&wanted.name).map(|found| described(region, elb, found));
    Ok(LoadBalancers { LoadBalancers: found.into_iter().collect(), NextMarker: None })
}

fn wanted(region: &str, ask: Create) -> Answer<Wanted> {
    refusals::name("Load balancer", &ask.Name)?;
    if ask.Name.to_ascii_lowercase().starts_with("internal-") {
        return invalid(format!("Load balancer name '{}' cannot begin with 'internal-'", ask.Name));
    }
    let scheme = ask.Scheme.unwrap_or_else(|| "internet-facing".into());
    one_of("scheme", &scheme, &["internet-facing", "internal"])?;
    let kind = ask.Type.unwrap_or_else(|| "application".into());
    one_of("type", &kind, &["application", "network", "gateway"])?;
    if kind != "application" {
        return refuse("OperationNotPermitted", format!("Load balancers of type '{kind}' are not supported here"));
    }
    let ip_address_type = ask.IpAddressType.unwrap_or_else(|| "ipv4".into());
    one_of("ipAddressType", &ip_address_type, &["ipv4", "dualstack", "dualstack-without-public-ipv4"])?;
    if ip_address_type != "ipv4" {
        let message =
            format!("You cannot specify IP address type '{ip_address_type}': the subnets have no IPv6 CIDR block");
        return refuse("InvalidConfigurationRequest", message);
    }
    if ask.SubnetMappings.iter().any(|mapping| mapping.AllocationId.is_some()) {
        return invalid("Application load balancers do not support Elastic IP addresses");
    }
    if !ask.Subnets.is_empty() && !ask.SubnetMappings.is_empty() {
        return invalid("You must specify either subnets or subnet mappings");
    }
    let mapped = ask.SubnetMappings.into_iter().map(|mapping| mapping.SubnetId);
    let subnets: Vec<String> = ask.Subnets.into_iter().chain(mapped).collect();
    self::subnets(region, &subnets)?;
    let mut security_groups = ask.SecurityGroups;
    self::security_groups(&security_groups)?;
    if security_groups.is_empty() {
        security_groups.push(format!("sg-{}", hex_id(&[region, "default"], 17)));
    }
    Ok(Wanted {
        name: ask.Name,
        internal: scheme == "internal",
        subnets,
        security_groups,
        ip_address_type,
        tags: tags::read(ask.Tags)?,
    })
}

/// Refuses subnets that an Application Load Balancer cannot stand in.
pub fn subnets(region: &str, subnets: &[String]) -> Answer<()> {
    if let Some(odd) = subnets.iter().find(|subnet| !subnet.starts_with("subnet-")) {
        return refuse("SubnetNotFound", format!("The subnet ID '{odd}' does not exist"));
    }
    if subnets.len() < 2 {
        return invalid("At least two subnets in two different Availability Zones must be specified");
    }
    let zones: BTreeSet<String> = subnets.iter().map(|subnet| geo::zone_of_subnet(region, subnet)).collect();
    if zones.len() < subnets.len() {
        return refuse(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        );
    }
    Ok(())
}

/// Refuses security groups that do not exist.
pub fn security_groups(groups: &[String]) -> Answer<()> {
    match groups.iter().find(|group| !group.starts_with("sg-")) {
        Some(odd) => refuse("InvalidSecurityGroup", format!("The security group '{odd}' does not exist")),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
pub struct Describe {
    #[serde(default)]
    LoadBalancerArns: Vec<String>,
    #[serde(default)]
    Names: Vec<String>,
    Marker: Option<String>,
    PageSize: Option<u64>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<LoadBalancers> {
    let size = page_size(ask.PageSize)?;
    if ask.LoadBalancerArns.len() > 20 || ask.Names.len() > 20 {
        return invalid("The maximum number of load balancers that can be specified is '20'");
    }
    if !ask.LoadBalancerArns.is_empty() && !ask.Names.is_empty() {
        return invalid("Load balancer names and load balancer ARNs cannot be specified at the same time");
    }
    for arn in &ask.LoadBalancerArns {
        refusals::arn(arn, "loadbalancer", "load balancer")?;
    }
    let elb = world.elb_in(&caller.region);
    let unknown = |text: &&String| {
        !elb.load_balancers.contains_key(*text) && !elb.load_balancers.values().any(|found| found.arn == **text)
    };
    let missing: Vec<&str> =
        ask.Names.iter().chain(&ask.LoadBalancerArns).filter(unknown).map(String::as_str).collect();
    if !missing.is_empty() {
        return refuse("LoadBalancerNotFound", format!("Load balancers '[{}]' not found", missing.join(", ")));
    }
    let all = ask.Names.is_empty() && ask.LoadBalancerArns.is_empty();
    let asked =
        |found: &&LoadBalancer| all || ask.Names.contains(&found.name) || ask.LoadBalancerArns.contains(&found.arn);
    let found = elb.load_balancers.values().filter(asked);
    let (page, next) = paging::page(found, |found| found.name.clone(), ask.Marker.as_deref(), size, "ValidationError")?;
    let page = page.into_iter().map(|found| described(&caller.region, elb, found)).collect();
    Ok(LoadBalancers { LoadBalancers: page, NextMarker: next })
}

#[derive(Deserialize)]
pub struct Delete {
    LoadBalancerArn: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    refusals::arn(&ask.LoadBalancerArn, "loadbalancer", "load balancer")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let Some(found) = elb.load_balancer(&ask.LoadBalancerArn) else { return Ok(Empty {}) };
    if found.attributes.get(DELETION_PROTECTION).is_some_and(|value| value == "true") {
        return refuse(
            "OperationNotPermitted",
            format!("Load balancer '{}' cannot be deleted because deletion protection is enabled", found.arn),
        );
    }
    let name = found.name.clone();
    load_balancer::delete(elb, &name, now);
    Ok(Empty {})
}
