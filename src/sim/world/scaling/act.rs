//! Scaling as it happens: bounds at once, policies once a minute, upon what their alarms say.

use super::ecs_link;
use super::policy::{COOLDOWN_S, Policy};
use super::target::{Activity, Last, Target};
use crate::moment::Moment;
use crate::world::metrics::Metrics;
use crate::world::metrics::alarm::State;
use crate::world::uuid;
use crate::world::{TICK, World};
use std::time::Duration;

/// How far back the newest datapoint of a metric is looked for.
const RECENT: Duration = Duration::from_secs(300);

/// A target's new desired count and why.
struct Decision {
    count: u32,
    cause: String,
    /// The capacity that a policy counted from; `None` when a bound decided.
    base: Option<u32>,
}

pub fn tick(world: &mut World) {
    let minute = world.now.0 % 60_000 < TICK.as_millis() as u64;
    let due: Vec<(String, String)> = world
        .scaling
        .iter()
        .flat_map(|(region, scaling)| scaling.targets.iter().map(move |(resource, target)| (region, resource, target)))
        .filter(|(_, _, target)| minute || target.fresh)
        .map(|(region, resource, _)| (region.clone(), resource.clone()))
        .collect();
    for (region, resource) in due {
        let Some(current) = ecs_link::desired(world, &region, &resource) else { continue };
        if let Some(decision) = decide(world, &region, &resource, current, minute) {
            carry_out(world, &region, &resource, current, decision);
        }
        if let Some(target) = world.scaling_in(&region).targets.get_mut(&resource) {
            target.fresh = false;
        }
    }
}

/// The bounds come first. A count below the minimum is corrected whenever it is seen, one above the
/// maximum when the target is registered or a policy acts; one between them is left to the policies.
fn decide(world: &World, region: &str, resource: &str, current: u32, minute: bool) -> Option<Decision> {
    let scaling = world.scaling.get(region)?;
    let target = scaling.targets.get(resource)?;
    let bound =
        |count: u32, which: &str| Decision { count, cause: format!("{which} capacity was set to {count}"), base: None };
    if current < target.minimum && !target.suspended.scale_out {
        return Some(bound(target.minimum, "minimum"));
    }
    if target.fresh && current > target.maximum && !target.suspended.scale_in {
        return Some(bound(target.maximum, "maximum"));
    }
    let metrics = world.metrics.get(region).filter(|_| minute)?;
    let policies: Vec<(&str, &Policy)> = scaling
        .policies
        .range((resource.to_string(), String::new())..)
        .take_while(|((of, _), _)| of == resource)
        .map(|((_, name), policy)| (name.as_str(), policy))
        .collect();
    let out = policies.iter().filter_map(|(name, policy)| more(metrics, target, name, policy, current, world.now));
    // The policy that wants most decides; fewer only where all that may scale in agree.
    if let Some(most) = out.max_by_key(|decision| decision.count) {
        return Some(most);
    }
    if policies.iter().any(|(_, policy)| calls(metrics, &policy.high)) {
        return None;
    }
    let fewer: Vec<Decision> = policies
        .iter()
        .filter(|(_, policy)| policy.low.is_some())
        .map(|(name, policy)| less(metrics, target, name, policy, current, world.now))
        .collect::<Option<Vec<Decision>>>()?;
    fewer.into_iter().max_by_key(|decision| decision.count)
}

/// Scale-out: to what would bring the metric back to its target. In the cooldown only what goes beyond
/// the capacity that was already added counts (User Guide, "Cooldown period").
fn more(
    metrics: &Metrics,
    target: &Target,
    name: &str,
    policy: &Policy,
    current: u32,
    now: Moment,
) -> Option<Decision> {
    if target.suspended.scale_out || !calls(metrics, &policy.high) {
        return None;
    }
    let cooldown = Duration::from_secs(policy.tracking.out_cooldown_s.unwrap_or(COOLDOWN_S));
    let base = match target.last {
        Some(last) if last.out && last.at + cooldown > now => last.before.min(current),
        _ => current,
    };
    let wanted = proportional(metrics, policy, &policy.high, base, now)?.clamp(target.minimum, target.maximum);
    (wanted > current).then(|| decision(wanted, base, &policy.high, name))
}

/// Scale-in: not within a cooldown of any scaling, and only as far as the metric allows.
fn less(
    metrics: &Metrics,
    target: &Target,
    name: &str,
    policy: &Policy,
    current: u32,
    now: Moment,
) -> Option<Decision> {
    let low = policy.low.as_ref()?;
    if target.suspended.scale_in || !calls(metrics, low) {
        return None;
    }
    let cooldown = Duration::from_secs(policy.tracking.in_cooldown_s.unwrap_or(COOLDOWN_S));
    if target.last.is_some_and(|last| last.at + cooldown > now) {
        return None;
    }
    let wanted = proportional(metrics, policy, low, current, now)?.clamp(target.minimum, target.maximum);
    (wanted < current).then(|| decision(wanted, current, low, name))
}

fn decision(count: u32, base: u32, alarm: &str, policy: &str) -> Decision {
    let cause = format!("monitor alarm {alarm} in state ALARM triggered policy {policy}");
    Decision { count, cause, base: Some(base) }
}

fn calls(metrics: &Metrics, alarm: &str) -> bool {
    metrics.alarms.get(alarm).is_some_and(|alarm| alarm.state == State::Alarm && alarm.config.actions_enabled)
}

/// `base` x metric / target, rounded up; `None` while the metric has no recent datapoint.
fn proportional(metrics: &Metrics, policy: &Policy, alarm: &str, base: u32, now: Moment) -> Option<u32> {
    let config = &metrics.alarms.get(alarm)?.config;
    let from = now.floor(60) - RECENT;
    let (_, value) = metrics.read(&config.series, config.statistic, 60, from, now, now).pop()?;
    let exact = f64::from(base) * value / policy.tracking.target;
    // What the arithmetic of floats adds to a whole number is no reason for one more task.
    Some((exact - 1e-9).ceil().max(0.0) as u32)
}

fn carry_out(world: &mut World, region: &str, resource: &str, current: u32, decision: Decision) {
    let Decision { count, cause, base } = decision;
    let (now, out) = (world.now, count > current);
    let done = ecs_link::set_desired(world, region, resource, count);
    let scaling = world.scaling_in(region);
    scaling.note(|number| Activity {
        number,
        id: uuid(&["activity", region, resource, &number.to_string()]),
        resource: resource.to_string(),
        description: format!("Setting desired count to {count}."),
        cause,
        start: now,
        end: now,
        status: if done { "Successful" } else { "Failed" },
        message: match done {
            true => format!("Successfully set desired count to {count}. Change successfully fulfilled by ecs."),
            false => format!("Failed to set desired count to {count}. Reason: the service is not active."),
        },
    });
    if !done {
        return;
    }
    if let (Some(target), Some(before)) = (scaling.targets.get_mut(resource), base) {
        target.last = Some(Last { at: now, out, before });
    }
    let kind = if out { "scaling.out" } else { "scaling.in" };
    world.truth.note(now, kind, region, format!("{resource} {current} -> {count}"));
}
