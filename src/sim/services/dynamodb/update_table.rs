//! UpdateTable: replicas, consistency, protection, billing, streams.

use super::refuse::{in_use, invalid, key, no_table, not_found};
use super::shape::{self, Stream, Told};
use super::tables::Throughput;
use crate::doc::Doc;
use crate::geo;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dynamo::{self, Status, Table};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Update {
    TableName: String,
    BillingMode: Option<String>,
    ProvisionedThroughput: Option<Throughput>,
    StreamSpecification: Option<Stream>,
    DeletionProtectionEnabled: Option<bool>,
    ReplicaUpdates: Option<Vec<ReplicaUpdate>>,
    MultiRegionConsistency: Option<String>,
    GlobalTableWitnessUpdates: Option<Doc>,
    GlobalSecondaryIndexUpdates: Option<Doc>,
}

#[derive(Deserialize)]
struct ReplicaUpdate {
    Create: Option<Region>,
    Delete: Option<Region>,
    Update: Option<Doc>,
}

#[derive(Deserialize)]
struct Region {
    RegionName: String,
}

#[derive(Serialize)]
pub struct Updated {
    TableDescription: Told,
}

pub fn update(world: &mut World, caller: &Caller, ask: Update) -> Answer<Updated> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    let busy =
        table.status != Status::Active || table.replicas.values().any(|replica| replica.status != Status::Active);
    if busy {
        return Err(in_use(format!(
            "Attempt to change a resource which is still in use: Table is being updated: {}",
            at.1
        )));
    }
    if ask.GlobalSecondaryIndexUpdates.is_some() || ask.GlobalTableWitnessUpdates.is_some() {
        return Err(invalid("Secondary indexes and witnesses are not known here"));
    }
    if let Some(updates) = &ask.ReplicaUpdates {
        replicas(world, &at, updates, ask.MultiRegionConsistency.as_deref())?;
    } else if ask.MultiRegionConsistency.is_some() {
        return Err(invalid("MultiRegionConsistency can only be specified when replicas are created"));
    } else {
        settings(world, &at, &ask)?;
    }
    let table = world.dynamo.tables.get(&at).ok_or_else(not_found)?;
    Ok(Updated { TableDescription: shape::told(table, world.now) })
}

fn settings(world: &mut World, at: &dynamo::Key, ask: &Update) -> Answer<()> {
    let soon = dynamo::soon(world);
    let now = world.now;
    let table = world.dynamo.tables.get_mut(at).ok_or_else(not_found)?;
    if let Some(protected) = ask.DeletionProtectionEnabled {
        table.protected = protected;
    }
    match (ask.BillingMode.as_deref(), &ask.ProvisionedThroughput) {
        (Some("PAY_PER_REQUEST"), _) => table.provisioned = None,
        (_, Some(wanted)) => table.provisioned = Some(wanted.units()),
        _ => {}
    }
    if let Some(stream) = &ask.StreamSpecification {
        table.stream =
            stream.StreamEnabled.then(|| stream.StreamViewType.clone().unwrap_or_else(|| "NEW_AND_OLD_IMAGES".into()));
        table.stream_label = now;
    }
    (table.status, table.due) = (Status::Updating, Some(now + soon));
    Ok(())
}

fn replicas(world: &mut World, at: &dynamo::Key, updates: &[ReplicaUpdate], consistency: Option<&str>) -> Answer<()> {
    let table = world.dynamo.tables.get(at).ok_or_else(not_found)?;
    if updates.iter().any(|update| update.Update.is_some()) {
        return Err(invalid("Replicas are not updated one by one here"));
    }
    let created: Vec<String> =
        updates.iter().filter_map(|update| Some(update.Create.as_ref()?.RegionName.clone())).collect();
    let deleted: Vec<String> =
        updates.iter().filter_map(|update| Some(update.Delete.as_ref()?.RegionName.clone())).collect();
    match (&created[..], &deleted[..]) {
        ([], [region]) => {
            if !table.replicas.contains_key(region) {
                return Err(invalid(format!(
                    "Replica specified in the Replica Update or Replica Delete action of the request was not found. Region: {region}"
                )));
            }
            if table.strong == Some(true) {
                return Err(invalid(
                    "A replica of a table with multi-Region strong consistency cannot be deleted alone",
                ));
            }
            dynamo::drop_replica(world, at, region);
        }
        ([_, ..], []) => {
            let strong = strong(table, &created, consistency)?;
            for region in &created {
                can_join(world, at, region)?;
            }
            dynamo::replicas_made(world, at, &created, strong);
        }
        _ => {
            return Err(invalid(
                "One or more parameter values were invalid: replicas are either created or deleted, one at a time",
            ));
        }
    }
    Ok(())
}

/// Whether the new replicas make a strongly consistent table.
fn strong(table: &Table, created: &[String], consistency: Option<&str>) -> Answer<bool> {
    match consistency {
        Some("STRONG") => {}
        None | Some("EVENTUAL") if table.strong == Some(true) => {
            return Err(invalid("Replicas cannot be added to a table with multi-Region strong consistency"));
        }
        None | Some("EVENTUAL") => {
            if created.len() > 1 {
                return Err(invalid(
                    "One or more parameter values were invalid: only one replica can be created at a time",
                ));
            }
            return Ok(false);
        }
        Some(other) => return Err(invalid(format!("MultiRegionConsistency must be EVENTUAL or STRONG, not {other}"))),
    }
    if table.strong.is_some() {
        return Err(invalid("The consistency mode of a global table cannot be changed"));
    }
    if table.all().next().is_some() {
        return Err(invalid("The table must be empty to be converted to multi-Region strong consistency"));
    }
    if table.ttl.is_some() {
        return Err(invalid("Time to Live is not supported for tables with multi-Region strong consistency"));
    }
    let set = dynamo::region_set(&table.region).unwrap_or(&[]);
    if created.len() != 2 || created.iter().any(|region| !set.contains(&region.as_str())) {
        return Err(invalid(format!(
            "Multi-Region strong consistency needs replicas in exactly three Regions of one Region set: [{}]",
            set.join(", ")
        )));
    }
    Ok(true)
}

fn can_join(world: &World, at: &dynamo::Key, region: &str) -> Answer<()> {
    if geo::region(region).is_none() {
        return Err(invalid(format!("Unsupported region: {region}")));
    }
    let table = world.dynamo.tables.get(at).ok_or_else(not_found)?;
    if region == at.0 || table.replicas.contains_key(region) {
        return Err(invalid(format!(
            "Failed to create a the new replica of table with name: '{}' because one or more replicas already existed as tables. Region: {region}",
            at.1
        )));
    }
    if world.dynamo.table(region, &at.1).is_some() {
        return Err(invalid(format!(
            "Failed to create a the new replica of table with name: '{}' because one or more replicas already existed as tables.",
            at.1
        )));
    }
    if table.provisioned.is_some() {
        return Err(invalid("Table write capacity should either be Pay-Per-Request or AutoScaled."));
    }
    if table.stream.as_deref().is_some_and(|view| view != "NEW_AND_OLD_IMAGES") {
        return Err(invalid("Table must have stream view type NEW_AND_OLD_IMAGES to add a replica"));
    }
    Ok(())
}
