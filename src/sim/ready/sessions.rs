//! The tables of the stack: sessions in every Region, and the control table in three Regions of one set.

use super::deployer::{Deployer, ReadyError, text};
use super::shape::Shape;
use crate::doc::Doc;
use crate::world::dynamo;
use serde_json::json;
use std::time::Duration;

const DYNAMODB: &str = "dynamodb";
/// For a table or a replica to be there.
const ACTIVE: Duration = Duration::from_secs(15 * 60);

/// Makes both tables and waits until every replica is active.
pub fn tables(deployer: &mut Deployer<'_>, shape: &Shape) -> Result<(), ReadyError> {
    let Some(home) = shape.regions.first().map(|member| member.name.as_str()) else { return Ok(()) };
    sessions(deployer, shape, home)?;
    control(deployer, shape, home)
}

fn sessions(deployer: &mut Deployer<'_>, shape: &Shape, home: &str) -> Result<(), ReadyError> {
    let name = shape.named("sessions");
    let spec = json!({
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "session_id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "session_id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "DeletionProtectionEnabled": true,
    });
    let tags = shape.tag_list("sessions", &spec);
    create(deployer, home, spec, tags.clone())?;
    let ttl = json!({"Enabled": true, "AttributeName": "expires_at"});
    let ask = json!({"TableName": name, "TimeToLiveSpecification": ttl});
    deployer.call(DYNAMODB, "UpdateTimeToLive", home, ask)?;
    for peer in shape.peers(home) {
        let ask = json!({"TableName": name, "ReplicaUpdates": [{"Create": {"RegionName": peer.name}}]});
        deployer.call(DYNAMODB, "UpdateTable", home, ask)?;
        active(deployer, &name, home)?;
        active(deployer, &name, &peer.name)?;
        own(deployer, &name, &peer.name, &tags)?;
    }
    for member in &shape.regions {
        let recovery = json!({"PointInTimeRecoveryEnabled": true});
        let ask = json!({"TableName": name, "PointInTimeRecoverySpecification": recovery});
        deployer.call(DYNAMODB, "UpdateContinuousBackups", &member.name, ask)?;
    }
    Ok(())
}

/// Strongly consistent tables are in three Regions of one set, whatever Regions the stack is in.
fn control(deployer: &mut Deployer<'_>, shape: &Shape, home: &str) -> Result<(), ReadyError> {
    let known = |region: &&&str| crate::geo::region(region).is_some();
    let set = dynamo::region_set(home).or_else(|| dynamo::region_set("us-east-1")).unwrap_or(&[]);
    let mut regions: Vec<&str> = set.iter().filter(known).copied().collect();
    regions.sort_by_key(|region| *region != home);
    let [first, others @ ..] = &regions[..] else { return Ok(()) };
    let name = shape.named("control");
    let spec = json!({
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"},
        ],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": true,
    });
    let tags = shape.tag_list("control", &spec);
    create(deployer, first, spec, tags.clone())?;
    let replicas: Vec<Doc> = others.iter().take(2).map(|region| json!({"Create": {"RegionName": region}})).collect();
    let ask = json!({"TableName": name, "MultiRegionConsistency": "STRONG", "ReplicaUpdates": replicas});
    deployer.call(DYNAMODB, "UpdateTable", first, ask)?;
    active(deployer, &name, first)?;
    others.iter().take(2).try_for_each(|region| own(deployer, &name, region, &tags))
}

/// Tags and protection are each replica's own.
fn own(deployer: &mut Deployer<'_>, name: &str, region: &str, tags: &Doc) -> Result<(), ReadyError> {
    let table = deployer.call(DYNAMODB, "DescribeTable", region, json!({"TableName": name}))?;
    let ask = json!({"ResourceArn": text(&table, "/Table/TableArn")?, "Tags": tags});
    deployer.call(DYNAMODB, "TagResource", region, ask)?;
    let ask = json!({"TableName": name, "DeletionProtectionEnabled": true});
    deployer.call(DYNAMODB, "UpdateTable", region, ask)?;
    active(deployer, name, region)
}

fn create(deployer: &mut Deployer<'_>, region: &str, mut spec: Doc, tags: Doc) -> Result<(), ReadyError> {
    let name = spec["TableName"].as_str().unwrap_or_default().to_string();
    spec["Tags"] = tags;
    deployer.call(DYNAMODB, "CreateTable", region, spec)?;
    active(deployer, &name, region)
}

/// Waits until the table and every replica that it tells of are active.
fn active(deployer: &mut Deployer<'_>, name: &str, region: &str) -> Result<(), ReadyError> {
    deployer.wait("an active table", ACTIVE, |deployer| {
        let found = deployer.call(DYNAMODB, "DescribeTable", region, json!({"TableName": name}))?;
        let replicas = found.pointer("/Table/Replicas").and_then(Doc::as_array).cloned().unwrap_or_default();
        let there = |replica: &Doc| replica["ReplicaStatus"] == "ACTIVE";
        Ok(text(&found, "/Table/TableStatus")? == "ACTIVE" && replicas.iter().all(there))
    })
}
