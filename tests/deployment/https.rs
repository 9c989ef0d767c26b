//! From HTTP to HTTPS while users are served: what is asked is made anew beside what stands, seen, and then counted.

use crate::yard::{Until, Verb, Yard, asked, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tandem::cloud;
use tandem::cloud::discover::{self, Wanted};
use tandem::deploy::apply::Ended;
use tandem::deploy::plan::Action;
use tandem::model::call::{Act, Call};
use tandem::model::outcome::Outcome;
use tandem::model::spec::Certificate;
use tandem::observe::Observer;
use tandem_sim::users::{self, Load};

fn secure(yard: &mut Yard) {
    yard.spec.regions.iter_mut().for_each(|site| site.certificate = Some(Certificate::Made));
    yard.spec.stack.https = true;
}

async fn plain(seed: u64) -> Yard {
    let yard = Yard::empty(seed);
    yard.run(Verb::Apply).await;
    yard
}

/// The configuration of every health check, by id.
fn checks(yard: &Yard) -> Vec<(String, Value)> {
    let told = yard.simulator.with(|world| asked(world, "us-east-1", "route53", "ListHealthChecks", json!({})));
    let all = told["HealthChecks"].as_array().cloned().unwrap_or_default();
    all.into_iter().map(|one| (one["Id"].as_str().unwrap().to_string(), one["HealthCheckConfig"].clone())).collect()
}

fn types(yard: &Yard) -> BTreeSet<String> {
    checks(yard).into_iter().map(|(_, config)| config["Type"].as_str().unwrap().to_string()).collect()
}

fn calculated(yard: &Yard) -> BTreeSet<String> {
    checks(yard).into_iter().filter(|(_, config)| config["Type"] == "CALCULATED").map(|(id, _)| id).collect()
}

/// The numbers of the rules of a listener.
async fn rules(yard: &Yard, region: &str, port: u16) -> String {
    let seen = cloud::look::elbv2::listener(&yard.stage.aws, region, "shop-web", port).await.unwrap();
    seen.gift("priorities").to_string()
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_serves_goes_over_to_https_and_no_region_is_ever_unhealthy() {
    let mut yard = plain(81).await;
    let (before, healths) = (checks(&yard).len(), calculated(&yard));
    yard.simulator.with(|world| users::begin(world, Load::of_a_shop("app.shop.example")));
    yard.stage.clock.sleep(Duration::from_secs(300)).await;
    let began = yard.now();
    let requests = |yard: &Yard| yard.simulator.with(|world| world.truth.requests());
    let (all, failed) = requests(&yard);
    secure(&mut yard);
    let plan = yard.plan().await;
    assert_eq!(plan.obstacles().count(), 0, "{:#?}", told(&plan));
    let check = plan.rows.iter().find(|row| row.id == "us-east-1/check-endpoint").unwrap();
    assert!(matches!(&check.action, Action::Update(found) if found.iter().any(|one| one.member.ends_with(".Type"))));
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(yard.run(Verb::Apply).await.sent(), 0);

    let kinds = ["CALCULATED", "HTTPS", "HTTPS_STR_MATCH"].map(String::from);
    assert_eq!((types(&yard), checks(&yard).len()), (BTreeSet::from(kinds), before));
    assert_eq!(calculated(&yard), healths, "what records depend on is what it was");
    for region in &yard.spec.stack.regions {
        assert_eq!((rules(&yard, region, 443).await.as_str(), rules(&yard, region, 80).await.as_str()), ("1", ""));
        let redirect = cloud::look::elbv2::listener(&yard.stage.aws, region, "shop-web", 80).await.unwrap();
        assert_eq!(redirect.is["DefaultActions"][0]["Type"], "redirect");
    }
    let unhealthy: Vec<String> = yard.simulator.with(|world| {
        let since = world.truth.events().iter().filter(|event| event.at >= began && event.kind == "check.unhealthy");
        since.map(|event| event.what.clone()).collect()
    });
    let flipped = unhealthy.iter().filter(|what| what.contains(" HTTPS_STR_MATCH ")).count();
    assert!(flipped >= 2, "every new switch was seen to work: {unhealthy:?}");
    assert!(!unhealthy.iter().any(|what| healths.iter().any(|id| what.starts_with(id.as_str()))), "{unhealthy:?}");
    let (all_now, failed_now) = requests(&yard);
    assert!(all_now > all && failed_now == failed, "{} of {}", failed_now - failed, all_now - all);
}

/// The switch for Virginia in Ireland as a console reads it: what it says, and whether HTTP stands beside HTTPS.
async fn read(yard: &Yard) -> String {
    let (aws, stack) = (&yard.stage.aws, &yard.spec.stack);
    let (balancer, target_group) = (stack.balancer("eu-west-1"), stack.target_group("eu-west-1"));
    let wanted = Wanted { stack: &stack.name, balancer: &balancer, target_group: &target_group, listener: None };
    let found = discover::balancer(aws, "eu-west-1", wanted).await.unwrap();
    let observer =
        Observer::start(aws.clone(), yard.stage.vantage.clone(), yard.stage.clock.clone(), stack.clone(), false);
    observer.settled(&yard.stage.clock, Duration::from_secs(60)).await;
    let snapshot = observer.snapshots().borrow().clone();
    let switches = snapshot.region("eu-west-1").unwrap().switches.value.clone().unwrap();
    format!("{} {}", switches["us-east-1"].body, found.former_listener_arn.is_some())
}

async fn turn(yard: &Yard, body: &str) {
    let path = "/.tandem/switch/us-east-1";
    let rule = cloud::look::elbv2::rule(&yard.stage.aws, "eu-west-1", "shop-web", 80, path).await.unwrap();
    let act = Act::ModifyRule { rule_arn: rule.gift("arn").into(), body: body.into() };
    let outcome = cloud::send(&yard.stage.aws, &Call::new("eu-west-1", act)).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

/// Its switch would be forgotten: users would come back.
#[tokio::test(start_paused = true)]
async fn a_region_that_is_evacuated_stays_so() {
    let mut yard = plain(82).await;
    turn(&yard, "EVACUATE us-east-1 4").await;
    secure(&mut yard);
    let plan = yard.plan().await;
    let obstacles: Vec<String> = plan.obstacles().map(|row| row.id.clone()).collect();
    assert_eq!(obstacles, ["eu-west-1/listener"], "{:#?}", told(&plan));

    turn(&yard, "SERVE us-east-1 5").await;
    assert_eq!(read(&yard).await, "SERVE us-east-1 5 false");
    yard.only(|node| node.service != "route53" && node.role() != "redirect").await;
    assert_eq!(read(&yard).await, "SERVE us-east-1 5 true", "the switch that counts is still the one of HTTP");
    turn(&yard, "EVACUATE us-east-1 6").await;
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    let why: Vec<String> = view.failures().map(|(row, why)| format!("{} {why}", row.id)).collect();
    assert!(
        why.iter().any(|why| why.starts_with("us-east-1/health ") && why.contains("restore that Region")),
        "{why:?}"
    );
    assert_eq!(read(&yard).await, "EVACUATE us-east-1 6 true");

    turn(&yard, "SERVE us-east-1 7").await;
    yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(read(&yard).await, "SERVE us-east-1 3 false");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_was_killed_anywhere_is_brought_to_the_same_end_or_to_nothing() {
    let counted = std::sync::atomic::AtomicU64::new(0);
    let mut whole = plain(83).await;
    secure(&mut whole);
    {
        let mut run = std::pin::pin!(whole.process(Verb::Apply, "alice@laptop", Until::End));
        std::future::poll_fn(|context| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            run.as_mut().poll(context)
        })
        .await;
    }
    let (all, end) = (counted.into_inner(), whole.inventory());
    let kills = std::env::var("TANDEM_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6);
    for kill in 0..kills {
        let mut yard = plain(83).await;
        secure(&mut yard);
        let at = (kill + 1) * all / (kills + 1);
        assert!(yard.process(Verb::Apply, "alice@laptop", Until::Polls(at)).await.is_none(), "killed at poll {at}");
        if kill % 3 == 2 {
            yard.run(Verb::Destroy).await;
            assert_eq!(yard.inventory(), Yard::empty(83).inventory(), "killed at poll {at} of {all}");
            continue;
        }
        yard.run(Verb::Apply).await;
        assert_eq!(told(&yard.plan().await), Vec::<String>::new(), "killed at poll {at} of {all}");
        assert_eq!(yard.inventory(), end, "killed at poll {at} of {all}");
    }
}

/// Whoever turns a switch finds it where HTTPS is.
#[tokio::test(start_paused = true)]
async fn there_is_no_way_back() {
    let mut yard = plain(84).await;
    secure(&mut yard);
    yard.run(Verb::Apply).await;
    yard.spec.regions.iter_mut().for_each(|site| site.certificate = None);
    yard.spec.stack.https = false;
    let plan = yard.plan().await;
    let why: Vec<String> = plan.obstacles().map(|row| format!("{} {:?}", row.id, row.action)).collect();
    assert!(why.len() == 2 && why.iter().all(|why| why.contains("does not go back to HTTP")), "{why:#?}");
}
