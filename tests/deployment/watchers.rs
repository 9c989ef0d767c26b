//! A stack with watchers, and with a guard in every task.

use crate::yard::{Until, Verb, Yard, asked, told};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use tandem::deploy::board::View;
use tandem::model::stack::Fence;

/// Where watchers run: the stack's Regions, and the first of the control table's that has nothing else of it.
const WATCHED: [&str; 3] = ["eu-west-1", "us-east-1", "us-east-2"];

const IMAGE: &str = "123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1";

fn watched(seed: u64) -> Yard {
    let mut yard = Yard::empty(seed);
    yard.spec.watch.image = Some(IMAGE.into());
    yard.spec.watch.file = "[stack]\nname = \"shop\"\n".into();
    guard(&mut yard, true);
    yard
}

fn guard(yard: &mut Yard, wanted: bool) {
    yard.spec.watch.guard_image = wanted.then(|| IMAGE.into());
    yard.spec.stack.fence = if wanted { Fence::Guard } else { Fence::Aurora };
}

/// What the running tasks of a cluster are made of: name and health of each container.
fn containers(yard: &Yard, region: &str, cluster: &str) -> Vec<Vec<(String, String)>> {
    yard.simulator.with(|world| {
        let listed = asked(world, region, "ecs", "ListTasks", json!({ "cluster": cluster }));
        if listed["taskArns"].as_array().is_none_or(Vec::is_empty) {
            return vec![];
        }
        let input = json!({ "cluster": cluster, "tasks": listed["taskArns"] });
        let tasks = asked(world, region, "ecs", "DescribeTasks", input);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let of = |task: &Value| {
            let all = task["containers"].as_array().into_iter().flatten();
            all.map(|one| (text(&one["name"]), text(&one["healthStatus"]))).collect()
        };
        tasks["tasks"].as_array().into_iter().flatten().map(of).collect()
    })
}

fn pair(name: &str, health: &str) -> (String, String) {
    (name.into(), health.into())
}

/// When a node sent its first call.
fn began(view: &View, id: &str) -> Timestamp {
    let row = view.rows.iter().find(|row| row.id == id).unwrap();
    row.began.unwrap_or_else(|| panic!("{id} never began"))
}

fn ended(view: &View, id: &str) -> Timestamp {
    view.rows.iter().find(|row| row.id == id).and_then(|row| row.ended).unwrap()
}

fn sent(view: &View, id: &str) -> u32 {
    view.rows.iter().find(|row| row.id == id).unwrap().sent
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_watched_and_guarded_is_made_and_taken_away() {
    let yard = watched(61);
    let before = yard.inventory();
    let made = yard.run(Verb::Apply).await;
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    assert_eq!(yard.run(Verb::Apply).await.sent(), 0, "what stands is left alone");

    for region in WATCHED {
        let service = format!("{region}/watch-service");
        assert!(began(&made, &service) >= ended(&made, "dns/records"), "{region}: a half-built stack is not watched");
        assert_eq!(containers(&yard, region, "shop-watch"), [[pair("watch", "UNKNOWN")]], "{region}");
    }
    for region in &yard.spec.stack.regions {
        let tasks = containers(&yard, region, "shop");
        assert_eq!(tasks.len(), 3, "{region}");
        for task in tasks {
            assert_eq!(task, [pair("web", "UNKNOWN"), pair("guard", "HEALTHY")], "{region}");
        }
    }

    let gone = yard.run(Verb::Destroy).await;
    for region in WATCHED {
        let last = ended(&gone, &format!("{region}/watch-service"));
        for row in gone.rows.iter().filter(|row| row.sent > 0 && !row.id.contains("/watch-")) {
            assert!(row.began.unwrap() >= last, "{} went while {region} watched", row.id);
        }
    }
    assert_eq!(yard.inventory(), before);
}

/// It changes what every task is made of.
#[tokio::test(start_paused = true)]
async fn a_guard_comes_and_goes_in_one_region_after_another() {
    let mut yard = Yard::empty(62);
    yard.run(Verb::Apply).await;
    for (wanted, size) in [(true, 2), (false, 1)] {
        guard(&mut yard, wanted);
        let plan = yard.plan().await;
        assert_eq!(plan.obstacles().count(), 0, "{:#?}", told(&plan));
        let said = told(&plan);
        assert!(said.iter().any(|line| line.starts_with("update eu-west-1/task-definition")), "{said:#?}");
        assert!(said.iter().any(|line| line.starts_with("update eu-west-1/base")), "tasks may read, or not: {said:#?}");
        let view = yard.run(Verb::Apply).await;
        let (first, second) = ("eu-west-1/service", "us-east-1/service");
        assert_eq!((sent(&view, first), sent(&view, second)), (1, 1));
        let line = view.lines.iter().find(|line| line.id == second && line.text == "UpdateService").unwrap();
        assert!(line.at.duration_since(ended(&view, first)).as_secs() >= 120, "the first one stands for a while");
        assert_eq!(told(&yard.plan().await), Vec::<String>::new());
        yard.stage.clock.sleep(Duration::from_secs(120)).await;
        for region in &yard.spec.stack.regions {
            let tasks = containers(&yard, region, "shop");
            assert!(tasks.len() == 3 && tasks.iter().all(|task| task.len() == size), "{region}: {tasks:?}");
        }
    }
}

/// A guard that cannot be had must not take the stack's tasks along.
#[tokio::test(start_paused = true)]
async fn a_guard_that_does_not_start_reaches_one_region_only() {
    let mut yard = Yard::empty(63);
    yard.run(Verb::Apply).await;
    guard(&mut yard, true);
    yard.spec.watch.guard_image = Some("123456789012.dkr.ecr.{region}.amazonaws.com/tandem:unpullable".into());
    let ended = yard.process(Verb::Apply, "alice@laptop", Until::End).await.unwrap().unwrap();
    let tandem::deploy::apply::Ended::Failed(view) = ended else { panic!("{}", ended.words()) };
    assert_eq!((sent(&view, "eu-west-1/service"), sent(&view, "us-east-1/service")), (1, 0));
    for region in &yard.spec.stack.regions {
        let tasks = containers(&yard, region, "shop");
        assert_eq!(tasks.iter().filter(|task| task.len() == 1).count(), 3, "{region} runs what it ran: {tasks:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn watchers_change_one_after_another_and_there_are_never_two_of_a_region() {
    let mut yard = watched(64);
    yard.run(Verb::Apply).await;
    yard.spec.watch.file.push_str("[failover]\nby = \"watcher\"\n");
    let said = told(&yard.plan().await);
    assert_eq!(said.iter().filter(|line| line.contains("/watch-task")).count(), 3, "{said:#?}");
    assert!(said.iter().all(|line| line.contains("/watch-")), "{said:#?}");
    let view = yard.run(Verb::Apply).await;
    let mut last = None;
    for region in WATCHED {
        let id = format!("{region}/watch-service");
        let line = view.lines.iter().find(|line| line.id == id && line.text == "UpdateService").unwrap();
        assert!(last.is_none_or(|last| line.at > last), "{region} waits for the one before");
        last = Some(ended(&view, &id));
    }
    assert_eq!(told(&yard.plan().await), Vec::<String>::new());
    for region in WATCHED {
        assert_eq!(turns(&yard, region), ["started", "stopped", "started"], "{region}: the old one ends first");
    }
}

/// What ECS says that it did with a watcher's tasks, oldest first.
fn turns(yard: &Yard, region: &str) -> Vec<&'static str> {
    let input = json!({ "cluster": "shop-watch", "services": ["shop-watch"] });
    let answer = yard.simulator.with(|world| asked(world, region, "ecs", "DescribeServices", input));
    let events = answer["services"][0]["events"].as_array().into_iter().flatten().rev();
    let word = |event: &Value| {
        let text = event["message"].as_str().unwrap_or_default();
        ["started", "stopped"].into_iter().find(|word| text.contains(&format!("has {word} ")))
    };
    events.filter_map(word).collect()
}

/// The state of a watcher's alarm.
fn alarm(yard: &Yard, region: &str) -> String {
    let input = json!({ "AlarmNames": ["shop-watch"] });
    let answer = yard.simulator.with(|world| asked(world, region, "monitoring", "DescribeAlarms", input));
    answer["MetricAlarms"][0]["StateValue"].as_str().unwrap_or_default().to_string()
}

/// What a watcher says for so many minutes.
async fn says(yard: &Yard, region: &str, armed: f64, minutes: u32) {
    for _ in 0..minutes {
        let dimensions = json!([{ "Name": "Stack", "Value": "shop" }, { "Name": "Vantage", "Value": region }]);
        let datum = json!([{ "MetricName": "Armed", "Value": armed, "Dimensions": dimensions }]);
        let input = json!({ "Namespace": "Tandem", "MetricData": datum });
        yard.simulator.with(|world| asked(world, region, "monitoring", "PutMetricData", input));
        yard.stage.clock.sleep(Duration::from_secs(60)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_alarm_watches_the_watchers() {
    let yard = watched(65);
    yard.run(Verb::Apply).await;
    yard.stage.clock.sleep(Duration::from_secs(300)).await;
    assert_eq!(WATCHED.map(|region| alarm(&yard, region)), ["ALARM"; 3], "nobody says anything");
    says(&yard, "us-east-2", 1.0, 6).await;
    assert_eq!((alarm(&yard, "us-east-2"), alarm(&yard, "us-east-1")), ("OK".into(), "ALARM".into()));
    says(&yard, "us-east-2", 0.0, 6).await;
    assert_eq!(alarm(&yard, "us-east-2"), "ALARM", "it is disarmed");
}
