//! The ECS services of a Region: what answers users, and what watches.

use super::pieces::{differing, id, items, lower, with};
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

pub struct Service {
    region: String,
    cluster: String,
    name: String,
    /// Of its node.
    role: &'static str,
    kind: Kind,
}

enum Kind {
    /// Behind the load balancer.
    App {
        port: u16,
        /// What listens on it.
        container: String,
        desired: u32,
        /// Whether autoscaling decides how many tasks there are.
        scaled: bool,
    },
    Watcher,
}

impl Service {
    pub fn new(spec: &Spec, region: &str) -> Self {
        let (port, desired, scaled) = (spec.app.port, spec.app.desired, spec.app.autoscaling.is_some());
        Self {
            region: region.into(),
            cluster: spec.stack.cluster(region),
            name: spec.stack.service(region),
            role: "service",
            kind: Kind::App { port, container: spec.app.container().into(), desired, scaled },
        }
    }

    /// The watcher of a Region.
    pub fn of_watcher(spec: &Spec, region: &str) -> Self {
        let name = spec.stack.watch_name();
        Self { region: region.into(), cluster: name.clone(), name, role: "watch-service", kind: Kind::Watcher }
    }

    fn desired(&self) -> u32 {
        match self.kind {
            Kind::App { desired, .. } => desired,
            Kind::Watcher => 1,
        }
    }

    /// What users reach.
    fn balanced(&self, container: &str, port: u16, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "base");
        Ok(json!({
            "taskDefinition": given.of(&id(&self.region, "task-definition"), "arn")?,
            "loadBalancers": [{
                "targetGroupArn": given.of(&id(&self.region, "target-group"), "arn")?,
                "containerName": container,
                "containerPort": port,
            }],
            "networkConfiguration": { "awsvpcConfiguration": {
                "subnets": items(given.of(&base, "private_subnets")?),
                "securityGroups": items(given.of(&base, "app_security_group")?),
                "assignPublicIp": "DISABLED",
            } },
            "healthCheckGracePeriodSeconds": 30,
            "deploymentConfiguration": rules(200, 100),
            "availabilityZoneRebalancing": "ENABLED",
        }))
    }

    /// One watcher, and never two of one place: what is seen from one place is one voice. So the old one is told to end
    /// before a new one is started, and at most one is RUNNING or PENDING (API Reference, DeploymentConfiguration). To
    /// rebalance zones, ECS would start the new one first.
    fn alone(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "watch-base");
        Ok(json!({
            "taskDefinition": given.of(&id(&self.region, "watch-task"), "arn")?,
            "networkConfiguration": { "awsvpcConfiguration": {
                "subnets": items(given.of(&base, "public_subnets")?),
                "securityGroups": items(given.of(&base, "watch_security_group")?),
                "assignPublicIp": "ENABLED",
            } },
            "desiredCount": 1,
            "deploymentConfiguration": rules(100, 0),
            "availabilityZoneRebalancing": "DISABLED",
        }))
    }

    fn call(&self, operation: &str, more: Value) -> Next {
        let input = with(json!({ "cluster": self.cluster, "service": self.name }), more);
        Next::Send(Call::request(&self.region, ECS, operation, input))
    }
}

fn rules(maximum: u32, minimum: u32) -> Value {
    json!({
        "deploymentCircuitBreaker": { "enable": true, "rollback": true },
        "maximumPercent": maximum,
        "minimumHealthyPercent": minimum,
    })
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
        let own = match self.kind {
            Kind::App { ref container, port, .. } => self.balanced(container, port, given)?,
            Kind::Watcher => self.alone(given)?,
        };
        let common = json!({
            "cluster": self.cluster,
            "serviceName": self.name,
            "launchType": "FARGATE",
            "propagateTags": "SERVICE",
            "enableECSManagedTags": true,
        });
        let mut want = with(common, own);
        if let Kind::App { desired, scaled: false, .. } = self.kind {
            want["desiredCount"] = json!(desired);
        }
        Ok(want)
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let tags = lower(given.tag_list(self.role, want));
        let input = with(want.clone(), json!({ "desiredCount": self.desired(), "tags": tags }));
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

    /// A watcher that is no good must not reach every Region either.
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
    fn there_is_one_watcher_and_never_two() {
        let mut given = fixtures::given();
        let gifts = [("public_subnets", "subnet-b,subnet-a"), ("watch_security_group", "sg-w")];
        given.learn("us-east-2/watch-base", gifts.map(|(name, value)| (name.into(), value.into())).into());
        given.learn("us-east-2/watch-task", [("arn".to_string(), "arn:watch:1".to_string())].into());
        let part = Service::of_watcher(&fixtures::spec(), "us-east-2");
        let want = part.want(&given).unwrap();
        let (operation, input) = request(&part.create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["desiredCount"]), ("CreateService", &json!(1)));
        assert_eq!((&input["cluster"], &input["serviceName"]), (&json!("shop-watch"), &json!("shop-watch")));
        let rules = &input["deploymentConfiguration"];
        assert_eq!((&rules["maximumPercent"], &rules["minimumHealthyPercent"]), (&json!(100), &json!(0)));
        assert_eq!(input.get("loadBalancers").or(input.get("healthCheckGracePeriodSeconds")), None);
        let vpc = &input["networkConfiguration"]["awsvpcConfiguration"];
        assert_eq!((&vpc["subnets"], &vpc["assignPublicIp"]), (&json!(["subnet-a", "subnet-b"]), &json!("ENABLED")));
        assert!(part.serves(), "watchers change one Region after another");
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
