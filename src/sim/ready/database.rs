//! The database of the stack: a global cluster with a member in every Region, all of them able to forward
//! writes, and the table that heartbeats go to.

use super::deployer::{Deployer, ReadyError, text};
use super::secrets;
use super::shape::Shape;
use crate::doc::Doc;
use crate::world::{ACCOUNT, uuid};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

const RDS: &str = "rds";
const ENGINE: &str = "aurora-postgresql";
const VERSION: &str = "16.6";
const FAMILY: &str = "aurora-postgresql16";
const CLASS: &str = "db.r6g.large";
/// Instances of a member.
const INSTANCES: u32 = 2;
/// For a member to be there: a secondary takes the longest.
const AVAILABLE: Duration = Duration::from_secs(30 * 60);

/// What tasks of a Region are told.
#[derive(Debug, Clone)]
pub struct Endpoints {
    pub reader: String,
    /// Follows the writer.
    pub global: String,
}

/// Makes the database and waits until every member follows.
pub fn database(deployer: &mut Deployer<'_>, shape: &Shape) -> Result<BTreeMap<String, Endpoints>, ReadyError> {
    let global = shape.named("db");
    let spec = json!({
        "GlobalClusterIdentifier": global, "Engine": ENGINE, "EngineVersion": VERSION,
        "DatabaseName": "app", "StorageEncrypted": true, "DeletionProtection": true,
    });
    let home = shape.regions.first().map_or("us-east-1", |member| member.name.as_str());
    let made = deployer.call(RDS, "CreateGlobalCluster", home, tagged(shape, "global-db", spec))?;
    let follows = text(&made, "/GlobalCluster/Endpoint")?;
    let mut arns = vec![];
    for member in &shape.regions {
        arns.push((member.name.clone(), cluster(deployer, shape, &member.name, member.name == home)?));
        available(deployer, shape, &member.name)?;
        for number in 1..=INSTANCES {
            instance(deployer, shape, &member.name, number)?;
        }
        if member.name == home {
            available(deployer, shape, home)?;
        }
    }
    for member in &shape.regions {
        available(deployer, shape, &member.name)?;
    }
    connected(deployer, &global, home)?;
    if let Some((region, arn)) = arns.first() {
        heartbeats(deployer, shape, region, arn)?;
    }
    let mut endpoints = BTreeMap::new();
    for member in &shape.regions {
        let found = described(deployer, shape, &member.name)?;
        let reader = text(&found, "/DBClusters/0/ReaderEndpoint")?;
        endpoints.insert(member.name.clone(), Endpoints { reader, global: follows.clone() });
    }
    Ok(endpoints)
}

fn id(shape: &Shape, region: &str) -> String {
    format!("{}-{region}", shape.named("db"))
}

fn cluster(deployer: &mut Deployer<'_>, shape: &Shape, region: &str, writer: bool) -> Result<String, ReadyError> {
    let group = shape.named("db");
    let spec = json!({
        "DBClusterParameterGroupName": group, "DBParameterGroupFamily": FAMILY, "Description": group,
    });
    deployer.call(RDS, "CreateDBClusterParameterGroup", region, tagged(shape, "db-parameters", spec))?;
    let subnets: Vec<String> = ["a", "b", "c"].map(|zone| format!("subnet-db{zone}")).to_vec();
    let spec = json!({ "DBSubnetGroupName": group, "DBSubnetGroupDescription": group, "SubnetIds": subnets });
    deployer.call(RDS, "CreateDBSubnetGroup", region, tagged(shape, "subnet-group", spec))?;
    let key = uuid(&["key", &shape.stack, region]);
    let mut spec = json!({
        "DBClusterIdentifier": id(shape, region), "GlobalClusterIdentifier": group,
        "Engine": ENGINE, "EngineVersion": VERSION,
        "DBClusterParameterGroupName": group, "DBSubnetGroupName": group,
        "EnableGlobalWriteForwarding": true, "EnableLocalWriteForwarding": true, "EnableHttpEndpoint": true,
        "StorageEncrypted": true, "KmsKeyId": format!("arn:aws:kms:{region}:{ACCOUNT}:key/{key}"),
        "BackupRetentionPeriod": 7, "DeletionProtection": true,
    });
    if writer {
        spec["MasterUsername"] = json!(secrets::MASTER);
        spec["MasterUserPassword"] = json!(secrets::password(shape));
        spec["DatabaseName"] = json!("app");
    }
    let made = deployer.call(RDS, "CreateDBCluster", region, tagged(shape, "db", spec))?;
    text(&made, "/DBCluster/DBClusterArn")
}

fn instance(deployer: &mut Deployer<'_>, shape: &Shape, region: &str, number: u32) -> Result<(), ReadyError> {
    let spec = json!({
        "DBInstanceIdentifier": format!("{}-{number}", id(shape, region)),
        "DBClusterIdentifier": id(shape, region), "Engine": ENGINE, "DBInstanceClass": CLASS,
    });
    deployer.call(RDS, "CreateDBInstance", region, tagged(shape, &format!("db-{number}"), spec))?;
    Ok(())
}

fn described(deployer: &mut Deployer<'_>, shape: &Shape, region: &str) -> Result<Doc, ReadyError> {
    deployer.call(RDS, "DescribeDBClusters", region, json!({ "DBClusterIdentifier": id(shape, region) }))
}

/// Waits until the cluster and every instance that it has are there.
fn available(deployer: &mut Deployer<'_>, shape: &Shape, region: &str) -> Result<(), ReadyError> {
    deployer.wait("an available cluster", AVAILABLE, |deployer| {
        let cluster = described(deployer, shape, region)?;
        let filter = json!([{ "Name": "db-cluster-id", "Values": [id(shape, region)] }]);
        let found = deployer.call(RDS, "DescribeDBInstances", region, json!({ "Filters": filter }))?;
        let instances = found["DBInstances"].as_array().cloned().unwrap_or_default();
        let there = |instance: &Doc| instance["DBInstanceStatus"] == "available";
        Ok(text(&cluster, "/DBClusters/0/Status")? == "available" && instances.iter().all(there))
    })
}

/// Waits until every secondary follows the writer.
fn connected(deployer: &mut Deployer<'_>, global: &str, region: &str) -> Result<(), ReadyError> {
    deployer.wait("connected members", AVAILABLE, |deployer| {
        let ask = json!({ "GlobalClusterIdentifier": global });
        let found = deployer.call(RDS, "DescribeGlobalClusters", region, ask)?;
        let members = found.pointer("/GlobalClusters/0/GlobalClusterMembers").and_then(Doc::as_array);
        let follows = |member: &Doc| member["IsWriter"] == true || member["SynchronizationStatus"] == "connected";
        Ok(members.is_some_and(|members| members.iter().all(follows)))
    })
}

/// The table that heartbeats are written to, and who may enter it.
fn heartbeats(deployer: &mut Deployer<'_>, shape: &Shape, region: &str, arn: &str) -> Result<(), ReadyError> {
    let ask =
        |sql: &str| json!({ "resourceArn": arn, "secretArn": shape.named("master"), "database": "app", "sql": sql });
    let table = "CREATE TABLE IF NOT EXISTS tandem_heartbeat (vantage text, seq bigint, epoch bigint, \
        at timestamptz DEFAULT now(), PRIMARY KEY (vantage, seq))";
    deployer.call("rds-data", "ExecuteStatement", region, ask(table))?;
    let mut statements = vec!["CREATE INDEX IF NOT EXISTS tandem_heartbeat_at ON tandem_heartbeat (at)".to_string()];
    for (role, may) in [("heartbeat", "INSERT, SELECT"), ("reader", "SELECT")] {
        let Some((user, password)) = secrets::user(shape, role) else { continue };
        statements.push(format!("CREATE ROLE {user} LOGIN PASSWORD '{password}'"));
        statements.push(format!("GRANT {may} ON tandem_heartbeat TO {user}"));
    }
    for sql in statements {
        deployer.at_once("rds-data", "ExecuteStatement", region, ask(&sql))?;
    }
    Ok(())
}

fn tagged(shape: &Shape, role: &str, mut spec: Doc) -> Doc {
    spec["Tags"] = shape.tag_list(role, &spec);
    spec
}
