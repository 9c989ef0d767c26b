//! What UpdateTable does to replicas and witnesses: made and dropped one at a time, or, where the table is to be or is
//! strongly consistent, all in one call.

use super::refuse::{invalid, not_found};
use crate::doc::Doc;
use crate::geo;
use crate::operation::{Answer, Refusal};
use crate::world::World;
use crate::world::dynamo::{self, Members, Table};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
pub struct ReplicaUpdate {
    Create: Option<New>,
    Delete: Option<Old>,
    Update: Option<Doc>,
}

#[derive(Deserialize)]
struct New {
    RegionName: String,
    KMSMasterKeyId: Option<Doc>,
    ProvisionedThroughputOverride: Option<Doc>,
    OnDemandThroughputOverride: Option<Doc>,
    GlobalSecondaryIndexes: Option<Doc>,
    TableClassOverride: Option<Doc>,
}

#[derive(Deserialize)]
struct Old {
    RegionName: String,
}

#[derive(Deserialize)]
pub struct WitnessUpdate {
    Create: Option<Old>,
    Delete: Option<Old>,
}

/// What a call wants, once its form is right.
pub enum Change {
    Make(Members),
    Drop { replicas: Vec<String>, witness: bool },
}

/// Reads what a call wants of a table; what is refused here is so whatever the table is doing.
pub fn read(
    table: &Table,
    updates: &[ReplicaUpdate],
    witnesses: &[WitnessUpdate],
    mode: Option<&str>,
) -> Answer<Change> {
    let strong = match mode {
        None | Some("EVENTUAL") => false,
        Some("STRONG") => true,
        Some(other) => {
            return Err(invalid(format!(
                "1 validation error detected: Value '{other}' at 'multiRegionConsistency' failed to satisfy constraint: Member must satisfy enum value set: [EVENTUAL, STRONG]"
            )));
        }
    };
    let (made, dropped) = regions(updates)?;
    let (watching, unwatching) = witness(witnesses)?;
    if watching.is_some() && !strong {
        return Err(invalid(
            "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.",
        ));
    }
    if made.iter().chain(&dropped).any(|region| *region == table.region) {
        return Err(invalid(
            "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.",
        ));
    }
    if !dropped.is_empty() {
        if mode.is_some() {
            return Err(invalid(
                "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.",
            ));
        }
        return drop_of(table, dropped, unwatching);
    }
    if strong {
        three(table, &made, watching.as_ref())?;
    }
    match (table.strong, mode) {
        (Some(_), Some("STRONG")) | (Some(true), Some(_)) => {
            return Err(invalid("MultiRegionConsistency parameter is unsupported on existing global table"));
        }
        (Some(true), None) => {
            return Err(invalid("Cannot add replicas to a global table with strong MultiRegionConsistency"));
        }
        _ if made.len() > 1 && !strong => return Err(one_only()),
        _ => {}
    }
    Ok(Change::Make(Members { replicas: made, witness: watching, strong }))
}

fn one_only() -> Refusal {
    invalid("Update table operation with more than one create or delete replica actions not allowed")
}

/// The Regions to make and to drop replicas in.
fn regions(updates: &[ReplicaUpdate]) -> Answer<(Vec<String>, Vec<String>)> {
    let (mut made, mut dropped): (Vec<String>, Vec<String>) = (vec![], vec![]);
    for update in updates {
        match (&update.Create, &update.Delete, &update.Update) {
            (Some(new), None, None) => {
                overrides(new)?;
                if geo::region(&new.RegionName).is_none() {
                    let known: Vec<&str> = geo::REGIONS.iter().map(|region| region.name).collect();
                    return Err(invalid(format!(
                        "Region {} is not supported. The latest version of global tables are only supported in the following regions: [{}]",
                        new.RegionName,
                        known.join(", ")
                    )));
                }
                // one that is asked for twice is made once
                if !made.contains(&new.RegionName) {
                    made.push(new.RegionName.clone());
                }
            }
            (None, Some(old), None) => dropped.push(old.RegionName.clone()),
            (None, None, Some(_)) => return Err(invalid("Replicas are not updated one by one here")),
            (None, None, None) => {
                return Err(invalid("One or more parameter values were invalid: no actions specified"));
            }
            _ => {
                return Err(invalid("Update table operation with more than one type of replica actions not allowed"));
            }
        }
    }
    if !made.is_empty() && !dropped.is_empty() {
        return Err(one_only());
    }
    Ok((made, dropped))
}

fn overrides(new: &New) -> Answer<()> {
    let given = [
        ("KMSMasterKeyId", &new.KMSMasterKeyId),
        ("ProvisionedThroughputOverride", &new.ProvisionedThroughputOverride),
        ("OnDemandThroughputOverride", &new.OnDemandThroughputOverride),
        ("GlobalSecondaryIndexes", &new.GlobalSecondaryIndexes),
        ("TableClassOverride", &new.TableClassOverride),
    ];
    match given.iter().find(|(_, value)| value.is_some()) {
        Some((name, _)) => Err(invalid(format!("{name} of a replica is not known here"))),
        None => Ok(()),
    }
}

/// The Region of a witness to make, or of one to drop.
fn witness(updates: &[WitnessUpdate]) -> Answer<(Option<String>, Option<String>)> {
    let region = |one: &Option<Old>| one.as_ref().map(|one| one.RegionName.clone());
    match updates {
        [] => Ok((None, None)),
        [one] if one.Create.is_some() && one.Delete.is_some() => {
            Err(invalid("Update table operation with more than one type of witness actions not allowed"))
        }
        [one] => Ok((region(&one.Create), region(&one.Delete))),
        _ => Err(invalid(
            "1 validation error detected: Value at 'globalTableWitnessUpdates' failed to satisfy constraint: Member must have length less than or equal to 1",
        )),
    }
}

/// A strongly consistent table is in exactly three Regions of one set (Developer Guide, global tables: how it works).
fn three(table: &Table, made: &[String], witness: Option<&String>) -> Answer<()> {
    if made.is_empty() || made.len() + usize::from(witness.is_some()) != 2 {
        return Err(invalid("Unsupported replica count for global tables with MultiRegionConsistency set to STRONG."));
    }
    let set = dynamo::region_set(&table.region).unwrap_or(&[]);
    let outside: BTreeSet<&str> = [&table.region]
        .into_iter()
        .chain(made)
        .chain(witness)
        .map(String::as_str)
        .filter(|region| !set.contains(region))
        .collect();
    if !outside.is_empty() {
        return Err(invalid(format!(
            "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to STRONG: [{}].",
            outside.into_iter().collect::<Vec<_>>().join(", ")
        )));
    }
    match witness {
        Some(region) if *region == table.region => Err(invalid(
            "Cannot add a witness in the same region as an existing replica when creating a global table with MultiRegionConsistency set to STRONG.",
        )),
        Some(region) if made.contains(region) => Err(invalid("Cannot target multiple regions with the same action")),
        _ => Ok(()),
    }
}

fn drop_of(table: &Table, replicas: Vec<String>, witness: Option<String>) -> Answer<Change> {
    let missing: Vec<&str> =
        replicas.iter().filter(|region| !table.replicas.contains_key(*region)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(invalid(format!(
            "Update global table operation failed because one or more replicas were not part of the global table. Please retry the request without these replicas: [{}].",
            missing.join(", ")
        )));
    }
    let watches = table.witness.as_ref().map(|(region, _)| region);
    if let Some(region) = witness.as_ref().filter(|region| watches != Some(region)) {
        return Err(invalid(format!(
            "Update global table operation failed because one or more witnesses were not part of the global table. Please retry the request without these witnesses: [{region}]."
        )));
    }
    if table.strong == Some(true) {
        if watches.is_some() && witness.is_none() {
            return Err(invalid("Update table delete operation does not include all witnesses."));
        }
        if replicas.len() != table.replicas.len() {
            return Err(one_replica());
        }
    } else if replicas.len() > 1 {
        return Err(one_only());
    }
    Ok(Change::Drop { replicas, witness: witness.is_some() })
}

/// Why a Region of a strongly consistent table does not go by itself.
pub fn one_replica() -> Refusal {
    invalid(
        "Deletion of only one table replica is not supported for global tables with MultiRegionConsistency set to STRONG.",
    )
}

/// Why a replica stays.
pub fn stays(world: &World, key: &dynamo::Key) -> Answer<()> {
    let table = world.dynamo.tables.get(key).ok_or_else(not_found)?;
    if table.protected {
        return Err(invalid(match table.strong {
            Some(_) => format!(
                "Cannot delete table {} in region {} because it has deletion protection enabled. Disable deletion protection first.",
                table.name, table.region
            ),
            None => "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.".into(),
        }));
    }
    if dynamo::sourced(world, key) {
        return Err(invalid(
            "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.",
        ));
    }
    Ok(())
}

pub fn apply(world: &mut World, at: &dynamo::Key, change: Change) -> Answer<()> {
    match change {
        Change::Make(members) => {
            can_grow(world, at, &members)?;
            dynamo::made(world, at, &members);
        }
        Change::Drop { replicas, witness } => {
            for region in &replicas {
                stays(world, &(region.clone(), at.1.clone()))?;
            }
            dynamo::dropped(world, at, &replicas, witness);
        }
    }
    Ok(())
}

fn can_grow(world: &World, at: &dynamo::Key, members: &Members) -> Answer<()> {
    let table = world.dynamo.tables.get(at).ok_or_else(not_found)?;
    if members.replicas.iter().any(|region| world.dynamo.table(region, &at.1).is_some()) {
        return Err(invalid(format!(
            "Failed to create a the new replica of table with name: \u{2018}{}\u{2019} because one or more replicas already existed as tables.",
            at.1
        )));
    }
    if table.provisioned.is_some() {
        return Err(invalid("Table write capacity should either be Pay-Per-Request or AutoScaled."));
    }
    // (both recalled)
    if members.strong && table.all().next().is_some() {
        return Err(invalid(
            "Table must be empty when creating a global table with MultiRegionConsistency set to STRONG.",
        ));
    }
    if members.strong && table.ttl.is_some() {
        return Err(invalid(
            "Time to Live is not supported for global tables with MultiRegionConsistency set to STRONG.",
        ));
    }
    Ok(())
}
