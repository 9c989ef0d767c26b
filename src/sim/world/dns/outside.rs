//! What DNS asks of the rest of the world, in one place.

use super::check::Alarm;
use crate::faults::{self, From};
use crate::front_door::{self, FetchError};
use crate::world::World;
use crate::world::elb::{self, HttpAnswer, HttpAsk};
use std::net::Ipv4Addr;

/// Another world around the DNS, for tests.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub struct Pretend {
    /// Load balancers: DNS name, addresses, health.
    pub balancers: Vec<(String, Vec<Ipv4Addr>, bool)>,
    /// What endpoints answer: address, path (`*`: any), status, body. Others time out.
    pub answers: Vec<(Ipv4Addr, &'static str, u16, &'static str)>,
    pub alarm: Option<Alarm>,
    /// The values that CloudWatch published of the alarm's metric.
    pub points: Vec<f64>,
    pub down: bool,
}

#[cfg(test)]
fn balancer<'a>(world: &'a World, name: &str) -> Option<&'a (String, Vec<Ipv4Addr>, bool)> {
    world.dns.pretend.as_ref()?.balancers.iter().find(|(known, ..)| name.contains(known.as_str()))
}

/// What EvaluateTargetHealth says of a load balancer; `None` when there is none.
pub fn balancer_healthy(world: &World, name: &str) -> Option<bool> {
    #[cfg(test)]
    if world.dns.pretend.is_some() {
        return balancer(world, name).map(|(.., healthy)| *healthy);
    }
    elb::alias_healthy(world, name)
}

pub fn balancer_addresses(world: &World, name: &str) -> Vec<Ipv4Addr> {
    #[cfg(test)]
    if world.dns.pretend.is_some() {
        return balancer(world, name).map(|(_, addresses, _)| addresses.clone()).unwrap_or_default();
    }
    elb::addresses(world, name)
}

/// A checker's request.
pub fn fetch(world: &World, region: &str, ip: Ipv4Addr, ask: &HttpAsk) -> Result<HttpAnswer, FetchError> {
    #[cfg(test)]
    if let Some(pretend) = &world.dns.pretend {
        let found = pretend.answers.iter().find(|(at, path, ..)| *at == ip && (*path == "*" || *path == ask.path));
        let answer = found.map(|(at, _, status, body)| HttpAnswer {
            status: *status,
            headers: vec![],
            body: body.to_string(),
            latency_ms: 5.0,
            target: Some(*at),
        });
        return answer.ok_or(FetchError::TimedOut);
    }
    front_door::fetch(world, From::Region(region), ip, ask)
}

/// How the alarm of that name judges its metric.
pub fn alarm(world: &World, region: &str, name: &str) -> Option<Alarm> {
    #[cfg(test)]
    if let Some(pretend) = &world.dns.pretend {
        return pretend.alarm.clone();
    }
    let config = &world.metrics.get(region)?.alarms.get(name)?.config;
    Some(Alarm {
        series: config.series.clone(),
        statistic: config.statistic,
        period_s: config.period_s,
        periods: config.evaluation_periods as u64,
        threshold: config.threshold,
        comparison: config.comparison.word().to_string(),
    })
}

/// The newest published datapoints of the alarm's metric, oldest first.
pub fn data_stream(world: &World, region: &str, alarm: &Alarm) -> Vec<f64> {
    #[cfg(test)]
    if let Some(pretend) = &world.dns.pretend {
        return pretend.points.clone();
    }
    let Some(metrics) = world.metrics.get(region) else { return vec![] };
    let span = std::time::Duration::from_secs(alarm.period_s * (alarm.periods + PUBLICATION_PERIODS));
    let points = metrics.read(&alarm.series, alarm.statistic, alarm.period_s, world.now - span, world.now, world.now);
    points.into_iter().map(|(_, value)| value).collect()
}

/// How many periods a datapoint may be late before it counts as missing. Assumed.
const PUBLICATION_PERIODS: u64 = 4;

/// Whether the control plane in us-east-1 is down: changes that are pending then are lost.
pub fn control_plane_down(world: &World) -> bool {
    #[cfg(test)]
    if let Some(pretend) = &world.dns.pretend {
        return pretend.down;
    }
    faults::global_control_plane_down(world)
}
