//! What AWS refuses while a stack is made or deleted, and what becomes of the stack.

use super::*;
use std::collections::BTreeSet;

fn fails(resources: Value, logical: &str) -> String {
    let mut world = World::empty(1);
    create(&mut world, "shop", &only(resources));
    assert_eq!(settle(&mut world, "shop"), "ROLLBACK_COMPLETE");
    assert!(world.cloudformation.holdings().is_empty(), "a rollback leaves nothing");
    reason(&mut world, "shop", logical)
}

fn subnet(cidr: &str, zone: &str) -> Value {
    json!({"Type": "AWS::EC2::Subnet", "Properties": {
        "VpcId": {"Ref": "Vpc"}, "CidrBlock": cidr, "AvailabilityZone": {"Fn::Sub": format!("${{AWS::Region}}{zone}")},
    }})
}

fn contains(reason: &str, words: &str) {
    assert!(reason.contains(words), "{reason}");
}

#[test]
fn services_refuse_in_their_own_words() {
    let outside = fails(json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.1.0.0/24", "a")}), "S");
    contains(
        &outside,
        "Resource handler returned message: \"The CIDR '10.1.0.0/24' is invalid. (Service: Ec2, Status Code: 400, Request ID: ",
    );
    contains(&outside, "HandlerErrorCode: InvalidRequest)");
    let mut twin = subnet("10.0.0.128/25", "b");
    twin["DependsOn"] = json!("S");
    let overlap = fails(json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.0.0.0/24", "a"), "T": twin}), "T");
    contains(&overlap, "The CIDR '10.0.0.128/25' conflicts with another subnet");
    let zone = fails(json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.0.0.0/24", "z")}), "S");
    contains(
        &zone,
        "Subnets can currently only be created in the following availability zones: eu-west-1a, eu-west-1b, eu-west-1c.",
    );
    let group = fails(
        json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.0.0.0/24", "a"), "G": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": {
            "DBSubnetGroupDescription": "d", "SubnetIds": [{"Ref": "S"}],
        }}}),
        "G",
    );
    contains(&group, "Current AZ coverage: eu-west-1a. Add subnets to cover at least 2 AZs. (Service: Rds");
    let detached = fails(
        json!({
            "Vpc": vpc("10.0.0.0/16"), "I": {"Type": "AWS::EC2::InternetGateway"},
            "T": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
            "R": {"Type": "AWS::EC2::Route", "Properties": {
                "RouteTableId": {"Ref": "T"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "I"},
            }},
        }),
        "R",
    );
    contains(&detached, "belong to different networks");
    let unknown = fails(json!({"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"Cidr": "10.0.0.0/16"}}}), "Vpc");
    assert_eq!(
        unknown,
        "Properties validation failed for resource Vpc with message:\n#: extraneous key [Cidr] is not permitted"
    );
    let dns = fails(
        json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.0.0.0/24", "a"), "E": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {
            "VpcId": {"Ref": "Vpc"}, "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr.api"},
            "VpcEndpointType": "Interface", "SubnetIds": [{"Ref": "S"}], "PrivateDnsEnabled": true,
        }}}),
        "E",
    );
    contains(
        &dns,
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
    );
}

#[test]
fn quotas_hold() {
    let mut world = World::empty(1);
    let five = (0..5).map(|n| (format!("Vpc{n}"), vpc("10.0.0.0/16"))).collect::<serde_json::Map<_, _>>();
    create(&mut world, "five", &only(Value::Object(five)));
    assert_eq!(settle(&mut world, "five"), "CREATE_COMPLETE");
    create(&mut world, "sixth", &only(json!({"Vpc": vpc("10.0.0.0/16")})));
    assert_eq!(settle(&mut world, "sixth"), "ROLLBACK_COMPLETE");
    contains(&reason(&mut world, "sixth", "Vpc"), "The maximum number of VPCs has been reached. (Service: Ec2");
    let six = (0..6).map(|n| (format!("Ip{n}"), json!({"Type": "AWS::EC2::EIP"}))).collect::<serde_json::Map<_, _>>();
    create(&mut world, "ips", &only(Value::Object(six)));
    assert_eq!(settle(&mut world, "ips"), "ROLLBACK_COMPLETE");
    contains(&reason(&mut world, "ips", "Ip5"), "The maximum number of addresses has been reached.");
}

#[test]
fn a_stack_that_could_not_be_made_can_only_be_deleted() {
    let mut world = World::empty(1);
    let broken = only(json!({"Vpc": vpc("10.0.0.0/16"), "S": subnet("10.1.0.0/24", "a")}));
    let id = create(&mut world, "shop", &broken);
    settle(&mut world, "shop");
    let why = events(&mut world, "shop").into_iter().find(|event| event.1 == "ROLLBACK_IN_PROGRESS").expect("why").2;
    assert_eq!(why, "The following resource(s) failed to create: [S]. Rollback requested by user.");
    let kept = update(&mut world, "shop", &only(json!({"Vpc": vpc("10.0.0.0/16")})));
    assert_eq!(
        refused(kept),
        format!("ValidationError: Stack:{id} is in ROLLBACK_COMPLETE state and can not be updated.")
    );
    let again = call(&mut world, "CreateStack", json!({"StackName": "shop", "TemplateBody": broken.to_string()}));
    assert!(refused(again).starts_with("AlreadyExistsException"));
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    pass(&mut world, 3);
    assert_eq!(status(&mut world, &id), "DELETE_COMPLETE");
    for (choice, end) in [("DO_NOTHING", "CREATE_FAILED"), ("DELETE", "DELETE_COMPLETE")] {
        let ask = json!({"StackName": "other", "TemplateBody": broken.to_string(), "OnFailure": choice});
        let id = text(&call(&mut world, "CreateStack", ask).expect("created")["StackId"]);
        assert_eq!(settle(&mut world, &id), end);
        call(&mut world, "DeleteStack", json!({"StackName": id})).expect("deleted");
        pass(&mut world, 30);
    }
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn a_stack_that_takes_too_long_is_rolled_back() {
    let mut world = World::empty(1);
    let slow = only(json!({"Key": {"Type": "AWS::KMS::Key"}, "Alias": {"Type": "AWS::KMS::Alias", "Properties": {
        "AliasName": "alias/shop", "TargetKeyId": {"Ref": "Key"},
    }}}));
    let ask = json!({"StackName": "shop", "TemplateBody": slow.to_string(), "TimeoutInMinutes": "1"});
    call(&mut world, "CreateStack", ask).expect("created");
    assert_eq!(settle(&mut world, "shop"), "ROLLBACK_COMPLETE");
    let story = events(&mut world, "shop");
    assert!(
        story.iter().any(|e| e.2 == "Stack creation time exceeded the specified timeout. Rollback requested by user.")
    );
    assert!(story.iter().any(|e| e.0 == "Key" && e.2 == "Resource creation cancelled"));
}

#[test]
fn a_stack_can_be_deleted_at_any_second() {
    for second in 1..80 {
        let mut world = World::empty(second);
        let id = create(&mut world, "shop", &network());
        pass(&mut world, second);
        call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
        assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE", "after {second} s");
        assert!(world.cloudformation.holdings().is_empty(), "after {second} s");
        assert!(world.aurora.subnet_groups.is_empty(), "after {second} s");
    }
}

#[test]
fn what_others_still_use_stays() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    settle(&mut world, "shop");
    let (a, b) = (physical(&mut world, "shop", "PublicA"), physical(&mut world, "shop", "PublicB"));
    let group = physical(&mut world, "shop", "Web");
    let balancer = json!({"Name": "shop", "Subnets": [a, b], "SecurityGroups": [group]});
    let made = ask(&mut world, "elasticloadbalancing", "CreateLoadBalancer", balancer).expect("a load balancer");
    let arn = text(&made["LoadBalancers"][0]["LoadBalancerArn"]);
    assert_eq!(made["LoadBalancers"][0]["AvailabilityZones"][1]["ZoneName"], "eu-west-1b");
    let cluster = json!({
        "DBClusterIdentifier": "shop", "Engine": "aurora-postgresql", "MasterUsername": "admin1",
        "MasterUserPassword": "longenough", "DBSubnetGroupName": "shop",
    });
    ask(&mut world, "rds", "CreateDBCluster", cluster).expect("a cluster");
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, "shop"), "DELETE_FAILED");
    let told = stack(&mut world, "shop");
    contains(&text(&told["StackStatusReason"]), "The following resource(s) failed to delete: [");
    contains(
        &reason(&mut world, "shop", "PublicA"),
        &format!("The subnet '{a}' has dependencies and cannot be deleted."),
    );
    contains(&reason(&mut world, "shop", "Web"), &format!("resource {group} has a dependent object"));
    contains(
        &reason(&mut world, "shop", "Group"),
        "Cannot delete the subnet group 'shop' because at least one database instance: shop is still using it.",
    );
    contains(&reason(&mut world, "shop", "Attachment"), "has some mapped public address(es)");
    let told = call(&mut world, "DescribeStackResources", json!({"StackName": "shop", "LogicalResourceId": "Vpc"}));
    assert_eq!(told.expect("it")["StackResources"][0]["ResourceStatus"], "CREATE_COMPLETE", "never tried");
    ask(&mut world, "elasticloadbalancing", "DeleteLoadBalancer", json!({"LoadBalancerArn": arn})).expect("gone");
    world.aurora.clusters.clear();
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn deletion_waits_for_what_goes_in_time() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    settle(&mut world, "shop");
    let subnets = [physical(&mut world, "shop", "PublicA"), physical(&mut world, "shop", "PublicB")];
    let made =
        ask(&mut world, "elasticloadbalancing", "CreateLoadBalancer", json!({"Name": "shop", "Subnets": subnets}));
    let arn = text(&made.expect("a load balancer")["LoadBalancers"][0]["LoadBalancerArn"]);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    pass(&mut world, 120);
    assert_eq!(status(&mut world, "shop"), "DELETE_IN_PROGRESS");
    ask(&mut world, "elasticloadbalancing", "DeleteLoadBalancer", json!({"LoadBalancerArn": arn})).expect("gone");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn what_cannot_be_deleted_can_be_retained() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    settle(&mut world, "shop");
    let early = json!({"StackName": "shop", "RetainResources": ["PublicA"]});
    assert!(
        refused(call(&mut world, "DeleteStack", early))
            .contains("only be specified when the stack is in DELETE_FAILED")
    );
    let a = physical(&mut world, "shop", "PublicA");
    let b = physical(&mut world, "shop", "PublicB");
    let balancer = json!({"Name": "shop", "Subnets": [a, b], "Scheme": "internal"});
    ask(&mut world, "elasticloadbalancing", "CreateLoadBalancer", balancer).expect("a load balancer");
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, "shop"), "DELETE_FAILED");
    let retain = json!({"StackName": "shop", "RetainResources": ["PublicA", "PublicB"]});
    call(&mut world, "DeleteStack", retain).expect("accepted");
    assert_eq!(settle(&mut world, "shop"), "DELETE_FAILED", "the VPC stays while subnets are in it");
    let force = json!({"StackName": "shop", "DeletionMode": "FORCE_DELETE_STACK"});
    call(&mut world, "DeleteStack", force).expect("accepted");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
    let left: Vec<&str> = world.cloudformation.holdings().iter().map(|thing| thing.logical.as_str()).collect();
    assert_eq!(BTreeSet::from_iter(left), BTreeSet::from(["PublicA", "PublicB", "Vpc"]));
}

#[test]
fn regions_are_peered() {
    let mut world = World::empty(1);
    let side = |cidr: &str| {
        json!({"StackName": "net", "TemplateBody": only(json!({
        "Vpc": vpc(cidr), "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    })).to_string()})
    };
    for (region, cidr) in [("eu-west-1", "10.0.0.0/16"), ("us-east-1", "10.1.0.0/16"), ("us-west-2", "10.0.0.0/16")] {
        call_in(&mut world, region, "CreateStack", side(cidr)).expect("created");
    }
    pass(&mut world, 60);
    let id_in = |world: &mut World, region: &str, logical: &str| {
        let ask = json!({"StackName": "net", "LogicalResourceId": logical});
        let told = call_in(world, region, "DescribeStackResources", ask).expect("resources");
        text(&told["StackResources"][0]["PhysicalResourceId"])
    };
    let (own, far, same) = (
        id_in(&mut world, "eu-west-1", "Vpc"),
        id_in(&mut world, "us-east-1", "Vpc"),
        id_in(&mut world, "us-west-2", "Vpc"),
    );
    let peering = |to: &str, region: &str| {
        only(json!({"Peering": {"Type": "AWS::EC2::VPCPeeringConnection", "Properties": {
            "VpcId": own, "PeerVpcId": to, "PeerRegion": region,
        }}}))
    };
    create(&mut world, "peer", &peering(&far, "us-east-1"));
    assert_eq!(settle(&mut world, "peer"), "CREATE_COMPLETE");
    let connection = physical(&mut world, "peer", "Peering");
    let table = id_in(&mut world, "us-east-1", "Routes");
    let route = only(json!({"Route": {"Type": "AWS::EC2::Route", "Properties": {
        "RouteTableId": table, "DestinationCidrBlock": "10.0.0.0/16", "VpcPeeringConnectionId": connection,
    }}}));
    let ask = json!({"StackName": "routes", "TemplateBody": route.to_string()});
    call_in(&mut world, "us-east-1", "CreateStack", ask).expect("created");
    pass(&mut world, 30);
    let told = call_in(&mut world, "us-east-1", "DescribeStacks", json!({"StackName": "routes"})).expect("a stack");
    assert_eq!(told["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
    create(&mut world, "overlap", &peering(&same, "us-west-2"));
    assert_eq!(settle(&mut world, "overlap"), "ROLLBACK_COMPLETE");
    contains(&reason(&mut world, "overlap", "Peering"), "or its CIDR overlaps");
    create(&mut world, "wrong", &peering(&far, "us-west-2"));
    assert_eq!(settle(&mut world, "wrong"), "ROLLBACK_COMPLETE");
}

#[test]
fn a_nat_gateway_needs_a_way_out() {
    let nat = |attached: bool| {
        let mut all = json!({
            "Vpc": vpc("10.0.0.0/16"), "S": subnet("10.0.0.0/24", "a"), "Ip": {"Type": "AWS::EC2::EIP"},
            "I": {"Type": "AWS::EC2::InternetGateway"},
            "Nat": {"Type": "AWS::EC2::NatGateway", "Properties": {
                "SubnetId": {"Ref": "S"}, "AllocationId": {"Fn::GetAtt": ["Ip", "AllocationId"]},
            }},
        });
        if attached {
            all["At"] = json!({"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {
                "VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "I"},
            }});
            all["Nat"]["DependsOn"] = json!("At");
        }
        all
    };
    contains(&fails(nat(false), "Nat"), "has no Internet gateway attached");
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &only(nat(true)));
    assert_eq!(settle(&mut world, "shop"), "CREATE_COMPLETE");
    assert!(world.now.since(crate::Moment::START).as_secs() > 90, "a NAT gateway takes its time");
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn tasks_hold_their_subnets_and_security_groups() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    settle(&mut world, "shop");
    let (subnet, group) = (physical(&mut world, "shop", "PublicA"), physical(&mut world, "shop", "Web"));
    ask(&mut world, "ecs", "CreateCluster", json!({"clusterName": "shop"})).expect("a cluster");
    let definition = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [{"name": "app", "image": "shop/web:1"}],
    });
    ask(&mut world, "ecs", "RegisterTaskDefinition", definition).expect("a definition");
    let service = json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1, "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {
            "subnets": [subnet], "securityGroups": [group], "assignPublicIp": "ENABLED",
        }},
    });
    ask(&mut world, "ecs", "CreateService", service).expect("a service");
    pass(&mut world, 120);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, "shop"), "DELETE_FAILED");
    contains(&reason(&mut world, "shop", "PublicA"), "has dependencies and cannot be deleted.");
    contains(&reason(&mut world, "shop", "Web"), "has a dependent object");
    contains(&reason(&mut world, "shop", "Attachment"), "has some mapped public address(es)");
    ask(&mut world, "ecs", "DeleteService", json!({"cluster": "shop", "service": "web", "force": true})).expect("gone");
    pass(&mut world, 120);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
}

#[test]
fn rds_knows_the_subnet_groups_of_stacks() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    settle(&mut world, "shop");
    let told = ask(&mut world, "rds", "DescribeDBSubnetGroups", json!({"DBSubnetGroupName": "shop"})).expect("it");
    let group = &told["DBSubnetGroups"][0];
    assert_eq!(group["VpcId"], physical(&mut world, "shop", "Vpc").as_str());
    assert_eq!(group["Subnets"][1]["SubnetAvailabilityZone"]["Name"], "eu-west-1b");
    ask(&mut world, "rds", "DeleteDBSubnetGroup", json!({"DBSubnetGroupName": "shop"}))
        .expect("deleted beside the stack");
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("accepted");
    assert_eq!(settle(&mut world, &id), "DELETE_COMPLETE");
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn names_that_are_taken_are_told() {
    let mut world = World::empty(1);
    let all = only(json!({
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop"}},
        "Key": {"Type": "AWS::KMS::Key"},
    }));
    create(&mut world, "one", &all);
    assert_eq!(settle(&mut world, "one"), "CREATE_COMPLETE");
    create(&mut world, "two", &all);
    assert_eq!(settle(&mut world, "two"), "ROLLBACK_COMPLETE");
    contains(
        &reason(&mut world, "two", "Logs"),
        "Resource of type 'AWS::Logs::LogGroup' with identifier '{\"/properties/LogGroupName\":\"/shop\"}' already exists.",
    );
    let reasons = events(&mut world, "two");
    assert!(reasons.iter().any(|event| event.0 == "Key" && event.2 == "Resource creation cancelled"));
}
