//! Stacks as a client meets them.

mod certificates;
mod change_sets;
mod failures;
mod stacks;
mod updates;

use super::CLOUDFORMATION;
use crate::doc::{Doc, Input};
use crate::operation::{Answer, Caller};
use crate::services;
use crate::world::World;
use serde_json::{Value, json};
use std::time::Duration;

const REGION: &str = "eu-west-1";

fn call_in(world: &mut World, region: &str, operation: &str, input: Value) -> Answer<Value> {
    let caller = Caller { region: region.into(), principal: "AKIA".into(), now: world.now };
    let operation = CLOUDFORMATION.operations.iter().find(|known| known.name == operation).expect("an operation");
    (operation.run)(world, &caller, Input::Text(input))
}

fn call(world: &mut World, operation: &str, input: Value) -> Answer<Value> {
    call_in(world, REGION, operation, input)
}

/// Another service.
fn ask(world: &mut World, scope: &str, operation: &str, input: Value) -> Answer<Doc> {
    let caller = Caller { region: REGION.into(), principal: "AKIA".into(), now: world.now };
    let service = services::ALL.iter().find(|service| service.scope == scope).expect("a service");
    let operation = service.operations.iter().find(|known| known.name == operation).expect("an operation");
    let input = if scope == "ecs" { Input::Typed(input) } else { Input::Text(input) };
    (operation.run)(world, &caller, input)
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

fn refused(answer: Answer<Value>) -> String {
    answer.expect_err("a refusal").to_string()
}

fn create(world: &mut World, name: &str, template: &Value) -> String {
    let ask = json!({
        "StackName": name, "TemplateBody": template.to_string(), "Capabilities": ["CAPABILITY_NAMED_IAM"],
    });
    text(&call(world, "CreateStack", ask).expect("created")["StackId"])
}

fn update(world: &mut World, name: &str, template: &Value) -> Answer<Value> {
    let ask = json!({
        "StackName": name, "TemplateBody": template.to_string(), "Capabilities": ["CAPABILITY_NAMED_IAM"],
    });
    call(world, "UpdateStack", ask)
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_string()
}

fn stack(world: &mut World, name: &str) -> Value {
    call(world, "DescribeStacks", json!({"StackName": name})).expect("a stack")["Stacks"][0].clone()
}

fn status(world: &mut World, name: &str) -> String {
    text(&stack(world, name)["StackStatus"])
}

/// Lets time pass until the stack is at rest, at most an hour.
fn settle(world: &mut World, name: &str) -> String {
    for _ in 0..3_600 {
        pass(world, 1);
        let now = status(world, name);
        if !now.ends_with("_IN_PROGRESS") {
            return now;
        }
    }
    panic!("{name} never came to rest")
}

/// Events, oldest first: logical id, status, reason.
fn events(world: &mut World, name: &str) -> Vec<(String, String, String)> {
    let told = call(world, "DescribeStackEvents", json!({"StackName": name})).expect("events");
    let mut events: Vec<(String, String, String)> = told["StackEvents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| {
            let reason = event["ResourceStatusReason"].as_str().unwrap_or_default().to_string();
            (text(&event["LogicalResourceId"]), text(&event["ResourceStatus"]), reason)
        })
        .collect();
    events.reverse();
    events
}

/// Why a resource failed.
fn reason(world: &mut World, name: &str, logical: &str) -> String {
    let failed = |(of, status, _): &&(String, String, String)| of == logical && status.ends_with("_FAILED");
    events(world, name).iter().find(failed).map(|(.., reason)| reason.clone()).expect("a failure")
}

fn physical(world: &mut World, name: &str, logical: &str) -> String {
    let ask = json!({"StackName": name, "LogicalResourceId": logical});
    let told = call(world, "DescribeStackResources", ask).expect("resources");
    text(&told["StackResources"][0]["PhysicalResourceId"])
}

/// A network as a deployment has it: two public and two private subnets, a role, logs and a subnet group.
fn network() -> Value {
    let subnet = |number: u64| {
        json!({"Type": "AWS::EC2::Subnet", "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "AvailabilityZone": {"Fn::Select": [number % 2, {"Fn::GetAZs": ""}]},
            "CidrBlock": {"Fn::Select": [number, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]},
        }})
    };
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "network",
        "Parameters": {"Cidr": {"Type": "String", "Default": "10.0.0.0/16"}},
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {
                "CidrBlock": {"Ref": "Cidr"}, "EnableDnsHostnames": true, "EnableDnsSupport": true,
                "Tags": [{"Key": "Name", "Value": {"Ref": "AWS::StackName"}}],
            }},
            "PublicA": subnet(0), "PublicB": subnet(1), "PrivateA": subnet(2), "PrivateB": subnet(3),
            "Gateway": {"Type": "AWS::EC2::InternetGateway"},
            "Attachment": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {
                "VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"},
            }},
            "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
            "Default": {"Type": "AWS::EC2::Route", "DependsOn": "Attachment", "Properties": {
                "RouteTableId": {"Ref": "Routes"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"},
            }},
            "RoutesOfA": {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": {
                "RouteTableId": {"Ref": "Routes"}, "SubnetId": {"Ref": "PublicA"},
            }},
            "Web": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
                "GroupDescription": "web", "VpcId": {"Ref": "Vpc"},
                "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}],
            }},
            "Data": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
                "GroupDescription": "data", "VpcId": {"Ref": "Vpc"},
            }},
            "WebToData": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {
                "GroupId": {"Fn::GetAtt": ["Data", "GroupId"]}, "IpProtocol": "tcp", "FromPort": "5432", "ToPort": "5432",
                "SourceSecurityGroupId": {"Ref": "Web"},
            }},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
                "RoleName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"},
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            }},
            "Policy": {"Type": "AWS::IAM::Policy", "Properties": {
                "PolicyName": "logs", "PolicyDocument": {"Version": "2012-10-17", "Statement": []},
                "Roles": [{"Ref": "Role"}],
            }},
            "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {
                "LogGroupName": {"Fn::Sub": "/${AWS::StackName}/app"}, "RetentionInDays": 30,
            }},
            "Group": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": {
                "DBSubnetGroupName": {"Ref": "AWS::StackName"}, "DBSubnetGroupDescription": "data",
                "SubnetIds": [{"Ref": "PrivateA"}, {"Ref": "PrivateB"}],
            }},
        },
        "Outputs": {
            "VpcId": {"Value": {"Ref": "Vpc"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-vpc"}}},
            "RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}, "Description": "of tasks"},
        },
    })
}

/// A template with these resources and nothing else.
fn only(resources: Value) -> Value {
    json!({"Resources": resources})
}

fn vpc(cidr: &str) -> Value {
    json!({"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr}})
}
