//! One target: what checks say of it, and what it is because of that.

use crate::moment::Moment;
use std::net::Ipv4Addr;
use std::time::Duration;

/// From registration to the first moment a check may come: assumed.
pub const REGISTRATION: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub ip: Ipv4Addr,
    pub port: u16,
    /// `None`: not told, or `all`.
    pub zone: Option<String>,
    pub phase: Phase,
    /// When it was registered, or its group came into use.
    pub since: Moment,
    pub next_check: Moment,
    /// The verdict of a check that still waits for its answer, and when the wait is over.
    pub(super) pending: Option<(Moment, Verdict)>,
    /// Consecutive passes (above zero) or failures (below).
    streak: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Registering,
    Checking,
    Healthy,
    Unhealthy(Fault),
    Draining { until: Moment },
}

/// Why a check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A status that the matcher does not accept.
    Status(u16),
    Timeout,
    /// No connection.
    Refused,
}

pub type Verdict = Result<(), Fault>;

/// Something that happened to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub kind: &'static str,
    pub what: String,
}

impl Target {
    pub(super) fn new(ip: Ipv4Addr, port: u16, zone: Option<String>, now: Moment) -> Self {
        let phase = Phase::Registering;
        Self { ip, port, zone, phase, since: now, next_check: now, pending: None, streak: 0 }
    }

    /// Begins anew: registered at `now`, checked every `interval` from a moment of its own on.
    pub(super) fn restart(&mut self, now: Moment, interval: Duration) {
        self.phase = Phase::Registering;
        self.since = now;
        self.streak = 0;
        self.pending = None;
        let seed = u32::from(self.ip).wrapping_mul(0x9e37_79b1) ^ u32::from(self.port).wrapping_mul(0x85eb_ca6b);
        let spread = u64::from(seed >> 7) % interval.as_secs().max(1);
        self.next_check = now + REGISTRATION + Duration::from_secs(spread);
    }

    pub fn draining(&self) -> bool {
        matches!(self.phase, Phase::Draining { .. })
    }

    /// Takes a verdict in. True when it changed what the target is.
    ///
    /// A new target is healthy after one pass (recalled, no AWS page says so); an unhealthy one needs
    /// the whole threshold.
    pub(super) fn hear(&mut self, verdict: Verdict, healthy_threshold: u32, unhealthy_threshold: u32) -> bool {
        self.streak = match verdict {
            Ok(()) => self.streak.max(0).saturating_add(1),
            Err(_) => self.streak.min(0).saturating_sub(1),
        };
        let (passes, failures) = (self.streak.max(0) as u32, self.streak.min(0).unsigned_abs());
        let next = match (self.phase, verdict) {
            (Phase::Checking | Phase::Registering, Ok(())) => Phase::Healthy,
            (Phase::Checking | Phase::Registering | Phase::Healthy, Err(fault)) if failures >= unhealthy_threshold => {
                Phase::Unhealthy(fault)
            }
            (Phase::Unhealthy(_), Ok(())) if passes >= healthy_threshold => Phase::Healthy,
            (Phase::Unhealthy(_), Err(fault)) => Phase::Unhealthy(fault),
            (same, _) => same,
        };
        let kind = |phase: Phase| std::mem::discriminant(&phase);
        let changed = kind(next) != kind(self.phase);
        self.phase = next;
        changed
    }
}

/// State, reason and description as DescribeTargetHealth words them
/// (User Guide, Health checks for ALB target groups, Health check reason codes).
pub type Health = (&'static str, Option<&'static str>, Option<String>);

pub(super) fn words(phase: Phase) -> Health {
    let say = |state, reason, text: &str| (state, Some(reason), Some(text.to_string()));
    match phase {
        Phase::Registering => say("initial", "Elb.RegistrationInProgress", "Target registration is in progress"),
        Phase::Checking => say("initial", "Elb.InitialHealthChecking", "Initial health checks in progress"),
        Phase::Healthy => ("healthy", None, None),
        Phase::Unhealthy(Fault::Status(status)) => (
            "unhealthy",
            Some("Target.ResponseCodeMismatch"),
            Some(format!("Health checks failed with these codes: [{status}]")),
        ),
        Phase::Unhealthy(Fault::Timeout) => say("unhealthy", "Target.Timeout", "Request timed out"),
        Phase::Unhealthy(Fault::Refused) => say("unhealthy", "Target.FailedHealthChecks", "Health checks failed"),
        Phase::Draining { .. } => {
            say("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
        }
    }
}

pub(super) const NOT_IN_USE: &str = "Target group is not configured to receive traffic from the load balancer";
pub(super) const ZONE_NOT_ENABLED: &str = "Target is in an Availability Zone that is not enabled for the load balancer";

#[cfg(test)]
mod tests {
    use super::*;

    fn checking() -> Target {
        Target { phase: Phase::Checking, ..Target::new(Ipv4Addr::LOCALHOST, 80, None, Moment::START) }
    }

    #[test]
    fn one_pass_makes_a_new_target_healthy_and_thresholds_rule_after() {
        let mut target = checking();
        assert!(target.hear(Ok(()), 5, 2));
        assert_eq!(target.phase, Phase::Healthy);
        assert!(!target.hear(Err(Fault::Timeout), 5, 2));
        assert!(!target.hear(Ok(()), 5, 2));
        assert!(!target.hear(Err(Fault::Timeout), 5, 2), "failures have to be consecutive");
        assert!(target.hear(Err(Fault::Status(500)), 5, 2));
        assert_eq!(target.phase, Phase::Unhealthy(Fault::Status(500)));
        for _ in 0..4 {
            assert!(!target.hear(Ok(()), 5, 2));
        }
        assert!(target.hear(Ok(()), 5, 2));
    }

    #[test]
    fn a_new_target_that_fails_becomes_unhealthy_and_tells_the_latest_reason() {
        let mut target = checking();
        assert!(!target.hear(Err(Fault::Refused), 5, 2));
        assert!(target.hear(Err(Fault::Refused), 5, 2));
        assert!(!target.hear(Err(Fault::Timeout), 5, 2));
        assert_eq!(words(target.phase).1, Some("Target.Timeout"));
    }
}
