//! What each line of a Region's column says.

use super::{database, sessions};
use crate::model::snapshot::{RegionView, Snapshot, SwitchPosition};
use crate::model::steering::Way;
use crate::model::verdict;
use crate::tui::model::Topic;
use crate::tui::panes::traffic::{self, bar};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, part, word};
use crate::tui::view::words::{self, Remark, remark};
use jiff::Timestamp;

/// One line of a column.
pub struct Line {
    pub topic: Topic,
    /// Parts of rank 2 and above are not said of a value that is no longer current.
    pub parts: Vec<Part>,
    pub remark: Remark,
    /// Lines of a high rank go first when rows are short.
    pub rank: u8,
    /// Whether the last part stands at the right.
    pub last_right: bool,
}

impl Line {
    pub fn new(topic: Topic, rank: u8, remark: Remark, parts: Vec<Part>) -> Self {
        Self { topic, parts, remark, rank, last_right: false }
    }
}

/// Shares of 5xx above which a colour warns (assumed).
const SOME_ERRORS: f64 = 0.001;
const MANY_ERRORS: f64 = 0.01;
/// Minutes of the sparkline.
pub const SPARK: usize = 12;
/// Columns of the dial.
const DIAL: usize = 10;

/// The lines, for columns that have so much room behind the labels.
pub fn of(snapshot: &Snapshot, view: &RegionView, now: Timestamp, room: usize) -> Vec<Line> {
    vec![
        tasks(view, now),
        balancer(view, now),
        load(view, now),
        database::line(snapshot, view, now, 2, room),
        sessions::line(snapshot, view, now, 4, room),
        dial(snapshot, view, now),
        switch(snapshot, view, now),
        checks(snapshot, view, now),
        users(snapshot, view, now),
    ]
}

fn tasks(view: &RegionView, now: Timestamp) -> Line {
    let mut parts = vec![];
    if let Some(service) = &view.service.value {
        let role = if service.running < service.desired { Role::Warn } else { Role::Text };
        parts.push(part(0, role, format!("{}/{} running", service.running, service.desired)));
        let pending = if service.pending > 0 { Role::Accent } else { Role::Muted };
        parts.push(part(1, pending, format!("{} pending", service.pending)));
    }
    match (&view.scaling.value, remark(&view.scaling, now).words.last()) {
        (Some(scaling), None) => parts.push(part(2, Role::Muted, format!("min {} max {}", scaling.min, scaling.max))),
        (Some(scaling), Some(age)) => {
            parts.push(part(2, Role::Stale, format!("min {} max {}, {age}", scaling.min, scaling.max)));
        }
        (None, _) if view.scaling.absent() => parts.push(part(2, Role::Muted, "no autoscaling")),
        (None, _) => parts.push(part(2, Role::Unknown, "min max UNKNOWN")),
    }
    Line { last_right: true, ..Line::new(Topic::Tasks, 0, remark(&view.service, now), parts) }
}

fn balancer(view: &RegionView, now: Timestamp) -> Line {
    let mut parts = vec![];
    if let Some(targets) = &view.targets.value {
        let healthy = targets.iter().filter(|target| target.healthy()).count();
        let role = match healthy {
            0 => Role::Bad,
            some if some < targets.len() => Role::Warn,
            _ => Role::Text,
        };
        parts.push(part(0, role, format!("{healthy}/{} healthy", targets.len())));
    }
    match (&view.balancer.value, remark(&view.balancer, now).words.last()) {
        (Some(balancer), None) if balancer.state == "active" => parts.push(part(2, Role::Muted, "active")),
        (Some(balancer), None) => parts.push(part(1, Role::Warn, balancer.state.clone())),
        (Some(balancer), Some(age)) => parts.push(part(2, Role::Stale, format!("{}, {age}", balancer.state))),
        (None, _) => {}
    }
    Line { last_right: true, ..Line::new(Topic::Balancer, 1, remark(&view.targets, now), parts) }
}

fn load(view: &RegionView, now: Timestamp) -> Line {
    let load = traffic::load(view, now);
    let mut parts = vec![];
    if let Some(per_s) = load.per_s {
        parts.push(part(0, Role::Text, format!("{} rps", words::rate(per_s))));
    } else if load.remark.current() {
        parts.push(part(0, Role::Muted, "no metrics"));
    }
    let traffic = view.traffic.value.as_ref();
    if let Some(share) = traffic.and_then(|traffic| traffic.error_share()) {
        let role = match share {
            many if many >= MANY_ERRORS => Role::Bad,
            some if some >= SOME_ERRORS => Role::Warn,
            _ => Role::Muted,
        };
        parts.push(part(1, role, format!("5xx {}", words::percent(share))));
    }
    if let Some(p99) = traffic.and_then(|traffic| traffic.last()).and_then(|(_, minute)| minute.p99_ms) {
        parts.push(part(2, Role::Muted, format!("p99 {}", words::latency(p99))));
    }
    if let Some(traffic) = traffic {
        let values: Vec<Option<f64>> = traffic.minutes.iter().map(|(_, minute)| minute.requests).collect();
        let spark = words::spark(&values, SPARK);
        parts.push(part(3, Role::Spark, spark));
    }
    Line { last_right: true, ..Line::new(Topic::Load, 3, load.remark, parts) }
}

fn dial(snapshot: &Snapshot, view: &RegionView, now: Timestamp) -> Line {
    let mut parts = vec![];
    match verdict::dial(snapshot, &view.name) {
        Some(percent) => {
            let role = if percent < 100 { Role::Warn } else { Role::Text };
            parts.push(part(0, role, format!("dial {percent:>3} %")));
            let words = bar(percent as f64 / 100.0, DIAL, if percent < 100 { Role::Warn } else { Role::Accent });
            parts.push(Part { words, rank: 2 });
        }
        None if snapshot.records.value.is_some() => parts.extend(straight(snapshot, view)),
        None => {}
    }
    Line::new(Topic::Dns, 5, remark(&snapshot.records, now), parts)
}

/// How users get here where there is no dial.
fn straight(snapshot: &Snapshot, view: &RegionView) -> Vec<Part> {
    let none = || part(0, Role::Muted, "no dial");
    let Some(straight) = snapshot.records.value.as_ref().and_then(|records| records.straight.get(&view.name)) else {
        return vec![none()];
    };
    let role = if matches!(straight.way, Way::Weight { weight: 0, .. }) { Role::Warn } else { Role::Text };
    vec![part(0, role, straight.way.words()), part(2, Role::Muted, "no dial")]
}

fn switch(snapshot: &Snapshot, view: &RegionView, now: Timestamp) -> Line {
    let peers: Vec<&RegionView> = snapshot.regions.iter().filter(|peer| peer.name != view.name).collect();
    let (serve, readable) = verdict::switch_agreement(snapshot, now, &view.name, false);
    let (evacuate, _) = verdict::switch_agreement(snapshot, now, &view.name, true);
    let mut parts = vec![];
    let told = peers.iter().filter(|peer| peer.switches.current(now).is_some() || peer.switches.absent()).count();
    if readable == 0 && told > 0 && told == peers.len() {
        parts.push(part(0, Role::Muted, "no switch"));
        return Line::new(Topic::Switch, 6, Remark::default(), parts);
    }
    if readable == 0 {
        // the last words of the peers, with the youngest of their ages
        let last = peers.iter().filter_map(|peer| peer.switches.value.as_ref()?.get(&view.name)).next();
        if let Some(switch) = last {
            parts.push(part(0, Role::Stale, word_of(switch.position)));
        }
        let remarks = peers.iter().map(|peer| (peer.switches.age(now), remark(&peer.switches, now)));
        let youngest = remarks.min_by_key(|(age, _)| (age.is_none(), *age)).map(|(_, remark)| remark);
        let none = Remark { words: vec!["UNKNOWN: no peer can be read".into(), "UNKNOWN".into()], unknown: true };
        return Line::new(Topic::Switch, 6, youngest.filter(|remark| !remark.current()).unwrap_or(none), parts);
    }
    let unreadable = readable - serve - evacuate;
    let (role, said) = match (serve, evacuate) {
        (_, 0) if unreadable > 0 => (Role::Warn, "UNREADABLE"),
        (_, 0) => (Role::Text, "SERVE"),
        (0, _) if unreadable == 0 => (Role::Accent, "EVACUATE"),
        _ => (Role::Bad, "DISAGREES"),
    };
    parts.push(part(0, role, said));
    let blind = if readable < peers.len() { Role::Unknown } else { Role::Muted };
    parts.push(part(1, blind, format!("{readable}/{} peers", peers.len())));
    if let Some(epoch) =
        peers.iter().filter_map(|peer| peer.switches.current(now)?.get(&view.name)).map(|s| s.epoch).max()
    {
        parts.push(part(3, Role::Muted, format!("epoch {epoch}")));
    }
    Line::new(Topic::Switch, 6, Remark::default(), parts)
}

fn word_of(position: SwitchPosition) -> &'static str {
    match position {
        SwitchPosition::Serve => "SERVE",
        SwitchPosition::Evacuate => "EVACUATE",
        SwitchPosition::Unreadable => "UNREADABLE",
    }
}

fn checks(snapshot: &Snapshot, view: &RegionView, now: Timestamp) -> Line {
    let mut parts = vec![];
    if let Some(checks) = snapshot.checks.value.as_ref().map(|checks| checks.get(&view.name)) {
        match checks.and_then(|checks| checks.health.as_ref()) {
            Some(check) if check.healthy => parts.push(part(0, Role::Text, "healthy")),
            Some(_) => parts.push(part(0, Role::Bad, "unhealthy")),
            None => parts.push(part(0, Role::Muted, "no check")),
        }
        if let Some((ok, all)) = checks.and_then(|checks| checks.endpoint.as_ref()).and_then(|check| check.observers) {
            let role = if ok < all { Role::Warn } else { Role::Muted };
            parts.push(part(1, role, format!("endpoint {ok}/{all}")));
        }
    }
    Line::new(Topic::Checks, 7, remark(&snapshot.checks, now), parts)
}

fn users(snapshot: &Snapshot, view: &RegionView, now: Timestamp) -> Line {
    let mut parts = vec![];
    if let Some(answers) = &snapshot.answers.value {
        let sent: Vec<_> = answers.iter().filter(|answer| answer.region.as_deref() == Some(&view.name)).collect();
        parts.push(part(0, Role::Text, format!("{}/{} places", sent.len(), answers.len())));
        let names: Vec<&str> = sent.iter().map(|answer| answer.place.name.as_str()).collect();
        if !names.is_empty() {
            parts.push(Part { words: vec![word(Role::Muted, names.join(" "))], rank: 2 });
        }
    }
    Line::new(Topic::Users, 8, remark(&snapshot.answers, now), parts)
}
