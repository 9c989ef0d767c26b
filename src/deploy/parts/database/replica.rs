//! A secret in a further Region. Its primary tells how it is, so that a Region that is silent holds up nobody, and a
//! primary that is silent nobody whose Region answers.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::secret::{User, call, replicate, taken};
use crate::cloud::Aws;
use crate::cloud::look::secretsmanager::{FAILED, IN_SYNC, replica};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct Replica {
    name: String,
    user: User,
    region: String,
}

impl Replica {
    pub fn new(spec: &Spec, user: User, region: &str) -> Self {
        Self { name: user.secret(spec), user, region: region.into() }
    }
}

impl Part for Replica {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        let primary = given.of(self.user.node(), "primary").ok();
        Box::pin(replica(aws, primary, &self.region, &self.name))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({ "Name": self.name, "Region": self.region }))
    }

    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(replicate(given.of(self.user.node(), "primary")?, &self.name, &self.region))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        // what failed is mended
        Ready::by(&seen.state, &[IN_SYNC, FAILED], &[])
    }

    fn update(&self, want: &Value, seen: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        if !seen.gift("foreign").is_empty() {
            return Ok(taken(&self.name, &self.region));
        }
        self.create(want, given).map(Next::Send)
    }

    /// A primary goes with the secret.
    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let primary = seen.gift("primary");
        if primary == self.region || primary.is_empty() {
            return Ok(Next::Done);
        }
        let input = json!({ "SecretId": self.name, "RemoveReplicaRegions": [self.region] });
        Ok(Next::Send(call(primary, "RemoveRegionsFromReplication", input)))
    }
}
