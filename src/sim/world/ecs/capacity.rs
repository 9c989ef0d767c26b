//! What a task answers, and how loaded it is. Tasks that answer stand in a table by address, so that
//! a request costs one look.

use super::{Behaviour, Pool, Task};
use crate::moment::Moment;
use crate::world::app::Wiring;
use crate::world::metrics::Series;
use crate::world::{TICK, World};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Requests a second that one vCPU answers at 100 % (assumed).
const REQUESTS_PER_VCPU_S: f64 = 200.0;
/// Milliseconds that an idle task takes (assumed).
const BASE_LATENCY_MS: f64 = 20.0;
/// How much longer the `slow` image takes.
const SLOW_FACTOR: f64 = 10.0;
/// Latency grows no further above this utilisation: then requests fail (assumed).
const LATENCY_BEND: f64 = 0.95;
/// Memory at rest, and what load adds to it, percent of the task's (assumed).
const MEMORY_PERCENT: (f64, f64) = (30.0, 20.0);

/// How a task meets requests: what came back, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskAnswer {
    pub status: u16,
    pub latency_ms: f64,
}

/// A task that answers.
#[derive(Debug, Clone)]
pub struct Listener {
    task: u64,
    ports: Arc<[u16]>,
    behaviour: Behaviour,
    wiring: Arc<Wiring>,
    /// Requests a second at 100 %.
    capacity: f64,
    /// Requests of this second.
    load: u64,
    /// Utilisation of the second before: 1 is all of the CPU, and it may be more.
    busy: f64,
    /// Utilisation of this minute's seconds, none above 1.
    sum: f64,
    seconds: u32,
}

impl Listener {
    pub fn of(task: &Task) -> Self {
        Self {
            task: task.number,
            ports: task.definition.ports().into(),
            behaviour: task.definition.behaviour(),
            wiring: Arc::new(task.definition.wiring()),
            capacity: (task.definition.vcpus() * REQUESTS_PER_VCPU_S).max(1.0),
            load: 0,
            busy: 0.0,
            sum: 0.0,
            seconds: 0,
        }
    }

    fn latency_ms(&self, busy: f64) -> f64 {
        let factor = if self.behaviour == Behaviour::Slow { SLOW_FACTOR } else { 1.0 };
        factor * BASE_LATENCY_MS / (1.0 - busy.min(LATENCY_BEND))
    }
}

/// One request to a task's address: `None` when nothing listens there.
pub fn ask(world: &World, region: &str, ip: Ipv4Addr, port: u16, _path: &str) -> Option<TaskAnswer> {
    let listener = world.ecs.get(region)?.pool.listeners.get(&ip)?;
    if !listener.ports.contains(&port) {
        return None;
    }
    let status = if listener.behaviour == Behaviour::Sick { 500 } else { 200 };
    Some(TaskAnswer { status, latency_ms: listener.latency_ms(listener.busy) })
}

/// Puts `requests` of this second on the task at `ip`: its CPU load rises with them. Tells what share
/// of them (0 to 1) it answers with an error because it is overloaded, and the latency. Where nothing
/// listens all of them fail.
pub fn load(world: &mut World, region: &str, ip: Ipv4Addr, requests: u64) -> (f64, f64) {
    let listener = world.ecs.get_mut(region).and_then(|ecs| ecs.pool.listeners.get_mut(&ip));
    let Some(listener) = listener else { return (1.0, 0.0) };
    let over = |load: u64| (load as f64 - listener.capacity).max(0.0);
    let before = over(listener.load);
    let after = over(listener.load + requests);
    listener.load += requests;
    let share = if requests == 0 { 0.0 } else { (after - before) / requests as f64 };
    let busy = listener.busy.max(listener.load as f64 / listener.capacity);
    let share = if listener.behaviour == Behaviour::Sick { 1.0 } else { share };
    (share, listener.latency_ms(busy))
}

/// Where the task at `ip` keeps its state.
pub fn wiring(world: &World, region: &str, ip: Ipv4Addr) -> Option<Arc<Wiring>> {
    Some(world.ecs.get(region)?.pool.listeners.get(&ip)?.wiring.clone())
}

/// The table that the tasks of `region` keep sessions in.
pub fn sessions_table(world: &World, region: &str) -> Option<String> {
    let listeners = &world.ecs.get(region)?.pool.listeners;
    listeners.values().find_map(|listener| listener.wiring.sessions.clone())
}

/// Reads the load of the second that ended; at the end of a minute, publishes it.
pub fn measure(world: &mut World, region: &str, pool: &mut Pool) {
    for listener in pool.listeners.values_mut() {
        listener.busy = listener.load as f64 / listener.capacity;
        listener.load = 0;
        listener.sum += listener.busy.min(1.0);
        listener.seconds += 1;
    }
    let minute = (world.now - TICK).floor(60);
    if world.now.floor(60) != minute {
        publish(world, region, pool, minute);
    }
}

/// One sample a task and minute, so that SampleCount is the number of running tasks.
fn publish(world: &mut World, region: &str, pool: &mut Pool, minute: Moment) {
    let mut services: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for listener in pool.listeners.values_mut() {
        let Some(task) = pool.tasks.get(&listener.task) else { continue };
        let busy = listener.sum / f64::from(listener.seconds.max(1));
        services.entry((task.cluster.as_str(), task.service.as_str())).or_default().push(busy);
        (listener.sum, listener.seconds) = (0.0, 0);
    }
    let mut clusters: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((cluster, service), busy) in &services {
        clusters.entry(cluster).or_default().extend(busy);
        put(world, region, &[("ClusterName", cluster), ("ServiceName", service)], minute, busy);
    }
    for (cluster, busy) in &clusters {
        put(world, region, &[("ClusterName", cluster)], minute, busy);
    }
}

fn put(world: &mut World, region: &str, dimensions: &[(&str, &str)], minute: Moment, busy: &[f64]) {
    let metrics = world.metrics_in(region);
    for (name, base, slope) in
        [("CPUUtilization", 0.0, 100.0), ("MemoryUtilization", MEMORY_PERCENT.0, MEMORY_PERCENT.1)]
    {
        let series = Series::new("AWS/ECS", name, dimensions);
        for (value, times) in condense(busy) {
            metrics.put(series.clone(), "Percent", minute, base + slope * value, times);
        }
    }
}

/// The same count, mean, minimum and maximum in at most three values.
fn condense(values: &[f64]) -> Vec<(f64, u64)> {
    let (Some(low), Some(high)) = (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
    else {
        return vec![];
    };
    match values.len() as u64 {
        1 => vec![(low, 1)],
        2 => vec![(low, 1), (high, 1)],
        n => {
            let between = (values.iter().sum::<f64>() - low - high) / (n - 2) as f64;
            vec![(low, 1), (high, 1), (between, n - 2)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::condense;

    #[test]
    fn a_minute_keeps_its_count_mean_and_bounds() {
        let values = [0.1, 0.9, 0.4, 0.4, 0.2];
        let samples = condense(&values);
        assert_eq!(samples.iter().map(|(_, times)| times).sum::<u64>(), 5);
        let mean = samples.iter().map(|(value, times)| value * *times as f64).sum::<f64>() / 5.0;
        assert!((mean - 0.4).abs() < 1e-9);
        assert!(samples.iter().any(|s| s.0 == 0.1) && samples.iter().any(|s| s.0 == 0.9));
        assert!(condense(&[]).is_empty());
    }
}
