//! How fast an hour of two Regions passes, with a few tasks and with 500 each: the world alone, and with
//! everything that a console asks of it through the AWS SDK. Run with `cargo bench --profile dev --bench hour`.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]

mod common;

use common::{count, heading, machine, peak_mib, row, timed};
use std::time::Duration;
use tandem::config;
use tandem::observe::Observer;
use tandem::stage::simulator::{Shape, Simulator};
use tandem_sim::ready::{self, Member};
use tandem_sim::{Moment, World};

const FEW: u32 = 4;
const TASKS: u32 = 500;
const HOUR: Duration = Duration::from_secs(3600);

fn main() {
    println!("one simulated hour in two Regions; {}", machine());
    heading(&["what", "wall s", "virtual/wall", "user requests", "failed", "SDK calls", "peak MiB so far"]);
    for tasks in [FEW, TASKS] {
        let (built, mut world) = timed(|| stack(tasks));
        let history = world.now.since(world.began).as_secs_f64();
        let (requests, failed) = world.truth.requests();
        tell(&format!("2 x {tasks} tasks: building it, with its history"), built, history, [requests, failed, 0]);
        let watched = world.clone();
        let before = counts(&world);
        let (alone, ()) = timed(|| world.advance(world.now + HOUR));
        let made = since(before, counts(&world));
        tell(&format!("2 x {tasks} tasks: world alone"), alone, HOUR.as_secs_f64(), made);
        drop(world);
        let (wall, after) = timed(|| watch(watched, tasks));
        tell(&format!("2 x {tasks} tasks: with a console"), wall, HOUR.as_secs_f64(), since(before, after));
    }
}

fn stack(tasks: u32) -> World {
    let member = |name: &str| Member::new(name, tasks, tasks, 2 * tasks);
    let shape = Shape { regions: vec![member("us-east-1"), member("eu-west-1")], ..Shape::default() };
    ready::world(1, &shape).unwrap_or_else(|error| panic!("{error}"))
}

/// Requests of users, those that failed, and calls of the SDK.
fn counts(world: &World) -> [u64; 3] {
    let (requests, failed) = world.truth.requests();
    [requests, failed, world.requests]
}

fn since(before: [u64; 3], after: [u64; 3]) -> [u64; 3] {
    std::array::from_fn(|place| after[place] - before[place])
}

/// An hour of looking, under a clock that jumps from one thing to do to the next.
fn watch(world: World, tasks: u32) -> [u64; 3] {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        fastrand::seed(1);
        let stack = config::simulated();
        let simulator = Simulator::new(world, 1.0);
        let stage = simulator.stage(stack.regions.clone());
        let observer = Observer::start(stage.aws, stage.vantage, stage.clock.clone(), stack, true);
        stage.clock.sleep(HOUR).await;
        let snapshot = observer.snapshots().borrow().clone();
        for region in &snapshot.regions {
            let service = region.service.current(stage.clock.now()).unwrap();
            assert_eq!((service.desired, service.running), (tasks, tasks), "{}", region.name);
            assert_eq!(region.tasks.value.as_ref().map(Vec::len), Some(tasks as usize), "{}", region.name);
        }
        simulator.with(|world| {
            assert!(world.now >= Moment::START + HOUR);
            counts(world)
        })
    })
}

fn tell(what: &str, wall: f64, passed: f64, [requests, failed, calls]: [u64; 3]) {
    row(&[
        what.into(),
        format!("{wall:.2}"),
        count(passed / wall),
        count(requests as f64),
        count(failed as f64),
        count(calls as f64),
        peak_mib().map_or_else(|| "?".into(), |mib| format!("{mib:.0}")),
    ]);
}
