//! A secret with a replica in every Region, so that any of them opens the database without the others.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use crate::cloud::Aws;
use crate::cloud::look::secretsmanager::{PENDING_DELETION, secret};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

/// Who a secret lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Owns everything; only deployments use it.
    Master,
    /// Writes heartbeats.
    Heartbeat,
    /// Reads them.
    Reader,
}

impl User {
    pub const ALL: [User; 3] = [User::Master, User::Heartbeat, User::Reader];

    pub fn node(self) -> &'static str {
        match self {
            User::Master => "secret/master",
            User::Heartbeat => "secret/heartbeat",
            User::Reader => "secret/reader",
        }
    }

    pub fn secret(self, spec: &Spec) -> String {
        match self {
            User::Master => format!("{}-master", spec.stack.name),
            User::Heartbeat => spec.stack.heartbeat_secret(),
            User::Reader => format!("{}-reader", spec.stack.name),
        }
    }

    /// In the database.
    pub fn name(self) -> &'static str {
        match self {
            User::Master => "postgres",
            User::Heartbeat => "tandem_heartbeat",
            User::Reader => "tandem_reader",
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            User::Master => "owns the database",
            User::Heartbeat => "writes heartbeats",
            User::Reader => "reads heartbeats",
        }
    }

    /// Stands for the password, which becomes itself when it is sent.
    pub fn password(self, spec: &Spec) -> String {
        format!("{{{{resolve:secretsmanager:{}:SecretString:password}}}}", self.secret(spec))
    }
}

/// Letters and digits: no statement and no connection string needs to quote them.
const PASSWORD_LENGTH: u32 = 40;

pub struct Secret {
    name: String,
    user: User,
    stack: String,
    /// The first is where it is made.
    regions: Vec<String>,
}

impl Secret {
    pub fn new(spec: &Spec, user: User) -> Self {
        let regions = spec.region_names().map(str::to_string).collect();
        Self { name: user.secret(spec), user, stack: spec.stack.name.clone(), regions }
    }

    fn home(&self) -> &str {
        self.regions.first().map_or("us-east-1", String::as_str)
    }

    /// Where its primary is.
    fn call(&self, seen: &Seen, operation: &str, input: Value) -> Next {
        Next::Send(Call::request(seen.gift("primary"), "secretsmanager", operation, input))
    }
}

fn replicas<'a>(regions: impl IntoIterator<Item = &'a String>) -> Value {
    regions.into_iter().map(|region| json!({ "Region": region })).collect()
}

impl Part for Secret {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(secret(aws, &self.regions, &self.name))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        let mut others: Vec<&String> = self.regions.iter().skip(1).collect();
        others.sort();
        Ok(json!({ "Name": self.name, "AddReplicaRegions": replicas(others) }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let mut input = want.clone();
        let (stack, purpose) = (&self.stack, self.user.purpose());
        input["Description"] = json!(format!("Of the stack {stack}: the user that {purpose}"));
        input["GenerateSecretString"] = json!({
            "SecretStringTemplate": json!({ "username": self.user.name() }).to_string(),
            "GenerateStringKey": "password",
            "PasswordLength": PASSWORD_LENGTH,
            "ExcludePunctuation": true,
        });
        input["Tags"] = given.tag_list(self.user.node(), want);
        Ok(Call::request(self.home(), "secretsmanager", "CreateSecret", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        // what failed and what is to be deleted is mended
        Ready::by(&seen.state, &["InSync", "Failed", PENDING_DELETION], &[])
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        if seen.state == PENDING_DELETION {
            return Ok(self.call(seen, "RestoreSecret", json!({ "SecretId": self.name })));
        }
        let missing: Vec<&String> =
            self.regions.iter().filter(|region| seen.gift(&format!("arn.{region}")).is_empty()).collect();
        if let Some(region) = missing.iter().find(|region| !seen.gift(&format!("foreign.{region}")).is_empty()) {
            return Ok(Next::Stuck(format!(
                "{region} has another secret called {}, so that it cannot have a replica: delete that one if nobody needs it, or choose another [stack] name",
                self.name
            )));
        }
        let input = json!({ "SecretId": self.name, "AddReplicaRegions": replicas(missing) });
        Ok(self.call(seen, "ReplicateSecretToRegions", input))
    }

    /// At once: a name that waits for its deletion could not be used again.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let replicas = seen.gift("replicas");
        if replicas.is_empty() {
            let input = json!({ "SecretId": self.name, "ForceDeleteWithoutRecovery": true });
            return Ok(self.call(seen, "DeleteSecret", input));
        }
        let regions: Vec<&str> = replicas.split(',').collect();
        let input = json!({ "SecretId": self.name, "RemoveReplicaRegions": regions });
        Ok(self.call(seen, "RemoveRegionsFromReplication", input))
    }
}
