//! Route 53 as its callers and its visitors see it.

mod api;
mod traps;

use super::ROUTE53;
use crate::doc::{Doc, Input};
use crate::geo::{self, Place};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dns::{self, DnsAnswer, RecordData, RecordType};
use serde_json::json;
use std::net::Ipv4Addr;
use std::time::Duration;

const US: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
const EU: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 2);
const US_ALB: &str = "us-1.us-east-1.elb.amazonaws.com";
const EU_ALB: &str = "eu-1.eu-west-1.elb.amazonaws.com";

fn world() -> World {
    let mut world = World::empty(7);
    let pretend = world.dns.pretend.get_or_insert_default();
    pretend.balancers = vec![(US_ALB.into(), vec![US], true), (EU_ALB.into(), vec![EU], true)];
    pretend.answers = vec![(US, "*", 200, "fine"), (EU, "*", 200, "fine")];
    world
}

fn answers(world: &mut World, answers: &[(Ipv4Addr, &'static str, u16, &'static str)]) {
    world.dns.pretend.get_or_insert_default().answers = answers.to_vec();
}

fn balancer(world: &mut World, name: &str, healthy: bool) {
    for known in &mut world.dns.pretend.get_or_insert_default().balancers {
        if known.0 == name {
            known.2 = healthy;
        }
    }
}

fn pass(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

fn call(world: &mut World, name: &str, ask: Doc) -> Answer<Doc> {
    let operation = ROUTE53.operations.iter().find(|operation| operation.name == name).expect("an operation");
    let caller = Caller { region: "us-east-1".into(), principal: "AKIA".into(), now: world.now };
    (operation.run)(world, &caller, Input::Text(ask))
}

fn text(doc: &Doc, path: &str) -> String {
    doc.pointer(path).and_then(Doc::as_str).unwrap_or_default().to_string()
}

fn zone(world: &mut World) -> String {
    let made = call(world, "CreateHostedZone", json!({"Name": "example.com", "CallerReference": "one"}));
    pass(world, 61);
    text(&made.expect("a zone"), "/HostedZone/Id")
}

fn batch(world: &mut World, zone: &str, changes: &[(&str, Doc)]) -> Answer<Doc> {
    let changes: Vec<Doc> =
        changes.iter().map(|(action, set)| json!({"Action": action, "ResourceRecordSet": set})).collect();
    call(world, "ChangeResourceRecordSets", json!({"Id": zone, "ChangeBatch": {"Changes": {"Change": changes}}}))
}

/// Creates records and waits until they are served.
fn create(world: &mut World, zone: &str, sets: &[Doc]) {
    let changes: Vec<(&str, Doc)> = sets.iter().map(|set| ("CREATE", set.clone())).collect();
    batch(world, zone, &changes).expect("right records");
    pass(world, 61);
}

fn with(mut set: Doc, more: Doc) -> Doc {
    if let (Some(set), Doc::Object(more)) = (set.as_object_mut(), more) {
        set.extend(more);
    }
    set
}

fn plain(name: &str, ip: Ipv4Addr) -> Doc {
    json!({"Name": name, "Type": "A", "TTL": "60", "ResourceRecords": {"ResourceRecord": [{"Value": ip.to_string()}]}})
}

fn alias(name: &str, target: &str, zone: &str) -> Doc {
    let target = json!({"DNSName": target, "HostedZoneId": zone, "EvaluateTargetHealth": "true"});
    json!({"Name": name, "Type": "A", "AliasTarget": target})
}

fn alb(name: &str, region: &str) -> Doc {
    let zone = geo::region(region).expect("a Region").alb_zone;
    alias(name, if region == "us-east-1" { US_ALB } else { EU_ALB }, zone)
}

/// `app.example.com`: a latency alias per Region, each with a health check.
fn two_regions(world: &mut World, zone: &str, checks: [Option<&str>; 2]) {
    let sets: Vec<Doc> = ["us-east-1", "eu-west-1"]
        .iter()
        .zip(checks)
        .map(|(region, check)| {
            let set = with(alb("app.example.com", region), json!({"SetIdentifier": region, "Region": region}));
            check.map_or(set.clone(), |id| with(set, json!({"HealthCheckId": id})))
        })
        .collect();
    create(world, zone, &sets);
}

fn check(world: &mut World, reference: &str, config: Doc) -> String {
    let config = with(json!({"RequestInterval": "10", "FailureThreshold": "3"}), config);
    let made = call(world, "CreateHealthCheck", json!({"CallerReference": reference, "HealthCheckConfig": config}));
    text(&made.expect("a check"), "/HealthCheck/Id")
}

fn endpoint(world: &mut World, reference: &str, ip: Ipv4Addr) -> String {
    check(world, reference, json!({"Type": "HTTP", "IPAddress": ip.to_string(), "ResourcePath": "/health"}))
}

fn update(world: &mut World, id: &str, what: Doc) {
    call(world, "UpdateHealthCheck", with(json!({"HealthCheckId": id}), what)).expect("an update");
    pass(world, 1);
}

fn place(name: &str) -> &'static Place {
    geo::place(name).expect("a place")
}

fn resolve(world: &World, name: &str, from: &str, roll: f64) -> DnsAnswer {
    dns::resolve(world, name, RecordType::A, place(from), roll)
}

fn ips(answer: &DnsAnswer) -> Vec<Ipv4Addr> {
    let records = answer.records.iter();
    records.filter_map(|record| if let RecordData::A(ip) = record.data { Some(ip) } else { None }).collect()
}

fn app(world: &World, from: &str) -> Vec<Ipv4Addr> {
    ips(&resolve(world, "app.example.com", from, 0.5))
}
