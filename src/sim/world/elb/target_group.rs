//! A target group: its checks, its targets and which of them get requests.

use super::attributes::{self, DEREGISTRATION_DELAY, ROUTING_COUNT, ROUTING_PERCENT, TARGET_GROUP};
use super::measure::GroupMinute;
use super::target::{self, Health, Note, Phase, Target};
use super::{LoadBalancer, Scheme, TargetState};
use crate::moment::Moment;
use crate::world::{ACCOUNT, hex_id};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct TargetGroup {
    pub name: String,
    pub arn: String,
    pub settings: Settings,
    pub check: Check,
    pub attributes: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// In order of address and port.
    pub targets: Vec<Target>,
    pub used_by: Option<User>,
    /// Places in `targets` of those that get requests.
    pub(super) pool: Vec<u32>,
    /// Whose turn it is in `pool`.
    pub(super) turn: u64,
    /// Healthy and registered targets by zone; draining ones are neither.
    pub(super) tally: BTreeMap<Option<String>, (usize, usize)>,
    /// What was counted this minute, by zone of the load balancer.
    pub(super) minute: Vec<GroupMinute>,
}

/// What cannot be changed after creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub scheme: Scheme,
    pub protocol_version: String,
    pub port: u16,
    pub vpc: String,
    /// `ip` or `instance`.
    pub target_type: String,
}

/// How targets are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub scheme: Scheme,
    /// `None`: the port that takes the traffic.
    pub port: Option<u16>,
    pub path: String,
    pub interval_s: u64,
    pub timeout_s: u64,
    pub healthy_threshold: u32,
    pub unhealthy_threshold: u32,
    /// As written: `200`, `200,202` or `200-299`.
    pub matcher: String,
}

/// The load balancer that a target group belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub arn: String,
    pub zones: Vec<String>,
    pub active: bool,
}

impl Check {
    /// AWS's defaults (API reference, CreateTargetGroup): HTTP 6 s, HTTPS 10 s to answer.
    pub fn new(group: Scheme) -> Self {
        Self {
            scheme: Scheme::Http,
            port: None,
            path: "/".into(),
            interval_s: 30,
            timeout_s: if group == Scheme::Http { 6 } else { 10 },
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: "200".into(),
        }
    }

    pub fn accepts(&self, status: u16) -> bool {
        ranges(&self.matcher).is_some_and(|ranges| ranges.iter().any(|(low, high)| (*low..=*high).contains(&status)))
    }
}

/// The ranges of a matcher; `None` when it is none.
pub fn ranges(matcher: &str) -> Option<Vec<(u16, u16)>> {
    let range = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        let (low, high) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        (200 <= low && low <= high && high <= 499).then_some((low, high))
    };
    matcher.split(',').map(range).collect()
}

impl TargetGroup {
    pub fn new(region: &str, name: &str, settings: Settings, check: Check, tags: BTreeMap<String, String>) -> Self {
        let id = hex_id(&[region, "targetgroup", name], 16);
        Self {
            name: name.to_string(),
            arn: format!("arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:targetgroup/{name}/{id}"),
            settings,
            check,
            attributes: attributes::defaults(TARGET_GROUP),
            tags,
            targets: vec![],
            used_by: None,
            pool: vec![],
            turn: 0,
            tally: BTreeMap::new(),
            minute: vec![],
        }
    }

    /// The dimension value: `targetgroup/name/id`.
    pub fn dimension(&self) -> &str {
        self.arn.rsplit_once(':').map_or(&self.arn, |(_, rest)| rest)
    }

    fn place(&self, ip: Ipv4Addr, port: u16) -> Result<usize, usize> {
        self.targets.binary_search_by_key(&(ip, port), |target| (target.ip, target.port))
    }

    pub fn target(&self, ip: Ipv4Addr, port: u16) -> Option<&Target> {
        self.place(ip, port).ok().and_then(|place| self.targets.get(place))
    }

    pub(super) fn target_mut(&mut self, ip: Ipv4Addr, port: u16) -> Option<&mut Target> {
        self.place(ip, port).ok().and_then(|place| self.targets.get_mut(place))
    }

    /// Registers a target; one that drains comes back, one that is there stays as it is.
    pub fn register(&mut self, ip: Ipv4Addr, port: u16, zone: Option<String>, now: Moment) {
        let interval = Duration::from_secs(self.check.interval_s);
        let place = match self.place(ip, port) {
            Ok(place) if !self.targets[place].draining() => return,
            Ok(place) => place,
            Err(place) => {
                self.targets.insert(place, Target::new(ip, port, None, now));
                place
            }
        };
        self.targets[place].zone = zone;
        self.targets[place].restart(now, interval);
        self.regroup();
    }

    /// Starts draining a target; what no load balancer uses is gone at once.
    pub fn deregister(&mut self, ip: Ipv4Addr, port: u16, now: Moment) -> Option<Note> {
        let place = self.place(ip, port).ok().filter(|place| !self.targets[*place].draining())?;
        let kind = if self.used_by.is_some() {
            let until = now + Duration::from_secs(self.delay_s());
            self.targets[place].phase = Phase::Draining { until };
            self.targets[place].pending = None;
            "target.draining"
        } else {
            self.targets.remove(place);
            "target.gone"
        };
        self.regroup();
        Some(self.note(kind, ip, port))
    }

    pub(super) fn note(&self, kind: &'static str, ip: Ipv4Addr, port: u16) -> Note {
        Note { kind, what: format!("{} {ip}:{port}", self.name) }
    }

    fn delay_s(&self) -> u64 {
        self.attributes.get(DEREGISTRATION_DELAY).and_then(|value| value.parse().ok()).unwrap_or(300)
    }

    /// Whether this target's zone is one of the load balancer's.
    fn enabled(&self, target: &Target) -> bool {
        match (&self.used_by, &target.zone) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(user), Some(zone)) => user.zones.contains(zone),
        }
    }

    /// Whether checks are made of this target.
    pub(super) fn checked(&self, target: &Target) -> bool {
        !target.draining() && self.used_by.as_ref().is_some_and(|user| user.active) && self.enabled(target)
    }

    pub fn state_of(&self, target: &Target) -> TargetState {
        match target.phase {
            Phase::Draining { .. } => TargetState::Draining,
            _ if !self.enabled(target) => TargetState::Unused,
            Phase::Registering | Phase::Checking => TargetState::Initial,
            Phase::Healthy => TargetState::Healthy,
            Phase::Unhealthy(_) => TargetState::Unhealthy,
        }
    }

    /// What DescribeTargetHealth says.
    pub fn health_of(&self, target: &Target) -> Health {
        if target.draining() || self.enabled(target) {
            return target::words(target.phase);
        }
        let why = if self.used_by.is_some() { target::ZONE_NOT_ENABLED } else { target::NOT_IN_USE };
        ("unused", Some("Target.NotInUse"), Some(why.to_string()))
    }

    /// Registered targets that could serve, and how many of them are healthy.
    pub fn counts(&self) -> (usize, usize) {
        self.tally.values().fold((0, 0), |(healthy, all), zone| (healthy + zone.0, all + zone.1))
    }

    /// Works out again who gets requests: the healthy, or everybody when too few are healthy.
    pub fn regroup(&mut self) {
        self.tally.clear();
        let mut everybody = vec![];
        for (place, target) in self.targets.iter().enumerate() {
            if target.draining() || !self.enabled(target) {
                continue;
            }
            everybody.push(place as u32);
            let healthy = usize::from(target.phase == Phase::Healthy);
            let zone = match self.tally.get_mut(&target.zone) {
                Some(zone) => zone,
                None => self.tally.entry(target.zone.clone()).or_default(),
            };
            zone.0 += healthy;
            zone.1 += 1;
        }
        let (healthy, all) = self.counts();
        if healthy >= attributes::needed(&self.attributes, ROUTING_COUNT, ROUTING_PERCENT, all) {
            everybody.retain(|place| self.targets[*place as usize].phase == Phase::Healthy);
        }
        self.pool = everybody;
    }

    /// Belongs to `user` from now on. Targets start anew when that changes anything for them.
    pub(super) fn belong_to(&mut self, user: Option<&LoadBalancer>, now: Moment) {
        let user = user.map(|user| User {
            name: user.name.clone(),
            arn: user.arn.clone(),
            zones: user.zones.iter().map(|zone| zone.name.clone()).collect(),
            active: user.active,
        });
        if user == self.used_by {
            return;
        }
        let as_before = |one: &User| user.as_ref().is_some_and(|user| user.arn == one.arn && user.active == one.active);
        let kept: Vec<String> = self.used_by.take().filter(as_before).map_or_else(Vec::new, |before| before.zones);
        let mut counted = std::mem::take(&mut self.minute);
        let mut minute = |zone: &String| {
            let place = kept.iter().position(|known| known == zone);
            place.and_then(|place| counted.get_mut(place)).map(std::mem::take).unwrap_or_default()
        };
        self.minute = user.iter().flat_map(|user| &user.zones).map(&mut minute).collect();
        let stays = |target: &Target| match (&target.zone, &user) {
            (Some(zone), Some(user)) => kept.contains(zone) && user.zones.contains(zone),
            (None, Some(_)) => !kept.is_empty(),
            (_, None) => false,
        };
        let interval = Duration::from_secs(self.check.interval_s);
        for target in self.targets.iter_mut().filter(|target| !target.draining() && !stays(target)) {
            target.restart(now, interval);
        }
        self.used_by = user;
        self.regroup();
    }

    /// Takes new check settings: a check that would come later than the new interval allows comes then.
    pub fn check_by(&mut self, check: Check, now: Moment) {
        let latest = now + Duration::from_secs(check.interval_s);
        for target in &mut self.targets {
            target.next_check = target.next_check.min(latest);
        }
        self.check = check;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers() {
        let mut check = Check::new(Scheme::Http);
        check.matcher = "200,300-302".into();
        assert!(check.accepts(200) && check.accepts(301) && !check.accepts(299) && !check.accepts(500));
        assert!(ranges("200-").is_none() && ranges("").is_none() && ranges("200-500").is_none());
    }
}
