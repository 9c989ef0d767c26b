//! Updates: in place, by replacement, taken back.

use super::*;

fn subnets(cidr: &str, public: bool) -> Value {
    only(json!({
        "Vpc": vpc("10.0.0.0/16"),
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {
            "VpcId": {"Ref": "Vpc"}, "CidrBlock": cidr, "MapPublicIpOnLaunch": public,
        }},
        "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Association": {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": {
            "SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Routes"},
        }},
    }))
}

#[test]
fn nothing_new_is_no_update() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &network());
    let busy = update(&mut world, "shop", &network());
    assert!(refused(busy).ends_with("is in CREATE_IN_PROGRESS state and can not be updated."));
    settle(&mut world, "shop");
    let same = update(&mut world, "shop", &network());
    assert_eq!(refused(same), "ValidationError: No updates are to be performed.");
    let mut described = network();
    described["Outputs"]["RoleArn"]["Description"] = json!("of all tasks");
    update(&mut world, "shop", &described).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    let lost = update(&mut world, "lost", &network());
    assert_eq!(refused(lost), "ValidationError: Stack [lost] does not exist");
}

#[test]
fn a_property_changes_in_place_or_makes_a_new_resource() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &subnets("10.0.1.0/24", false));
    settle(&mut world, "shop");
    let first = physical(&mut world, "shop", "Subnet");
    update(&mut world, "shop", &subnets("10.0.1.0/24", true)).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_eq!(physical(&mut world, "shop", "Subnet"), first);
    update(&mut world, "shop", &subnets("10.0.2.0/24", true)).expect("updated");
    assert_eq!(status(&mut world, "shop"), "UPDATE_IN_PROGRESS");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_ne!(physical(&mut world, "shop", "Subnet"), first);
    let story = events(&mut world, "shop");
    let at =
        |logical: &str, status: &str| story.iter().rposition(|e| e.0 == logical && e.1 == status).expect("an event");
    assert!(at("Association", "UPDATE_COMPLETE") < at("shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
    assert!(at("shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") < at("Subnet", "DELETE_COMPLETE"));
    assert!(at("Association", "DELETE_COMPLETE") < at("Subnet", "DELETE_IN_PROGRESS"));
    let requested = "Requested update requires the creation of a new physical resource; hence creating one.";
    assert!(story.iter().any(|event| event.0 == "Subnet" && event.2 == requested));
    assert_eq!(world.cloudformation.holdings().len(), 4);
}

#[test]
fn what_the_template_drops_is_deleted_or_retained() {
    let mut world = World::empty(1);
    let logs = |policy: &str| json!({"Type": "AWS::Logs::LogGroup", "DeletionPolicy": policy});
    create(&mut world, "shop", &only(json!({"Keep": logs("Retain"), "Drop": logs("Delete"), "Stay": logs("Delete")})));
    settle(&mut world, "shop");
    update(&mut world, "shop", &only(json!({"Stay": logs("Delete")}))).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    let left: Vec<&str> = world.cloudformation.holdings().iter().map(|thing| thing.logical.as_str()).collect();
    assert_eq!(left, ["Keep", "Stay"]);
    assert!(events(&mut world, "shop").iter().any(|event| event.0 == "Keep" && event.1 == "DELETE_SKIPPED"));
    let told = call(&mut world, "ListStackResources", json!({"StackName": "shop"})).expect("resources");
    assert_eq!(told["StackResourceSummaries"].as_array().expect("a list").len(), 1);
}

#[test]
fn a_failed_update_is_taken_back() {
    (1..20).for_each(taken_back);
}

fn taken_back(seed: u64) {
    let mut world = World::empty(seed);
    create(&mut world, "shop", &subnets("10.0.1.0/24", false));
    settle(&mut world, "shop");
    let before: Vec<_> = world.cloudformation.holdings().into_iter().cloned().collect();
    let mut broken = subnets("10.0.2.0/24", true);
    broken["Resources"]["Logs"] = json!({"Type": "AWS::Logs::LogGroup"});
    broken["Resources"]["Outside"] = json!({"Type": "AWS::EC2::Subnet", "DependsOn": "Association", "Properties": {
        "VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/24",
    }});
    update(&mut world, "shop", &broken).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_ROLLBACK_COMPLETE");
    let after: Vec<_> = world.cloudformation.holdings().into_iter().cloned().collect();
    assert_eq!(after, before);
    let story = events(&mut world, "shop");
    let why = story.iter().find(|event| event.1 == "UPDATE_ROLLBACK_IN_PROGRESS").expect("why");
    assert_eq!(why.2, "The following resource(s) failed to create: [Outside]. ");
    let names: Vec<&str> = story.iter().filter(|event| event.0 == "shop").map(|event| event.1.as_str()).collect();
    assert_eq!(
        names[names.len() - 4..],
        [
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE",
        ]
    );
    let again = update(&mut world, "shop", &subnets("10.0.1.0/24", false));
    assert_eq!(refused(again), "ValidationError: No updates are to be performed.");
    update(&mut world, "shop", &subnets("10.0.1.0/24", true)).expect("an update after a rollback");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
}

#[test]
fn an_update_that_is_not_taken_back_leaves_nothing_when_the_stack_goes() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &subnets("10.0.1.0/24", false));
    settle(&mut world, "shop");
    let mut broken = subnets("10.0.2.0/24", false);
    broken["Resources"]["Outside"] = json!({"Type": "AWS::EC2::Subnet", "DependsOn": "Association", "Properties": {
        "VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/24",
    }});
    let ask = json!({"StackName": "shop", "TemplateBody": broken.to_string(), "DisableRollback": "true"});
    call(&mut world, "UpdateStack", ask).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_FAILED");
    let mut abandoned = world.clone();
    call(&mut abandoned, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    pass(&mut abandoned, 400);
    assert!(abandoned.cloudformation.holdings().is_empty());
    update(&mut world, "shop", &subnets("10.0.2.0/24", false)).expect("mended");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_eq!(world.cloudformation.holdings().len(), 4);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    pass(&mut world, 400);
    assert!(world.cloudformation.holdings().is_empty());
}

#[test]
fn a_named_resource_is_not_replaced_and_a_type_not_changed() {
    let mut world = World::empty(1);
    let role = |path: &str| {
        only(json!({"Role": {"Type": "AWS::IAM::Role", "Properties": {
            "RoleName": "tasks", "Path": path, "AssumeRolePolicyDocument": {"Statement": []},
        }}}))
    };
    create(&mut world, "shop", &role("/"));
    settle(&mut world, "shop");
    update(&mut world, "shop", &role("/shop/")).expect("updated");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(
        reason(&mut world, "shop", "Role"),
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename tasks and update the stack again."
    );
    let other = update(&mut world, "shop", &only(json!({"Role": {"Type": "AWS::Logs::LogGroup"}})));
    assert!(refused(other).starts_with("ValidationError: Update of resource type is not permitted."));
}

#[test]
fn values_are_kept_where_they_are_asked_for() {
    let mut world = World::empty(1);
    let template = json!({
        "Parameters": {"Days": {"Type": "Number", "Default": 30}},
        "Resources": {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": {"Ref": "Days"}}}},
    });
    let made = json!({
        "StackName": "shop", "TemplateBody": template.to_string(),
        "Parameters": [{"ParameterKey": "Days", "ParameterValue": "60"}],
    });
    call(&mut world, "CreateStack", made).expect("created");
    settle(&mut world, "shop");
    let ask = |parameters: Value| json!({"StackName": "shop", "UsePreviousTemplate": "true", "Parameters": parameters});
    let kept = call(&mut world, "UpdateStack", ask(json!([{"ParameterKey": "Days", "UsePreviousValue": "true"}])));
    assert_eq!(refused(kept), "ValidationError: No updates are to be performed.");
    call(&mut world, "UpdateStack", ask(json!([]))).expect("the default again");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_eq!(stack(&mut world, "shop")["Parameters"][0]["ParameterValue"], "30");
    assert_eq!(world.cloudformation.holdings()[0].properties["RetentionInDays"], 30);
}
