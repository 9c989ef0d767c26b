//! A Region's member of the global database.
//!
//! It is made as the one that writes only in the first Region, and only while nobody writes. Once it stands nobody asks
//! what it was made as: a failover changes that.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::ENGINE;
use super::secret::User;
use super::version::objection;
use crate::cloud::Aws;
use crate::cloud::look::rds::cluster;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::stack::Stack;
use crate::probe::Boxed;
use serde_json::{Value, json};

/// What a cluster can be built on in (Aurora User Guide, viewing the status of a cluster).
const GOOD: &[&str] = &["available", "backing-up", "storage-optimization"];
pub const BAD: &[&str] =
    &["cloning-failed", "inaccessible-encryption-credentials", "migration-failed", "upgrade_failed"];

pub struct Cluster {
    region: String,
    name: String,
    global: String,
    version: String,
    backup_days: u32,
    /// The first Region of the stack.
    home: bool,
    database: &'static str,
    password: String,
}

impl Cluster {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            name: spec.cluster(region),
            global: spec.stack.global_cluster(),
            version: spec.database.version.clone(),
            backup_days: spec.database.backup_days,
            home: region == spec.home(),
            database: Stack::DATABASE,
            password: User::Master.password(spec),
        }
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, "rds", operation, input)
    }

    fn modify(&self, mut input: Value) -> Next {
        input["DBClusterIdentifier"] = json!(self.name);
        input["ApplyImmediately"] = json!(true);
        Next::Send(self.call("ModifyDBCluster", input))
    }

    /// The call that makes a member leave is heard in its own Region.
    fn leave(&self, arn: &str) -> Next {
        let region = arn.split(':').nth(3).unwrap_or(&self.region);
        let input = json!({ "GlobalClusterIdentifier": self.global, "DbClusterIdentifier": arn });
        Next::Send(Call::request(region, "rds", "RemoveFromGlobalCluster", input))
    }
}

/// The first of names with commas between.
fn first(names: &str) -> Option<&str> {
    names.split(',').next().filter(|name| !name.is_empty())
}

impl Part for Cluster {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(cluster(aws, &self.region, &self.name, &self.global))
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let base = format!("{}/base", self.region);
        Ok(json!({
            "DBClusterIdentifier": self.name,
            "GlobalClusterIdentifier": self.global,
            "Engine": ENGINE,
            "EngineVersion": self.version,
            "DBClusterParameterGroupName": self.global,
            "DBSubnetGroupName": given.of(&base, "db_subnet_group")?,
            "VpcSecurityGroupIds": [given.of(&base, "database_security_group")?],
            "EnableGlobalWriteForwarding": true,
            "EnableLocalWriteForwarding": true,
            "EnableHttpEndpoint": true,
            "StorageEncrypted": true,
            "KmsKeyId": given.of(&base, "db_key")?,
            "BackupRetentionPeriod": self.backup_days,
            "DeletionProtection": true,
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        given.of("global-db", "arn")?;
        let mut input = want.clone();
        if self.home && given.of("global-db", "writer").is_err() {
            input["MasterUsername"] = json!(User::Master.name());
            input["MasterUserPassword"] = json!(self.password);
            input["DatabaseName"] = json!(self.database);
        }
        input["Tags"] = given.tag_list("db", want);
        Ok(self.call("CreateDBCluster", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        let is = seen.is["EngineVersion"].as_str();
        match is.and_then(|is| objection(&self.global, is, &self.version)) {
            Some(why) => Ready::Failed(why),
            None => Ready::by(&seen.state, GOOD, BAD),
        }
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Engine", "StorageEncrypted", "KmsKeyId", "DBSubnetGroupName"]
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let differs = |name: &str| differences.iter().any(|difference| difference.member == name);
        if differs("GlobalClusterIdentifier") {
            let why = "it has left it and takes writes of its own";
            return Ok(Next::Stuck(format!(
                "{} is no member of {}: {why}; save what was written there, delete it, then apply again",
                self.name, self.global
            )));
        }
        // the global cluster has brought its members there before; what is behind all the same is brought alone
        if differs("EngineVersion") {
            return Ok(self.modify(json!({ "EngineVersion": self.version })));
        }
        let mut input = json!({});
        for difference in differences.iter().filter(|difference| difference.member != "EnableHttpEndpoint") {
            input[&difference.member] = want[&difference.member].clone();
        }
        if input.as_object().is_some_and(|members| !members.is_empty()) {
            return Ok(self.modify(input));
        }
        // ModifyDBCluster does not know it of provisioned clusters (RDS API Reference)
        let input = json!({ "ResourceArn": seen.gift("arn") });
        Ok(Next::Send(self.call("EnableHttpEndpoint", input)))
    }

    /// Whatever its role is by now: a writer lets the others go before itself, since AWS keeps it as long as it is
    /// followed.
    fn remove(&self, seen: &Seen, given: &Given) -> Result<Next, Missing> {
        if seen.state == "deleting" {
            return Ok(Next::Wait("deleting".into()));
        }
        if !GOOD.contains(&seen.state.as_str()) && !BAD.contains(&seen.state.as_str()) {
            return Ok(Next::Wait(seen.state.clone()));
        }
        if seen.is["DeletionProtection"] == true {
            return Ok(self.modify(json!({ "DeletionProtection": false })));
        }
        if seen.gift("role") == "writer"
            && let Some(other) = first(seen.gift("others"))
        {
            return Ok(self.leave(other));
        }
        if let Some(instance) = first(seen.gift("instances")) {
            return Ok(Next::Send(self.call("DeleteDBInstance", json!({ "DBInstanceIdentifier": instance }))));
        }
        if !seen.gift("leaving").is_empty() {
            return Ok(Next::Wait(format!("{} to be deleted", seen.gift("leaving"))));
        }
        if seen.gift("role") != "alone" {
            return Ok(self.leave(seen.gift("arn")));
        }
        let input = match &given.final_snapshots {
            Some(suffix) => json!({
                "DBClusterIdentifier": self.name, "SkipFinalSnapshot": false,
                "FinalDBSnapshotIdentifier": format!("{}-final-{suffix}", self.name),
            }),
            None => json!({ "DBClusterIdentifier": self.name, "SkipFinalSnapshot": true }),
        };
        Ok(Next::Send(self.call("DeleteDBCluster", input)))
    }
}
