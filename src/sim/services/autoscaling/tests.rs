use super::AUTOSCALING;
use crate::doc::{Doc, Input};
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde_json::json;
use std::time::Duration;

const REGION: &str = "us-east-1";
const SERVICE: &str = "service/shop/web";

fn call(world: &mut World, operation: &str, more: Doc) -> Answer<Doc> {
    let mut ask =
        json!({"ServiceNamespace": "ecs", "ResourceId": SERVICE, "ScalableDimension": "ecs:service:DesiredCount"});
    for (member, value) in more.as_object().unwrap() {
        ask[member] = value.clone();
    }
    let caller = Caller { region: REGION.into(), principal: "AKIA".into(), now: world.now };
    let operation = AUTOSCALING.operations.iter().find(|known| known.name == operation).unwrap();
    (operation.run)(world, &caller, Input::Typed(ask))
}

fn code(answer: Answer<Doc>) -> (&'static str, String) {
    let refused = answer.unwrap_err();
    (refused.code, refused.message)
}

fn world() -> World {
    let mut world = World::empty(1);
    world.scaling_in(REGION).double.insert(SERVICE.into(), 2);
    world
}

const TRACKING: &str = r#"{"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50, "ScaleOutCooldown": 60,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}}"#;

#[test]
fn a_target_is_registered_changed_and_taken_away() {
    let mut world = world();
    assert_eq!(code(call(&mut world, "RegisterScalableTarget", json!({"MinCapacity": 3}))).0, "ValidationException");
    let inverted = call(&mut world, "RegisterScalableTarget", json!({"MinCapacity": 3, "MaxCapacity": 2}));
    assert_eq!(code(inverted).1, "Maximum capacity cannot be less than minimum capacity");
    let stranger = json!({"ResourceId": "service/shop/nobody", "MinCapacity": 1, "MaxCapacity": 2});
    assert_eq!(
        code(call(&mut world, "RegisterScalableTarget", stranger)).1,
        "ECS service doesn't exist: service/shop/nobody"
    );
    let first = json!({"MinCapacity": 3, "MaxCapacity": 9, "Tags": {"stack": "shop"}});
    let arn = call(&mut world, "RegisterScalableTarget", first).unwrap()["ScalableTargetARN"].clone();
    let again = call(&mut world, "RegisterScalableTarget", json!({"MinCapacity": 5})).unwrap();
    assert_eq!(again["ScalableTargetARN"], arn);
    world.advance(world.now + Duration::from_secs(1));
    assert_eq!(world.scaling[REGION].double[SERVICE], 5);
    let told = call(&mut world, "DescribeScalableTargets", json!({"ResourceIds": [SERVICE]})).unwrap();
    let target = &told["ScalableTargets"][0];
    assert_eq!((&target["MinCapacity"], &target["MaxCapacity"]), (&json!(5), &json!(9)));
    call(&mut world, "TagResource", json!({"ResourceARN": arn, "Tags": {"a": "1"}})).unwrap();
    call(&mut world, "UntagResource", json!({"ResourceARN": arn, "TagKeys": ["stack"]})).unwrap();
    assert_eq!(
        call(&mut world, "ListTagsForResource", json!({"ResourceARN": arn})).unwrap(),
        json!({"Tags": {"a": "1"}})
    );
    call(&mut world, "DeregisterScalableTarget", json!({})).unwrap();
    assert_eq!(
        code(call(&mut world, "DeregisterScalableTarget", json!({}))),
        (
            "ObjectNotFoundException",
            "No scalable target found for service namespace: ecs, resource ID: service/shop/web, scalable dimension: \
             ecs:service:DesiredCount"
                .into()
        )
    );
}

#[test]
fn a_policy_makes_its_alarms() {
    let mut world = world();
    let tracking: Doc = serde_json::from_str(TRACKING).unwrap();
    assert_eq!(code(call(&mut world, "PutScalingPolicy", tracking.clone())).0, "ObjectNotFoundException");
    call(&mut world, "RegisterScalableTarget", json!({"MinCapacity": 1, "MaxCapacity": 9})).unwrap();
    let made = call(&mut world, "PutScalingPolicy", tracking.clone()).unwrap();
    let names: Vec<&str> = (0..2).map(|n| made["Alarms"][n]["AlarmName"].as_str().unwrap()).collect();
    assert!(names[0].starts_with("TargetTracking-service/shop/web-AlarmHigh-"), "{names:?}");
    assert!(names[1].starts_with("TargetTracking-service/shop/web-AlarmLow-"), "{names:?}");
    assert!(names.iter().all(|name| world.metrics[REGION].alarms.get(name).is_some()));
    let told = call(&mut world, "DescribeScalingPolicies", json!({"PolicyNames": ["cpu"]})).unwrap();
    let configuration = &told["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"];
    assert_eq!((&configuration["TargetValue"], &configuration["ScaleOutCooldown"]), (&json!(50.0), &json!(60)));
    let mut twin = tracking.clone();
    twin["PolicyName"] = json!("again");
    assert_eq!(code(call(&mut world, "PutScalingPolicy", twin)).0, "ValidationException");
    let mut unlabelled = tracking;
    unlabelled["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"] =
        json!({"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": "app/web/1"});
    assert_eq!(code(call(&mut world, "PutScalingPolicy", unlabelled)).0, "ValidationException");
    call(&mut world, "DeleteScalingPolicy", json!({"PolicyName": "cpu"})).unwrap();
    assert_eq!(world.metrics[REGION].alarms.iter().count(), 0);
    assert_eq!(
        code(call(&mut world, "DeleteScalingPolicy", json!({"PolicyName": "cpu"}))).0,
        "ObjectNotFoundException"
    );
}

#[test]
fn activities_come_newest_first_and_in_pages() {
    let mut world = world();
    for minimum in 3..8 {
        call(&mut world, "RegisterScalableTarget", json!({"MinCapacity": minimum, "MaxCapacity": 9})).unwrap();
        world.advance(world.now + Duration::from_secs(5));
    }
    let (mut seen, mut token) = (vec![], Doc::Null);
    loop {
        let ask = json!({"MaxResults": 2, "NextToken": token});
        let told = call(&mut world, "DescribeScalingActivities", ask).unwrap();
        let page = told["ScalingActivities"].as_array().unwrap();
        assert!(page.len() <= 2);
        seen.extend(page.iter().map(|activity| activity["Description"].as_str().unwrap().to_string()));
        token = told["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    let expected: Vec<String> = (3..8).rev().map(|n| format!("Setting desired count to {n}.")).collect();
    assert_eq!(seen, expected);
    let junk = call(&mut world, "DescribeScalingActivities", json!({"NextToken": "junk"}));
    assert_eq!(code(junk).0, "InvalidNextTokenException");
}
