//! How many calls a second the simulator answers: handed over in memory, and over kept loopback
//! connections. Requests are the AWS SDK's own, signed once and sent again and again. Over loopback
//! every answer takes its simulated latency (15-60 ms), so there the clock runs fast and many ask at once.
//!
//! `TANDEM_COMPARE=http://127.0.0.1:PORT` sends the small ones to another emulator as well, over one
//! connection, which waits for nothing.
//! Run with `cargo bench --profile dev --bench simulator`.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]

mod capture;
mod common;
mod loopback;

use capture::{Ask, requests};
use common::{count, heading, machine, rate, row};
use loopback::Line;
use tandem::stage::serve::{Ports, Server};
use tandem::stage::simulator::{Shape, Simulator};
use tandem_sim::ready::{self, Member};
use tandem_sim::{Reply, World};

const ROUNDS: usize = 5;
const ROUND_S: f64 = 0.4;
/// Connections over loopback, and how fast the clock runs there.
const LINES: usize = 64;
const SPEED: f64 = 60.0;

fn main() {
    let mut world = stack();
    let asks = requests(&mut world, "http://127.0.0.1:80");
    let (served, _serving) = serve();
    let other = std::env::var("TANDEM_COMPARE").ok().filter(|url| !url.is_empty());
    println!(
        "answers a second, median of {ROUNDS} rounds of {ROUND_S} s; {LINES} connections, speed {SPEED}; {}",
        machine()
    );
    let mut columns = vec!["operation", "request bytes", "answer bytes", "in memory", "loopback"];
    columns.extend(other.is_some().then_some(["other", "in memory/other", "loopback/other"]).into_iter().flatten());
    heading(&columns);
    let others = other.as_deref().map(|endpoint| (endpoint, capture::at_another(endpoint)));
    for ask in &asks {
        let mut answer = 0;
        let in_memory = rate(ROUNDS, ROUND_S, || answer = answered(&mut world, ask));
        let loopback = over_loopback(&served, ask);
        let mut cells = vec![
            ask.name.to_string(),
            count(ask.request.body().len() as f64),
            count(answer as f64),
            count(in_memory),
            count(loopback),
        ];
        if let Some((endpoint, asks)) = &others {
            let there = asks.iter().find(|there| there.name == ask.name);
            cells.extend(
                there.map_or(["-"; 3].map(String::from), |there| compared(endpoint, there, [in_memory, loopback])),
            );
        }
        row(&cells);
    }
}

/// Many connections, one after the other sent to and read from.
fn over_loopback(address: &str, ask: &Ask) -> f64 {
    let mut lines: Vec<Line> = (0..LINES).map(|_| Line::open(address)).collect();
    let told = |result: Result<(), String>| result.unwrap_or_else(|why| panic!("{}: {why}", ask.name));
    let batches = rate(ROUNDS, ROUND_S, || {
        lines.iter_mut().for_each(|line| told(line.send(ask)));
        lines.iter_mut().for_each(|line| told(line.receive()));
    });
    batches * LINES as f64
}

/// The other emulator's rate and how many times slower it is; what it says when it does not answer.
fn compared(endpoint: &str, ask: &Ask, ours: [f64; 2]) -> [String; 3] {
    let mut line = Line::open(endpoint.trim_start_matches("http://").trim_end_matches('/'));
    if let Err(why) = line.ask(ask) {
        return [why, "-".into(), "-".into()];
    }
    let theirs = rate(ROUNDS, ROUND_S, || drop(line.ask(ask)));
    let [in_memory, loopback] = ours.map(|ours| format!("{:.1}", ours / theirs));
    [count(theirs), in_memory, loopback]
}

/// The ready stack with a hundred tasks in one Region, where no one is throttled.
fn stack() -> World {
    let regions = vec![Member::new("us-east-1", 4, 4, 12), Member::new("eu-west-1", 100, 100, 200)];
    let shape = Shape { regions, ..Shape::default() };
    let mut world = ready::world(1, &shape).unwrap_or_else(|error| panic!("{error}"));
    world.limits.enforced = false;
    world
}

/// Hands the bytes over at the world's own moment; the length of the answer's body.
fn answered(world: &mut World, ask: &Ask) -> usize {
    let now = world.now;
    match tandem_sim::handle(world, now, &ask.request) {
        Reply::After(_, response) if response.status().is_success() => response.body().len(),
        reply => panic!("{}: {reply:?}", ask.name),
    }
}

/// The same world behind a socket, on a thread of its own.
fn serve() -> (String, std::thread::JoinHandle<()>) {
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::bind(Simulator::new(stack(), SPEED), Ports::default()).await.unwrap();
            tell.send(server.addresses.api.to_string()).unwrap();
            server.run(std::future::pending()).await;
        });
    });
    (told.recv().unwrap(), thread)
}
