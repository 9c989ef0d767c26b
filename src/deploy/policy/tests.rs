use super::scope::{On, Where};
use super::*;
use crate::deploy::parts::sample::spec;
use crate::model::spec::Certificate;
use std::collections::{BTreeMap, BTreeSet};

const ACCOUNT: &str = "123456789012";

fn length(document: &Value) -> usize {
    document.to_string().chars().filter(|letter| !letter.is_whitespace()).count()
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn each_document_fits_into_a_managed_policy() {
    let six = ["us-east-1", "eu-west-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1"];
    let mut long = spec(&six);
    long.stack.name = "a-stack-of-twenty-eight-long".into();
    long.stack.policy = format!("app.{}.example.com", "a-label-of-some-length".repeat(2));
    long.roles.path = "/teams/platform/tandem/".into();
    long.roles.boundary = Some("arn:aws:iam::123456789012:policy/boundaries/of-the-platform".into());
    long.watch.image = Some("tandem:1".into());
    long.control_regions = ["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"].map(String::from).to_vec();
    for spec in [spec(&["us-east-1", "eu-west-1"]), long] {
        for part in Part::ALL {
            let length = length(&document(&spec, ACCOUNT, part));
            println!("{} of {}: {length}", part.word(), spec.stack.name);
            assert!(length <= LONGEST, "{} of {}: {length}", part.word(), spec.stack.name);
        }
        assert!(length(&policy(&spec, ACCOUNT)) > LONGEST, "it need not be split");
        // of the inline policies of a role together (IAM quotas)
        let watcher: usize = watcher(&spec, ACCOUNT).iter().map(|(_, all)| length(&json!({ "Statement": all }))).sum();
        println!("watcher of {}: {watcher}", spec.stack.name);
        assert!(watcher < 10_000, "a watcher of {}: {watcher}", spec.stack.name);
    }
}

#[test]
fn a_watcher_flies_and_reports_how_it_is_and_no_more() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    spec.watch.image = Some("tandem:1".into());
    let watcher = watcher(&spec, ACCOUNT);
    assert_eq!(watcher.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["fly", "watch"]);
    let all: Vec<&Value> = watcher.iter().flat_map(|(_, all)| all).collect();
    let actions: BTreeSet<&str> = all.iter().flat_map(|one| list(&one["Action"])).collect();
    for needed in ["rds:FailoverGlobalCluster", "elasticloadbalancing:ModifyRule", "dynamodb:Query", "ecs:ListTasks"] {
        assert!(actions.contains(needed), "{needed}");
    }
    for other in ["cloudformation:DescribeStacks", "ecs:CreateService", "iam:PassRole", "rds:DeleteDBCluster"] {
        assert!(!actions.contains(other), "{other}");
    }
    let armed = all.iter().find(|one| list(&one["Action"]) == ["cloudwatch:PutMetricData"]).unwrap();
    assert_eq!(armed["Condition"]["StringEquals"]["cloudwatch:namespace"], "Tandem");
    assert_eq!(
        list(&armed["Condition"]["StringEquals"]["aws:RequestedRegion"]),
        ["eu-west-1", "us-east-1", "us-east-2"]
    );
    let people = policy(&spec, ACCOUNT).to_string();
    assert!(!people.contains("PutMetricData"), "nobody else says that a watcher is well");
}

#[test]
fn watchers_may_be_made_where_they_run() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    let deploy = |spec: &Spec| statements(spec, ACCOUNT, &[Part::Deploy, Part::Foundation]);
    let without = json!(deploy(&spec)).to_string();
    assert!(!without.contains("shop-watch"), "{without}");
    let tasks = |all: &[Value]| all.iter().find(|one| one["Sid"] == "DeployTasks").unwrap().clone();
    assert!(!tasks(&deploy(&spec)).to_string().contains("us-east-2"));
    spec.watch.image = Some("tandem:1".into());
    let with = deploy(&spec);
    let of = |sid: &str| with.iter().find(|one| one["Sid"] == sid).unwrap();
    for (sid, resource) in [
        ("DeployTasks", "arn:aws:ecs:*:123456789012:service/shop-watch/shop-watch"),
        ("FoundationStacks", "arn:aws:cloudformation:*:123456789012:stack/shop-watch/*"),
        ("FoundationLogs", "arn:aws:logs:*:123456789012:log-group:/tandem/shop/watch"),
    ] {
        assert!(list(&of(sid)["Resource"]).contains(&resource), "{sid}");
        assert!(list(&of(sid)["Condition"]["StringEquals"]["aws:RequestedRegion"]).contains(&"us-east-2"), "{sid}");
    }
    let role = "arn:aws:iam::123456789012:role/x".to_string();
    (spec.roles.execution, spec.roles.task) = (Some(role.clone()), Some(role));
    let made = names_of_roles(&spec);
    assert_eq!(made, ["shop-*-watch-execution", "shop-*-watch-task"]);
}

fn names_of_roles(spec: &Spec) -> Vec<String> {
    let statements = statements(spec, ACCOUNT, &[Part::Foundation]);
    let roles = statements.iter().find(|one| one["Sid"] == "NewRoles").unwrap();
    list(&roles["Resource"]).into_iter().filter_map(|arn| arn.rsplit('/').next()).map(String::from).collect()
}

#[test]
fn no_action_has_an_asterisk_and_no_statement_an_empty_list() {
    let all = policy(&spec(&["us-east-1", "eu-west-1"]), ACCOUNT);
    let mut sids = BTreeSet::new();
    for statement in all["Statement"].as_array().unwrap() {
        assert!(sids.insert(statement["Sid"].to_string()), "{} twice", statement["Sid"]);
        let (actions, resources) = (list(&statement["Action"]), list(&statement["Resource"]));
        assert!(!actions.is_empty() && !resources.is_empty(), "{statement}");
        assert!(actions.iter().all(|action| !action.contains('*') && action.contains(':')), "{actions:?}");
        assert_eq!(actions.len(), actions.iter().collect::<BTreeSet<_>>().len(), "{actions:?}");
    }
}

#[test]
fn what_changes_something_is_limited_to_names_or_regions() {
    for grant in GRANTS.iter().filter(|grant| grant.on == On::Everything && grant.place == Where::Anywhere) {
        let reads = |action: &str| ["Describe", "Get", "List"].iter().any(|verb| action.starts_with(verb));
        let mut actions = grant.sent.iter().chain(grant.checked);
        assert!(actions.all(|action| reads(action) || *action == "CreateHealthCheck"), "{}", grant.sid);
    }
}

#[test]
fn grants_of_one_statement_are_about_the_same() {
    let mut seen = BTreeMap::new();
    for grant in GRANTS {
        let (on, place) = *seen.entry((grant.part.word(), grant.sid)).or_insert((grant.on, grant.place));
        assert!(on == grant.on && place == grant.place, "{}", grant.sid);
    }
}

#[test]
fn given_roles_are_passed_and_not_made() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    spec.roles.execution = Some("arn:aws:iam::123456789012:role/start-{region}".into());
    let statement = |spec: &Spec, part, sid: &str| {
        let statements = statements(spec, ACCOUNT, &[part]);
        statements.into_iter().find(|statement| statement["Sid"] == sid)
    };
    let passed = statement(&spec, Part::Deploy, "PassRoles").unwrap();
    let task = "arn:aws:iam::123456789012:role/shop-*-task";
    assert_eq!(list(&passed["Resource"]), [task, "arn:aws:iam::123456789012:role/start-*"]);
    assert_eq!(passed["Condition"]["StringEquals"]["iam:PassedToService"], "ecs-tasks.amazonaws.com");
    assert_eq!(list(&statement(&spec, Part::Foundation, "Roles").unwrap()["Resource"]), [task]);
    spec.roles.task = Some("arn:aws:iam::123456789012:role/run".into());
    assert_eq!(statement(&spec, Part::Foundation, "Roles"), None);
    assert_eq!(statement(&spec, Part::Foundation, "NewRoles"), None);
}

#[test]
fn a_boundary_is_kept() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    let roles = |spec: &Spec| {
        let statements = statements(spec, ACCOUNT, &[Part::Foundation]);
        statements.into_iter().find(|statement| statement["Sid"] == "NewRoles").unwrap()
    };
    assert_eq!(roles(&spec).get("Condition"), None);
    spec.roles.boundary = Some("arn:aws:iam::123456789012:policy/boundary".into());
    assert_eq!(
        roles(&spec)["Condition"]["StringEquals"]["iam:PermissionsBoundary"],
        "arn:aws:iam::123456789012:policy/boundary"
    );
}

#[test]
fn the_text_has_the_documents_by_name() {
    let spec = spec(&["us-east-1", "eu-west-1"]);
    let told: Value = serde_json::from_str(&text(&spec, "*")).unwrap();
    let names: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(names, ["shop-data", "shop-deploy", "shop-fly", "shop-foundation"]);
    assert_eq!(told["shop-fly"]["Version"], "2012-10-17");
    assert!(told["shop-fly"].to_string().contains("arn:aws:ecs:*:*:service/shop/shop-web"));
}

/// Of CloudFormation's stacks each node has one.
#[test]
fn every_stack_of_the_graph_may_be_made() {
    let mut spec = spec(&["us-east-1", "eu-west-1"]);
    spec.regions.iter_mut().for_each(|site| site.certificate = Some(Certificate::Made));
    spec.watch.image = Some("tandem:1".into());
    let statements = statements(&spec, ACCOUNT, &[Part::Foundation]);
    let stacks = statements.iter().find(|statement| statement["Sid"] == "Stacks").unwrap();
    let fronts: Vec<&str> =
        list(&stacks["Resource"]).into_iter().filter_map(|arn| arn.split("stack/").nth(1)).collect();
    let allowed = |name: &str| {
        fronts.iter().any(|front| match front.trim_end_matches("/*").strip_suffix('*') {
            Some(front) => name.starts_with(front),
            None => name == front.trim_end_matches("/*"),
        })
    };
    let graph = crate::deploy::stack::graph(&spec).unwrap();
    let made = graph.nodes().iter().filter(|node| node.service == "cloudformation").map(|node| node.name.as_str());
    let forbidden: Vec<&str> = made.filter(|name| !allowed(name)).collect();
    assert_eq!(forbidden, Vec::<&str>::new());
}
