//! The whole way: the SDK's clients, the adapter, the world and back, under a paused clock.

use super::adapter::InProcess;
use super::*;
use crate::cloud::discover::{self, Wanted};
use crate::cloud::{cloudwatch, ecs, elbv2, route53, scaling, send, sts};
use crate::fault::FaultOrder;
use crate::model::call::{Act, Call};
use crate::model::outcome::{ErrorClass, Outcome};
use crate::model::records::Tree;
use crate::model::snapshot::SwitchPosition;
use crate::probe::Url;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use std::time::Duration;
use tokio::time::Instant;

const WANTED: Wanted<'_> = Wanted { stack: "shop", balancer: "shop-web", target_group: "shop-web", listener: None };

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

fn regions() -> Vec<String> {
    REGIONS.map(String::from).to_vec()
}

fn stand() -> (Simulator, Stage) {
    let simulator = ready(7, &Shape::default(), 1.0).unwrap();
    let stage = simulator.stage(regions());
    (simulator, stage)
}

#[tokio::test(start_paused = true)]
async fn every_read_finds_the_ready_stack() {
    let (_, stage) = stand();
    let aws = &stage.aws;
    assert_eq!(sts::identity(aws, "us-east-1").await.unwrap().account, "123456789012");
    for (region, tasks) in [("us-east-1", 4), ("eu-west-1", 3)] {
        let service = ecs::service(aws, region, "shop", "shop-web").await.unwrap();
        assert_eq!((service.status.as_str(), service.desired, service.running), ("ACTIVE", tasks, tasks));
        assert_eq!(service.deployments.len(), 1);
        assert!(service.events.windows(2).all(|pair| pair[0].at >= pair[1].at) && !service.events.is_empty());
        let seen = ecs::tasks(aws, region, "shop", "shop-web").await.unwrap();
        assert_eq!(seen.len(), tasks as usize);
        assert!(seen.iter().all(|task| task.address.is_some() && task.zone.starts_with(region)), "{seen:?}");
        let bounds = scaling::target(aws, region, "service/shop/shop-web").await.unwrap();
        assert_eq!((bounds.min, bounds.max), (tasks, 12));
        let balancer = discover::balancer(aws, region, WANTED).await.unwrap();
        assert_eq!(balancer.state, "active");
        let targets = elbv2::targets(aws, region, &balancer.target_group_arn).await.unwrap();
        assert_eq!(targets.iter().filter(|target| target.healthy()).count(), tasks as usize);
        let switches = elbv2::switches(aws, region, balancer.listener_arn.as_deref().unwrap()).await.unwrap();
        let peer = if region == "us-east-1" { "eu-west-1" } else { "us-east-1" };
        assert_eq!(switches.keys().collect::<Vec<_>>(), [peer]);
        assert_eq!(switches[peer].position, SwitchPosition::Serve, "{switches:?}");
        let of = cloudwatch::TrafficOf {
            balancer_arn: &balancer.arn,
            target_group_arn: &balancer.target_group_arn,
            cluster: "shop",
            service: "shop-web",
        };
        let now = stage.clock.now();
        let from = now.checked_sub(jiff::SignedDuration::from_mins(15)).unwrap();
        let traffic = cloudwatch::traffic(aws, region, of, from, now).await.unwrap();
        let last = traffic.last().unwrap().1;
        assert!(traffic.requests_per_s().unwrap() > 1.0 && last.p99_ms.is_some() && last.cpu_percent.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn records_dials_and_checks_are_found() {
    let (_, stage) = stand();
    let (aws, tree) = (&stage.aws, Tree::new("app.shop.example"));
    let zone = route53::zone(aws, "shop.example").await.unwrap();
    let records = route53::records(aws, &zone, &tree, &regions()).await.unwrap();
    assert_eq!(records.dials.values().copied().collect::<Vec<_>>(), [100, 100], "{records:#?}");
    let start = Instant::now();
    let checks = route53::checks(aws, &records, &tree, &regions()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(2), "paced: {:?}", start.elapsed());
    for region in REGIONS {
        let seen = &checks[region];
        assert!(seen.health.as_ref().is_some_and(|check| check.healthy), "{region}: {seen:#?}");
        assert!(seen.endpoint.as_ref().is_some_and(|check| check.healthy && check.observers.is_some()));
        let peers: Vec<&str> = REGIONS.into_iter().filter(|peer| *peer != region).collect();
        assert_eq!(seen.switches.keys().collect::<Vec<_>>(), peers);
        assert!(seen.switches.values().all(|check| check.healthy), "{seen:#?}");
    }
    assert!(route53::zone(aws, "elsewhere.example").await.is_err_and(|e| e.class == ErrorClass::NotFound));
}

#[tokio::test(start_paused = true)]
async fn calls_change_the_world_and_a_lost_race_is_a_conflict() {
    let (_, stage) = stand();
    let aws = &stage.aws;
    let act = |act| Call::new("eu-west-1", act);
    let bounds = Act::RegisterScalableTarget { resource: "service/shop/shop-web".into(), min: 5, max: 12 };
    assert!(matches!(send(aws, &act(bounds)).await, Outcome::Done { request_id: Some(_) }));
    let scale = Act::UpdateService { cluster: "shop".into(), service: "shop-web".into(), desired: 5 };
    assert!(matches!(send(aws, &act(scale)).await, Outcome::Done { .. }));
    assert_eq!(ecs::service(aws, "eu-west-1", "shop", "shop-web").await.unwrap().desired, 5);
    let gone = Act::UpdateService { cluster: "shop".into(), service: "gone".into(), desired: 5 };
    assert!(matches!(send(aws, &act(gone)).await, Outcome::Refused(e) if e.class == ErrorClass::NotFound));

    let balancer = discover::balancer(aws, "eu-west-1", WANTED).await.unwrap();
    let listener = balancer.listener_arn.unwrap();
    let switches = elbv2::switches(aws, "eu-west-1", &listener).await.unwrap();
    let rule_arn = switches["us-east-1"].rule_arn.clone();
    let flip = Act::ModifyRule { rule_arn, body: "EVACUATE us-east-1 2".into() };
    assert!(matches!(send(aws, &act(flip)).await, Outcome::Done { .. }));
    let switches = elbv2::switches(aws, "eu-west-1", &listener).await.unwrap();
    assert_eq!((switches["us-east-1"].position, switches["us-east-1"].epoch), (SwitchPosition::Evacuate, 2));

    use crate::model::call::{Change, ChangeAction};
    use crate::model::records::Routing;
    let tree = Tree::new("app.shop.example");
    let zone = route53::zone(aws, "shop.example").await.unwrap();
    let records = route53::records(aws, &zone, &tree, &regions()).await.unwrap();
    let old =
        records.sets.iter().find(|set| set.name == tree.dial("eu-west-1") && set.routing == Routing::Weighted(100));
    let old = old.unwrap().clone();
    let mut new = old.clone();
    new.routing = Routing::Weighted(25);
    let changes =
        vec![Change { action: ChangeAction::Delete, set: old }, Change { action: ChangeAction::Create, set: new }];
    let swap = Call::new("us-east-1", Act::ChangeResourceRecordSets { zone_id: zone.clone(), changes });
    assert!(matches!(send(aws, &swap).await, Outcome::Done { .. }));
    let turned = route53::records(aws, &zone, &tree, &regions()).await.unwrap();
    assert_eq!(turned.dials["eu-west-1"], 25);
    let again = send(aws, &swap).await;
    assert!(matches!(&again, Outcome::Refused(e) if e.class == ErrorClass::Conflict), "{again:?}");
}

#[tokio::test(start_paused = true)]
async fn users_are_sent_to_their_region_and_served() {
    let (_, stage) = stand();
    let url = Url { https: false, host: "app.shop.example".into(), path: "/".into() };
    for place in stage.vantage.places() {
        let addresses = stage.vantage.resolve("app.shop.example", &place).await.unwrap();
        let start = stage.clock.now();
        let fetched = stage.vantage.fetch(&url, addresses[0], &place).await.unwrap();
        assert_eq!(fetched.status, 200, "{place:?}");
        let passed = crate::model::observed::elapsed(start, stage.clock.now());
        assert!(passed >= fetched.took && fetched.took > Duration::from_millis(1));
    }
    let place = &stage.vantage.places()[0];
    assert!(stage.vantage.resolve("nowhere.shop.example", place).await.is_err());
    let start = Instant::now();
    let silent = stage.vantage.fetch(&url, std::net::Ipv4Addr::new(203, 0, 113, 250), place).await;
    assert_eq!((silent, start.elapsed().as_secs()), (Err(crate::probe::ProbeError::TimedOut), 4));
}

#[tokio::test(start_paused = true)]
async fn a_lever_breaks_one_region_and_lets_go() {
    let (_, stage) = stand();
    let lever = stage.lever.clone().unwrap();
    assert!(lever.board().await.unwrap().kinds.iter().any(|kind| kind.id == "F16"));
    let order = FaultOrder {
        kind: "F16".into(),
        region: Some("eu-west-1".into()),
        duration_s: Some(300),
        ..Default::default()
    };
    let id = lever.start(order).await.unwrap();
    let active = lever.board().await.unwrap().active;
    assert_eq!(active.iter().map(|fault| fault.id).collect::<Vec<_>>(), [id]);
    assert!(active[0].ends.is_some_and(|ends| ends > stage.clock.now()));

    let start = Instant::now();
    let (broken, whole) = tokio::join!(ecs::service(&stage.aws, "eu-west-1", "shop", "shop-web"), async {
        let view = ecs::service(&stage.aws, "us-east-1", "shop", "shop-web").await;
        (view, start.elapsed())
    });
    assert_eq!(broken.unwrap_err().class, ErrorClass::Timeout);
    assert!(whole.0.is_ok() && whole.1 < Duration::from_secs(1), "{:?}", whole.1);
    assert!(start.elapsed() <= Duration::from_secs(12));

    lever.end(id).await.unwrap();
    assert!(ecs::service(&stage.aws, "eu-west-1", "shop", "shop-web").await.is_ok());
    let wrong = lever.start(FaultOrder { kind: "F99".into(), ..Default::default() }).await.unwrap_err();
    assert!(wrong.0.contains("F99"), "{wrong}");
}

#[tokio::test(start_paused = true)]
async fn equal_seeds_give_equal_worlds() {
    let mut seen = vec![];
    for _ in 0..2 {
        fastrand::seed(7);
        let (simulator, stage) = stand();
        let _ = ecs::tasks(&stage.aws, "eu-west-1", "shop", "shop-web").await;
        stage.clock.sleep(Duration::from_secs(120)).await;
        let _ = ecs::service(&stage.aws, "us-east-1", "shop", "shop-web").await;
        seen.push(simulator.with(|world| {
            let calls: Vec<String> = world.calls.iter().map(|call| format!("{call:?}")).collect();
            (world.now, world.truth.digest(), calls)
        }));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(!seen[0].2.is_empty());
}

#[tokio::test(start_paused = true)]
async fn replies_take_their_time_and_no_more_than_a_read_may() {
    let simulator = Simulator::new(World::empty(1), 10.0);
    let plain = InProcess::new(simulator.clone());
    let limited = plain.within(Some(Duration::from_secs(4)));
    let answer = || Response::new(b"{}".to_vec());
    let start = simulator.clock().now();
    let since = || crate::model::observed::elapsed(start, simulator.clock().now()).as_secs();
    assert!(limited.carry_out(Reply::After(Duration::from_secs(3), answer())).await.is_ok());
    assert_eq!(since(), 3);
    let reset = limited.carry_out(Reply::Reset(Duration::from_secs(1))).await;
    assert!(reset.is_err_and(|error| error.is_io()));
    assert_eq!(since(), 4);
    for reply in [Reply::Never, Reply::After(Duration::from_secs(60), answer())] {
        assert!(limited.carry_out(reply).await.is_err_and(|error| error.is_timeout()));
    }
    assert_eq!(since(), 12);
    let forever = tokio::time::timeout(Duration::from_secs(3600), plain.carry_out(Reply::Never)).await;
    assert!(forever.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_panic_under_the_lock_does_not_close_the_door() {
    let simulator = Simulator::new(World::empty(1), 1.0);
    let held = simulator.clone();
    let panicked = tokio::spawn(async move { held.with(|_| -> () { panic!("on purpose") }) }).await;
    assert!(panicked.is_err());
    let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
    let connector = InProcess::new(simulator).http_connector(&HttpConnectorSettings::default(), &components);
    let request = HttpRequest::get("https://ecs.eu-west-1.amazonaws.com/").unwrap();
    assert_eq!(connector.call(request).await.unwrap().status().as_u16(), 403);
}

#[tokio::test(start_paused = true)]
async fn a_load_balancer_with_another_name_is_found_by_its_tags() {
    let simulator = ready(11, &Shape::default(), 10.0).unwrap();
    let stage = simulator.stage(vec!["us-east-1".into()]);
    let renamed = Wanted { balancer: "other", target_group: "other", ..WANTED };
    let found = discover::balancer(&stage.aws, "us-east-1", renamed).await.unwrap();
    assert_eq!(found, discover::balancer(&stage.aws, "us-east-1", WANTED).await.unwrap());
    assert_eq!(found.owner.as_deref(), Some("shop"));
    let foreign = Wanted { stack: "bank", ..renamed };
    let missing = discover::balancer(&stage.aws, "us-east-1", foreign).await.unwrap_err();
    assert_eq!(missing.class, ErrorClass::NotFound);
    assert!(missing.message.contains("no load balancer is called other or tagged tandem:stack=bank"), "{missing}");
}

#[tokio::test(start_paused = true)]
async fn every_fault_of_the_board_starts_with_what_the_menu_knows() {
    let simulator = ready(12, &Shape::default(), 10.0).unwrap();
    let lever = simulator.stage(vec!["us-east-1".into()]).lever.unwrap();
    let kinds = lever.board().await.unwrap().kinds;
    assert!(kinds.len() >= 15, "{kinds:?}");
    for kind in kinds {
        let region = kind.takes_region().then(|| "us-east-1".to_string());
        let order = FaultOrder { kind: kind.id.clone(), region, duration_s: Some(60), ..FaultOrder::default() };
        let id = lever.start(order).await.unwrap_or_else(|why| panic!("{}: {why}", kind.id));
        lever.end(id).await.unwrap();
    }
}
