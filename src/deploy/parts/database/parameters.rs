//! The parameters of a member. `rds.global_db_rpo` stays at its default: with one secondary, writes would stall after
//! a failover until that one is rebuilt (Aurora User Guide, managing RPOs).

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::ENGINE;
use crate::cloud::Aws;
use crate::cloud::look::rds::cluster_parameter_group;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct Parameters {
    region: String,
    name: String,
    family: String,
}

impl Parameters {
    pub fn new(spec: &Spec, region: &str) -> Self {
        let major = spec.database.version.split('.').next().unwrap_or_default();
        Self { region: region.into(), name: spec.stack.global_cluster(), family: format!("{ENGINE}{major}") }
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, "rds", operation, input)
    }
}

impl Part for Parameters {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(cluster_parameter_group(aws, &self.region, &self.name))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({ "DBClusterParameterGroupName": self.name, "DBParameterGroupFamily": self.family }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let mut input = want.clone();
        input["Description"] = json!(format!("Clusters of {}", self.name));
        input["Tags"] = given.tag_list("db-parameters", want);
        Ok(self.call("CreateDBClusterParameterGroup", input))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        let is = seen.is["DBParameterGroupFamily"].as_str().unwrap_or_default();
        let major = is.trim_start_matches(ENGINE);
        Ok(Next::Stuck(format!(
            "the parameter group {} is one of {is}: a deployment does not upgrade a database to another major version; put [database] version back to one of {major}",
            self.name
        )))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        let input = json!({ "DBClusterParameterGroupName": self.name });
        Ok(Next::Send(self.call("DeleteDBClusterParameterGroup", input)))
    }
}
