"""The whole life of stacks through boto3: created, changed through a change set, refused, deleted."""
import json

from tools import REGION, bad, client, expect, good, until

cfn = client("cloudformation")

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True}}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {
    "RoleName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"},
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}}
NAMED = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}


def logs(days):
    return {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/probe", "RetentionInDays": days}}


def template(**resources):
    return json.dumps({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "a <probe> & more",
        "Parameters": {"Zone": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"]}},
        "Resources": {"Vpc": VPC, "Role": ROLE, **resources},
        "Outputs": {"VpcId": {"Value": {"Ref": "Vpc"}, "Description": "where", "Export": {"Name": "probe-vpc"}}},
    }, indent=2)


def wait(waiter, **arguments):
    cfn.get_waiter(waiter).wait(WaiterConfig={"Delay": 1, "MaxAttempts": 120}, **arguments)


def status(name):
    return good(cfn, "describe_stacks", StackName=name)["Stacks"][0]["StackStatus"]


def created():
    body = template(Logs=logs(30))
    bad(cfn, "create_stack", "InsufficientCapabilitiesException", StackName="probe", TemplateBody=body)
    bad(cfn, "validate_template", "ValidationError", TemplateBody="{}")
    told = good(cfn, "validate_template", TemplateBody=body)
    expect("capabilities", told.get("Capabilities"), ["CAPABILITY_NAMED_IAM"])
    ask = dict(StackName="probe", TemplateBody=body, ClientRequestToken="probe-1", EnableTerminationProtection=True,
               Parameters=[{"ParameterKey": "Zone", "ParameterValue": "b"}], Tags=[{"Key": "team", "Value": "a&b"}], **NAMED)
    stack = good(cfn, "create_stack", **ask)["StackId"]
    expect("the same token", good(cfn, "create_stack", **ask).get("StackId"), stack)
    bad(cfn, "create_stack", "TokenAlreadyExistsException", **{**ask, "TimeoutInMinutes": 5})
    bad(cfn, "create_stack", "AlreadyExistsException", **{**ask, "ClientRequestToken": "probe-2"})
    wait("stack_create_complete", StackName="probe")
    found = good(cfn, "describe_stacks")["Stacks"][0]
    expect("the export", found["Outputs"][0]["ExportName"], "probe-vpc")
    expect("the description", found["Description"], "a <probe> & more")
    bad(cfn, "describe_stacks", "ValidationError", StackName="missing")
    return stack


def looked_at(stack):
    expect("the template", good(cfn, "get_template", StackName="probe")["TemplateBody"]["Description"], "a <probe> & more")
    bad(cfn, "get_template", "ValidationError", StackName="missing")
    events = good(cfn, "describe_stack_events", StackName=stack)["StackEvents"]
    expect("the newest event", events[0]["ResourceStatus"], "CREATE_COMPLETE")
    bad(cfn, "describe_stack_events", "ValidationError", StackName="missing")
    resources = good(cfn, "describe_stack_resources", StackName="probe")["StackResources"]
    expect("resources", [one["LogicalResourceId"] for one in resources], ["Logs", "Role", "Vpc"])
    expect("the role", resources[1]["PhysicalResourceId"], f"probe-{REGION}")
    bad(cfn, "describe_stack_resources", "ValidationError", StackName="missing")
    good(cfn, "list_stack_resources", StackName="probe")
    bad(cfn, "list_stack_resources", "ValidationError", StackName="missing")
    good(cfn, "list_stacks", StackStatusFilter=["CREATE_COMPLETE"])
    bad(cfn, "list_stacks", "ValidationError", NextToken="junk")
    good(cfn, "list_exports")
    bad(cfn, "list_exports", "ValidationError", NextToken="junk")


def changed():
    body = template(Logs=logs(60), More={"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}})
    ask = dict(StackName="probe", ChangeSetName="change", TemplateBody=body, Description="more", **NAMED)
    good(cfn, "create_change_set", **ask)
    bad(cfn, "create_change_set", "AlreadyExistsException", **ask)
    one = dict(StackName="probe", ChangeSetName="change")
    missing = dict(StackName="probe", ChangeSetName="missing")
    wait("change_set_create_complete", **one)
    told = good(cfn, "describe_change_set", **one)["Changes"]
    expect("changes", [(c["ResourceChange"]["LogicalResourceId"], c["ResourceChange"]["Action"]) for c in told],
           [("Logs", "Modify"), ("More", "Add")])
    bad(cfn, "describe_change_set", "ChangeSetNotFound", **missing)
    good(cfn, "list_change_sets", StackName="probe")
    bad(cfn, "list_change_sets", "ValidationError", StackName="missing")
    bad(cfn, "execute_change_set", "ChangeSetNotFound", **missing)
    good(cfn, "execute_change_set", **one)
    wait("stack_update_complete", StackName="probe")
    good(cfn, "delete_change_set", **one)
    bad(cfn, "delete_change_set", "ValidationError", ChangeSetName="change")
    bad(cfn, "update_stack", "ValidationError", StackName="probe", TemplateBody=body,
        Parameters=[{"ParameterKey": "Zone", "ParameterValue": "c"}], **NAMED)
    bad(cfn, "update_stack", "ValidationError", StackName="probe", UsePreviousTemplate=True, **NAMED)
    good(cfn, "update_stack", StackName="probe", TemplateBody=template(), **NAMED)
    wait("stack_update_complete", StackName="probe")


def rolled_back():
    body = json.dumps({"Resources": {"Vpc": VPC, "Outside": {"Type": "AWS::EC2::Subnet", "Properties": {
        "VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.1.0.0/24"}}}})
    stack = good(cfn, "create_stack", StackName="broken", TemplateBody=body)["StackId"]
    until("a rollback", lambda: status("broken") == "ROLLBACK_COMPLETE")
    good(cfn, "delete_stack", StackName="broken")
    wait("stack_delete_complete", StackName=stack)


def deleted(stack):
    bad(cfn, "delete_stack", "ValidationError", StackName="probe")
    good(cfn, "update_termination_protection", StackName="probe", EnableTerminationProtection=False)
    bad(cfn, "update_termination_protection", "ValidationError", StackName="missing", EnableTerminationProtection=False)
    good(cfn, "delete_stack", StackName="probe")
    wait("stack_delete_complete", StackName=stack)
    expect("a deleted stack, by id", status(stack), "DELETE_COMPLETE")
    bad(cfn, "describe_stacks", "ValidationError", StackName="probe")


def everything():
    stack = created()
    looked_at(stack)
    changed()
    rolled_back()
    deleted(stack)
