//! The global cluster, which holds the members together, and their version.
//!
//! A minor upgrade goes the way that AWS has for it: every member by itself, whoever follows first, the one that writes
//! last; the version of the global cluster is that of its writer (Aurora User Guide, upgrading a global database).

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::ENGINE;
use super::cluster::BAD;
use super::version::{Way, no_version, objection, way};
use crate::cloud::Aws;
use crate::cloud::look::rds::{global_cluster, offers};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::stack::Stack;
use crate::probe::Boxed;
use serde_json::{Value, json};
use std::time::Duration;

/// What a minor upgrade of one member takes (assumed).
const UPGRADE: Duration = Duration::from_secs(7 * 60);

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
            database: Stack::DATABASE,
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

impl Global {
    /// The members in the order of an upgrade.
    fn members<'a>(&self, seen: &'a Seen) -> Vec<&'a str> {
        let writer = seen.gift("writer");
        let mut members: Vec<&str> = seen.gift("members").split(',').filter(|name| !name.is_empty()).collect();
        let place = |name: &str| self.regions.iter().position(|region| region == name).unwrap_or(usize::MAX);
        members.sort_by_key(|name| (*name == writer, place(name)));
        members
    }

    /// The next step: one member at a time, and none while another is at work.
    fn upgrade(&self, seen: &Seen) -> Next {
        let of = |what: &str, region: &str| seen.gift(&format!("{what}.{region}")).to_string();
        let members = self.members(seen);
        if let Some(bad) = members.iter().find(|region| BAD.contains(&of("state", region).as_str())) {
            return Next::Stuck(format!("{} is {}", of("cluster", bad), of("state", bad)));
        }
        if let Some(busy) = members.iter().find(|region| !of("busy", region).is_empty()) {
            return Next::Wait(format!("{}: {}", of("cluster", busy), of("busy", busy)));
        }
        let behind = |region: &&&str| way(&of("version", region), &self.version) == Way::Minor;
        let Some(region) = members.iter().find(behind) else {
            return match members.is_empty() {
                true => Next::Stuck(format!(
                    "{} has no member that could be upgraded: delete it (`tandem destroy`) and apply again",
                    self.name
                )),
                false => Next::Wait(format!("{} to tell version {}", self.name, self.version)),
            };
        };
        let input = json!({
            "DBClusterIdentifier": of("cluster", region), "EngineVersion": self.version, "ApplyImmediately": true,
        });
        Next::Send(Call::request(region, "rds", "ModifyDBCluster", input))
    }

    /// A version from which there is no minor upgrade: of the global cluster, or of a member that is ahead of it.
    fn objection(&self, seen: &Seen) -> Option<String> {
        let members = seen.gives.iter().filter(|(name, _)| name.starts_with("version.")).map(|(_, is)| is.as_str());
        let own = seen.is["EngineVersion"].as_str();
        own.into_iter().chain(members).find_map(|is| objection(&self.name, is, &self.version))
    }
}

impl Part for Global {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let seen = global_cluster(aws, &self.regions, &self.name, &self.version).await?;
            if seen.is["EngineVersion"] == json!(self.version) {
                return Ok(seen);
            }
            let home = self.regions.first().map_or("us-east-1", String::as_str);
            let others = offers::other_versions(aws, home, ENGINE, &self.version).await;
            Ok(others.map_or(seen.clone(), |others| seen.giving("versions", others.join(","))))
        })
    }

    fn unavailable(&self, seen: &Seen) -> Option<String> {
        // why it would not go there if it were a version says more
        let found = self.objection(seen).is_none().then(|| seen.gift("versions"));
        found.and_then(|versions| no_version(&self.version, versions))
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
        match self.objection(seen) {
            Some(why) => Ready::Failed(why),
            None => Ready::by(&seen.state, &["available"], &["failed", "upgrade-failed"]),
        }
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Engine", "DatabaseName", "StorageEncrypted"]
    }

    fn takes(&self, differences: &[Difference]) -> Option<Duration> {
        let upgrades = differences.iter().any(|difference| difference.member == "EngineVersion");
        upgrades.then(|| UPGRADE * self.regions.len().try_into().unwrap_or(u32::MAX))
    }

    fn update(&self, _: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        if differences.iter().any(|difference| difference.member == "EngineVersion") {
            return Ok(self.upgrade(seen));
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
