//! Time to live and point-in-time recovery.

use super::refuse::{invalid, key, no_table};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::dynamo::Table;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Named {
    TableName: String,
}

#[derive(Deserialize)]
pub struct UpdateTtl {
    TableName: String,
    TimeToLiveSpecification: Ttl,
}

#[derive(Serialize, Deserialize)]
struct Ttl {
    Enabled: bool,
    AttributeName: String,
}

#[derive(Serialize)]
pub struct UpdatedTtl {
    TimeToLiveSpecification: Ttl,
}

/// It is replicated: every replica has the same.
pub fn update_ttl(world: &mut World, caller: &Caller, ask: UpdateTtl) -> Answer<UpdatedTtl> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    let wanted = ask.TimeToLiveSpecification;
    if table.strong == Some(true) {
        return Err(invalid(
            "Time to Live is not supported for global tables with MultiRegionConsistency set to STRONG.",
        ));
    }
    if table.ttl.is_some() == wanted.Enabled {
        return Err(invalid(if wanted.Enabled {
            "TimeToLive is already enabled"
        } else {
            "TimeToLive is already disabled"
        }));
    }
    let group: Vec<String> = table.replicas.keys().cloned().chain([at.0.clone()]).collect();
    let ours = |table: &&mut Table| table.name == at.1 && group.contains(&table.region);
    for table in world.dynamo.tables.values_mut().filter(ours) {
        table.ttl = wanted.Enabled.then(|| wanted.AttributeName.clone());
    }
    Ok(UpdatedTtl { TimeToLiveSpecification: wanted })
}

#[derive(Serialize)]
pub struct DescribedTtl {
    TimeToLiveDescription: TtlTold,
}

#[derive(Serialize)]
struct TtlTold {
    TimeToLiveStatus: &'static str,
    AttributeName: Option<String>,
}

pub fn describe_ttl(world: &mut World, caller: &Caller, ask: Named) -> Answer<DescribedTtl> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| no_table(&at.1))?;
    let status = if table.ttl.is_some() { "ENABLED" } else { "DISABLED" };
    Ok(DescribedTtl { TimeToLiveDescription: TtlTold { TimeToLiveStatus: status, AttributeName: table.ttl.clone() } })
}

#[derive(Deserialize)]
pub struct UpdateBackups {
    TableName: String,
    PointInTimeRecoverySpecification: Recovery,
}

#[derive(Deserialize)]
struct Recovery {
    PointInTimeRecoveryEnabled: bool,
}

#[derive(Serialize)]
pub struct Backups {
    ContinuousBackupsDescription: BackupsTold,
}

#[derive(Serialize)]
struct BackupsTold {
    ContinuousBackupsStatus: &'static str,
    PointInTimeRecoveryDescription: RecoveryTold,
}

#[derive(Serialize)]
struct RecoveryTold {
    PointInTimeRecoveryStatus: &'static str,
    EarliestRestorableDateTime: Option<Moment>,
    LatestRestorableDateTime: Option<Moment>,
}

fn missing(name: &str) -> Refusal {
    Refusal::new(400, "TableNotFoundException", format!("Table not found: {name}"))
}

/// Each replica has its own (Developer Guide, global tables).
pub fn update_backups(world: &mut World, caller: &Caller, ask: UpdateBackups) -> Answer<Backups> {
    let (at, now) = (key(caller, &ask.TableName), world.now);
    let table = world.dynamo.tables.get_mut(&at).ok_or_else(|| missing(&at.1))?;
    let wanted = ask.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
    table.recovery = wanted.then(|| table.recovery.unwrap_or(now));
    Ok(backups(table.recovery, now))
}

pub fn describe_backups(world: &mut World, caller: &Caller, ask: Named) -> Answer<Backups> {
    let at = key(caller, &ask.TableName);
    let table = world.dynamo.tables.get(&at).ok_or_else(|| missing(&at.1))?;
    Ok(backups(table.recovery, world.now))
}

fn backups(since: Option<Moment>, now: Moment) -> Backups {
    Backups {
        ContinuousBackupsDescription: BackupsTold {
            ContinuousBackupsStatus: "ENABLED",
            PointInTimeRecoveryDescription: RecoveryTold {
                PointInTimeRecoveryStatus: if since.is_some() { "ENABLED" } else { "DISABLED" },
                EarliestRestorableDateTime: since,
                LatestRestorableDateTime: since.map(|_| now),
            },
        },
    }
}
