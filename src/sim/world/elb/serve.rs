//! Requests, one or many, carried to targets.

use super::attributes::IDLE_TIMEOUT;
use super::backend::{Backend, touches_writer};
use super::route::{self, CONNECT_MS, Decision, OWN_MS, Own};
use super::{Elb, HttpAnswer, HttpAsk, LoadBalancer, Served, TargetGroup, nodes};
use crate::world::World;
use crate::world::ecs::TaskAnswer;
use std::net::Ipv4Addr;

/// Says what an answer needed besides the task itself.
const TOUCHES: &str = "X-Tandem-Touches";

/// What a target made of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Met {
    /// Packets do not arrive: 504.
    Lost,
    /// Nothing listens: 502.
    Refused,
    Answered(TaskAnswer),
}

pub(super) fn ask(world: &World, backend: &impl Backend, ip: Ipv4Addr, ask: &HttpAsk) -> Option<HttpAnswer> {
    let (region, load_balancer, _) = nodes::find(world, ip)?;
    let to = match route::decide(load_balancer, ask)? {
        Decision::Answer(_, answer) => return Some(answer),
        Decision::Forward(to) => to,
    };
    let roll = roll(world, ip, ask);
    let elb = world.elb.get(region)?;
    let Some(group) = weighted(elb, to, roll).filter(|group| !group.pool.is_empty()) else {
        return Some(route::error(503));
    };
    let place = group.pool[(roll / 1000 % group.pool.len() as u64) as usize];
    let target = &group.targets[place as usize];
    let reached = backend.reaches(world, region, target.zone.as_deref());
    let answer = match meet(world, backend, region, target.ip, target.port, &ask.path, reached) {
        Met::Lost => HttpAnswer { latency_ms: CONNECT_MS, ..route::error(504) },
        Met::Refused => route::error(502),
        Met::Answered(answer) if answer.latency_ms > idle_ms(load_balancer) => {
            HttpAnswer { latency_ms: idle_ms(load_balancer), ..route::error(504) }
        }
        Met::Answered(answer) => {
            let mut page = page(region, target.ip, answer);
            if touches_writer(world, region, &ask.path) {
                page.headers.push((TOUCHES.into(), "writer".into()));
            }
            page
        }
    };
    Some(answer)
}

/// The page that the application of this world shows (assumed: a task runs no program here).
fn page(region: &str, ip: Ipv4Addr, answer: TaskAnswer) -> HttpAnswer {
    let reason = http::StatusCode::from_u16(answer.status).ok().and_then(|code| code.canonical_reason()).unwrap_or("");
    HttpAnswer {
        status: answer.status,
        headers: vec![("Content-Type".into(), "text/plain; charset=utf-8".into())],
        body: format!("{} {reason} from {ip} in {region}\n", answer.status),
        latency_ms: answer.latency_ms + OWN_MS,
        target: Some(ip),
    }
}

pub(super) fn serve(
    world: &mut World,
    backend: &impl Backend,
    ip: Ipv4Addr,
    ask: &HttpAsk,
    requests: u64,
) -> Option<Served> {
    let (region, load_balancer, zone) = nodes::find(world, ip)?;
    let (region, name) = (region.to_string(), load_balancer.name.clone());
    let zone = load_balancer.zone_index(zone);
    let idle_ms = idle_ms(load_balancer);
    let (to, own) = match route::decide(load_balancer, ask)? {
        Decision::Forward(to) if to.iter().any(|(_, weight)| *weight > 0) => (to.to_vec(), None),
        Decision::Forward(_) => (vec![], Some((Own::Error, 503))),
        Decision::Answer(why, answer) => (vec![], Some((why, answer.status))),
    };
    if let Some((why, status)) = own {
        let load_balancer = world.elb_in(&region).load_balancers.get_mut(&name)?;
        load_balancer.minute[zone].own(why, status, requests);
        return Some(outcome(status, requests));
    }
    let mut served = Served::default();
    let mut waited = 0.0;
    let mut rest = requests;
    let mut weights: u32 = to.iter().map(|(_, weight)| weight).sum();
    for (arn, weight) in &to {
        let share = f64::from(*weight) / f64::from(weights.max(1));
        let requests = if share >= 1.0 { rest } else { world.chance.elb.binomial(rest, share) };
        (rest, weights) = (rest - requests, weights - weight);
        if requests == 0 {
            continue;
        }
        let mut errors: [u64; 3] = [0; 3];
        let mut done = vec![];
        for visit in visits(world, backend, &region, arn, &ask.path, requests) {
            let (status, failed, latency_ms): (u16, u64, f64) = match visit.met {
                None => (503, visit.requests, OWN_MS),
                Some(Met::Lost) => (504, visit.requests, CONNECT_MS),
                Some(Met::Refused) => (502, visit.requests, OWN_MS),
                Some(Met::Answered(answer)) => {
                    let (share, latency_ms) = backend.load(world, &region, visit.ip, visit.requests);
                    if latency_ms > idle_ms {
                        (504, visit.requests, idle_ms)
                    } else {
                        let failed = match answer.status {
                            500.. => visit.requests,
                            _ if share > 0.0 => world.chance.elb.binomial(visit.requests, share),
                            _ => 0,
                        };
                        done.push((answer.status, visit.requests, failed, latency_ms));
                        waited += latency_ms * visit.requests as f64;
                        served.target_5xx += failed;
                        served.ok += if answer.status < 400 { visit.requests - failed } else { 0 };
                        continue;
                    }
                }
            };
            errors[usize::from(status - 502)] += failed;
            served.elb_5xx += failed;
            waited += latency_ms * failed as f64;
        }
        let elb = world.elb_in(&region);
        if let Some(minute) = elb.group_mut(arn).and_then(|group| group.minute.get_mut(zone)) {
            minute.requests += errors[0] + errors[2];
            for (status, requests, failed, latency_ms) in done {
                minute.answered(status, requests, failed, latency_ms);
            }
        }
        if let Some(minute) = elb.load_balancers.get_mut(&name).and_then(|found| found.minute.get_mut(zone)) {
            for (status, count) in (502..).zip(errors) {
                minute.failed(status, count);
            }
        }
    }
    served.latency_ms = waited / requests.max(1) as f64;
    Some(served)
}

fn outcome(status: u16, requests: u64) -> Served {
    let ok = if status < 400 { requests } else { 0 };
    let elb_5xx = if status >= 500 { requests } else { 0 };
    Served { ok, elb_5xx, target_5xx: 0, latency_ms: OWN_MS }
}

/// Requests for one target; `met` is `None` when there is no target at all.
struct Visit {
    ip: Ipv4Addr,
    requests: u64,
    met: Option<Met>,
}

/// Spreads `requests` over the targets of a group, everyone in turn, and tells how each meets them.
fn visits(world: &mut World, backend: &impl Backend, region: &str, arn: &str, path: &str, requests: u64) -> Vec<Visit> {
    let nobody = || vec![Visit { ip: Ipv4Addr::UNSPECIFIED, requests, met: None }];
    let Some(group) = world.elb_in(region).group_mut(arn) else { return nobody() };
    let size = group.pool.len() as u64;
    if size == 0 {
        return nobody();
    }
    let turn = group.turn % size;
    group.turn = turn + requests;
    let world = &*world;
    let Some(group) = world.elb.get(region).and_then(|elb| elb.group(arn)) else { return nobody() };
    let mut reached: Vec<(Option<&str>, bool)> = vec![];
    let (each, more) = (requests / size, requests % size);
    let visit = |step: u64| {
        let target = &group.targets[group.pool[((turn + step) % size) as usize] as usize];
        let zone = target.zone.as_deref();
        let arrives = match reached.iter().find(|(known, _)| *known == zone) {
            Some((_, arrives)) => *arrives,
            None => {
                let arrives = backend.reaches(world, region, zone);
                reached.push((zone, arrives));
                arrives
            }
        };
        let met = meet(world, backend, region, target.ip, target.port, path, arrives);
        Visit { ip: target.ip, requests: each + u64::from(step < more), met: Some(met) }
    };
    (0..size.min(requests)).map(visit).collect()
}

fn meet(
    world: &World,
    backend: &impl Backend,
    region: &str,
    ip: Ipv4Addr,
    port: u16,
    path: &str,
    reached: bool,
) -> Met {
    if !reached {
        return Met::Lost;
    }
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    backend.ask(world, region, ip, port, path).map_or(Met::Refused, Met::Answered)
}

fn idle_ms(load_balancer: &LoadBalancer) -> f64 {
    load_balancer.attributes.get(IDLE_TIMEOUT).and_then(|value| value.parse::<f64>().ok()).unwrap_or(60.0) * 1000.0
}

/// A number that differs from request to request and is the same in every run.
fn roll(world: &World, ip: Ipv4Addr, ask: &HttpAsk) -> u64 {
    let mut hash = world.now.0 ^ world.requests.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(u32::from(ip)) << 20;
    for byte in ask.path.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ hash >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11
}

/// One of the groups by its weight; `None` when all weigh nothing.
fn weighted<'a>(elb: &'a Elb, to: &[(String, u32)], roll: u64) -> Option<&'a TargetGroup> {
    let all: u64 = to.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut at = roll.checked_rem(all)?;
    for (arn, weight) in to {
        match at.checked_sub(u64::from(*weight)) {
            Some(left) => at = left,
            None => return elb.group(arn),
        }
    }
    None
}
