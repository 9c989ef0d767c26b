//! The stack of the scenes, and what befalls it.

use super::{keys, press};
use crate::fault::{ActiveFault, FaultBoard, FaultKind, Parameter};
use crate::model::call::{Act, Call};
use crate::model::event::{Event, Severity};
use crate::model::observed::{Failing, Observed};
use crate::model::operation::{Happening, Operation};
use crate::model::outcome::{CallError, ErrorClass, Outcome};
use crate::model::place::Place;
use crate::model::plan::{Enough, Kind, Plan, Progress, Step, Until};
use crate::model::safety::{Check, Ruling};
use crate::model::snapshot::*;
use crate::model::stack::Stack;
use crate::tui::keys::Key;
use crate::tui::model::{Mode, Model};
use crate::tui::msg::Msg;
use crate::tui::run::Setup;
use crate::tui::update::update;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

/// 2026-03-14T02:14:31Z
pub const NOW: i64 = 1_773_454_471;
const REGIONS: [&str; 5] = ["us-east-1", "eu-west-1", "ap-southeast-2", "eu-central-1", "sa-east-1"];

pub fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

pub fn ago(seconds: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

pub fn seen<T>(value: T, seconds: i64, every_s: u64) -> Observed<T> {
    Observed { value: Some(value), at: Some(ago(seconds)), failing: None, every: Duration::from_secs(every_s) }
}

/// A steady stack of the first `count` Regions, in a simulator that may be changed.
pub fn model(count: usize) -> Model {
    let stack = Stack { environment: "prod".into(), ..stack(count) };
    let mode = Mode::Simulated { seed: 7, speed: 10.0 };
    let setup = Setup { writable: true, ..Setup::of(&stack, mode, crate::host::Clock::wall()) };
    let mut model = setup.model(120, 36);
    model.read = ago(30);
    update(&mut model, Msg::Tick(now()));
    update(&mut model, Msg::Snapshot(Arc::new(snapshot(count))));
    model
}

fn stack(count: usize) -> Stack {
    let regions = REGIONS[..count].iter().map(ToString::to_string).collect();
    Stack { regions, ..crate::config::simulated() }
}

pub fn snapshot(count: usize) -> Snapshot {
    let names = &REGIONS[..count];
    let records = super::dns::records(&stack(count).tree(), names);
    let mut snapshot = Snapshot {
        stack: "shop".into(),
        environment: "prod".into(),
        regions: names.iter().enumerate().map(|(place, name)| region(place, name, names)).collect(),
        identity: seen(
            Identity {
                account: "123456789012".into(),
                arn: "arn:aws:sts::123456789012:assumed-role/ops/alice".into(),
                expires: None,
            },
            20,
            300,
        ),
        records: seen(records, 4, 10),
        checks: seen(super::dns::checks(names), 6, 10),
        answers: seen(answers(names), 3, 10),
        proof: Observed::never(Duration::from_secs(5)),
        lacks: Lacks::default(),
        events: events(names),
    };
    super::database::healthy(&mut snapshot);
    snapshot
}

fn region(place: usize, name: &str, names: &[&str]) -> RegionView {
    let tasks = [6, 4, 3, 3, 2][place];
    let service = ServiceView {
        cluster: "shop".into(),
        name: "shop-web".into(),
        arn: format!("arn:aws:ecs:{name}:123456789012:service/shop/shop-web"),
        status: "ACTIVE".into(),
        desired: tasks,
        running: tasks,
        pending: 0,
        task_definition: format!("arn:aws:ecs:{name}:123456789012:task-definition/shop-web:12"),
        deployments: vec![DeploymentView {
            status: "PRIMARY".into(),
            rollout: Some("COMPLETED".into()),
            task_definition: format!("arn:aws:ecs:{name}:123456789012:task-definition/shop-web:12"),
            desired: tasks,
            running: tasks,
            pending: 0,
            failed: 0,
        }],
        events: vec![],
    };
    let target = |n: u32| TargetView {
        id: format!("10.{}.{}.{}", 20 + place, n % 3, 17 + n),
        port: Some(8080),
        zone: Some(format!("{name}{}", ["a", "b", "c"][n as usize % 3])),
        state: "healthy".into(),
        reason: None,
        description: None,
    };
    let switch = |peer: &str| SwitchView {
        rule_arn: format!("arn:aws:elasticloadbalancing:{name}:123456789012:listener-rule/app/shop-web/1/2/{peer}"),
        position: SwitchPosition::Serve,
        epoch: 3,
        body: format!("SERVE {peer} 3"),
    };
    let balancer = BalancerView {
        arn: format!("arn:aws:elasticloadbalancing:{name}:123456789012:loadbalancer/app/shop-web/1"),
        dns_name: format!("shop-web-1.{name}.elb.amazonaws.com"),
        state: "active".into(),
        target_group_arn: format!("arn:aws:elasticloadbalancing:{name}:123456789012:targetgroup/shop-web/1"),
        listener_arn: None,
        former_listener_arn: None,
        owner: Some("shop".into()),
    };
    RegionView {
        name: name.into(),
        service: seen(service, 2 + place as i64, 5),
        tasks: seen(vec![], 2, 5),
        scaling: seen(ScalingView { resource: "service/shop/shop-web".into(), min: 3, max: 12 }, 9, 15),
        balancer: seen(balancer, 9, 15),
        targets: seen((0..tasks).map(target).collect(), 3, 5),
        switches: seen(
            names.iter().filter(|peer| **peer != name).map(|peer| (peer.to_string(), switch(peer))).collect(),
            5,
            10,
        ),
        traffic: seen(traffic([1240.0, 901.0, 655.0, 420.0, 188.0][place]), 12, 30),
        global: Observed::never(Duration::from_secs(10)),
        cluster: Observed::never(Duration::from_secs(15)),
        lag: Observed::never(Duration::from_secs(60)),
        database_events: Observed::never(Duration::from_secs(30)),
        table: Observed::never(Duration::from_secs(30)),
        replication: Observed::never(Duration::from_secs(60)),
        canary: Observed::never(Duration::from_secs(15)),
        arrivals: Observed::never(Duration::from_secs(15)),
    }
}

/// Fifteen minutes with a slow wave.
fn traffic(per_s: f64) -> TrafficView {
    let wave = [0.86, 0.88, 0.91, 0.95, 0.97, 0.94, 0.92, 0.95, 0.99, 1.02, 1.04, 1.01, 0.98, 0.99, 1.0];
    let minute = |(place, part): (usize, &f64)| {
        let requests = per_s * 60.0 * part;
        let minute = TrafficMinute {
            requests: Some(requests.round()),
            target_5xx: Some((requests * 0.0002).round()),
            elb_5xx: None,
            p99_ms: Some(84.0 + place as f64 / 2.0),
            cpu_percent: Some(41.0),
        };
        (ago(60 * (16 - place as i64)), minute)
    };
    TrafficView { minutes: wave.iter().enumerate().map(minute).collect() }
}

fn answers(names: &[&str]) -> Vec<PlaceAnswer> {
    let places = [("virginia", "NA"), ("dublin", "EU"), ("sydney", "OC"), ("frankfurt", "EU"), ("sao-paulo", "SA")];
    let answer = |(place, (name, continent)): (usize, &(&str, &str))| PlaceAnswer {
        place: Place {
            name: (*name).into(),
            continent: (*continent).into(),
            subnet: Ipv4Addr::new(203, 0, place as u8, 0),
        },
        addresses: vec![Ipv4Addr::new(198, 51, 100, place as u8)],
        region: Some(names[if place < names.len() { place } else { [0, 1, 0, 1, 0][place] % names.len() }].into()),
        visit: Visit::Answered { status: 200, took: Duration::from_millis(31) },
    };
    places.iter().enumerate().map(answer).collect()
}

fn events(names: &[&str]) -> Vec<Event> {
    let event = |seconds: i64, severity, region: &str, text: &str| Event {
        at: ago(seconds),
        severity,
        region: Some(region.into()),
        text: text.into(),
    };
    vec![
        event(33, Severity::Good, names[1], "service shop-web has reached a steady state"),
        event(95, Severity::Info, names[1], "registered 1 target in target-group shop-web"),
        event(128, Severity::Info, names[1], "has started 1 task: task 4f6c1b2a"),
        event(1412, Severity::Warn, names[0], "p99 above 250 ms for 2 minutes"),
        event(4020, Severity::Good, names[0], "deployment shop-web:12 completed"),
    ]
}

pub fn failing<T>(seen: &mut Observed<T>, seconds: i64) {
    seen.at = Some(ago(seconds));
    let why = CallError::new(ErrorClass::Timeout, "no answer in 5 s");
    seen.failing = Some(Failing { since: ago(seconds - 10), why });
}

/// Nothing of this Region answers since so many seconds, and its users are sent elsewhere.
pub fn lost(snapshot: &mut Snapshot, place: usize, seconds: i64) {
    let names: Vec<String> = snapshot.regions.iter().map(|region| region.name.clone()).collect();
    let view = &mut snapshot.regions[place];
    failing(&mut view.service, seconds);
    failing(&mut view.tasks, seconds);
    failing(&mut view.scaling, seconds);
    failing(&mut view.balancer, seconds);
    failing(&mut view.targets, seconds);
    failing(&mut view.switches, seconds);
    failing(&mut view.traffic, seconds);
    failing(&mut view.global, seconds);
    failing(&mut view.cluster, seconds);
    failing(&mut view.lag, seconds);
    failing(&mut view.database_events, seconds);
    failing(&mut view.table, seconds);
    failing(&mut view.replication, seconds);
    failing(&mut view.arrivals, seconds);
    let sender = view.name.clone();
    for receiver in snapshot.regions.iter_mut().filter(|receiver| receiver.name != sender) {
        for arrival in receiver.arrivals.value.iter_mut().flatten().filter(|(from, _)| **from == sender) {
            (arrival.1.sent, arrival.1.took) = (ago(seconds + 6), None);
        }
    }
    let other = names[(place + 1) % names.len()].clone();
    for answer in snapshot.answers.value.iter_mut().flatten() {
        if answer.region.as_ref() == Some(&names[place]) {
            answer.region = Some(other.clone());
        }
    }
    if let Some(checks) = snapshot.checks.value.as_mut().and_then(|checks| checks.get_mut(&names[place])) {
        for check in checks.health.iter_mut().chain(&mut checks.endpoint) {
            check.healthy = false;
        }
        if let Some(endpoint) = &mut checks.endpoint {
            endpoint.observers = Some((0, 16));
        }
    }
    let text = "no answer from its APIs; users are looked at from outside".to_string();
    let event = Event { at: ago(seconds - 12), severity: Severity::Bad, region: Some(names[place].clone()), text };
    snapshot.events.push(event);
    snapshot.events.sort_by_key(|event| std::cmp::Reverse(event.at));
}

pub fn never(snapshot: &mut Snapshot) {
    let view = &mut snapshot.regions[0];
    let denied = CallError::new(ErrorClass::Denied, "not authorized to perform: ecs:DescribeServices");
    view.service = Observed::never(Duration::from_secs(5));
    view.service.failed(denied, ago(40));
    view.targets = Observed::never(Duration::from_secs(5));
    view.traffic = Observed::never(Duration::from_secs(30));
    view.scaling = Observed::never(Duration::from_secs(15));
    snapshot.identity = Observed::never(Duration::from_secs(300));
}

pub fn late(snapshot: &mut Snapshot) {
    let view = &mut snapshot.regions[1];
    view.service.at = Some(ago(44));
    view.targets.at = Some(ago(46));
    view.traffic = seen(
        TrafficView {
            minutes: vec![(ago(900), TrafficMinute { requests: Some(54_060.0), ..TrafficMinute::default() })],
        },
        5,
        30,
    );
    snapshot.answers.at = Some(ago(75));
}

pub fn down(snapshot: &mut Snapshot) {
    let view = &mut snapshot.regions[0];
    for target in view.targets.value.iter_mut().flatten() {
        target.state = "unhealthy".into();
        target.reason = Some("Target.ResponseCodeMismatch".into());
        target.description = Some("Health checks failed with these codes: [503]".into());
    }
    for (_, minute) in view.traffic.value.iter_mut().flat_map(|traffic| traffic.minutes.iter_mut().rev().take(3)) {
        minute.target_5xx = minute.requests.map(|requests| (requests * 0.31).round());
        minute.p99_ms = Some(2140.0);
    }
    for answer in snapshot.answers.value.iter_mut().flatten().take(2) {
        answer.visit = Visit::Answered { status: 503, took: Duration::from_millis(12) };
    }
}

pub fn evacuated(snapshot: &mut Snapshot) {
    let name = snapshot.regions[0].name.clone();
    for switch in snapshot.regions[1].switches.value.iter_mut().flat_map(BTreeMap::values_mut) {
        switch.position = SwitchPosition::Evacuate;
        switch.epoch = 4;
        switch.body = format!("EVACUATE {name} 4");
    }
    for answer in snapshot.answers.value.iter_mut().flatten() {
        answer.region = Some("eu-west-1".into());
    }
    if let Some(check) = snapshot.checks.value.as_mut().and_then(|checks| checks.get_mut(&name)?.health.as_mut()) {
        check.healthy = false;
    }
    for (_, minute) in snapshot.regions[0].traffic.value.iter_mut().flat_map(|t| t.minutes.iter_mut().rev().take(2)) {
        minute.requests = Some(96.0);
        minute.target_5xx = Some(0.0);
    }
}

/// us-east-1's Route 53 control plane does not answer; the data plane does.
pub fn no_control_plane(snapshot: &mut Snapshot) {
    failing(&mut snapshot.records, 340);
    failing(&mut snapshot.checks, 338);
}

pub fn tables(snapshot: &mut Snapshot) {
    for view in &mut snapshot.regions {
        let name = view.name.clone();
        let task = |n: u32| TaskView {
            arn: format!(
                "arn:aws:ecs:{name}:123456789012:task/shop/{:08x}{:024x}",
                0x4f6c_1b2a_u64 + u64::from(n) * 0x0135_79bd,
                n
            ),
            zone: format!("{name}{}", ["a", "b", "c"][n as usize % 3]),
            status: if n == 6 { "STOPPED" } else { "RUNNING" }.into(),
            desired_status: if n == 6 { "STOPPED" } else { "RUNNING" }.into(),
            health: Some(if n == 6 { "UNHEALTHY" } else { "HEALTHY" }.into()),
            address: Some(format!("10.20.{}.{}", n % 3, 17 + n)),
            created: Some(ago(7200 + i64::from(n) * 61)),
            started: Some(ago(7170 + i64::from(n) * 61)),
            stop_code: (n == 6).then(|| "ServiceSchedulerInitiated".into()),
            stopped_reason: (n == 6).then(|| "Task failed ELB health checks in (target-group shop-web)".into()),
            image_digest: None,
            task_definition: "shop-web:12".into(),
        };
        view.tasks = seen((0..7).map(task).collect(), 2, 5);
        if let Some(target) = view.targets.value.as_mut().and_then(|targets| targets.last_mut()) {
            target.state = "initial".into();
            target.reason = Some("Elb.RegistrationInProgress".into());
            target.description = Some("Target registration is in progress".into());
        }
    }
}

fn step(title: &str, calls: Vec<Call>, within_s: u64) -> Step {
    Step {
        title: title.into(),
        calls,
        enough: Enough::All,
        until: Until::Accepted,
        within: Duration::from_secs(within_s),
    }
}

fn check(rule: &'static str, ruling: Ruling, why: &str) -> Check {
    Check { rule: rule.into(), ruling, why: why.into() }
}

/// A plan for us-east-1, by hand: its texts are not the planner's.
pub fn plan(kind: Kind, refused: bool) -> Plan {
    let scale = |min| Act::RegisterScalableTarget { resource: "service/shop/shop-web".into(), min, max: 12 };
    let switch = Act::ModifyRule {
        rule_arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/shop-web/1/2/3".into(),
        body: "EVACUATE us-east-1 4".into(),
    };
    let dial = |weight| Act::ChangeResourceRecordSets {
        zone_id: "Z0123456789ABC".into(),
        changes: vec![fixture_change(weight)],
    };
    let steps = match kind {
        Kind::Evacuate => vec![
            step("switch us-east-1 to EVACUATE at eu-west-1", vec![Call::new("eu-west-1", switch)], 60),
            step("no place is sent to us-east-1", vec![], 180),
        ],
        _ => vec![
            step("raise the minimum of eu-west-1", vec![Call::new("eu-west-1", scale(10))], 600),
            step("turn the dial of us-east-1 to 50", vec![Call::new("us-east-1", dial(50))], 300),
            step("turn the dial of us-east-1 to 0", vec![Call::new("us-east-1", dial(0))], 300),
            step("requests leave us-east-1", vec![], 900),
        ],
    };
    let floor = if refused {
        check("floor", Ruling::Refuse, "0 Region(s) go on serving (none), at least 1 must")
    } else {
        check("floor", Ruling::Pass, "1 Region(s) go on serving (eu-west-1), at least 1 must")
    };
    Plan {
        kind,
        region: "us-east-1".into(),
        title: format!("{} us-east-1", if kind == Kind::Evacuate { "Evacuate" } else { "Drain" }),
        effects: vec![
            "58 % of requests (1,240 rps) move from us-east-1 to eu-west-1".into(),
            "3 of 5 places are sent elsewhere; connections that are open stay until they close".into(),
        ],
        checks: vec![
            floor,
            check("fresh data", Ruling::Pass, "tasks of eu-west-1 seen 3 s ago"),
            check(
                "capacity",
                Ruling::Warn,
                "1240 rps move onto 4 healthy tasks with 901 rps: CPU 41 % becomes 97 %, limit 67 %",
            ),
            check("one at a time", Ruling::Pass, "no operation is open"),
        ],
        steps,
        undo: "restore us-east-1 ramps its users back and lowers the minimum of eu-west-1 to 3".into(),
        held: vec![],
    }
}

fn fixture_change(weight: i64) -> crate::model::call::Change {
    use crate::model::records::{RecordSet, Routing};
    let set = RecordSet {
        name: "us-east-1.app.example.com".into(),
        kind: "A".into(),
        set_identifier: Some("own".into()),
        routing: Routing::Weighted(weight),
        alias: None,
        ttl_s: None,
        values: vec![],
        health_check: None,
    };
    crate::model::call::Change { action: crate::model::call::ChangeAction::Create, set }
}

/// The plan on the screen.
pub fn planned(mut model: Model, kind: Kind, refused: bool) -> Model {
    let key = if kind == Kind::Evacuate { 'e' } else { 'd' };
    press(&mut model, &[Key::char(key)]);
    update(&mut model, Msg::Planned { kind, region: "us-east-1".into(), plan: Ok(plan(kind, refused)) });
    model
}

/// A drain that runs, or whose third step has failed.
pub fn running(failed: bool) -> Model {
    let mut model = model(2);
    let mut snapshot = snapshot(2);
    if let Some(records) = &mut snapshot.records.value {
        records.dials.insert("us-east-1".into(), 50);
    }
    update(&mut model, Msg::Snapshot(Arc::new(snapshot)));
    let mut run = Operation::new(3, plan(Kind::Drain, false), ago(215));
    let done = |id: &str| Outcome::Done { request_id: Some(id.into()) };
    run.apply(Happening::StepStarted(0), ago(214));
    run.apply(Happening::CallEnded(0, 0, done("7c1f9a52-3d1e-4c0b-9d6e-1f2a3b4c5d6e")), ago(213));
    run.apply(Happening::Progressed(0, Progress::Met("10/10 targets healthy".into())), ago(130));
    run.apply(Happening::StepStarted(1), ago(130));
    run.apply(Happening::CallEnded(1, 0, done("b64c2e10-8f0a-4e5e-a7c3-0d9e8f7a6b5c")), ago(129));
    run.apply(Happening::Progressed(1, Progress::Met("dial 50 of 50".into())), ago(44));
    run.apply(Happening::StepStarted(2), ago(44));
    if failed {
        let why = CallError {
            code: Some("PriorRequestNotComplete".into()),
            ..CallError::new(ErrorClass::Conflict, "another change is under way")
        };
        run.apply(Happening::CallEnded(2, 0, Outcome::Refused(why)), ago(40));
        run.apply(
            Happening::StepFailed(2, "conflict (PriorRequestNotComplete): another change is under way".into()),
            ago(40),
        );
    } else {
        run.apply(Happening::Progressed(2, Progress::Waiting("dial 50 of 0".into())), ago(4));
    }
    update(&mut model, Msg::Operations(Arc::new(vec![run])));
    model
}

/// The fault menu, with one fault that holds.
pub fn broken(model: Model) -> Model {
    let mut model = keys(model, &[Key::char('!')]);
    let kind = |id: &str, name: &str, title: &str, description: &str| FaultKind {
        id: id.into(),
        name: name.into(),
        title: title.into(),
        description: description.into(),
        parameters: vec![Parameter { name: "region".into(), default: String::new() }],
    };
    let board = FaultBoard {
        kinds: vec![
            kind(
                "F1",
                "tasks-crash",
                "tasks of the service crash",
                "Every running task exits with code 137; the service starts new ones as ECS does, with its usual delays.",
            ),
            kind(
                "F4",
                "zone-down",
                "one Availability Zone is lost",
                "Tasks and load balancer nodes of the zone stop answering.",
            ),
            kind(
                "F7",
                "region-down",
                "the whole Region is lost",
                "APIs hang and no packet comes back, for users as for operators.",
            ),
            kind(
                "F16",
                "apis-hang",
                "the Region's APIs hang",
                "Control planes accept connections and never answer; users are served as before.",
            ),
            kind(
                "F19",
                "throttling",
                "the Region's APIs throttle",
                "Nine of ten calls are answered with ThrottlingException.",
            ),
        ],
        active: vec![ActiveFault {
            id: 12,
            kind: "F16".into(),
            title: "the Region's APIs hang".into(),
            target: "us-east-1".into(),
            ends: now().checked_add(SignedDuration::from_secs(170)).ok(),
        }],
    };
    update(&mut model, Msg::Faults(Ok(board)));
    model
}
