//! The console: frames, messages and bytes without a terminal, then the real binary in a pseudo-terminal, with
//! a Region that hangs. Run with `cargo bench --profile dev --bench console`.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]
#![allow(clippy::disallowed_methods, reason = "a bench measures by the machine's time")]

mod common;
#[path = "../tests/support/pty.rs"]
#[allow(dead_code, reason = "a bench uses less of it than the tests")]
mod pty;
mod terminal;

use common::{heading, machine, rate, row, timed};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use std::time::Duration;
use tandem::host::Clock;
use tandem::model::snapshot::Snapshot;
use tandem::model::stack::Stack;
use tandem::observe::Observer;
use tandem::stage::simulator::{Shape, Simulator};
use tandem::tui::keys::{Code, Key};
use tandem::tui::terminal::frame;
use tandem::tui::theme::{Theme, Themes};
use tandem::tui::update::update;
use tandem::tui::view::view;
use tandem::tui::{Mode, Model, Msg, Setup};
use tandem_sim::ready::{self, Member};

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const TASKS: u32 = 500;
const AREA: Rect = Rect { x: 0, y: 0, width: 200, height: 60 };

fn main() {
    println!("the console, 3 Regions x {TASKS} tasks, 200 x 60; {}", machine());
    let snapshots = seen();
    let mut screen = Screen::of(&snapshots);
    heading(&["what", "median", "p99"]);
    screen.measure("overview: a whole frame", |_| {});
    screen.measure("a key that moves: update and frame", |screen| screen.press(Key::char('j')));
    screen.measure("a snapshot taken in: update and frame", |screen| screen.look(&snapshots));
    screen.press(Key::char('1'));
    screen.measure("500 tasks: a key that moves", |screen| screen.press(Key::char('j')));
    screen.measure("500 tasks: a snapshot taken in", |screen| screen.look(&snapshots));
    screen.type_text("/!1a ~run");
    screen.press(Key::of(Code::Enter));
    screen.press(Key::char('S'));
    screen.measure("500 tasks, filtered and sorted: a snapshot taken in", |screen| screen.look(&snapshots));
    screen.press(Key::of(Code::Esc));
    screen.type_text(":task");
    screen.measure("palette over every name: a letter", |screen| {
        screen.press(Key::of(Code::Backspace));
        screen.press(Key::char('k'));
    });
    let updates = rate(5, 0.3, || drop(update(&mut screen.model, Msg::Tick(snapshots[0].1))));
    println!("\nupdate with one message (a tick): {:.1} µs", 1e6 / updates);
    bytes(&snapshots);
    terminal::measure();
}

/// Looks at the world, a few seconds apart.
fn seen() -> Vec<(Arc<Snapshot>, jiff::Timestamp)> {
    let member = |name: &&str| Member::new(name, TASKS, TASKS, 2 * TASKS);
    let shape = Shape { regions: REGIONS.iter().map(member).collect(), ..Shape::default() };
    let world = ready::world(1, &shape).unwrap_or_else(|error| panic!("{error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        fastrand::seed(1);
        let stack = stack();
        let simulator = Simulator::new(world, 1.0);
        let stage = simulator.stage(stack.regions.clone());
        let observer = Observer::start(stage.aws, stage.vantage, stage.clock.clone(), stack, true);
        stage.clock.sleep(Duration::from_secs(600)).await;
        let mut looks = vec![];
        for _ in 0..8 {
            stage.clock.sleep(Duration::from_secs(6)).await;
            looks.push((observer.snapshots().borrow().clone(), stage.clock.now()));
        }
        let tasks = |view: &tandem::model::snapshot::RegionView| view.tasks.value.as_ref().map(Vec::len);
        assert!(looks[0].0.regions.iter().all(|view| tasks(view) == Some(TASKS as usize)));
        looks
    })
}

fn stack() -> Stack {
    Stack { regions: REGIONS.iter().map(ToString::to_string).collect(), ..tandem::config::simulated() }
}

struct Screen {
    model: Model,
    shown: Buffer,
    theme: Theme,
    keys: u32,
    looked: usize,
}

impl Screen {
    fn of(snapshots: &[(Arc<Snapshot>, jiff::Timestamp)]) -> Self {
        let setup = Setup::of(&stack(), Mode::Simulated { seed: 1, speed: 1.0 }, Clock::wall());
        let mut screen = Self {
            model: setup.model(AREA.width, AREA.height),
            shown: Buffer::empty(AREA),
            theme: Themes::built_in().named("dark"),
            keys: 0,
            looked: 0,
        };
        screen.look(snapshots);
        screen
    }

    fn press(&mut self, key: Key) {
        self.keys += 1;
        update(&mut self.model, Msg::Key { key, at: Duration::from_millis(500) * self.keys });
    }

    fn type_text(&mut self, text: &str) {
        text.chars().for_each(|letter| self.press(Key::char(letter)));
    }

    fn look(&mut self, snapshots: &[(Arc<Snapshot>, jiff::Timestamp)]) {
        let (snapshot, now) = &snapshots[self.looked % snapshots.len()];
        self.looked += 1;
        update(&mut self.model, Msg::Tick(*now));
        update(&mut self.model, Msg::Snapshot(snapshot.clone()));
    }

    /// Draws what there is, and tells the bytes that a terminal would be sent.
    fn paint(&mut self) -> usize {
        let mut next = Buffer::empty(AREA);
        view(&self.model, &self.theme, AREA, &mut next);
        let bytes = frame(&self.shown, &next).unwrap();
        self.shown = next;
        bytes.len()
    }

    fn measure(&mut self, what: &str, mut change: impl FnMut(&mut Self)) {
        let mut times: Vec<f64> = (0..400)
            .map(|_| {
                timed(|| {
                    change(self);
                    self.paint()
                })
                .0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let ms = |share: f64| format!("{:.2} ms", times[(times.len() as f64 * share) as usize] * 1000.0);
        row(&[what.into(), ms(0.5), ms(0.99)]);
    }
}

fn bytes(snapshots: &[(Arc<Snapshot>, jiff::Timestamp)]) {
    let mut screen = Screen::of(snapshots);
    let whole = screen.paint();
    let same = screen.paint();
    let moments: Vec<usize> = (0..snapshots.len())
        .map(|_| {
            screen.look(snapshots);
            screen.paint()
        })
        .collect();
    screen.press(Key::char('l'));
    let key = screen.paint();
    println!("\n| bytes to the terminal | |\n|---|---|");
    row(&["a whole frame".into(), whole.to_string()]);
    row(&["the same frame again".into(), same.to_string()]);
    row(&["the next look, most of".into(), moments.iter().max().unwrap().to_string()]);
    row(&["another Region selected".into(), key.to_string()]);
}
