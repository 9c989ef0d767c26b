//! An instance of a member.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::ENGINE;
use crate::cloud::Aws;
use crate::cloud::look::rds::{InstanceOf, instance, offers};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::text::nearest;
use crate::probe::Boxed;
use serde_json::{Value, json};

/// What an instance works in, and what it does not come out of by itself (RDS User Guide, viewing the status of an
/// instance).
const GOOD: &[&str] = &[
    "available",
    "backing-up",
    "configuring-enhanced-monitoring",
    "configuring-iam-database-auth",
    "configuring-log-exports",
    "storage-optimization",
];
const BAD: &[&str] = &[
    "failed",
    "inaccessible-encryption-credentials",
    "incompatible-create",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
    "storage-full",
];

pub struct Instance {
    region: String,
    pub id: String,
    role: String,
    cluster: String,
    global: String,
    class: String,
    version: String,
}

impl Instance {
    pub fn new(spec: &Spec, region: &str, number: u32) -> Self {
        let cluster = spec.cluster(region);
        Self {
            region: region.into(),
            id: format!("{cluster}-{number}"),
            role: format!("db-{number}"),
            cluster,
            global: spec.stack.global_cluster(),
            class: spec.database.class.clone(),
            version: spec.database.version.clone(),
        }
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, "rds", operation, input)
    }
}

impl Part for Instance {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        let of = InstanceOf { global: &self.global, cluster: &self.cluster, id: &self.id, class: &self.class };
        Box::pin(async move {
            let seen = instance(aws, &self.region, of).await?;
            if seen.is["DBInstanceClass"] == json!(self.class) {
                return Ok(seen);
            }
            let others = offers::other_classes(aws, &self.region, ENGINE, &self.version, &self.class).await;
            Ok(others.map_or(seen.clone(), |others| seen.giving("classes", others.join(","))))
        })
    }

    fn unavailable(&self, seen: &Seen) -> Option<String> {
        let others: Vec<&str> = seen.gift("classes").split(',').filter(|one| !one.is_empty()).collect();
        let hint = nearest(&self.class, &others).or(others.first().copied())?;
        Some(format!(
            "[database] class: {} has no {} for Aurora PostgreSQL {}: use one like {hint}",
            self.region, self.class, self.version
        ))
    }

    /// Without `PubliclyAccessible` a VPC with a gateway to the internet would make it public (RDS API Reference,
    /// CreateDBInstance).
    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "DBInstanceIdentifier": self.id,
            "DBClusterIdentifier": self.cluster,
            "Engine": ENGINE,
            "DBInstanceClass": self.class,
            "PubliclyAccessible": false,
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let mut input = want.clone();
        input["Tags"] = given.tag_list(&self.role, want);
        Ok(self.call("CreateDBInstance", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, GOOD, BAD)
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["DBClusterIdentifier", "Engine"]
    }

    /// A class is changed with a restart: one instance of a cluster at a time, the writer last.
    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        if !seen.gift("before").is_empty() {
            return Ok(Next::Wait(format!("{} to be changed first", seen.gift("before"))));
        }
        let mut input = json!({ "DBInstanceIdentifier": self.id, "ApplyImmediately": true });
        for difference in differences {
            input[&difference.member] = want[&difference.member].clone();
        }
        Ok(Next::Send(self.call("ModifyDBInstance", input)))
    }

    /// The last instance of a writer with secondaries goes with its cluster.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        if seen.state == "deleting" {
            return Ok(Next::Wait("deleting".into()));
        }
        if !seen.gift("held").is_empty() {
            return Ok(Next::Done);
        }
        Ok(Next::Send(self.call("DeleteDBInstance", json!({ "DBInstanceIdentifier": self.id }))))
    }
}
