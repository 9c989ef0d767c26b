//! Route 53's checkers: where they stand, what they ask, and how they make up their minds.

use super::check::{Check, HealthCheckConfig};
use super::{RecordData, RecordType, ResponseCode, outside};
use crate::front_door::FetchError;
use crate::geo::{self, Place};
use crate::moment::Moment;
use crate::random::Random;
use crate::world::World;
use crate::world::elb::{HttpAsk, Scheme};
use std::net::Ipv4Addr;
use std::time::Duration;

/// A Region that checkers stand in (botocore, HealthCheckRegion). AWS does not say how many stand in
/// each; two is assumed, one in each of its ROUTE53_HEALTHCHECKS ranges of ip-ranges.json (recalled).
#[derive(Debug)]
pub struct Site {
    pub region: &'static str,
    continent: &'static str,
    country: &'static str,
    addresses: [Ipv4Addr; 2],
}

macro_rules! sites {
    ($($region:literal $continent:literal $country:literal [$($first:literal),*] [$($second:literal),*];)*) => {
        pub const SITES: &[Site] = &[$(Site {
            region: $region, continent: $continent, country: $country,
            addresses: [Ipv4Addr::new($($first),*), Ipv4Addr::new($($second),*)],
        }),*];
    };
}

sites! {
    "us-east-1"      "NA" "US" [54, 243, 31, 197]  [107, 23, 255, 9];
    "us-west-1"      "NA" "US" [54, 183, 255, 135] [54, 241, 32, 74];
    "us-west-2"      "NA" "US" [54, 244, 52, 201]  [54, 245, 168, 13];
    "eu-west-1"      "EU" "IE" [54, 228, 16, 5]    [176, 34, 159, 198];
    "ap-southeast-1" "AS" "SG" [54, 251, 31, 139]  [54, 255, 254, 203];
    "ap-southeast-2" "OC" "AU" [54, 252, 79, 135]  [54, 252, 254, 201];
    "ap-northeast-1" "AS" "JP" [54, 248, 220, 9]   [54, 250, 253, 197];
    "sa-east-1"      "SA" "BR" [54, 232, 40, 73]   [177, 71, 207, 137];
}

/// The whole answer must be there this long after the connection (Developer Guide, "How Route 53
/// determines whether a health check is healthy"): the status line within 2 s, a body to search
/// within a further 2 s.
const STATUS_WITHIN_MS: f64 = 2_000.0;
const BODY_WITHIN_MS: f64 = 4_000.0;
/// How much of a body is searched (same page).
const SEARCHED_BYTES: usize = 5_120;

/// Whether checkers ask an endpoint for this type of check.
pub fn probed(kind: &str) -> bool {
    matches!(kind, "HTTP" | "HTTPS" | "HTTP_STR_MATCH" | "HTTPS_STR_MATCH" | "TCP")
}

/// One checker of one check.
#[derive(Debug, Clone)]
pub struct Observer {
    pub site: &'static Site,
    pub address: Ipv4Addr,
    next: Moment,
    /// What it holds the endpoint for; `None` until its first run of equal answers is long enough.
    verdict: Option<bool>,
    run_ok: bool,
    run: u32,
    pub last: Option<Report>,
    pub failure: Option<Report>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub at: Moment,
    pub outcome: Outcome,
}

/// What one probe came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub seen: Seen,
    /// The address, when it came out of DNS.
    pub resolved: Option<Ipv4Addr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Connected,
    Status(u16),
    /// The answer is right, but the string is not in it.
    WithoutString(u16),
    TooSlow,
    TimedOut,
    Refused,
    NoSuchName,
    NoAddress,
}

impl Seen {
    pub fn ok(self) -> bool {
        matches!(self, Seen::Connected | Seen::Status(200..400))
    }
}

impl Observer {
    pub fn healthy(&self) -> bool {
        self.verdict.unwrap_or(true)
    }

    fn saw(&mut self, at: Moment, outcome: Outcome, threshold: u32) {
        let report = Report { at, outcome };
        let ok = outcome.seen.ok();
        self.last = Some(report);
        if !ok {
            self.failure = Some(report);
        }
        self.run = if self.run_ok == ok { self.run + 1 } else { 1 };
        self.run_ok = ok;
        if self.run >= threshold {
            self.verdict = Some(ok);
        }
    }
}

/// The checkers that a check gets, each with its own phase.
pub fn assign(config: &HealthCheckConfig, now: Moment, chance: &mut Random) -> Vec<Observer> {
    if !probed(&config.Type) {
        return vec![];
    }
    let wanted = |site: &Site| config.Regions.as_ref().is_none_or(|all| all.iter().any(|r| r == site.region));
    let interval_ms = interval(config).as_millis() as f64;
    let both = SITES.iter().filter(|site| wanted(site)).flat_map(|site| site.addresses.map(|at| (site, at)));
    both.map(|(site, address)| Observer {
        site,
        address,
        next: now + Duration::from_millis(chance.between(0.0, interval_ms) as u64),
        verdict: None,
        run_ok: true,
        run: 0,
        last: None,
        failure: None,
    })
    .collect()
}

fn interval(config: &HealthCheckConfig) -> Duration {
    Duration::from_secs(config.RequestInterval.unwrap_or(30))
}

/// Sends what is due.
pub fn probe(world: &mut World, check: &mut Check) {
    if check.config.Disabled == Some(true) {
        return;
    }
    let now = world.now;
    let (every, threshold) = (interval(&check.config), check.config.FailureThreshold.unwrap_or(3));
    for observer in check.observers.iter_mut().filter(|observer| observer.next <= now) {
        while observer.next <= now {
            observer.next = observer.next + every;
        }
        let roll = world.chance.dns.unit();
        let outcome = look(world, observer.site, &check.config, roll);
        observer.saw(now, outcome, threshold);
    }
}

fn look(world: &World, site: &Site, config: &HealthCheckConfig, roll: f64) -> Outcome {
    let fixed = config.IPAddress.as_deref();
    let (ip, resolved) = match (fixed, config.FullyQualifiedDomainName.as_deref()) {
        (Some(text), _) => match text.parse() {
            Ok(ip) => (ip, None),
            // there is no IPv6 in this world
            Err(_) => return Outcome { seen: Seen::TimedOut, resolved: None },
        },
        (None, name) => match address(world, site, name.unwrap_or_default(), roll) {
            Ok(ip) => (ip, Some(ip)),
            Err(seen) => return Outcome { seen, resolved: None },
        },
    };
    Outcome { seen: ask(world, site, config, ip), resolved }
}

fn address(world: &World, site: &Site, name: &str, roll: f64) -> Result<Ipv4Addr, Seen> {
    let (latitude, longitude) = geo::region(site.region).map_or((0.0, 0.0), |r| (r.latitude, r.longitude));
    let place = Place {
        name: site.region,
        continent: site.continent,
        country: site.country,
        latitude,
        longitude,
        subnet: site.addresses[0],
        share: 0,
    };
    let answer = super::resolve(world, name, RecordType::A, &place, roll);
    let first = answer.records.iter().find_map(|record| match record.data {
        RecordData::A(ip) => Some(ip),
        _ => None,
    });
    first.ok_or(if answer.code == ResponseCode::NoError { Seen::NoAddress } else { Seen::NoSuchName })
}

fn ask(world: &World, site: &Site, config: &HealthCheckConfig, ip: Ipv4Addr) -> Seen {
    let secure = config.Type.starts_with("HTTPS");
    let path = config.ResourcePath.as_deref().unwrap_or("/");
    let request = HttpAsk {
        method: "GET".into(),
        scheme: if secure { Scheme::Https } else { Scheme::Http },
        host: config.FullyQualifiedDomainName.clone().unwrap_or_else(|| ip.to_string()),
        path: if path.starts_with('/') { path.to_string() } else { format!("/{path}") },
        port: config.Port.unwrap_or(if secure { 443 } else { 80 }),
    };
    let answer = match outside::fetch(world, site.region, ip, &request) {
        Ok(answer) => answer,
        Err(FetchError::TimedOut) => return Seen::TimedOut,
        Err(FetchError::Refused) => return Seen::Refused,
    };
    if config.Type == "TCP" {
        return Seen::Connected;
    }
    let wanted = config.SearchString.as_deref().filter(|_| config.Type.ends_with("_STR_MATCH"));
    if answer.latency_ms > if wanted.is_some() { BODY_WITHIN_MS } else { STATUS_WITHIN_MS } {
        return Seen::TooSlow;
    }
    let body = answer.body.as_bytes();
    let searched = &body[..body.len().min(SEARCHED_BYTES)];
    match wanted {
        Some(text) if (200..400).contains(&answer.status) && !contains(searched, text.as_bytes()) => {
            Seen::WithoutString(answer.status)
        }
        _ => Seen::Status(answer.status),
    }
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    text.is_empty() || body.windows(text.len()).any(|window| window == text)
}
