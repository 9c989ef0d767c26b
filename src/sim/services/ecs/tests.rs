//! ECS as a client meets it: calls, and what time does to what they made.

use super::ECS;
use crate::doc::{Doc, Input};
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::ecs;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

const REGION: &str = "eu-west-1";

fn call(world: &mut World, operation: &str, input: Doc) -> Answer<Doc> {
    let caller = Caller { region: REGION.into(), principal: "AKIA".into(), now: world.now };
    let operation = ECS.operations.iter().find(|one| one.name == operation).expect("an operation of the table");
    (operation.run)(world, &caller, Input::Typed(input))
}

fn ok(world: &mut World, operation: &str, input: Doc) -> Doc {
    call(world, operation, input).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
}

fn refused(world: &mut World, operation: &str, input: Doc) -> (&'static str, String) {
    let Refusal { code, message, .. } = call(world, operation, input).expect_err("a refusal");
    (code, message)
}

fn pass(world: &mut World, seconds: u64) {
    let to = world.now + Duration::from_secs(seconds);
    world.advance(to);
}

fn register(world: &mut World, image: &str) -> String {
    let definition = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [{"name": "app", "image": image, "portMappings": [{"containerPort": 8080}], "stopTimeout": 5}],
        "tags": [{"key": "team", "value": "shop"}],
    });
    let made = ok(world, "RegisterTaskDefinition", definition);
    made["taskDefinition"]["taskDefinitionArn"].as_str().expect("an ARN").to_string()
}

fn service(desired: u32) -> Doc {
    json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired, "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0a", "subnet-0b", "subnet-0c"]}},
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": true, "rollback": true}, "maximumPercent": 200, "minimumHealthyPercent": 100,
        },
    })
}

/// A world with a service of `desired` tasks, just created.
fn stack(image: &str, desired: u32) -> World {
    let mut world = World::empty(7);
    ok(&mut world, "CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, image);
    ok(&mut world, "CreateService", service(desired));
    world
}

fn shown(world: &mut World) -> Doc {
    ok(world, "DescribeServices", json!({"cluster": "shop", "services": ["web"]}))["services"][0].clone()
}

fn messages(world: &mut World) -> Vec<String> {
    let service = shown(world);
    let events = service["events"].as_array().expect("events");
    events.iter().map(|event| event["message"].as_str().expect("text").to_string()).collect()
}

fn tasks(world: &mut World, status: &str) -> Vec<Doc> {
    let listed = ok(world, "ListTasks", json!({"cluster": "shop", "desiredStatus": status}))["taskArns"].clone();
    if listed.as_array().is_some_and(|arns| arns.is_empty()) {
        return vec![];
    }
    let described = ok(world, "DescribeTasks", json!({"cluster": "shop", "tasks": listed}));
    described["tasks"].as_array().expect("tasks").clone()
}

fn address(task: &Doc) -> std::net::Ipv4Addr {
    let text = task["containers"][0]["networkInterfaces"][0]["privateIpv4Address"].as_str().expect("an address");
    text.parse().expect("IPv4")
}

#[test]
fn a_service_comes_to_a_steady_state() {
    let mut world = stack("shop/web:1", 4);
    assert_eq!(shown(&mut world)["deployments"][0]["rolloutState"], "IN_PROGRESS");
    pass(&mut world, 3);
    let service = shown(&mut world);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(0), &json!(4)));
    pass(&mut world, 70);
    let service = shown(&mut world);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(4), &json!(0)));
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    let messages = messages(&mut world);
    assert_eq!(messages[0], "(service web) has reached a steady state.");
    assert!(messages[1].ends_with("deployment completed."), "{messages:?}");
    assert!(messages[2].starts_with("(service web) has started 4 tasks: (task "), "{messages:?}");

    let tasks = tasks(&mut world, "RUNNING");
    let zones: BTreeSet<&str> = tasks.iter().filter_map(|task| task["availabilityZone"].as_str()).collect();
    assert_eq!(zones.len(), 3);
    assert_eq!(tasks.iter().map(address).collect::<BTreeSet<_>>().len(), 4);
    for task in &tasks {
        assert_eq!(
            (&task["lastStatus"], &task["cpu"], &task["memory"]),
            (&json!("RUNNING"), &json!("256"), &json!("512"))
        );
        assert_eq!(task["group"], "service:web");
        assert_eq!(task["startedBy"], service["deployments"][0]["id"]);
        let started = task["startedAt"]["\0moment"].as_u64().expect("a moment");
        assert!(started > task["createdAt"]["\0moment"].as_u64().expect("a moment"));
        let answer = ecs::ask(&world, REGION, address(task), 8080, "/health").expect("it listens");
        assert_eq!(answer.status, 200);
        assert_eq!(ecs::ask(&world, REGION, address(task), 81, "/"), None);
    }
    assert_eq!(world.truth.kinds().get("task.running"), Some(&4));
    assert_eq!(world.truth.kinds().get("service.steady"), Some(&1));
}

#[test]
fn scaling_starts_no_deployment() {
    let mut world = stack("shop/web:1", 2);
    pass(&mut world, 90);
    let before = shown(&mut world)["deployments"][0]["id"].clone();
    ok(&mut world, "UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 5}));
    let service = shown(&mut world);
    assert_eq!(service["deployments"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&service["deployments"][0]["id"], &service["deployments"][0]["rolloutState"]),
        (&before, &json!("COMPLETED"))
    );
    assert_eq!(service["deployments"][0]["desiredCount"], 5);
    pass(&mut world, 90);
    assert_eq!(ecs::counts(&world, REGION, "shop", "web").map(|c| (c.desired, c.running)), Some((5, 5)));

    assert!(ecs::set_desired(&mut world, REGION, "shop", "web", 1));
    assert!(!ecs::set_desired(&mut world, REGION, "shop", "other", 1));
    pass(&mut world, 60);
    assert_eq!(ecs::counts(&world, REGION, "shop", "web").map(|c| (c.desired, c.running, c.pending)), Some((1, 1, 0)));
    let stopped = tasks(&mut world, "STOPPED");
    assert_eq!(stopped.len(), 4);
    for task in &stopped {
        assert_eq!((&task["lastStatus"], &task["stopCode"]), (&json!("STOPPED"), &json!("ServiceSchedulerInitiated")));
        assert!(task["stoppedReason"].as_str().is_some_and(|why| why.starts_with("Scaling activity initiated by")));
        assert_eq!(ecs::ask(&world, REGION, address(task), 8080, "/"), None);
    }
    let text = messages(&mut world);
    assert!(text.iter().any(|m| m.starts_with("(service web) has stopped 4 running tasks: (task ")), "{text:?}");
    pass(&mut world, 3_600);
    assert!(tasks(&mut world, "STOPPED").is_empty());
}

#[test]
fn a_rolling_update_never_has_less_than_it_should() {
    let mut world = stack("shop/web:1", 4);
    pass(&mut world, 90);
    let second = register(&mut world, "shop/web:2");
    ok(&mut world, "UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    let statuses: Vec<Doc> = [0, 1].map(|i| shown(&mut world)["deployments"][i]["status"].clone()).to_vec();
    assert_eq!(statuses, [json!("PRIMARY"), json!("ACTIVE")]);
    for _ in 0..150 {
        pass(&mut world, 1);
        let service = shown(&mut world);
        assert!(service["runningCount"].as_u64() >= Some(4));
        assert!(service["runningCount"].as_u64() <= Some(8));
    }
    let service = shown(&mut world);
    assert_eq!(service["deployments"].as_array().map(Vec::len), Some(1));
    assert_eq!(service["taskDefinition"].as_str(), Some(second.as_str()));
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    assert!(tasks(&mut world, "RUNNING").iter().all(|task| task["taskDefinitionArn"].as_str() == Some(&second)));

    let forced = json!({"cluster": "shop", "service": "web", "forceNewDeployment": true});
    ok(&mut world, "UpdateService", forced);
    assert_eq!(shown(&mut world)["deployments"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_circuit_breaker_rolls_back() {
    for image in ["shop/web:crash", "shop/web:unpullable"] {
        let mut world = stack("shop/web:1", 2);
        pass(&mut world, 90);
        let first = shown(&mut world)["deployments"][0]["id"].clone();
        register(&mut world, image);
        ok(&mut world, "UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web:2"}));
        pass(&mut world, 400);
        let service = shown(&mut world);
        assert_eq!((&service["deployments"][0]["id"], &service["runningCount"]), (&first, &json!(2)), "{image}");
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
        let kinds = world.truth.kinds();
        assert_eq!((kinds.get("deployment.failed"), kinds.get("deployment.rolled-back")), (Some(&1), Some(&1)));
        let text = messages(&mut world);
        assert!(text.iter().any(|m| m.ends_with("deployment failed: tasks failed to start.")), "{text:?}");
        assert!(text.iter().any(|m| m.starts_with("(service web) rolling back to deployment ecs-svc/")), "{text:?}");
        let stopped = tasks(&mut world, "STOPPED");
        let failed = &stopped[0];
        match image.ends_with("crash") {
            true => {
                assert_eq!(failed["stopCode"], "EssentialContainerExited");
                assert_eq!(failed["containers"][0]["exitCode"], 1);
            }
            false => {
                assert_eq!(failed["stopCode"], "TaskFailedToStart");
                let why = failed["stoppedReason"].as_str().unwrap_or_default();
                assert!(why.starts_with("CannotPullContainerError: "), "{why}");
            }
        }
    }
}

#[test]
fn a_first_deployment_that_fails_stays_failed() {
    let mut world = stack("shop/web:crash", 1);
    pass(&mut world, 900);
    let service = shown(&mut world);
    assert_eq!((&service["deployments"][0]["rolloutState"], &service["pendingCount"]), (&json!("FAILED"), &json!(0)));
    assert_eq!(service["deployments"][0]["failedTasks"], 3);
    ok(&mut world, "DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
    pass(&mut world, 5);
    assert_eq!(shown(&mut world)["status"], "INACTIVE");
}

#[test]
fn without_a_breaker_failing_tasks_are_tried_ever_more_slowly() {
    let mut world = World::empty(7);
    ok(&mut world, "CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:unpullable");
    let mut plain = service(1);
    plain["deploymentConfiguration"] = json!({});
    ok(&mut world, "CreateService", plain);
    pass(&mut world, 4 * 3600);
    let launches = world.truth.kinds().get("task.started").copied().unwrap_or_default();
    assert!((12..30).contains(&launches), "{launches}");
    assert!(messages(&mut world).iter().any(|m| m
        == "(service web) is unable to consistently start tasks successfully. For more information, see the \
            Troubleshooting section."));
    assert_eq!(shown(&mut world)["events"].as_array().map(|events| events.len() <= 100), Some(true));
}

#[test]
fn fargate_launches_a_hundred_and_then_twenty_a_second() {
    let mut world = stack("shop/web:1", 200);
    let started = |world: &World| world.truth.kinds().get("task.started").copied().unwrap_or_default();
    pass(&mut world, 1);
    assert_eq!(started(&world), 100);
    pass(&mut world, 1);
    assert_eq!(started(&world), 120);
    assert!(
        messages(&mut world).contains(&"(service web) operations are being throttled. Will try again later.".into())
    );
    pass(&mut world, 100);
    assert_eq!(shown(&mut world)["runningCount"], 200);
    assert_eq!(world.truth.kinds().get("service.throttled"), Some(&1));
}

#[test]
fn the_vcpu_quota_holds_tasks_back() {
    let mut world = stack("shop/web:1", 4);
    world.ecs_in(REGION).pool.vcpu_quota = 0.5;
    pass(&mut world, 90);
    assert_eq!(shown(&mut world)["runningCount"], 2);
    let event = "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you \
                 can run concurrently";
    assert!(messages(&mut world).contains(&event.into()));
}

#[test]
fn a_task_that_is_stopped_is_replaced() {
    let mut world = stack("shop/web:1", 1);
    pass(&mut world, 90);
    let task = tasks(&mut world, "RUNNING")[0]["taskArn"].clone();
    let stopped = ok(&mut world, "StopTask", json!({"cluster": "shop", "task": task, "reason": "drill"}));
    assert_eq!(stopped["task"]["desiredStatus"], "STOPPED");
    pass(&mut world, 90);
    assert_eq!(shown(&mut world)["runningCount"], 1);
    assert_ne!(tasks(&mut world, "RUNNING")[0]["taskArn"], task);
    let old = tasks(&mut world, "STOPPED")[0].clone();
    assert_eq!((&old["stopCode"], &old["stoppedReason"]), (&json!("UserInitiated"), &json!("drill")));
    assert_eq!(old["attachments"][0]["status"], "DELETED");
    let unknown = json!({"cluster": "shop", "task": "0123"});
    assert_eq!(refused(&mut world, "StopTask", unknown).0, "InvalidParameterException");
}

#[test]
fn a_loaded_task_is_slow_and_an_overloaded_one_fails() {
    let mut world = stack("shop/web:1", 1);
    pass(&mut world, 90);
    let ip = address(&tasks(&mut world, "RUNNING")[0]);
    let idle = ecs::load(&mut world, REGION, ip, 1);
    let busy = ecs::load(&mut world, REGION, ip, 44);
    assert!(idle.0 == 0.0 && busy.0 == 0.0 && busy.1 > 2.0 * idle.1, "{idle:?} {busy:?}");
    // A quarter of a vCPU answers 50 a second: 45 are taken, so 95 of the next 100 fail.
    let over = ecs::load(&mut world, REGION, ip, 100);
    assert!((over.0 - 0.95).abs() < 1e-9, "{over:?}");
    pass(&mut world, 2);
    assert_eq!(ecs::load(&mut world, REGION, ip, 1), idle);
    assert_eq!(ecs::load(&mut world, REGION, [10, 9, 9, 9].into(), 1).0, 1.0);
}

#[test]
fn images_behave_as_their_tags_say() {
    let mut world = stack("shop/web:sick", 1);
    pass(&mut world, 90);
    let ip = address(&tasks(&mut world, "RUNNING")[0]);
    assert_eq!(ecs::ask(&world, REGION, ip, 8080, "/health").map(|answer| answer.status), Some(500));
    let mut slow = stack("shop/web:slow", 1);
    pass(&mut slow, 90);
    let ip = address(&tasks(&mut slow, "RUNNING")[0]);
    assert_eq!(ecs::ask(&slow, REGION, ip, 8080, "/").map(|answer| answer.latency_ms), Some(200.0));
}

#[test]
fn a_cluster_goes_when_its_services_are_gone() {
    let mut world = stack("shop/web:1", 1);
    let again = ok(&mut world, "CreateCluster", json!({"clusterName": "shop"}));
    assert_eq!(again["cluster"]["activeServicesCount"], 1);
    pass(&mut world, 90);
    assert_eq!(refused(&mut world, "DeleteCluster", json!({"cluster": "shop"})).0, "ClusterContainsServicesException");
    let (code, message) = refused(&mut world, "DeleteService", json!({"cluster": "shop", "service": "web"}));
    assert_eq!(code, "InvalidParameterException");
    assert_eq!(message, "The service cannot be stopped while it is scaled above 0.");
    let gone = ok(&mut world, "DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
    assert_eq!(gone["service"]["status"], "DRAINING");
    let (_, message) = refused(&mut world, "CreateService", service(1));
    assert_eq!(message, "Unable to Start a service that is still Draining.");
    pass(&mut world, 60);
    assert_eq!(shown(&mut world)["status"], "INACTIVE");
    assert_eq!(ok(&mut world, "ListServices", json!({"cluster": "shop"}))["serviceArns"], json!([]));
    let update = json!({"cluster": "shop", "service": "web", "desiredCount": 1});
    assert_eq!(refused(&mut world, "UpdateService", update).0, "ServiceNotActiveException");
    ok(&mut world, "DeleteCluster", json!({"cluster": "shop"}));
    assert_eq!(refused(&mut world, "ListServices", json!({"cluster": "shop"})).0, "ClusterNotFoundException");
    let left = ok(&mut world, "DescribeClusters", json!({"clusters": ["shop", "none"]}));
    assert_eq!(left["clusters"][0]["status"], "INACTIVE");
    assert_eq!(left["failures"][0]["reason"], "MISSING");
}

#[test]
fn a_service_is_created_once() {
    let mut world = stack("shop/web:1", 1);
    let (code, message) = refused(&mut world, "CreateService", service(1));
    assert_eq!((code, message.as_str()), ("InvalidParameterException", "Creation of service was not idempotent."));
    let mut other = service(1);
    other["serviceName"] = json!("api");
    other["clientToken"] = json!("token-1");
    let first = ok(&mut world, "CreateService", other.clone());
    let second = ok(&mut world, "CreateService", other);
    assert_eq!(first["service"]["createdAt"], second["service"]["createdAt"]);
    let listed = ok(&mut world, "ListServices", json!({"cluster": "shop", "maxResults": 1}));
    assert!(listed["serviceArns"][0].as_str().is_some_and(|arn| arn.ends_with(":service/shop/api")));
    let next = json!({"cluster": "shop", "maxResults": 1, "nextToken": listed["nextToken"]});
    let listed = ok(&mut world, "ListServices", next);
    assert!(listed["serviceArns"][0].as_str().is_some_and(|arn| arn.ends_with(":service/shop/web")));
    assert_eq!(listed["nextToken"], Doc::Null);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut world = stack("shop/web:1", 1);
    let size = json!({"family": "x", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
        "memory": "128", "containerDefinitions": [{"name": "a", "image": "i"}]});
    let (code, message) = refused(&mut world, "RegisterTaskDefinition", size);
    assert_eq!(code, "ClientException");
    assert_eq!(
        message,
        "No Fargate configuration exists for given values: 256 CPU, 128 memory. See the Amazon ECS documentation for \
         the valid values."
    );
    let with = |member: &str, value: Doc| {
        let mut ask = service(1);
        ask["serviceName"] = json!("other");
        ask[member] = value;
        ask
    };
    let balancer = json!([{"targetGroupArn": "arn:tg", "containerName": "app", "containerPort": 80}]);
    for (ask, code, text) in [
        (with("cluster", json!("none")), "ClusterNotFoundException", "Cluster not found."),
        (with("taskDefinition", json!("none")), "ClientException", "TaskDefinition not found."),
        (
            with("networkConfiguration", Doc::Null),
            "InvalidParameterException",
            "Network Configuration must be provided",
        ),
        (with("healthCheckGracePeriodSeconds", json!(5)), "InvalidParameterException", "Health check grace period is"),
        (
            with("loadBalancers", balancer),
            "InvalidParameterException",
            "The container app did not have a container port",
        ),
        (with("launchType", json!("EC2")), "UnsupportedFeatureException", ""),
    ] {
        let (got, message) = refused(&mut world, "CreateService", ask);
        assert_eq!(got, code, "{message}");
        assert!(message.starts_with(text), "{message}");
    }
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let ask = json!({"cluster": "shop", "services": many[..11]});
    assert_eq!(refused(&mut world, "DescribeServices", ask).1, "service names can have at most 10 items.");
    let ask = json!({"cluster": "shop", "tasks": many});
    assert_eq!(refused(&mut world, "DescribeTasks", ask).1, "taskIds can have at most 100 items.");
    let missing = ok(&mut world, "DescribeServices", json!({"cluster": "shop", "services": ["nope"]}));
    assert_eq!(missing["failures"][0]["reason"], "MISSING");
}

#[test]
fn names_and_arns_mean_the_same() {
    let mut world = stack("shop/web:1", 1);
    pass(&mut world, 60);
    let cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop";
    let arn = shown(&mut world)["serviceArn"].clone();
    let by_arn = ok(&mut world, "DescribeServices", json!({"cluster": cluster, "services": [arn]}));
    assert_eq!(by_arn["services"][0]["serviceName"], "web");
    let listed = ok(&mut world, "ListTasks", json!({"cluster": cluster, "serviceName": arn}))["taskArns"][0].clone();
    let id = listed.as_str().and_then(|arn| arn.rsplit('/').next()).expect("an id").to_string();
    let by_id = ok(&mut world, "DescribeTasks", json!({"cluster": "shop", "tasks": [id]}));
    assert_eq!(by_id["tasks"][0]["taskArn"], listed);
    let elsewhere = json!({"cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/shop", "services": ["web"]});
    assert_eq!(refused(&mut world, "DescribeServices", elsewhere).0, "ClusterNotFoundException");
}

#[test]
fn definitions_have_revisions() {
    let mut world = World::empty(1);
    let first = register(&mut world, "shop/web:1");
    let second = register(&mut world, "shop/web:2");
    assert!(first.ends_with("task-definition/web:1") && second.ends_with("task-definition/web:2"));
    let latest = ok(&mut world, "DescribeTaskDefinition", json!({"taskDefinition": "web", "include": ["TAGS"]}));
    assert_eq!((&latest["taskDefinition"]["revision"], &latest["tags"][0]["key"]), (&json!(2), &json!("team")));
    assert_eq!(latest["taskDefinition"]["containerDefinitions"][0]["portMappings"][0]["hostPort"], 8080);
    let gone = ok(&mut world, "DeregisterTaskDefinition", json!({"taskDefinition": "web:2"}));
    assert_eq!(gone["taskDefinition"]["status"], "INACTIVE");
    let latest = ok(&mut world, "DescribeTaskDefinition", json!({"taskDefinition": "web"}));
    assert_eq!(latest["taskDefinition"]["revision"], 1);
    assert_eq!(register(&mut world, "shop/web:3").rsplit(':').next(), Some("3"));
    let newest = ok(&mut world, "ListTaskDefinitions", json!({"familyPrefix": "web", "sort": "DESC", "maxResults": 1}));
    assert!(newest["taskDefinitionArns"][0].as_str().is_some_and(|arn| arn.ends_with("web:3")));
    let next = json!({"familyPrefix": "web", "sort": "DESC", "nextToken": newest["nextToken"]});
    assert_eq!(ok(&mut world, "ListTaskDefinitions", next)["taskDefinitionArns"], json!([first]));
    let none = json!({"taskDefinition": "none"});
    assert_eq!(refused(&mut world, "DescribeTaskDefinition", none).1, "Unable to describe task definition.");
}

#[test]
fn tags_come_and_go() {
    let mut world = stack("shop/web:1", 1);
    let arn = shown(&mut world)["serviceArn"].clone();
    ok(&mut world, "TagResource", json!({"resourceArn": arn, "tags": [{"key": "a", "value": "1"}, {"key": "b"}]}));
    ok(&mut world, "UntagResource", json!({"resourceArn": arn, "tagKeys": ["b"]}));
    let listed = ok(&mut world, "ListTagsForResource", json!({"resourceArn": arn}));
    assert_eq!(listed["tags"], json!([{"key": "a", "value": "1"}]));
    let with = ok(&mut world, "DescribeServices", json!({"cluster": "shop", "services": ["web"], "include": ["TAGS"]}));
    assert_eq!(with["services"][0]["tags"], listed["tags"]);
    assert_eq!(shown(&mut world)["tags"], Doc::Null);
    let none = json!({"resourceArn": "arn:aws:ecs:eu-west-1:123456789012:service/shop/none"});
    assert_eq!(refused(&mut world, "ListTagsForResource", none).0, "ResourceNotFoundException");
}

#[test]
fn equal_seeds_give_equal_worlds() {
    let run = || {
        let mut world = stack("shop/web:1", 3);
        pass(&mut world, 200);
        (world.truth.digest(), shown(&mut world))
    };
    assert_eq!(run(), run());
}

#[test]
fn insights_are_turned_on_and_off() {
    let mut world = stack("shop/web:1", 1);
    let set = |value: &str| json!({"cluster": "shop", "settings": [{"name": "containerInsights", "value": value}]});
    ok(&mut world, "UpdateClusterSettings", set("enabled"));
    let seen = ok(&mut world, "DescribeClusters", json!({"clusters": ["shop"], "include": ["SETTINGS"]}));
    assert_eq!(seen["clusters"][0]["settings"], set("enabled")["settings"]);
    assert_eq!(refused(&mut world, "UpdateClusterSettings", set("on")).0, "InvalidParameterException");
    let odd = json!({"cluster": "shop", "settings": [{"name": "insights", "value": "enabled"}]});
    assert_eq!(refused(&mut world, "UpdateClusterSettings", odd).0, "InvalidParameterException");
    let lost = json!({"cluster": "none", "settings": []});
    assert_eq!(refused(&mut world, "UpdateClusterSettings", lost).0, "ClusterNotFoundException");
}

/// A sidecar that the app waits for.
fn guarded(change: impl Fn(&mut Doc)) -> Doc {
    let mut definition = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [
            {"name": "app", "image": "web:1", "dependsOn": [{"containerName": "guard", "condition": "HEALTHY"}]},
            {
                "name": "guard", "image": "tandem:1", "command": ["guard"], "memoryReservation": 32,
                "readonlyRootFilesystem": true, "healthCheck": {"command": ["CMD", "/tandem", "guard", "--probe"], "interval": 10},
            },
        ],
    });
    change(&mut definition["containerDefinitions"]);
    definition
}

#[test]
fn a_container_that_waits_for_another_is_told_as_it_was_given() {
    let mut world = World::empty(7);
    let made = ok(&mut world, "RegisterTaskDefinition", guarded(|_| {}));
    let containers = &made["taskDefinition"]["containerDefinitions"];
    assert_eq!(containers[0]["dependsOn"], json!([{"containerName": "guard", "condition": "HEALTHY"}]));
    let check = &containers[1]["healthCheck"];
    assert_eq!((&check["interval"], &check["timeout"], &check["retries"]), (&json!(10), &json!(5), &json!(3)));
    assert_eq!((&containers[1]["command"], &containers[1]["memoryReservation"]), (&json!(["guard"]), &json!(32)));
    assert_eq!((&containers[1]["essential"], &containers[1]["readonlyRootFilesystem"]), (&json!(true), &json!(true)));
}

#[test]
fn what_can_never_come_is_not_waited_for() {
    let mut world = World::empty(7);
    type Change = (&'static str, fn(&mut Doc));
    let changes: [Change; 6] = [
        ("no container side", |all| all[0]["dependsOn"][0]["containerName"] = json!("side")),
        ("must have a health check", |all| all[1]["healthCheck"] = Doc::Null),
        ("is essential", |all| all[0]["dependsOn"][0]["condition"] = json!("COMPLETE")),
        ("and known", |all| all[0]["dependsOn"][0]["condition"] = json!("READY")),
        ("waits for itself", |all| all[1]["dependsOn"] = json!([{"containerName": "app", "condition": "START"}])),
        ("interval must be between 5 and 300", |all| all[1]["healthCheck"]["interval"] = json!(1)),
    ];
    for (why, change) in changes {
        let (code, message) = refused(&mut world, "RegisterTaskDefinition", guarded(change));
        assert!(code == "ClientException" && message.contains(why), "{code}: {message}, not {why}");
    }
}

#[test]
fn a_task_starts_when_what_it_waits_for_is_healthy() {
    let mut world = stack("web:1", 1);
    pass(&mut world, 300);
    ok(&mut world, "RegisterTaskDefinition", guarded(|_| {}));
    ok(&mut world, "UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    pass(&mut world, 600);
    let found = tasks(&mut world, "RUNNING");
    assert_eq!((found.len(), &found[0]["healthStatus"]), (1, &json!("HEALTHY")));
    let containers = found[0]["containers"].as_array().expect("containers");
    assert_eq!(containers.iter().map(|one| &one["healthStatus"]).collect::<Vec<_>>(), ["UNKNOWN", "HEALTHY"]);
    let running = world.ecs_in(REGION).pool.tasks.values().find(|task| task.wanted()).expect("a task");
    let waited = running.started_at.expect("it runs").since(running.pull_stopped_at.expect("it was pulled"));
    assert!(waited.as_secs() >= 10, "the first check is made after its interval: {waited:?}");
}
