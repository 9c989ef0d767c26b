//! Log groups, DB subnet groups, keys and their aliases.

use super::{Made, Order};
use crate::geo;
use crate::world::World;
use crate::world::aurora::SubnetGroup;
use crate::world::cloudformation::estate::{Estate, Thing};
use crate::world::cloudformation::failure::Failure;
use crate::world::{ACCOUNT, uuid};
use serde_json::json;

/// Days that logs can be kept (CloudWatch Logs API Reference, PutRetentionPolicy).
const RETENTIONS: &[i64] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

pub(super) fn log_group(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    retention(order)?;
    let name = match order.text("LogGroupName") {
        "" => order.name(512),
        name => name.to_string(),
    };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#".contains(&byte);
    if name.len() > 512 || !name.bytes().all(letters) {
        return Err(Failure::Plain(format!(
            "Properties validation failed for resource {} with message:\n#/LogGroupName: failed validation constraint for keyword [pattern]",
            order.logical
        )));
    }
    if estate.get(order.region, order.kind.name, &name).is_some() {
        return Err(Failure::exists(order.kind.name, &format!("{{\"/properties/LogGroupName\":\"{name}\"}}")));
    }
    let arn = format!("arn:aws:logs:{}:{ACCOUNT}:log-group:{name}:*", order.region);
    Ok(Made::new(name, [("Arn", json!(arn))]))
}

pub(super) fn retention(order: &Order<'_>) -> Result<(), Failure> {
    match order.number("RetentionInDays").filter(|days| !RETENTIONS.contains(days)) {
        None => Ok(()),
        Some(days) => Err(Failure::Plain(format!(
            "Properties validation failed for resource {} with message:\n#/RetentionInDays: {days} is not a valid enum value",
            order.logical
        ))),
    }
}

/// Subnets of at least two zones, all of them there.
fn subnets_fit(estate: &Estate, order: &Order<'_>) -> Result<Vec<String>, Failure> {
    let subnets = order.texts("SubnetIds");
    let lost: Vec<&str> = subnets.iter().copied().filter(|id| estate.is_gone(order.region, id)).collect();
    let rds = |message: String| Failure::Service { service: "Rds", status: 400, message, code: "InvalidRequest" };
    if !lost.is_empty() {
        return Err(rds(format!("Some input subnets in :[{}] are invalid.", lost.join(", "))));
    }
    let mut zones: Vec<String> = subnets.iter().map(|id| geo::zone_of_subnet(order.region, id)).collect();
    zones.sort();
    zones.dedup();
    if zones.len() < 2 {
        return Err(rds(format!(
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: {}. Add subnets to cover at least 2 AZs.",
            zones.join(", ")
        )));
    }
    let mut networks: Vec<&str> = subnets
        .iter()
        .filter_map(|id| estate.get(order.region, "AWS::EC2::Subnet", id))
        .map(|subnet| subnet.text("VpcId"))
        .collect();
    networks.sort_unstable();
    networks.dedup();
    if networks.len() > 1 {
        return Err(rds("Subnets must be in the same VPC".into()));
    }
    Ok(subnets.into_iter().map(str::to_string).collect())
}

/// RDS knows it too: a cluster can be made in it, and its API tells of it.
pub(super) fn subnet_group(world: &mut World, order: &Order<'_>) -> Result<Made, Failure> {
    let subnets = subnets_fit(&world.cloudformation.estate, order)?;
    let name = match order.text("DBSubnetGroupName") {
        "" => order.name(255),
        name => name.to_string(),
    }
    .to_ascii_lowercase();
    let key = (order.region.to_string(), name.clone());
    if world.aurora.subnet_groups.contains_key(&key) {
        return Err(Failure::exists(order.kind.name, &name));
    }
    let group = SubnetGroup {
        region: order.region.to_string(),
        name: name.clone(),
        description: order.text("DBSubnetGroupDescription").to_string(),
        subnets,
        tags: order.tags.clone(),
    };
    world.aurora.subnet_groups.insert(key, group);
    Ok(Made::new(name, []))
}

pub(super) fn change_subnet_group(world: &mut World, order: &Order<'_>, name: &str) -> Result<(), Failure> {
    let subnets = subnets_fit(&world.cloudformation.estate, order)?;
    let network = |subnets: &[String]| {
        let estate = &world.cloudformation.estate;
        let first = subnets.iter().find_map(|id| estate.get(order.region, "AWS::EC2::Subnet", id));
        first.map(|subnet| subnet.text("VpcId").to_string())
    };
    let before = world.aurora.subnet_groups.get(&(order.region.to_string(), name.to_string()));
    let before = before.and_then(|group| network(&group.subnets));
    if before.zip(network(&subnets)).is_some_and(|(before, after)| before != after) {
        let message = "The new Subnets are not in the same Vpc as the existing subnet group".to_string();
        return Err(Failure::Service { service: "Rds", status: 400, message, code: "InvalidRequest" });
    }
    if let Some(group) = world.aurora.subnet_groups.get_mut(&(order.region.to_string(), name.to_string())) {
        group.subnets = subnets;
        group.description = order.text("DBSubnetGroupDescription").to_string();
        group.tags = order.tags.clone();
    }
    Ok(())
}

pub(super) fn drop_subnet_group(world: &mut World, group: &Thing) -> Result<(), Failure> {
    let mut clusters = world.aurora.clusters.values();
    let user = clusters.find(|cluster| cluster.region == group.place && cluster.subnet_group == group.id);
    if let Some(user) = user {
        let message = format!(
            "Cannot delete the subnet group '{}' because at least one database instance: {} is still using it.",
            group.id, user.id
        );
        return Err(Failure::Service { service: "Rds", status: 400, message, code: "InvalidRequest" });
    }
    world.aurora.subnet_groups.remove(&(group.place.clone(), group.id.clone()));
    Ok(())
}

pub(super) fn key(order: &Order<'_>) -> Result<Made, Failure> {
    let waiting = order.number("PendingWindowInDays").unwrap_or(30);
    if !(7..=30).contains(&waiting) {
        return Err(Failure::Plain(format!(
            "Properties validation failed for resource {} with message:\n#/PendingWindowInDays: {waiting} is not between 7 and 30",
            order.logical
        )));
    }
    let id = uuid(&["key", order.stack_id, order.logical, &order.serial.to_string()]);
    let id = if order.flag("MultiRegion") == Some(true) { format!("mrk-{}", id.replace('-', "")) } else { id };
    let arn = format!("arn:aws:kms:{}:{ACCOUNT}:key/{id}", order.region);
    Ok(Made::new(id.clone(), [("Arn", json!(arn)), ("KeyId", json!(id))]))
}

pub(super) fn alias(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let (name, target) = (order.text("AliasName"), order.text("TargetKeyId"));
    let kms = |message: String, code| Failure::Service { service: "Kms", status: 400, message, code };
    if !name.starts_with("alias/") || name.starts_with("alias/aws/") || name.len() > 256 {
        return Err(kms(
            format!("Alias must start with the prefix \"alias/\", and may not start with \"alias/aws/\": {name}"),
            "InvalidRequest",
        ));
    }
    if estate.get(order.region, order.kind.name, name).is_some() {
        let arn = format!("arn:aws:kms:{}:{ACCOUNT}:{name}", order.region);
        return Err(kms(format!("An alias with the name {arn} already exists"), "AlreadyExists"));
    }
    let key = target.rsplit('/').next().unwrap_or(target);
    if estate.is_gone(order.region, key) {
        return Err(kms(format!("Key '{target}' is pending deletion."), "InvalidRequest"));
    }
    Ok(Made::new(name, []))
}
