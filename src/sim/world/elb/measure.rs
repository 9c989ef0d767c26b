//! The metrics of namespace AWS/ApplicationELB
//! (User Guide, CloudWatch metrics for your Application Load Balancer).
//!
//! Requests are counted where they are served and put once a minute, hosts four times a minute.

use super::route::Own;
use super::{Elb, LoadBalancer, TargetGroup};
use crate::moment::Moment;
use crate::world::metrics::Series;
use crate::world::{TICK, World};
use std::collections::BTreeMap;

const NAMESPACE: &str = "AWS/ApplicationELB";
/// How often the hosts are counted, s: assumed.
const HOSTS_S: u64 = 15;

/// What one node of a load balancer counted by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Minute {
    fixed: u64,
    redirected: u64,
    /// By status, 3xx to 5xx.
    own: BTreeMap<u16, u64>,
}

impl Minute {
    pub fn own(&mut self, why: Own, status: u16, requests: u64) {
        match why {
            Own::Fixed => self.fixed += requests,
            Own::Redirect => self.redirected += requests,
            Own::Error => {}
        }
        self.failed(status, requests);
    }

    pub fn failed(&mut self, status: u16, requests: u64) {
        if requests > 0 && status >= 300 {
            *self.own.entry(status).or_default() += requests;
        }
    }
}

/// What one node counted of a target group.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GroupMinute {
    /// For which a target was chosen.
    pub requests: u64,
    /// 2xx to 5xx.
    codes: [u64; 4],
    /// Microseconds, three digits of them, and how often.
    latency: BTreeMap<u64, u64>,
}

impl GroupMinute {
    /// A target answered `requests` with `status`, but `failed` of them with a 5xx.
    pub fn answered(&mut self, status: u16, requests: u64, failed: u64, latency_ms: f64) {
        self.requests += requests;
        let class = usize::from(status / 100).clamp(2, 5) - 2;
        self.codes[class] += requests - failed;
        self.codes[3] += failed;
        *self.latency.entry(three_digits(latency_ms * 1000.0)).or_default() += requests;
    }

    fn add(&mut self, other: &GroupMinute) {
        self.requests += other.requests;
        for (mine, its) in self.codes.iter_mut().zip(other.codes) {
            *mine += its;
        }
        for (latency, count) in &other.latency {
            *self.latency.entry(*latency).or_default() += count;
        }
    }
}

fn three_digits(value: f64) -> u64 {
    let value = value.round().max(0.0) as u64;
    let mut scale = 1;
    while value / scale >= 1000 {
        scale *= 10;
    }
    value / scale * scale
}

/// Samples for one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub name: &'static str,
    pub dimensions: Vec<(&'static str, String)>,
    pub unit: &'static str,
    pub value: f64,
    pub times: u64,
}

pub(super) fn tick(world: &mut World) {
    let now = world.now;
    let count_hosts = now.floor(HOSTS_S) > (now - TICK).floor(HOSTS_S);
    let mut samples = vec![];
    for (region, elb) in &mut world.elb {
        let minute = *elb.measured.get_or_insert(now.floor(60));
        if now.floor(60) > minute {
            let mut out = vec![];
            requests(elb, &mut out);
            samples.push((region.clone(), minute, out));
            elb.measured = Some(now.floor(60));
        }
        if count_hosts {
            let mut out = vec![];
            hosts(elb, &mut out);
            samples.push((region.clone(), now, out));
        }
    }
    for (region, at, samples) in samples {
        put(world, &region, at, samples);
    }
}

fn put(world: &mut World, region: &str, at: Moment, samples: Vec<Sample>) {
    let metrics = world.metrics_in(region);
    for Sample { name, dimensions, unit, value, times } in samples {
        let dimensions: Vec<(&str, &str)> = dimensions.iter().map(|(key, value)| (*key, value.as_str())).collect();
        metrics.put(Series::new(NAMESPACE, name, &dimensions), unit, at, value, times);
    }
}

struct Out<'a> {
    samples: &'a mut Vec<Sample>,
    dimensions: Vec<(&'static str, String)>,
}

impl Out<'_> {
    /// `times` events, each of value 1.
    fn events(&mut self, name: &'static str, times: u64) {
        if times > 0 {
            self.sample(name, "Count", 1.0, times);
        }
    }

    /// The same, and a zero when there were none.
    fn events_or_zero(&mut self, name: &'static str, times: u64) {
        if times > 0 { self.events(name, times) } else { self.sample(name, "Count", 0.0, 1) }
    }

    fn sample(&mut self, name: &'static str, unit: &'static str, value: f64, times: u64) {
        self.samples.push(Sample { name, dimensions: self.dimensions.clone(), unit, value, times });
    }
}

fn groups_of<'a>(
    groups: &'a BTreeMap<String, TargetGroup>,
    load_balancer: &'a LoadBalancer,
) -> impl Iterator<Item = &'a TargetGroup> {
    groups.values().filter(|group| group.used_by.as_ref().is_some_and(|user| user.name == load_balancer.name))
}

/// How many hosts are healthy: by target group, and by the zone that they are in.
pub(super) fn hosts(elb: &Elb, samples: &mut Vec<Sample>) {
    for load_balancer in elb.load_balancers.values().filter(|found| found.active) {
        for group in groups_of(&elb.target_groups, load_balancer) {
            let (healthy, unhealthy) = hosts_in(group, None);
            let mut dimensions =
                vec![("LoadBalancer", load_balancer.dimension().into()), ("TargetGroup", group.dimension().into())];
            let mut say = |dimensions: &Vec<_>, healthy: usize, unhealthy: usize| {
                let mut out = Out { samples, dimensions: dimensions.clone() };
                out.sample("HealthyHostCount", "Count", healthy as f64, 1);
                out.sample("UnHealthyHostCount", "Count", unhealthy as f64, 1);
            };
            say(&dimensions, healthy, unhealthy);
            for zone in &load_balancer.zones {
                let (healthy, unhealthy) = hosts_in(group, Some(&zone.name));
                dimensions.push(("AvailabilityZone", zone.name.clone()));
                say(&dimensions, healthy, unhealthy);
                dimensions.pop();
            }
        }
    }
}

/// Healthy and unhealthy targets; those that are still initial are neither.
fn hosts_in(group: &TargetGroup, zone: Option<&str>) -> (usize, usize) {
    use super::TargetState::{Healthy, Unhealthy};
    let mut counts = (0, 0);
    for target in group.targets.iter().filter(|target| zone.is_none() || target.zone.as_deref() == zone) {
        match group.state_of(target) {
            Healthy => counts.0 += 1,
            Unhealthy => counts.1 += 1,
            _ => {}
        }
    }
    counts
}

/// The requests of the minute that is over; counting starts anew.
pub(super) fn requests(elb: &mut Elb, samples: &mut Vec<Sample>) {
    for load_balancer in elb.load_balancers.values_mut().filter(|found| found.active) {
        let name = load_balancer.dimension().to_string();
        let mine =
            |group: &&mut TargetGroup| group.used_by.as_ref().is_some_and(|user| user.name == load_balancer.name);
        let zones: Vec<String> = load_balancer.zones.iter().map(|zone| zone.name.clone()).collect();
        let mut by_zone = vec![GroupMinute::default(); zones.len()];
        let mut registered = false;
        for group in elb.target_groups.values_mut().filter(mine) {
            let (healthy, all) = group.counts();
            registered |= all > 0;
            let minutes = std::mem::take(&mut group.minute);
            group.minute = vec![GroupMinute::default(); zones.len()];
            let mut sum = GroupMinute::default();
            let target_group = group.dimension().to_string();
            let dimensions = vec![("LoadBalancer", name.clone()), ("TargetGroup", target_group.clone())];
            for ((minute, zone), total) in minutes.iter().zip(&zones).zip(&mut by_zone) {
                sum.add(minute);
                total.add(minute);
                let mut dimensions = dimensions.clone();
                dimensions.push(("AvailabilityZone", zone.clone()));
                targets(&mut Out { samples, dimensions }, minute, minute.requests, all > 0);
            }
            let mut out = Out { samples, dimensions };
            targets(&mut out, &sum, sum.requests, all > 0);
            if all > 0 {
                let serving = if healthy > 0 { healthy } else { all };
                let each = sum.requests as f64 / serving as f64;
                out.sample("RequestCountPerTarget", "Count", each, 1);
                out.dimensions = vec![("TargetGroup", target_group)];
                out.sample("RequestCountPerTarget", "Count", each, 1);
            }
        }
        let nodes = std::mem::take(&mut load_balancer.minute);
        load_balancer.minute = vec![Minute::default(); zones.len()];
        let mut sum = (GroupMinute::default(), Minute::default());
        for ((node, total), zone) in nodes.iter().zip(&by_zone).zip(&zones) {
            sum.0.add(total);
            sum.1.fixed += node.fixed;
            sum.1.redirected += node.redirected;
            node.own.iter().for_each(|(status, count)| sum.1.failed(*status, *count));
            let dimensions = vec![("LoadBalancer", name.clone()), ("AvailabilityZone", zone.clone())];
            whole(&mut Out { samples, dimensions }, total, node, registered);
        }
        whole(&mut Out { samples, dimensions: vec![("LoadBalancer", name)] }, &sum.0, &sum.1, registered);
    }
}

/// What targets answered; zeros are only said while targets are registered.
fn targets(out: &mut Out<'_>, minute: &GroupMinute, requests: u64, registered: bool) {
    const CODES: [&str; 4] = [
        "HTTPCode_Target_2XX_Count",
        "HTTPCode_Target_3XX_Count",
        "HTTPCode_Target_4XX_Count",
        "HTTPCode_Target_5XX_Count",
    ];
    for (name, count) in std::iter::once("RequestCount").chain(CODES).zip(std::iter::once(requests).chain(minute.codes))
    {
        if registered { out.events_or_zero(name, count) } else { out.events(name, count) }
    }
    for (latency, count) in &minute.latency {
        out.sample("TargetResponseTime", "Seconds", *latency as f64 / 1e6, *count);
    }
}

fn whole(out: &mut Out<'_>, total: &GroupMinute, node: &Minute, registered: bool) {
    targets(out, total, total.requests + node.fixed + node.redirected, registered);
    out.events("HTTP_Fixed_Response_Count", node.fixed);
    out.events("HTTP_Redirect_Count", node.redirected);
    let class = |low: u16| node.own.range(low..low + 100).map(|(_, count)| count).sum();
    out.events("HTTPCode_ELB_3XX_Count", class(300));
    out.events("HTTPCode_ELB_4XX_Count", class(400));
    out.events("HTTPCode_ELB_5XX_Count", class(500));
    for (status, name) in [
        (500, "HTTPCode_ELB_500_Count"),
        (502, "HTTPCode_ELB_502_Count"),
        (503, "HTTPCode_ELB_503_Count"),
        (504, "HTTPCode_ELB_504_Count"),
    ] {
        out.events(name, node.own.get(&status).copied().unwrap_or(0));
    }
}
