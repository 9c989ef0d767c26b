//! Tags of every kind of resource, by ARN.

use super::arn::{self, Tag};
use super::refusals::{no_cluster, no_global, no_instance, no_parameter_group, no_snapshot, no_subnet_group, value};
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Add {
    ResourceName: String,
    Tags: Vec<Tag>,
}

pub fn add(world: &mut World, caller: &Caller, ask: Add) -> Answer<Empty> {
    of(world, caller, &ask.ResourceName)?.extend(arn::tags(Some(ask.Tags)));
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct List {
    ResourceName: String,
}

#[derive(Serialize)]
pub struct Listed {
    TagList: Vec<Tag>,
}

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    Ok(Listed { TagList: arn::told(of(world, caller, &ask.ResourceName)?) })
}

#[derive(Deserialize)]
pub struct Remove {
    ResourceName: String,
    TagKeys: Vec<String>,
}

pub fn remove(world: &mut World, caller: &Caller, ask: Remove) -> Answer<Empty> {
    let tags = of(world, caller, &ask.ResourceName)?;
    ask.TagKeys.iter().for_each(|key| drop(tags.remove(key)));
    Ok(Empty {})
}

fn of<'w>(world: &'w mut World, caller: &Caller, name: &str) -> Answer<&'w mut BTreeMap<String, String>> {
    let Some((region, kind, id)) = arn::parse(name) else {
        return value(format!("Invalid resource name: {name}"));
    };
    if !region.is_empty() && region != caller.region {
        return value(format!("The specified resource name does not match an RDS resource in this region: {name}"));
    }
    let key = (region.to_string(), id.to_string());
    let aurora = &mut world.aurora;
    let missing: fn(&str) -> Refusal;
    let found = match kind {
        "cluster" => {
            missing = no_cluster;
            aurora.clusters.get_mut(&key).map(|cluster| &mut cluster.tags)
        }
        "db" => {
            missing = no_instance;
            aurora.instances.get_mut(&key).map(|instance| &mut instance.tags)
        }
        "cluster-snapshot" => {
            missing = no_snapshot;
            aurora.snapshots.get_mut(&key).map(|snapshot| &mut snapshot.tags)
        }
        "cluster-pg" => {
            missing = no_parameter_group;
            aurora.parameter_groups.get_mut(&key).map(|group| &mut group.tags)
        }
        "pg" => {
            missing = no_parameter_group;
            aurora.instance_groups.get_mut(&key).map(|group| &mut group.tags)
        }
        "subgrp" => {
            missing = no_subnet_group;
            aurora.subnet_groups.get_mut(&key).map(|group| &mut group.tags)
        }
        "global-cluster" => {
            missing = no_global;
            aurora.globals.get_mut(id).map(|global| &mut global.tags)
        }
        _ => return value(format!("Invalid resource name: {name}")),
    };
    found.ok_or_else(|| missing(id))
}
