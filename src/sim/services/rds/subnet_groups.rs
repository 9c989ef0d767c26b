//! DB subnet groups.

use super::arn::{self, Tag};
use super::refusals::{no_subnet_group, page, refuse};
use crate::geo;
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::aurora::SubnetGroup;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct Told {
    DBSubnetGroupName: String,
    DBSubnetGroupDescription: String,
    DBSubnetGroupArn: String,
    VpcId: String,
    SubnetGroupStatus: &'static str,
    Subnets: Vec<Subnet>,
}

#[derive(Serialize)]
struct Subnet {
    SubnetIdentifier: String,
    SubnetAvailabilityZone: Zone,
    SubnetStatus: &'static str,
}

#[derive(Serialize)]
struct Zone {
    Name: String,
}

#[derive(Serialize)]
pub struct One {
    DBSubnetGroup: Told,
}

/// A network that no stack made stands before this world does.
const VPC: &str = "vpc-0a1b2c3d4e5f60718";

fn told(world: &World, group: &SubnetGroup) -> Told {
    let made = |id: &String| world.cloudformation.estate.get(&group.region, "AWS::EC2::Subnet", id);
    let network = group.subnets.iter().find_map(made).map(|subnet| subnet.text("VpcId").to_string());
    let subnet = |id: &String| Subnet {
        SubnetIdentifier: id.clone(),
        SubnetAvailabilityZone: Zone { Name: geo::zone_of_subnet(&group.region, id) },
        SubnetStatus: "Active",
    };
    Told {
        DBSubnetGroupName: group.name.clone(),
        DBSubnetGroupDescription: group.description.clone(),
        DBSubnetGroupArn: arn::arn(&group.region, "subgrp", &group.name),
        VpcId: network.unwrap_or_else(|| VPC.to_string()),
        SubnetGroupStatus: "Complete",
        Subnets: group.subnets.iter().map(subnet).collect(),
    }
}

#[derive(Deserialize)]
pub struct Create {
    DBSubnetGroupName: String,
    DBSubnetGroupDescription: String,
    SubnetIds: Vec<String>,
    Tags: Option<Vec<Tag>>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let key = (caller.region.clone(), ask.DBSubnetGroupName.to_ascii_lowercase());
    if world.aurora.subnet_groups.contains_key(&key) {
        return refuse("DBSubnetGroupAlreadyExists", format!("The DB subnet group '{}' already exists.", key.1));
    }
    let mut zones: Vec<String> = ask.SubnetIds.iter().map(|id| geo::zone_of_subnet(&key.0, id)).collect();
    zones.sort();
    zones.dedup();
    if zones.len() < 2 {
        let message = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: one AZ. Add subnets to cover at least 2 AZs.";
        return refuse("DBSubnetGroupDoesNotCoverEnoughAZs", message);
    }
    let group = SubnetGroup {
        region: key.0.clone(),
        name: key.1.clone(),
        description: ask.DBSubnetGroupDescription,
        subnets: ask.SubnetIds,
        tags: arn::tags(ask.Tags),
    };
    let answer = One { DBSubnetGroup: told(world, &group) };
    world.aurora.subnet_groups.insert(key, group);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Describe {
    DBSubnetGroupName: Option<String>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    DBSubnetGroups: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let here = |group: &&SubnetGroup| {
        group.region == caller.region && ask.DBSubnetGroupName.as_ref().is_none_or(|name| group.name == *name)
    };
    let found: Vec<&SubnetGroup> = world.aurora.subnet_groups.values().filter(here).collect();
    if let Some(name) = ask.DBSubnetGroupName.as_ref().filter(|_| found.is_empty()) {
        return Err(no_subnet_group(name));
    }
    let (found, marker) = page(found, |group| group.name.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBSubnetGroups: found.into_iter().map(|group| told(world, group)).collect(), Marker: marker })
}

#[derive(Deserialize)]
pub struct Delete {
    DBSubnetGroupName: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    let key = (caller.region.clone(), ask.DBSubnetGroupName.clone());
    if !world.aurora.subnet_groups.contains_key(&key) {
        return Err(no_subnet_group(&key.1));
    }
    if world.aurora.clusters.values().any(|cluster| cluster.region == key.0 && cluster.subnet_group == key.1) {
        return refuse(
            "InvalidDBSubnetGroupStateFault",
            format!(
                "Cannot delete the subnet group '{}' because at least one database instance: is still using it.",
                key.1
            ),
        );
    }
    world.aurora.subnet_groups.remove(&key);
    // A stack that made it finds it gone.
    world.cloudformation.estate.take(&key.0, "AWS::RDS::DBSubnetGroup", &key.1);
    Ok(Empty {})
}
