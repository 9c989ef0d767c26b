//! The ECS service of a Region.

use super::pieces::{differing, id, items, lower, with};
use super::tasks::{CONTAINER, ECS};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct Service {
    region: String,
    cluster: String,
    name: String,
    port: u16,
    desired: u32,
    /// Whether autoscaling decides how many tasks there are.
    scaled: bool,
}

impl Service {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            cluster: spec.stack.cluster(region),
            name: spec.stack.service(region),
            port: spec.app.port,
            desired: spec.app.desired,
            scaled: spec.app.autoscaling.is_some(),
        }
    }

    fn call(&self, operation: &str, more: Value) -> Next {
        let input = with(json!({ "cluster": self.cluster, "service": self.name }), more);
        Next::Send(Call::request(&self.region, ECS, operation, input))
    }
}

/// The deployments that came to nothing and are still told of: what they ran, and why.
fn failures(seen: &Seen) -> impl Iterator<Item = (&Value, String)> {
    let deployments = seen.is["deployments"].as_array().into_iter().flatten();
    deployments.filter(|one| one["rolloutState"] == "FAILED").map(|one| {
        let told = |member: &str| one[member].as_str().filter(|why| !why.is_empty());
        let why = told("rolloutStateReason").unwrap_or("FAILED, and ECS does not say why");
        (&one["taskDefinition"], told("stoppedReason").map_or(why.into(), |task| format!("{why} {task}")))
    })
}

impl Part for Service {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::ecs::service(aws, &self.region, &self.cluster, &self.name))
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "base");
        let mut want = json!({
            "cluster": self.cluster,
            "serviceName": self.name,
            "taskDefinition": given.of(&id(&self.region, "task-definition"), "arn")?,
            "launchType": "FARGATE",
            "loadBalancers": [{
                "targetGroupArn": given.of(&id(&self.region, "target-group"), "arn")?,
                "containerName": CONTAINER,
                "containerPort": self.port,
            }],
            "networkConfiguration": { "awsvpcConfiguration": {
                "subnets": items(given.of(&base, "private_subnets")?),
                "securityGroups": items(given.of(&base, "app_security_group")?),
                "assignPublicIp": "DISABLED",
            } },
            "healthCheckGracePeriodSeconds": 30,
            "deploymentConfiguration": {
                "deploymentCircuitBreaker": { "enable": true, "rollback": true },
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
            },
            "propagateTags": "SERVICE",
            "enableECSManagedTags": true,
            "availabilityZoneRebalancing": "ENABLED",
        });
        if !self.scaled {
            want["desiredCount"] = json!(self.desired);
        }
        Ok(want)
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let tags = lower(given.tag_list("service", want));
        let input = with(want.clone(), json!({ "desiredCount": self.desired, "tags": tags }));
        Ok(Call::request(&self.region, ECS, "CreateService", input))
    }

    /// When its deployment is complete and every task that it wants runs.
    fn ready(&self, seen: &Seen) -> Ready {
        if seen.state != "ACTIVE" {
            return Ready::NotYet(seen.state.clone());
        }
        if let Some((_, why)) = failures(seen).next() {
            return Ready::Failed(why);
        }
        let state = seen.is["deployments"][0]["rolloutState"].as_str().unwrap_or_default();
        let count = |member: &str| seen.is[member].as_i64().unwrap_or_default();
        let (desired, running, pending) = (count("desiredCount"), count("runningCount"), count("pendingCount"));
        let alone = seen.is["deployments"].as_array().is_some_and(|all| all.len() == 1);
        if state == "COMPLETED" && running == desired && pending == 0 && alone {
            return Ready::Yes;
        }
        Ready::NotYet(format!("{state}, {running} of {desired} tasks run, {pending} are pending"))
    }

    /// A deployment that came to nothing and had none before it to go back to. While tasks run nothing is cleared
    /// away.
    fn spoilt(&self, seen: &Seen) -> Option<String> {
        let first = &seen.is["deployments"][0];
        let why = failures(seen).find(|(definition, _)| **definition == first["taskDefinition"]);
        let stalled = seen.state == "ACTIVE" && first["rolloutState"] == "FAILED" && seen.is["runningCount"] == 0;
        why.filter(|_| stalled).map(|(_, why)| why)
    }

    /// It would have to be made anew, and users would have nothing meanwhile.
    fn immutable(&self) -> &'static [&'static str] {
        &["launchType"]
    }

    fn serves(&self) -> bool {
        true
    }

    fn changes_while_busy(&self) -> bool {
        true
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        if seen.state != "ACTIVE" {
            return Ok(Next::Wait(seen.state.clone()));
        }
        let failed = failures(seen).find(|(definition, _)| **definition == want["taskDefinition"]);
        if let Some((_, why)) = failed.filter(|_| want["taskDefinition"] != seen.is["taskDefinition"]) {
            return Ok(Next::Stuck(format!("{} was rolled back: {why}", self.name)));
        }
        Ok(self.call("UpdateService", Value::Object(differing(want, differences))))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        if seen.state != "ACTIVE" {
            return Ok(Next::Wait(seen.state.clone()));
        }
        if seen.is["desiredCount"].as_i64().unwrap_or(0) > 0 {
            return Ok(self.call("UpdateService", json!({ "desiredCount": 0 })));
        }
        Ok(self.call("DeleteService", json!({ "force": true })))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn part() -> Service {
        Service::new(&fixtures::spec(), "eu-west-1")
    }

    fn fixed() -> Service {
        let mut spec = fixtures::spec();
        spec.app.autoscaling = None;
        Service::new(&spec, "eu-west-1")
    }

    /// A service as it is wanted, with this deployment and these tasks.
    fn seen(state: &str, deployments: Value, (desired, running, pending): (u32, u32, u32)) -> Seen {
        let is = part().want(&fixtures::given()).unwrap();
        let more = json!({
            "deployments": deployments,
            "desiredCount": desired, "runningCount": running, "pendingCount": pending,
        });
        Seen::there(state, with(is, more))
    }

    fn deployment(state: &str) -> Value {
        json!({ "rolloutState": state, "rolloutStateReason": "tasks failed to start", "taskDefinition": "arn:new" })
    }

    #[test]
    fn how_many_tasks_there_are_is_compared_only_when_nothing_scales_them() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let (operation, input) = request(&part().create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["desiredCount"]), ("CreateService", &json!(3)));
        assert_eq!(want.get("desiredCount"), None);
        let running = seen("ACTIVE", json!([deployment("COMPLETED")]), (9, 9, 0));
        assert_eq!(differences(&want, &running.is), []);
        let want = fixed().want(&given).unwrap();
        let found = differences(&want, &running.is);
        let (operation, input) = sent(fixed().update(&want, &running, &found, &given).unwrap());
        assert_eq!(operation, "UpdateService");
        assert_eq!(input, json!({ "cluster": "shop", "service": "shop-web", "desiredCount": 3 }));
    }

    #[test]
    fn it_is_ready_when_its_deployment_is_complete_and_all_of_its_tasks_run() {
        let ready = |deployments: Value, counts| part().ready(&seen("ACTIVE", deployments, counts));
        assert_eq!(ready(json!([deployment("COMPLETED")]), (3, 3, 0)), Ready::Yes);
        for (deployments, counts) in [
            (json!([deployment("IN_PROGRESS")]), (3, 3, 0)),
            (json!([deployment("COMPLETED")]), (3, 2, 1)),
            (json!([deployment("COMPLETED"), deployment("COMPLETED")]), (3, 3, 0)),
            (json!([]), (3, 3, 0)),
        ] {
            assert!(matches!(ready(deployments, counts), Ready::NotYet(_)));
        }
        assert_eq!(ready(json!([deployment("FAILED")]), (3, 0, 0)), Ready::Failed("tasks failed to start".into()));
        let going = seen("DRAINING", json!([deployment("COMPLETED")]), (0, 2, 0));
        assert_eq!(part().ready(&going), Ready::NotYet("DRAINING".into()));
    }

    #[test]
    fn what_was_rolled_back_is_not_deployed_again() {
        let given = fixtures::given();
        let mut want = part().want(&given).unwrap();
        want["taskDefinition"] = json!("arn:new");
        let mut service = seen("ACTIVE", json!([deployment("COMPLETED")]), (3, 3, 0));
        let update = |want: &Value, service: &Seen| {
            part().update(want, service, &differences(want, &service.is), &given).unwrap()
        };
        let (operation, input) = sent(update(&want, &service));
        assert_eq!((operation.as_str(), input["taskDefinition"].as_str()), ("UpdateService", Some("arn:new")));
        assert_eq!(input.get("loadBalancers"), None);
        service.is["deployments"] = json!([{ "rolloutState": "IN_PROGRESS" }, deployment("FAILED")]);
        let next = update(&want, &service);
        assert_eq!(next, Next::Stuck("shop-web was rolled back: tasks failed to start".into()));
        want["taskDefinition"] = json!("arn:newer");
        assert_eq!(sent(update(&want, &service)).0, "UpdateService");
    }

    #[test]
    fn one_that_never_ran_is_cleared_away_and_one_that_serves_is_not() {
        let spoilt = |deployments: Value, counts| part().spoilt(&seen("ACTIVE", deployments, counts));
        let failed = json!([deployment("FAILED")]);
        assert_eq!(spoilt(failed.clone(), (3, 0, 0)).as_deref(), Some("tasks failed to start"));
        assert_eq!(spoilt(failed, (3, 1, 0)), None);
        assert_eq!(spoilt(json!([{ "rolloutState": "IN_PROGRESS" }, deployment("FAILED")]), (3, 0, 0)), None);
        assert_eq!(spoilt(json!([deployment("COMPLETED")]), (0, 0, 0)), None);
    }

    #[test]
    fn it_is_emptied_then_deleted_then_waited_for() {
        let given = fixtures::given();
        let remove = |state, counts| part().remove(&seen(state, json!([]), counts), &given).unwrap();
        assert_eq!(sent(remove("ACTIVE", (3, 3, 0))).1["desiredCount"], 0);
        let (operation, input) = sent(remove("ACTIVE", (0, 3, 0)));
        assert_eq!((operation.as_str(), &input["force"]), ("DeleteService", &json!(true)));
        assert_eq!(remove("DRAINING", (0, 3, 0)), Next::Wait("DRAINING".into()));
    }
}
