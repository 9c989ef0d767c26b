//! What stands, in which order, and what is left.

use super::*;

#[test]
fn a_network_comes_up_in_order_and_goes_without_a_trace() {
    let mut world = World::empty(1);
    let id = create(&mut world, "shop", &network());
    assert_eq!(status(&mut world, "shop"), "CREATE_IN_PROGRESS");
    assert_eq!(settle(&mut world, "shop"), "CREATE_COMPLETE");
    let told = stack(&mut world, "shop");
    let vpc = physical(&mut world, "shop", "Vpc");
    assert!(vpc.starts_with("vpc-0") && vpc.len() == 21, "{vpc}");
    assert_eq!(told["StackId"], id.as_str());
    assert_eq!(told["Outputs"][0]["OutputValue"], "arn:aws:iam::123456789012:role/shop-eu-west-1");
    assert_eq!(told["Outputs"][1]["OutputValue"], vpc.as_str());
    assert_eq!(told["Outputs"][1]["ExportName"], "shop-vpc");
    let story = events(&mut world, "shop");
    let at = |logical: &str, status: &str| {
        story.iter().position(|event| event.0 == logical && event.1 == status).expect("an event")
    };
    assert_eq!(story[0], ("shop".into(), "CREATE_IN_PROGRESS".into(), "User Initiated".into()));
    for (first, then) in [("Vpc", "PublicA"), ("Attachment", "Default"), ("PrivateB", "Group"), ("Role", "Policy")] {
        assert!(at(first, "CREATE_COMPLETE") < at(then, "CREATE_IN_PROGRESS"), "{first} before {then}");
    }
    assert!(at("Role", "CREATE_IN_PROGRESS") < at("Vpc", "CREATE_COMPLETE"), "what needs nothing begins at once");
    assert_eq!(story.last().map(|event| event.1.as_str()), Some("CREATE_COMPLETE"));

    assert_eq!(call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted"), json!({}));
    pass(&mut world, 400);
    assert_eq!(status(&mut world, &id), "DELETE_COMPLETE");
    let story = events(&mut world, &id);
    let at = |logical: &str, status: &str| {
        story.iter().position(|event| event.0 == logical && event.1 == status).expect("an event")
    };
    for (first, then) in [("PublicA", "Vpc"), ("Default", "Attachment"), ("Group", "PrivateB"), ("Policy", "Role")] {
        assert!(at(first, "DELETE_COMPLETE") < at(then, "DELETE_IN_PROGRESS"), "{first} before {then}");
    }
    assert!(world.cloudformation.holdings().is_empty());
    assert!(world.aurora.subnet_groups.is_empty());
    assert_eq!(world.cloudformation.standing().count(), 0);
    let gone = call(&mut world, "DescribeStacks", json!({"StackName": "shop"}));
    assert_eq!(refused(gone), "ValidationError: Stack with id shop does not exist");
    let listed = call(&mut world, "ListStacks", json!({})).expect("listed");
    assert_eq!(listed["StackSummaries"][0]["StackStatus"], "DELETE_COMPLETE");
    assert_eq!(call(&mut world, "DescribeStacks", json!({})).expect("none")["Stacks"], json!([]));
}

#[test]
fn the_same_seed_makes_the_same_events() {
    let story = |seed| {
        let mut world = World::empty(seed);
        create(&mut world, "shop", &network());
        settle(&mut world, "shop");
        call(&mut world, "DescribeStackEvents", json!({"StackName": "shop"})).expect("events")
    };
    assert_eq!(story(7), story(7));
    assert_ne!(story(7), story(8));
}

#[test]
fn a_token_makes_one_stack() {
    let mut world = World::empty(1);
    let ask = |token: &str, description: &str| {
        let template = json!({"Description": description, "Resources": {"Vpc": vpc("10.0.0.0/16")}});
        json!({"StackName": "shop", "TemplateBody": template.to_string(), "ClientRequestToken": token})
    };
    let first = call(&mut world, "CreateStack", ask("one", "a")).expect("created");
    pass(&mut world, 5);
    assert_eq!(call(&mut world, "CreateStack", ask("one", "a")).expect("the same"), first);
    let other = call(&mut world, "CreateStack", ask("one", "b"));
    assert!(refused(other).starts_with("TokenAlreadyExistsException"));
    let again = call(&mut world, "CreateStack", ask("two", "a"));
    assert_eq!(refused(again), "AlreadyExistsException: Stack [shop] already exists");
    assert_eq!(world.cloudformation.standing().count(), 1);
    settle(&mut world, "shop");
    let told = call(&mut world, "DescribeStackEvents", json!({"StackName": "shop"})).expect("events");
    assert!(told["StackEvents"].as_array().expect("a list").iter().all(|event| event["ClientRequestToken"] == "one"));
}

#[test]
fn what_is_asked_must_be_right() {
    let mut world = World::empty(1);
    let create = |world: &mut World, name: &str, body: String| {
        refused(call(world, "CreateStack", json!({"StackName": name, "TemplateBody": body})))
    };
    let one = only(json!({"Vpc": vpc("10.0.0.0/16")})).to_string();
    assert!(create(&mut world, "a_b", one.clone()).contains("at 'stackName' failed to satisfy constraint"));
    let long = format!("{{\"Description\": \"{}\"}}", "x".repeat(51_200));
    assert!(create(&mut world, "a", long).ends_with("Member must have length less than or equal to 51200"));
    let role = |properties: Value| only(json!({"R": {"Type": "AWS::IAM::Role", "Properties": properties}})).to_string();
    assert_eq!(
        create(&mut world, "a", role(json!({}))),
        "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]"
    );
    assert_eq!(
        create(&mut world, "a", role(json!({"RoleName": "x"}))),
        "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]"
    );
    let weak =
        json!({"StackName": "a", "TemplateBody": role(json!({"RoleName": "x"})), "Capabilities": ["CAPABILITY_IAM"]});
    assert!(refused(call(&mut world, "CreateStack", weak)).contains("[CAPABILITY_NAMED_IAM]"));
    let policy = json!({"StackName": "a", "TemplateBody": one, "StackPolicyBody": "{}"});
    assert!(refused(call(&mut world, "CreateStack", policy)).contains("StackPolicyBody is not supported"));
    let conditional = json!({
        "Conditions": {"No": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Condition": "No"},
            "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        },
    });
    assert_eq!(
        create(&mut world, "a", conditional.to_string()),
        "ValidationError: Template format error: Unresolved resource dependencies [Vpc] in the Resources block of the template"
    );
    assert_eq!(world.cloudformation.stacks.len(), 0);
}

#[test]
fn protection_holds_until_it_is_taken_away() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &only(json!({"Vpc": vpc("10.0.0.0/16")})));
    settle(&mut world, "shop");
    let protect = |on: &str| json!({"StackName": "shop", "EnableTerminationProtection": on});
    call(&mut world, "UpdateTerminationProtection", protect("true")).expect("protected");
    let kept = call(&mut world, "DeleteStack", json!({"StackName": "shop"}));
    assert_eq!(refused(kept), "ValidationError: Stack [shop] cannot be deleted while TerminationProtection is enabled");
    assert_eq!(stack(&mut world, "shop")["EnableTerminationProtection"], true);
    call(&mut world, "UpdateTerminationProtection", protect("false")).expect("free");
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    pass(&mut world, 30);
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn exports_are_one_a_region_and_stay_while_they_are_used() {
    let mut world = World::empty(1);
    create(&mut world, "net", &network());
    settle(&mut world, "net");
    let user = only(json!({"Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {
        "VpcId": {"Fn::ImportValue": "net-vpc"},
    }}}));
    create(&mut world, "user", &user);
    assert_eq!(settle(&mut world, "user"), "CREATE_COMPLETE");
    let exports = call(&mut world, "ListExports", json!({})).expect("exports");
    assert_eq!(exports["Exports"][0]["Name"], "net-vpc");
    call(&mut world, "DeleteStack", json!({"StackName": "net"})).expect("accepted");
    assert_eq!(status(&mut world, "net"), "DELETE_FAILED");
    let told = stack(&mut world, "net");
    assert_eq!(told["StackStatusReason"], "Delete canceled. Cannot delete export net-vpc as it is in use by user.");
    let twin = json!({
        "Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {"O": {"Value": "x", "Export": {"Name": "net-vpc"}}},
    });
    create(&mut world, "twin", &twin);
    assert_eq!(settle(&mut world, "twin"), "ROLLBACK_COMPLETE");
    let why = events(&mut world, "twin").into_iter().find(|event| event.1 == "ROLLBACK_IN_PROGRESS").expect("why").2;
    assert_eq!(why, "Export with name net-vpc is already exported by stack net. Rollback requested by user.");
    call(&mut world, "DeleteStack", json!({"StackName": "user"})).expect("deleted");
    pass(&mut world, 30);
    call(&mut world, "DeleteStack", json!({"StackName": "net"})).expect("deleted");
    pass(&mut world, 400);
    assert!(world.cloudformation.holdings().is_empty());
    let lost = create(&mut world, "lost", &user);
    pass(&mut world, 20);
    let why = events(&mut world, &lost).into_iter().find(|event| event.1 == "ROLLBACK_IN_PROGRESS").expect("why").2;
    assert_eq!(why, "No export named net-vpc found. Rollback requested by user.");
}

#[test]
fn tags_of_a_stack_are_on_its_resources() {
    let mut world = World::empty(1);
    let template = only(json!({"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {
        "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": "net"}],
    }}}));
    let ask = |owner: &str| {
        json!({
            "StackName": "shop", "TemplateBody": template.to_string(),
            "Tags": [{"Key": "owner", "Value": owner}, {"Key": "Name", "Value": "stack"}],
        })
    };
    call(&mut world, "CreateStack", ask("ann")).expect("created");
    settle(&mut world, "shop");
    let tag = |world: &World, key: &str| world.cloudformation.holdings()[0].tags[key].clone();
    assert_eq!((tag(&world, "owner"), tag(&world, "Name")), ("ann".into(), "net".into()));
    assert_eq!(tag(&world, "aws:cloudformation:logical-id"), "Vpc");
    call(&mut world, "UpdateStack", ask("bob")).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_eq!(tag(&world, "owner"), "bob");
}

#[test]
fn a_stack_is_not_found_in_another_region_but_its_roles_are() {
    let mut world = World::empty(1);
    let role = only(json!({"Role": {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "tasks", "AssumeRolePolicyDocument": {"Statement": []},
    }}}));
    create(&mut world, "shop", &role);
    settle(&mut world, "shop");
    let elsewhere = call_in(&mut world, "us-east-1", "DescribeStacks", json!({"StackName": "shop"}));
    assert_eq!(refused(elsewhere), "ValidationError: Stack with id shop does not exist");
    let ask = json!({
        "StackName": "shop", "TemplateBody": role.to_string(), "Capabilities": ["CAPABILITY_NAMED_IAM"],
    });
    let id = text(&call_in(&mut world, "us-east-1", "CreateStack", ask).expect("created")["StackId"]);
    pass(&mut world, 30);
    let told = call_in(&mut world, "us-east-1", "DescribeStackEvents", json!({"StackName": id})).expect("events");
    let all = told.to_string();
    assert!(all.contains("Resource of type 'AWS::IAM::Role' with identifier 'tasks' already exists."), "{all}");
}

#[test]
fn what_must_not_be_shown_is_not() {
    let mut world = World::empty(1);
    let template = json!({
        "Parameters": {"Secret": {"Type": "String", "NoEcho": true}, "Plain": {"Type": "String", "Default": "p"}},
        "Resources": {"Vpc": vpc("10.0.0.0/16")},
    });
    let ask = json!({
        "StackName": "shop", "TemplateBody": template.to_string(),
        "Parameters": [{"ParameterKey": "Secret", "ParameterValue": "s3cret"}],
    });
    call(&mut world, "CreateStack", ask).expect("created");
    let told = stack(&mut world, "shop");
    assert_eq!(
        told["Parameters"],
        json!([{"ParameterKey": "Plain", "ParameterValue": "p"}, {"ParameterKey": "Secret", "ParameterValue": "****"}])
    );
    let validated = call(&mut world, "ValidateTemplate", json!({"TemplateBody": template.to_string()})).expect("valid");
    assert_eq!(validated["Parameters"][1]["NoEcho"], true);
    let got = call(&mut world, "GetTemplate", json!({"StackName": "shop"})).expect("the template");
    assert_eq!(got["TemplateBody"], template.to_string());
}
