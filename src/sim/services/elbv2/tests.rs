use super::ELBV2;
use crate::doc::Input;
use crate::moment::{MARK, Moment};
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde_json::{Value, json};
use std::time::Duration;

const REGION: &str = "us-east-1";

fn call(world: &mut World, operation: &str, input: Value) -> Answer<Value> {
    let caller = Caller { region: REGION.into(), principal: "AKIA".into(), now: world.now };
    let operation = ELBV2.operations.iter().find(|known| known.name == operation).expect("an operation");
    (operation.run)(world, &caller, Input::Text(input))
}

fn code(answer: Answer<Value>) -> &'static str {
    answer.expect_err("a refusal").code
}

fn list(values: &[&str]) -> Value {
    let items: serde_json::Map<String, Value> =
        values.iter().enumerate().map(|(n, v)| ((n + 1).to_string(), json!(v))).collect();
    json!({ "member": items })
}

fn load_balancer(world: &mut World, name: &str) -> Value {
    let subnets = list(&["subnet-0a", "subnet-0b"]);
    let made = call(world, "CreateLoadBalancer", json!({"Name": name, "Subnets": subnets})).expect("made");
    made["LoadBalancers"][0].clone()
}

fn target_group(world: &mut World, name: &str) -> String {
    let ask = json!({
        "Name": name, "Protocol": "HTTP", "Port": "8080", "VpcId": "vpc-1", "TargetType": "ip",
        "HealthCheckIntervalSeconds": "10", "HealthCheckTimeoutSeconds": "5", "Matcher": {"HttpCode": "200-299"},
    });
    let made = call(world, "CreateTargetGroup", ask).expect("made");
    text(&made["TargetGroups"][0]["TargetGroupArn"])
}

fn forward(group: &str) -> Value {
    json!({"member": {"1": {"Type": "forward", "TargetGroupArn": group}}})
}

fn fixed(body: &str) -> Value {
    let config = json!({"StatusCode": "200", "ContentType": "text/plain", "MessageBody": body});
    json!({"member": {"1": {"Type": "fixed-response", "FixedResponseConfig": config}}})
}

fn on_path(path: &str) -> Value {
    json!({"member": {"1": {"Field": "path-pattern", "Values": list(&[path])}}})
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_string()
}

fn listener(world: &mut World, load_balancer: &Value, port: &str, actions: Value) -> Answer<Value> {
    let arn = &load_balancer["LoadBalancerArn"];
    let ask = json!({"LoadBalancerArn": arn, "Protocol": "HTTP", "Port": port, "DefaultActions": actions});
    call(world, "CreateListener", ask)
}

#[test]
fn a_load_balancer_has_every_member_and_becomes_active() {
    let mut world = World::empty(1);
    let made = load_balancer(&mut world, "shop");
    for member in [
        "LoadBalancerArn",
        "DNSName",
        "CanonicalHostedZoneId",
        "LoadBalancerName",
        "Scheme",
        "VpcId",
        "Type",
        "AvailabilityZones",
        "SecurityGroups",
        "IpAddressType",
    ] {
        assert!(!made[member].is_null(), "{member}");
    }
    assert_eq!(made["CreatedTime"][MARK], Moment::START.0);
    assert_eq!(made["CanonicalHostedZoneId"], "Z35SXDOTRQ7X7K");
    assert_eq!(made["AvailabilityZones"][1]["ZoneName"], "us-east-1b");
    assert_eq!(made["State"]["Code"], "provisioning");
    assert!(text(&made["DNSName"]).starts_with("shop-") && text(&made["DNSName"]).contains(".us-east-1.elb."));
    world.advance(Moment::START + Duration::from_secs(59));
    let seen = call(&mut world, "DescribeLoadBalancers", json!({})).expect("seen");
    assert_eq!(seen["LoadBalancers"][0]["State"]["Code"], "provisioning");
    world.advance(Moment::START + Duration::from_secs(181));
    let seen = call(&mut world, "DescribeLoadBalancers", json!({"Names": list(&["shop"])})).expect("seen");
    assert_eq!(seen["LoadBalancers"][0]["State"]["Code"], "active");
    assert_eq!(seen["LoadBalancers"][0]["LoadBalancerArn"], made["LoadBalancerArn"]);
    let mut twin = World::empty(2);
    assert_eq!(load_balancer(&mut twin, "shop")["LoadBalancerArn"], made["LoadBalancerArn"]);
}

#[test]
fn creation_is_idempotent_and_particular_about_subnets() {
    let mut world = World::empty(1);
    let made = load_balancer(&mut world, "shop");
    assert_eq!(load_balancer(&mut world, "shop"), made);
    let refused = |world: &mut World, ask| code(call(world, "CreateLoadBalancer", ask));
    let two = list(&["subnet-0a", "subnet-0b"]);
    let internal = json!({"Name": "shop", "Subnets": two, "Scheme": "internal"});
    assert_eq!(refused(&mut world, internal), "DuplicateLoadBalancerName");
    assert_eq!(refused(&mut world, json!({"Name": "x", "Subnets": list(&["subnet-0a"])})), "ValidationError");
    let same = json!({"Name": "x", "Subnets": list(&["subnet-0a", "subnet-1a"])});
    assert_eq!(refused(&mut world, same), "InvalidConfigurationRequest");
    assert_eq!(refused(&mut world, json!({"Name": "-x", "Subnets": two})), "ValidationError");
    assert_eq!(refused(&mut world, json!({"Name": "x", "Subnets": two, "Type": "network"})), "OperationNotPermitted");
    assert_eq!(refused(&mut world, json!({"Subnets": two})), crate::operation::MISSHAPEN);
}

#[test]
fn names_and_pages() {
    let mut world = World::empty(1);
    for name in ["c", "a", "b"] {
        load_balancer(&mut world, name);
    }
    let refusal = call(&mut world, "DescribeLoadBalancers", json!({"Names": list(&["a", "no"])})).expect_err("refused");
    assert_eq!((refusal.code, refusal.message.as_str()), ("LoadBalancerNotFound", "Load balancers '[no]' not found"));
    let first = call(&mut world, "DescribeLoadBalancers", json!({"PageSize": "2"})).expect("a page");
    assert_eq!(first["LoadBalancers"].as_array().map(Vec::len), Some(2));
    let next = json!({"PageSize": "2", "Marker": first["NextMarker"]});
    let second = call(&mut world, "DescribeLoadBalancers", next).expect("a page");
    assert_eq!(second["LoadBalancers"][0]["LoadBalancerName"], "c");
    assert!(second["NextMarker"].is_null());
    assert_eq!(code(call(&mut world, "DescribeLoadBalancers", json!({"PageSize": "401"}))), "ValidationError");
}

#[test]
fn protection_and_use_forbid_deletion() {
    let mut world = World::empty(1);
    let made = load_balancer(&mut world, "shop");
    let group = target_group(&mut world, "web");
    listener(&mut world, &made, "80", forward(&group)).expect("a listener");
    let arn = made["LoadBalancerArn"].clone();
    let protect = |value: &str| {
        let attribute = json!({"member": {"1": {"Key": "deletion_protection.enabled", "Value": value}}});
        json!({"LoadBalancerArn": arn, "Attributes": attribute})
    };
    call(&mut world, "ModifyLoadBalancerAttributes", protect("true")).expect("protected");
    assert_eq!(code(call(&mut world, "DeleteLoadBalancer", json!({"LoadBalancerArn": arn}))), "OperationNotPermitted");
    assert_eq!(code(call(&mut world, "DeleteTargetGroup", json!({"TargetGroupArn": group}))), "ResourceInUse");
    let wrong = call(&mut world, "ModifyLoadBalancerAttributes", protect("maybe"));
    assert_eq!(code(wrong), "InvalidConfigurationRequest");
    call(&mut world, "ModifyLoadBalancerAttributes", protect("false")).expect("open");
    call(&mut world, "DeleteLoadBalancer", json!({"LoadBalancerArn": arn})).expect("deleted");
    call(&mut world, "DeleteLoadBalancer", json!({"LoadBalancerArn": arn})).expect("deleting again succeeds");
    call(&mut world, "DeleteTargetGroup", json!({"TargetGroupArn": group})).expect("free now");
    let gone = call(&mut world, "DescribeTargetGroups", json!({"Names": list(&["web"])}));
    assert_eq!(code(gone), "TargetGroupNotFound");
}

#[test]
fn target_groups_have_defaults_and_check_what_is_asked() {
    let mut world = World::empty(1);
    let ask = json!({"Name": "web", "Protocol": "HTTP", "Port": "80", "VpcId": "vpc-1", "TargetType": "ip"});
    let made = call(&mut world, "CreateTargetGroup", ask.clone()).expect("made")["TargetGroups"][0].clone();
    assert_eq!(made["HealthCheckIntervalSeconds"], 30);
    assert_eq!(made["HealthCheckTimeoutSeconds"], 6);
    assert_eq!((&made["HealthyThresholdCount"], &made["UnhealthyThresholdCount"]), (&json!(5), &json!(2)));
    assert_eq!((&made["Matcher"]["HttpCode"], &made["HealthCheckPort"]), (&json!("200"), &json!("traffic-port")));
    assert_eq!(call(&mut world, "CreateTargetGroup", ask).expect("again")["TargetGroups"][0], made);
    let other = json!({"Name": "web", "Protocol": "HTTP", "Port": "81", "VpcId": "vpc-1", "TargetType": "ip"});
    assert_eq!(code(call(&mut world, "CreateTargetGroup", other)), "DuplicateTargetGroupName");
    let arn = &made["TargetGroupArn"];
    let slow = json!({"TargetGroupArn": arn, "HealthCheckIntervalSeconds": "5"});
    assert_eq!(code(call(&mut world, "ModifyTargetGroup", slow)), "ValidationError", "the timeout is 6 s");
    let fast = json!({"TargetGroupArn": arn, "HealthCheckIntervalSeconds": "5", "HealthCheckTimeoutSeconds": "2"});
    let changed = call(&mut world, "ModifyTargetGroup", fast).expect("changed");
    assert_eq!(changed["TargetGroups"][0]["HealthCheckIntervalSeconds"], 5);
    let attributes = call(&mut world, "DescribeTargetGroupAttributes", json!({"TargetGroupArn": arn})).expect("seen");
    let delay = json!({"Key": "deregistration_delay.timeout_seconds", "Value": "300"});
    assert!(attributes["Attributes"].as_array().is_some_and(|all| all.contains(&delay)));
}

#[test]
fn listeners_and_certificates() {
    let mut world = World::empty(1);
    let (one, two) = (load_balancer(&mut world, "one"), load_balancer(&mut world, "two"));
    let group = target_group(&mut world, "web");
    let made = listener(&mut world, &one, "80", forward(&group)).expect("made");
    assert_eq!(listener(&mut world, &one, "80", forward(&group)).expect("again"), made);
    assert_eq!(code(listener(&mut world, &one, "80", fixed("x"))), "DuplicateListener");
    assert_eq!(code(listener(&mut world, &two, "80", forward(&group))), "TargetGroupAssociationLimit");
    let nothing = group.replace("/web/", "/wob/");
    assert_eq!(code(listener(&mut world, &two, "80", forward(&nothing))), "TargetGroupNotFound");
    let action = &made["Listeners"][0]["DefaultActions"][0];
    assert_eq!(action["ForwardConfig"]["TargetGroups"][0]["Weight"], 1);
    let seen = call(&mut world, "DescribeTargetGroups", json!({"LoadBalancerArn": one["LoadBalancerArn"]}));
    assert_eq!(seen.expect("seen")["TargetGroups"][0]["LoadBalancerArns"][0], one["LoadBalancerArn"]);
    let https = |certificate: &str| {
        json!({"LoadBalancerArn": one["LoadBalancerArn"], "Protocol": "HTTPS", "Port": "443",
               "Certificates": {"member": {"1": {"CertificateArn": certificate}}}, "DefaultActions": fixed("x")})
    };
    let away = call(&mut world, "CreateListener", https("arn:aws:acm:eu-west-1:123456789012:certificate/1"));
    assert_eq!(code(away), "CertificateNotFound", "certificates are Regional");
    let made = call(&mut world, "CreateListener", https("arn:aws:acm:us-east-1:123456789012:certificate/1"));
    let made = made.expect("made")["Listeners"][0].clone();
    assert_eq!(made["SslPolicy"], "ELBSecurityPolicy-2016-08");
    let plain = json!({"ListenerArn": made["ListenerArn"], "Protocol": "HTTP", "Port": "8443"});
    let changed = call(&mut world, "ModifyListener", plain).expect("changed")["Listeners"][0].clone();
    assert!(changed["Certificates"].is_null() && changed["Port"] == 8443);
    call(&mut world, "DeleteListener", json!({"ListenerArn": made["ListenerArn"]})).expect("deleted");
    let gone = call(&mut world, "DescribeListeners", json!({"ListenerArns": list(&[&text(&made["ListenerArn"])])}));
    assert_eq!(code(gone), "ListenerNotFound");
}

#[test]
fn rules_stand_in_numeric_order_and_are_replaced_member_by_member() {
    let mut world = World::empty(1);
    let owner = load_balancer(&mut world, "shop");
    let arn = listener(&mut world, &owner, "80", fixed("no")).expect("made")["Listeners"][0]["ListenerArn"].clone();
    let rule = |priority: &str, body: &str| json!({"ListenerArn": arn, "Priority": priority, "Conditions": on_path("/s/*"), "Actions": fixed(body)});
    for priority in ["100", "20", "3"] {
        call(&mut world, "CreateRule", rule(priority, "SERVE us-east-1 1")).expect("made");
    }
    assert_eq!(code(call(&mut world, "CreateRule", rule("20", "x"))), "PriorityInUse");
    assert_eq!(code(call(&mut world, "CreateRule", rule("0", "x"))), "ValidationError");
    assert_eq!(code(call(&mut world, "CreateRule", rule("4", &"x".repeat(1025)))), "ValidationError");
    let all = call(&mut world, "DescribeRules", json!({"ListenerArn": arn})).expect("all")["Rules"].clone();
    let priorities: Vec<String> = all.as_array().expect("rules").iter().map(|rule| text(&rule["Priority"])).collect();
    assert_eq!(priorities, ["3", "20", "100", "default"]);
    assert_eq!((&all[3]["IsDefault"], &all[0]["IsDefault"]), (&json!(true), &json!(false)));
    assert_eq!(all[0]["Conditions"][0]["PathPatternConfig"]["Values"][0], "/s/*");
    let change = json!({"RuleArn": all[1]["RuleArn"], "Actions": fixed("EVACUATE us-east-1 2")});
    let changed = call(&mut world, "ModifyRule", change).expect("changed")["Rules"][0].clone();
    assert_eq!(changed["Actions"][0]["FixedResponseConfig"]["MessageBody"], "EVACUATE us-east-1 2");
    assert_eq!(changed["Conditions"], all[1]["Conditions"], "conditions were not given and stay");
    let event = world.truth.events().last().expect("an event");
    assert_eq!((event.kind, event.what.as_str()), ("rule.modified", "shop 80 rule 20: 200 EVACUATE us-east-1 2"));
    let default = json!({"RuleArn": all[3]["RuleArn"]});
    assert_eq!(code(call(&mut world, "DeleteRule", default)), "OperationNotPermitted");
    call(&mut world, "DeleteRule", json!({"RuleArn": all[0]["RuleArn"]})).expect("deleted");
    assert_eq!(code(call(&mut world, "DeleteRule", json!({"RuleArn": all[0]["RuleArn"]}))), "RuleNotFound");
    let header = json!({"ListenerArn": arn, "Priority": "7", "Actions": fixed("x"),
        "Conditions": {"member": {"1": {"Field": "http-header"}}}});
    assert_eq!(code(call(&mut world, "CreateRule", header)), "InvalidConfigurationRequest");
}

#[test]
fn targets_come_and_go() {
    let mut world = World::empty(1);
    let group = target_group(&mut world, "web");
    let one = |ip: &str| json!({"TargetGroupArn": group, "Targets": {"member": {"1": {"Id": ip}}}});
    call(&mut world, "RegisterTargets", one("10.0.0.1")).expect("registered");
    assert_eq!(code(call(&mut world, "RegisterTargets", one("8.8.8.8"))), "InvalidTarget");
    assert_eq!(code(call(&mut world, "RegisterTargets", one("i-0123"))), "ValidationError");
    let health = call(&mut world, "DescribeTargetHealth", json!({"TargetGroupArn": group})).expect("health");
    let first = &health["TargetHealthDescriptions"][0];
    assert_eq!((&first["Target"]["Port"], &first["HealthCheckPort"]), (&json!(8080), &json!("8080")));
    assert_eq!(first["TargetHealth"]["State"], "unused");
    assert_eq!(first["TargetHealth"]["Reason"], "Target.NotInUse");
    let stranger = call(&mut world, "DescribeTargetHealth", one("10.0.0.9")).expect("health");
    assert_eq!(stranger["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"], "Target.NotRegistered");
    let owner = load_balancer(&mut world, "shop");
    listener(&mut world, &owner, "80", forward(&group)).expect("a listener");
    let health = call(&mut world, "DescribeTargetHealth", json!({"TargetGroupArn": group})).expect("health");
    assert_eq!(health["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"], "Elb.RegistrationInProgress");
    call(&mut world, "DeregisterTargets", one("10.0.0.1")).expect("draining");
    let health = call(&mut world, "DescribeTargetHealth", json!({"TargetGroupArn": group})).expect("health");
    assert_eq!(health["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"], "Target.DeregistrationInProgress");
    world.advance(Moment::START + Duration::from_secs(299));
    assert!(!world.truth.kinds().contains_key("target.gone"));
    world.advance(Moment::START + Duration::from_secs(300));
    let health = call(&mut world, "DescribeTargetHealth", json!({"TargetGroupArn": group})).expect("health");
    assert_eq!(health["TargetHealthDescriptions"], json!([]));
    assert_eq!(world.truth.kinds().get("target.gone"), Some(&1));
}

#[test]
fn tags_stick_to_every_kind_of_resource() {
    let mut world = World::empty(1);
    let owner = load_balancer(&mut world, "shop");
    let group = target_group(&mut world, "web");
    let listener = listener(&mut world, &owner, "80", forward(&group)).expect("made")["Listeners"][0].clone();
    let rules = call(&mut world, "DescribeRules", json!({"ListenerArn": listener["ListenerArn"]})).expect("rules");
    let arns =
        [text(&owner["LoadBalancerArn"]), group, text(&listener["ListenerArn"]), text(&rules["Rules"][0]["RuleArn"])];
    let arns: Vec<&str> = arns.iter().map(String::as_str).collect();
    let tags = json!({"member": {"1": {"Key": "a", "Value": "1"}, "2": {"Key": "b", "Value": "2"}}});
    call(&mut world, "AddTags", json!({"ResourceArns": list(&arns), "Tags": tags})).expect("added");
    call(&mut world, "RemoveTags", json!({"ResourceArns": list(&arns), "TagKeys": list(&["a"])})).expect("removed");
    let seen = call(&mut world, "DescribeTags", json!({"ResourceArns": list(&arns)})).expect("seen");
    for (place, arn) in arns.iter().enumerate() {
        let one = &seen["TagDescriptions"][place];
        assert_eq!((&one["ResourceArn"], &one["Tags"]), (&json!(arn), &json!([{"Key": "b", "Value": "2"}])));
    }
    let twice = json!({"member": {"1": {"Key": "a"}, "2": {"Key": "a"}}});
    let refused = call(&mut world, "AddTags", json!({"ResourceArns": list(&arns), "Tags": twice}));
    assert_eq!(code(refused), "DuplicateTagKeys");
    let lost = call(&mut world, "DescribeTags", json!({"ResourceArns": list(&[&arns[0].replace("shop", "shap")])}));
    assert_eq!(code(lost), "LoadBalancerNotFound");
}

#[test]
fn a_load_balancer_moves_to_other_subnets_and_security_groups() {
    let mut world = World::empty(1);
    let owner = load_balancer(&mut world, "shop");
    let arn = text(&owner["LoadBalancerArn"]);
    let ask = |subnets: &[&str]| json!({"LoadBalancerArn": arn, "Subnets": list(subnets)});
    let set = call(&mut world, "SetSubnets", ask(&["subnet-0b", "subnet-0c"])).expect("set");
    assert_eq!(set["AvailabilityZones"][1]["SubnetId"], "subnet-0c");
    assert_eq!(code(call(&mut world, "SetSubnets", ask(&["subnet-0b"]))), "ValidationError");
    assert_eq!(code(call(&mut world, "SetSubnets", ask(&["subnet-0b", "subnet-1b"]))), "InvalidConfigurationRequest");
    let ask = |groups: &[&str]| json!({"LoadBalancerArn": arn, "SecurityGroups": list(groups)});
    call(&mut world, "SetSecurityGroups", ask(&["sg-1", "sg-2"])).expect("set");
    assert_eq!(code(call(&mut world, "SetSecurityGroups", ask(&["other"]))), "InvalidSecurityGroup");
    let seen = call(&mut world, "DescribeLoadBalancers", json!({})).expect("seen")["LoadBalancers"][0].clone();
    assert_eq!(seen["SecurityGroups"], json!(["sg-1", "sg-2"]));
    assert_eq!(seen["AvailabilityZones"][0]["SubnetId"], "subnet-0b");
    let lost = json!({"LoadBalancerArn": arn.replace("shop", "shap"), "SecurityGroups": list(&["sg-1"])});
    assert_eq!(code(call(&mut world, "SetSecurityGroups", lost)), "LoadBalancerNotFound");
}
