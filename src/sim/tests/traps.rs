//! Where AWS surprises those who operate it, in the whole world: what one part does shows in another.
//! Those that lie in one service alone are tested beside it (`world/dns`, `world/scaling`).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{call, ready, run, share};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use tandem_sim::World;
use tandem_sim::front_door::resolve_for;
use tandem_sim::world::dns::{RecordData, RecordType, check_status};

const ELB: &str = "elasticloadbalancing";
const NEW_YORK: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 18, 0, 9));

fn first(answer: &Value, list: &str, member: &str) -> String {
    answer[list][0][member].as_str().unwrap().to_string()
}

fn addresses(world: &World, name: &str) -> Vec<Ipv4Addr> {
    let answer = resolve_for(world, name, RecordType::A, NEW_YORK);
    let mut found: Vec<Ipv4Addr> = answer
        .records
        .iter()
        .filter_map(|record| match record.data {
            RecordData::A(ip) => Some(ip),
            _ => None,
        })
        .collect();
    found.sort();
    found
}

#[test]
fn one_empty_target_group_pulls_the_whole_region() {
    let mut world = ready(31);
    let virginia = addresses(&world, "origin-us-east-1.app.shop.example");
    assert_eq!(addresses(&world, "app.shop.example"), virginia);
    let region = "us-east-1";
    let balancer = call(&mut world, ELB, "DescribeLoadBalancers", region, json!({})).unwrap();
    let ask = json!({"LoadBalancerArn": first(&balancer, "LoadBalancers", "LoadBalancerArn")});
    let listeners = call(&mut world, ELB, "DescribeListeners", region, ask).unwrap();
    let vpc = first(&balancer, "LoadBalancers", "VpcId");
    let green = json!({"Name": "green", "Protocol": "HTTP", "Port": "8080", "VpcId": vpc, "TargetType": "ip"});
    let green = call(&mut world, ELB, "CreateTargetGroup", region, green).unwrap();
    let rule = json!({
        "ListenerArn": first(&listeners, "Listeners", "ListenerArn"), "Priority": "50",
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/green/*"]}}],
        "Actions": [{"Type": "forward", "TargetGroupArn": first(&green, "TargetGroups", "TargetGroupArn")}],
    });
    call(&mut world, ELB, "CreateRule", region, rule).unwrap();
    run(&mut world, 5);
    assert_eq!(
        addresses(&world, "app.shop.example"),
        addresses(&world, "origin-eu-west-1.app.shop.example"),
        "a canary that is scaled to nothing takes its Region along"
    );
}

#[test]
fn set_alarm_state_cannot_drill_a_health_check_and_real_data_can() {
    let mut world = ready(32);
    let region = "us-east-1";
    let alarm = json!({
        "AlarmName": "orders", "Namespace": "Shop", "MetricName": "Failures", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 10.0, "ComparisonOperator": "GreaterThanThreshold",
    });
    call(&mut world, "monitoring", "PutMetricAlarm", region, alarm).unwrap();
    let put = |world: &mut World, failures: f64| {
        for _ in 0..3 {
            let datum = json!([{"MetricName": "Failures", "Value": failures}]);
            call(world, "monitoring", "PutMetricData", region, json!({"Namespace": "Shop", "MetricData": datum}))
                .unwrap();
            run(world, 60);
        }
    };
    put(&mut world, 0.0);
    let config = json!({
        "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": region, "Name": "orders"},
        "InsufficientDataHealthStatus": "LastKnownStatus",
    });
    let ask = json!({"CallerReference": "orders", "HealthCheckConfig": config});
    let made = call(&mut world, "route53", "CreateHealthCheck", region, ask).unwrap();
    let id = made["HealthCheck"]["Id"].as_str().unwrap().to_string();
    run(&mut world, 60);
    let healthy = |world: &World| check_status(world, &id).unwrap().healthy;
    let forced = json!({"AlarmName": "orders", "StateValue": "ALARM", "StateReason": "a drill"});
    call(&mut world, "monitoring", "SetAlarmState", region, forced).unwrap();
    run(&mut world, 20);
    assert!(healthy(&world), "the check reads the alarm's data, not its state");
    put(&mut world, 500.0);
    run(&mut world, 60);
    assert!(!healthy(&world));
}

#[test]
fn long_lived_connections_ignore_dns() {
    let stays = |keep_alive: &str| {
        let mut world = ready(33);
        let region = "us-east-1";
        let balancer = call(&mut world, ELB, "DescribeLoadBalancers", region, json!({})).unwrap();
        let attributes = json!([{"Key": "client_keep_alive.seconds", "Value": keep_alive}]);
        let ask = json!({
            "LoadBalancerArn": first(&balancer, "LoadBalancers", "LoadBalancerArn"), "Attributes": attributes,
        });
        call(&mut world, ELB, "ModifyLoadBalancerAttributes", region, ask).unwrap();
        run(&mut world, 3600);
        dial_down(&mut world);
        run(&mut world, 10 * 60);
        share(&world, "new-york", region)
    };
    let (short, long) = (stays("300"), stays("3600"));
    assert!(short < 0.08, "with 300 s only those who ignore the time to live stay: {short}");
    assert!(long > 0.4, "with 3600 s most stay on their connections: {long}");
}

/// Turns the dial of us-east-1 to 0 by its records.
fn dial_down(world: &mut World) {
    let zones = call(world, "route53", "ListHostedZones", "us-east-1", json!({})).unwrap();
    let zone = first(&zones, "HostedZones", "Id").rsplit('/').next().unwrap().to_string();
    let records = call(world, "route53", "ListResourceRecordSets", "us-east-1", json!({"Id": zone})).unwrap();
    let mut changes = vec![];
    for set in records["ResourceRecordSets"].as_array().unwrap() {
        if set["Name"] == "us-east-1.app.shop.example." && !set["Weight"].is_null() {
            let mut set = set.clone();
            set["Weight"] = json!(if set["SetIdentifier"] == "us-east-1" { "0" } else { "100" });
            changes.push(json!({"Action": "UPSERT", "ResourceRecordSet": set}));
        }
    }
    assert_eq!(changes.len(), 2);
    let ask = json!({"Id": zone, "ChangeBatch": {"Changes": changes}});
    call(world, "route53", "ChangeResourceRecordSets", "us-east-1", ask).unwrap();
}
