//! The DNS tree as a tree: policy, dial, rest, each with what it leads to and the check that guards it; then
//! the checks with their children and observers, and what name servers answer each continent.

use super::table::{Row, Table, cell, column, measured, number};
use super::traffic::continent;
use super::{Section, dim, head};
use crate::model::records::{RecordSet, Routing, same_name};
use crate::model::snapshot::{CheckView, Records, RegionChecks, RegionView, Snapshot, SwitchPosition};
use crate::tui::theme::Role;
use crate::tui::view::draw::word;
use crate::tui::view::words;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Aliases of aliases are followed no deeper: a tree of ours has three levels, and another might be a ring.
const DEEPEST: usize = 8;

pub fn sections(snapshot: &Snapshot, now: Timestamp) -> Vec<Section> {
    vec![
        Section::Table(records(snapshot, now)),
        Section::Lines(vec![vec![]]),
        Section::Table(switches(snapshot, now)),
        Section::Lines(vec![vec![]]),
        Section::Table(checks(snapshot, now)),
        Section::Lines(vec![vec![]]),
        Section::Table(answers(snapshot, now)),
    ]
}

fn records(snapshot: &Snapshot, now: Timestamp) -> Table {
    let (title, current) = head("Records", &snapshot.records, now);
    let seen = snapshot.checks.value.as_ref();
    let checks: BTreeMap<&str, &CheckView> = seen
        .iter()
        .flat_map(|regions| regions.values())
        .flat_map(every_check)
        .map(|check| (check.id.as_str(), check))
        .collect();
    let known = snapshot.checks.current(now).is_some();
    let mut tree = Tree { records: None, rows: vec![], checks, current, known };
    if let Some(records) = &snapshot.records.value {
        tree.records = Some(records);
        for root in roots(&records.sets) {
            tree.root(root);
        }
    }
    Table {
        title,
        columns: vec![
            column("record", 0),
            column("routing", 0),
            column("leads to", 1),
            column("check", 0),
            column("type", 3),
            number("ttl", 4),
        ],
        rows: tree.rows,
        tree: true,
        none: vec![word(Role::Bad, "✖ no record of the stack")],
    }
}

fn every_check(checks: &RegionChecks) -> impl Iterator<Item = &CheckView> {
    checks.health.iter().chain(&checks.endpoint).chain(checks.switches.values())
}

/// Names that no alias leads to, the shortest first: the policy, then what the checkers ask.
fn roots(sets: &[RecordSet]) -> Vec<&str> {
    let target =
        |name: &str| sets.iter().filter_map(|set| set.alias.as_ref()).any(|alias| same_name(&alias.dns_name, name));
    let mut names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).filter(|name| !target(name)).collect();
    names.sort_by_key(|name| (name.len(), *name));
    names.dedup();
    names
}

struct Tree<'a> {
    records: Option<&'a Records>,
    rows: Vec<Row>,
    checks: BTreeMap<&'a str, &'a CheckView>,
    current: bool,
    /// Whether what the checkers say is current.
    known: bool,
}

impl<'a> Tree<'a> {
    fn root(&mut self, name: &'a str) {
        let Some(records) = self.records else { return };
        let sets: Vec<&RecordSet> = records.sets.iter().filter(|set| same_name(&set.name, name)).collect();
        match sets.as_slice() {
            [one] if one.routing == Routing::Simple => self.set(one, name, 0, name),
            _ => {
                let cells = vec![cell(dim(self.current, Role::Title), name), cell(Role::Muted, "policy")];
                self.rows.push(Row::new(name, self.command(name), cells));
                self.children(name, 1, name);
            }
        }
    }

    fn children(&mut self, name: &str, depth: usize, path: &str) {
        let Some(records) = self.records.filter(|_| depth <= DEEPEST) else { return };
        let sets: Vec<&RecordSet> = records.sets.iter().filter(|set| same_name(&set.name, name)).collect();
        for set in sets {
            let label = set.set_identifier.as_deref().unwrap_or(&set.name);
            self.set(set, label, depth, &format!("{path}/{label}/{}", set.kind));
        }
    }

    fn set(&mut self, set: &RecordSet, label: &str, depth: usize, path: &str) {
        let role = |role| dim(self.current, role);
        let (routing, colour) = match &set.routing {
            Routing::Simple => ("simple".to_string(), Role::Muted),
            Routing::Weighted(weight) => {
                (format!("weight {weight}"), if *weight == 0 { Role::Muted } else { Role::Accent })
            }
            Routing::Latency(region) => (format!("latency {region}"), Role::Text),
            Routing::Geolocation { continent, country } => (
                format!("geo {}", country.as_ref().or(continent.as_ref()).map_or("elsewhere", String::as_str)),
                Role::Text,
            ),
            Routing::Other => ("another policy".into(), Role::Warn),
        };
        let leads = set
            .alias
            .as_ref()
            .map_or_else(|| set.values.join(" "), |alias| alias.dns_name.trim_end_matches('.').into());
        let cells = vec![
            cell(role(if depth == 0 { Role::Title } else { Role::Text }), label),
            cell(role(colour), routing),
            cell(role(Role::Muted), leads),
            self.check(set),
            cell(role(Role::Muted), set.kind.clone()),
            set.ttl_s.map_or(cell(Role::Muted, ""), |ttl| measured(role(Role::Muted), format!("{ttl} s"), ttl as f64)),
        ];
        self.rows.push(Row { depth, ..Row::new(path, self.command(&set.name), cells) });
        if let Some(alias) = &set.alias {
            self.children(&alias.dns_name, depth + 1, path);
        }
    }

    fn check(&self, set: &RecordSet) -> super::table::Cell {
        let Some(id) = &set.health_check else {
            let evaluates = set.alias.as_ref().is_some_and(|alias| alias.evaluate_target_health);
            return cell(Role::Muted, if evaluates { "its target's" } else { "none" });
        };
        match self.checks.get(id.as_str()) {
            Some(check) => state(check, self.known),
            None => cell(Role::Unknown, "? not seen"),
        }
    }

    fn command(&self, name: &str) -> String {
        let zone = self.records.map_or("ZONE", |records| records.zone_id.as_str());
        format!(
            "aws route53 list-resource-record-sets --hosted-zone-id {zone} --query \"ResourceRecordSets[?Name=='{name}.']\""
        )
    }
}

fn state(check: &CheckView, current: bool) -> super::table::Cell {
    match check.healthy {
        true => cell(dim(current, Role::Ok), "● healthy"),
        false => cell(dim(current, Role::Bad), "✖ unhealthy"),
    }
}

/// The switch of each Region, as it stands on the load balancer of each peer: each with its own age.
fn switches(snapshot: &Snapshot, now: Timestamp) -> Table {
    let mut rows = vec![];
    for view in &snapshot.regions {
        for peer in snapshot.regions.iter().filter(|peer| peer.name != view.name) {
            rows.push(switch_row(view, peer, now));
        }
    }
    Table {
        title: vec![word(Role::Title, "Switches")],
        columns: vec![
            column("of", 0),
            column("at", 0),
            column("says", 0),
            number("epoch", 1),
            column("seen", 2),
            column("body", 3),
        ],
        rows,
        tree: false,
        none: vec![word(Role::Muted, "no switch")],
    }
}

fn switch_row(view: &RegionView, peer: &RegionView, now: Timestamp) -> Row {
    let seen = peer.switches.value.as_ref().and_then(|switches| switches.get(&view.name));
    let current = peer.switches.current(now).is_some();
    let remark = words::remark(&peer.switches, now);
    let age = remark.words.first().cloned().or_else(|| peer.switches.age(now).map(words::ago)).unwrap_or_default();
    let (role, said) = match seen.map(|switch| switch.position) {
        Some(SwitchPosition::Serve) => (Role::Ok, "● SERVE"),
        Some(SwitchPosition::Evacuate) => (Role::Accent, "◇ EVACUATE"),
        Some(SwitchPosition::Unreadable) => (Role::Bad, "✖ UNREADABLE"),
        None if current || peer.switches.absent() => (Role::Muted, "no switch"),
        None => (Role::Unknown, "? not seen"),
    };
    let text = |text: String| cell(dim(current, Role::Text), text);
    let cells = vec![
        text(view.name.clone()),
        text(peer.name.clone()),
        cell(dim(current, role), said),
        seen.map_or(text("-".into()), |switch| {
            measured(dim(current, Role::Text), switch.epoch.to_string(), switch.epoch as f64)
        }),
        cell(if remark.unknown { Role::Unknown } else { Role::Muted }, age),
        text(seen.map(|switch| switch.body.clone()).unwrap_or_default()),
    ];
    let rule = seen.map_or("RULE", |switch| switch.rule_arn.as_str());
    let command = format!("aws elbv2 describe-rules --region {} --rule-arns {rule}", peer.name);
    Row::new(format!("switch/{}@{}", view.name, peer.name), command, cells)
}

fn checks(snapshot: &Snapshot, now: Timestamp) -> Table {
    let (title, current) = head("Health checks", &snapshot.checks, now);
    let mut rows = vec![];
    for (region, checks) in snapshot.checks.value.iter().flatten() {
        let mut add = |depth: usize, label: String, kind: &str, check: &CheckView| {
            let observers = check.observers.map_or(cell(Role::Muted, "-"), |(ok, all)| {
                let role = if ok < all { Role::Warn } else { Role::Text };
                measured(dim(current, role), format!("{ok}/{all}"), f64::from(ok))
            });
            let cells = vec![
                cell(dim(current, if depth == 0 { Role::Title } else { Role::Text }), label),
                cell(dim(current, Role::Muted), kind),
                state(check, current),
                observers,
                cell(dim(current, Role::Muted), check.last_report.as_deref().unwrap_or_default()),
                cell(dim(current, Role::Muted), check.id.clone()),
            ];
            let command = format!("aws route53 get-health-check-status --health-check-id {}", check.id);
            rows.push(Row { depth, ..Row::new(format!("check/{region}/{}", check.id), command, cells) });
        };
        if let Some(health) = &checks.health {
            add(0, format!("health of {region}"), "all of", health);
        }
        let below = usize::from(checks.health.is_some());
        if let Some(endpoint) = &checks.endpoint {
            add(below, "endpoint".into(), "asks its health page", endpoint);
        }
        for (peer, check) in &checks.switches {
            add(below, format!("switch at {peer}"), "inverted: no EVACUATE", check);
        }
    }
    Table {
        title,
        columns: vec![
            column("check", 0),
            column("kind", 2),
            column("state", 0),
            number("observers", 0),
            column("last report", 3),
            column("id", 4),
        ],
        rows,
        tree: true,
        none: vec![word(Role::Warn, "▲ no check of the stack")],
    }
}

/// The authoritative servers' answer to users of a subnet; `+trace` asks them and no resolver's memory.
pub fn dig(snapshot: &Snapshot, subnet: Option<Ipv4Addr>) -> String {
    let sets = snapshot.records.value.as_ref().map_or(&[][..], |records| records.sets.as_slice());
    let policy = roots(sets).into_iter().next();
    match (policy, subnet) {
        (Some(policy), Some(subnet)) => format!("dig +trace +nodnssec +subnet={subnet}/24 {policy} A"),
        _ => String::new(),
    }
}

/// How many places of a continent are sent to which Region.
fn answers(snapshot: &Snapshot, now: Timestamp) -> Table {
    let (title, current) = head("Answers, by continent", &snapshot.answers, now);
    let mut continents: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut subnets: BTreeMap<&str, Ipv4Addr> = BTreeMap::new();
    for answer in snapshot.answers.value.iter().flatten() {
        let sent = answer.region.as_deref().unwrap_or("nowhere known");
        subnets.entry(&answer.place.continent).or_insert(answer.place.subnet);
        *continents.entry(&answer.place.continent).or_default().entry(sent).or_default() += 1;
    }
    let rows = continents.into_iter().map(|(code, sent)| {
        let said = sent.iter().map(|(region, places)| format!("{region} ({places})")).collect::<Vec<_>>().join("  ");
        let role = if sent.contains_key("nowhere known") { Role::Bad } else { Role::Text };
        let cells = vec![cell(dim(current, Role::Text), continent(code)), cell(dim(current, role), said)];
        Row::new(format!("continent/{code}"), dig(snapshot, subnets.get(code).copied()), cells)
    });
    Table {
        title,
        columns: vec![column("continent", 0), column("sent to", 0)],
        rows: rows.collect(),
        tree: false,
        none: vec![word(Role::Muted, "nobody has asked")],
    }
}
