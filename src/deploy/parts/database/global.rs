//! The global cluster, which holds the members together.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::ENGINE;
use crate::cloud::Aws;
use crate::cloud::look::rds::global_cluster;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct Global {
    name: String,
    version: String,
    database: &'static str,
    regions: Vec<String>,
}

impl Global {
    pub fn new(spec: &Spec) -> Self {
        Self {
            name: spec.stack.global_cluster(),
            version: spec.database.version.clone(),
            database: spec.stack.database(),
            regions: spec.region_names().map(str::to_string).collect(),
        }
    }

    /// In the Region of the writer, where there is one.
    fn call(&self, seen: Option<&Seen>, operation: &str, input: Value) -> Call {
        let writer = seen.map(|seen| seen.gift("writer")).filter(|writer| !writer.is_empty());
        let home = self.regions.first().map_or("us-east-1", String::as_str);
        Call::request(writer.unwrap_or(home), "rds", operation, input)
    }

    fn protect(&self, seen: &Seen, protected: bool) -> Next {
        let input = json!({ "GlobalClusterIdentifier": self.name, "DeletionProtection": protected });
        Next::Send(self.call(Some(seen), "ModifyGlobalCluster", input))
    }
}

/// A deployment leaves the version of a database as it is.
pub fn upgrade(global: &str, is: &str, wanted: &str) -> Next {
    Next::Stuck(format!(
        "{global} runs version {is}, not {wanted}: a deployment does not upgrade a running database; upgrade it, secondaries first (`aws rds modify-global-cluster --global-cluster-identifier {global} --engine-version {wanted}` does), or put [database] version back to \"{is}\""
    ))
}

impl Part for Global {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(global_cluster(aws, &self.regions, &self.name))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "GlobalClusterIdentifier": self.name,
            "Engine": ENGINE,
            "EngineVersion": self.version,
            "DatabaseName": self.database,
            "StorageEncrypted": true,
            "DeletionProtection": true,
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let mut input = want.clone();
        input["Tags"] = given.tag_list("global-db", want);
        Ok(self.call(None, "CreateGlobalCluster", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, &["available"], &["failed", "upgrade-failed"])
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Engine", "DatabaseName", "StorageEncrypted"]
    }

    fn update(&self, _: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        if differences.iter().any(|difference| difference.member == "EngineVersion") {
            return Ok(upgrade(&self.name, seen.is["EngineVersion"].as_str().unwrap_or("unknown"), &self.version));
        }
        Ok(self.protect(seen, true))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        if seen.state == "deleting" {
            return Ok(Next::Wait("deleting".into()));
        }
        if !seen.gift("members").is_empty() {
            return Ok(Next::Wait(format!("{} to leave", seen.gift("members"))));
        }
        if seen.is["DeletionProtection"] == true {
            return Ok(self.protect(seen, false));
        }
        let input = json!({ "GlobalClusterIdentifier": self.name });
        Ok(Next::Send(self.call(Some(seen), "DeleteGlobalCluster", input)))
    }
}
