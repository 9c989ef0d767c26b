//! The secrets, each at home; the other Regions have replicas, so that any of them opens the database without the
//! others.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use crate::cloud::Aws;
use crate::cloud::look::secretsmanager::{FAILED, IN_SYNC, PENDING_DELETION, SecretOf, secret};
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

    /// The node of a Region: each has the secret under a node of its own.
    pub fn node_of(self, spec: &Spec, region: &str) -> String {
        if region == spec.home() { self.node().into() } else { format!("{region}/{}", self.node().replace('/', "-")) }
    }

    pub fn secret(self, spec: &Spec) -> String {
        match self {
            User::Master => format!("{}-master", spec.stack.name),
            User::Heartbeat => spec.stack.heartbeat_name(),
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
    user: User,
    stack: String,
    of: SecretOf,
}

impl Secret {
    pub fn new(spec: &Spec, user: User) -> Self {
        let regions = spec.region_names().map(str::to_string).collect();
        let of = SecretOf { name: user.secret(spec), regions, global: spec.stack.global_cluster() };
        Self { user, stack: spec.stack.name.clone(), of }
    }

    fn home(&self) -> &str {
        self.of.regions.first().map_or("us-east-1", String::as_str)
    }
}

/// Where its primary is.
pub(super) fn call(primary: &str, operation: &str, input: Value) -> Call {
    Call::request(primary, "secretsmanager", operation, input)
}

/// Lets a Region have it too.
pub(super) fn replicate(primary: &str, name: &str, region: &str) -> Call {
    let input = json!({ "SecretId": name, "AddReplicaRegions": [{ "Region": region }] });
    call(primary, "ReplicateSecretToRegions", input)
}

/// Why a Region cannot have it.
pub(super) fn taken(name: &str, region: &str) -> Next {
    Next::Stuck(format!(
        "{region} has another secret called {name}, so that it cannot have a replica: delete that one if nobody needs it, or choose another [stack] name"
    ))
}

impl Part for Secret {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(secret(aws, &self.of))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({ "Name": self.of.name, "Region": self.home() }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let (stack, purpose) = (&self.stack, self.user.purpose());
        let input = json!({
            "Name": self.of.name,
            "Description": format!("Of the stack {stack}: the user that {purpose}"),
            "GenerateSecretString": {
                "SecretStringTemplate": json!({ "username": self.user.name() }).to_string(),
                "GenerateStringKey": "password",
                "PasswordLength": PASSWORD_LENGTH,
                "ExcludePunctuation": true,
            },
            "Tags": given.tag_list(self.user.node(), want),
        });
        Ok(call(self.home(), "CreateSecret", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        // what failed and what is to be deleted is mended
        Ready::by(&seen.state, &[IN_SYNC, FAILED, PENDING_DELETION], &[])
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        let (name, primary) = (&self.of.name, seen.gift("primary"));
        if seen.state == PENDING_DELETION {
            return Ok(Next::Send(call(primary, "RestoreSecret", json!({ "SecretId": name }))));
        }
        if !seen.gift("foreign").is_empty() {
            return Ok(taken(name, self.home()));
        }
        Ok(Next::Send(replicate(primary, name, self.home())))
    }

    /// At once: a name that waits for its deletion could not be used again. Replicas that are left by then are in
    /// Regions that the stack is no more in, or at home.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let (name, primary, replicas) = (&self.of.name, seen.gift("primary"), seen.gift("replicas"));
        if replicas.is_empty() {
            let input = json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true });
            return Ok(Next::Send(call(primary, "DeleteSecret", input)));
        }
        let regions: Vec<&str> = replicas.split(',').collect();
        let input = json!({ "SecretId": name, "RemoveReplicaRegions": regions });
        Ok(Next::Send(call(primary, "RemoveRegionsFromReplication", input)))
    }
}
