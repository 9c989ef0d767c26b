//! What the checkers saw.

use super::{bare, invalid, no_such_check};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dns::checkers::{Observer, Outcome, Report, Seen};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Ask {
    HealthCheckId: String,
}

#[derive(Serialize)]
pub struct Observations {
    HealthCheckObservations: Vec<Observation>,
}

#[derive(Serialize)]
struct Observation {
    Region: &'static str,
    IPAddress: String,
    StatusReport: StatusReport,
}

#[derive(Serialize)]
struct StatusReport {
    Status: String,
    CheckedTime: Moment,
}

/// A checker that has not asked yet is not listed.
pub fn now(world: &mut World, _: &Caller, ask: Ask) -> Answer<Observations> {
    observations(world, &ask.HealthCheckId, |observer| observer.last)
}

/// A checker that never saw a failure is not listed (assumed).
pub fn last_failure(world: &mut World, _: &Caller, ask: Ask) -> Answer<Observations> {
    observations(world, &ask.HealthCheckId, |observer| observer.failure)
}

fn observations(world: &World, id: &str, which: fn(&Observer) -> Option<Report>) -> Answer<Observations> {
    let check = world.dns.checks.get(bare(id)).ok_or_else(|| no_such_check(id))?;
    if check.calculated() {
        // API Reference, GetHealthCheckStatus: "You can't use GetHealthCheckStatus to get the status
        // of a calculated health check"; the wording of the refusal is assumed
        return Err(invalid("The status of a calculated health check is not available from this operation."));
    }
    let seen = check.observers.iter().filter_map(|observer| {
        let report = which(observer)?;
        Some(Observation {
            Region: observer.site.region,
            IPAddress: observer.address.to_string(),
            StatusReport: StatusReport { Status: words(report.outcome), CheckedTime: report.at },
        })
    });
    Ok(Observations { HealthCheckObservations: seen.collect() })
}

fn words(outcome: Outcome) -> String {
    let what = match outcome.seen {
        Seen::Connected => "TCP connection established".into(),
        Seen::Status(status) => code(status),
        Seen::WithoutString(status) => format!("{}. The search string was not found in the response body", code(status)),
        Seen::TooSlow => "The endpoint did not respond to the health check request within the timeout limit".into(),
        Seen::TimedOut => "Connection timed out. The endpoint or the internet connection is down, or requests are being blocked by your firewall. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html".into(),
        Seen::Refused => "Connection refused. The endpoint is not accepting connections on the port".into(),
        Seen::NoSuchName => "DNS resolution failed: Rcode NXDomain(3)".into(),
        Seen::NoAddress => "DNS resolution failed: no address for the domain name".into(),
    };
    let verdict = if outcome.seen.ok() { "Success" } else { "Failure" };
    let resolved = outcome.resolved.map(|ip| format!(". Resolved IP: {ip}")).unwrap_or_default();
    format!("{verdict}: {what}{resolved}")
}

fn code(status: u16) -> String {
    let reason = match status {
        // the load balancers' own phrase
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("Unknown"),
    };
    format!("HTTP Status Code {status}, {reason}")
}
