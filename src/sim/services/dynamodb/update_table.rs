//! UpdateTable: protection, billing, streams; replicas and witnesses are in `replicas`.

use super::refuse::{in_use, invalid, key, no_table, not_found};
use super::replicas::{self, ReplicaUpdate, WitnessUpdate};
use super::shape::{self, Stream, Told};
use super::tables::Throughput;
use crate::doc::Doc;
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
    #[serde(default)]
    ReplicaUpdates: Vec<ReplicaUpdate>,
    MultiRegionConsistency: Option<String>,
    #[serde(default)]
    GlobalTableWitnessUpdates: Vec<WitnessUpdate>,
    GlobalSecondaryIndexUpdates: Option<Doc>,
    SSESpecification: Option<Doc>,
    TableClass: Option<String>,
    OnDemandThroughput: Option<Doc>,
    WarmThroughput: Option<Doc>,
    GlobalTableSettingsReplicationMode: Option<String>,
}

#[derive(Serialize)]
pub struct Updated {
    TableDescription: Told,
}

// The wordings here and in `replicas` were recorded from AWS by ack-api-quirks, `services/dynamodb`.
const NOTHING: &str = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required";

pub fn update(world: &mut World, caller: &Caller, ask: Update) -> Answer<Updated> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    known(&ask)?;
    let strong = ask.MultiRegionConsistency.as_deref();
    let change = match (ask.ReplicaUpdates.is_empty(), sets(&ask)) {
        (true, false) => return Err(invalid(NOTHING)),
        (true, true) => None,
        (false, alone) => {
            let change = replicas::read(table, &ask.ReplicaUpdates, &ask.GlobalTableWitnessUpdates, strong)?;
            if alone {
                return Err(invalid(match strong {
                    Some(_) => "Requests that modify replicas or witnesses must not also modify other fields",
                    None => {
                        "One or more parameter values were invalid: Replica modification must be the only operation in the request"
                    }
                }));
            }
            Some(change)
        }
    };
    free(table)?;
    match change {
        Some(change) => replicas::apply(world, &at, change)?,
        None => settings(world, &at, &ask)?,
    }
    let table = world.dynamo.tables.get(&at).ok_or_else(not_found)?;
    Ok(Updated { TableDescription: shape::told(table, world.now) })
}

/// Whether it changes anything of the table itself.
fn sets(ask: &Update) -> bool {
    ask.BillingMode.is_some()
        || ask.ProvisionedThroughput.is_some()
        || ask.StreamSpecification.is_some()
        || ask.DeletionProtectionEnabled.is_some()
}

fn known(ask: &Update) -> Answer<()> {
    let unknown = [
        ("GlobalSecondaryIndexUpdates", ask.GlobalSecondaryIndexUpdates.is_some()),
        ("SSESpecification", ask.SSESpecification.is_some()),
        ("TableClass", ask.TableClass.is_some()),
        ("OnDemandThroughput", ask.OnDemandThroughput.is_some()),
        ("WarmThroughput", ask.WarmThroughput.is_some()),
        ("GlobalTableSettingsReplicationMode", ask.GlobalTableSettingsReplicationMode.is_some()),
    ];
    match unknown.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(invalid(format!("{name} is not known here"))),
        None => Ok(()),
    }
}

/// A table is changed once at a time, its replicas included.
pub fn free(table: &Table) -> Answer<()> {
    if table.status != Status::Active {
        return Err(in_use(format!(
            "Attempt to change a resource which is still in use: Table is being {}: {}",
            match table.status {
                Status::Creating => "created",
                Status::Deleting => "deleted",
                _ => "updated",
            },
            table.name
        )));
    }
    let others = table.replicas.values().chain(table.witness.as_ref().map(|(_, witness)| witness));
    if others.into_iter().any(|other| other.status != Status::Active) {
        return Err(in_use("The resource which you are attempting to change is in use."));
    }
    Ok(())
}

fn settings(world: &mut World, at: &dynamo::Key, ask: &Update) -> Answer<()> {
    let soon = dynamo::soon(world);
    let now = world.now;
    let table = world.dynamo.tables.get_mut(at).ok_or_else(not_found)?;
    if let Some(stream) = &ask.StreamSpecification {
        let global = !table.replicas.is_empty();
        if global && !stream.StreamEnabled {
            return Err(invalid("Disabling Stream is not allowed for a Global Table replica"));
        }
        if stream.StreamEnabled && table.stream.is_some() {
            return Err(invalid(format!("Table already has an enabled stream: TableName: {}", table.name)));
        }
        table.stream =
            stream.StreamEnabled.then(|| stream.StreamViewType.clone().unwrap_or_else(|| "NEW_AND_OLD_IMAGES".into()));
        table.stream_label = now;
    }
    if let Some(protected) = ask.DeletionProtectionEnabled {
        table.protected = protected;
    }
    match (ask.BillingMode.as_deref(), &ask.ProvisionedThroughput) {
        (Some("PAY_PER_REQUEST"), _) => table.provisioned = None,
        (_, Some(wanted)) => table.provisioned = Some(wanted.units()),
        _ => {}
    }
    (table.status, table.due) = (Status::Updating, Some(now + soon));
    Ok(())
}
