//! Health checks: who is due, what the target says, what it becomes.

use super::TargetGroup;
use super::backend::Backend;
use super::target::{Fault, Note, Phase, REGISTRATION, Verdict};
use crate::moment::Moment;
use crate::world::World;
use std::net::Ipv4Addr;
use std::time::Duration;

struct Due {
    ip: Ipv4Addr,
    port: u16,
    zone: Option<String>,
}

pub(super) fn tick(world: &mut World, backend: &impl Backend) {
    let now = world.now;
    let regions: Vec<String> = world.elb.keys().cloned().collect();
    for region in regions {
        let names: Vec<String> = world.elb_in(&region).target_groups.keys().cloned().collect();
        for name in names {
            let mut notes = vec![];
            let Some(group) = world.elb_in(&region).target_groups.get_mut(&name) else { continue };
            let mut changed = settle(group, now, &mut notes);
            let due = due(group, now);
            let check = group.check.clone();
            let verdicts: Vec<Verdict> = due
                .iter()
                .map(|due| {
                    let port = check.port.unwrap_or(due.port);
                    if !backend.reaches(world, &region, due.zone.as_deref()) {
                        return Err(Fault::Timeout);
                    }
                    match backend.ask(world, &region, due.ip, port, &check.path) {
                        None => Err(Fault::Refused),
                        Some(answer) if answer.latency_ms > check.timeout_s as f64 * 1000.0 => Err(Fault::Timeout),
                        Some(answer) if !check.accepts(answer.status) => Err(Fault::Status(answer.status)),
                        Some(_) => Ok(()),
                    }
                })
                .collect();
            let Some(group) = world.elb_in(&region).target_groups.get_mut(&name) else { continue };
            for (due, verdict) in due.iter().zip(verdicts) {
                if verdict == Err(Fault::Timeout) {
                    let over = now + Duration::from_secs(check.timeout_s);
                    if let Some(target) = group.target_mut(due.ip, due.port) {
                        target.pending = Some((over, verdict));
                    }
                } else {
                    changed |= apply(group, due.ip, due.port, verdict, &mut notes);
                }
            }
            if changed {
                group.regroup();
            }
            for note in notes {
                world.truth.note(now, note.kind, &region, note.what);
            }
        }
    }
}

/// Time alone: registrations end, checks time out, what has drained goes.
fn settle(group: &mut TargetGroup, now: Moment, notes: &mut Vec<Note>) -> bool {
    let mut ripe = vec![];
    let mut gone = vec![];
    for place in 0..group.targets.len() {
        let checked = group.checked(&group.targets[place]);
        let target = &mut group.targets[place];
        match target.phase {
            Phase::Draining { until } if until <= now => gone.push((target.ip, target.port)),
            Phase::Registering if checked && now >= target.since + REGISTRATION => target.phase = Phase::Checking,
            _ => {}
        }
        if let Some((_, verdict)) = target.pending.take_if(|(at, _)| *at <= now) {
            ripe.push((target.ip, target.port, verdict));
        }
    }
    let mut changed = !gone.is_empty();
    if changed {
        group.targets.retain(|target| !matches!(target.phase, Phase::Draining { until } if until <= now));
        notes.extend(gone.into_iter().map(|(ip, port)| group.note("target.gone", ip, port)));
    }
    for (ip, port, verdict) in ripe {
        changed |= apply(group, ip, port, verdict, notes);
    }
    changed
}

/// The targets whose check is due, each with its next one set.
fn due(group: &mut TargetGroup, now: Moment) -> Vec<Due> {
    let interval = Duration::from_secs(group.check.interval_s);
    let mut due = vec![];
    for place in 0..group.targets.len() {
        if group.targets[place].next_check > now || !group.checked(&group.targets[place]) {
            continue;
        }
        let target = &mut group.targets[place];
        target.next_check = now + interval;
        due.push(Due { ip: target.ip, port: target.port, zone: target.zone.clone() });
    }
    due
}

fn apply(group: &mut TargetGroup, ip: Ipv4Addr, port: u16, verdict: Verdict, notes: &mut Vec<Note>) -> bool {
    let (healthy, unhealthy) = (group.check.healthy_threshold, group.check.unhealthy_threshold);
    let Some(target) = group.target_mut(ip, port).filter(|target| !target.draining()) else { return false };
    if !target.hear(verdict, healthy, unhealthy) {
        return false;
    }
    let kind = if target.phase == Phase::Healthy { "target.healthy" } else { "target.unhealthy" };
    notes.push(group.note(kind, ip, port));
    true
}
