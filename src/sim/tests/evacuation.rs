//! A Region is left by the switch alone: one rule in the Region that takes over, while neither the
//! Region's own APIs nor the global control planes answer.

mod common;

use common::{call, failures, operation, ready, run, share};
use serde_json::json;
use tandem_sim::faults::{CallEffect, on_call};
use tandem_sim::ready::{switch_path, switch_says};

#[test]
fn the_switch_moves_everyone_without_a_control_plane_elsewhere() {
    let mut world = ready(21);
    common::break_region(&mut world, "F16", "us-east-1", 3600);
    common::break_region(&mut world, "F21", "us-east-1", 3600);
    run(&mut world, 10);
    let mut effect = |region: &str, service: &str, name: &str| {
        let (service, operation) = operation(service, name);
        on_call(&mut world, region, service, operation)
    };
    assert_eq!(effect("us-east-1", "elasticloadbalancing", "ModifyRule"), CallEffect::Hang);
    assert_ne!(effect("us-east-1", "route53", "ChangeResourceRecordSets"), CallEffect::None);
    assert_eq!(effect("eu-west-1", "elasticloadbalancing", "ModifyRule"), CallEffect::None);

    let rule = switch(&mut world, "eu-west-1", "us-east-1");
    let ask = json!({"RuleArn": rule, "Actions": switch_says("EVACUATE", "us-east-1", 4)});
    call(&mut world, "elasticloadbalancing", "ModifyRule", "eu-west-1", ask).unwrap();
    let failed = failures(&mut world, 10 * 60);
    assert!(failed < 0.005, "{failed}");
    // those who ignore the time to live stay for up to an hour
    for place in ["new-york", "san-francisco", "toronto", "sao-paulo"] {
        assert!(share(&world, place, "us-east-1") < 0.06, "{place}: {:?}", world.users.shares(&world));
    }
    let failed = failures(&mut world, 10 * 60);
    assert!(failed < 0.001, "{failed}");
}

fn switch(world: &mut tandem_sim::World, at: &str, of: &str) -> String {
    let elb = "elasticloadbalancing";
    let balancers = call(world, elb, "DescribeLoadBalancers", at, json!({})).unwrap();
    let ask = json!({"LoadBalancerArn": balancers["LoadBalancers"][0]["LoadBalancerArn"]});
    let listeners = call(world, elb, "DescribeListeners", at, ask).unwrap();
    let ask = json!({"ListenerArn": listeners["Listeners"][0]["ListenerArn"]});
    let rules = call(world, elb, "DescribeRules", at, ask).unwrap();
    let found = rules["Rules"].as_array().unwrap().iter().find(|rule| rule.to_string().contains(&switch_path(of)));
    found.unwrap()["RuleArn"].as_str().unwrap().to_string()
}
