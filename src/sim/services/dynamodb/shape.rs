//! A table as it is told.

use crate::moment::Moment;
use crate::world::ACCOUNT;
use crate::world::dynamo::{Status, Table, value};
use serde::{Deserialize, Serialize};

pub fn arn(table: &Table) -> String {
    format!("arn:aws:dynamodb:{}:{ACCOUNT}:table/{}", table.region, table.name)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attribute {
    pub AttributeName: String,
    pub AttributeType: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyElement {
    pub AttributeName: String,
    pub KeyType: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stream {
    pub StreamEnabled: bool,
    pub StreamViewType: Option<String>,
}

#[derive(Serialize)]
pub struct Told {
    TableName: String,
    TableArn: String,
    TableId: String,
    TableStatus: &'static str,
    CreationDateTime: Moment,
    AttributeDefinitions: Vec<Attribute>,
    KeySchema: Vec<KeyElement>,
    ItemCount: u64,
    TableSizeBytes: u64,
    ProvisionedThroughput: Throughput,
    BillingModeSummary: Option<Billing>,
    StreamSpecification: Option<Stream>,
    LatestStreamLabel: Option<String>,
    LatestStreamArn: Option<String>,
    DeletionProtectionEnabled: bool,
    GlobalTableVersion: Option<&'static str>,
    MultiRegionConsistency: Option<&'static str>,
    Replicas: Option<Vec<Replica>>,
    GlobalTableWitnesses: Option<Vec<Witness>>,
    GlobalTableSettingsReplicationMode: Option<&'static str>,
}

#[derive(Serialize)]
struct Throughput {
    ReadCapacityUnits: u64,
    WriteCapacityUnits: u64,
    NumberOfDecreasesToday: u64,
}

#[derive(Serialize)]
struct Billing {
    BillingMode: &'static str,
}

#[derive(Serialize)]
struct Replica {
    RegionName: String,
    ReplicaStatus: &'static str,
    ReplicaStatusPercentProgress: Option<String>,
    GlobalTableSettingsReplicationMode: &'static str,
}

#[derive(Serialize)]
struct Witness {
    RegionName: String,
    WitnessStatus: &'static str,
}

/// What a replica's settings are: the table's, save for some (API Reference, TableDescription).
const SETTINGS: &str = "ENABLED_WITH_OVERRIDES";

/// ItemCount and TableSizeBytes are brought up to date about every six hours (API Reference); here at once.
pub fn told(table: &Table, now: Moment) -> Told {
    let (items, bytes) = table.all().fold((0, 0), |(n, bytes), (_, item)| (n + 1, bytes + value::size(item) as u64));
    let element = |name: &String, kind: &str| KeyElement { AttributeName: name.clone(), KeyType: kind.into() };
    let hash = std::iter::once(element(&table.hash, "HASH"));
    let label = table.stream.as_ref().map(|_| table.stream_label.iso().trim_end_matches('Z').to_string());
    let (reads, writes) = table.provisioned.unwrap_or((0, 0));
    Told {
        TableName: table.name.clone(),
        TableArn: arn(table),
        TableId: table.id.clone(),
        TableStatus: table.status.word(),
        CreationDateTime: table.created,
        AttributeDefinitions: table
            .definitions
            .iter()
            .map(|(name, kind)| Attribute { AttributeName: name.clone(), AttributeType: kind.clone() })
            .collect(),
        KeySchema: hash.chain(table.range.as_ref().map(|name| element(name, "RANGE"))).collect(),
        ItemCount: items,
        TableSizeBytes: bytes,
        ProvisionedThroughput: Throughput {
            ReadCapacityUnits: reads,
            WriteCapacityUnits: writes,
            NumberOfDecreasesToday: 0,
        },
        BillingModeSummary: table.provisioned.is_none().then_some(Billing { BillingMode: "PAY_PER_REQUEST" }),
        StreamSpecification: table
            .stream
            .clone()
            .map(|view| Stream { StreamEnabled: true, StreamViewType: Some(view) }),
        LatestStreamArn: label.as_ref().map(|label| format!("{}/stream/{label}", arn(table))),
        LatestStreamLabel: label,
        DeletionProtectionEnabled: table.protected,
        GlobalTableVersion: table.strong.map(|_| "2019.11.21"),
        // eventual consistency, which is usual, is not told
        MultiRegionConsistency: table.strong.filter(|strong| *strong).map(|_| "STRONG"),
        Replicas: table
            .strong
            .map(|_| table.replicas.iter().map(|(region, replica)| told_of(region, *replica, now)).collect()),
        GlobalTableWitnesses: table.witness.as_ref().map(|(region, witness)| {
            vec![Witness { RegionName: region.clone(), WitnessStatus: witness.status.word() }]
        }),
        GlobalTableSettingsReplicationMode: table.strong.map(|_| SETTINGS),
    }
}

fn told_of(region: &str, replica: crate::world::dynamo::Replica, now: Moment) -> Replica {
    let percent = replica.due.filter(|_| replica.status == Status::Creating).map(|due| {
        let (done, all) = (now.since(replica.since).as_secs_f64(), due.since(replica.since).as_secs_f64());
        format!("{:.0}", (100.0 * done / all.max(1.0)).min(99.0))
    });
    Replica {
        RegionName: region.to_string(),
        ReplicaStatus: replica.status.word(),
        ReplicaStatusPercentProgress: percent,
        GlobalTableSettingsReplicationMode: SETTINGS,
    }
}
