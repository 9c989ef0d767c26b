//! DB cluster parameter groups, with the parameters that global databases are about.

use super::arn::{self, Tag};
use super::refusals::{no_parameter_group, page, refuse, value};
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::aurora::ParameterGroup;
use serde::{Deserialize, Serialize};

/// Name, default, allowed values, what it does (Aurora User Guide, parameters of Aurora PostgreSQL).
const PARAMETERS: &[(&str, &str, &str, &str)] = &[
    (
        "apg_write_forward.consistency_mode",
        "SESSION",
        "SESSION,EVENTUAL,GLOBAL,OFF",
        "Consistency of forwarded writes.",
    ),
    (
        "apg_write_forward.max_forwarding_connections_percent",
        "25",
        "1-100",
        "Share of connections for forwarded writes.",
    ),
    ("rds.force_ssl", "1", "0,1", "Force SSL connections."),
    ("rds.global_db_rpo", "-1", "-1,20-2147483647", "Commits wait while every secondary is further behind, seconds."),
    ("rds.logical_replication", "0", "0,1", "Enables logical decoding."),
];

#[derive(Serialize)]
pub struct Told {
    DBClusterParameterGroupName: String,
    DBParameterGroupFamily: String,
    Description: String,
    DBClusterParameterGroupArn: String,
}

#[derive(Serialize)]
pub struct One {
    DBClusterParameterGroup: Told,
}

fn told(group: &ParameterGroup) -> Told {
    Told {
        DBClusterParameterGroupName: group.name.clone(),
        DBParameterGroupFamily: group.family.clone(),
        Description: group.description.clone(),
        DBClusterParameterGroupArn: arn::arn(&group.region, "cluster-pg", &group.name),
    }
}

#[derive(Deserialize)]
pub struct Create {
    DBClusterParameterGroupName: String,
    DBParameterGroupFamily: String,
    Description: String,
    Tags: Option<Vec<Tag>>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
    let key = (caller.region.clone(), ask.DBClusterParameterGroupName.to_ascii_lowercase());
    if world.aurora.parameter_groups.contains_key(&key) {
        return refuse("DBParameterGroupAlreadyExists", format!("Parameter group {} already exists", key.1));
    }
    if !ask.DBParameterGroupFamily.starts_with("aurora-") {
        return value(format!(
            "ParameterGroupFamily {} is not a valid parameter group family",
            ask.DBParameterGroupFamily
        ));
    }
    let group = ParameterGroup {
        region: key.0.clone(),
        name: key.1.clone(),
        family: ask.DBParameterGroupFamily,
        description: ask.Description,
        values: Default::default(),
        tags: arn::tags(ask.Tags),
    };
    let answer = One { DBClusterParameterGroup: told(&group) };
    world.aurora.parameter_groups.insert(key, group);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Describe {
    DBClusterParameterGroupName: Option<String>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    DBClusterParameterGroups: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let wanted = ask.DBClusterParameterGroupName.as_ref();
    let here = |group: &&ParameterGroup| group.region == caller.region && wanted.is_none_or(|name| group.name == *name);
    let found: Vec<&ParameterGroup> = world.aurora.parameter_groups.values().filter(here).collect();
    if let Some(name) = wanted.filter(|_| found.is_empty()) {
        return Err(no_parameter_group(name));
    }
    let (found, marker) = page(found, |group| group.name.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBClusterParameterGroups: found.into_iter().map(told).collect(), Marker: marker })
}

#[derive(Deserialize)]
pub struct Named {
    DBClusterParameterGroupName: String,
}

#[derive(Serialize)]
pub struct Parameters {
    Parameters: Vec<Parameter>,
}

#[derive(Serialize)]
struct Parameter {
    ParameterName: &'static str,
    ParameterValue: String,
    Description: &'static str,
    AllowedValues: &'static str,
    Source: &'static str,
    ApplyType: &'static str,
    ApplyMethod: &'static str,
    IsModifiable: bool,
}

pub fn parameters(world: &mut World, caller: &Caller, ask: Named) -> Answer<Parameters> {
    let key = (caller.region.clone(), ask.DBClusterParameterGroupName);
    let group = world.aurora.parameter_groups.get(&key).ok_or_else(|| no_parameter_group(&key.1))?;
    let parameter = |(name, usual, allowed, what): &(&'static str, &str, &'static str, &'static str)| {
        let changed = group.values.get(*name);
        Parameter {
            ParameterName: name,
            ParameterValue: changed.cloned().unwrap_or_else(|| usual.to_string()),
            Description: what,
            AllowedValues: allowed,
            Source: if changed.is_some() { "user" } else { "engine-default" },
            ApplyType: "dynamic",
            ApplyMethod: "immediate",
            IsModifiable: true,
        }
    };
    Ok(Parameters { Parameters: PARAMETERS.iter().map(parameter).collect() })
}

#[derive(Deserialize)]
pub struct Modify {
    DBClusterParameterGroupName: String,
    Parameters: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    ParameterName: String,
    ParameterValue: String,
}

#[derive(Serialize)]
pub struct Modified {
    DBClusterParameterGroupName: String,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<Modified> {
    let key = (caller.region.clone(), ask.DBClusterParameterGroupName);
    let group = world.aurora.parameter_groups.get_mut(&key).ok_or_else(|| no_parameter_group(&key.1))?;
    for change in &ask.Parameters {
        let known = PARAMETERS.iter().find(|(name, ..)| *name == change.ParameterName);
        let Some((name, _, allowed, _)) = known else {
            return value(format!("Could not find parameter with name: {}", change.ParameterName));
        };
        if !allows(allowed, &change.ParameterValue) {
            return value(format!(
                "Invalid parameter value: {} for: {name} allowed values are: {allowed}",
                change.ParameterValue
            ));
        }
    }
    group.values.extend(ask.Parameters.into_iter().map(|change| (change.ParameterName, change.ParameterValue)));
    Ok(Modified { DBClusterParameterGroupName: key.1 })
}

/// Whether `value` is one of `a,b,1-9`.
fn allows(allowed: &str, value: &str) -> bool {
    allowed.split(',').any(|one| {
        let range =
            one.split_once('-').and_then(|(low, high)| Some((low.parse::<i64>().ok()?, high.parse::<i64>().ok()?)));
        match (range, value.parse::<i64>()) {
            (Some((low, high)), Ok(value)) => (low..=high).contains(&value),
            _ => one == value,
        }
    })
}

pub fn delete(world: &mut World, caller: &Caller, ask: Named) -> Answer<Empty> {
    let key = (caller.region.clone(), ask.DBClusterParameterGroupName);
    if !world.aurora.parameter_groups.contains_key(&key) {
        return Err(no_parameter_group(&key.1));
    }
    if world.aurora.clusters.values().any(|cluster| cluster.region == key.0 && cluster.parameter_group == key.1) {
        return refuse(
            "InvalidDBParameterGroupState",
            format!(
                "One or more database instances are still members of this parameter group {}, so the group cannot be deleted",
                key.1
            ),
        );
    }
    world.aurora.parameter_groups.remove(&key);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn values_are_one_of_a_list_or_in_a_range() {
        let rpo = "-1,20-2147483647";
        assert!(allows(rpo, "-1") && allows(rpo, "20") && allows(rpo, "60"));
        assert!(!allows(rpo, "19") && !allows(rpo, "soon"));
        assert!(allows("SESSION,OFF", "OFF") && !allows("SESSION,OFF", "off"));
    }
}
