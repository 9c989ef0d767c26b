//! Change sets: seen first, done later.

use super::*;

fn ask(kind: &str, name: &str, template: &Value) -> Value {
    json!({
        "StackName": "shop", "ChangeSetName": name, "ChangeSetType": kind, "TemplateBody": template.to_string(),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    })
}

fn named(name: &str) -> Value {
    json!({"StackName": "shop", "ChangeSetName": name})
}

fn logs(days: u64) -> Value {
    only(json!({
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": days}},
        "Vpc": vpc("10.0.0.0/16"),
    }))
}

#[test]
fn a_change_set_makes_a_stack_when_it_is_executed() {
    let mut world = World::empty(1);
    call(&mut world, "CreateChangeSet", ask("CREATE", "first", &logs(30))).expect("a change set");
    assert_eq!(status(&mut world, "shop"), "REVIEW_IN_PROGRESS");
    let early = call(&mut world, "ExecuteChangeSet", named("first"));
    assert!(refused(early).starts_with("InvalidChangeSetStatus"));
    pass(&mut world, 10);
    let told = call(&mut world, "DescribeChangeSet", named("first")).expect("it");
    assert_eq!(
        (told["Status"].as_str(), told["ExecutionStatus"].as_str()),
        (Some("CREATE_COMPLETE"), Some("AVAILABLE"))
    );
    let actions: Vec<&Value> =
        told["Changes"].as_array().expect("a list").iter().map(|c| &c["ResourceChange"]["Action"]).collect();
    assert_eq!(actions, ["Add", "Add"]);
    assert!(world.cloudformation.holdings().is_empty());
    call(&mut world, "ExecuteChangeSet", named("first")).expect("executed");
    assert_eq!(settle(&mut world, "shop"), "CREATE_COMPLETE");
    let told = call(&mut world, "DescribeChangeSet", named("first")).expect("it");
    assert_eq!(told["ExecutionStatus"], "EXECUTE_COMPLETE");
    assert_eq!(stack(&mut world, "shop")["ChangeSetId"], told["ChangeSetId"]);
    let again = call(&mut world, "CreateChangeSet", ask("CREATE", "again", &logs(30)));
    assert!(refused(again).contains("already exists"));
}

#[test]
fn a_change_set_tells_what_an_update_would_replace() {
    let mut world = World::empty(1);
    let net = |cidr: &str| {
        only(json!({
            "Vpc": vpc(cidr),
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "CidrBlock": {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 1, 8]}]},
            }},
            "Logs": {"Type": "AWS::Logs::LogGroup"},
        }))
    };
    create(&mut world, "shop", &net("10.0.0.0/16"));
    settle(&mut world, "shop");
    let mut changed = net("10.1.0.0/16");
    changed["Resources"].as_object_mut().expect("resources").remove("Logs");
    call(&mut world, "CreateChangeSet", ask("UPDATE", "move", &changed)).expect("a change set");
    pass(&mut world, 10);
    let told = call(&mut world, "DescribeChangeSet", named("move")).expect("it");
    let changes: Vec<(String, String, Option<String>)> = told["Changes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| &change["ResourceChange"])
        .map(|c| (text(&c["LogicalResourceId"]), text(&c["Action"]), c["Replacement"].as_str().map(str::to_string)))
        .collect();
    let expected =
        [("Logs", "Remove", None), ("Subnet", "Modify", Some("Conditional")), ("Vpc", "Modify", Some("True"))];
    assert_eq!(changes, expected.map(|(l, a, r)| (l.to_string(), a.to_string(), r.map(str::to_string))));
    call(&mut world, "ExecuteChangeSet", named("move")).expect("executed");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
    assert_eq!(world.cloudformation.holdings().len(), 2);
}

#[test]
fn a_change_set_without_changes_fails() {
    let mut world = World::empty(1);
    create(&mut world, "shop", &logs(30));
    settle(&mut world, "shop");
    call(&mut world, "CreateChangeSet", ask("UPDATE", "same", &logs(30))).expect("a change set");
    pass(&mut world, 10);
    let told = call(&mut world, "DescribeChangeSet", named("same")).expect("it");
    assert_eq!((told["Status"].as_str(), told["ExecutionStatus"].as_str()), (Some("FAILED"), Some("UNAVAILABLE")));
    assert!(text(&told["StatusReason"]).starts_with("The submitted information didn't contain changes."));
    call(&mut world, "CreateChangeSet", ask("UPDATE", "other", &logs(60))).expect("a change set");
    pass(&mut world, 10);
    let listed = call(&mut world, "ListChangeSets", json!({"StackName": "shop"})).expect("listed");
    assert_eq!(listed["Summaries"].as_array().expect("a list").len(), 2);
    call(&mut world, "DeleteChangeSet", named("same")).expect("deleted");
    let lost = call(&mut world, "DescribeChangeSet", named("same"));
    assert_eq!(refused(lost), "ChangeSetNotFound: ChangeSet [same] does not exist");
    call(&mut world, "ExecuteChangeSet", named("other")).expect("executed");
    assert_eq!(settle(&mut world, "shop"), "UPDATE_COMPLETE");
}

#[test]
fn a_stack_under_review_can_be_deleted() {
    let mut world = World::empty(1);
    let made = call(&mut world, "CreateChangeSet", ask("CREATE", "first", &logs(30))).expect("a change set");
    let id = text(&made["StackId"]);
    call(&mut world, "DeleteStack", json!({"StackName": "shop"})).expect("deleted");
    pass(&mut world, 3);
    assert_eq!(status(&mut world, &id), "DELETE_COMPLETE");
}
