//! Route 53: zones, records, health checks with their checkers, and how a name is answered.
//!
//! `zones` keeps what the API sees and turns PENDING into INSYNC; `served` is what the name servers
//! know then, judged every second; `answer` walks it. `check` says what a health check means,
//! `checkers` who asks. `outside` is all that this room asks of others.

pub mod answer;
pub mod check;
pub mod checkers;
pub mod names;
mod outside;
pub mod record;
mod report;
mod served;
#[cfg(test)]
mod tests;
pub mod zones;

use super::World;
use crate::geo::Place;
pub use check::CheckStatus;
use record::RrType;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The TTL of an alias to a load balancer, seconds (Developer Guide, "Choosing between alias and
/// non-alias records").
pub const BALANCER_TTL_S: u32 = 60;

/// Route 53 of the account.
#[derive(Debug, Clone, Default)]
pub struct Dns {
    pub zones: BTreeMap<String, zones::Zone>,
    pub changes: BTreeMap<String, zones::Change>,
    pub checks: BTreeMap<String, check::Check>,
    pub tombstones: check::Tombstones,
    /// Changes on their way to the name servers, in their order.
    pending: Vec<String>,
    live: BTreeMap<String, served::LiveZone>,
    served: served::Served,
    down: bool,
    #[cfg(test)]
    pub pretend: Option<outside::Pretend>,
}

/// A DNS answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsAnswer {
    pub code: ResponseCode,
    pub records: Vec<DnsRecord>,
    /// Every record had to be taken because none was healthy.
    pub last_resort: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseCode {
    NoError,
    NxDomain,
    /// No zone of this account holds the name.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    pub name: String,
    pub ttl_s: u32,
    pub data: RecordData,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordData {
    A(Ipv4Addr),
    Cname(String),
    Txt(String),
    Ns(String),
    Soa(String),
}

/// Types that are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordType {
    A,
    Aaaa,
    Cname,
    Txt,
    Ns,
    Soa,
}

/// The name server that the parent zone names for one of a zone's own: the same, unless the registrar was told
/// others (F35).
fn delegated(world: &World, own: String) -> String {
    if !crate::faults::strikes(world, "F35") {
        return own;
    }
    let number = own.bytes().filter(u8::is_ascii_digit).map(u64::from).sum::<u64>() % 4;
    format!("ns{}.parking.example.", number + 1)
}

/// What the authoritative servers answer a client at `place`. `roll` (0 to 1) draws among weights;
/// the same roll gives the same answer. Names under `.elb.amazonaws.com` are answered as AWS's own
/// servers do.
pub fn resolve(world: &World, name: &str, kind: RecordType, place: &Place, roll: f64) -> DnsAnswer {
    let found = answer::resolve(world, name, kind.into(), place, roll);
    let records = found.records.into_iter().filter_map(|record| {
        let data = match (record.kind, record.value) {
            (RrType::A, answer::Value::Address(ip)) => RecordData::A(ip),
            (RrType::Cname, answer::Value::Text(text)) => RecordData::Cname(names::normal(&text).into_owned()),
            (RrType::Txt, answer::Value::Text(text)) => RecordData::Txt(text),
            (RrType::Ns, answer::Value::Text(text)) => RecordData::Ns(delegated(world, text)),
            (RrType::Soa, answer::Value::Text(text)) => RecordData::Soa(text),
            // no other type is spoken
            _ => return None,
        };
        Some(DnsRecord { name: record.name, ttl_s: record.ttl_s, data })
    });
    DnsAnswer { code: found.code, records: records.collect(), last_resort: found.last_resort }
}

/// What a health check says now.
pub fn check_status(world: &World, id: &str) -> Option<CheckStatus> {
    check::status(&world.dns.checks, id)
}

/// What the servers of this zone answer, for TestDNSAnswer; `None`: they do not know it (yet).
pub fn answer_in_zone(
    world: &World,
    zone: &str,
    name: &str,
    kind: RrType,
    place: &Place,
    roll: f64,
) -> Option<answer::Found> {
    let zone = world.dns.served.zone(zone)?;
    Some(answer::in_zone(world, zone, name, kind, place, roll))
}

/// Whether this load balancer exists, for alias records.
pub fn balancer_exists(world: &World, dns_name: &str) -> bool {
    outside::balancer_healthy(world, dns_name).is_some()
}

/// Route 53 takes over how the check's alarm judges its metric.
pub fn copy_alarm(world: &mut World, id: &str) {
    let Some(named) = world.dns.checks.get(id).and_then(|check| check.config.AlarmIdentifier.clone()) else { return };
    let alarm = outside::alarm(world, &named.Region, &named.Name);
    if let Some(check) = world.dns.checks.get_mut(id) {
        check.alarm = alarm;
    }
}

pub fn tick(world: &mut World) {
    let down = outside::control_plane_down(world);
    if down && !world.dns.down {
        zones::strand(world);
    }
    world.dns.down = down;
    if zones::settle(world) {
        let mut served = served::Served::link(&world.dns.live);
        served.remember(&world.dns.served);
        world.dns.served = served;
    }
    observe(world);
    judge(world);
    if world.now.0.is_multiple_of(60_000) && !down {
        report::minute(world);
    }
}

/// How often the data of an alarm's metric is looked at, seconds. Assumed.
const STREAM_EVERY_S: u64 = 10;

/// Checkers probe, and metric checks read.
fn observe(world: &mut World) {
    let mut checks = std::mem::take(&mut world.dns.checks);
    let reading = (world.now.0 / 1000).is_multiple_of(STREAM_EVERY_S);
    for check in checks.values_mut() {
        checkers::probe(world, check);
        let Some(named) = check.config.AlarmIdentifier.as_ref().filter(|_| reading) else { continue };
        if check.alarm.is_none() {
            check.alarm = outside::alarm(world, &named.Region, &named.Name);
        }
        let Some(alarm) = &check.alarm else { continue };
        let seen = alarm.healthy(&outside::data_stream(world, &named.Region, alarm));
        check.insufficient = seen.is_none();
        check.stream = seen.or(check.stream);
    }
    world.dns.checks = checks;
}

/// What the observations mean for checks, and checks for records.
fn judge(world: &mut World) {
    let mut checks = std::mem::take(&mut world.dns.checks);
    let verdicts: Vec<bool> = checks.values().map(|check| check::evaluate(&checks, check, 0)).collect();
    for (check, healthy) in checks.values_mut().zip(verdicts) {
        if check.healthy != healthy {
            check.healthy = healthy;
            let kind = if healthy { "check.healthy" } else { "check.unhealthy" };
            world.truth.note(world.now, kind, "global", format!("{} {}", check.id, check.label()));
        }
    }
    let mut served = std::mem::take(&mut world.dns.served);
    served.judge(world, &checks);
    for (what, dead) in served.turned() {
        let state = if dead { "begins" } else { "ends" };
        world.truth.note(world.now, "dns.last-resort", "global", format!("{what} {state}"));
    }
    world.dns.served = served;
    world.dns.checks = checks;
}
