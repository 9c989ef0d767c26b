//! Where a load balancer stands, and who lets requests through to it: SetSubnets, SetSecurityGroups.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::load_balancers::{self, AvailabilityZone};
use super::refusals::{self, invalid, no_load_balancer, refuse};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::elb::zones;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct SetSubnets {
    LoadBalancerArn: String,
    #[serde(default)]
    Subnets: Vec<String>,
}

#[derive(Serialize)]
pub struct SubnetsSet {
    AvailabilityZones: Vec<AvailabilityZone>,
    IpAddressType: String,
}

pub fn set_subnets(world: &mut World, caller: &Caller, ask: SetSubnets) -> Answer<SubnetsSet> {
    let arn = ask.LoadBalancerArn;
    refusals::arn(&arn, "loadbalancer", "load balancer")?;
    let region = &caller.region;
    let name = world.elb_in(region).load_balancer(&arn).ok_or_else(|| no_load_balancer(&arn))?.name.clone();
    load_balancers::subnets(region, &ask.Subnets)?;
    if zones::set(world, region, &name, &ask.Subnets).is_none() {
        let count = ask.Subnets.len();
        return refuse("InvalidSubnet", format!("Not enough public addresses are left for '{count}' subnets"));
    }
    let found = world.elb_in(region).load_balancer(&arn).ok_or_else(|| no_load_balancer(&arn))?;
    Ok(SubnetsSet { AvailabilityZones: load_balancers::zones(found), IpAddressType: found.ip_address_type.clone() })
}

#[derive(Deserialize)]
pub struct SetSecurityGroups {
    LoadBalancerArn: String,
    #[serde(default)]
    SecurityGroups: Vec<String>,
}

#[derive(Serialize)]
pub struct SecurityGroupsSet {
    SecurityGroupIds: Vec<String>,
}

pub fn set_security_groups(world: &mut World, caller: &Caller, ask: SetSecurityGroups) -> Answer<SecurityGroupsSet> {
    let arn = ask.LoadBalancerArn;
    refusals::arn(&arn, "loadbalancer", "load balancer")?;
    if ask.SecurityGroups.is_empty() {
        return invalid("At least one security group must be specified");
    }
    load_balancers::security_groups(&ask.SecurityGroups)?;
    let found = world.elb_in(&caller.region).load_balancer_mut(&arn).ok_or_else(|| no_load_balancer(&arn))?;
    found.security_groups = ask.SecurityGroups.clone();
    Ok(SecurityGroupsSet { SecurityGroupIds: ask.SecurityGroups })
}
