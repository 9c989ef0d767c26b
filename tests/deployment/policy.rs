//! The policies of IAM against everything that is sent: a whole life of a stack, and an operator who may only fly it.

use crate::iam::{ACCOUNT, allows, names_record, touched};
use crate::support::folder::Folder;
use crate::yard::{Verb, Yard, told};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tandem::cloud;
use tandem::control::journal::{Journal, What};
use tandem::deploy::doctor::{Patient, examine};
use tandem::deploy::orphans;
use tandem::deploy::policy::actions::{GRANTS, Grant, Part};
use tandem::deploy::policy::{document, policy};
use tandem::model::call::Call;
use tandem::model::operation::RunState;
use tandem::model::plan::Kind;
use tandem::observe::Observer;
use tandem::operate::Wish;
use tandem::operate::run::Operator;
use tandem_sim::calls::Outcome;

/// An action in a Region.
type Sent = BTreeSet<(String, String)>;

/// What came through the door since it was last asked.
fn sent(yard: &Yard) -> Sent {
    let calls = yard.simulator.with(|world| world.calls.take());
    let action = |service: &str, operation: &str| {
        // CloudWatch signs as it was once called
        let service = if service == "monitoring" { "cloudwatch" } else { service };
        format!("{service}:{operation}")
    };
    let known = calls.iter().filter(|call| !matches!(call.outcome, Outcome::Refused("InvalidAction")));
    known.map(|call| (action(call.service, call.operation), call.region.to_string())).collect()
}

#[track_caller]
fn all_allowed(document: &Value, sent: Sent) -> BTreeSet<String> {
    let refused: Vec<_> = sent.iter().filter(|(action, region)| !allows(document, action, region, None)).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    sent.into_iter().map(|(action, _)| action).collect()
}

/// Every call, on every resource and record that it names: so many.
#[track_caller]
fn named_is_allowed(document: &Value, calls: Vec<Call>) -> usize {
    let mut counted = 0;
    for call in calls {
        let (action, names) = (call.iam_action(), touched(&call));
        for change in call.input()["ChangeBatch"]["Changes"].as_array().into_iter().flatten() {
            let name = change["ResourceRecordSet"]["Name"].as_str().unwrap().trim_end_matches('.');
            assert!(names_record(document, name), "{name}");
        }
        for resource in &names {
            assert!(
                allows(document, &action, &call.region, Some(resource)),
                "{action} of {resource} in {}",
                call.region
            );
        }
        counted += names.len();
    }
    counted
}

/// What a deployment sent.
fn written(yard: &Yard) -> Vec<Call> {
    let call = |what| match what {
        What::Intent { call, .. } => Some(call),
        _ => None,
    };
    yard.paper.records().into_iter().filter_map(|record| call(record.what)).collect()
}

struct Console {
    observer: Observer,
    operator: Operator,
}

impl Console {
    async fn open(yard: &Yard) -> Self {
        let (aws, clock, stack) = (yard.stage.aws.clone(), yard.stage.clock.clone(), yard.spec.stack.clone());
        let observer = Observer::start(aws.clone(), yard.stage.vantage.clone(), clock.clone(), stack.clone(), true);
        let (snapshots, events, again) = (observer.snapshots(), observer.events(), observer.refresh());
        let operator = Operator::new(aws, clock.clone(), stack, snapshots, events, again, Journal::off());
        observer.settled(&clock, Duration::from_secs(30)).await;
        clock.sleep(Duration::from_secs(60)).await;
        Self { observer, operator }
    }

    /// Tells what was sent.
    async fn carry_out(&self, yard: &Yard, wish: Wish) -> Vec<Call> {
        let clock = &yard.stage.clock;
        self.observer.look_again(clock, Duration::from_secs(15)).await;
        self.operator.prepare(&wish).await.unwrap();
        let plan = self.operator.plan(&wish).unwrap();
        let id = self.operator.start(&plan).unwrap_or_else(|why| panic!("{why}: {:#?}", plan.checks));
        for _ in 0..2400 {
            let operation = self.operator.operations().borrow().iter().find(|run| run.id == id).cloned().unwrap();
            match operation.state {
                RunState::Completed => return operation.plan.steps.into_iter().flat_map(|step| step.calls).collect(),
                RunState::Pending | RunState::InProgress => clock.sleep(Duration::from_secs(1)).await,
                _ => panic!("{:#?}", operation.steps),
            }
        }
        panic!("{} does not end", plan.title);
    }
}

/// Made, looked at, flown, changed and taken away again.
#[tokio::test(start_paused = true)]
async fn a_whole_life_is_allowed_and_an_operator_needs_no_more_than_to_fly() {
    let mut yard = Yard::empty(41);
    yard.spec.watch.image = Some("123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1".into());
    let (all, fly) = (policy(&yard.spec, ACCOUNT), document(&yard.spec, ACCOUNT, Part::Fly));
    yard.plan().await;
    let mut seen = all_allowed(&fly, sent(&yard));
    yard.run(Verb::Apply).await;
    seen.extend(all_allowed(&all, sent(&yard)));
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    orphans::search(&yard.stage.aws, &yard.spec, &yard.graph()).await;
    let (aws, vantage, clock) = (&yard.stage.aws, &*yard.stage.vantage, &yard.stage.clock);
    let report = examine(&Patient { aws, vantage, clock, spec: &yard.spec, dated: false }).await.unwrap();
    assert_eq!(report.exit_code(), 0, "a doctor with this policy can tell");
    cloud::route53::public_zones(aws).await.unwrap();
    seen.extend(all_allowed(&fly, sent(&yard)));

    let console = Console::open(&yard).await;
    let wish = |kind, region: &str, tasks| Wish { kind, region: region.into(), tasks };
    let mut named = 0;
    for wish in [
        wish(Kind::Scale, "eu-west-1", Some(6)),
        wish(Kind::Drain, "us-east-1", None),
        wish(Kind::Restore, "us-east-1", None),
        wish(Kind::Evacuate, "us-east-1", None),
        wish(Kind::Failover, "eu-west-1", None),
    ] {
        named += named_is_allowed(&fly, console.carry_out(&yard, wish).await);
        seen.extend(all_allowed(&fly, sent(&yard)));
    }
    drop(console);
    assert!(named >= 5, "only {named} resources are named by what an operator sent");
    assert!(!names_record(&fly, "www.shop.example"), "records of others are left alone");

    yard.spec.database.version = "16.10".into();
    yard.spec.app.environment.insert("COLOUR".into(), "green".into());
    yard.spec.app.container_insights = !yard.spec.app.container_insights;
    yard.spec.app.log_retention_days = 60;
    yard.spec.stack.health_path = "/healthz".into();
    yard.spec.database.class = "db.r7g.large".into();
    yard.spec.tags.insert("team".into(), "shop".into());
    yard.spec.watch.file.push_str("# another");
    yard.spec.watch.guard_image = yard.spec.watch.image.clone();
    yard.stage.clock.sleep(Duration::from_secs(1800)).await;
    yard.run(Verb::Apply).await;
    seen.extend(all_allowed(&all, sent(&yard)));
    yard.run(Verb::Destroy).await;
    seen.extend(all_allowed(&all, sent(&yard)));
    let named = named_is_allowed(&all, written(&yard));
    let table: Vec<String> = GRANTS.iter().flat_map(Grant::sent).collect();
    let never: Vec<&String> = table.iter().filter(|action| !seen.contains(*action)).collect();
    assert!(never.len() * 8 < table.len(), "a life that leaves out so much proves little: {never:?}");
    assert!(named > 100, "only {named} resources are named by what was sent");
}

#[test]
fn another_stack_is_out_of_reach() {
    let yard = Yard::empty(42);
    let all = policy(&yard.spec, ACCOUNT);
    for (action, resource) in [
        ("rds:DeleteDBCluster", "arn:aws:rds:us-east-1:123456789012:cluster:other-db-us-east-1"),
        ("dynamodb:DeleteTable", "arn:aws:dynamodb:us-east-1:123456789012:table/other-sessions"),
        ("ecs:UpdateService", "arn:aws:ecs:us-east-1:123456789012:service/other/other-web"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-master-AbCdEf"),
        (
            "elasticloadbalancing:ModifyRule",
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/other-web/1/2/3",
        ),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/admin"),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/other-base/1"),
    ] {
        assert!(!allows(&all, action, "us-east-1", Some(resource)), "{action}");
        let ours = resource.replace("other", "shop").replace("role/admin", "role/shop-us-east-1-task");
        assert!(allows(&all, action, "us-east-1", Some(&ours)), "{action} of {ours}");
    }
    let table = "arn:aws:dynamodb:ap-south-1:123456789012:table/shop-sessions";
    assert!(!allows(&all, "dynamodb:DeleteTable", "ap-south-1", Some(table)), "a Region that is none of ours");
}

#[test]
fn a_plan_prints_them_by_name() {
    let folder = Folder::new("policy");
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["--sim", "plan", "--policy"])
        .current_dir(&folder.0)
        .env_remove("AWS_ENDPOINT_URL")
        .env("XDG_CONFIG_HOME", &folder.0)
        .env("XDG_STATE_HOME", &folder.0)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let spec = tandem::config::simulated_spec();
    assert_eq!(told["shop-fly"], document(&spec, ACCOUNT, Part::Fly));
    assert_eq!(told.as_object().unwrap().len(), Part::ALL.len());
}

/// What only an adoption sends: the names of such a stack are somebody else's, and no policy is printed for it.
const ADOPTS: [&str; 2] = ["AddTags", "AddTagsToResource"];

fn sources(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            found.insert(path.clone(), std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// `describedbclusters` for `.describe_db_clusters()`.
fn asked(source: &str) -> BTreeSet<String> {
    let name = |text: &str| {
        let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        text[end..].starts_with("()").then(|| text[..end].replace('_', ""))
    };
    source.split('.').filter_map(name).collect()
}

#[test]
fn every_action_of_the_table_is_one_that_can_be_sent_and_the_other_way_round() {
    let mut files = BTreeMap::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cloud"), &mut files);
    // what the clients of services are called in the cloud room
    let client = |service: &str| match service {
        "application-autoscaling" => "scaling".to_string(),
        "elasticloadbalancing" => "elbv2".to_string(),
        other => other.replace('-', ""),
    };
    for grant in GRANTS {
        let client = client(grant.service);
        let of_it = files.iter().filter(|(path, source)| {
            source.contains(&format!(".{client}")) || path.to_string_lossy().contains(&format!("/{client}"))
        });
        let asked: BTreeSet<String> = of_it.flat_map(|(_, source)| asked(source)).collect();
        for operation in grant.sent {
            assert!(asked.contains(&operation.to_lowercase()), "nothing sends {}:{operation}", grant.service);
        }
    }
    let table: BTreeSet<&str> = GRANTS.iter().flat_map(|grant| grant.sent).copied().collect();
    let requests = files.iter().filter(|(path, _)| path.to_string_lossy().contains("/cloud/request/"));
    let mut arms = 0;
    for (path, source) in requests {
        for arm in source.split("\" =>").filter_map(|before| before.rsplit('"').next()) {
            if arm.starts_with(|first: char| first.is_ascii_uppercase()) && arm.chars().all(char::is_alphanumeric) {
                assert!(table.contains(arm) || ADOPTS.contains(&arm), "{}: {arm} is in no policy", path.display());
                arms += 1;
            }
        }
    }
    assert!(arms > 50, "{arms}");
}
