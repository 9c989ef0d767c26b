//! The ECS clusters of a Region: of what answers users, and of what watches.

use super::pieces::{lower, with};
use super::tasks::ECS;
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct Cluster {
    region: String,
    name: String,
    /// Of its node's tags.
    role: &'static str,
    insights: bool,
}

impl Cluster {
    pub fn new(spec: &Spec, region: &str) -> Self {
        let insights = spec.app.container_insights;
        Self { region: region.into(), name: spec.stack.cluster(region), role: "cluster", insights }
    }

    /// Of the watcher in a Region: its own, so that nobody's change of the other one touches it.
    pub fn of_watcher(spec: &Spec, region: &str) -> Self {
        Self { region: region.into(), name: spec.stack.watch_name(), role: "watch-cluster", insights: false }
    }
}

impl Part for Cluster {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::ecs::cluster(aws, &self.region, &self.name))
    }

    /// Without its capacity providers: the service says itself that it runs on Fargate.
    fn want(&self, _: &Given) -> Result<Value, Missing> {
        let insights = if self.insights { "enabled" } else { "disabled" };
        Ok(json!({
            "clusterName": self.name,
            "settings": [{ "name": "containerInsights", "value": insights }],
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let more = json!({ "capacityProviders": ["FARGATE"], "tags": lower(given.tag_list(self.role, want)) });
        Ok(Call::request(&self.region, ECS, "CreateCluster", with(want.clone(), more)))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, &["ACTIVE"], &["FAILED"])
    }

    fn update(&self, want: &Value, _: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        let input = json!({ "cluster": self.name, "settings": want["settings"] });
        Ok(Next::Send(Call::request(&self.region, ECS, "UpdateClusterSettings", input)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let busy = ["activeServicesCount", "runningTasksCount", "pendingTasksCount"];
        if let Some(member) = busy.into_iter().find(|member| seen.is[*member].as_i64().unwrap_or(0) > 0) {
            return Ok(Next::Wait(format!("{member} {}", seen.is[member])));
        }
        if seen.state == "DEPROVISIONING" {
            return Ok(Next::Wait(seen.state.clone()));
        }
        Ok(Next::Send(Call::request(&self.region, ECS, "DeleteCluster", json!({ "cluster": self.name }))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;

    fn part() -> Cluster {
        Cluster::new(&fixtures::spec(), "eu-west-1")
    }

    #[test]
    fn it_is_made_for_fargate_and_its_settings_are_mended() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let (operation, input) = request(&part().create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["capacityProviders"]), ("CreateCluster", &json!(["FARGATE"])));
        assert!(input["tags"].as_array().unwrap().contains(&json!({ "key": "tandem:logical-id", "value": "cluster" })));
        let (operation, input) = sent(part().update(&want, &Seen::absent(), &[], &given).unwrap());
        assert_eq!(operation, "UpdateClusterSettings");
        assert_eq!(input["settings"], json!([{ "name": "containerInsights", "value": "enabled" }]));
    }

    #[test]
    fn it_goes_when_its_last_task_is_gone() {
        let given = fixtures::given();
        let seen = |tasks: u32| Seen::there("ACTIVE", json!({ "runningTasksCount": tasks }));
        assert_eq!(part().remove(&seen(2), &given).unwrap(), Next::Wait("runningTasksCount 2".into()));
        assert_eq!(sent(part().remove(&seen(0), &given).unwrap()).0, "DeleteCluster");
    }
}
